/* SPDX-License-Identifier: MIT */
/* Which bodies are left out: in the headers here they stand between two '@'. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kbuild/bodies.h"

/* The header without its '@'; of left what is between two of them is blank. */
static void unmark(const char *marked, char *text, char *left)
{
	bool out = false, first = false;

	for (; *marked; marked++) {
		if (*marked == '@') {
			first = out = !out;
			continue;
		}
		*text++ = *marked;
		*left++ = !out || *marked == '\n' ? *marked : first ? ';' : ' ';
		first = false;
	}
	*text = *left = '\0';
}

/* That of the header beside the source what is marked is left out, and no more. */
static void leaves(const char *source, const char *marked)
{
	struct arena a = ARENA_INIT;
	struct bodies b;
	char *text = arena_strdup(&a, marked), *left = arena_strdup(&a, marked);

	unmark(marked, text, left);
	bodies_init(&b, &a);
	bodies_use(&b, source, strlen(source));
	bodies_header(&b, "/h.h", text, strlen(text));
	bodies_done(&b);
	assert_string_equal(text, left);
	assert_int_equal(b.files.n, strchr(marked, '@') ? 1 : 0);
	bodies_release(&b);
	arena_release(&a);
}

static void who_is_named_stays(void **state)
{
	(void)state;
	leaves("", "static inline int f(int a) @{ return a; }@");
	leaves("g();", "static inline int f(int a) @{ return a; }@");
	leaves("f(1);", "static inline int f(int a) { return a; }");
	leaves("int (*p)(int) = f;", "static inline int f(int a) { return a; }");
	leaves("/* */f/**/(1);", "static inline int f(int a) { return a; }");
	leaves("#define X f\n", "static inline int f(int a) { return a; }");
	/* A string or comment of the source is no use of it. */
	leaves("\"f\" /* f */", "static inline int f(void) @{ return 1; }@");
}

static void who_a_body_names_stays(void **state)
{
	(void)state;
	leaves("f();", "static inline int g(void) { return 1; }\n"
	       "static inline int f(void) { return g(); }\n");
	leaves("g();", "static inline int g(void) { return 1; }\n"
	       "static inline int f(void) @{ return g(); }@\n");
	leaves("", "static inline int g(void) @{ return 1; }@\n"
	       "static inline int f(void) @{ return g(); }@\n");
	leaves("f();", "static inline int f(void) { return g(); }\n"
	       "static inline int h(void) @{ return f(); }@\n"
	       "static inline int g(void) { return 1; }\n");
}

/* Its own name in its declaration or its body is no use. */
static void names_of_itself(void **state)
{
	(void)state;
	leaves("", "static inline int f(void);\nstatic inline int f(void) @{ return f(); }@\n");
	/* Of two with the name both stay, whoever has the one that is parsed. */
	leaves("f();", "static inline int f(void) { return 1; }\n"
	       "static inline int f(void) { return 2; }\n");
}

