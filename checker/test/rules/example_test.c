/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cmocka_all.h"
#include "command/example.h"

static struct rule two[] = { { .id = "PF1" }, { .id = "PF2-1" } };
static const struct rule_set rules = { .rules = { two, 2, 2 } };

struct parsed {
	struct example e;
	struct yaml_faults faults;
	struct buffer text;
};

static struct parsed parse(const char *text)
{
	struct parsed p = { .e.path = "x.c", .faults = YAML_FAULTS_INIT };

	example_parse(&p.e, text, &rules, &p.faults);
	yaml_faults_text(&p.faults, &p.text);
	return p;
}

static void done(struct parsed *p)
{
	example_release(&p->e);
	yaml_faults_release(&p->faults);
	buffer_release(&p->text);
}

static void test_marks(void **state)
{
	static const struct { enum mark_kind kind; uint32_t line, col; const char *id; } want[] = {
		{ MARK_FLAG, 1, 4, "PF1" }, { MARK_OK, 1, 20, "PF2-1" }, { MARK_TODO, 2, 1, "PF1" },
		{ MARK_FIXME, 3, 1, "PF1" }, { MARK_INCOMPLETE, 4, 1, "PF1" },
		{ MARK_PROVED, 5, 1, "PF1" }, { MARK_NOT_APPLICABLE, 9, 2, "PF1" },
		{ MARK_OK, 10, 1, "PF1" },
	};
	struct parsed p = parse("x; /* PF1: text */ /* ok PF2-1 */\n"
				"/* todo PF1: why */\n"
				"/* fixme PF1: why */\n"
				"/*incomplete PF1: why*/\n"
				"/* proved PF1 */\n"
				"/* a comment of\n"
				" * ok PF1 more lines */\n"
				"\"/* ok PF1 */\" '\"' // /* ok PF1 */\n"
				" /* not-applicable PF1 */\n"
				"/* ok PF1: with a text */");

	(void)state;
	assert_string_equal(buffer_str(&p.text), "");
	assert_int_equal(p.e.marks.n, sizeof(want) / sizeof(*want));
	for (uint32_t i = 0; i < p.e.marks.n; i++) {
		assert_int_equal(p.e.marks.v[i].kind, want[i].kind);
		assert_int_equal(p.e.marks.v[i].line, want[i].line);
		assert_int_equal(p.e.marks.v[i].col, want[i].col);
		assert_string_equal(p.e.marks.v[i].rule->id, want[i].id);
	}
	done(&p);
}

static void test_faults(void **state)
{
	struct parsed p = parse("/* PF3: text */\n"
				"/* ok PF9 */\n"
				"/* PF1: */\n"
				"/* todo PF1 */\n"
				"/* PF1 is a rule, and ok is a word: fine */\n"
				"/* okay PF1 */\n");

	(void)state;
	assert_int_equal(p.e.marks.n, 0);
	assert_string_equal(buffer_str(&p.text),
			    "x.c:1:1: there is no rule 'PF3'\n"
			    "x.c:2:1: there is no rule 'PF9'\n"
			    "x.c:3:1: 'PF1' wants ': ' and a text\n"
			    "x.c:4:1: 'todo PF1' wants ': ' and a text\n");
	done(&p);
}

static void test_broken(void **state)
{
	static const char *const texts[] = { "", "/*", "/", "\"", "'\\", "/* ok", "/* PF1:",
					     "/* ok PF1", "\"\\\n/* ok PF1 */" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct parsed p = parse(texts[i]);

		done(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks), cmocka_unit_test(test_faults),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
