/* SPDX-License-Identifier: MIT */
/*
 * linked.h - a build, with the rules to judge it by
 *
 * What "protflow link" and "protflow explain" begin with: the options that say
 * which trees, facts and rules, and the programs made of them. A rule is judged by a
 * program of the units that have something for it: what others have makes known
 * what calls between them do, at a cost that grows with them, and says nothing of the
 * rule.
 *
 *	struct linked l;
 *
 *	linked_init(&l);
 *	linked_option(&l, argc, argv, &i)	for each option
 *	linked_tree(&l, path)			for each other word
 *	status = linked_open(&l);
 *	linked_judge(&l, &options, &report, &stats);
 *	linked_release(&l);
 */
#ifndef PF_COMMAND_LINKED_H
#define PF_COMMAND_LINKED_H

#include "command/results.h"
#include "command/reuse.h"
#include "program/program.h"
#include "report/finding.h"
#include "rules/analysis.h"

/* Rules that the same units are of concern to: they are judged by one program. */
struct linked_group {
	const bool *members;	/* one for each unit of the catalog */
	Array(uint32_t) rules;	/* indices into all */
};

struct linked {
	const char *facts, *rules_dir, *only, *also, *disable;	/* or NULL */
	double max_seconds;	/* 0: the default */
	bool assume_complete;
	bool fresh;		/* nothing that was said before is taken over */
	struct reuse reuse;	/* after linked_reuse() */
	Array(const char *) trees;
	struct results results;
	struct rule_set rules;	/* that are asked for */
	Array(struct rule) all;	/* and all others of the files that need no request */
	struct model model;
	struct catalog catalog;
	Array(struct linked_group) groups;
	bool *around;		/* units that have something for a rule, whichever that is */
};

/* The lines of the usage about the options. */
extern const char linked_usage[];

void linked_init(struct linked *l);
void linked_release(struct linked *l);

/* Takes the option argv[*i], and its value; false where it is none, or the value is wrong. */
bool linked_option(struct linked *l, int argc, char **argv, int *i);
void linked_tree(struct linked *l, const char *path);

/* Reads rules, models and facts. STATUS_OK, or what went wrong, told on stderr. */
int linked_open(struct linked *l);

/* What is said of the programs is kept in the first tree, and recalled where nothing changed. */
void linked_reuse(struct linked *l);

/*
 * Judges the rules, which are the linked ones or some of these, and fills the
 * report. Nothing is proved, nor said to be not applicable, where a unit was not
 * seen in full, unless what there is was said to be complete. o may be NULL.
 */
void linked_judge(struct linked *l, const struct rule_set *rules, const struct analysis_options *o,
		  struct report *r, struct analysis_stats *stats);

/*
 * Appends the units that were skipped, and that may call what the rules reach, one
 * in a line, for "protflow run --missing". After linked_judge().
 */
void linked_wanted(const struct linked *l, struct buffer *out);

#endif
