/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

static const char map_c[] =
	"// SPDX-License-Identifier: MIT\n"
	"#include \"table.h\"\n"
	"\n"
	"/* Gr\xc3\xb6\xc3\x9f" "e und \xe2\x82\xac */\n"
	"#define SET_ENTRY(e, v)\t((e)->val = (v))\n"
	"\n"
	"static int map_one(struct dom *d, struct entry *e, unsigned long prot)\n"
	"{\n"
	"\tif (!(prot & 2) && d->nested)\n"
	"\t\treturn -22;\n"
	"\t/* \xf0\x9f\x94\x92 */ set_entry(e, prot);\t/* \xe9 is Latin-1 */\n"
	"\tSET_ENTRY(e + 1, prot);\n"
	"\treturn 0;\n"
	"}\n"
	"\n"
	"int map_all(struct dom *d, struct entry *e, unsigned long n)\n"
	"{\n"
	"\twhile (n--)\n"
	"\t\tif (map_one(d, e++, 1))\n"
	"\t\t\treturn -22;\n"
	"\treturn 0;\n"
	"}";

static const char table_h[] =
	"/* SPDX-License-Identifier: MIT */\r\n"
	"struct entry { unsigned long val; };\r\n"
	"struct dom { unsigned nested : 1; };\r\n"
	"static inline void set_entry(struct entry *e, unsigned long v)\r\n"
	"{\r\n"
	"\te->val = v;\r\n"
	"}\r\n";

static const char plain_c[] = "int nothing;\n";

static const char generated_h[] = "#define CONFIG_SAMPLE 1\n";

static void write_file(struct sample *s, const char *dir, const char *name, const char *text)
{
	char *path = arena_printf(&s->arena, "%s/%s", dir, name);
	char *slash = strrchr(path, '/');

	*slash = 0;
	if (file_mkdirs(path))
		abort();
	*slash = '/';
	if (file_replace(path, text, strlen(text)))
		abort();
}

static const char *one_cwe[] = { "CWE-1220" };
static const char *two_cwes[] = { "CWE-778", "CWE-1220" };
static const char *tags[] = { "iommu", "security" };

