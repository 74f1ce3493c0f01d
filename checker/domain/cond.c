/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

/* Questions that are remembered; from Q_AND on: cond_and() with a tag. */
enum { Q_UNSAT = 1, Q_AND_ALL, Q_AND };

/* Stands before each struct cond. */
struct cond_head {
	const struct cond *extends;	/* what one more clause was added to, or NULL */
	uint32_t id;
};

struct cond_table {
	Array(struct cond *) all;	/* by id */
	struct ids ids;
	struct memo memo;
	Array(struct wits) wits;	/* by id, like links */
	Array(const struct links *) links;
};

static struct cond_table *conds(struct dom *d)
{
	if (!d->conds) {
		d->conds = xcalloc(1, sizeof(*d->conds));
		array_push(&d->conds->all, NULL);
		array_add(&d->conds->wits);
		array_add(&d->conds->links);
	}
	return d->conds;
}

void conds_free(struct cond_table *t)
{
	array_release(&t->all);
	free(t->ids.slot);
	free(t->memo.e);
	array_release(&t->wits);
	array_release(&t->links);
	free(t);
}

static struct cond_head *head_of(const struct cond *c)
{
	return (struct cond_head *)(uintptr_t)c - 1;
}

struct wits *cond_wits(struct dom *d, const struct cond *c)
{
	return &d->conds->wits.v[head_of(c)->id];
}

const struct links **cond_links(struct dom *d, const struct cond *c)
{
	return &d->conds->links.v[head_of(c)->id];
}

const struct cond *cond_extends(const struct cond *c)
{
	return head_of(c)->extends;
}

/* -------------------------------------------------------------- construction */

struct cond_key {
	const struct cond_table *t;
	const struct cond_builder *b;
	bool unsat;
};

static bool cond_same(void *arg, uint32_t id)
{
	const struct cond_key *k = arg;
	const struct cond *c = k->t->all.v[id];

	return c->n == k->b->n && c->imprecise == k->b->imprecise && c->unsat == k->unsat &&
	       !memcmp(c->c, k->b->c, c->n * sizeof(*c->c));
}

static const struct cond *cond_intern(struct dom *d, const struct cond_builder *b, bool unsat)
{
	struct cond_table *t = conds(d);
	struct cond_key k = { t, b, unsat };
	uint64_t hash = hash_bytes(b->c, b->n * sizeof(*b->c), b->imprecise * 2u + unsat);
	uint32_t id = ids_find(&t->ids, hash, cond_same, &k);
	struct cond_head *h;
	struct cond *c;

	if (id)
		return t->all.v[id];
	h = arena_alloc(&d->arena, sizeof(*h) + sizeof(*c) + b->n * sizeof(*c->c));
	h->id = t->all.n;
	c = (struct cond *)(h + 1);
	c->n = b->n;
	c->imprecise = b->imprecise;
	c->unsat = unsat;
	memcpy(c->c, b->c, b->n * sizeof(*c->c));
	array_push(&t->all, c);
	array_add(&t->wits);
	array_add(&t->links);
	ids_add(&t->ids, h->id, hash);
	return c;
}

const struct cond *builder_done(struct dom *d, const struct cond_builder *b)
{
	return cond_intern(d, b, false);
}

const struct cond *cond_true(struct dom *d)
{
	const struct cond_builder b = { .n = 0 };

	return cond_intern(d, &b, false);
}

const struct cond *cond_false(struct dom *d)
{
	const struct cond_builder b = { .n = 0 };

	return cond_intern(d, &b, true);
}

static struct cond_builder builder_from(const struct cond *c)
{
	struct cond_builder b = { .n = c->n, .imprecise = c->imprecise };

	memcpy(b.c, c->c, c->n * sizeof(*c->c));
	return b;
}

/* Makes room by the oldest clause that no other clause speaks about; false if there is none. */
static bool builder_drop(struct dom *d, struct cond_builder *b)
{
	uint64_t lone = unconnected(d, b->c, b->n);
	uint32_t i;

	b->imprecise = true;
	if (!lone)
		return false;
	i = (uint32_t)__builtin_ctzll(lone);
	memmove(&b->c[i], &b->c[i + 1], (b->n - i - 1) * sizeof(*b->c));
	b->n--;
	return true;
}

