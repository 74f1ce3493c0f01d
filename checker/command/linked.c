/* SPDX-License-Identifier: MIT */
#include "command/linked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "command/collect.h"
#include "command/commands.h"
#include "command/paths.h"
#include "command/relevance.h"
#include "command/rulebook.h"
#include "report/descriptor.h"

#define LINK_SECONDS 600.0
#define WANTED_SHOWN 10	/* of a list that may have thousands */

const char linked_usage[] =
"  --facts DIR        the facts are there, not in .protflow/ of the trees\n"
"  --rules DIR        read the rules here, instead of those found\n"
"  --assume-complete  take what was linked for the whole; a proof says so\n"
"  --max-seconds=N    time for the whole (default 600)\n";

void linked_init(struct linked *l)
{
	*l = (struct linked){ 0 };
	program_init(&l->program, 0);
}

void linked_release(struct linked *l)
{
	program_release(&l->program);
	model_release(&l->model);
	rules_release(&l->rules);
	results_release(&l->results);
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
	program_add(&l->program, object, path);
}

/* A rule in whose scope no unit is says nothing, as in the check of each of them. */
static void drop_rules(struct linked *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->rules.rules.n; i++)
		if (!l->rules.rules.v[i].nscope ||
		    program_is_in_scope(&l->program, &l->rules.rules.v[i]))
			l->rules.rules.v[n++] = l->rules.rules.v[i];
	l->rules.rules.n = n;
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
	l->program.rules = l->rules.digest;
	l->program.nunknown = l->results.missing.n;
	for (uint32_t i = 0; i < l->results.files.n; i++)
		add_facts(l, l->results.files.v[i]);
	for (uint32_t i = 0; i < l->results.facts.n; i++)
		program_add(&l->program, l->results.facts.v[i].object, l->results.facts.v[i].path);
	program_link(&l->program);
	drop_rules(l);
	return STATUS_OK;
}

static const struct facts *first_linked(const struct program *p)
{
	for (uint32_t i = 0; i < p->units.n; i++)
		if (p->units.v[i].use == UNIT_LINKED)
			return &p->units.v[i].facts;
	return NULL;
}

static void describe(struct linked *l, const struct rule_set *rules, struct report *r)
{
	const struct facts *f = first_linked(&l->program);

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
	for (uint32_t i = 0; i < l->program.units.n; i++) {
		const struct program_unit *u = &l->program.units.v[i];
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

/* Units that no rule could concern by their text, and that the program leads to. */
static void tell_wanted(struct linked *l, struct report *r)
{
	struct buffer b = BUFFER_INIT;
	unsigned n = 0;

	for (uint32_t i = 0; i < l->program.units.n; i++) {
		const struct program_unit *u = &l->program.units.v[i];

		if (u->wanted && n++ < WANTED_SHOWN)
			buffer_printf(&b, "%s'%s' ('%s')", n > 1 ? ", " : "", u->object, u->wanted);
	}
	if (n > WANTED_SHOWN)
		buffer_printf(&b, " and %u more", n - WANTED_SHOWN);
	if (n)
		report_notify(r, NOTE_EXECUTION, SEVERITY_NOTE, NOTE_WANTED, NULL,
			      "%u unit%s that no rule concerns by %s text may call what the rules "
			      "reach: %s.", n, n == 1 ? "" : "s", n == 1 ? "its" : "their",
			      buffer_str(&b));
	buffer_release(&b);
}

void linked_wanted(const struct linked *l, struct buffer *out)
{
	for (uint32_t i = 0; i < l->program.units.n; i++)
		if (l->program.units.v[i].wanted)
			buffer_printf(out, "%s\n", l->program.units.v[i].object);
}

void linked_judge(struct linked *l, const struct rule_set *rules, const struct analysis_options *o,
		  struct report *r, struct analysis_stats *stats)
{
	struct binder binder = binder_of_program(&l->program.unit);
	struct analysis_options options = o ? *o : (struct analysis_options){ 0 };
	const char *reason;

	binder.elsewhere = program_elsewhere;
	binder.wants = program_wants;
	binder.covers = program_covers;
	binder.arg = &l->program;
	options.max_seconds = l->max_seconds > 0 ? l->max_seconds : LINK_SECONDS;
	describe(l, rules, r);
	analysis_run(&binder, rules, &l->model, &options, r, stats);
	tell_wanted(l, r);
	reason = unseen(l, r);
	if (reason && l->assume_complete)
		report_assume(r, "the units that were linked are all there are");
	else if (reason)
		report_withdraw(r, reason);
}

int linked_open(struct linked *l)
{
	int status = read_rules(l);

	return status ? status : gather(l);
}
