/* SPDX-License-Identifier: MIT */
/*
 * protflow explain: the map of a program that a rule's verdict goes by.
 */
#include <stdio.h>
#include <string.h>

#include "command/collect.h"
#include "command/commands.h"
#include "command/linked.h"
#include "report/explain.h"

static const char usage_head[] =
"usage: protflow explain [OPTION...] RULE OBJTREE...\n"
"\n"
"Prints what the verdict of a rule on a kernel goes by: the entry points and the way\n"
"from each to the places that the rule is about, the guards that a proof rests on,\n"
"who writes the fields that it reads and under which locks, what is taken for\n"
"granted, and what was not seen. The trees are those of 'protflow link'.\n"
"\n";

static const char usage_tail[] =
"  --all              lists in full length\n"
"  --graph            the map in the language of Graphviz' dot, on stdout\n"
"\n"
"Exit status: 0 it ran, 2 usage.\n";

struct explaining {
	struct linked linked;
	struct report report;
	struct explanation map;
	const char *rule;
	bool all, graph, help;
};

static bool take_option(struct explaining *k, int argc, char **argv, int *i)
{
	const struct { const char *name; bool *flag; } flags[] = {
		{ "--all", &k->all }, { "--graph", &k->graph }, { "--help", &k->help },
	};

	for (size_t n = 0; n < sizeof(flags) / sizeof(*flags); n++)
		if (!strcmp(argv[*i], flags[n].name))
			return *flags[n].flag = true;
	return linked_option(&k->linked, argc, argv, i);
}

static bool parse(struct explaining *k, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (arg[0] == '-' && !take_option(k, argc, argv, &i)) {
			fprintf(stderr, "protflow: explain does not understand '%s'\n", arg);
			return false;
		}
		if (arg[0] == '-')
			continue;
		if (k->rule)
			linked_tree(&k->linked, arg);
		else
			k->rule = arg;
	}
	if (!k->help && !k->linked.trees.n)
		fprintf(stderr, "protflow: explain needs a rule and an object tree\n");
	if (!k->help && (k->linked.only || k->linked.also || k->linked.disable)) {
		fprintf(stderr, "protflow: explain takes one rule, by its id\n");
		return false;
	}
	k->linked.only = k->rule;
	return k->linked.trees.n || k->help;
}

/* What link tells of units, without its names for it. */
static void note_units(struct explaining *k)
{
	k->map.nlinked = k->linked.catalog.nknown;
	k->map.nskipped = k->linked.catalog.nskipped;
	for (uint32_t i = 0; i < k->linked.results.missing.n; i++)
		array_push(&k->map.unseen, (const char *)
			   arena_printf(&k->report.arena, "'%s' was not checked.",
					k->linked.results.missing.v[i]));
	for (uint32_t i = 0; i < k->report.notifications.n; i++)
		if (!strcmp(k->report.notifications.v[i].id, "PF-unseen"))
			array_push(&k->map.unseen, k->report.notifications.v[i].text);
}

static int explain(struct explaining *k)
{
	const struct analysis_options o = { .explain = &k->map };
	struct buffer out = BUFFER_INIT;
	struct analysis_stats stats;

	if (!k->linked.rules.rules.n) {
		fprintf(stderr, "protflow: no unit that was linked is in the scope of that rule\n");
		return STATUS_USAGE;
	}
	if (k->linked.rules.rules.n != 1) {
		fprintf(stderr, "protflow: explain takes one rule, by its id\n");
		return STATUS_USAGE;
	}
	linked_judge(&k->linked, &k->linked.rules, &o, &k->report, &stats);
	note_units(k);
	if (k->linked.assume_complete && k->map.unseen.n)
		array_push(&k->map.assumptions, "the units that were linked are all there are");
	if (k->graph)
		explain_graph(&k->map, &k->report, &out);
	else
		explain_text(&k->map, &k->report, k->all, &out);
	fputs(buffer_str(&out), stdout);
	buffer_release(&out);
	return STATUS_OK;
}

int command_explain(int argc, char **argv)
{
	struct explaining k = { 0 };
	int status = STATUS_USAGE;

	linked_init(&k.linked);
	if (!parse(&k, argc, argv)) {
		fprintf(stderr, "Try 'protflow explain --help'.\n");
	} else if (k.help) {
		printf("%s%s%s", usage_head, linked_usage, usage_tail);
		status = STATUS_OK;
	} else {
		status = linked_open(&k.linked);
		if (!status)
			status = explain(&k);
	}
	explanation_release(&k.map);
	report_release(&k.report);
	linked_release(&k.linked);
	return status;
}
