/* SPDX-License-Identifier: MIT */
/*
 * policy.h - what rules take for granted of fields, proved or taken back
 */
#ifndef PF_RULES_POLICY_H
#define PF_RULES_POLICY_H

#include "rules/judge.h"

/*
 * Judges the policies of all rules over j->shared, of a unit or of a program.
 * What is refuted is in j->refuted, and j->nrefuted counts up: then a program has
 * to be analysed again.
 */
void policy_judge(struct judge *j);

/* In an earlier round; the field is one that anybody may change. */
bool policy_is_refuted(const struct judge *j, const struct bound_rule *b, unsigned k);

/* For the list of assumptions; NULL where it was refuted. */
const char *policy_text(struct judge *j, const struct docket *d, unsigned k);

/*
 * Where a policy was refuted the rule is not proved any more, whatever was found. A
 * finding says enough of a unit.
 */
void policy_refutations(struct judge *j, struct docket *d);

#endif
