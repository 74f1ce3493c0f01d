/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/schema.h"
#include "base/yaml.h"
#include "cmocka_all.h"

struct doc {
	struct arena arena;
	struct yaml_faults faults;
	struct yaml_node **roots;
	uint32_t n;
};

static struct doc parse(const char *text)
{
	struct doc d = { ARENA_INIT, YAML_FAULTS_INIT, NULL, 0 };

	d.roots = yaml_parse(&d.arena, "t.yaml", text, strlen(text), &d.n, &d.faults);
	return d;
}

static void done(struct doc *d)
{
	yaml_faults_release(&d->faults);
	arena_release(&d->arena);
}

static void test_tree(void **state)
{
	struct doc d = parse("a: plain\n'b': 'it''s'\nc: [1, \"2\"]\nd:\n  e: |\n    x\n    y\n");
	const struct yaml_node *n;

	(void)state;
	assert_int_equal(d.n, 1);
	assert_int_equal(d.roots[0]->kind, YAML_MAP);
	assert_int_equal(d.roots[0]->n, 4);
	n = yaml_get(d.roots[0], "a");
	assert_string_equal(n->text, "plain");
	assert_true(n->plain && !n->block);
	assert_int_equal(n->line, 1);
	assert_int_equal(n->col, 4);
	n = yaml_get(d.roots[0], "b");
	assert_string_equal(n->text, "it's");
	assert_false(n->plain);
	n = yaml_get(d.roots[0], "c");
	assert_int_equal(n->kind, YAML_LIST);
	assert_int_equal(n->n, 2);
	assert_int_equal(n->items[1]->col, 8);
	n = yaml_get(yaml_get(d.roots[0], "d"), "e");
	assert_true(n->block);
	assert_string_equal(n->text, "x\ny\n");
	assert_null(yaml_get(d.roots[0], "z"));
	assert_int_equal(d.faults.v.n, 0);
	done(&d);
}

static void test_documents(void **state)
{
	struct doc d = parse("--- a\n--- [b]\n---\nc: d\n");

	(void)state;
	assert_int_equal(d.n, 3);
	assert_int_equal(d.roots[0]->kind, YAML_SCALAR);
	assert_int_equal(d.roots[1]->kind, YAML_LIST);
	assert_int_equal(d.roots[2]->kind, YAML_MAP);
	assert_int_equal(d.roots[2]->line, 4);
	done(&d);
}

static void test_alias(void **state)
{
	struct doc d = parse("a: &x [1, 2]\nb: *x\n");

	(void)state;
	assert_ptr_equal(yaml_get(d.roots[0], "a"), yaml_get(d.roots[0], "b"));
	assert_int_equal(d.faults.v.n, 0);
	done(&d);
	/* An anchor is of its document. */
	d = parse("a: &x 1\n---\nb: *x\n");
	assert_int_equal(d.faults.v.n, 1);
	done(&d);
}

/* The place of text in the file, by its offset in the scalar. */
static void at(const char *file, const char *what, uint32_t line, uint32_t col)
{
	struct doc d = parse(file);
	const struct yaml_node *n = yaml_get(d.roots[0], "e");
	const char *where = strstr(n->text, what);
	uint32_t l, c;

	assert_non_null(where);
	yaml_at(n, (size_t)(where - n->text), &l, &c);
	assert_int_equal(l, line);
	assert_int_equal(c, col);
	done(&d);
}

static void test_at(void **state)
{
	(void)state;
	at("e: a + b\n", "b", 1, 8);
	at("e: \"a + b\"\n", "b", 1, 9);
	at("e: 'it''s b'\n", "b", 1, 11);
	at("e: \"a \\\" b\"\n", "b", 1, 10);
	at("e: a\n  + b\n", "b", 2, 5);
	at("e: |\n  a +\n   b\n", "b", 3, 4);
	at("e: >-   # b\n  a +\n  b\n", "b", 3, 3);
	at("e: \"\xc3\xa9 b\"\n", "b", 1, 7);
	at("x: 1\ne: a\n", "a", 2, 4);
	/* The end of the text. */
	at("e: ab\n", "", 1, 4);
}

