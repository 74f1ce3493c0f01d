/* SPDX-License-Identifier: MIT */
/*
 * lock_balance.h - shared by the files of the template lock-balance
 */
#ifndef PF_RULES_LOCK_BALANCE_H
#define PF_RULES_LOCK_BALANCE_H

#include "rules/judge.h"

/* The rule is about the lock. */
bool lock_is_concerned(const struct judge *j, const struct docket *d, struct lock_ref ref);

/* Two returns that must leave the locks alike: of one kind, or the one fails and the other not. */
bool lock_must_agree(const struct summary_case *a, const struct summary_case *b);

/*
 * from: where the lock was taken or given before, 0 for nowhere; loc: what is wrong, with
 * the lock held there or not.
 */
void lock_report(struct judge *j, struct docket *d, ir_fn fn, const struct lock *l, ir_loc from,
		 ir_loc loc, bool held, const char *fault, bool exact);

/* lock_irq.c: what an entry point leaves of interrupts and bottom halves. */
void lock_irq_judge(struct judge *j, struct docket *d, ir_fn fn);

#endif
