/* SPDX-License-Identifier: MIT */
/*
 * Davis, Putnam, Logemann and Loveland over clauses that are truth tables, with
 * one theory: the value of a word against intervals (theory.c).
 *
 * A group is a word that comparisons with constants speak of. Whenever atoms
 * are decided, the group's assigned predicates leave a set of intervals and
 * its known bits a pattern; a word value must satisfy both. What every such
 * value has in common is propagated.
 */
#include "domain/dom.h"

#define ATOM_LIMIT 4096
#define STEP_LIMIT 1500
#define UNKNOWN (-1)
#define FREE_BIT 1		/* a table that is never constant: nobody speaks of the bit */

/* A function of atoms by their index here. */
struct lclause {
	uint64_t t;
	uint16_t v[BIT_ATOMS];
	uint8_t n;
};

struct gpred {
	uint16_t atom;
	struct pred p;
};

struct group {
	word_id base;
	uint8_t width;
	bool whole_sym, dirty;
	Array(struct gpred) preds;
	uint32_t fn0;		/* first of width functions in fns */
};

struct use { uint32_t first, n; };

struct solver {
	struct dom *d;
	struct map index;	/* atom -> local number */
	Array(atom_id) atoms;
	Array(int8_t) val;
	Array(struct lclause) clauses;
	Array(struct lclause) fns;
	Array(struct group) groups;
	uint32_t ngroups;	/* in use; the arrays of the others are kept */
	struct map group_of;	/* word -> group + 1 */
	Array(struct use) uses, guses;
	Array(uint16_t) use_list, guse_list;
	Array(uint16_t) trail;
	uint32_t done;		/* trail entries that are propagated */
	uint32_t steps;
};

void solver_free(struct solver *s)
{
	map_release(&s->index);
	map_release(&s->group_of);
	array_release(&s->atoms);
	array_release(&s->val);
	array_release(&s->clauses);
	array_release(&s->fns);
	for (uint32_t i = 0; i < s->groups.n; i++)
		array_release(&s->groups.v[i].preds);
	array_release(&s->groups);
	array_release(&s->uses);
	array_release(&s->guses);
	array_release(&s->use_list);
	array_release(&s->guse_list);
	array_release(&s->trail);
	free(s);
}

/* -------------------------------------------------------------------- set-up */

static struct group *group_for(struct solver *s, word_id base)
{
	uint64_t *at = map_put(&s->group_of, base.i);
	struct group *g;

	if (*at)
		return &s->groups.v[*at - 1];
	if (s->ngroups == s->groups.n)
		array_add(&s->groups);
	g = &s->groups.v[s->ngroups++];
	*at = s->ngroups;
	array_clear(&g->preds);
	g->base = base;
	g->width = word_width(s->d, base);
	g->whole_sym = word_get(s->d, base)->kind == W_SYM;
	g->dirty = true;
	return g;
}

/* The local number of an atom; what its symbol brings with it is set up later. */
static uint16_t atom_index(struct solver *s, atom_id a)
{
	uint64_t *at = map_get(&s->index, a.i);
	uint32_t i = s->atoms.n;

	if (at)
		return (uint16_t)*at;
	*map_put(&s->index, a.i) = i;
	array_push(&s->atoms, a);
	array_push(&s->val, UNKNOWN);
	return (uint16_t)i;
}

static struct lclause localise(struct solver *s, bit_id b)
{
	struct fn f = fn_of(s->d, b);
	struct lclause c = { .t = f.t, .n = (uint8_t)f.n };

	for (unsigned i = 0; i < f.n; i++)
		c.v[i] = atom_index(s, f.a[i]);
	return c;
}

/* The groups that atom i belongs to; predicates over masked words bring more atoms. */
static void atom_expand(struct solver *s, uint32_t i)
{
	sym_id sym = atom_sym(s->atoms.v[i]);
	struct sym y = *sym_get(s->d, sym);
	struct group *g;
	uint32_t before;
	const bit_id *bits;

	if (y.nonzero)
		group_for(s, word_sym(s->d, sym));
	if (!y.pred.base.i)
		return;
	before = s->ngroups;
	g = group_for(s, y.pred.base);
	array_push(&g->preds, (struct gpred){ (uint16_t)i, y.pred });
	if (s->ngroups == before || g->whole_sym)
		return;
	bits = word_bits(s->d, y.pred.base);
	for (unsigned k = 0; k < g->width; k++)
		if (!bit_is_top(bits[k]))
			localise(s, bits[k]);
}

