/* SPDX-License-Identifier: MIT */
/*
 * concern.h - what a unit of a build has for each rule, told by its IR
 *
 * The text cannot tell a unit that uses a record from one that only includes the
 * header where it is defined; the IR has what the unit's code does. It is the IR
 * of the facts: what no code of the unit reaches is not in it.
 */
#ifndef PF_RULES_CONCERN_H
#define PF_RULES_CONCERN_H

#include "base/map.h"
#include "ir/ir.h"
#include "model/model.h"
#include "rules/rule.h"

#define CONCERN_WHEN 64		/* clauses of a when: that are told apart */

struct concern {
	/* By rule: code of the unit handles a record that the rule names, or one that
	 * holds it, calls a function that it names, or could not be read. */
	bool *has;
	bool *writes;	/* the same, of code that may write a field that the rule takes for granted */
	/* By rule: bit i: the fields of the record of the i-th clause of when: are known; and the
	 * clause holds here. */
	uint64_t *shows, *holds;
	struct map names;	/* hashes of the names of functions that it calls or takes the
				 * address of, of members that it calls or fills, and of the
				 * records that it handles */
};

/* The arrays are in the arena. */
void concern_of_unit(struct concern *c, struct arena *a, const struct ir_unit *u,
		     const struct rule *rules, uint32_t n, const struct model *model);
void concern_release(struct concern *c);

/* Whether the unit calls the function of that name, uses the member, or handles the record. */
bool concern_names(const struct concern *c, const char *name);

#endif
