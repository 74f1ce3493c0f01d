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

#include "base/buffer.h"
#include "command/collect.h"
#include "command/commands.h"
#include "command/linked.h"
#include "command/missing.h"
#include "command/options.h"
#include "command/sensitivity.h"
#include "report/sarif.h"

static const char usage_head[] =
"usage: protflow link [OPTION...] OBJTREE...\n"
"\n"
"Puts the units that 'make C=1 CHECK=run-check.sh' or 'protflow run' has checked\n"
"together, from the facts that each has left, and judges the rules over the whole:\n"
"calls lead from unit to unit, a field has all its writers. What is decided so\n"
"takes the place of what each unit alone could say.\n"
"\n";

static const char usage_tail[] =
"  --only=ID,...      these rules\n"
"  --also=ID,...      these rules too, which run on request only\n"
"  --disable=ID,...   all rules but these\n"
"  --ignore-guard FILE:LINE\n"
"                     as if the condition there were not asked: what would follow\n"
"  --prove-sensitivity\n"
"                     the same for each guard that a proof rests on, one by one\n"
"  --wanted FILE      write the units there, a line each, that have nothing for the\n"
"                     rules and may call what they reach. 'protflow run --missing'\n"
"                     knows them without this; then link again\n"
"  --report-passes    put proved rules into the log too\n"
"  --stats            print what was done to stderr\n"
"  --dump=WHAT        print ir,cfg,state,summary,obligations to stdout\n"
"  --dump-function=NAME  of this function only\n"
"\n"
"Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 usage, 3 a rule is\n"
"vacuous: the kernel has its design, and no unit has what it looks at.\n";

struct linking {
	struct linked linked;
	struct collect collect;
	struct report report;
	const char *wanted;	/* file for the units that are wanted too, or NULL */
	bool report_passes, stats, sensitivity, help;
	unsigned dump;		/* enum dump_what, or-ed */
	const char *dump_function;
	Array(struct ignored_guard) ignored;
	struct arena arena;
};

/* FILE:LINE, the file from any folder on. */
static bool take_guard(struct linking *k, const char *v)
{
	const char *colon = strrchr(v, ':');
	char *end;
	unsigned long line = colon ? strtoul(colon + 1, &end, 10) : 0;

	if (!colon || colon == v || !line || *end || line > UINT32_MAX ||
	    k->ignored.n == IGNORED_GUARDS)
		return false;
	array_push(&k->ignored, (struct ignored_guard){
		arena_strndup(&k->arena, v, (size_t)(colon - v)), (uint32_t)line });
	return true;
}

static bool take_option(struct linking *k, int argc, char **argv, int *i)
{
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--help", &k->help }, { "--report-passes", &k->report_passes },
		{ "--stats", &k->stats }, { "--prove-sensitivity", &k->sensitivity },
	};
	const char *v = option_value("--ignore-guard", argc, argv, i);

	if (v)
		return take_guard(k, v);
	if ((v = option_value("--wanted", argc, argv, i)))
		return *(k->wanted = v);
	if ((v = option_value("--dump", argc, argv, i)))
		return dump_parse(v, &k->dump);
	if ((v = option_value("--dump-function", argc, argv, i)))
		return *(k->dump_function = v);
	for (size_t n = 0; n < sizeof(flags) / sizeof(*flags); n++)
		if (!strcmp(argv[*i], flags[n].name))
			return *flags[n].flag = true;
	return linked_option(&k->linked, argc, argv, i) ||
	       collect_option(&k->collect, argc, argv, i);
}

static bool parse(struct linking *k, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (arg[0] != '-') {
			linked_tree(&k->linked, arg);
		} else if (!take_option(k, argc, argv, &i)) {
			fprintf(stderr, "protflow: link does not understand '%s'\n", arg);
			return false;
		}
	}
	if (!k->linked.trees.n && !k->help)
		fprintf(stderr, "protflow: link needs an object tree\n");
	return k->linked.trees.n || k->help;
}

/* For "run --missing", which needs them; a tree that cannot be written to has none there. */
static int write_wanted(const struct linking *k)
{
	struct buffer names = BUFFER_INIT;
	int err;

	linked_wanted(&k->linked, &names);
	for (unsigned i = 0; i < k->linked.trees.n; i++) {
		err = missing_write(k->linked.trees.v[i], &names);
		if (err && names.n)
			fprintf(stderr, "protflow: %s: what 'run --missing' is to check cannot be "
				"written there: %s\n", k->linked.trees.v[i], strerror(-err));
	}
	err = k->wanted ? file_replace(k->wanted, buffer_str(&names), names.n) : 0;
	if (err)
		fprintf(stderr, "protflow: %s: cannot be written: %s\n", k->wanted, strerror(-err));
	buffer_release(&names);
	return err ? STATUS_USAGE : STATUS_OK;
}

