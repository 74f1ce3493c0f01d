/* SPDX-License-Identifier: MIT */
#include "rules/evaluate.h"

/* The case cannot have the truth value, whatever is unknown of its result here. */
static bool is_other_class(const struct evaluation *ev, uint32_t n)
{
	if (n >= ev->sum->ncases)
		return false;
	return ev->sum->cases[n].ret_class == (ev->wanted ? RET_ZERO : RET_NONZERO);
}

static void collect(void *arg, const struct cond *pc, word_id ret)
{
	struct evaluation *ev = arg;
	bit_id b = word_nonzero(ev->j->e.dom, ret);

	if (!ev->wanted)
		b = bit_not(ev->j->e.dom, b);
	if (is_other_class(ev, ev->seen++) || pc->unsat || bit_same(b, BIT_0))
		return;
	if (ev->n == EVALUATION_CASES) {
		ev->overflow = true;
		return;
	}
	ev->focus[ev->n] = b;
	ev->cond[ev->n++] = pc;
}

void evaluation_run(struct evaluation *ev, struct judge *j, struct fun *f, const struct state *s,
		    ir_fn expr, const word_id *args, unsigned nargs, bool final, bool wanted)
{
	struct state copy = { 0 };

	*ev = (struct evaluation){ .j = j, .wanted = wanted, .sum = engine_summary(&j->e, expr) };
	state_copy(&copy, s);
	engine_eval(f, &copy, expr, args, nargs, final, collect, ev);
	ev->pc = copy.pc;
	state_release(&copy);
}

void evaluation_oblige(const struct evaluation *ev, unsigned i, struct obligation *o,
		       struct premises *why)
{
	struct dom *d = ev->j->e.dom;

	premises_add_cond(why, ev->pc);
	premises_add_cond(why, ev->cond[i]);
	premises_add(why, ev->focus[i], 0);
	o->may |= ev->overflow;
	o->bad = cond_and_all(d, cond_and(d, ev->pc, ev->focus[i], 0), ev->cond[i]);
	for (uint32_t n = 0; n < ev->cond[i]->n && o->nfocus < OBLIGATION_FOCUS - 1; n++)
		o->focus[o->nfocus++] = ev->cond[i]->c[n].bit;
	o->focus[o->nfocus++] = ev->focus[i];
}
