/* SPDX-License-Identifier: MIT */
/*
 * What the IR of a unit tells of a rule: whether it has something for it, and
 * whether its code may write a field that the rule takes for granted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/yaml.h"
#include "frontend/frontend.h"
#include "ir/link.h"
#include "rules/concern.h"

static char dir[] = "/tmp/protflow-concern-XXXXXX";
static struct rule_set rules;

/* PF1: the boxes; PF2: what stands in a crate; PF3: the same field in crates only. */
static const char rule_text[] =
"id: PF1\nname: One\ntemplate: flag-flow\nmessage: M.\nshort: S.\nseverity: error\n"
"confidence: high\nhelp: h\nwhen: \"struct box has lid\"\nat:\n  - store: \"struct box.val\"\n"
"require: \"val\"\nunknown: incomplete\n"
"---\n"
"id: PF2\nname: Two\ntemplate: flag-flow\nmessage: M.\nshort: S.\nseverity: error\n"
"confidence: high\nhelp: h\nat:\n  - store: \"struct label.text\"\n"
"require: \"val\"\npolicy:\n  - field: \"struct box.lid\"\n    is: init-only\n"
"unknown: incomplete\n"
"---\n"
"id: PF3\nname: Three\ntemplate: flag-flow\nmessage: M.\nshort: S.\nseverity: error\n"
"confidence: high\nhelp: h\nat:\n  - store: \"struct label.text\"\n"
"require: \"val\"\npolicy:\n  - field: \"struct box.lid\"\n    in: \"struct crate.box\"\n"
"    is: set-once\nunknown: incomplete\n";

static const char head[] =
"typedef unsigned long size_t;\n"
"struct box { int val, lid, size; };\n"
"struct lining { struct box box; int n; };\n"
"struct crate { int n; union { struct box box; struct lining lining; }; };\n"
"struct shelf { struct box box[3]; int n; };\n"
"struct tray { int n; struct box box; };\n"
"struct label { char *text; };\n"
"struct fns { void (*fill)(struct box *b); int (*count)(void); };\n"
"void *memset(void *p, int c, size_t n);\n"
"void scrub(void *p);\n"
"void look(const void *p);\n"
"void take(struct box *b);\n"
"static inline int is_odd(const void *p) { return (unsigned long)p & 1; }\n";

static int set_up(void **state)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;

	(void)state;
	return !mkdtemp(dir) ||
	       !rules_read_text(&rules, "three.yaml", rule_text, sizeof(rule_text) - 1, &faults);
}

static int tear_down(void **state)
{
	char cmd[sizeof(dir) + 16];

	(void)state;
	rules_release(&rules);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd);
}

struct told {
	struct arena arena;
	struct concern c;
};

/* Of the unit as its facts have it. */
static void tell(struct told *t, const char *text)
{
	static const char *const args[] = { "-std=gnu11" };
	struct frontend_input in = { .directory = dir, .source = "unit.c", .args = args, .nargs = 1 };
	const struct model model = { 0 };
	struct buffer source = BUFFER_INIT;
	struct ir_linker l;
	struct ir_unit small;
	struct frontend *fe;
	char path[64];
	unsigned n;

	*t = (struct told){ 0 };
	snprintf(path, sizeof(path), "%s/unit.c", dir);
	buffer_puts(&source, head);
	buffer_puts(&source, text);
	assert_int_equal(file_replace(path, source.s, source.n), 0);
	buffer_release(&source);
	fe = frontend_parse(&in);
	frontend_diags(fe, &n);
	assert_int_equal(n, 0);
	ir_unit_init(&small);
	ir_linker_init(&l, &small);
	ir_link_unit(&l, frontend_unit(fe), NULL, 0);
	ir_linker_release(&l);
	frontend_free(fe);
	concern_of_unit(&t->c, &t->arena, &small, rules.rules.v, rules.rules.n, &model);
	ir_unit_release(&small);
}

static void told_release(struct told *t)
{
	concern_release(&t->c);
	arena_release(&t->arena);
}

/* in: also of a box in a crate, as far as the code tells. */
static void expect_writer(const char *text, bool any, bool in)
{
	struct told t;

	tell(&t, text);
	if (t.c.writes[1] != any || t.c.writes[2] != in)
		fail_msg("%s: %d, in a crate %d", text, t.c.writes[1], t.c.writes[2]);
	assert_false(t.c.writes[0]);
	told_release(&t);
}

