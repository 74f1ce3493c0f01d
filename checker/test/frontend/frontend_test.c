/* SPDX-License-Identifier: MIT */
/* The door of the front end: diagnostics, the snippet, records, functions, places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "frontend/frontend.h"
#include "ir/verify.h"

static char dir[] = "/tmp/protflow-frontend-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char cmd[sizeof(dir) + 16];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd);
}

static void write_file(const char *name, const char *text, size_t n)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_replace(path, text, n), 0);
}

static struct frontend *parse_file(const char *name, const char *snippet)
{
	static const char *const args[] = { "-std=gnu11" };
	struct frontend_input in = { .directory = dir, .source = name, .args = args, .nargs = 1,
				     .snippet = snippet };

	return frontend_parse(&in);
}

static struct frontend *parse(const char *text, const char *snippet)
{
	write_file("t.c", text, strlen(text));
	return parse_file("t.c", snippet);
}

static unsigned ndiags(const struct frontend *fe)
{
	unsigned n;

	frontend_diags(fe, &n);
	return n;
}

static const struct frontend_diag *diag(const struct frontend *fe, unsigned i)
{
	unsigned n;
	const struct frontend_diag *d = frontend_diags(fe, &n);

	assert_true(i < n);
	return &d[i];
}

static struct ir_func *body(struct frontend *fe, const char *name)
{
	struct ir_unit *u = frontend_unit(fe);
	ir_fn fn = ir_func_find(u, name);

	assert_int_not_equal(fn, IR_NONE);
	return ir_func_body(u, fn);
}

static const struct ir_func *func(struct frontend *fe, const char *name)
{
	struct ir_unit *u = frontend_unit(fe);
	ir_fn fn = ir_func_find(u, name);

	assert_int_not_equal(fn, IR_NONE);
	return &u->funcs.v[fn];
}

/* ------------------------------------------------------------------ faults */

static void test_unreadable(void **state)
{
	struct frontend *fe = parse_file("missing.c", NULL);

	(void)state;
	assert_null(frontend_unit(fe));
	assert_int_equal(diag(fe, 0)->severity, FE_FATAL);
	assert_non_null(strstr(diag(fe, 0)->text, "No such file"));
	frontend_free(fe);

	fe = parse_file(".", NULL);
	assert_null(frontend_unit(fe));
	assert_int_equal(ndiags(fe), 1);
	frontend_free(fe);
}

static void test_empty(void **state)
{
	struct frontend *fe = parse("", "int pf(void) { return 3; }");

	(void)state;
	assert_int_equal(ndiags(fe), 0);
	assert_non_null(body(fe, "pf"));
	frontend_free(fe);
}

static void test_binary(void **state)
{
	static const char junk[] = "\x7f" "ELF\0\xff\xfe{{{((int\0\1\2\"";
	struct frontend *fe;

	(void)state;
	write_file("t.c", junk, sizeof(junk));
	fe = parse_file("t.c", "int pf(void) { return 1; }");
	assert_true(ndiags(fe) > 0);
	frontend_free(fe);
}

/* clang drops the statements in error, so nothing of that body may be believed. */
static void test_error_in_function(void **state)
{
	struct frontend *fe = parse("int good(void) { return 1; }\n"
				    "int bad(int a) { unknown_t t = 3; t++; return a; }\n"
				    "struct s { undeclared_t x; };\n", NULL);

	(void)state;
	assert_non_null(body(fe, "good"));
	assert_null(body(fe, "bad"));
	assert_int_equal(func(fe, "bad")->state, IR_BODY_FAILED);
	assert_int_equal(frontend_unit(fe)->reasons.v[func(fe, "bad")->reason].kind, IR_R_PARSE);
	assert_int_equal(diag(fe, 0)->line, 2);
	assert_int_equal(diag(fe, 0)->fn, ir_func_find(frontend_unit(fe), "bad"));
	assert_int_equal(diag(fe, ndiags(fe) - 1)->fn, IR_NONE);
	frontend_free(fe);
}

static void test_missing_header(void **state)
{
	struct frontend *fe = parse("#include \"nowhere.h\"\nint f(void) { return 1; }\n", NULL);

	(void)state;
	assert_int_equal(diag(fe, 0)->severity, FE_FATAL);
	frontend_free(fe);
}

/* ----------------------------------------------------------------- snippet */

