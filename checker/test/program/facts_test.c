/* SPDX-License-Identifier: MIT */
/* The facts file: what is written comes back, and what is no facts file is told by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cmocka.h>

#include "ir/io.h"
#include "kbuild/prefilter.h"
#include "program/catalog.h"

#define NAME "dir/unit.o.facts"
#define RULES 0x1234

static char dir[] = "/tmp/protflow-facts-XXXXXX";
static struct arena arena;

static int setup(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	char cmd[sizeof(dir) + 16];

	(void)state;
	arena_release(&arena);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd);
}

/* ------------------------------------------------------------------- sample */

static struct facts sample(void)
{
	static const char text[] = "static int probe(struct device *dev) { return dev->parent; }";
	struct facts f = { .object = "dir/unit.o", .source = "dir/\"unit\".c", .directory = "/obj",
			   .srctree = "/src", .version = PROTFLOW_VERSION, .rules = RULES,
			   .flags = ~0ull, .status = FACTS_WHOLE };
	struct prefilter p;

	prefilter_init(&p, &arena, NULL, 0);
	prefilter_text(&p, text, strlen(text));
	vocabulary_of_scan(&f.words, &arena, &p);
	prefilter_release(&p);
	return f;
}

static void sample_unit(struct ir_unit *u)
{
	struct ir_func *f;

	ir_unit_init(u);
	u->file = intern_str(&u->names, "dir/unit.c");
	f = array_add(&u->funcs);
	f->name = intern_str(&u->names, "probe");
	f->flags = IR_FN_HAS_BODY;
	f->state = IR_BODY_READY;
	f->ret.rec = IR_NONE;
	array_add(&f->blocks)->term.kind = IR_RET;
	*map_put(&u->func_index, f->name) = 0;
}

static void write_sample(struct buffer *out)
{
	struct facts f = sample();
	struct ir_unit u;

	sample_unit(&u);
	facts_write(&f, &u, out);
	ir_unit_release(&u);
}

static void write_skipped(struct buffer *out)
{
	struct facts f = sample();

	f.status = FACTS_SKIPPED;
	facts_write(&f, NULL, out);
}

/* What a writer that means harm would do: the bytes are other ones, and the hash fits. */
static void seal(struct buffer *b)
{
	uint64_t h = XXH64(b->s + 16, b->n - 16, 0);

	for (unsigned i = 0; i < 8; i++)
		b->s[8 + i] = (char)(h >> (8 * i));
}

/* Head and IR are read; a message names the file. */
static bool take(const char *p, size_t n)
{
	char *exact = xmalloc(n);
	struct buffer why = BUFFER_INIT;
	struct arena a = ARENA_INIT;
	struct ir_unit u;
	struct facts f;
	bool ok;

	memcpy(exact, p, n);
	ir_unit_init(&u);
	ok = facts_read(&f, &a, NAME, exact, n, &why);
	if (ok && f.status == FACTS_SKIPPED)
		facts_may_have(&f, "nested_parent");
	else if (ok)
		ok = facts_unit(&f, &u, NAME, &why);
	if (!ok && (strncmp(buffer_str(&why), NAME ": ", strlen(NAME) + 2) ||
		    strchr(buffer_str(&why), '\n')))
		fail_msg("'%s'", buffer_str(&why));
	ir_unit_release(&u);
	arena_release(&a);
	buffer_release(&why);
	free(exact);
	return ok;
}

static void expect_refused(const struct buffer *b, const char *want)
{
	struct buffer why = BUFFER_INIT;
	struct ir_unit u;
	struct facts f;

	ir_unit_init(&u);
	assert_false(facts_read(&f, &arena, NAME, b->s, b->n, &why) &&
		     facts_unit(&f, &u, NAME, &why));
	if (strncmp(buffer_str(&why), NAME ": ", strlen(NAME) + 2) || !strstr(why.s, want))
		fail_msg("'%s' instead of '%s'", buffer_str(&why), want);
	ir_unit_release(&u);
	buffer_release(&why);
}

/* ------------------------------------------------------------------ the bytes */