void builder_add(struct dom *d, struct cond_builder *b, bit_id bit, uint32_t tag)
{
	if (bit.i == 1)
		return;
	if (bit_is_top(bit)) {
		b->imprecise = true;
		return;
	}
	for (uint32_t i = 0; i < b->n; i++)
		if (bit_same(b->c[i].bit, bit))
			return;
	if (b->n == COND_CLAUSES && !builder_drop(d, b))
		return;
	b->c[b->n].bit = bit;
	b->c[b->n++].tag = tag;
}

/* ------------------------------------------------------------ satisfiability */

/* Nothing but the bit itself says anything about its atoms. */
static bool is_free(const struct dom *d, bit_id b)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(d, b, a);

	for (unsigned i = 0; i < n; i++) {
		const struct sym *y = sym_get(d, atom_sym(a[i]));

		if (y->pred.base.i || y->nonzero)
			return false;
	}
	return true;
}

/* The conjunction of the bits with the clauses connected to them; c itself is satisfiable. */
static enum solve_result solve_with(struct dom *d, const struct cond *c, const bit_id *bits,
				    unsigned n)
{
	bit_id part[2 * COND_CLAUSES];
	uint64_t take = connected(d, c, bits, n);
	unsigned k = 0;

	if (n > COND_CLAUSES)
		return SOLVE_BUDGET;
	for (unsigned i = 0; i < n; i++)
		part[k++] = bits[i];
	for (; take; take &= take - 1)
		part[k++] = c->c[__builtin_ctzll(take)].bit;
	return solve(d, part, k, false);
}

/* Keeps the model that was found last. */
static void learn(struct dom *d, const struct cond *c, bit_id b)
{
	const struct wval *v;
	unsigned variant;
	uint32_t n;

	v = solve_values(d, &n, &variant);
	witness_learn(d, c, b, v, n, variant);
}

/* The clauses of the mask, without their tags. */
static const struct cond *part_of(struct dom *d, const struct cond *c, uint64_t mask)
{
	struct cond_builder r = { .n = 0 };

	for (; mask; mask &= mask - 1)
		r.c[r.n++] = (struct clause){ c->c[__builtin_ctzll(mask)].bit, 0 };
	return builder_done(d, &r);
}

static bool unsat_with_bit(struct dom *d, const struct cond *c, bit_id b);

/*
 * c and b have no model. The question is asked of the clauses that matter only:
 * other conditions have these too. A model that is found is kept for the next
 * question.
 */
static bool refuted(struct dom *d, const struct cond *c, bit_id b)
{
	uint64_t take = connected(d, c, &b, 1);
	enum solve_result r;

	if (!take && is_free(d, b))
		return false;
	if (take != width_mask(c->n))
		return unsat_with_bit(d, part_of(d, c, take), b);
	if (witness_allows(d, c, b))
		return false;
	r = solve_with(d, c, &b, 1);
	if (r == SOLVE_SAT)
		learn(d, c, b);
	return r == SOLVE_UNSAT;
}

static bool unsat_with_bit(struct dom *d, const struct cond *c, bit_id b)
{
	struct cond_table *t = conds(d);
	bit_id not_b = bit_not(d, b);
	uint32_t id = head_of(c)->id, r;

	if (c->unsat || !b.i)
		return true;
	if (bit_is_top(b) || b.i == 1)
		return false;
	for (uint32_t i = 0; i < c->n; i++) {
		if (bit_same(c->c[i].bit, not_b))
			return true;
		if (bit_same(c->c[i].bit, b))
			return PLANT(58, false, true);
	}
	if (memo_get(&t->memo, Q_UNSAT, id, b.i, &r))
		return r;
	r = refuted(d, c, b);
	memo_put(&t->memo, Q_UNSAT, id, b.i, r);
	return r;
}

bool cond_unsat(struct dom *d, const struct cond *c, const bit_id *extra, unsigned n)
{
	enum solve_result r;
	bit_id all = BIT_1;

	for (unsigned i = 0; i < n; i++)
		if (!bit_is_top(extra[i]))
			all = bit_and(d, all, extra[i]);
	if (c->unsat)
		return true;
	if (!bit_is_top(all))
		return unsat_with_bit(d, c, all);
	r = solve_with(d, c, extra, n);
	if (r == SOLVE_SAT)
		learn(d, c, BIT_1);
	return r == SOLVE_UNSAT;
}

bool cond_entails(struct dom *d, const struct cond *c, bit_id b)
{
	if (c->unsat)
		return true;
	return !bit_is_top(b) && unsat_with_bit(d, c, bit_not(d, b));
}

