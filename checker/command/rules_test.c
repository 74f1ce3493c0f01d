/* SPDX-License-Identifier: MIT */
#include "command/rules_test.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "command/example.h"
#include "command/unit.h"
#include "kbuild/argv.h"

struct counts { unsigned flagged, silent, review, todo, fixme; };

struct test {
	const struct rule_set *rules;	/* all of them */
	const struct model *model;
	struct arena arena;
	struct buffer *out, *faults;
	struct counts sum;
	unsigned files;
	bool ok;
	bool *flags, *keeps;		/* by rule: has such a line */
};

static void fault(struct test *t, const char *path, uint32_t line, const char *id,
		  const char *text, const char *more)
{
	buffer_printf(t->faults, "%s:%u: %s: %s%s%s\n", path, line, id, text, more ? ": " : "",
		      more ? more : "");
	t->ok = false;
}

/* ---------------------------------------------------------------- compare */

static bool is_violation(const struct finding *f)
{
	return f->verdict == VERDICT_VIOLATION_EXACT || f->verdict == VERDICT_VIOLATION_MAY;
}

static struct mark *mark_find(struct example *e, const struct rule *rule, uint32_t line,
			      unsigned kinds)
{
	for (uint32_t i = 0; i < e->marks.n; i++) {
		struct mark *m = &e->marks.v[i];

		if (m->line == line && !strcmp(m->rule->id, rule->id) && kinds >> m->kind & 1)
			return m;
	}
	return NULL;
}

/* A mark of the whole file, wherever it stands. */
static struct mark *mark_of_file(struct example *e, const struct rule *rule, enum mark_kind kind)
{
	for (uint32_t i = 0; i < e->marks.n; i++)
		if (e->marks.v[i].kind == kind && !strcmp(e->marks.v[i].rule->id, rule->id))
			return &e->marks.v[i];
	return NULL;
}

static void compare_violation(struct test *t, struct example *e, const struct finding *f)
{
	unsigned shown = 1u << MARK_FLAG | 1u << MARK_FIXME | 1u << MARK_TODO |
			 1u << (f->verdict == VERDICT_VIOLATION_EXACT ? MARK_CERTAIN : MARK_POSSIBLE);
	struct mark *m = mark_find(e, f->rule, f->place.line,
				   f->quiet ? 1u << MARK_REVIEW : shown);

	if (!m)
		fault(t, e->path, f->place.line, f->rule->id,
		      f->quiet ? "for review, and nothing says so" : "found, and nothing says so",
		      f->message);
	else
		m->seen = true;
}

static void compare_incomplete(struct test *t, struct example *e, const struct finding *f)
{
	const char *reason = f->nreasons ? f->reasons[0] : f->message;
	struct mark *m = mark_find(e, f->rule, f->place.line, 1u << MARK_INCOMPLETE);

	/* Without a place it is the file that could not be decided. */
	if (!m && !f->place.line)
		m = mark_of_file(e, f->rule, MARK_INCOMPLETE);
	if (!m)
		fault(t, e->path, f->place.line, f->rule->id,
		      "not decided, and nothing says so", reason);
	else
		m->seen = true;
}

static void compare_findings(struct test *t, struct example *e, const struct report *r)
{
	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (is_violation(f))
			compare_violation(t, e, f);
		else if (f->verdict == VERDICT_INCOMPLETE)
			compare_incomplete(t, e, f);
	}
}

static void compare_outcome(struct test *t, struct example *e, struct mark *m,
			    const struct report *r)
{
	const struct rule_outcome *o = NULL;

	for (uint32_t i = 0; i < r->outcomes.n; i++)
		if (!strcmp(r->outcomes.v[i].rule->id, m->rule->id))
			o = &r->outcomes.v[i];
	if (m->kind == MARK_NOT_APPLICABLE && (!o || o->when != WHEN_FALSE))
		fault(t, e->path, m->line, m->rule->id, "applies here", NULL);
	if (m->kind == MARK_PROVED && (!o || o->when != WHEN_TRUE || !o->sinks ||
				       o->verdict != VERDICT_PROVED))
		fault(t, e->path, m->line, m->rule->id, "not proved for this file",
		      o ? verdict_word(o->verdict) : NULL);
}