static void test_snippet(void **state)
{
	struct frontend *fe = parse("#define WIDTH 7\nenum { LIMIT = 9 };\n"
				    "static int helper(int a) { return a; }",
				    "int pf1(void) { return WIDTH + LIMIT; }\n"
				    "int pf2(void) { return MISSING; }\n"
				    "int pf3(void) { return helper(1); }\n");

	(void)state;
	assert_int_equal(ndiags(fe), 1);
	assert_true(diag(fe, 0)->in_snippet);
	assert_int_equal(diag(fe, 0)->line, 2);
	assert_int_equal(diag(fe, 0)->col, 24);
	assert_string_equal(diag(fe, 0)->file, "<protflow>");
	assert_non_null(body(fe, "pf1"));
	assert_true(func(fe, "pf1")->flags & IR_FN_EXPR);
	assert_null(body(fe, "pf2"));
	assert_non_null(body(fe, "pf3"));
	assert_false(func(fe, "helper")->flags & IR_FN_EXPR);
	frontend_free(fe);
}

/* A brace or a conditional that the source leaves open is the source's fault, not the snippet's. */
static void test_snippet_behind_open_source(void **state)
{
	struct frontend *fe = parse("int f(void) {\n\treturn 1;\n", "int pf(void) { return 2; }");

	(void)state;
	assert_false(diag(fe, 0)->in_snippet);
	assert_null(body(fe, "f"));
	frontend_free(fe);

	fe = parse("int f(void) { return 1; }\n#if 0\n", "int pf(void) { return 2; }");
	assert_true(ndiags(fe) > 0);
	assert_false(diag(fe, 0)->in_snippet);
	frontend_free(fe);

	fe = parse("int f(void) { return 1; }\n#define X \\", "int pf(void) { return 2; }");
	assert_int_equal(ndiags(fe), 0);
	assert_non_null(body(fe, "pf"));
	frontend_free(fe);
}

/* ----------------------------------------------------------------- records */

static const char records[] =
	"typedef struct { int counter; } atomic_t;\n"
	"struct nested { int a; char b; };\n"
	"struct s {\n"
	"	char c;\n"
	"	unsigned x : 3, y : 5, : 0, z : 4;\n"
	"	union { long l; struct { int lo, hi; }; };\n"
	"	struct nested in;\n"
	"	atomic_t count;\n"
	"	int tail[2];\n"
	"};\n"
	"struct other { struct s *p; };\n";

static const struct ir_field *field(struct frontend *fe, ir_rec rec, const char *name)
{
	const struct ir_field *f = ir_field_find(frontend_unit(fe), rec, name);

	assert_non_null(f);
	return f;
}

static void test_record(void **state)
{
	struct frontend *fe = parse(records, NULL);
	ir_rec rec = frontend_record(fe, "struct s");
	const struct ir_unit *u = frontend_unit(fe);
	const struct ir_field *f;
	uint64_t off;
	ir_rec inner;

	(void)state;
	assert_int_not_equal(rec, IR_NONE);
	assert_true(u->records.v[rec].complete);
	assert_int_equal(field(fe, rec, "x")->off, 8);
	assert_int_equal(field(fe, rec, "y")->unit_off, 8);
	assert_int_equal(field(fe, rec, "y")->unit_width, 8);
	assert_int_equal(field(fe, rec, "z")->unit_off, 32);
	assert_int_equal(field(fe, rec, "hi")->off, 96);
	assert_true(field(fe, rec, "hi")->in_union);
	assert_false(field(fe, rec, "in")->in_union);
	f = ir_field_at(u, rec, field(fe, rec, "in")->off + 32, 8, &inner, &off);
	assert_non_null(f);
	assert_string_equal(intern_get(&u->names, f->name), "b");
	assert_string_equal(intern_get(&u->names, u->records.v[inner].tag), "struct nested");
	rec = field(fe, rec, "count")->type.rec;
	assert_string_equal(intern_get(&u->names, u->records.v[rec].tag), "typedef atomic_t");
	assert_int_not_equal(frontend_record(fe, "struct other"), IR_NONE);
	assert_int_equal(frontend_record(fe, "struct nowhere"), IR_NONE);
	assert_int_not_equal(frontend_record(fe, "typedef atomic_t"), IR_NONE);
	frontend_free(fe);
}

/* --------------------------------------------------------------- functions */