static void round_trip(void **state)
{
	struct buffer first = BUFFER_INIT, second = BUFFER_INIT, why = BUFFER_INIT;
	struct facts f;
	struct ir_unit u;

	(void)state;
	write_sample(&first);
	assert_true(facts_read(&f, &arena, NAME, first.s, first.n, &why));
	assert_string_equal(f.object, "dir/unit.o");
	assert_string_equal(f.source, "dir/\"unit\".c");
	assert_string_equal(f.directory, "/obj");
	assert_string_equal(f.srctree, "/src");
	assert_true(f.rules == RULES && f.flags == ~0ull);
	assert_int_equal(f.status, FACTS_WHOLE);
	assert_int_equal(f.words.n, 0);		/* the IR tells more */
	ir_unit_init(&u);
	assert_true(facts_unit(&f, &u, NAME, &why));
	assert_int_equal(ir_func_find(&u, "probe"), 0);
	facts_write(&f, &u, &second);
	assert_int_equal(first.n, second.n);
	assert_memory_equal(first.s, second.s, first.n);
	ir_unit_release(&u);
	buffer_release(&first);
	buffer_release(&second);
	buffer_release(&why);
}

static void skipped(void **state)
{
	struct buffer b = BUFFER_INIT;
	struct facts f = sample(), again;

	(void)state;
	f.status = FACTS_SKIPPED;
	f.srctree = NULL;
	facts_write(&f, NULL, &b);
	assert_true(facts_read(&again, &arena, NAME, b.s, b.n, &b));
	assert_int_equal(again.status, FACTS_SKIPPED);
	assert_null(again.srctree);
	assert_int_equal(again.words.n, 8);
	expect_refused(&b, "holds no IR");
	buffer_release(&b);
}

static void words(void **state)
{
	static const struct paste_chain chain = { .text = "nested_#*0" };
	struct facts f = sample();

	(void)state;
	assert_true(facts_may_have(&f, "probe"));
	assert_true(facts_may_have(&f, "parent"));
	assert_true(facts_may_have(&f, "devparent"));	/* pasted by a public macro */
	assert_false(facts_may_have(&f, "nested_parent"));
	assert_true(facts_may_have(&f, "devdevdevdevdev"));
	f.words.chains = &chain;
	f.words.nchains = 1;
	assert_false(facts_may_have(&f, "xnested_parent"));
	assert_true(facts_may_have(&f, "nested_parent"));	/* of what a public one hands over */
	assert_true(facts_may_have(&f, "nested_dev"));
	f.words.nchains = 0;
	f.words.everything = true;
	assert_true(facts_may_have(&f, "nested_parent"));
}

static void cut_all(void (*write)(struct buffer *out))
{
	struct buffer b = BUFFER_INIT, cut = BUFFER_INIT;

	write(&b);
	for (size_t n = 0; n < b.n; n++) {
		assert_false(take(b.s, n));
		if (n < 16)
			continue;
		buffer_clear(&cut);
		buffer_add(&cut, b.s, n);
		seal(&cut);
		assert_false(take(cut.s, n));
	}
	assert_true(take(b.s, b.n));
	buffer_release(&b);
	buffer_release(&cut);
}

static void every_cut(void **state)
{
	(void)state;
	cut_all(write_sample);
	cut_all(write_skipped);
}

static void change_all(void (*write)(struct buffer *out))
{
	struct buffer b = BUFFER_INIT, changed = BUFFER_INIT;

	write(&b);
	for (size_t i = 0; i < b.n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			buffer_clear(&changed);
			buffer_add(&changed, b.s, b.n);
			changed.s[i] = (char)(changed.s[i] ^ 1 << bit);
			assert_false(take(changed.s, changed.n));
			seal(&changed);
			take(changed.s, changed.n);
		}
	buffer_release(&b);
	buffer_release(&changed);
}

static void every_byte(void **state)
{
	(void)state;
	change_all(write_sample);
	change_all(write_skipped);
}

/* Puts text in the place of what stands there in the head. */
static void forge_of(void (*write)(struct buffer *out), struct buffer *out, const char *what,
		     const char *text)
{
	struct buffer b = BUFFER_INIT;
	const char *at;

	buffer_clear(out);
	write(&b);
	at = memmem(b.s, b.n, what, strlen(what));
	assert_non_null(at);
	buffer_add(out, b.s, (size_t)(at - b.s));
	buffer_puts(out, text);
	at += strlen(what);
	buffer_add(out, at, (size_t)(b.s + b.n - at));
	seal(out);
	buffer_release(&b);
}

static void forge(struct buffer *out, const char *what, const char *text)
{
	forge_of(write_sample, out, what, text);
}

