/* SPDX-License-Identifier: MIT */
/*
 * Witnesses: assignments known to satisfy a condition.
 *
 * Most questions to the solver have the answer "satisfiable", and most of them
 * about few conditions. Each condition keeps some assignments that satisfy it;
 * one under which the bit in question holds saves the search. A witness gives
 * values to symbols; predicates and names are computed from them, so that it
 * is consistent with the theory by construction.
 */
#include "domain/dom.h"

#define VARIANTS 4

/* Symbols that a witness does not name have this value; several, to tell bits apart. */
static uint64_t default_value(sym_id s, unsigned variant)
{
	switch (variant) {
	case 0: return 0;
	case 1: return ~(uint64_t)0;
	default: return hash_mix(s.i, variant) ^ hash_mix(s.i, variant + 7) << 32;
	}
}

static uint64_t sym_value(const struct weval *e, sym_id s)
{
	const struct sym *y = sym_get(e->d, s);
	uint32_t lo = 0, hi = e->n;
	struct iv all;
	uint64_t v;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (e->v[mid].s.i < s.i)
			lo = mid + 1;
		else
			hi = mid;
	}
	v = default_value(s, e->variant) & width_mask(y->width);
	if (lo < e->n && e->v[lo].s.i == s.i)
		return (v & ~e->v[lo].mask) | e->v[lo].bits;
	if (!y->nonzero)
		return v;
	all = sym_range(e->d, s);
	return all.lo <= v && v <= all.hi ? v : all.lo;
}

static struct weval_memo *memo_of(struct dom *d, sym_id s)
{
	if (d->weval_memo.n <= s.i) {
		array_reserve(&d->weval_memo, d->syms.n);
		memset(&d->weval_memo.v[d->weval_memo.n], 0,
		       (d->syms.n - d->weval_memo.n) * sizeof(*d->weval_memo.v));
		d->weval_memo.n = d->syms.n;
	}
	return &d->weval_memo.v[s.i];
}

static uint64_t weval_sym(struct weval *e, sym_id s)
{
	struct weval_memo *m = memo_of(e->d, s);

	if (m->stamp != e->stamp) {
		m->value = sym_value(e, s);
		m->stamp = e->stamp;
	}
	return m->value;
}

/*
 * The bits as a number lie in [lo, hi]: from the highest bit down, until they
 * are off both ends; so few of them need to be computed.
 */
static bool bits_between(struct weval *e, const bit_id *bits, unsigned width, uint64_t lo,
			 uint64_t hi)
{
	bool at_lo = true, at_hi = true;

	for (unsigned k = width; k-- > 0 && (at_lo || at_hi);) {
		bool l = lo >> k & 1, h = hi >> k & 1;
		bool v = !bit_is_top(bits[k]) && bit_eval(e->d, bits[k], weval_atom, e);

		if ((at_lo && v < l) || (at_hi && v > h))
			return false;
		at_lo = at_lo && v == l;
		at_hi = at_hi && v == h;
	}
	return true;
}

static bool weval_pred(struct weval *e, const struct pred *p)
{
	const struct word *x = word_get(e->d, p->base);
	uint64_t mask = width_mask(x->width), hi = (p->lo + p->span) & mask;
	const bit_id *bits;

	if (x->kind == W_SYM)
		return ((weval_sym(e, x->sym) - p->lo) & mask) <= p->span;
	bits = word_bits(e->d, p->base);
	if (p->lo <= hi)
		return bits_between(e, bits, x->width, p->lo, hi);
	return !bits_between(e, bits, x->width, hi + 1, p->lo - 1);
}

bool weval_atom(void *arg, atom_id a)
{
	struct weval *e = arg;
	struct dom *d = e->d;
	sym_id s = atom_sym(a);
	struct weval_memo *m = memo_of(d, s);
	uint64_t v;

	if (m->stamp != e->stamp) {
		const struct pred p = sym_get(d, s)->pred;

		v = p.base.i ? weval_pred(e, &p) : sym_value(e, s);
		m = memo_of(d, s);
		*m = (struct weval_memo){ e->stamp, v };
	}
	return m->value >> atom_bit(a) & 1;
}

struct weval weval_start(struct dom *d, const struct wval *v, uint32_t n, unsigned variant)
{
	return (struct weval){ d, v, n, variant, ++d->weval_stamp };
}

/* ------------------------------------------------------------- of a condition */

static struct weval weval_of(struct dom *d, const struct witness *w)
{
	return (struct weval){ d, w->v, w->n, w->variant, w->stamp };
}

static bool makes_true(struct weval *e, const struct cond *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (!bit_eval(e->d, c->c[i].bit, weval_atom, e))
			return false;
	return true;
}

