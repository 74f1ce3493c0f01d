/* SPDX-License-Identifier: MIT */
/*
 * relevance.h - which rules can concern a unit, told without parsing it
 */
#ifndef PF_COMMAND_RELEVANCE_H
#define PF_COMMAND_RELEVANCE_H

#include "kbuild/argv.h"
#include "kbuild/vocabulary.h"
#include "rules/rule.h"

/*
 * Takes the rules out of the set that are not wanted (only: a list of ids with
 * commas, or NULL; disable: the same; also: those of them that run on request
 * only and are wanted), and those whose scope the unit is not in.
 * unit NULL: of a program; which scopes it is in is not asked.
 * False, with *unknown set, where an id is no rule's.
 */
bool rules_select(struct rule_set *rules, const struct kbuild_unit *unit, const char *only,
		  const char *also, const char *disable, const char **unknown);

enum relevance_of {
	RELEVANCE_ANY,		/* whether there is one; of the others nothing need be known */
	RELEVANCE_EACH,
};

/*
 * One bool per rule of the set, in the arena; *any tells whether one is true.
 *
 * A rule concerns a unit that can reach one of its records: one with a field that
 * it watches, takes for granted or has as an anchor, or all that "when" wants to be
 * there. The first is wanted by the link, which must know all who write a field,
 * whatever else they know; the second is enough alone, since where the design is
 * there and no sink is, the rule's run must hear of it. What can reach a record
 * tells prefilter.h. A field that a rule takes for granted counts also where the unit
 * is not in that rule's scope: *any can be true where no rule is concerned. Fields do
 * not count: a record is copied, or cleared with one that it is in, without their names.
 * words: what was read, for the facts; or NULL.
 */
bool *relevance(struct arena *a, const struct kbuild_unit *unit, const struct rule_set *rules,
		enum relevance_of of, bool *any, struct vocabulary *words);

#endif
