/* SPDX-License-Identifier: MIT */
#include "domain/solver.h"

void solver_free(struct solver *s)
{
	map_release(&s->index);
	map_release(&s->group_of);
	array_release(&s->atoms);
	array_release(&s->val);
	array_release(&s->clauses);
	for (uint32_t i = 0; i < s->groups.n; i++) {
		array_release(&s->groups.v[i].preds);
		array_release(&s->groups.v[i].open);
	}
	array_release(&s->groups);
	array_release(&s->uses);
	array_release(&s->guses);
	array_release(&s->use_list);
	array_release(&s->guse_list);
	array_release(&s->trail);
	array_release(&s->values);
	map_release(&s->value_of);
	free(s);
}

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
	array_clear(&g->open);
	g->base = base;
	g->width = word_width(s->d, base);
	g->whole_sym = word_get(s->d, base)->kind == W_SYM;
	g->mask = g->bits = 0;
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
	struct lclause c = { .t = f.t, .n = (uint8_t)f.n, .def = HOLDS };

	for (unsigned i = 0; i < f.n; i++)
		c.v[i] = atom_index(s, f.a[i]);
	return c;
}

/* The bits of a masked word; of a whole symbol see group_atoms(). */
static void group_bits(struct solver *s, struct group *g)
{
	const bit_id *bits = word_bits(s->d, g->base);

	for (unsigned k = 0; k < g->width; k++) {
		if (bit_is_top(bits[k]))
			continue;
		if (bit_is_const(bits[k])) {
			g->mask |= (uint64_t)1 << k;
			g->bits |= (uint64_t)bits[k].i << k;
			continue;
		}
		array_push(&g->open, (struct gbit){ localise(s, bits[k]), (uint8_t)k });
	}
}

/* Atom i is the name of one bit, which is lo: see bit_named(). */
static bool name_clause(struct solver *s, uint32_t i, const struct pred *p)
{
	struct lclause c;
	bit_id b;

	if (word_width(s->d, p->base) > 1 || p->span)
		return false;
	b = word_bit(s->d, p->base, 0);
	if (bit_is_top(b))
		return false;
	c = localise(s, b);
	c.t = p->lo ? c.t : ~c.t;
	c.def = (int16_t)i;
	array_push(&s->clauses, c);
	return true;
}

/* What atom i's symbol brings: the name of a bit, or a predicate and its group. */
static void atom_expand(struct solver *s, uint32_t i)
{
	sym_id sym = atom_sym(s->atoms.v[i]);
	const struct sym *y = sym_get(s->d, sym);
	const struct pred p = y->pred;
	uint32_t before;
	struct group *g;

	if (y->nonzero)
		group_for(s, word_sym(s->d, sym));
	if (!p.base.i)
		return;
	if (name_clause(s, i, &p))
		return;
	if (s->light && word_get(s->d, p.base)->kind != W_SYM) {
		s->skipped = true;
		return;
	}
	before = s->ngroups;
	g = group_for(s, p.base);
	array_push(&g->preds, (struct gpred){ (uint16_t)i, p });
	if (s->ngroups > before && !g->whole_sym)
		group_bits(s, g);
}

/* The atoms that are bits of a whole symbol with a group. */
static void group_atoms(struct solver *s)
{
	for (uint32_t i = 0; i < s->atoms.n; i++) {
		atom_id a = s->atoms.v[i];
		const struct sym *y = sym_get(s->d, atom_sym(a));
		const uint64_t *at;
		struct lclause c = { fn_var[0], { (uint16_t)i }, 1, HOLDS };

		if (!y->linked && !y->nonzero)
			continue;
		at = map_get(&s->group_of, word_sym(s->d, atom_sym(a)).i);
		if (at)
			array_push(&s->groups.v[*at - 1].open,
				   (struct gbit){ c, (uint8_t)atom_bit(a) });
	}
}

/* ------------------------------------------------------------- users of an atom */

/* Calls back for each atom of each clause, then of each group. */
static void each_use(struct solver *s, bool groups,
		     void (*f)(struct solver *, bool, uint16_t atom, uint32_t user))
{
	for (uint32_t i = 0; !groups && i < s->clauses.n; i++) {
		const struct lclause *c = &s->clauses.v[i];

		for (unsigned k = 0; k < c->n; k++)
			f(s, groups, c->v[k], i);
		if (c->def != HOLDS)
			f(s, groups, (uint16_t)c->def, i);
	}
	for (uint32_t i = 0; groups && i < s->ngroups; i++) {
		const struct group *g = &s->groups.v[i];

		for (uint32_t k = 0; k < g->preds.n; k++)
			f(s, groups, g->preds.v[k].atom, i);
		for (uint32_t j = 0; j < g->open.n; j++)
			for (unsigned k = 0; k < g->open.v[j].f.n; k++)
				f(s, groups, g->open.v[j].f.v[k], i);
	}
}

static void count_use(struct solver *s, bool groups, uint16_t atom, uint32_t user)
{
	(void)user;
	(groups ? s->guses.v : s->uses.v)[atom].n++;
}

static void note_use(struct solver *s, bool groups, uint16_t atom, uint32_t user)
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

static void index_uses(struct solver *s)
{
	uint32_t n = s->atoms.n, total;

	array_reserve(&s->uses, n + 1);
	array_reserve(&s->guses, n + 1);
	memset(s->uses.v, 0, n * sizeof(*s->uses.v));
	memset(s->guses.v, 0, n * sizeof(*s->guses.v));
	each_use(s, false, count_use);
	each_use(s, true, count_use);
	/* array_reserve() is a macro that evaluates its count twice. */
	total = place_uses(s->uses.v, n);
	array_reserve(&s->use_list, total + 1);
	total = place_uses(s->guses.v, n);
	array_reserve(&s->guse_list, total + 1);
	each_use(s, false, note_use);
	each_use(s, true, note_use);
}

struct solver *solver_start(struct dom *d, const bit_id *bits, unsigned n, bool light)
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
	array_clear(&s->trail);
	s->ngroups = s->done = s->steps = s->tried = 0;
	s->bits = bits;
	s->nbits = n;
	s->failed = n;
	s->light = light;
	s->skipped = false;
	s->variant = 0;
	for (unsigned i = 0; i < n; i++)
		if (!bit_is_top(bits[i]))
			array_push(&s->clauses, localise(s, bits[i]));
	for (uint32_t i = 0; i < s->atoms.n && s->atoms.n < ATOM_LIMIT; i++)
		atom_expand(s, i);
	if (s->atoms.n >= ATOM_LIMIT)
		return NULL;
	if (s->ngroups)
		group_atoms(s);
	index_uses(s);
	return s;
}