static bool satisfies(struct dom *d, const struct witness *w, const struct cond *c)
{
	struct weval e = weval_of(d, w);

	return makes_true(&e, c);
}

static void wits_add(struct wits *t, const struct witness *w)
{
	if (t->n < WITNESSES) {
		t->w[t->n++] = w;
		return;
	}
	t->w[t->next] = w;
	t->next = (uint8_t)((t->next + 1) % WITNESSES);
}

static bool was_asked(struct dom *d, const struct weval *e, const struct wval *v)
{
	return memo_of(d, v->s)->stamp == e->stamp;
}

/*
 * The assignment that was evaluated, to keep: without the symbols that nobody asked for, which
 * came from the conditions before it and would be handed on for ever.
 */
static struct witness *witness_new(struct dom *d, const struct weval *e)
{
	struct witness *w;
	uint32_t n = 0;

	for (uint32_t i = 0; i < e->n; i++)
		n += was_asked(d, e, &e->v[i]);
	w = arena_alloc(&d->arena, sizeof(*w) + n * sizeof(*w->v));
	w->variant = (uint8_t)e->variant;
	w->stamp = e->stamp;
	for (uint32_t i = 0; i < e->n; i++)
		if (was_asked(d, e, &e->v[i]))
			w->v[w->n++] = e->v[i];
	return w;
}

/* Assignments of nothing but defaults: they satisfy the empty condition, and sometimes others. */
static void try_defaults(struct dom *d, const struct cond *c, struct wits *t)
{
	t->tried = true;
	for (unsigned i = 0; i < VARIANTS; i++) {
		struct witness *w = d->default_witness[i];

		if (!w) {
			struct weval e = weval_start(d, NULL, 0, i);

			w = d->default_witness[i] = witness_new(d, &e);
		}
		if (satisfies(d, w, c))
			wits_add(t, w);
	}
}

bool witness_allows(struct dom *d, const struct cond *c, bit_id b)
{
	struct wits *t = cond_wits(d, c);

	if (!t->n && !t->tried)
		try_defaults(d, c, t);
	for (unsigned i = 0; i < t->n; i++) {
		struct weval e = weval_of(d, t->w[i]);

		if (bit_eval(d, b, weval_atom, &e))
			return true;
	}
	return false;
}

static bool some_satisfies(struct dom *d, const struct wits *t, const struct cond *c)
{
	for (unsigned i = 0; i < t->n; i++)
		if (satisfies(d, t->w[i], c))
			return true;
	return false;
}

bool witness_common(struct dom *d, const struct cond *x, const struct cond *y)
{
	return some_satisfies(d, cond_wits(d, x), y) || some_satisfies(d, cond_wits(d, y), x);
}

/* over, then base where over says nothing; both ascending. Into d->overlay. */
static void overlay(struct dom *d, const struct witness *base, const struct wval *over, uint32_t n)
{
	uint32_t m = base ? base->n : 0, i = 0, j = 0;

	array_clear(&d->overlay);
	while (i < n || j < m) {
		struct wval to;

		if (j == m || (i < n && over[i].s.i < base->v[j].s.i)) {
			to = over[i++];
		} else if (i == n || base->v[j].s.i < over[i].s.i) {
			to = base->v[j++];
		} else {
			to.s = over[i].s;
			to.mask = over[i].mask | base->v[j].mask;
			to.bits = (base->v[j].bits & ~over[i].mask) | over[i].bits;
			i++;
			j++;
		}
		array_push(&d->overlay, to);
	}
}

void witness_learn(struct dom *d, const struct cond *c, bit_id b, const struct wval *v, uint32_t n,
		   unsigned variant)
{
	struct wits *t = cond_wits(d, c);
	const struct witness *base = t->n ? t->w[0] : NULL;
	/* New defaults each time answer more questions; the others fit more often. */
	const unsigned with[3] = { 2 + d->weval_stamp % 200, variant, base ? base->variant : 0 };

	overlay(d, base, v, n);
	for (unsigned i = 0; i < 3; i++) {
		struct weval e = weval_start(d, d->overlay.v, d->overlay.n, with[i]);

		if (bit_eval(d, b, weval_atom, &e) && makes_true(&e, c)) {
			wits_add(t, witness_new(d, &e));
			return;
		}
	}
}

void witness_inherit(struct dom *d, const struct cond *from, const struct cond *to, bit_id b)
{
	const struct wits *f = cond_wits(d, from);
	struct wits *t = cond_wits(d, to);

	if (t->n || from == to)
		return;
	for (unsigned i = 0; i < f->n && t->n < WITNESSES; i++) {
		struct weval e = weval_of(d, f->w[i]);

		if (bit_is_top(b) || bit_eval(d, b, weval_atom, &e))
			wits_add(t, f->w[i]);
	}
}