static void compare_mark(struct test *t, struct example *e, struct mark *m,
			 const struct report *r, struct counts *n)
{
	switch (m->kind) {
	case MARK_FLAG:
	case MARK_CERTAIN:
	case MARK_POSSIBLE:
		n->flagged++;
		if (!m->seen)
			fault(t, e->path, m->line, m->rule->id, m->kind == MARK_CERTAIN ?
			      "not found, or not certain" : m->kind == MARK_POSSIBLE ?
			      "not found, or certain by now" : "not found", NULL);
		break;
	case MARK_OK:
		n->silent++;
		break;
	case MARK_REVIEW:
		n->review++;
		if (!m->seen)
			fault(t, e->path, m->line, m->rule->id, "not for review any more", NULL);
		break;
	case MARK_TODO:
		n->todo++;
		if (m->seen)
			fault(t, e->path, m->line, m->rule->id, "found by now: take 'todo' away",
			      NULL);
		break;
	case MARK_FIXME:
		n->fixme++;
		if (!m->seen)
			fault(t, e->path, m->line, m->rule->id,
			      "no longer found: make 'fixme' an 'ok'", NULL);
		break;
	case MARK_INCOMPLETE:
		if (!m->seen)
			fault(t, e->path, m->line, m->rule->id, "decided by now", NULL);
		break;
	default:
		compare_outcome(t, e, m, r);
	}
}

static void note_marks(struct test *t, const struct example *e)
{
	for (uint32_t i = 0; i < e->marks.n; i++) {
		for (uint32_t j = 0; j < t->rules->rules.n; j++) {
			if (strcmp(t->rules->rules.v[j].id, e->marks.v[i].rule->id))
				continue;
			t->flags[j] |= e->marks.v[i].kind == MARK_FLAG;
			t->keeps[j] |= e->marks.v[i].kind == MARK_OK;
		}
	}
}

/* -------------------------------------------------------------------- run */

/* The rules of one file, as a set of its own. */
static struct rule_set rules_of(const struct test *t, const char *path)
{
	struct rule_set set = { .digest = t->rules->digest };

	for (uint32_t i = 0; i < t->rules->rules.n; i++)
		if (!strcmp(t->rules->rules.v[i].path, path))
			array_push(&set.rules, t->rules->rules.v[i]);
	return set;
}

static void judge(struct test *t, struct example *e, const struct rule_set *set)
{
	static const char *const flags[] = { "-std=gnu11", "-O2", "-ffreestanding", "-nostdinc" };
	const char *argv[] = { flags[0], flags[1], flags[2], flags[3], e->path };
	struct kbuild_unit unit = { 0 };
	struct unit_input in = { .unit = &unit, .rules = set, .model = t->model };
	struct report r = { .rules = set };
	struct unit_result result;
	struct counts n = { 0 };

	kbuild_parse(&t->arena, "/", 5, argv, &unit);
	r.directory = unit.directory;
	r.source = unit.source;
	check_unit(&in, &r, &result);
	if (!result.parsed || result.faults)
		fault(t, e->path, 1, "PF-parse", "the example does not parse",
		      r.notifications.n ? r.notifications.v[0].text : NULL);
	compare_findings(t, e, &r);
	for (uint32_t i = 0; i < e->marks.n; i++)
		compare_mark(t, e, &e->marks.v[i], &r, &n);
	buffer_printf(t->out, "%s: %u flagged, %u not flagged, %u for review, %u todo, %u fixme\n",
		      e->path, n.flagged, n.silent, n.review, n.todo, n.fixme);
	t->sum.flagged += n.flagged;
	t->sum.silent += n.silent;
	t->sum.review += n.review;
	t->sum.todo += n.todo;
	t->sum.fixme += n.fixme;
	report_release(&r);
}

