/* SPDX-License-Identifier: MIT */
/*
 * evaluate.h - the expression of a rule in a state, and what follows from its truth
 */
#ifndef PF_RULES_EVALUATE_H
#define PF_RULES_EVALUATE_H

#include "rules/judge.h"

#define EVALUATION_CASES 8

struct evaluation {
	struct judge *j;
	bool wanted;			/* collect the cases with this truth value */
	const struct cond *pc;		/* of the state, with what the loads found out */
	const struct cond *cond[EVALUATION_CASES];	/* of the case alone */
	bit_id focus[EVALUATION_CASES];
	unsigned n;
	bool overflow;
	const struct summary *sum;	/* of the expression */
	uint32_t seen;			/* cases of it, in its order */
};

/* The cases of the expression with that truth value; s stays as it is. final: see engine_eval(). */
void evaluation_run(struct evaluation *ev, struct judge *j, struct fun *f, const struct state *s,
		    ir_fn expr, const word_id *args, unsigned nargs, bool final, bool wanted);

/* The condition of case i becomes that of the obligation; why: the clauses it is made of. */
void evaluation_oblige(const struct evaluation *ev, unsigned i, struct obligation *o,
		       struct premises *why);

#endif
