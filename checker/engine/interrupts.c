/* SPDX-License-Identifier: MIT */
#include "engine/interrupts.h"

#include <string.h>

#include "base/buffer.h"
#include "engine/fun.h"

#define BH_MAX 8	/* times that bottom halves are shut out; more are not counted */

static bool same_now(const struct interrupts *a, const struct interrupts *b)
{
	return a->now == b->now && (a->now != IRQS_FROM || a->from.i == b->from.i);
}

bool interrupts_same(const struct state *a, const struct state *b)
{
	return same_now(&a->irq, &b->irq) && a->irq.bh == b->irq.bh;
}

void interrupts_copy(struct interrupts *to, const struct interrupts *from)
{
	uint32_t n = from->saved.n;

	array_reserve(&to->saved, n);
	if (n)
		memcpy(to->saved.v, from->saved.v, n * sizeof(*to->saved.v));
	to->saved.n = n;
	to->now = from->now;
	to->from = from->from;
	to->presumed = from->presumed;
	to->bh = from->bh;
	to->out = from->out;
	to->in = from->in;
	to->left = from->left;
	to->bh_left = from->bh_left;
}

void interrupts_release(struct interrupts *i)
{
	array_release(&i->saved);
}

static const struct irq_saved *find(const struct interrupts *i, sym_id flags)
{
	for (uint32_t k = 0; k < i->saved.n; k++)
		if (i->saved.v[k].flags.i == flags.i)
			return &i->saved.v[k];
	return NULL;
}

static void forget(struct interrupts *i, sym_id flags)
{
	uint32_t kept = 0;

	for (uint32_t k = 0; k < i->saved.n; k++)
		if (i->saved.v[k].flags.i != flags.i)
			i->saved.v[kept++] = i->saved.v[k];
	i->saved.n = kept;
}

void interrupts_join(struct interrupts *out, const struct interrupts *a,
		     const struct interrupts *b)
{
	interrupts_copy(out, a);
	if (!same_now(a, b))
		out->now = IRQS_UNKNOWN;
	out->presumed &= b->presumed;
	if (a->bh != b->bh)
		out->bh = BH_UNKNOWN;
	for (uint32_t k = a->saved.n; k-- > 0;) {
		const struct irq_saved *other = find(b, a->saved.v[k].flags);

		if (!other || other->then != a->saved.v[k].then)
			forget(out, a->saved.v[k].flags);
	}
}

void interrupts_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg)
{
	for (uint32_t k = s->irq.saved.n; k-- > 0;)
		if (pred(arg, s->irq.saved.v[k].flags))
			forget(&s->irq, s->irq.saved.v[k].flags);
	if (s->irq.now == IRQS_FROM && pred(arg, s->irq.from))
		s->irq.now = IRQS_UNKNOWN;
}

/* ----------------------------------------------------------------- primitives */

static bool as_flags(struct fun *f, word_id w, sym_id *flags)
{
	int64_t delta;

	return !word_is_none(w) && word_as_symoff(f->e->dom, w, flags, &delta) && !delta;
}

static void save(struct fun *f, struct state *s, word_id word)
{
	struct irq_saved saved = { .then = s->irq.now };

	if (!as_flags(f, word, &saved.flags))
		return;
	forget(&s->irq, saved.flags);
	array_push(&s->irq.saved, saved);
}

static void shut_out(struct fun *f, struct state *s, uint8_t irq, word_id flags)
{
	if (irq == MODEL_IRQ_SAVE)
		save(f, s, flags);
	if (s->irq.now != IRQS_OFF) {
		s->irq.presumed = irq == MODEL_IRQ_OFF && s->irq.now == IRQS_AS_BEFORE;
		s->irq.left = (struct irq_by){ .loc = 0 };
	}
	s->irq.now = IRQS_OFF;
}

/* The word came up before the function did: a caller knows how they were then. */
static bool is_of_caller(struct fun *f, sym_id flags)
{
	const struct symbol *k = symbol_info(&f->e->syms, flags);

	return k->kind == SYM_K_PARAM || k->kind == SYM_K_CELL || k->kind == SYM_K_INIT ||
	       k->kind == SYM_K_FINAL;
}

static void restore(struct fun *f, struct state *s, word_id word)
{
	const struct irq_saved *saved;
	sym_id flags;

	s->irq.now = IRQS_UNKNOWN;
	if (!as_flags(f, word, &flags))
		return;
	saved = find(&s->irq, flags);
	if (saved) {
		s->irq.now = saved->then == IRQS_FROM ? IRQS_UNKNOWN : saved->then;
	} else if (is_of_caller(f, flags)) {
		s->irq.now = IRQS_FROM;
		s->irq.from = flags;
	}
}

static void let_in(struct fun *f, struct state *s, uint8_t irq, word_id flags)
{
	if (irq == MODEL_IRQ_SAVE)
		restore(f, s, flags);
	else
		s->irq.now = s->irq.now == IRQS_OFF && s->irq.presumed ? IRQS_AS_BEFORE : IRQS_ON;
}

/* What was done here decides how they are, if they are not let in. */
static void leave_off(struct state *s, struct irq_by by)
{
	bool off = s->irq.now == IRQS_OFF || s->irq.now == IRQS_FROM;

	s->irq.left = off ? by : (struct irq_by){ .loc = 0 };
}

static void count_bh(struct state *s, int by)
{
	if (s->irq.bh != BH_UNKNOWN)
		s->irq.bh = (int8_t)(s->irq.bh + by);
	if (s->irq.bh > BH_MAX || s->irq.bh < -BH_MAX)
		s->irq.bh = BH_UNKNOWN;
}

