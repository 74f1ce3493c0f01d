/* SPDX-License-Identifier: MIT */
/*
 * What the linker makes of small units. Each program is linked in both orders
 * of its units: it must verify, come back from its bytes, be the same up to
 * numbering, and compute the same.
 */
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
#include "ir/interp.h"
#include "ir/io.h"
#include "ir/link.h"
#include "ir/print.h"
#include "ir/verify.h"

#define UNITS 4

static char dir[] = "/tmp/protflow-link-XXXXXX";

struct program {
	struct ir_unit u, reversed;
	unsigned doubles;
};

/* -------------------------------------------------------------------- build */

static int make_dir(void **state)
{
	char path[64];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/include", dir);
	return file_mkdirs(path);
}

static int remove_dir(void **state)
{
	char cmd[sizeof(dir) + 16];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd);
}

static void write_file(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(file_replace(path, text, strlen(text)), 0);
}

static void add_unit(struct ir_linker *l, unsigned i, const char *text)
{
	static const char *const args[] = { "-std=gnu11", "-Iinclude" };
	char name[32];
	struct frontend_input in = { .directory = dir, .source = name, .args = args, .nargs = 2 };
	struct frontend *fe;
	unsigned n;

	snprintf(name, sizeof(name), "unit%u.c", i);
	write_file(name, text);
	fe = frontend_parse(&in);
	frontend_diags(fe, &n);
	assert_int_equal(n, 0);
	ir_link_unit(l, frontend_unit(fe), NULL, 0);
	frontend_free(fe);
}

static unsigned link_in_order(struct ir_unit *u, const char *const *texts, bool reversed)
{
	struct ir_linker l;
	unsigned n = 0, doubles;

	while (n < UNITS && texts[n])
		n++;
	ir_unit_init(u);
	ir_linker_init(&l, u);
	for (unsigned i = 0; i < n; i++)
		add_unit(&l, reversed ? n - 1 - i : i, texts[reversed ? n - 1 - i : i]);
	doubles = l.doubles;
	ir_linker_release(&l);
	return doubles;
}

/* ------------------------------------------------------------ what must hold */

