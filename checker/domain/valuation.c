/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

/* ------------------------------------------------------------------ evaluation */

struct model_eval {
	struct dom *d;
	const struct valuation *m;
	struct map known;	/* symbol -> value */
};

static bool model_atom(void *arg, atom_id a);

/* A value for a symbol that the model does not name: 0, unless it is never 0. */
static uint64_t least_value(const struct dom *d, sym_id s, word_id w)
{
	struct ivs all;

	if (!sym_get(d, s)->nonzero)
		return 0;
	ivs_all(&all, d, w);
	return all.v[0].lo;
}

/* The bits that the model names; the others are 0, or as the definition says. */
static uint64_t model_sym(struct model_eval *x, sym_id s)
{
	const uint64_t *known = map_get(&x->known, s.i);
	uint64_t mask = 0, bits = 0, v = 0;

	if (known)
		return *known;
	for (uint32_t i = 0; i < x->m->n; i++) {
		atom_id a = x->m->v[i].atom;

		if (atom_sym(a).i != s.i)
			continue;
		mask |= (uint64_t)1 << atom_bit(a);
		bits |= (uint64_t)x->m->v[i].value << atom_bit(a);
	}
	if (sym_get(x->d, s)->derived && mask != width_mask(sym_width(x->d, s)))
		eval_def(x->d, s, model_atom, x, &v);
	else if (!mask)
		v = least_value(x->d, s, word_sym(x->d, s));
	v = (v & ~mask) | bits;
	*map_put(&x->known, s.i) = v;
	return v;
}

static bool model_atom(void *arg, atom_id a)
{
	return model_sym(arg, atom_sym(a)) >> atom_bit(a) & 1;
}

uint64_t model_word(struct dom *d, const struct valuation *m, word_id w)
{
	struct model_eval x = { d, m, MAP_INIT };
	bool exact;
	uint64_t v = word_eval(d, w, model_atom, &x, &exact);

	map_release(&x.known);
	return v;
}

bool model_bit(struct dom *d, const struct valuation *m, bit_id b)
{
	struct model_eval x = { d, m, MAP_INIT };
	bool v = !bit_is_top(b) && bit_eval(d, b, model_atom, &x);

	map_release(&x.known);
	return v;
}

/* ------------------------------------------------------------------- the model */

static void model_put(struct valuation *m, atom_id a, bool v)
{
	const uint32_t limit = sizeof(m->v) / sizeof(m->v[0]);

	if (m->n == limit)
		return;
	m->v[m->n].atom = a;
	m->v[m->n++].value = v;
}

/* First what is 1 or belongs to a defined symbol: the rest is 0 by default. */
static void model_fill(struct dom *d, struct valuation *m)
{
	unsigned variant;
	uint32_t n;
	const struct wval *v = solve_values(d, &n, &variant);

	for (unsigned zeros = 0; zeros < 2; zeros++)
		for (uint32_t i = 0; i < n; i++)
			for (unsigned k = 0; k < sym_width(d, v[i].s); k++) {
				bool one = v[i].bits >> k & 1;

				if ((v[i].mask >> k & 1) &&
				    (one || sym_get(d, v[i].s)->derived) != zeros)
					model_put(m, atom_make(v[i].s, k), one);
			}
}

/* w is a symbol + delta that nothing has given a value yet. */
static bool is_open(struct dom *d, const struct valuation *m, word_id w)
{
	const struct word *x = word_get(d, w);
	const struct sym *y;

	if (x->kind != W_SYM)
		return false;
	y = sym_get(d, x->sym);
	for (uint32_t i = 0; i < m->n; i++)
		if (atom_sym(m->v[i].atom).i == x->sym.i)
			return false;
	return !y->derived && !y->nonzero;
}

static void give(struct dom *d, struct valuation *m, word_id w, uint64_t v)
{
	const struct word *x = word_get(d, w);

	v -= x->value;
	for (unsigned k = 0; k < x->width; k++)
		model_put(m, atom_make(x->sym, k), v >> k & 1);
}

static bool holds(struct dom *d, const struct valuation *m, const struct sym *y)
{
	return eval_cmp((enum ir_op)y->op, model_word(d, m, y->a), model_word(d, m, y->b),
			word_width(d, y->a));
}

/* Values for open sides of the comparison that make it what the model says. */
static void agree(struct dom *d, struct valuation *m, const struct sym *y, bool want)
{
	uint64_t least = y->op == IR_SLT ? width_sign(word_width(d, y->a)) : 0, most = least - 1;

	if (holds(d, m, y) != want && is_open(d, m, y->a))
		give(d, m, y->a, y->op == IR_EQ ? model_word(d, m, y->b) + !want :
				 want ? least : most);
	if (holds(d, m, y) != want && is_open(d, m, y->b))
		give(d, m, y->b, y->op == IR_EQ ? model_word(d, m, y->a) + !want :
				 want ? most : least);
}

/*
 * The solver takes a comparison of two unknown words for a free atom. Where a
 * side is still open, it gets a value that agrees with what was chosen.
 */
static void model_agree(struct dom *d, struct valuation *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		const struct sym y = *sym_get(d, atom_sym(m->v[i].atom));
		bool compares = y.op == IR_EQ || y.op == IR_ULT || y.op == IR_SLT;

		if (y.derived && !y.pred.base.i && y.width == 1 && compares)
			agree(d, m, &y, m->v[i].value);
	}
}

bool cond_model(struct dom *d, const struct cond *c, const bit_id *extra, unsigned n,
		struct valuation *m)
{
	bit_id *all = arena_new_array(&d->arena, bit_id, c->n + n);
	unsigned k = 0;

	m->n = 0;
	if (c->unsat)
		return false;
	for (uint32_t i = 0; i < c->n; i++)
		all[k++] = c->c[i].bit;
	for (unsigned i = 0; i < n; i++)
		if (!bit_is_top(extra[i]))
			all[k++] = extra[i];
	if (solve(d, all, k, true) != SOLVE_SAT)
		return false;
	model_fill(d, m);
	model_agree(d, m);
	return true;
}
