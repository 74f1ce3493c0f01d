/* SPDX-License-Identifier: MIT */
/*
 * relevance.h - which rules can concern a unit, told from its text alone
 */
#ifndef PF_COMMAND_RELEVANCE_H
#define PF_COMMAND_RELEVANCE_H

#include "kbuild/argv.h"
#include "rules/rule.h"

/*
 * One bool per rule of the set, in the arena; *any tells whether one is true.
 * A false is certain: the rule has nothing to say about the unit.
 */
bool *relevance(struct arena *a, const struct kbuild_unit *unit, const struct rule_set *rules,
		bool *any);

#endif
