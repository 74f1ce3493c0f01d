/* SPDX-License-Identifier: MIT */
/*
 * Join by discriminator: a bit that holds on every state of one side and on
 * none of the other. Atoms never change, so ite(discriminator, a, b) is the
 * exact value after the join; that keeps the relation between a flag and what
 * was computed from it, which a join that keeps only common facts loses.
 */
#include "domain/dom.h"

#define DISCRIMINATORS 8
#define PRODUCT_LIMIT 8

struct join {
	struct dom *d;
	const struct cond *a, *b;
	bit_id disc[DISCRIMINATORS];
	unsigned n;
	struct map bits, words;		/* pair -> result + 1 */
};

static bool has_clause(const struct cond *c, bit_id b)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (bit_same(c->c[i].bit, b))
			return true;
	return false;
}

static void disc_add(struct join *j, bit_id b)
{
	for (unsigned i = 0; i < j->n; i++)
		if (bit_same(j->disc[i], b))
			return;
	if (j->n < DISCRIMINATORS && !bit_is_const(b) && !bit_is_top(b))
		j->disc[j->n++] = b;
}

/* Clauses of one side that the other refutes. */
static void disc_single(struct join *j, const struct cond *x, const struct cond *y, bool negate)
{
	for (uint32_t i = 0; i < x->n; i++) {
		bit_id c = x->c[i].bit, not_c = bit_not(j->d, c);

		if (!has_clause(y, c) && cond_entails(j->d, y, not_c))
			disc_add(j, negate ? not_c : c);
	}
}

/* The clauses of x that y does not have; the conjunction of those in mask. */
static bit_id own_clauses(struct join *j, const struct cond *x, const struct cond *y,
			  uint64_t mask)
{
	bit_id r = BIT_1;

	for (uint32_t i = 0; i < x->n; i++)
		if ((mask >> i & 1) && !has_clause(y, x->c[i].bit))
			r = bit_and(j->d, r, x->c[i].bit);
	return r;
}

/* Several clauses of x together that y refutes: a minimal set, where it fits one table. */
static void disc_core(struct join *j, const struct cond *x, const struct cond *y, bool negate)
{
	bit_id extra[COND_CLAUSES], r;
	uint64_t core;
	bool alone;

	if (witness_common(j->d, x, y))
		return;
	for (uint32_t i = 0; i < y->n; i++)
		extra[i] = y->c[i].bit;
	core = cond_core(j->d, x, extra, y->n, &alone);
	if (!core)
		return;
	r = own_clauses(j, x, y, core);
	if (cond_entails(j->d, y, bit_not(j->d, r)))
		disc_add(j, negate ? bit_not(j->d, r) : r);
}

/* Few atoms first: they combine best. */
static void disc_sort(struct join *j)
{
	atom_id a[BIT_ATOMS];

	for (unsigned i = 1; i < j->n; i++) {
		bit_id x = j->disc[i];
		unsigned k = i, n = bit_support(j->d, x, a);

		for (; k > 0 && bit_support(j->d, j->disc[k - 1], a) > n; k--)
			j->disc[k] = j->disc[k - 1];
		j->disc[k] = x;
	}
}

struct join *join_begin(struct dom *d, const struct cond *a, const struct cond *b)
{
	struct join *j = xcalloc(1, sizeof(*j));

	j->d = d;
	j->a = a;
	j->b = b;
	if (a == b || a->unsat || b->unsat)
		return j;
	disc_single(j, a, b, false);
	disc_single(j, b, a, PLANT(65, true, false));
	if (!j->n) {
		disc_core(j, a, b, false);
		disc_core(j, b, a, true);
	}
	disc_sort(j);
	return j;
}

void join_end(struct join *j)
{
	if (!j)
		return;
	map_release(&j->bits);
	map_release(&j->words);
	free(j);
}