static const struct cond *and_bit(struct dom *d, const struct cond *c, bit_id b, uint32_t tag)
{
	struct cond_builder r;
	const struct cond *e;

	if (!bit_is_top(b)) {
		if (unsat_with_bit(d, c, b))
			return cond_false(d);
		if (cond_entails(d, c, b))
			return c;
	}
	r = builder_from(c);
	builder_add(d, &r, b, tag);
	e = builder_done(d, &r);
	if (e->n == c->n + 1)
		head_of(e)->extends = c;
	witness_inherit(d, c, e, b);
	return e;
}

const struct cond *cond_and(struct dom *d, const struct cond *c, bit_id b, uint32_t tag)
{
	struct cond_table *t = conds(d);
	uint32_t id = head_of(c)->id, r;
	const struct cond *e;

	if (c->unsat || b.i == 1)
		return c;
	if (memo_get(&t->memo, Q_AND + tag, id, b.i, &r))
		return t->all.v[r];
	e = and_bit(d, c, b, tag);
	memo_put(&t->memo, Q_AND + tag, id, b.i, head_of(e)->id);
	return e;
}

static const struct cond *and_all(struct dom *d, const struct cond *c, const struct cond *e)
{
	struct cond_builder r;

	for (uint32_t i = 0; i < e->n && !c->unsat; i++)
		c = cond_and(d, c, e->c[i].bit, e->c[i].tag);
	if (!e->imprecise || c->unsat || c->imprecise)
		return c;
	r = builder_from(c);
	r.imprecise = true;
	return builder_done(d, &r);
}

const struct cond *cond_and_all(struct dom *d, const struct cond *c, const struct cond *e)
{
	struct cond_table *t = conds(d);
	uint32_t id = head_of(c)->id, other = head_of(e)->id, r;

	if (e->unsat)
		return cond_false(d);
	if (memo_get(&t->memo, Q_AND_ALL, id, other, &r))
		return t->all.v[r];
	c = and_all(d, c, e);
	memo_put(&t->memo, Q_AND_ALL, id, other, head_of(c)->id);
	return c;
}

static bool is_among(const bit_id *bits, unsigned n, bit_id b)
{
	for (unsigned i = 0; i < n; i++)
		if (bit_same(bits[i], b))
			return true;
	return false;
}

uint64_t cond_core(struct dom *d, const struct cond *c, const bit_id *extra, unsigned n,
		   bool *alone)
{
	bit_id *bits = arena_new_array(&d->arena, bit_id, c->n + n);
	uint64_t mask = width_mask(c->n);
	unsigned k;

	*alone = false;
	if (!cond_unsat(d, c, extra, n))
		return 0;
	*alone = solve(d, extra, n, false) == SOLVE_UNSAT;
	if (*alone)
		return 0;
	memcpy(bits, extra, n * sizeof(*bits));
	for (uint32_t drop = 0; drop < c->n; drop++) {
		k = n;
		if (is_among(extra, n, c->c[drop].bit)) {
			mask &= ~((uint64_t)1 << drop);
			continue;
		}
		for (uint32_t i = 0; i < c->n; i++)
			if (i != drop && mask >> i & 1)
				bits[k++] = c->c[i].bit;
		if (solve(d, bits, k, false) == SOLVE_UNSAT)
			mask &= ~((uint64_t)1 << drop);
	}
	return mask;
}

const struct cond *cond_relevant(struct dom *d, const struct cond *c, const bit_id *bits,
				 unsigned n)
{
	struct cond_builder b = { .imprecise = c->imprecise };
	uint64_t take;

	if (c->unsat)
		return c;
	for (take = connected(d, c, bits, n); take; take &= take - 1)
		b.c[b.n++] = c->c[__builtin_ctzll(take)];
	return builder_done(d, &b);
}

const struct cond *cond_without_lone(struct dom *d, const struct cond *c,
				     struct clause out[COND_CLAUSES], uint32_t *n)
{
	struct cond_builder b = { .imprecise = c->imprecise };
	uint64_t lone = unconnected(d, c->c, c->n);

	*n = 0;
	for (uint32_t i = 0; i < c->n; i++)
		if (lone >> i & 1)
			out[(*n)++] = c->c[i];
		else
			b.c[b.n++] = c->c[i];
	return c->unsat ? c : builder_done(d, &b);
}
