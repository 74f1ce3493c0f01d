/* SPDX-License-Identifier: MIT */
#include "domain/solver.h"

#define STEP_LIMIT 1500
#define DEFAULTS_TRIED 3
#define VALUES_TRIED 256	/* then all is decided, atom by atom */

/* The undecided clause with the fewest open atoms, and one of these; false: all hold. */
static bool pick_clause(const struct solver *s, uint16_t *atom, bool *v)
{
	unsigned best = BIT_ATOMS + 1;

	for (uint32_t i = 0; i < s->clauses.n; i++) {
		const struct lclause *c = &s->clauses.v[i];
		uint64_t t = table_now(s, c);
		unsigned open = 0, first = 0;

		/* A name that nothing has decided yet asks for nothing. */
		if (c->def != HOLDS && s->val.v[c->def] == UNKNOWN)
			continue;
		if (!~t || (c->def != HOLDS && !t))
			continue;
		for (unsigned k = c->n; k-- > 0;)
			if (s->val.v[c->v[k]] == UNKNOWN)
				open++, first = k;
		if (open >= best)
			continue;
		best = open;
		*atom = c->v[first];
		*v = __builtin_popcountll(fn_cofactor(t, first, true)) >
		     __builtin_popcountll(fn_cofactor(t, first, false));
	}
	return best <= BIT_ATOMS;
}

/*
 * An open atom of a masked word that an assigned predicate bounds: until its
 * bits are known it is not certain that some value fits.
 */
static bool pick_group(const struct solver *s, uint16_t *atom, bool *v)
{
	for (uint32_t i = 0; i < s->ngroups; i++) {
		const struct group *g = &s->groups.v[i];
		bool bounded = false;

		for (uint32_t k = 0; k < g->preds.n; k++)
			bounded |= s->val.v[g->preds.v[k].atom] != UNKNOWN;
		if (g->whole_sym || !bounded)
			continue;
		for (uint32_t j = 0; j < g->open.n; j++)
			for (unsigned k = 0; k < g->open.v[j].f.n; k++) {
				*atom = g->open.v[j].f.v[k];
				*v = false;
				if (s->val.v[*atom] == UNKNOWN)
					return true;
			}
	}
	return false;
}

static void undo(struct solver *s, uint32_t mark)
{
	while (s->trail.n > mark)
		s->val.v[array_pop(&s->trail)] = UNKNOWN;
	s->done = mark;
	s->any_dirty = false;
	for (uint32_t i = 0; i < s->ngroups; i++)
		s->groups.v[i].dirty = false;
}

/* --------------------------------------------------------------------- model */

static struct wval *value_at(struct solver *s, sym_id sym)
{
	uint64_t *at = map_put(&s->value_of, sym.i);

	if (!*at) {
		array_push(&s->values, (struct wval){ .s = sym });
		*at = s->values.n;
	}
	return &s->values.v[*at - 1];
}

static void value_bit(struct solver *s, atom_id a, bool v)
{
	struct wval *x = value_at(s, atom_sym(a));

	x->mask |= (uint64_t)1 << atom_bit(a);
	x->bits |= (uint64_t)v << atom_bit(a);
}

/* A value that is left to the group; the bits that are chosen already if that goes. */
static uint64_t group_value(struct solver *s, const struct group *g)
{
	struct view v;
	struct wval *x;
	uint64_t have = 0;

	group_view(s, g, &v);
	if (g->whole_sym) {
		x = value_at(s, word_get(s->d, g->base)->sym);
		if (ivs_pick(&v.ivs, x->mask, x->bits, &have))
			return have;
	}
	ivs_pick(&v.ivs, v.mask, v.bits, &have);
	return have;
}

static int value_order(const void *a, const void *b)
{
	const struct wval *x = a, *y = b;

	return (x->s.i > y->s.i) - (x->s.i < y->s.i);
}

