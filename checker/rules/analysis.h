/* SPDX-License-Identifier: MIT */
/*
 * analysis.h - one parsed unit judged by the rules
 *
 * The door between the commands and everything below: the commands prepare a
 * front end and a report, analysis_run() fills the report.
 *
 *	in.snippet = analysis_snippet(&arena, rules, model);
 *	fe = frontend_parse(&in);
 *	in = binder_of_unit(fe);
 *	analysis_run(&in, rules, model, &options, &report);
 */
#ifndef PF_RULES_ANALYSIS_H
#define PF_RULES_ANALYSIS_H

#include "base/buffer.h"
#include "engine/ignored.h"
#include "report/finding.h"
#include "rules/binder.h"
#include "rules/rule.h"

enum dump_what {
	DUMP_IR = 1, DUMP_CFG = 2, DUMP_STATE = 4, DUMP_SUMMARY = 8, DUMP_OBLIGATIONS = 16,
};

struct explanation;

struct analysis_options {
	unsigned dump;			/* enum dump_what, or-ed */
	struct buffer *dump_out;	/* gets the dumps; NULL: none */
	const char *dump_function;	/* only this one, or NULL: what the rules reach */
	const char *infer;		/* a record, "struct foo": the discipline of its fields goes
					 * to dump_out; or NULL */
	const struct ignored_guard *ignored;	/* what follows without these; see ignored.h */
	unsigned nignored;
	struct explanation *explain;	/* is filled for the first rule; or NULL */
	struct buffer *unmodelled;	/* gets what is not modelled (unmodelled.h); or NULL */
	uint64_t max_steps;		/* abstract instructions per function; 0: the default */
	double max_seconds;		/* for the whole unit; 0: the default */
};

struct analysis_stats {
	unsigned functions, summaries, partitions_merged, obligations, discharged, lifted;
	uint64_t ignored;		/* a bit for each ignored guard that was met */
	unsigned unmodelled;		/* IR_UNKNOWN, IR_HAVOC, IR_ASM in what was analysed */
	unsigned replays, not_replayed;	/* witnesses that were followed, and that led nowhere */
	uint64_t steps;
	double seconds;
};

/*
 * The C text that turns the expressions of the rules, and the constants of the
 * models, into functions of the unit. Goes to frontend_input.snippet.
 */
const char *analysis_snippet(struct arena *a, const struct rule_set *rules,
			     const struct model *model);

/* Adds one or more findings per rule to the report, and notifications. */
void analysis_run(const struct binder *in, const struct rule_set *rules, const struct model *model,
		  const struct analysis_options *options, struct report *report,
		  struct analysis_stats *stats);

#endif
