/* SPDX-License-Identifier: MIT */
/*
 * Conditions over other symbols, or over fewer: substitution, forgetting, and
 * existential quantification.
 */
#include "domain/dom.h"

const struct cond *cond_forget(struct dom *d, const struct cond *c,
			       bool (*pred)(void *, sym_id), void *arg)
{
	struct cond_builder b = { .imprecise = c->imprecise };

	if (c->unsat)
		return c;
	for (uint32_t i = 0; i < c->n; i++)
		builder_add(d, &b, bit_forget(d, c->c[i].bit, pred, arg), c->c[i].tag);
	return builder_done(d, &b);
}

struct keep_arg {
	bool (*keep)(void *, sym_id);
	void *arg;
};

static bool rejected(void *arg, sym_id s)
{
	const struct keep_arg *k = arg;

	return !k->keep(k->arg, s);
}

static bool atom_rejected(struct dom *d, atom_id a, struct keep_arg *k)
{
	return sym_mentions(d, atom_sym(a), rejected, k);
}

/* The rejected atoms of the clauses, each once. */
typedef Array(atom_id) atom_array;

static void rejected_atoms(struct dom *d, const struct cond_builder *b, struct keep_arg *k,
			   atom_array *out)
{
	atom_id a[BIT_ATOMS];

	array_clear(out);
	for (uint32_t i = 0; i < b->n; i++) {
		unsigned n = bit_support(d, b->c[i].bit, a);

		for (unsigned j = 0; j < n; j++) {
			bool known = false;

			for (uint32_t x = 0; x < out->n; x++)
				known |= out->v[x].i == a[j].i;
			if (!known && atom_rejected(d, a[j], k))
				array_push(out, a[j]);
		}
	}
}

/* The word that the atom speaks of, if the theory relates its bits: NONE if it is free. */
static word_id theory_word(struct dom *d, atom_id a)
{
	const struct sym *y = sym_get(d, atom_sym(a));

	if (y->pred.base.i)
		return y->pred.base;
	return y->linked || y->nonzero ? word_sym(d, atom_sym(a)) : WORD_NONE;
}

/* The assignments of the atoms that the theory allows, as a table. */
static bit_id consistency(struct dom *d, const atom_id *a, unsigned n)
{
	struct fn f = { .n = n };
	bit_id lit[BIT_ATOMS];
	atom_id sorted[BIT_ATOMS];
	unsigned k = 0;

	/* bit_make() wants them ascending. */
	for (unsigned i = 0; i < n; i++) {
		for (k = i; k > 0 && sorted[k - 1].i > a[i].i; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = a[i];
	}
	memcpy(f.a, sorted, n * sizeof(*sorted));
	for (unsigned row = 0; row < 64; row++) {
		for (unsigned i = 0; i < n; i++)
			lit[i] = bit_literal(sorted[i], row >> i & 1);
		if (solve(d, lit, n, NULL) != SOLVE_UNSAT)
			f.t |= (uint64_t)1 << row;
	}
	return bit_make(d, f);
}

/* Says as clauses what the theory knows between the rejected atoms of one word. */
static void add_theory(struct dom *d, struct cond_builder *b, const atom_array *gone)
{
	for (uint32_t i = 0; i < gone->n; i++) {
		word_id w = theory_word(d, gone->v[i]);
		atom_id group[BIT_ATOMS];
		unsigned n = 0, all = 0;
		bool first = true;

		if (!w.i)
			continue;
		for (uint32_t k = 0; k < gone->n; k++) {
			if (theory_word(d, gone->v[k]).i != w.i)
				continue;
			first &= k >= i;
			if (n < BIT_ATOMS)
				group[n++] = gone->v[k];
			all++;
		}
		if (!first)
			continue;
		/* A masked word's bits may be kept ones: that relation is lost. */
		if (all > n || word_get(d, w)->kind != W_SYM)
			b->imprecise = true;
		builder_add(d, b, consistency(d, group, n), 0);
	}
}

/* Of the rejected atoms the one in the fewest clauses. */
static atom_id cheapest(const struct dom *d, const struct cond_builder *b, const atom_array *gone)
{
	uint32_t best = UINT32_MAX;
	atom_id r = gone->v[0], a[BIT_ATOMS];

	for (uint32_t x = 0; x < gone->n; x++) {
		uint32_t uses = 0;

		for (uint32_t i = 0; i < b->n; i++) {
			unsigned n = bit_support(d, b->c[i].bit, a);

			for (unsigned k = 0; k < n; k++)
				uses += a[k].i == gone->v[x].i;
		}
		if (uses < best) {
			best = uses;
			r = gone->v[x];
		}
	}
	return r;
}

/*
 * There is a value of a: exact where all clauses that mention a combine into
 * one table. Else each combination is quantified by itself, which is weaker.
 */
static void eliminate(struct dom *d, struct cond_builder *b, atom_id a)
{
	struct cond_builder out = { .imprecise = b->imprecise };
	bit_id sum = BIT_1, both;
	uint32_t tag = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		bit_id bit = b->c[i].bit;

		if (bit_same(bit_cofactor(d, bit, a, false), bit)) {
			builder_add(d, &out, bit, b->c[i].tag);
			continue;
		}
		both = bit_and(d, sum, bit);
		if (bit_is_top(both)) {
			builder_add(d, &out, bit_exists(d, sum, a), tag);
			out.imprecise = true;
			both = bit;
			tag = 0;
		}
		sum = both;
		tag = tag ? tag : b->c[i].tag;
	}
	builder_add(d, &out, PLANT(52, bit_exists(d, sum, a), bit_cofactor(d, sum, a, true)), tag);
	*b = out;
}

const struct cond *cond_project(struct dom *d, const struct cond *c,
				bool (*keep)(void *, sym_id), void *arg)
{
	struct keep_arg k = { keep, arg };
	struct cond_builder b = { .n = c->n, .imprecise = c->imprecise };
	atom_array gone = { 0 };

	if (c->unsat)
		return c;
	memcpy(b.c, c->c, c->n * sizeof(*c->c));
	rejected_atoms(d, &b, &k, &gone);
	add_theory(d, &b, &gone);
	while (gone.n) {
		eliminate(d, &b, cheapest(d, &b, &gone));
		rejected_atoms(d, &b, &k, &gone);
	}
	array_release(&gone);
	return builder_done(d, &b);
}
