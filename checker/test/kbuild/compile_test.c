/* SPDX-License-Identifier: MIT */
/* Compile commands, their words, and the argv of $(CHECK) that is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kbuild/argv.h"
#include "kbuild/compile.h"
#include "kbuild/database.h"

static struct arena arena;

/* The words with a bar between them, or "fault: ...". */
static const char *split(const char *text, enum words_kind kind)
{
	struct word_list w = { { NULL, 0, 0 } };
	const char *fault = words_split(&arena, text, kind, &w);
	char *s = arena_strdup(&arena, "");

	for (uint32_t i = 0; i < w.v.n; i++)
		s = arena_printf(&arena, "%s%s%s", s, i ? "|" : "", w.v.v[i]);
	words_release(&w);
	return fault ? arena_printf(&arena, "fault: %s", fault) : s;
}

#define assert_shell(text, want) assert_string_equal(split(text, WORDS_SHELL), want)
#define assert_file(text, want) assert_string_equal(split(text, WORDS_FILE), want)

static void words_of_the_shell(void **state)
{
	(void)state;
	assert_shell("", "");
	assert_shell(" \t\n a  b\n", "a|b");
	assert_shell("'a b' \"c d\" e\\ f", "a b|c d|e f");
	assert_shell("a'b'\"c\"d", "abcd");
	assert_shell("'' \"\"", "|");
	assert_shell("-DX='\"y\"' -DZ=\"\\\"z\\\"\"", "-DX=\"y\"|-DZ=\"z\"");
	assert_shell("'a\\b' \"a\\b\" \"a\\\\b\" a\\\\b", "a\\b|a\\b|a\\b|a\\b");
	assert_shell("\"a\\\nb\" a\\\nb", "ab|ab");
	assert_shell("$X `y` *", "$X|`y`|*");
	assert_shell("';' \"|\" \\&", ";|||&");
	assert_shell("a \\", "a|\\");
	assert_shell("'a", "fault: a quote is not closed");
	assert_shell("\"a\\\"", "fault: a quote is not closed");
	assert_shell("a; b", "fault: it is more than one command, or has a redirection");
	assert_shell("a >b", "fault: it is more than one command, or has a redirection");
}

static void words_of_a_response_file(void **state)
{
	(void)state;
	assert_file("a;b 'c\\'d' \"e\\nf\"", "a;b|c'd|enf");
	assert_file("a\\ b\n-c", "a b|-c");
}

static bool reads(const char *text, struct database *d, struct buffer *faults)
{
	struct buffer copy = BUFFER_INIT;

	*d = (struct database) { .path = "/db/x.json", .folder = "/db" };
	buffer_puts(&copy, text);
	return database_parse(d, &copy, faults);
}

/* What kbuild_parse() makes of the only entry of a database. */
static struct kbuild_unit translate(const char *text, const struct kbuild_config *config)
{
	struct word_list argv = { { NULL, 0, 0 } };
	struct buffer faults = BUFFER_INIT;
	struct compile_entry e;
	struct kbuild_unit u;
	struct database d;

	assert_true(reads(text, &d, &faults));
	assert_int_equal(d.entries.n, 1);
	database_entry(&d, 0, &arena, &e);
	assert_null(e.fault);
	kbuild_from_compile(&arena, &e, config, &argv);
	kbuild_parse(&arena, e.directory, (int)argv.v.n, argv.v.v, &u);
	words_release(&argv);
	compile_entry_release(&e);
	database_release(&d);
	return u;
}

static bool passes(const struct kbuild_unit *u, const char *word)
{
	for (unsigned i = 0; i < u->nclang_args; i++)
		if (!strcmp(u->clang_args[i], word))
			return true;
	return false;
}

static const struct kbuild_config unknown, arm64 = { true, true, false },
	arm_be = { true, false, true };

static void entries_of_a_database(void **state)
{
	struct buffer faults = BUFFER_INIT;
	struct compile_entry e;
	struct database d;

	(void)state;
	assert_true(reads(" [ \n{\"directory\": \"o\", \"file\": \"../s/a.c\", \"command\": \"cc "
			  "'x y'\"},\n\n{\"file\": \"/b.c\", \"directory\": \"/\", \"output\": \"z\","
			  "\"arguments\": [\"cc\", \"\", \"b;c\"]} ]\n", &d, &faults));
	assert_int_equal(d.entries.n, 2);
	database_entry(&d, 0, &arena, &e);
	assert_string_equal(e.directory, "/db/o");
	assert_string_equal(e.file, "/db/s/a.c");
	assert_int_equal(e.line, 2);
	assert_string_equal(e.words.v.v[1], "x y");
	compile_entry_release(&e);
	database_entry(&d, 1, &arena, &e);
	assert_string_equal(e.file, "/b.c");
	assert_string_equal(e.output, "z");
	assert_int_equal(e.line, 4);
	assert_int_equal(e.words.v.n, 3);
	assert_string_equal(e.words.v.v[2], "b;c");
	compile_entry_release(&e);
	database_release(&d);
	assert_false(reads("[{}, {\"file\": \"a\"}]", &d, &faults));
	assert_non_null(strstr(faults.s, "/db/x.json:1: "));
	database_release(&d);
	buffer_release(&faults);
}

