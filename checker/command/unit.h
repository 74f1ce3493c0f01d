/* SPDX-License-Identifier: MIT */
/*
 * unit.h - one unit, from the translated argv to a filled report
 *
 * The way of a unit, used by "protflow check" and "protflow rules test":
 *
 *	argv -> snippet of the rules -> libclang -> diagnostics -> rules -> report
 *
 * Needs libclang. What can be said without it stands in relevance.h.
 *
 *	struct unit_input in = { .unit = &unit, .rules = &rules, .model = &model };
 *	struct unit_result out;
 *	check_unit(&in, &report, &out);
 */
#ifndef PF_COMMAND_UNIT_H
#define PF_COMMAND_UNIT_H

#include "kbuild/argv.h"
#include "model/model.h"
#include "report/finding.h"
#include "rules/analysis.h"

struct unit_input {
	const struct kbuild_unit *unit;
	const struct rule_set *rules;
	const struct model *model;
	struct analysis_options analysis;
	struct ir_unit *program;	/* gets what the link needs of the unit; NULL: nothing */
	/*
	 * Gets the parsed unit, which the caller ends by frontend_free(), or leaves
	 * to the end of the process: libclang takes long to take its tree apart.
	 * NULL: it is freed.
	 */
	struct frontend **kept;
};

struct unit_result {
	bool parsed;		/* there was a unit to analyse */
	unsigned faults;	/* errors of the parser in it, those of the rules' snippet apart */
	unsigned left_out;	/* bodies of inline functions that were not parsed */
	bool again;		/* one of them was called for, or there were faults */
	struct frontend_stats frontend;
	struct analysis_stats analysis;
};

/* Fills the report. Nothing is said to be proved or not applicable where the parser had errors. */
void check_unit(const struct unit_input *in, struct report *r, struct unit_result *out);

/*
 * Adds "incomplete, because of reason" for each rule that concerns the unit
 * (concerned NULL: each) and about which the report says nothing yet.
 */
void unit_incomplete(struct report *r, const bool *concerned, const char *reason);

#endif