static void test_limits(void **state)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct arena a = ARENA_INIT;
	size_t n = 10u << 20;
	char *text = malloc(n);
	uint32_t ndocs;

	(void)state;
	memset(text, 'a', n);
	assert_null(yaml_parse(&a, "big.yaml", text, n, &ndocs, &faults));
	assert_int_equal(ndocs, 0);
	assert_int_equal(faults.v.n, 1);
	/* The longest that is allowed, all of it one key after the other. */
	for (size_t i = 0; i + 1 < YAML_LIMIT; i += 2)
		memcpy(text + i, "[\n", 2);
	assert_null(yaml_parse(&a, "deep.yaml", text, YAML_LIMIT, &ndocs, &faults));
	assert_int_equal(faults.v.n, 2);
	for (size_t i = 0; i + 4 <= YAML_LIMIT; i += 4)
		memcpy(text + i, "a: \n", 4);
	assert_null(yaml_parse(&a, "wide.yaml", text, YAML_LIMIT, &ndocs, &faults));
	text[0] = '[';
	for (size_t i = 1; i + 2 <= YAML_LIMIT; i += 2)
		memcpy(text + i, "a,", 2);
	assert_null(yaml_parse(&a, "long.yaml", text, YAML_LIMIT, &ndocs, &faults));
	/* In the middle of a character. */
	assert_null(yaml_parse(&a, "cut.yaml", "a: \xc3", 4, &ndocs, &faults));
	assert_null(yaml_parse(&a, "nul.yaml", "a: \0b", 5, &ndocs, &faults));
	free(text);
	yaml_faults_release(&faults);
	arena_release(&a);
}

static void test_suggest(void **state)
{
	static const char *const list[] = { "when", "where", "require", "id", NULL };

	(void)state;
	assert_string_equal(yaml_suggest("whn", list), "when");
	assert_string_equal(yaml_suggest("wehn", list), "when");
	assert_string_equal(yaml_suggest("requires", list), "require");
	assert_string_equal(yaml_suggest("di", list), "id");
	assert_null(yaml_suggest("policy", list));
	assert_null(yaml_suggest("x", list));
	assert_null(yaml_suggest("", list));
	assert_null(yaml_suggest("a-word-that-is-much-longer-than-all-that-is-known-here", list));
}

static void test_order(void **state)
{
	struct yaml_faults f = YAML_FAULTS_INIT;
	struct buffer b = BUFFER_INIT;

	(void)state;
	yaml_fault(&f, "b", 1, 1, "x");
	yaml_fault(&f, "a", 2, 1, "x");
	yaml_fault(&f, "a", 1, 2, "y");
	yaml_fault(&f, "a", 1, 2, "x");
	yaml_fault(&f, "a", 0, 0, "whole");
	yaml_faults_text(&f, &b);
	assert_string_equal(b.s, "a: whole\na:1:2: x\na:1:2: y\na:2:1: x\nb:1:1: x\n");
	buffer_release(&b);
	yaml_faults_release(&f);
}

static void test_getters(void **state)
{
	static const char *const words[] = { "one", "two", NULL };
	struct doc d = parse("t: x\nb: true\ni: 12\nw: two\nl: [a, [], b]\nempty: ''\n"
			     "big: 99999999999\n");
	struct schema_reader r = { "t.yaml", &d.arena, &d.faults };
	const struct yaml_node *m = d.roots[0];
	const char **texts;
	unsigned n;

	(void)state;
	assert_string_equal(schema_text(m, "t"), "x");
	assert_null(schema_text(m, "empty"));
	assert_null(schema_text(m, "l"));
	assert_true(schema_bool(m, "b"));
	assert_false(schema_bool(m, "t"));
	assert_int_equal(schema_int(m, "i", 7), 12);
	assert_int_equal(schema_int(m, "big", 7), 7);
	assert_int_equal(schema_int(m, "none", 7), 7);
	assert_int_equal(schema_word(m, "w", words, 9), 1);
	assert_int_equal(schema_word(m, "t", words, 9), 9);
	texts = schema_texts(&r, m, "l", &n);
	assert_int_equal(n, 2);
	assert_string_equal(texts[1], "b");
	done(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree), cmocka_unit_test(test_documents),
		cmocka_unit_test(test_alias), cmocka_unit_test(test_at),
		cmocka_unit_test(test_limits), cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_order), cmocka_unit_test(test_getters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
