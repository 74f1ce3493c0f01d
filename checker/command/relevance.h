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
 * unit NULL: of the program, which all scopes may concern.
 * False, with *unknown set, where an id is no rule's.
 */
bool rules_select(struct rule_set *rules, const struct kbuild_unit *unit, const char *only,
		  const char *also, const char *disable, const char **unknown);

/*
 * One bool per rule of the set, in the arena; *any tells whether one is true.
 *
 * A rule concerns a unit that has all the words of one of its rows (prefilter.h):
 * the records and fields that "when" wants to be there, or those of an anchor.
 * The first is enough alone: where the design is there and no sink is, the
 * rule's run must hear of it. A record's definition has the record's name and
 * the field's, so that a unit without these words, in its source and private
 * headers, can have neither from there.
 * words: what was read, for the facts; or NULL.
 */
bool *relevance(struct arena *a, const struct kbuild_unit *unit, const struct rule_set *rules,
		bool *any, struct vocabulary *words);

#endif
