/* SPDX-License-Identifier: MIT */
/*
 * Template lock-balance: interrupts and bottom halves are as they were where an
 * entry point returns. What is taken with them shut out and given without letting
 * them in, or with the flags of another lock, leaves them as they are for good,
 * unless somebody else sets that right: the flags are handed on, or a lock is
 * still held.
 */
#include "rules/lock_balance.h"

static bool mentions(const struct judge *j, word_id w, sym_id flags)
{
	const sym_id *all;
	uint32_t n;

	if (word_is_none(w))
		return false;
	all = word_mentions(j->e.dom, w, &n);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].i == flags.i)
			return true;
	return false;
}

/* A word that was saved leaves the function: who has it can restore it. */
static bool is_handed_on(const struct judge *j, const struct summary_case *c)
{
	for (uint32_t i = 0; i < c->exit.irq.saved.n; i++) {
		sym_id flags = c->exit.irq.saved.v[i].flags;

		if (mentions(j, c->ret, flags))
			return true;
		for (uint32_t k = 0; k < c->exit.cells.n; k++)
			if (c->exit.cells.v[k].kind == CELL_WORD &&
			    mentions(j, c->exit.cells.v[k].val, flags))
				return true;
	}
	return false;
}

static bool keeps_a_lock(const struct state *s)
{
	for (uint32_t i = 0; i < s->held.n; i++)
		if (!s->held.v[i].assumed)
			return true;
	return s->unsure.n > 0;
}

static void report(struct judge *j, struct docket *d, const struct irq_by *by, const char *fault,
		   bool exact)
{
	struct lock l = { .ref = by->ref, .fn = by->fn, .loc = by->loc };

	if (by->loc && lock_is_concerned(j, d, by->ref))
		lock_report(j, d, by->fn, &l, 0, by->loc, false, fault, exact);
}

/* They are off here, and not where the function returns in the same way. */
static bool is_alone(const struct summary *sum, const struct summary_case *c)
{
	for (uint32_t i = 0; i < sum->ncases; i++)
		if (lock_must_agree(c, &sum->cases[i]) &&
		    sum->cases[i].exit.irq.now == IRQS_AS_BEFORE)
			return true;
	return false;
}

static void judge_case(struct judge *j, struct docket *d, const struct summary *sum,
		       const struct summary_case *c)
{
	const struct interrupts *irq = &c->exit.irq;
	bool sure = !c->imprecise;

	if (keeps_a_lock(&c->exit) || is_handed_on(j, c))
		return;
	if (irq->now == IRQS_OFF && irq->left.loc)
		report(j, d, &irq->left, irq->left.ref.root.i ?
		       "is given back here, and interrupts stay off" :
		       "are restored here, and stay off", sure);
	else if (irq->now == IRQS_OFF && is_alone(sum, c))
		report(j, d, &irq->out, irq->out.ref.root.i ?
		       "is taken here with interrupts off, and they still are at a return, and not "
		       "at another of the same kind" :
		       "are still off at a return, and not at another of the same kind", sure);
	if (irq->bh != BH_UNKNOWN && irq->bh > 0)
		report(j, d, &irq->bh_left, "is given back here, and bottom halves stay shut out",
		       sure);
	else if (irq->bh < 0)
		report(j, d, &irq->bh_left, "is given back here, and bottom halves come in that it "
		       "did not shut out", sure);
}

void lock_irq_judge(struct judge *j, struct docket *d, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->ncases; i++)
		judge_case(j, d, sum, &sum->cases[i]);
}
