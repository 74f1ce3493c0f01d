/* SPDX-License-Identifier: MIT */
#include "command/linked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/yaml.h"
#include "command/collect.h"
#include "command/commands.h"
#include "command/paths.h"
#include "command/relevance.h"
#include "command/rulebook.h"
#include "report/descriptor.h"

#define LINK_SECONDS 600.0
#define ENOUGH 4	/* a part of the time after which nothing is left out for want of it */
#define WANTED_SHOWN 10	/* of a list that may have thousands */

const char linked_usage[] =
"  --facts DIR        the facts are there, not in .protflow/ of the trees\n"
"  --rules DIR        read the rules here, instead of those found\n"
"  --assume-complete  take what was linked for the whole; a proof says so\n"
"  --max-seconds=N    time for the whole (default 600)\n"
"  --fresh            judge all anew, also what has not changed since the last link\n";

void linked_init(struct linked *l)
{
	*l = (struct linked){ 0 };
	catalog_init(&l->catalog, 0);
}

void linked_release(struct linked *l)
{
	for (uint32_t i = 0; i < l->groups.n; i++)
		array_release(&l->groups.v[i].rules);
	array_release(&l->groups);
	array_release(&l->all);
	catalog_release(&l->catalog);
	model_release(&l->model);
	rules_release(&l->rules);
	results_release(&l->results);
	reuse_release(&l->reuse);
	array_release(&l->trees);
}

static bool take_seconds(struct linked *l, const char *v)
{
	char *end;

	l->max_seconds = strtod(v, &end);
	return *v >= '0' && *v <= '9' && !*end && l->max_seconds > 0 && l->max_seconds < 1e6;
}

bool linked_option(struct linked *l, int argc, char **argv, int *i)
{
	const struct { const char *name, **value; } values[] = {
		{ "--facts", &l->facts }, { "--rules", &l->rules_dir }, { "--only", &l->only },
		{ "--also", &l->also }, { "--disable", &l->disable },
	};
	const char *v;

	if (!strcmp(argv[*i], "--assume-complete"))
		return l->assume_complete = true;
	if (!strcmp(argv[*i], "--fresh"))
		return l->fresh = true;
	for (size_t n = 0; n < sizeof(values) / sizeof(*values); n++)
		if ((v = option_value(values[n].name, argc, argv, i)))
			return *(*values[n].value = v);
	if ((v = option_value("--max-seconds", argc, argv, i)))
		return take_seconds(l, v);
	return false;
}

void linked_tree(struct linked *l, const char *path)
{
	array_push(&l->trees, path);
}

/* --------------------------------------------------------------------- input */

static int read_rules(struct linked *l)
{
	const char *dir = rules_dir(&l->results.arena, l->rules_dir), *unknown;
	struct yaml_faults faults = YAML_FAULTS_INIT;
	int status;

	if (!dir) {
		fprintf(stderr, "protflow: no rules were found: use --rules DIR or PROTFLOW_RULES\n");
		return STATUS_USAGE;
	}
	rulebook_read(dir, &l->rules, &l->model, &faults);
	status = rulebook_good(&faults) ? STATUS_OK : STATUS_USAGE;
	yaml_faults_release(&faults);
	for (uint32_t i = 0; i < l->rules.rules.n; i++)
		array_push(&l->all, l->rules.rules.v[i]);
	if (!status && !rules_select(&l->rules, NULL, l->only, l->also, l->disable, &unknown)) {
		fprintf(stderr, "protflow: there is no rule '%s'\n", unknown);
		status = STATUS_USAGE;
	}
	return status;
}

/* TREE/.protflow/OBJECT.sarif: the facts stand beside it, or below --facts. */
static void add_facts(struct linked *l, const char *result)
{
	struct arena *a = &l->results.arena;
	const char *object = results_object(a, result), *path;

	if (!object)
		return;
	path = l->facts ? arena_printf(a, "%s/%s.facts", l->facts, object)
				: results_facts_path(a, result);
	catalog_add(&l->catalog, object, path);
}

/* A rule in whose scope no unit is says nothing, as in the check of each of them. */
static bool has_scope(struct linked *l, const struct rule *r)
{
	return !r->nscope || catalog_is_in_scope(&l->catalog, r);
}