/* b with the atoms that c's literals fix. */
static bit_id simplify(struct dom *d, const struct cond *c, bit_id b)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (bit_is_literal(c->c[i].bit))
			b = bit_cofactor(d, b, literal_atom(c->c[i].bit),
					 literal_value(c->c[i].bit) ^ PLANT(70, false, true));
	return b;
}

/*
 * Where a side's literals say that both bits are equal, the other side's bit
 * is right for both. The solver would find more, at the price of two searches
 * for each bit that differs.
 */
static bit_id join_equal(struct join *j, bit_id a, bit_id b)
{
	bit_id same = bit_not(j->d, bit_xor(j->d, a, b));

	if (bit_is_top(same))
		return BIT_TOP;
	if (simplify(j->d, j->a, same).i == 1)
		return PLANT(67, b, a);
	if (simplify(j->d, j->b, same).i == 1)
		return a;
	return BIT_TOP;
}

typedef bit_id (*ite_fn)(struct dom *, bit_id, bit_id, bit_id);

static bit_id join_ite(struct join *j, ite_fn ite, bit_id a, bit_id b)
{
	for (unsigned i = 0; i < j->n; i++) {
		bit_id r = ite(j->d, j->disc[i], a, PLANT(68, b, a));

		if (!bit_is_top(r))
			return r;
	}
	return BIT_TOP;
}

/* The smaller results first; names only where nothing else fits. */
static bit_id join_differing(struct join *j, bit_id a, bit_id b)
{
	bit_id r, x, y;

	if (bit_is_top(a) || bit_is_top(b))
		return BIT_TOP;
	r = join_ite(j, bit_ite, a, b);
	if (bit_is_top(r) && j->n) {
		x = simplify(j->d, j->a, a);
		y = simplify(j->d, j->b, b);
		r = join_ite(j, bit_ite, x, y);
	}
	if (bit_is_top(r))
		r = join_equal(j, a, b);
	if (bit_is_top(r) && j->n)
		r = join_ite(j, bit_select, x, y);
	return r;
}

bit_id join_bit(struct join *j, bit_id a, bit_id b)
{
	uint64_t *known, key = (uint64_t)a.i << 32 | b.i;
	bit_id r;

	if (j->a->unsat)
		return b;
	if (j->b->unsat || bit_same(a, b))
		return a;
	known = map_get(&j->bits, key);
	if (known)
		return (bit_id){ (uint32_t)*known };
	r = join_differing(j, a, b);
	*map_put(&j->bits, key) = r.i;
	return r;
}

static word_id join_words(struct join *j, word_id a, word_id b)
{
	uint8_t width = word_width(j->d, a);
	const bit_id *x, *y;
	bit_id out[64];
	word_id r, alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	bool choice = word_choices_with(j->d, a, b, alt, guard) &&
		      word_choices_with(j->d, b, a, alt, guard);

	for (unsigned i = 0; choice && i < j->n; i++) {
		r = word_ite(j->d, j->disc[i], PLANT(69, a, b), b);
		if (!word_has_top(j->d, r))
			return r;
	}
	x = word_bits(j->d, a);
	y = word_bits(j->d, b);
	for (unsigned i = 0; i < width; i++)
		out[i] = join_bit(j, x[i], y[i]);
	return word_from_bits(j->d, out, width);
}

word_id join_word(struct join *j, word_id a, word_id b)
{
	uint64_t *known, key = (uint64_t)a.i << 32 | b.i;
	word_id r;

	if (j->a->unsat)
		return b;
	if (j->b->unsat || word_same(a, b))
		return a;
	known = map_get(&j->words, key);
	if (known)
		return (word_id){ (uint32_t)*known };
	r = join_words(j, a, b);
	*map_put(&j->words, key) = r.i;
	return r;
}

/* ----------------------------------------------------------------- conditions */

