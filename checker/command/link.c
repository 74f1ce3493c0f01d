/* SPDX-License-Identifier: MIT */
/*
 * protflow link: the units of a build as one program.
 *
 * What the rules say of the program takes the place of what they said of each
 * unit alone; what else the units left (that one did not parse, that one was
 * given up) stays. So the log is that of a merge, with one more in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/yaml.h"
#include "command/collect.h"
#include "command/commands.h"
#include "command/paths.h"
#include "command/relevance.h"
#include "command/results.h"
#include "program/program.h"
#include "report/sarif.h"
#include "rules/analysis.h"

static const char usage_head[] =
"usage: protflow link [OPTION...] OBJTREE...\n"
"\n"
"Puts the units that 'make C=1 CHECK=run-check.sh' or 'protflow run' has checked\n"
"together, from the facts that each has left, and judges the rules over the whole:\n"
"calls lead from unit to unit, a field has all its writers. What is decided so\n"
"takes the place of what each unit alone could say.\n"
"\n"
"  --facts DIR        the facts are there, not in .protflow/ of the trees\n"
"  --rules DIR        read the rules here, instead of those found\n"
"  --only=ID,...      these rules\n"
"  --also=ID,...      these rules too, which run on request only\n"
"  --disable=ID,...   all rules but these\n"
"  --assume-complete  take what was linked for the whole; a proof says so\n"
"  --report-passes    put proved rules into the log too\n"
"  --max-seconds=N    time for the whole (default 60)\n"
"  --stats            print what was done to stderr\n";

static const char usage_tail[] =
"\n"
"Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 usage, 3 a rule is\n"
"vacuous: the kernel has its design, and no unit has what it looks at.\n";

struct link_options {
	const char *facts, *rules_dir, *only, *also, *disable;
	double max_seconds;
	bool assume_complete, report_passes, stats, help;
	const char **trees;
	unsigned ntrees;
};

struct linking {
	struct link_options options;
	struct collect collect;
	struct results results;
	struct rule_set rules;
	struct model model;
	struct program program;
	struct report report;
};

/* ------------------------------------------------------------------- options */

static bool take_seconds(struct link_options *o, const char *v)
{
	char *end;

	o->max_seconds = strtod(v, &end);
	return *v >= '0' && *v <= '9' && !*end && o->max_seconds > 0 && o->max_seconds < 1e6;
}

static bool take_option(struct linking *k, int argc, char **argv, int *i)
{
	struct link_options *o = &k->options;
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--assume-complete", &o->assume_complete }, { "--help", &o->help },
		{ "--report-passes", &o->report_passes }, { "--stats", &o->stats },
	};
	const struct { const char *name, **value; } values[] = {
		{ "--facts", &o->facts }, { "--rules", &o->rules_dir }, { "--only", &o->only },
		{ "--also", &o->also }, { "--disable", &o->disable },
	};
	const char *v;

	for (size_t n = 0; n < sizeof(flags) / sizeof(*flags); n++)
		if (!strcmp(argv[*i], flags[n].name))
			return *flags[n].flag = true;
	for (size_t n = 0; n < sizeof(values) / sizeof(*values); n++)
		if ((v = option_value(values[n].name, argc, argv, i)))
			return *(*values[n].value = v);
	if ((v = option_value("--max-seconds", argc, argv, i)))
		return take_seconds(o, v);
	return collect_option(&k->collect, argc, argv, i);
}

static bool parse(struct linking *k, int argc, char **argv)
{
	struct link_options *o = &k->options;

	o->trees = arena_new_array(&k->results.arena, const char *, argc);
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (arg[0] != '-') {
			o->trees[o->ntrees++] = arg;
		} else if (!take_option(k, argc, argv, &i)) {
			fprintf(stderr, "protflow: link does not understand '%s'\n", arg);
			return false;
		}
	}
	if (!o->ntrees && !o->help)
		fprintf(stderr, "protflow: link needs an object tree\n");
	return o->ntrees || o->help;
}

/* --------------------------------------------------------------------- input */

static int tell_faults(const struct yaml_faults *f)
{
	for (uint32_t i = 0; i < f->v.n; i++)
		fprintf(stderr, "%s:%u:%u: %s\n", f->v.v[i].file, f->v.v[i].line, f->v.v[i].col,
			f->v.v[i].text);
	return f->v.n ? STATUS_USAGE : STATUS_OK;
}

static int read_rules(struct linking *k)
{
	const struct link_options *o = &k->options;
	const char *dir = rules_dir(&k->results.arena, o->rules_dir), *unknown;
	struct yaml_faults faults = YAML_FAULTS_INIT;
	int status;

	if (!dir) {
		fprintf(stderr, "protflow: no rules were found: use --rules DIR or PROTFLOW_RULES\n");
		return STATUS_USAGE;
	}
	rules_read_dir(&k->rules, dir, &faults);
	model_read_dir(&k->model, models_dir(&k->results.arena, dir), &faults);
	status = tell_faults(&faults);
	yaml_faults_release(&faults);
	if (!status && !rules_select(&k->rules, NULL, o->only, o->also, o->disable, &unknown)) {
		fprintf(stderr, "protflow: there is no rule '%s'\n", unknown);
		status = STATUS_USAGE;
	}
	return status;
}