/* CHECKFLAGS come of the configuration; the rest is the compiler's. */
static void machine_of_the_kernel(void **state)
{
	struct kbuild_unit u;

	(void)state;
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/d/x.c\", \"command\": \"gcc "
		      "-Wp,-MMD,d/.x.o.d -I/s/arch/arm64/include -I./arch/arm64/include/generated "
		      "-include /s/include/linux/kconfig.h -Dlower=1 -mgeneral-regs-only -mabi=lp64 "
		      "-mbranch-protection=none -c -o d/x.o /s/d/x.c\"}]", &arm64);
	assert_true(passes(&u, "--target=aarch64-linux-gnu"));
	assert_true(passes(&u, "-Dlower=1"));
	assert_true(passes(&u, "-mgeneral-regs-only"));
	assert_false(passes(&u, "-mabi=lp64") || passes(&u, "-mbranch-protection=none"));
	assert_false(passes(&u, "-c") || passes(&u, "-o"));
	assert_string_equal(u.object, "d/x.o");
	assert_string_equal(u.source, "/s/d/x.c");
	assert_string_equal(u.srctree, "/s");
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/x.c\", \"command\": \"arm-gcc "
		      "-I arch/x -I../s/arch/arm/include x.c\"}]", &arm_be);
	assert_true(passes(&u, "--target=armeb-linux-gnueabi"));
	/* Clang's own says it better. */
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/x.c\", \"command\": \"clang "
		      "--target=x86_64-linux-gnu -Iarch/arm/include x.c\"}]", &arm_be);
	assert_true(passes(&u, "--target=x86_64-linux-gnu"));
	assert_false(passes(&u, "--target=armeb-linux-gnueabi"));
	/* No kernel: the compiler's name. */
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/x.c\", \"command\": \"ccache "
		      "/opt/bin/aarch64-linux-gnu-gcc-12 -c x.c\"}]", &unknown);
	assert_true(passes(&u, "--target=aarch64-linux-gnu"));
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/x.c\", \"command\": \"gcc -c x.c\"}]",
		      &unknown);
	for (unsigned i = 0; i < u.nclang_args; i++)
		assert_int_not_equal(strncmp(u.clang_args[i], "--target", 8), 0);
}

static void object_and_source(void **state)
{
	struct kbuild_unit u;

	(void)state;
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/x.c\", \"command\": \"gcc -o a/b.o "
		      "/s/x.c\"}]", &unknown);
	assert_string_equal(u.object, "a/b.o");
	u = translate("[{\"directory\": \"/o\", \"file\": \"/s/x.c\", \"command\": \"gcc /s/x.c\", "
		      "\"output\": \"q.o\"}]", &unknown);
	assert_string_equal(u.object, "q.o");
	u = translate("[{\"directory\": \"/s\", \"file\": \"d.e/x.y.c\", \"command\": \"gcc "
		      "d.e/x.y.c\"}]", &unknown);
	assert_string_equal(u.object, "/s/d.e/x.y.o");
	assert_string_equal(u.source, "d.e/x.y.c");
	/* The entry decides where the command names another file, or none. */
	u = translate("[{\"directory\": \"/s\", \"file\": \"x.c\", \"command\": \"gcc -c y.c\"}]",
		      &unknown);
	assert_string_equal(u.source, "/s/x.c");
	u = translate("[{\"directory\": \"/s\", \"file\": \"x.c\", \"command\": \"gcc -c -\"}]",
		      &unknown);
	assert_string_equal(u.source, "/s/x.c");
	/* An option that lacks its value does not take the source for it. */
	u = translate("[{\"directory\": \"/s\", \"file\": \"x.c\", \"command\": \"gcc -c -I\"}]",
		      &unknown);
	assert_string_equal(u.source, "/s/x.c");
	assert_true(u.by_kbuild);
	/* Data gives no options. */
	u = translate("[{\"directory\": \"/s\", \"file\": \"x.c\", \"command\": \"gcc "
		      "--protflow-sarif=/x -c x.c\"}]", &unknown);
	assert_int_equal(u.noptions, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_the_shell), cmocka_unit_test(words_of_a_response_file),
		cmocka_unit_test(entries_of_a_database), cmocka_unit_test(machine_of_the_kernel),
		cmocka_unit_test(object_and_source),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