/* One that is not asked for tells all the same where a guard may be. */
static void drop_rules(struct linked *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->rules.rules.n; i++)
		if (has_scope(l, &l->rules.rules.v[i]))
			l->rules.rules.v[n++] = l->rules.rules.v[i];
	l->rules.rules.n = n;
	n = 0;
	for (uint32_t i = 0; i < l->all.n; i++)
		if (rules_find(&l->rules, l->all.v[i].id) ||
		    (!l->all.v[i].on_request && has_scope(l, &l->all.v[i])))
			l->all.v[n++] = l->all.v[i];
	l->all.n = n;
}

static struct linked_group *group_of(struct linked *l, const bool *members)
{
	struct linked_group *g;

	for (uint32_t i = 0; i < l->groups.n; i++)
		if (!memcmp(l->groups.v[i].members, members, l->catalog.units.n))
			return &l->groups.v[i];
	g = array_add(&l->groups);
	g->members = arena_memdup(&l->catalog.arena, members, l->catalog.units.n);
	return g;
}

static void group_rules(struct linked *l)
{
	bool *members = xcalloc(l->catalog.units.n + 1, sizeof(*members));

	l->around = arena_new_array(&l->catalog.arena, bool, l->catalog.units.n + 1);
	for (uint32_t i = 0; i < l->all.n; i++) {
		catalog_units_of(&l->catalog, &l->all.v[i], i, members, l->around);
		if (rules_find(&l->rules, l->all.v[i].id))
			array_push(&group_of(l, members)->rules, i);
	}
	free(members);
}

static int gather(struct linked *l)
{
	for (unsigned i = 0; i < l->trees.n; i++) {
		const char *tree = l->trees.v[i];

		if (!results_add_tree(&l->results, tree) ||
		    !results_add_facts(&l->results, tree))
			continue;
		fprintf(stderr, "protflow: %s: no results of a check are there (.protflow), nor "
			"facts; run make C=1 CHECK=/path/to/run-check.sh in it first\n", tree);
		return STATUS_USAGE;
	}
	l->catalog.rules = l->rules.digest;
	l->catalog.nunknown = l->results.missing.n;
	for (uint32_t i = 0; i < l->results.files.n; i++)
		add_facts(l, l->results.files.v[i]);
	for (uint32_t i = 0; i < l->results.facts.n; i++)
		catalog_add(&l->catalog, l->results.facts.v[i].object, l->results.facts.v[i].path);
	drop_rules(l);
	catalog_read(&l->catalog, l->all.v, l->all.n, &l->model);
	group_rules(l);
	return STATUS_OK;
}

static const struct facts *first_known(const struct catalog *c)
{
	for (uint32_t i = 0; i < c->units.n; i++)
		if (c->units.v[i].use == UNIT_KNOWN)
			return &c->units.v[i].facts;
	return NULL;
}

static void describe(struct linked *l, const struct rule_set *rules, struct report *r)
{
	const struct facts *f = first_known(&l->catalog);

	r->rules = rules;
	r->program = true;
	r->complete = true;
	r->directory = f ? f->directory : "/";
	r->srctree = f ? f->srctree : NULL;
}

/* The units of the build that are not in the program and not known to be of no concern. */
static const char *unseen(struct linked *l, struct report *r)
{
	struct arena *a = &r->arena;
	const char *first = NULL, *what = NULL;
	unsigned n = l->results.missing.n;

	if (n) {
		first = l->results.missing.v[0];
		what = "it was not checked";
	}
	for (uint32_t i = 0; i < l->catalog.units.n; i++) {
		const struct catalog_unit *u = &l->catalog.units.v[i];
		const char *why = u->why ? u->why : u->partial ? "it did not parse cleanly" : NULL;

		if (!why)
			continue;
		report_notify(r, NOTE_EXECUTION, SEVERITY_WARNING, "PF-unseen", NULL,
			      "'%s' is not seen in full: %s.", u->object, why);
		n++;
		if (!first) {
			first = u->object;
			what = why;
		}
	}
	if (!n)
		return NULL;
	return n == 1 ? arena_printf(a, "'%s' was not seen in full: %s", first, what)
		      : arena_printf(a, "%u units were not seen in full, '%s' for one: %s", n,
				     first, what);
}

