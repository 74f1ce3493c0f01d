/* SPDX-License-Identifier: MIT */
/*
 * irq.c - interrupts on the processor of the first thread
 *
 * A handler comes only where that thread has interrupts on, and the thread goes
 * on only when the handler is done. A section with interrupts off is thereby
 * ordered against the handler, as by a lock.
 */
#include "oracle.h"

#define FLAG_ON 0x200	/* of the word that saves the state */
#define IRQ_SYNC 1	/* the address that stands for that order */

static bool is_handler(const struct oracle *x, unsigned t)
{
	return x->sc->has_interrupt && t + 1 == x->sc->nthreads;
}

bool irq_may_run(const struct oracle *x, const struct state *s, unsigned t)
{
	const struct thread *handler = &s->t[s->nthreads - 1];

	if (!x->sc->has_interrupt || t == SEQ)
		return true;
	if (is_handler(x, t))
		return handler->begun || !s->t[0].irqs_off || x->plant == PLANT_NO_IRQ;
	return t || !handler->begun || handler->state == THREAD_DONE;
}

bool irq_waits(const struct oracle *x, const struct state *s, unsigned t)
{
	return is_handler(x, t) && !s->t[t].begun;
}

void irq_begin(struct oracle *x, struct state *s, unsigned t)
{
	s->t[t].begun = true;
	s->t[t].irqs_off = true;
	race_learn(x, s, t, IRQ_SYNC, SYNC_EXCLUSIVE);
}

static void turn(struct oracle *x, struct state *s, unsigned t, bool off)
{
	struct thread *th = &s->t[t];

	if (th->irqs_off == off)
		return;
	th->irqs_off = off;
	if (!x->sc->has_interrupt || t)
		return;
	if (off)
		race_learn(x, s, t, IRQ_SYNC, SYNC_EXCLUSIVE);
	else
		race_teach(x, s, t, IRQ_SYNC, SYNC_EXCLUSIVE, false);
}

word irq_acquire(struct oracle *x, struct state *s, unsigned t, enum model_lock_irq irq)
{
	word flags = s->t[t].irqs_off ? 0 : FLAG_ON;

	if (irq == MODEL_IRQ_BH)
		s->t[t].bh_off++;
	else if (irq != MODEL_IRQ_NONE)
		turn(x, s, t, true);
	return irq == MODEL_IRQ_SAVE ? flags : 0;
}

void irq_release(struct oracle *x, struct state *s, unsigned t, enum model_lock_irq irq, word flags)
{
	bool on = irq == MODEL_IRQ_OFF || (irq == MODEL_IRQ_SAVE && flags & FLAG_ON);

	if (irq == MODEL_IRQ_BH && !s->t[t].bh_off)
		stop(x, MISUSE, "bottom halves are let in that were not shut out");
	else if (irq == MODEL_IRQ_BH)
		s->t[t].bh_off--;
	else if (on && is_handler(x, t))
		stop(x, MISUSE, "interrupts are turned on in an interrupt");
	else if (irq != MODEL_IRQ_NONE)
		turn(x, s, t, !on);
}

const char *irq_end(struct oracle *x, struct state *s, unsigned t)
{
	const struct thread *th = &s->t[t];

	if (is_handler(x, t)) {
		race_teach(x, s, t, IRQ_SYNC, SYNC_EXCLUSIVE, false);
		return th->bh_off ? "bottom halves shut out" : NULL;
	}
	return th->irqs_off ? "interrupts off" : th->bh_off ? "bottom halves shut out" : NULL;
}
