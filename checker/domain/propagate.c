/* SPDX-License-Identifier: MIT */
#include "domain/solver.h"

void assign(struct solver *s, uint16_t atom, bool v)
{
	struct use u = s->guses.v[atom];

	s->val.v[atom] = v;
	array_push(&s->trail, atom);
	for (uint32_t k = 0; k < u.n; k++)
		s->groups.v[s->guse_list.v[u.first + k]].dirty = true;
	s->any_dirty |= u.n > 0;
}

/* The table t of c's function (as it is now), or its negation, must hold. */
static bool force_table(struct solver *s, const struct lclause *c, uint64_t t, bool v)
{
	if (!v)
		t = PLANT(55, ~t, t);
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

/* c must be as it says: assigns what follows; false where it cannot. */
static bool check_clause(struct solver *s, const struct lclause *c)
{
	uint64_t t = table_now(s, c);
	int8_t v;

	if (c->def == HOLDS)
		return force_table(s, c, t, true);
	v = s->val.v[c->def];
	if (v != UNKNOWN)
		return force_table(s, c, t, v);
	if (!t || !~t)
		assign(s, (uint16_t)c->def, t & 1);
	return true;
}

/* -------------------------------------------------------------------- groups */

void group_view(const struct solver *s, const struct group *g, struct view *v)
{
	ivs_all(&v->ivs, s->d, g->base);
	v->mask = g->mask;
	v->bits = g->bits;
	v->bounded = v->ivs.v[0].lo > 0;
	for (uint32_t k = 0; k < g->preds.n; k++) {
		int8_t val = s->val.v[g->preds.v[k].atom];

		if (val == UNKNOWN)
			continue;
		ivs_restrict(&v->ivs, &g->preds.v[k].p, g->width, val);
		v->bounded = true;
	}
	for (uint32_t k = 0; k < g->open.n; k++) {
		uint64_t t = table_now(s, &g->open.v[k].f), bit = (uint64_t)1 << g->open.v[k].bit;

		if (t && ~t)
			continue;
		v->mask |= bit;
		v->bits |= t & bit;
	}
}

/* Some value of the view satisfies the predicate (or its negation). */
static bool view_allows(const struct view *v, const struct gpred *p, unsigned width, bool in)
{
	struct ivs part;
	uint64_t any;

	part.n = v->ivs.n;
	memcpy(part.v, v->ivs.v, part.n * sizeof(*part.v));
	ivs_restrict(&part, &p->p, width, in);
	return ivs_pick(&part, v->mask, v->bits, &any);
}

static bool pred_holds(const struct pred *p, unsigned width, uint64_t v)
{
	return ((v - p->lo) & width_mask(width)) <= p->span;
}

/* A predicate that all or none of the values satisfy is known; have is one of them. */
static void imply_preds(struct solver *s, const struct group *g, const struct view *v,
			uint64_t have)
{
	for (uint32_t k = 0; k < g->preds.n; k++) {
		const struct gpred *p = &g->preds.v[k];
		bool in;

		if (s->val.v[p->atom] != UNKNOWN)
			continue;
		in = pred_holds(&p->p, g->width, have);
		if (!view_allows(v, p, g->width, !in))
			assign(s, p->atom, PLANT(56, in, !in));
	}
}

/* A bit that is the same in all values is known. */
static bool imply_bits(struct solver *s, const struct group *g, const struct view *v, uint64_t have)
{
	for (uint32_t k = 0; k < g->open.n; k++) {
		const struct lclause *c = &g->open.v[k].f;
		uint64_t bit = (uint64_t)1 << g->open.v[k].bit, any;
		bool one = have & bit;

		if ((v->mask & bit) ||
		    ivs_pick(&v->ivs, v->mask | bit, v->bits | (one ? 0 : bit), &any))
			continue;
		if (!force_table(s, c, table_now(s, c), PLANT(57, one, !one)))
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
	imply_preds(s, g, &v, have);
	return !v.bounded || imply_bits(s, g, &v, have);
}

/* ---------------------------------------------------------------------- rounds */

static bool propagate_clauses(struct solver *s)
{
	while (s->done < s->trail.n) {
		struct use u = s->uses.v[s->trail.v[s->done++]];

		for (uint32_t k = 0; k < u.n; k++)
			if (!check_clause(s, &s->clauses.v[s->use_list.v[u.first + k]]))
				return false;
	}
	return true;
}

bool propagate(struct solver *s)
{
	do {
		if (!propagate_clauses(s))
			return false;
		if (!s->any_dirty)
			return true;
		s->any_dirty = false;
		for (uint32_t i = 0; i < s->ngroups; i++)
			if (s->groups.v[i].dirty && !group_check(s, &s->groups.v[i]))
				return false;
	} while (s->any_dirty || s->done < s->trail.n);
	return true;
}

bool propagate_all(struct solver *s)
{
	for (uint32_t i = 0; i < s->clauses.n; i++)
		if (!check_clause(s, &s->clauses.v[i]))
			return false;
	for (uint32_t i = 0; i < s->ngroups; i++)
		s->groups.v[i].dirty = true;
	s->any_dirty = s->ngroups > 0;
	return propagate(s);
}