/* Units with nothing for the rules, that the programs lead to. */
static void tell_wanted(struct linked *l, struct report *r)
{
	struct buffer b = BUFFER_INIT;
	unsigned n = 0;

	for (uint32_t i = 0; i < l->catalog.units.n; i++) {
		const struct catalog_unit *u = &l->catalog.units.v[i];

		if (u->wanted && n++ < WANTED_SHOWN)
			buffer_printf(&b, "%s'%s' ('%s')", n > 1 ? ", " : "", u->object, u->wanted);
	}
	if (n > WANTED_SHOWN)
		buffer_printf(&b, " and %u more", n - WANTED_SHOWN);
	if (n)
		report_notify(r, NOTE_EXECUTION, SEVERITY_NOTE, NOTE_WANTED, NULL,
			      "%u unit%s nothing for the rules may call what the rules reach: %s.",
			      n, n == 1 ? " that has" : "s that have", buffer_str(&b));
	buffer_release(&b);
}

void linked_wanted(const struct linked *l, struct buffer *out)
{
	for (uint32_t i = 0; i < l->catalog.units.n; i++)
		if (l->catalog.units.v[i].wanted)
			buffer_printf(out, "%s\n", l->catalog.units.v[i].object);
}

/* Those of the group that are asked for. */
static void pick_rules(const struct linked *l, const struct linked_group *g,
		       const struct rule_set *asked, struct rule_set *out)
{
	out->digest = l->rules.digest;
	for (uint32_t i = 0; i < g->rules.n; i++) {
		const struct rule *r = rules_find(asked, l->all.v[g->rules.v[i]].id);

		if (r)
			array_push(&out->rules, *r);
	}
}

static void add_stats(struct analysis_stats *to, const struct analysis_stats *s)
{
	to->functions += s->functions;
	to->summaries += s->summaries;
	to->partitions_merged += s->partitions_merged;
	to->obligations += s->obligations;
	to->discharged += s->discharged;
	to->lifted += s->lifted;
	to->ignored |= s->ignored;
	to->unmodelled += s->unmodelled;
	to->replays += s->replays;
	to->not_replayed += s->not_replayed;
	to->steps += s->steps;
	to->seconds += s->seconds;
}

/* The rules of a part of the set are copies; who reads the report knows those of the whole. */
static void name_rules(struct report *r)
{
	for (uint32_t i = 0; i < r->findings.n; i++)
		r->findings.v[i].rule = rules_find(r->rules, r->findings.v[i].rule->id);
	for (uint32_t i = 0; i < r->outcomes.n; i++)
		r->outcomes.v[i].rule = rules_find(r->rules, r->outcomes.v[i].rule->id);
}

/* What is to be judged again, with more members. */
enum again { AGAIN_NOTHING, AGAIN_OPEN, AGAIN_ALL };

/* What is said depends on these options too, which few ask for. */
static bool is_plain(const struct analysis_options *o)
{
	return !o->dump && !o->infer && !o->explain && !o->nignored && !o->unmodelled;
}

/* False: not all of the program was read, or with more time more might be said. */
static bool analyse_program(struct linked *l, struct program *p, const struct rule_set *rules,
			    const struct analysis_options *o, struct report *r,
			    struct analysis_stats *stats)
{
	double left = (l->max_seconds > 0 ? l->max_seconds : LINK_SECONDS) - stats->seconds;
	bool good = program_link(p);
	struct analysis_options options = *o;
	struct binder binder = binder_of_program(&p->unit);
	struct analysis_stats own;

	binder.elsewhere = reuse_elsewhere;
	binder.wants = reuse_wants;
	binder.needs = reuse_needs;
	binder.covers = reuse_covers;
	binder.arg = &l->reuse;
	options.max_seconds = left > 1 ? left : 1;
	analysis_run(&binder, rules, &l->model, &options, r, &own);
	add_stats(stats, &own);
	return good && own.seconds < options.max_seconds / ENOUGH;
}

static enum again judge_program(struct linked *l, bool *members, const struct rule_set *rules,
				const struct analysis_options *o, struct report *r,
				struct analysis_stats *stats, unsigned round)
{
	const struct reuse_about about = { rules, r->directory, r->srctree, round, is_plain(o) };
	struct program program;
	enum again again;