static void forged_heads(void **state)
{
	static const char *const skipped[][2] = {
		{ "\"words\":8", "\"words\":11" }, { "\"words\":8", "\"words\":4294967304" },
		{ "\"words\":8", "\"words\":-1" }, { "\"words\":8", "\"words\":1e3" },
		{ "\"words\":8", "\"words\":7" }, { "\"packed\":", "\"packed\":9" },
		{ "\"packed\":", "\"packed\":-" }, { "skipped", "whole" },
		{ "skipped", "partial" },
	};
	static const char *const forged[][2] = {
		{ "\"words\":0", "\"words\":1" }, { "\"everything\":false", "\"everything\":true" },
		{ "\"pastes\":[", "\"pastes\":[\"a\"" }, { "\"packed\":", "\"packed\":9" },
		{ "\"raw\":", "\"raw\":99999999999" }, { "\"raw\":", "\"raw\":-" },
		{ "\"raw\":", "\"row\":" }, { "whole", "skipped" }, { "whole", "hole" },
		{ "\"pastes\":[", "\"pastes\":[0," }, { "\"everything\":false,", "" },
		{ "\"object\":", "\"abject\":" }, { "\"version\":", "\"revision\":" },
		{ "{", "[" }, { "{", "" }, { "ffffffffffffffff", "gfffffffffffffff" },
		{ "\n", "" },
	};
	struct buffer b = BUFFER_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		forge(&b, forged[i][0], forged[i][1]);
		if (take(b.s, b.n))
			fail_msg("%s for %s is taken", forged[i][1], forged[i][0]);
	}
	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++) {
		forge_of(write_skipped, &b, skipped[i][0], skipped[i][1]);
		if (take(b.s, b.n))
			fail_msg("%s for %s is taken", skipped[i][1], skipped[i][0]);
	}
	forge(&b, "PFFACTS", "PFFACTZ");
	expect_refused(&b, "is no facts file of this version");
	forge(&b, "\"raw\":", "\"raw\":1");
	expect_refused(&b, "cannot be unpacked");
	buffer_release(&b);
}

/* ------------------------------------------------------------------ the files */

static const char *path_of(const char *name)
{
	return arena_printf(&arena, "%s/%s", dir, name);
}

static void expect_use(const char *object, const char *path, uint64_t rules, enum unit_use use,
		       const char *why)
{
	struct model model = { 0 };
	struct catalog c;
	const struct catalog_unit *u;

	catalog_init(&c, rules);
	catalog_add(&c, object, path);
	catalog_read(&c, NULL, 0, &model);
	u = &c.units.v[0];
	if (u->use != use || (why ? !u->why || !strstr(u->why, why) : u->why != NULL))
		fail_msg("%s: %d, %s", path, u->use, u->why ? u->why : "");
	if (use == UNIT_UNREADABLE && !strstr(u->why, path))
		fail_msg("'%s' does not name %s", u->why, path);
	assert_int_equal(c.nknown, use == UNIT_KNOWN);
	catalog_release(&c);
}

static void files(void **state)
{
	const char *good = path_of("good"), *old = path_of("old"), *bad = path_of("bad");
	struct buffer b = BUFFER_INIT;

	(void)state;
	write_sample(&b);
	assert_int_equal(file_replace(good, b.s, b.n), 0);
	expect_use("dir/unit.o", good, RULES, UNIT_KNOWN, NULL);
	expect_use("dir/unit.o", good, RULES + 1, UNIT_STALE, "under other rules");
	expect_use("dir/other.o", good, RULES, UNIT_UNREADABLE, "holds the facts of dir/unit.o");
	expect_use("dir/unit.o", path_of("none"), RULES, UNIT_UNREADABLE, "No such file");
	expect_use("dir/unit.o", dir, RULES, UNIT_UNREADABLE, "directory");
	assert_int_equal(symlink(good, path_of("link")), 0);
	expect_use("dir/unit.o", path_of("link"), RULES, UNIT_UNREADABLE, "is a symbolic link");
	assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
	expect_use("dir/unit.o", path_of("pipe"), RULES, UNIT_UNREADABLE, "");
	assert_int_equal(file_replace(path_of("empty"), "", 0), 0);
	expect_use("dir/unit.o", path_of("empty"), RULES, UNIT_UNREADABLE, "is no facts file");
	forge(&b, "\"version\":\"", "\"version\":\"9");
	assert_int_equal(file_replace(old, b.s, b.n), 0);
	expect_use("dir/unit.o", old, RULES, UNIT_STALE, "another version");
	forge(&b, "\"raw\":", "\"raw\":1");
	assert_int_equal(file_replace(bad, b.s, b.n), 0);
	expect_use("dir/unit.o", bad, RULES, UNIT_UNREADABLE, "cannot be unpacked");
	if (geteuid()) {
		assert_int_equal(chmod(good, 0), 0);
		expect_use("dir/unit.o", good, RULES, UNIT_UNREADABLE, "Permission denied");
	}
	buffer_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(skipped),
		cmocka_unit_test(words),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(every_byte),
		cmocka_unit_test(forged_heads),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests_name("facts", tests, setup, teardown);
}