static void what_stands_outside_of_bodies_names(void **state)
{
	static const char *const all[] = {
		"#define F(x) f(x)\nstatic inline int f(int a) { return a; }\n",
		"static inline int f(void) { return 1; }\nstatic int (*const p)(void) = f;\n",
		"static inline int f(void) { return 1; }\nextern typeof(f) g;\n",
		"static inline int f(void) { return 1; }\n#if 0\nint a = f();\n#endif\n",
		"static inline int f(void) { return 1; }\nstatic int g(void) { return f(); }\n",
		"static inline int f(void) { return 1; }\nextern inline int g(void) { f(); }\n",
		"static inline int f(void) { return 1; }\nstatic int (*g(void))(void) { f(); }\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		leaves("", all[i]);
}

static void what_stands_before_a_body(void **state)
{
	(void)state;
	leaves("", "static __always_inline u8\nf(u8 a)\n@{\n\treturn a;\n}@\n");
	leaves("", "static noinline_or_so inline int f(void) @{ return 1; }@");
	/* Of more than one it is not known which are those of the function. */
	leaves("", "static inline int f(int a) __must_hold(a) { return a; }");
	leaves("", "static inline int __printf(1, 2) f(int a) { return a; }");
	leaves("", "static inline int (*f(void))(void) { return 0; }");
	leaves("", "static inline struct s { int a; } f = { 1 };");
	leaves("", "static inline int f[] = { 1 };");
	leaves("", "DEFINE_F(f, int, f(_T))\nstatic inline int g, h[2] = { 1 };");
	leaves("", "static int f(void) { return 1; }");
	leaves("", "inline int f(void) { return 1; }");
}

/* What the preprocessor decides is left to it. */
static void directives(void **state)
{
	(void)state;
	leaves("", "static inline int f(void) {\n#ifdef A\nreturn 1; }\n#else\nreturn 2; }\n#endif\n");
	leaves("", "#ifdef A\nstatic inline int f(int a)\n#else\nstatic inline int f(void)\n#endif\n"
	       "{ return 1; }\n");
	leaves("", "#define F() \\\n\tstatic inline int f(void) { return 1; }\n");
	leaves("", "static inline int f(void) @{ return 1; }@\n#define A\n"
	       "static inline int g(void) @{ return 1; }@\n#include <h>\n/**/ # /**/ if 1\n"
	       "static inline int k(void) @{ return 1; }@\n#endif\n");
}

/* Braces, names and ends of comments that are not what they look like. */
static void literals_and_comments(void **state)
{
	(void)state;
	leaves("", "static inline int f(void) @{ return '}' + \"}{\\\"}\"[0]; /* } */ }@\nint a;\n");
	leaves("", "static inline int f(void) @{ return 1; // }\n}@\nint a;\n");
	leaves("", "static inline int /* g( */ f(void) /* = */ @{ return 1; }@");
	leaves("", "static inline int f(void) @{ if (1) { return 2; } return 1; }@\nint f1;\n");
	leaves("", "static inline int f(void) @{\n\n\treturn 1; }@   int a;\n");
	/* A text that ends in a body: another may go on. */
	leaves("", "static inline int f(void) { if (1) {");
	leaves("", "static inline int f(void) {");
	leaves("", "static inline int f(void) { /* }");
}

static void a_name_that_was_left_out_is_known(void **state)
{
	struct arena a = ARENA_INIT;
	struct bodies b;
	char text[] = "static inline int f(void) { return 1; }\n"
		      "static inline int g(void) { return 1; }\nint h(void);\n";

	(void)state;
	bodies_init(&b, &a);
	bodies_use(&b, "g", 1);
	bodies_header(&b, "/h.h", text, strlen(text));
	bodies_done(&b);
	assert_int_equal(b.nleft_out, 1);
	assert_true(bodies_left_out(&b, "f"));
	assert_false(bodies_left_out(&b, "g"));
	assert_false(bodies_left_out(&b, "h"));
	bodies_release(&b);
	arena_release(&a);
}

/* ------------------------------------------------------------------- units */

static char *root;

static void write_file(const char *name, const char *text)
{
	char *path = NULL;
	FILE *f;

	if (asprintf(&path, "%s/%s", root, name) < 0 || !(f = fopen(path, "w")))
		abort();
	fputs(text, f);
	fclose(f);
	free(path);
}

static int make_root(void **state)
{
	char template[] = "/tmp/bodies_test.XXXXXX";
	char *path = NULL;

	(void)state;
	root = strdup(mkdtemp(template));
	if (asprintf(&path, "mkdir -p %s/include/linux %s/drivers/x", root, root) < 0 ||
	    system(path))
		abort();
	free(path);
	return 0;
}

static int remove_root(void **state)
{
	char *command = NULL;

	(void)state;
	if (asprintf(&command, "rm -rf %s", root) < 0 || system(command))
		abort();
	free(command);
	free(root);
	return 0;
}

/* Of the unit drivers/x/a.c, with what its files were written to say. */
static void find(struct bodies *b, struct arena *a, const char *define, const char *snippet)
{
	const char *argv[] = { "-nostdinc", "-I./include", "-I./include/generated/uapi",
			       define, "drivers/x/a.c" };
	struct kbuild_unit u;

	kbuild_parse(a, root, 5, argv, &u);
	bodies_init(b, a);
	bodies_find(b, &u, snippet);
}

static unsigned left_out(const char *define, const char *snippet)
{
	struct arena a = ARENA_INIT;
	struct bodies b;
	unsigned n;

	find(&b, &a, define, snippet);
	n = b.nleft_out;
	for (uint32_t i = 0; i < b.files.n; i++)
		assert_int_equal(b.files.v[i].path[0], '/');
	bodies_release(&b);
	arena_release(&a);
	return n;
}

static void headers_of_a_unit(void **state)
{
	(void)state;
	write_file("include/linux/a.h", "#include <linux/b.h>\n"
		   "static inline int f(void) { return 1; }\n");
	write_file("include/linux/b.h", "static inline int g(void) { return 1; }\n");
	write_file("drivers/x/x.h", "static inline int p(void) { return 1; }\n");
	write_file("drivers/x/a.c", "#include <linux/a.h>\n#include \"x.h\"\n");
	assert_int_equal(left_out("-DA", NULL), 2);
	/* What is asked of the unit names them too, and so does the command line. */
	assert_int_equal(left_out("-DA", "int s(void) { return f(); }"), 1);
	assert_int_equal(left_out("-DA=g()", NULL), 1);
	write_file("drivers/x/x.h", "static inline int p(void) { return f() + g(); }\n");
	assert_int_equal(left_out("-DA", NULL), 0);
}

static void a_unit_without_its_files(void **state)
{
	(void)state;
	write_file("include/linux/a.h", "static inline int f(void) { return 1; }\n");
	write_file("drivers/x/a.c", "#include <linux/a.h>\n#include <linux/nowhere.h>\n");
	assert_int_equal(left_out("-DA", NULL), 1);
	write_file("drivers/x/a.c", "");
	assert_int_equal(left_out("-DA", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_named_stays),
		cmocka_unit_test(who_a_body_names_stays),
		cmocka_unit_test(names_of_itself),
		cmocka_unit_test(what_stands_outside_of_bodies_names),
		cmocka_unit_test(what_stands_before_a_body),
		cmocka_unit_test(directives),
		cmocka_unit_test(literals_and_comments),
		cmocka_unit_test(a_name_that_was_left_out_is_known),
		cmocka_unit_test_setup_teardown(headers_of_a_unit, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_unit_without_its_files, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