static void add_rules(struct sample *s)
{
	static const struct rule rules[] = {
		{ .id = "PF2101", .name = "ReadOnlyNested",
		  .message = "'{val}' may lack write permission in '{sink}'.",
		  .short_text = "A read-only entry is put under a nesting parent.",
		  .why = "A guest can then change memory that is not its own.",
		  .help = "Refuse it before the store.\n\n```c\nif (!(prot & W))\n\treturn -EINVAL;\n```\n",
		  .severity = SEVERITY_ERROR, .confidence = CONFIDENCE_HIGH,
		  .cwe = one_cwe, .ncwe = 1, .tags = tags, .ntags = 2 },
		{ .id = "PF2102", .name = "SilentRefusal",
		  .message = "'{function}' refuses without a message.",
		  .short_text = "A refusal is not reported.",
		  .help = "Print a message once, or rate-limited.",
		  .severity = SEVERITY_WARNING, .confidence = CONFIDENCE_MEDIUM,
		  .cwe = two_cwes, .ncwe = 2 },
		{ .id = "PF2103", .name = "OtherDesign",
		  .message = "{domain} is used before it is ready.",
		  .short_text = "A domain is used too early.",
		  .why = "Its flags are not set yet.",
		  .help = "Set the flags first.",
		  .severity = SEVERITY_NOTE, .confidence = CONFIDENCE_LOW },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		array_push(&s->rules.rules, rules[i]);
	s->rules.digest = 0x0123456789abcdef;
}

void sample_init(struct sample *s, const char *dir)
{
	char temp[] = "/tmp/protflow-sample.XXXXXX", real[PATH_MAX];

	*s = (struct sample){ .arena = ARENA_INIT };
	if (dir ? file_mkdirs(dir) : !mkdtemp(temp))
		abort();
	if (!realpath(dir ? dir : temp, real))
		abort();
	s->dir = arena_strdup(&s->arena, real);
	s->src = arena_printf(&s->arena, "%s/src", real);
	s->obj = arena_printf(&s->arena, "%s/obj", real);
	s->mod = arena_printf(&s->arena, "%s/mod", real);
	write_file(s, s->src, "drivers/map one.c", map_c);
	write_file(s, s->src, "include/table.h", table_h);
	write_file(s, s->src, "drivers/plain.c", plain_c);
	write_file(s, s->obj, "include/generated/conf.h", generated_h);
	write_file(s, s->mod, "own.c", plain_c);
	add_rules(s);
}

void sample_release(struct sample *s)
{
	if (!strncmp(s->dir, "/tmp/protflow-sample.", 21)) {
		char *command = arena_printf(&s->arena, "rm -rf '%s'", s->dir);

		if (system(command))
			fprintf(stderr, "%s could not be removed\n", s->dir);
	}
	array_release(&s->rules.rules);
	arena_release(&s->arena);
}

struct place sample_place(struct sample *s, const char *name, const char *text, unsigned n)
{
	struct place p = { .file = arena_strdup(&s->arena, name) };
	struct buffer b = BUFFER_INIT;
	const char *line, *at;

	if (*name != '/')
		name = arena_printf(&s->arena, "%s/%s", s->obj, name);
	if (buffer_read_file(&b, name, 0))
		abort();
	for (at = strstr(b.s, text); at && n; n--)
		at = strstr(at + 1, text);
	if (!at)
		abort();
	p.line = 1;
	for (line = b.s; memchr(line, '\n', (size_t)(at - line)); p.line++)
		line = strchr(line, '\n') + 1;
	p.col = (uint32_t)(at - line) + 1;
	p.end_line = p.line;
	p.end_col = p.col + (uint32_t)strlen(text);
	buffer_release(&b);
	return p;
}

static const char **list(struct report *r, unsigned *n, const char *a, const char *b)
{
	const char **v = arena_new_array(&r->arena, const char *, 2);

	v[0] = a;
	v[1] = b;
	*n = b ? 2 : 1;
	return v;
}

static void add_path(struct sample *s, struct report *r, struct finding *f, const char *map)
{
	const char *header = "../src/include/table.h";
	const struct step steps[] = {
		{ sample_place(s, map, "map_all", 0), "map_all", "'map_all' is entered", 0,
		  STEP_ENTER, STEP_ESSENTIAL, 0, NULL },
		{ sample_place(s, map, "n--", 0), "map_all", "the loop is entered", 0,
		  STEP_BRANCH | STEP_TRUE, STEP_UNIMPORTANT, 0, "n=1" },
		{ sample_place(s, map, "map_one", 1), "map_all", "calls 'map_one' with prot = 1",
		  0, STEP_CALL, STEP_IMPORTANT, 0, "prot.WRITE=0, prot=1" },
		{ sample_place(s, map, "set_entry", 0), "map_one", "calls 'set_entry'", 1,
		  STEP_CALL, STEP_IMPORTANT, 0, "prot.WRITE=0, nested=1, prot.WRITE=0" },
		{ sample_place(s, header, "e->val = v", 0), "set_entry", "the entry is stored", 2,
		  STEP_DANGER, STEP_ESSENTIAL, 0, "v=1" },
	};

	f->nsteps = sizeof(steps) / sizeof(*steps);
	f->steps = arena_memdup(&r->arena, steps, sizeof(steps));
}

/* The finding in the header, which every unit that includes it has. */
static void add_header_finding(struct sample *s, struct report *r, const char *map)
{
	struct finding *f = report_add(r, &s->rules.rules.v[0], VERDICT_VIOLATION_MAY);

	f->place = sample_place(s, "../src/include/table.h", "e->val = v", 0);
	f->function = "set_entry";
	f->subject = "struct entry.val";
	f->message = "'v' may lack write permission in 'struct entry.val'.";
	f->values = "with v = 1 and nested = 1";
	if (map)
		add_path(s, r, f, map);
}

static void add_exact(struct sample *s, struct report *r, const char *map)
{
	struct finding *f = report_add(r, &s->rules.rules.v[0], VERDICT_VIOLATION_EXACT);

	f->place = sample_place(s, map, "set_entry(e, prot)", 0);
	f->function = "map_one";
	f->subject = "struct entry.val";
	f->callee = "set_entry";
	f->message = "'prot' may lack write permission in 'struct entry.val'.";
	f->reach = "reached from 'map_all'";
	f->values = "with prot = 1 and nested = 1";
	f->related = arena_new_array(&r->arena, struct related, 1);
	f->nrelated = 1;
	f->related[0].place = sample_place(s, map, "!(prot & 2) && d->nested", 0);
	f->related[0].text = "the guard [of v1] in 'map_one'";
	add_path(s, r, f, map);
}

static void add_macro(struct sample *s, struct report *r, const char *map)
{
	struct place spell = sample_place(s, map, "((e)->val = (v))", 0);
	struct finding *f = report_add(r, &s->rules.rules.v[1], VERDICT_VIOLATION_EXACT);

	f->place = sample_place(s, map, "SET_ENTRY(e + 1, prot)", 0);
	f->place.macro = "SET_ENTRY";
	f->place.spell_file = map;
	f->place.spell_line = spell.line;
	f->place.spell_col = spell.col;
	f->function = "map_one";
	f->callee = "SET_ENTRY";
	f->message = "'map_one' refuses without a message.";
	f->why = "An administrator sees only 'ops[i](x)' fail.";
}

static void add_review(struct sample *s, struct report *r, const char *map)
{
	struct finding *f = report_add(r, &s->rules.rules.v[0], VERDICT_INCOMPLETE);

	f->place = sample_place(s, map, "map_one", 1);
	f->function = "map_all";
	f->message = "'ReadOnlyNested' could not be decided here.";
	f->reasons = list(r, &f->nreasons, "'ops->map' is not resolved", "inline assembly");
	f = report_add(r, &s->rules.rules.v[1], VERDICT_INCOMPLETE);
	f->message = "'SilentRefusal' could not be decided for this unit.";
	f->reasons = list(r, &f->nreasons, "the unit did not parse cleanly", NULL);
}

static void add_pass(struct sample *s, struct report *r, const char *map)
{
	struct finding *f = report_add(r, &s->rules.rules.v[0], VERDICT_PROVED);

	f->place = sample_place(s, map, "SET_ENTRY(e + 1, prot)", 0);
	f->function = "map_one";
	f->subject = "struct entry.val";
	f->callee = "SET_ENTRY";
	f->message = "'prot' has write permission, or the domain is no nesting parent.";
	f->related = arena_new_array(&r->arena, struct related, 1);
	f->nrelated = 1;
	f->related[0].place = sample_place(s, map, "!(prot & 2) && d->nested", 0);
	f->related[0].text = "the guard in 'map_one'";
	f->assumptions = list(r, &f->nassumptions, "'struct dom.nested' is init-only", NULL);
}

static void outcome(struct sample *s, struct report *r, unsigned rule, enum outcome_when when,
		    unsigned sinks, enum verdict verdict)
{
	struct rule_outcome *o = report_outcome(r, &s->rules.rules.v[rule]);

	o->when = when;
	o->sinks = sinks;
	o->verdict = verdict;
	if (verdict == VERDICT_PROVED) {
		o->guards = list(r, &o->nguards, "the guard in 'map_one'", NULL);
		o->assumptions = list(r, &o->nassumptions, "'struct dom.nested' is init-only",
				      NULL);
	}
}

static void fill_full(struct sample *s, struct report *r)
{
	const char *map = arena_printf(&s->arena, "%s/drivers/map one.c", s->src);
	struct place generated = sample_place(s, "include/generated/conf.h", "CONFIG_SAMPLE", 0);

	add_exact(s, r, map);
	add_header_finding(s, r, map);
	add_macro(s, r, map);
	add_review(s, r, map);
	add_pass(s, r, map);
	report_notify(r, NOTE_EXECUTION, SEVERITY_WARNING, "PF-parse", &generated,
		      "does not parse: expected ';'");
	report_notify(r, NOTE_CONFIGURATION, SEVERITY_WARNING, "PF-unheard-of", NULL,
		      "something new");
	report_add(r, &s->rules.rules.v[2], VERDICT_NOT_APPLICABLE)->message =
		"'OtherDesign' does not apply: 'struct dom' has no 'ready'.";
	outcome(s, r, 0, WHEN_TRUE, 3, VERDICT_VIOLATION_EXACT);
	outcome(s, r, 1, WHEN_TRUE, 1, VERDICT_VIOLATION_EXACT);
	outcome(s, r, 2, WHEN_FALSE, 0, VERDICT_NOT_APPLICABLE);
}

void sample_report(struct sample *s, enum sample_kind kind, struct report *r)
{
	static const char *const names[] = { "map one", "other", "skipped", "failed", "vacuous",
					     "clean" };
	static const char *const args[] = { "-I../src/include", "-DX=\"y\"" };

	r->rules = &s->rules;
	r->directory = s->obj;
	r->srctree = s->src;
	r->source = arena_printf(&s->arena, "%s/drivers/%s.c", s->src,
				 kind == SAMPLE_FULL ? "map one" : "plain");
	r->object = arena_printf(&s->arena, "drivers/%s.o", names[kind]);
	r->command = arena_printf(&s->arena, "cd %s && protflow check -- -c x.c", s->obj);
	r->argc = 2;
	r->argv = args;
	r->start = 1700000000 + kind;
	r->end = r->start + 1;
	r->complete = kind != SAMPLE_FULL && kind != SAMPLE_FAILED;
	r->skipped = kind == SAMPLE_SKIPPED;
	if (kind == SAMPLE_FULL)
		fill_full(s, r);
	if (kind == SAMPLE_OTHER) {
		add_header_finding(s, r, NULL);
		outcome(s, r, 0, WHEN_TRUE, 1, VERDICT_VIOLATION_MAY);
		outcome(s, r, 1, WHEN_TRUE, 2, VERDICT_PROVED);
	}
	if (kind == SAMPLE_SKIPPED)
		report_notify(r, NOTE_EXECUTION, SEVERITY_NOTE, "PF-skipped", NULL,
			      "no enabled rule can concern this unit");
	if (kind == SAMPLE_FAILED)
		report_notify(r, NOTE_EXECUTION, SEVERITY_WARNING, "PF-budget", NULL,
			      "the unit was given up after 60 s");
	if (kind == SAMPLE_VACUOUS)
		outcome(s, r, 2, WHEN_TRUE, 0, VERDICT_PROVED);
	if (kind == SAMPLE_CLEAN)
		outcome(s, r, 0, WHEN_FALSE, 0, VERDICT_NOT_APPLICABLE);
}