static void group_functions(struct solver *s, struct group *g)
{
	const bit_id *bits = word_bits(s->d, g->base);

	g->fn0 = s->fns.n;
	for (unsigned k = 0; k < g->width; k++) {
		struct lclause c = { .t = FREE_BIT };
		const uint64_t *at;

		if (g->whole_sym) {
			at = map_get(&s->index, literal_atom(bits[k]).i);
			if (at)
				c = (struct lclause){ fn_var[0], { (uint16_t)*at }, 1 };
		} else if (!bit_is_top(bits[k])) {
			c = localise(s, bits[k]);
		}
		array_push(&s->fns, c);
	}
}

static void count_uses(struct solver *s, const struct lclause *c, bool groups)
{
	for (unsigned k = 0; k < c->n; k++)
		(groups ? s->guses.v : s->uses.v)[c->v[k]].n++;
}

static void note_use(struct solver *s, uint16_t atom, uint32_t user, bool groups)
{
	struct use *u = &(groups ? s->guses.v : s->uses.v)[atom];

	(groups ? s->guse_list.v : s->use_list.v)[u->first + u->n++] = (uint16_t)user;
}

static uint32_t place_uses(struct use *u, uint32_t n)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < n; i++) {
		u[i].first = at;
		at += u[i].n;
		u[i].n = 0;
	}
	return at;
}

/* For each atom: the clauses and the groups that must look again when it is assigned. */
static void index_uses(struct solver *s)
{
	uint32_t n = s->atoms.n, total;

	array_reserve(&s->uses, n + 1);
	array_reserve(&s->guses, n + 1);
	memset(s->uses.v, 0, n * sizeof(*s->uses.v));
	memset(s->guses.v, 0, n * sizeof(*s->guses.v));
	for (uint32_t i = 0; i < s->clauses.n; i++)
		count_uses(s, &s->clauses.v[i], false);
	for (uint32_t i = 0; i < s->fns.n; i++)
		count_uses(s, &s->fns.v[i], true);
	for (uint32_t i = 0; i < s->ngroups; i++)
		for (uint32_t k = 0; k < s->groups.v[i].preds.n; k++)
			s->guses.v[s->groups.v[i].preds.v[k].atom].n++;
	/* array_reserve() is a macro that evaluates its count twice. */
	total = place_uses(s->uses.v, n);
	array_reserve(&s->use_list, total + 1);
	total = place_uses(s->guses.v, n);
	array_reserve(&s->guse_list, total + 1);
	for (uint32_t i = 0; i < s->clauses.n; i++)
		for (unsigned k = 0; k < s->clauses.v[i].n; k++)
			note_use(s, s->clauses.v[i].v[k], i, false);
	for (uint32_t i = 0; i < s->ngroups; i++) {
		const struct group *g = &s->groups.v[i];

		for (uint32_t k = 0; k < g->preds.n; k++)
			note_use(s, g->preds.v[k].atom, i, true);
		for (uint32_t j = g->fn0; j < g->fn0 + g->width; j++)
			for (unsigned k = 0; k < s->fns.v[j].n; k++)
				note_use(s, s->fns.v[j].v[k], i, true);
	}
}

static struct solver *solver_start(struct dom *d, const bit_id *bits, unsigned n)
{
	struct solver *s = d->solver;

	if (!s)
		s = d->solver = xcalloc(1, sizeof(*s));
	s->d = d;
	map_clear(&s->index);
	map_clear(&s->group_of);
	array_clear(&s->atoms);
	array_clear(&s->val);
	array_clear(&s->clauses);
	array_clear(&s->fns);
	array_clear(&s->trail);
	s->ngroups = s->done = s->steps = 0;
	for (unsigned i = 0; i < n; i++)
		if (!bit_is_top(bits[i]))
			array_push(&s->clauses, localise(s, bits[i]));
	for (uint32_t i = 0; i < s->atoms.n && s->atoms.n < ATOM_LIMIT; i++)
		atom_expand(s, i);
	if (s->atoms.n >= ATOM_LIMIT)
		return NULL;
	for (uint32_t i = 0; i < s->ngroups; i++)
		group_functions(s, &s->groups.v[i]);
	index_uses(s);
	return s;
}