static void writers(void **state)
{
	(void)state;
	expect_writer("void f(struct box *b) { b->lid = 1; }", true, true);
	expect_writer("void f(struct box *b) { b->lid |= 2; }", true, true);
	expect_writer("void f(struct crate *c) { c->box.lid = 1; }", true, true);
	expect_writer("void f(struct crate *c, struct box *b) { c->box = *b; }", true, true);
	expect_writer("void f(struct box *b) { memset(b, 0, sizeof(*b)); }", true, true);
	expect_writer("void f(struct crate *c) { memset(c, 0, sizeof(*c)); }", true, true);
	expect_writer("int *f(struct box *b) { return &b->lid; }", true, true);
	expect_writer("void f(struct box *b) { scrub(b); }", true, true);
	expect_writer("void f(struct crate *c) { scrub(c); }", true, true);
	expect_writer("unsigned long f(struct box *b) { return (unsigned long)b; }", true, true);
	expect_writer("void f(struct box *b) { void *p = b; *(int *)p = 0; }", true, true);
	expect_writer("struct part { int size; }; int *f(struct box *b) { return (int *)b + 1; }",
		      true, true);
	expect_writer("struct two { int a; struct box box; };\n"
		      "struct pair { int n; union { struct two one; struct { int a, val, lid; } g; }; };\n"
		      "void f(struct pair *p) { memset(&p->g, 0, sizeof(p->g)); }", true, true);
	expect_writer("static void *same(void *p) { return p; }\n"
		      "void f(struct box *b) { memset(same(b), 0, 4); }", true, true);
	expect_writer("struct slot { void *p; }; void f(struct slot *s, struct box *b) { s->p = b; }",
		      true, true);
	expect_writer("void f(void **p, struct box *b) { *p = b; }", true, true);
	expect_writer("static void g(void *p) { *(int *)p = 0; } void f(struct box *b) { g(b); }",
		      true, true);
}

#define CRATE "int n(struct crate *c) { return c->n + c->lining.n; }\n"

/* A box that is known to stand elsewhere than in a crate. */
static void writers_of_others(void **state)
{
	(void)state;
	expect_writer(CRATE "void f(struct tray *t) { t->box.lid = 1; }", true, false);
	expect_writer(CRATE "void f(struct tray *t) { memset(t, 0, sizeof(*t)); }", true, false);
	expect_writer(CRATE "static struct tray t; void f(int i) { t.box.lid = i; }", true, false);
	expect_writer(CRATE "void f(struct tray *t) { struct box *b = &t->box; b->lid = 0; }",
		      true, true);
	/* What stands in a crate, in another arm of its union, is one; of an unknown record who knows. */
	expect_writer(CRATE "void f(struct lining *l) { l->box.lid = 1; }", true, true);
	expect_writer("void f(struct tray *t) { t->box.lid = 1; }", true, true);
	expect_writer("static struct shelf s; void f(int i) { s.box[i].lid = i; }", true, true);
}

static void others(void **state)
{
	(void)state;
	expect_writer("void f(struct box *b) { b->val = 1; b->size = 2; }", false, false);
	expect_writer("int f(struct box *b) { return b->lid; }", false, false);
	expect_writer("int *f(struct box *b) { return &b->size; }", false, false);
	expect_writer("void f(struct box *b) { look(b); }", false, false);
	expect_writer("void f(struct box *b) { take(b); }", false, false);
	expect_writer("void f(struct crate *c) { take(&c->box); c->n = 1; }", false, false);
	expect_writer("int f(struct box *b) { return is_odd(b); }", false, false);
	expect_writer("struct crate *f(struct box *b)\n"
		      "{ return (struct crate *)((char *)b - 4); }", true, true);
	expect_writer("void f(struct shelf *s) { s->n = 1; }", false, false);
	expect_writer("struct slot { struct box *b; }; void f(struct slot *s, struct box *b)\n"
		      "{ struct box *c = b; s->b = c; }", false, false);
	expect_writer("int g; void f(int lid) { g = lid; }", false, false);
}

static void expect_has(const char *text, bool box, bool label)
{
	struct told t;

	tell(&t, text);
	if (t.c.has[0] != box || t.c.has[1] != label)
		fail_msg("%s: box %d, label %d", text, t.c.has[0], t.c.has[1]);
	told_release(&t);
}

static void records(void **state)
{
	(void)state;
	expect_has("int f(struct box *b) { return b->size; }", true, false);
	expect_has("int f(struct crate *c) { return c->n; }", true, false);
	expect_has("void f(struct label *l) { l->text = 0; }", false, true);
	expect_has("int f(int a) { return a; } extern struct box *here;", false, false);
}

static void expect_name(const char *text, const char *name, bool there)
{
	struct told t;

	tell(&t, text);
	if (concern_names(&t.c, name) != there)
		fail_msg("%s: %s", text, name);
	told_release(&t);
}

static void names(void **state)
{
	static const char fills[] = "static int n(void) { return 1; }\n"
				    "const struct fns fns = { .count = n };";

	(void)state;
	expect_name("void f(struct box *b) { take(b); }", "take", true);
	expect_name("void f(struct box *b) { take(b); }", "scrub", false);
	expect_name("void take(struct box *b) { b->val = 1; }", "take", false);
	expect_name("void *f(void) { return take; }", "take", true);
	expect_name("void f(struct fns *o, struct box *b) { o->fill(b); }", "fill", true);
	expect_name("void f(struct fns *o, struct box *b) { o->fill(b); }", "count", false);
	expect_name(fills, "count", true);
	expect_name(fills, "fill", false);
	expect_name("void f(struct fns *o) { o->fill = take; }", "fill", true);
	expect_name("int f(struct crate *c) { return c->n; }", "struct crate", true);
	expect_name("int f(struct crate *c) { return c->n; }", "struct label", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers), cmocka_unit_test(writers_of_others),
		cmocka_unit_test(others), cmocka_unit_test(records), cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