static void expect_sound(struct ir_unit *u)
{
	struct buffer faults = BUFFER_INIT, first = BUFFER_INIT, second = BUFFER_INIT;
	struct ir_unit again;
	const char *why = "";

	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		if (!ir_verify(u, fn, &faults))
			fail_msg("%s", faults.s);
	ir_write(u, &first);
	ir_unit_init(&again);
	if (!ir_read(&again, first.s, first.n, &why))
		fail_msg("%s", why);
	ir_write(&again, &second);
	assert_int_equal(first.n, second.n);
	assert_memory_equal(first.s, second.s, first.n);
	ir_unit_release(&again);
	buffer_release(&first);
	buffer_release(&second);
	buffer_release(&faults);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The functions as text, sorted: they name each other. */
static char *print_sorted(const struct ir_unit *u, struct arena *a)
{
	char **texts = arena_new_array(a, char *, u->funcs.n);
	struct buffer all = BUFFER_INIT, one = BUFFER_INIT;
	char *out;

	for (ir_fn fn = 0; fn < u->funcs.n; fn++) {
		buffer_clear(&one);
		ir_print_func(u, fn, &one);
		texts[fn] = arena_strdup(a, buffer_str(&one));
	}
	if (u->funcs.n)
		qsort(texts, u->funcs.n, sizeof(*texts), by_text);
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		buffer_puts(&all, texts[fn]);
	out = arena_strdup(a, buffer_str(&all));
	buffer_release(&all);
	buffer_release(&one);
	return out;
}

static void link_texts(struct program *p, const char *const *texts)
{
	struct arena a = ARENA_INIT;

	p->doubles = link_in_order(&p->u, texts, false);
	assert_int_equal(link_in_order(&p->reversed, texts, true), p->doubles);
	expect_sound(&p->u);
	expect_sound(&p->reversed);
	assert_int_equal(p->u.records.n, p->reversed.records.n);
	assert_int_equal(p->u.globals.n, p->reversed.globals.n);
	assert_string_equal(print_sorted(&p->u, &a), print_sorted(&p->reversed, &a));
	arena_release(&a);
}

static void program_end(struct program *p)
{
	ir_unit_release(&p->u);
	ir_unit_release(&p->reversed);
}

static void expect_call(struct ir_unit *u, const char *name, unsigned times, uint64_t x,
			uint64_t want)
{
	struct interp *in = interp_new(u);
	ir_fn fn = ir_func_find(u, name);
	uint64_t ret = 0;

	assert_int_not_equal(fn, IR_NONE);
	for (unsigned i = 0; i < times; i++)
		assert_int_equal(interp_call(in, fn, &x, u->funcs.v[fn].nparams, 10000, &ret),
				 INTERP_OK);
	interp_free(in);
	if (ret != want)
		fail_msg("%s(%u) is %u instead of %u", name, (unsigned)x, (unsigned)ret,
			 (unsigned)want);
}

static void expect(struct program *p, const char *name, uint64_t x, uint64_t want)
{
	expect_call(&p->u, name, 1, x, want);
	expect_call(&p->reversed, name, 1, x, want);
}

static unsigned named_funcs(const struct ir_unit *u, const char *name)
{
	unsigned n = 0;

	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		n += !strcmp(intern_get(&u->names, u->funcs.v[fn].name), name);
	return n;
}

static unsigned named_records(const struct ir_unit *u, const char *tag)
{
	unsigned n = 0;

	for (ir_rec r = 0; r < u->records.n; r++)
		n += !strcmp(intern_get(&u->names, u->records.v[r].tag), tag);
	return n;
}

/* -------------------------------------------------------------------- tests */

static void externals(void **state)
{
	static const char *const texts[UNITS] = {
		"int g(int x); extern int v; int f(int x) { return g(x) + v; }",
		"int v = 5; int g(int x) { return 2 * x; }",
		"int f(int x); int g(int x); int h(int x) { return f(x) - g(x); }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(p.doubles, 0);
	assert_int_equal(named_funcs(&p.u, "g"), 1);
	assert_int_equal(p.u.globals.n, 1);
	expect(&p, "f", 3, 11);
	expect(&p, "h", 4, 5);
	program_end(&p);
}

static void weak_ones(void **state)
{
	static const char *const texts[UNITS] = {
		"__attribute__((weak)) int w(void) { return 1; }\n"
		"__attribute__((weak)) int alone(void) { return 3; }\n"
		"int f(void) { return w() * 10 + alone(); }",
		"int w(void) { return 2; }\nint g(void) { return w(); }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(p.doubles, 0);
	assert_int_equal(named_funcs(&p.u, "w"), 1);
	expect(&p, "f", 0, 23);
	expect(&p, "g", 0, 2);
	program_end(&p);
}

static void statics_of_one_name(void **state)
{
	static const char *const texts[UNITS] = {
		"static int v = 1; static int s(void) { return v; } int fa(void) { return s(); }",
		"static int v = 2; static int s(void) { return v; } int fb(void) { return s(); }",
		"int v = 3; int s(void) { return v; } int fc(void) { return s(); }",
		"extern int v; int s(void); int fd(void) { return s() * 10 + v; }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(named_funcs(&p.u, "s"), 3);
	expect(&p, "fa", 0, 1);
	expect(&p, "fb", 0, 2);
	expect(&p, "fc", 0, 3);
	expect(&p, "fd", 0, 33);
	program_end(&p);
}

/* Of two modules: each unit calls its own, and it is told how many there are. */
static void two_definitions(void **state)
{
	static const char *const texts[UNITS] = {
		"int d(void) { return 1; } int fa(void) { return d(); }",
		"int d(void) { return 2; } int fb(void) { return d(); }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(p.doubles, 1);
	assert_int_equal(named_funcs(&p.u, "d"), 2);
	expect(&p, "fa", 0, 1);
	expect(&p, "fb", 0, 2);
	program_end(&p);
}

static void layouts(void **state)
{
	static const char *const texts[UNITS] = {
		"struct r { int a; }; struct s { char c; long l; };\n"
		"int fa(struct r *r, struct s *s) { return r->a + s->l; }",
		"struct r { long a; int b; }; struct s { char c; long l; };\n"
		"int fb(struct r *r, struct s *s) { return r->b + s->l; }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(named_records(&p.u, "struct r"), 2);
	assert_int_equal(named_records(&p.u, "struct s"), 1);
	program_end(&p);
}

/* A unit that asks for no member, or has only the name, means the record of the others. */
static void incomplete_records(void **state)
{
	static const char *const texts[UNITS] = {
		"struct r; int g(struct r *r); int fa(struct r *r) { return g(r); }",
		"struct r { int a; int b; }; int g(struct r *r) { return r->b; }",
		("struct r { int a; int b; }; int fa(struct r *r);\n"
		 "int fc(void) { struct r r = { 4, 6 }; return fa(&r); }"),
	};
	struct program p;
	ir_rec r;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(named_records(&p.u, "struct r"), 1);
	r = ir_record_find(&p.u, "struct r");
	assert_true(p.u.records.v[r].complete);
	assert_int_equal(p.u.records.v[r].fields.n, 2);
	assert_int_equal(p.u.records.v[r].size, 64);
	expect(&p, "fc", 0, 6);
	program_end(&p);
}

/* Shared where the body is the same with all that it calls, and only then. */
static void header_functions(void **state)
{
	static const char *const texts[UNITS] = {
		"#define V 1\n#include <h.h>\nint fa(int x) { return same(x) + value(x) + caller(x); }",
		"#define V 2\n#include <h.h>\nint fb(int x) { return same(x) + value(x) + caller(x); }",
		"#define V 1\n#include <h.h>\nint fc(int x) { return same(x) + value(x) + caller(x); }",
	};
	struct program p;

	(void)state;
	write_file("include/h.h", "static inline int same(int x) { return x * 100; }\n"
		   "static inline int value(int x) { return x + V; }\n"
		   "static inline int caller(int x) { return value(x) * 10; }\n");
	link_texts(&p, texts);
	assert_int_equal(named_funcs(&p.u, "same"), 1);
	assert_int_equal(named_funcs(&p.u, "value"), 2);
	assert_int_equal(named_funcs(&p.u, "caller"), 2);
	expect(&p, "fa", 1, 122);
	expect(&p, "fb", 1, 133);
	expect(&p, "fc", 1, 122);
	program_end(&p);
}

/* What a header's function reaches of its own unit stays that unit's. */
static void header_functions_of_a_unit(void **state)
{
	static const char *const texts[UNITS] = {
		"static int own(void) { return 1; }\n#include <o.h>\n"
		"int fa(void) { return hook(); }",
		"static int own(void) { return 2; }\n#include <o.h>\n"
		"int fb(void) { return hook(); }",
		"static int (*const own)(void);\n#include <o.h>\n"
		"static int three(void) { return 3; }\nstatic int (*const own)(void) = three;\n"
		"int fc(void) { return hook(); }",
	};
	struct program p;

	(void)state;
	write_file("include/o.h", "static inline int hook(void) { return own(); }\n");
	link_texts(&p, texts);
	assert_int_equal(named_funcs(&p.u, "hook"), 3);
	expect(&p, "fa", 0, 1);
	expect(&p, "fb", 0, 2);
	expect(&p, "fc", 0, 3);
	program_end(&p);
}

static void static_locals(void **state)
{
	static const char *const texts[UNITS] = {
		"static int count(void) { static int n = 10; return ++n; }\n"
		"int fa(void) { return count(); }",
		"static int count(void) { static int n = 20; return ++n; }\n"
		"int fb(void) { return count() + count(); }",
		"int fa(void); int fb(void); int both(void) { fa(); fb(); return fa() * 100 + fb(); }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	expect(&p, "both", 0, 1247);
	program_end(&p);
}

static void tables(void **state)
{
	static const char *const texts[UNITS] = {
		"struct ops { int (*get)(void); const struct ops *next; };\n"
		"static int get(void) { return 1; }\n"
		"extern const struct ops second;\n"
		"const struct ops first = { get, &second };",
		"struct ops { int (*get)(void); const struct ops *next; };\n"
		"static int get(void) { return 2; }\n"
		"const struct ops second = { get };\n"
		"static const struct ops unnamed = { get, &second };",
		"struct ops { int (*get)(void); const struct ops *next; };\n"
		"extern const struct ops first;\n"
		"int f(void) { return first.get() * 10 + first.next->get(); }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	assert_int_equal(p.u.globals.n, 3);
	expect(&p, "f", 0, 12);
	program_end(&p);
}

static void recursion(void **state)
{
	static const char *const texts[UNITS] = {
		"int odd(int n); int even(int n) { return n ? odd(n - 1) : 1; }",
		"int even(int n); int odd(int n) { return n ? even(n - 1) : 0; }",
	};
	struct program p;

	(void)state;
	link_texts(&p, texts);
	expect(&p, "even", 7, 0);
	expect(&p, "even", 8, 1);
	program_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(externals),
		cmocka_unit_test(weak_ones),
		cmocka_unit_test(statics_of_one_name),
		cmocka_unit_test(two_definitions),
		cmocka_unit_test(layouts),
		cmocka_unit_test(incomplete_records),
		cmocka_unit_test(header_functions),
		cmocka_unit_test(header_functions_of_a_unit),
		cmocka_unit_test(static_locals),
		cmocka_unit_test(tables),
		cmocka_unit_test(recursion),
	};

	return cmocka_run_group_tests_name("link", tests, make_dir, remove_dir);
}