/* --------------------------------------------------------------- propagation */

static void assign(struct solver *s, uint16_t atom, bool v)
{
	s->val.v[atom] = v;
	array_push(&s->trail, atom);
	for (uint32_t k = 0; k < s->guses.v[atom].n; k++)
		s->groups.v[s->guse_list.v[s->guses.v[atom].first + k]].dirty = true;
}

/* The table of c under the assignment. */
static uint64_t table_now(const struct solver *s, const struct lclause *c)
{
	uint64_t t = c->t;

	for (unsigned k = 0; k < c->n; k++)
		if (s->val.v[c->v[k]] != UNKNOWN)
			t = fn_cofactor(t, k, s->val.v[c->v[k]]);
	return t;
}

/* c (or its negation) must hold: assigns what follows; false where it cannot. */
static bool force(struct solver *s, const struct lclause *c, bool v)
{
	uint64_t t = table_now(s, c);

	if (!v)
		t = ~t;
	if (!t)
		return false;
	if (!~t)
		return true;
	for (unsigned k = 0; k < c->n; k++) {
		if (s->val.v[c->v[k]] != UNKNOWN)
			continue;
		if (!fn_cofactor(t, k, false))
			assign(s, c->v[k], true);
		else if (!fn_cofactor(t, k, true))
			assign(s, c->v[k], false);
	}
	return true;
}

/* The values left to a group, and the bits of them that are known. */
struct view {
	struct ivs ivs;
	uint64_t mask, bits;
	bool bounded;
};

static void group_view(const struct solver *s, const struct group *g, struct view *v)
{
	ivs_all(&v->ivs, s->d, g->base);
	v->mask = v->bits = 0;
	v->bounded = v->ivs.v[0].lo > 0;
	for (uint32_t k = 0; k < g->preds.n; k++) {
		int8_t val = s->val.v[g->preds.v[k].atom];

		if (val == UNKNOWN)
			continue;
		ivs_restrict(&v->ivs, &g->preds.v[k].p, g->width, val);
		v->bounded = true;
	}
	for (unsigned k = 0; k < g->width; k++) {
		const struct lclause *c = &s->fns.v[g->fn0 + k];
		uint64_t t;

		t = table_now(s, c);
		if (t && ~t)
			continue;
		v->mask |= (uint64_t)1 << k;
		v->bits |= (t & 1) << k;
	}
}

/* A predicate that all or none of the values satisfy is known. */
static void imply_preds(struct solver *s, const struct group *g, const struct view *v)
{
	for (uint32_t k = 0; k < g->preds.n; k++) {
		const struct gpred *p = &g->preds.v[k];
		struct ivs part;
		uint64_t any;

		if (s->val.v[p->atom] != UNKNOWN)
			continue;
		part.n = v->ivs.n;
		memcpy(part.v, v->ivs.v, part.n * sizeof(*part.v));
		ivs_restrict(&part, &p->p, g->width, true);
		if (!ivs_pick(&part, v->mask, v->bits, &any)) {
			assign(s, p->atom, false);
			continue;
		}
		part.n = v->ivs.n;
		memcpy(part.v, v->ivs.v, part.n * sizeof(*part.v));
		ivs_restrict(&part, &p->p, g->width, false);
		if (!ivs_pick(&part, v->mask, v->bits, &any))
			assign(s, p->atom, true);
	}
}

/* A bit that is the same in all values is known; have is one of the values. */
static bool imply_bits(struct solver *s, const struct group *g, const struct view *v, uint64_t have)
{
	for (unsigned k = 0; k < g->width; k++) {
		const struct lclause *c = &s->fns.v[g->fn0 + k];
		uint64_t bit = (uint64_t)1 << k, any;
		bool one = have & bit;

		if ((v->mask & bit) || !c->n)
			continue;
		if (ivs_pick(&v->ivs, v->mask | bit, v->bits | (one ? 0 : bit), &any))
			continue;
		if (!force(s, c, one))
			return false;
	}
	return true;
}

static bool group_check(struct solver *s, struct group *g)
{
	struct view v;
	uint64_t have;

	g->dirty = false;
	group_view(s, g, &v);
	if (!ivs_pick(&v.ivs, v.mask, v.bits, &have))
		return false;
	imply_preds(s, g, &v);
	return !v.bounded || imply_bits(s, g, &v, have);
}