/* They come in while a lock is held that was taken with them off: an interrupt may want it. */
static void tell(struct fun *f, struct state *s, ir_loc loc)
{
	struct lock_event e = { .op = MODEL_LOCK_ENABLE, .fault = LOCK_IRQS_IN, .loc = loc };

	for (uint32_t k = 0; k < s->held.n; k++) {
		const struct lock *held = &s->held.v[k];

		if (held->assumed || (held->irq != MODEL_IRQ_OFF && held->irq != MODEL_IRQ_SAVE))
			continue;
		e.lock = e.before = *held;
		locking_tell(f, s, &e);
		return;
	}
}

void interrupts_leave(struct state *s, const struct lock *given, uint8_t had)
{
	struct irq_by by = { given->ref, given->fn, given->loc };

	if (given->irq == MODEL_IRQ_BH || had == MODEL_IRQ_BH)
		s->irq.bh_left = by;
	else
		s->irq.left = by;
}

void interrupts_apply(struct fun *f, struct state *s, const struct model_lock *m, word_id flags,
		      const struct lock *l)
{
	struct irq_by by = { l->ref, l->fn, l->loc };
	bool out = m->op == MODEL_LOCK_ACQUIRE || m->op == MODEL_LOCK_DISABLE;

	if (m->irq == MODEL_IRQ_NONE)
		return;
	if (m->irq == MODEL_IRQ_BH) {
		count_bh(s, out ? 1 : -1);
		return;
	}
	if (out) {
		shut_out(f, s, m->irq, flags);
		s->irq.out = by;
		return;
	}
	let_in(f, s, m->irq, flags);
	leave_off(s, by);
	if (m->irq == MODEL_IRQ_OFF)
		s->irq.in = by;
	if (s->irq.now == IRQS_AS_BEFORE || s->irq.now == IRQS_ON)
		tell(f, s, l->loc);
}

/* ------------------------------------------------------------------- summaries */

static uint8_t in_caller(const struct inst *in, uint8_t then)
{
	return then == IRQS_AS_BEFORE ? in->s->irq.now : then;
}

static void take_saved(struct inst *in, struct state *t, const struct interrupts *x)
{
	for (uint32_t k = 0; k < x->saved.n; k++) {
		struct irq_saved saved = { .then = in_caller(in, x->saved.v[k].then) };

		if (!as_flags(in->f, inst_symbol(in, x->saved.v[k].flags), &saved.flags))
			continue;
		forget(&t->irq, saved.flags);
		array_push(&t->irq.saved, saved);
	}
}

static void take_places(struct interrupts *to, const struct interrupts *x)
{
	if (x->out.loc)
		to->out = x->out;
	if (x->in.loc)
		to->in = x->in;
	if (x->bh_left.loc)
		to->bh_left = x->bh_left;
}

/* How they are after the call; true where they were let in. */
static bool take_now(struct inst *in, struct state *t, const struct interrupts *x)
{
	struct irq_by here = { x->left.ref, in->f->id, in->loc };
	uint8_t was = in->s->irq.now;

	switch (x->now) {
	case IRQS_AS_BEFORE:
		/* In between they came in: that they do again is no news unless they were off. */
		if (!x->in.loc || was != IRQS_OFF || in->s->irq.presumed)
			return false;
		t->irq.now = IRQS_ON;
		leave_off(t, here);
		return true;
	case IRQS_ON:
		let_in(in->f, t, MODEL_IRQ_OFF, WORD_NONE);
		leave_off(t, here);
		return true;
	case IRQS_FROM:
		restore(in->f, t, inst_symbol(in, x->from));
		/* It may be that no lock was given with it. */
		if (!here.ref.root.i ||
		    !lock_at_word(in->f, inst_symbol(in, here.ref.root), here.ref.off, &here.ref))
			here.ref = (struct lock_ref){ SYM_NONE, 0 };
		leave_off(t, here);
		return t->irq.now == IRQS_AS_BEFORE || t->irq.now == IRQS_ON;
	default:
		t->irq.now = x->now;
		t->irq.presumed = x->presumed && was == IRQS_AS_BEFORE;
		leave_off(t, x->left);
		return false;
	}
}

void interrupts_apply_summary(struct inst *in, struct state *t, const struct state *exit)
{
	const struct interrupts *x = &exit->irq;
	bool come;

	take_saved(in, t, x);
	take_places(&t->irq, x);
	come = take_now(in, t, x);
	if (x->bh == BH_UNKNOWN)
		t->irq.bh = BH_UNKNOWN;
	else
		count_bh(t, x->bh);
	if (come)
		tell(in->f, t, in->loc);
}

void interrupts_print(const struct state *s, struct symbols *syms, struct buffer *out)
{
	static const char *const words[] = { "", "off", "on", "as a word says", "unknown" };

	if (s->irq.now != IRQS_AS_BEFORE)
		buffer_printf(out, "    interrupts %s\n", words[s->irq.now]);
	if (s->irq.bh == BH_UNKNOWN)
		buffer_puts(out, "    bottom halves unknown\n");
	else if (s->irq.bh)
		buffer_printf(out, "    bottom halves %+d\n", -s->irq.bh);
	for (uint32_t k = 0; k < s->irq.saved.n; k++) {
		buffer_puts(out, "    saved in ");
		symbol_name(syms, s->irq.saved.v[k].flags, out);
		buffer_puts(out, "\n");
	}
}