static void run_example(struct test *t, const char *path, const struct rule_set *set)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct example e = { 0 };

	t->files++;
	example_read(&e, &t->arena, path, set, &faults);
	if (faults.v.n)
		t->ok = false;
	yaml_faults_text(&faults, t->faults);
	judge(t, &e, set);
	note_marks(t, &e);
	example_release(&e);
	yaml_faults_release(&faults);
}

/* <slug>.c, or <slug>-<digits or lower case without a dash>.c where no rule has that slug. */
static bool is_example(const struct test *t, const char *name, const char *slug)
{
	size_t n = strlen(slug), len = strlen(name);

	if (len < n + 2 || strncmp(name, slug, n) || strcmp(name + len - 2, ".c"))
		return false;
	if (len == n + 2)
		return true;
	if (name[n] != '-')
		return false;
	/* The longest slug that fits has it. */
	for (uint32_t i = 0; i < t->rules->rules.n; i++) {
		const char *other = t->rules->rules.v[i].slug;
		size_t m = strlen(other);

		if (m > n && !strncmp(name, other, m) && (name[m] == '.' || name[m] == '-'))
			return false;
	}
	return true;
}

static int name_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All examples beside one rule file. */
static void run_beside(struct test *t, const struct rule *rule)
{
	const char *slash = strrchr(rule->path, '/');
	size_t n = slash ? (size_t)(slash - rule->path) : 0;
	char *dir = slash ? arena_strndup(&t->arena, rule->path, n) : arena_strdup(&t->arena, ".");
	char *real = realpath(dir, NULL);
	struct rule_set set = rules_of(t, rule->path);
	Array(const char *) paths = { NULL, 0, 0 };
	struct dirent *entry;
	DIR *d = real ? opendir(real) : NULL;

	while (d && (entry = readdir(d)))
		if (is_example(t, entry->d_name, rule->slug))
			array_push(&paths, arena_printf(&t->arena, "%s/%s", real, entry->d_name));
	if (d)
		closedir(d);
	if (paths.n)
		qsort(paths.v, paths.n, sizeof(*paths.v), name_order);
	for (uint32_t i = 0; i < paths.n; i++)
		run_example(t, paths.v[i], &set);
	array_release(&paths);
	array_release(&set.rules);
	free(real);
}

static void check_coverage(struct test *t)
{
	for (uint32_t i = 0; i < t->rules->rules.n; i++) {
		const struct rule *r = &t->rules->rules.v[i];

		if (!t->flags[i])
			fault(t, r->path, r->pos.line, r->id, "no example of what it flags",
			      NULL);
		if (!t->keeps[i])
			fault(t, r->path, r->pos.line, r->id,
			      "no example of what it must not flag", NULL);
	}
}

bool rules_test(const struct rule_set *rules, const struct model *model, struct buffer *out,
		struct buffer *faults)
{
	struct test t = { .rules = rules, .model = model, .out = out, .faults = faults,
			  .ok = true };

	t.flags = arena_new_array(&t.arena, bool, rules->rules.n + 1);
	t.keeps = arena_new_array(&t.arena, bool, rules->rules.n + 1);
	for (uint32_t i = 0; i < rules->rules.n; i++) {
		uint32_t first = 0;

		while (strcmp(rules->rules.v[first].path, rules->rules.v[i].path))
			first++;
		if (first == i)
			run_beside(&t, &rules->rules.v[i]);
	}
	check_coverage(&t);
	buffer_printf(out, "%u files, %u rules: %u flagged, %u not flagged, %u for review, "
		      "%u todo, %u fixme\n", t.files, rules->rules.n, t.sum.flagged,
		      t.sum.silent, t.sum.review, t.sum.todo, t.sum.fixme);
	arena_release(&t.arena);
	return t.ok;
}