static bool propagate_clauses(struct solver *s)
{
	while (s->done < s->trail.n) {
		struct use u = s->uses.v[s->trail.v[s->done++]];

		for (uint32_t k = 0; k < u.n; k++)
			if (!force(s, &s->clauses.v[s->use_list.v[u.first + k]], true))
				return false;
	}
	return true;
}

static bool propagate(struct solver *s)
{
	bool again = true;

	while (again) {
		again = false;
		if (!propagate_clauses(s))
			return false;
		for (uint32_t i = 0; i < s->ngroups && !again; i++) {
			if (!s->groups.v[i].dirty)
				continue;
			if (!group_check(s, &s->groups.v[i]))
				return false;
			again = true;
		}
	}
	return true;
}

/* -------------------------------------------------------------------- search */

/* The undecided clause with the fewest open atoms, and one of these; false: all hold. */
static bool pick_clause(const struct solver *s, uint16_t *atom, bool *v)
{
	unsigned best = BIT_ATOMS + 1;

	for (uint32_t i = 0; i < s->clauses.n; i++) {
		const struct lclause *c = &s->clauses.v[i];
		uint64_t t = table_now(s, c);
		unsigned open = 0, first = 0;

		if (!~t)
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
		for (uint32_t j = g->fn0; j < g->fn0 + g->width; j++)
			for (unsigned k = 0; k < s->fns.v[j].n; k++) {
				*atom = s->fns.v[j].v[k];
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
	for (uint32_t i = 0; i < s->ngroups; i++)
		s->groups.v[i].dirty = false;
}

static enum solve_result search(struct solver *s)
{
	uint32_t mark = s->trail.n;
	enum solve_result r;
	uint16_t atom;
	bool v;

	if (!pick_clause(s, &atom, &v) && !pick_group(s, &atom, &v))
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

/* --------------------------------------------------------------------- model */

static void model_put(struct valuation *m, atom_id a, bool v)
{
	const uint32_t limit = sizeof(m->v) / sizeof(m->v[0]);

	if (m->n == limit)
		return;
	m->v[m->n].atom = a;
	m->v[m->n++].value = v;
}

/* Of a group over a whole symbol: some value that is left. */
static void model_group(const struct solver *s, const struct group *g, struct valuation *m)
{
	sym_id sym = word_get(s->d, g->base)->sym;
	struct view v;
	uint64_t have;

	group_view(s, g, &v);
	if (!ivs_pick(&v.ivs, v.mask, v.bits, &have))
		have = v.bits;
	for (unsigned k = 0; k < g->width; k++)
		if (have >> k & 1)
			model_put(m, atom_make(sym, k), true);
}

static bool in_group(const struct solver *s, atom_id a)
{
	const struct map *t = &s->group_of;
	word_id w = word_sym(s->d, atom_sym(a));

	return map_get(t, w.i) != NULL;
}

/* First what is 1 or belongs to a defined symbol: the rest is 0 by default. */
static void model_fill(const struct solver *s, struct valuation *m)
{
	m->n = 0;
	for (uint32_t i = 0; i < s->ngroups; i++)
		if (s->groups.v[i].whole_sym)
			model_group(s, &s->groups.v[i], m);
	for (unsigned zeros = 0; zeros < 2; zeros++)
		for (uint32_t i = 0; i < s->atoms.n; i++) {
			atom_id a = s->atoms.v[i];
			int8_t v = s->val.v[i];
			bool defined = sym_get(s->d, atom_sym(a))->derived;

			if (v == UNKNOWN || (v == 1 || defined) == zeros || in_group(s, a))
				continue;
			model_put(m, a, v);
		}
}

enum solve_result solve(struct dom *d, const bit_id *bits, unsigned n, struct valuation *m)
{
	struct solver *s;
	enum solve_result r = SOLVE_SAT;

	for (unsigned i = 0; i < n; i++)
		if (!bits[i].i)
			return SOLVE_UNSAT;
	s = solver_start(d, bits, n);
	if (!s)
		return SOLVE_BUDGET;
	for (uint32_t i = 0; i < s->clauses.n; i++)
		if (!force(s, &s->clauses.v[i], true))
			return SOLVE_UNSAT;
	if (!propagate(s))
		return SOLVE_UNSAT;
	r = search(s);
	if (r == SOLVE_SAT && m)
		model_fill(s, m);
	return r;
}