/* TREE/.protflow/OBJECT.sarif: the facts stand beside it, or below --facts. */
static void add_facts(struct linking *k, const char *result)
{
	struct arena *a = &k->results.arena;
	const char *object = results_object(a, result), *path;

	if (!object)
		return;
	path = k->options.facts ? arena_printf(a, "%s/%s.facts", k->options.facts, object)
				: arena_printf(a, "%.*s.facts", (int)(strlen(result) - 6), result);
	program_add(&k->program, object, path);
}

static int gather(struct linking *k)
{
	for (unsigned i = 0; i < k->options.ntrees; i++) {
		const char *tree = k->options.trees[i];

		if (!results_add_tree(&k->results, tree))
			continue;
		fprintf(stderr, "protflow: %s: no results of a check are there (.protflow); run "
			"make C=1 CHECK=/path/to/run-check.sh in it first\n", tree);
		return STATUS_USAGE;
	}
	k->program.rules = k->rules.digest;
	for (uint32_t i = 0; i < k->results.files.n; i++)
		add_facts(k, k->results.files.v[i]);
	program_link(&k->program);
	return STATUS_OK;
}

/* ------------------------------------------------------------------ analysis */

static const struct facts *first_linked(const struct program *p)
{
	for (uint32_t i = 0; i < p->units.n; i++)
		if (p->units.v[i].use == UNIT_LINKED)
			return &p->units.v[i].facts;
	return NULL;
}

static void describe(struct linking *k)
{
	const struct facts *f = first_linked(&k->program);

	k->report.rules = &k->rules;
	k->report.program = true;
	k->report.complete = true;
	k->report.directory = f ? f->directory : "/";
	k->report.srctree = f ? f->srctree : NULL;
	if (!k->collect.options.reproducible)
		k->report.start = (double)time(NULL);
}

/* The units of the build that are not in the program and not known to be of no concern. */
static const char *unseen(struct linking *k)
{
	struct arena *a = &k->report.arena;
	const char *first = NULL, *what = NULL;
	unsigned n = k->results.missing.n;

	if (n) {
		first = k->results.missing.v[0];
		what = "it was not checked";
	}
	for (uint32_t i = 0; i < k->program.units.n; i++) {
		const struct program_unit *u = &k->program.units.v[i];
		const char *why = u->why ? u->why : u->partial ? "it did not parse cleanly" : NULL;

		if (!why)
			continue;
		report_notify(&k->report, NOTE_EXECUTION, SEVERITY_WARNING, "PF-unseen", NULL,
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

static void analyse(struct linking *k)
{
	const struct binder binder = binder_of_program(&k->program.unit, program_elsewhere,
						       &k->program);
	const struct analysis_options o = { .max_seconds = k->options.max_seconds };
	struct analysis_stats stats;
	const char *reason;

	describe(k);
	analysis_run(&binder, &k->rules, &k->model, &o, &k->report, &stats);
	reason = unseen(k);
	if (reason && k->options.assume_complete)
		report_assume(&k->report, "the units that were linked are all there are");
	else if (reason)
		report_withdraw(&k->report, reason);
	if (!k->collect.options.reproducible)
		k->report.end = (double)time(NULL);
	if (k->options.stats)
		fprintf(stderr, "stats: units %u linked, %u skipped; functions %u, summaries %u, "
			"steps %llu, analysis %.3f s\n", k->program.nlinked, k->program.nskipped,
			stats.functions, stats.summaries, (unsigned long long)stats.steps,
			stats.seconds);
}

/* ----------------------------------------------------------------------- log */

static void supersede(struct linking *k)
{
	for (uint32_t i = 0; i < k->rules.rules.n; i++)
		merge_supersede_rule(k->collect.merge, k->rules.rules.v[i].id);
	for (uint32_t i = 0; i < k->program.units.n; i++)
		if (k->program.units.v[i].use == UNIT_LINKED)
			merge_supersede_unit(k->collect.merge, k->program.units.v[i].object);
}

static int write_results(struct linking *k)
{
	const struct sarif_options so = { .reproducible = k->collect.options.reproducible,
					  .report_passes = k->options.report_passes };
	struct arena *a = &k->results.arena;
	struct buffer own = BUFFER_INIT, why = BUFFER_INIT;

	supersede(k);
	sarif_write(&k->report, &so, &own);
	merge_add(k->collect.merge, "link", buffer_str(&own), own.n, &why);
	for (uint32_t i = 0; i < k->results.files.n; i++)
		collect_log(&k->collect, k->results.files.v[i],
			    results_object(a, k->results.files.v[i]));
	for (uint32_t i = 0; i < k->results.missing.n; i++)
		collect_missing(&k->collect, k->results.missing.v[i]);
	buffer_release(&own);
	buffer_release(&why);
	return collect_finish(&k->collect);
}

static void release(struct linking *k)
{
	report_release(&k->report);
	program_release(&k->program);
	model_release(&k->model);
	rules_release(&k->rules);
	results_release(&k->results);
	collect_release(&k->collect);
}

int command_link(int argc, char **argv)
{
	struct linking k = { 0 };
	int status;

	collect_init(&k.collect);
	program_init(&k.program, 0);
	if (!parse(&k, argc, argv)) {
		fprintf(stderr, "Try 'protflow link --help'.\n");
		status = STATUS_USAGE;
	} else if (k.options.help) {
		printf("%s%s%s", usage_head, collect_usage, usage_tail);
		status = STATUS_OK;
	} else {
		status = read_rules(&k);
		if (!status)
			status = gather(&k);
		if (!status) {
			analyse(&k);
			status = write_results(&k);
		}
	}
	release(&k);
	return status;
}
