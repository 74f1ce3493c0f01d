/* SPDX-License-Identifier: MIT */
/*
 * leave.h - what one check leaves in the object tree beside its log
 *
 * The rules, once for all units (rules_file.h), and the facts for the link.
 *
 * Where these go says call->facts. A check takes away what an older one left,
 * before it begins, and the new file appears whole or not at all: a check that
 * was killed leaves none, and the link says that the unit was not seen.
 */
#ifndef PF_COMMAND_LEAVE_H
#define PF_COMMAND_LEAVE_H

#include "command/call.h"
#include "program/facts.h"
#include "report/rules_file.h"

/*
 * Sees to it that the tree of the call has the file of these rules; gives its name. False
 * where there are none, or it cannot be written.
 */
bool leave_rules(const struct call *c, const struct rule_set *rules, char name[RULES_FILE_NAME]);

void leave_nothing(const struct call *c);

/*
 * u: NULL for a unit that was skipped; words: of such a one, else NULL. What cannot be written
 * is told in *why.
 */
bool leave_facts(const struct call *c, const struct rule_set *rules, enum facts_status status,
		 const struct vocabulary *words, const struct ir_unit *u, struct buffer *why);

#endif