static void test_functions(void **state)
{
	struct frontend *fe;

	(void)state;
	write_file("h.h", "static inline int in_h(void) { return 1; }\n", 43);
	fe = parse("#include \"h.h\"\n"
		   "int declared(void);\n"
		   "__attribute__((noreturn)) void never(void);\n"
		   "_Noreturn void never2(void);\n"
		   "static int a(int x) { return x; }\n"
		   "__attribute__((weak)) int w(int x, ...) { return declared() + in_h(); }\n"
		   "int (*const table[])(int) = { a };\n"
		   "int ends(int x) { if (x) never(); else never2(); }\n", NULL);
	assert_int_equal(func(fe, "a")->flags, IR_FN_STATIC | IR_FN_ADDR_TAKEN | IR_FN_HAS_BODY);
	assert_non_null(body(fe, "w"));
	assert_int_equal(func(fe, "w")->flags, IR_FN_VARIADIC | IR_FN_HAS_BODY | IR_FN_WEAK);
	assert_false(func(fe, "declared")->flags & IR_FN_HAS_BODY);
	assert_true(func(fe, "in_h")->flags & IR_FN_INLINE);
	assert_non_null(body(fe, "ends"));
	assert_true(func(fe, "never")->flags & IR_FN_NORETURN);
	assert_true(func(fe, "never2")->flags & IR_FN_NORETURN);
	frontend_free(fe);
}

static const struct ir_insn *find_op(const struct ir_func *f, enum ir_op op)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (f->blocks.v[b].insns.v[i].op == op)
				return &f->blocks.v[b].insns.v[i];
	fail();
	return NULL;
}

static void test_places(void **state)
{
	struct frontend *fe = parse("int g(int);\n"
				    "#define INNER(x) g((x) + 1)\n"
				    "#define OUTER(x) \\\n\tINNER(x)\n"
				    "int f(int a)\n{\n\treturn OUTER(a);\n}\n"
				    "int h(int a) { return g(a); }\n", NULL);
	const struct ir_unit *u = frontend_unit(fe);
	const struct ir_place *p;
	ir_loc loc;

	(void)state;
	loc = find_op(body(fe, "f"), IR_CALL)->loc;
	p = &u->locs.v[loc];
	assert_string_equal(intern_get(&u->names, p->file), "t.c");
	assert_int_equal(p->line, 7);
	assert_int_equal(p->col, 9);
	assert_string_equal(intern_get(&u->names, p->macro), "OUTER");
	assert_int_equal(p->spell_line, 2);
	loc = find_op(body(fe, "h"), IR_CALL)->loc;
	p = &u->locs.v[loc];
	assert_int_equal(p->macro, 0);
	assert_int_equal(p->col, 23);
	assert_int_equal(p->end_col, 27);
	frontend_free(fe);
}

/* ------------------------------------------------------------------- depth */

static void repeat(struct buffer *b, const char *s, unsigned n)
{
	while (n--)
		buffer_puts(b, s);
}

static void check_deep(const char *open, const char *middle, const char *close, const char *end,
		       unsigned n)
{
	struct buffer text = BUFFER_INIT, faults = BUFFER_INIT;
	struct frontend *fe;
	const struct ir_func *f;

	buffer_puts(&text, "int f(int a)\n{\n\t");
	repeat(&text, open, n);
	buffer_puts(&text, middle);
	repeat(&text, close, n);
	buffer_puts(&text, end);
	buffer_puts(&text, "\n\treturn a;\n}\n");
	fe = parse(text.s, NULL);
	body(fe, "f");
	f = func(fe, "f");
	assert_true(f->state == IR_BODY_FAILED || f->state == IR_BODY_READY);
	assert_true(ir_verify(frontend_unit(fe), ir_func_find(frontend_unit(fe), "f"), &faults));
	buffer_release(&faults);
	frontend_free(fe);
	buffer_release(&text);
}

/* Some thousand levels are more than clang's own parser takes; an older one takes fewer. */
#define DEPTH (PROTFLOW_LIBCLANG < 22 ? 400 : 1600)

static void test_depth(void **state)
{
	(void)state;
	for (unsigned n = 100; n <= DEPTH; n *= 4) {
		check_deep("a = 1 - (", "1", ")", ";", n / 40);
		check_deep("a = ", "1", "", ";", n);
		check_deep("if (a) a++; else ", ";", "", "", n);
		check_deep("", "a = 1", " + a", ";", n);
		check_deep("!", "a", "", ";", n);
		check_deep("{", "", "}", "", n / 40);
		check_deep("a = ({", "1;", "});", "", n / 40);
		check_deep("", "a ? 1 : 2", "", ";", 1);
		check_deep("a ? 1 : ", "2", "", ";", n);
		check_deep("a && ", "a", "", ";", n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_binary),
		cmocka_unit_test(test_error_in_function),
		cmocka_unit_test(test_missing_header),
		cmocka_unit_test(test_snippet),
		cmocka_unit_test(test_snippet_behind_open_source),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