/* Clause c of one side: as it is where the other side has or entails it. */
static bool keep_clause(struct join *j, struct cond_builder *out, const struct clause *c,
			const struct cond *other)
{
	if (PLANT(71, !has_clause(other, c->bit) && !cond_entails(j->d, other, c->bit), false))
		return false;
	builder_add(j->d, out, c->bit, c->tag);
	return true;
}

/* What is left of both sides. */
struct rest {
	struct clause c[2 * COND_CLAUSES];
	bool from_b[2 * COND_CLAUSES];
	unsigned n;
};

/*
 * c holds where the discriminator says that the state is from c's side. The
 * discriminator may be named to make that fit.
 */
static bit_id under(struct join *j, const struct rest *r, unsigned i, bit_id disc)
{
	bit_id c;

	if (!PLANT(66, r->from_b[i], false))
		disc = bit_not(j->d, disc);
	c = bit_or(j->d, disc, r->c[i].bit);
	return bit_is_top(c) ? bit_or(j->d, bit_named(j->d, disc), r->c[i].bit) : c;
}

/* One discriminator for all the rest: then nothing is lost. */
static bool join_rest(struct join *j, struct cond_builder *out, const struct rest *r)
{
	for (unsigned k = 0; k < j->n; k++) {
		unsigned fit = 0;

		while (fit < r->n && !bit_is_top(under(j, r, fit, j->disc[k])))
			fit++;
		for (unsigned i = 0; fit == r->n && i < r->n; i++)
			builder_add(j->d, out, under(j, r, i, j->disc[k]), r->c[i].tag);
		if (fit == r->n)
			return true;
	}
	return !r->n;
}

/* Each clause of the rest under some discriminator that says something. */
static void join_some(struct join *j, struct cond_builder *out, const struct rest *r)
{
	for (unsigned i = 0; i < r->n; i++)
		for (unsigned k = 0; k < j->n; k++) {
			bit_id c = under(j, r, i, j->disc[k]);

			if (bit_is_top(c) || c.i == 1)
				continue;
			builder_add(j->d, out, c, r->c[i].tag);
			break;
		}
}

static unsigned own(struct dom *d, const struct cond *x, const struct cond *y, struct clause *out)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < x->n; i++)
		if (!has_clause(y, x->c[i].bit) && !cond_entails(d, y, x->c[i].bit))
			out[n++] = x->c[i];
	return n;
}

/* Without a discriminator: each own clause of a or each of b; few only. False if some is lost. */
static bool join_product(struct join *j, struct cond_builder *out)
{
	struct clause x[COND_CLAUSES], y[COND_CLAUSES];
	unsigned n = own(j->d, j->a, j->b, x), m = own(j->d, j->b, j->a, y);
	bool all = true;

	if (n * m > PRODUCT_LIMIT)
		return false;
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < m; k++) {
			bit_id r = bit_or(j->d, x[i].bit, PLANT(72, y[k].bit, BIT_0));

			if (bit_is_top(r))
				all = false;
			else
				builder_add(j->d, out, r, x[i].tag);
		}
	return all;
}

const struct cond *join_cond(struct join *j)
{
	struct cond_builder out = { .imprecise = j->a->imprecise || j->b->imprecise };
	struct rest r = { .n = 0 };

	if (j->a == j->b || j->b->unsat)
		return j->a;
	if (j->a->unsat)
		return j->b;
	for (uint32_t i = 0; i < j->a->n; i++)
		if (!keep_clause(j, &out, &j->a->c[i], j->b))
			r.c[r.n++] = j->a->c[i];
	for (uint32_t i = 0; i < j->b->n; i++)
		if (!keep_clause(j, &out, &j->b->c[i], j->a)) {
			r.from_b[r.n] = true;
			r.c[r.n++] = j->b->c[i];
		}
	if (!join_rest(j, &out, &r)) {
		join_some(j, &out, &r);
		if (j->n || !join_product(j, &out))
			out.imprecise = true;
	}
	return builder_done(j->d, &out);
}