	program_init(&program, &l->catalog, members);
	if (!reuse_begin(&l->reuse, &about, &program, r)) {
		bool good = analyse_program(l, &program, rules, o, r, stats);

		name_rules(r);
		if (good)
			reuse_keep(&l->reuse, r);
	}
	again = program_add_needed(&program, members) ? AGAIN_ALL :
		program_add_wanted(&program, members) ? AGAIN_OPEN : AGAIN_NOTHING;
	program_release(&program);
	return again;
}

static bool is_open(const struct report *r, const char *id)
{
	for (uint32_t i = 0; i < r->findings.n; i++)
		if (r->findings.v[i].verdict <= VERDICT_INCOMPLETE &&
		    !strcmp(r->findings.v[i].rule->id, id))
			return true;
	return false;
}

static void forget(struct report *r, const struct rule_set *rules)
{
	for (uint32_t i = 0; i < rules->rules.n; i++)
		report_forget(r, rules->rules.v[i].id);
}

/* Those that are not proved, of which other units may say more. */
static void keep_open(const struct report *r, struct rule_set *rules)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < rules->rules.n; i++)
		if (is_open(r, rules->rules.v[i].id))
			rules->rules.v[n++] = rules->rules.v[i];
	rules->rules.n = n;
}

/* Adds the units that have something for other rules; false where there is none. */
static bool add_others(const struct linked *l, bool *members)
{
	bool any = false;

	for (uint32_t i = 0; i < l->catalog.units.n; i++) {
		any |= l->around[i] && !members[i];
		members[i] |= l->around[i];
	}
	return any;
}

/*
 * A guard may stand in a unit that has nothing for the rule, and so may the entry point of
 * a finding: what is not proved is judged again with the units of the other rules, and with
 * those that were asked for. Where a unit is needed all are.
 */
static void judge_group(struct linked *l, const struct linked_group *g,
			const struct rule_set *asked, const struct analysis_options *o,
			struct report *r, struct analysis_stats *stats)
{
	struct rule_set rules = { 0 };
	bool *members = arena_memdup(&l->catalog.arena, g->members, l->catalog.units.n);
	unsigned round = 0;
	enum again again;

	pick_rules(l, g, asked, &rules);
	while (rules.rules.n) {
		again = judge_program(l, members, &rules, o, r, stats, round++);
		if (again != AGAIN_ALL && (add_others(l, members) || again == AGAIN_OPEN))
			keep_open(r, &rules);
		else if (again != AGAIN_ALL)
			break;
		forget(r, &rules);
	}
	array_release(&rules.rules);
}

/* What the code says of a record is asked of the units that handle it, and of no rule. */
static void infer(struct linked *l, const struct analysis_options *o, struct report *r,
		  struct analysis_stats *stats)
{
	const struct rule_set none = { .digest = l->rules.digest };
	bool *members = arena_new_array(&l->catalog.arena, bool, l->catalog.units.n + 1);

	for (uint32_t i = 0; i < l->catalog.units.n; i++)
		members[i] = l->catalog.units.v[i].use == UNIT_KNOWN &&
			     concern_names(&l->catalog.units.v[i].concern, o->infer);
	judge_program(l, members, &none, o, r, stats, 0);
}

void linked_judge(struct linked *l, const struct rule_set *rules, const struct analysis_options *o,
		  struct report *r, struct analysis_stats *stats)
{
	struct analysis_options options = o ? *o : (struct analysis_options){ 0 };
	const char *reason;

	*stats = (struct analysis_stats){ 0 };
	describe(l, rules, r);
	if (options.infer)
		infer(l, &options, r, stats);
	for (uint32_t i = 0; i < l->groups.n && !options.infer; i++)
		judge_group(l, &l->groups.v[i], rules, &options, r, stats);
	tell_wanted(l, r);
	reason = unseen(l, r);
	if (reason && l->assume_complete)
		report_assume(r, "the units that were linked are all there are");
	else if (reason)
		report_withdraw(r, reason);
}

void linked_reuse(struct linked *l)
{
	struct arena *a = &l->results.arena;
	const char *folder = arena_printf(a, "%s/.protflow", l->trees.v[0]);

	if (!l->fresh && !access(folder, W_OK))
		reuse_init(&l->reuse, arena_printf(a, "%s/linked", folder));
}

int linked_open(struct linked *l)
{
	int status = read_rules(l);

	return status ? status : gather(l);
}