/* A value for every symbol that occurs; the open bits of masked words from a value of these. */
static void values_choose(struct solver *s)
{
	array_clear(&s->values);
	map_clear(&s->value_of);
	for (uint32_t i = 0; i < s->atoms.n; i++)
		if (s->val.v[i] != UNKNOWN && !sym_get(s->d, atom_sym(s->atoms.v[i]))->pred.base.i)
			value_bit(s, s->atoms.v[i], s->val.v[i]);
	for (uint32_t i = 0; i < s->ngroups; i++) {
		const struct group *g = &s->groups.v[i];
		uint64_t have = g->whole_sym ? 0 : group_value(s, g);

		for (uint32_t k = 0; !g->whole_sym && k < g->open.n; k++) {
			const struct lclause *c = &g->open.v[k].f;
			bool v = have >> g->open.v[k].bit & 1;

			if (c->n == 1 && s->val.v[c->v[0]] == UNKNOWN)
				value_bit(s, s->atoms.v[c->v[0]], c->t == fn_var[0] ? v : !v);
		}
	}
	for (uint32_t i = 0; i < s->ngroups; i++) {
		const struct group *g = &s->groups.v[i];
		struct wval x = { .mask = width_mask(g->width) };

		if (!g->whole_sym)
			continue;
		x.s = word_get(s->d, g->base)->sym;
		x.bits = group_value(s, g);
		*value_at(s, x.s) = x;
	}
	if (s->values.n > 1)
		qsort(s->values.v, s->values.n, sizeof(*s->values.v), value_order);
}

static bool is_true(struct solver *s, struct weval *e, unsigned bit)
{
	return bit_is_top(s->bits[bit]) || bit_eval(s->d, s->bits[bit], weval_atom, e);
}

/* What was false last time comes first: it mostly is again. */
static bool values_satisfy(struct solver *s, unsigned variant)
{
	struct weval e = weval_start(s->d, s->values.v, s->values.n, variant);

	if (s->failed < s->nbits && !is_true(s, &e, s->failed))
		return false;
	for (unsigned i = 0; i < s->nbits; i++)
		if (!is_true(s, &e, i)) {
			s->failed = i;
			return false;
		}
	s->variant = (uint8_t)variant;
	return true;
}

/*
 * The values make all clauses true, with some defaults for what is open: then
 * nothing more needs to be decided. What did not work that often hardly will.
 */
static bool values_hold(struct solver *s)
{
	const unsigned last = s->zeros ? 0 : DEFAULTS_TRIED;

	if (s->tried++ >= VALUES_TRIED)
		return false;
	values_choose(s);
	for (unsigned variant = 0; variant <= last; variant++)
		if (values_satisfy(s, variant))
			return true;
	return false;
}

/* -------------------------------------------------------------------- search */

static enum solve_result search(struct solver *s)
{
	uint32_t mark = s->trail.n;
	enum solve_result r;
	uint16_t atom;
	bool v;

	if (!pick_clause(s, &atom, &v) &&
	    (s->light || !pick_group(s, &atom, &v) || values_hold(s)))
		return SOLVE_SAT;
	for (unsigned side = 0; side < 2; side++) {
		if (++s->steps > STEP_LIMIT)
			return SOLVE_BUDGET;
		assign(s, atom, v ^ side);
		if (propagate(s)) {
			r = search(s);
			if (r != SOLVE_UNSAT)
				return r;
		}
		undo(s, mark);
	}
	return SOLVE_UNSAT;
}

static enum solve_result attempt(struct dom *d, const bit_id *bits, unsigned n, bool zeros,
				 bool light)
{
	struct solver *s = solver_start(d, bits, n, light);

	if (!s)
		return SOLVE_BUDGET;
	s->zeros = zeros;
	return propagate_all(s) ? search(s) : SOLVE_UNSAT;
}

/*
 * First without the bits of masked words, which may be many and of many atoms:
 * mostly the contradiction lies elsewhere, or the values found are a model.
 */
enum solve_result solve(struct dom *d, const bit_id *bits, unsigned n, bool zeros)
{
	enum solve_result r;

	for (unsigned i = 0; i < n; i++)
		if (!bits[i].i)
			return SOLVE_UNSAT;
	r = attempt(d, bits, n, zeros, true);
	if (r != SOLVE_SAT || !d->solver->skipped || values_hold(d->solver))
		return r;
	return attempt(d, bits, n, zeros, false);
}

const struct wval *solve_values(struct dom *d, uint32_t *n, unsigned *variant)
{
	values_choose(d->solver);
	*n = d->solver->values.n;
	*variant = d->solver->variant;
	return d->solver->values.v;
}