/* A guard that stands nowhere would make a clean result look like one without it. */
static int tell_ignored(const struct linking *k, const struct analysis_stats *stats)
{
	int status = STATUS_OK;

	for (uint32_t i = 0; i < k->ignored.n; i++) {
		if (stats->ignored >> i & 1)
			continue;
		fprintf(stderr, "protflow: no branch that the rules reach stands at %s:%u\n",
			k->ignored.v[i].file, k->ignored.v[i].line);
		status = STATUS_USAGE;
	}
	return status;
}

static int analyse(struct linking *k)
{
	struct buffer dump = BUFFER_INIT;
	const struct analysis_options o = {
		.ignored = k->ignored.v, .nignored = k->ignored.n,
		.dump = k->dump, .dump_function = k->dump_function,
		.dump_out = k->dump ? &dump : NULL,
	};
	struct analysis_stats stats;

	if (!k->collect.options.reproducible)
		k->report.start = (double)time(NULL);
	linked_judge(&k->linked, &k->linked.rules, &o, &k->report, &stats);
	fd_write_all(1, buffer_str(&dump), dump.n);
	buffer_release(&dump);
	if (k->sensitivity)
		sensitivity_prove(&k->linked, &k->report);
	if (!k->collect.options.reproducible)
		k->report.end = (double)time(NULL);
	if (k->stats)
		fprintf(stderr, "stats: units %u linked, %u skipped; functions %u, summaries %u, "
			"steps %llu, witnesses replayed %u, not reached %u, analysis %.3f s; "
			"programs kept %u, recalled %u\n",
			k->linked.catalog.nknown,
			k->linked.catalog.nskipped, stats.functions, stats.summaries,
			(unsigned long long)stats.steps, stats.replays, stats.not_replayed,
			stats.seconds, k->linked.reuse.kept, k->linked.reuse.recalled);
	return tell_ignored(k, &stats);
}

/* What the program says takes the place of what the units of it said. */
static void supersede(struct linking *k)
{
	const struct rule_set *rules = &k->linked.rules;
	const struct catalog *c = &k->linked.catalog;

	for (uint32_t i = 0; i < rules->rules.n; i++)
		merge_supersede_rule(k->collect.merge, rules->rules.v[i].id);
	for (uint32_t i = 0; i < c->units.n; i++)
		if (c->units.v[i].use == UNIT_KNOWN)
			merge_supersede_unit(k->collect.merge, c->units.v[i].object);
}

static int write_results(struct linking *k)
{
	const struct sarif_options so = { .reproducible = k->collect.options.reproducible,
					  .report_passes = k->report_passes };
	struct results *r = &k->linked.results;
	struct buffer own = BUFFER_INIT, why = BUFFER_INIT;

	supersede(k);
	sarif_write(&k->report, &so, &own);
	merge_add(k->collect.merge, "link", buffer_str(&own), own.n, &why);
	for (uint32_t i = 0; i < r->files.n; i++)
		collect_log(&k->collect, r->files.v[i], results_object(&r->arena, r->files.v[i]));
	for (uint32_t i = 0; i < r->missing.n; i++)
		collect_missing(&k->collect, r->missing.v[i]);
	buffer_release(&own);
	buffer_release(&why);
	return collect_finish(&k->collect);
}

int command_link(int argc, char **argv)
{
	struct linking k = { 0 };
	int status = STATUS_USAGE;

	collect_init(&k.collect);
	linked_init(&k.linked);
	if (!parse(&k, argc, argv)) {
		fprintf(stderr, "Try 'protflow link --help'.\n");
	} else if (k.help) {
		printf("%s%s%s%s", usage_head, linked_usage, collect_usage, usage_tail);
		status = STATUS_OK;
	} else {
		status = linked_open(&k.linked);
		if (!status)
			linked_reuse(&k.linked);
		if (!status)
			status = analyse(&k);
		if (!status)
			status = write_wanted(&k);
		if (!status)
			status = write_results(&k);
	}
	array_release(&k.ignored);
	arena_release(&k.arena);
	report_release(&k.report);
	linked_release(&k.linked);
	collect_release(&k.collect);
	return status;
}
