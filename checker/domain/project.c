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

typedef Array(atom_id) atom_array;

static bool has_atom(const atom_array *t, atom_id a)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->v[i].i == a.i)
			return true;
	return false;
}

/* The atoms of the clauses that mention a rejected symbol, each once. */
static void rejected_atoms(struct dom *d, const struct cond_builder *b, struct keep_arg *k,
			   atom_array *gone)
{
	atom_array kept = { 0 };
	atom_id a[BIT_ATOMS];

	for (uint32_t i = 0; i < b->n; i++) {
		unsigned n = bit_support(d, b->c[i].bit, a);

		for (unsigned j = 0; j < n; j++) {
			if (has_atom(gone, a[j]) || has_atom(&kept, a[j]))
				continue;
			if (sym_mentions(d, atom_sym(a[j]), rejected, k))
				array_push(gone, a[j]);
			else
				array_push(&kept, a[j]);
		}
	}
	array_release(&kept);
}

/* The word that the atom speaks of, if the theory relates its bits: NONE if it is free. */
static word_id theory_word(struct dom *d, atom_id a)
{
	const struct sym *y = sym_get(d, atom_sym(a));

	if (y->pred.base.i)
		return y->pred.base;
	return y->linked || y->nonzero ? word_sym(d, atom_sym(a)) : WORD_NONE;
}

/* Some value of the symbol agrees with the atoms' values in row. */
static bool row_allowed(struct dom *d, word_id w, const atom_id *a, unsigned n, unsigned row)
{
	unsigned width = word_width(d, w);
	uint64_t mask = 0, bits = 0, any;
	struct ivs ivs;

	ivs_all(&ivs, d, w);
	for (unsigned i = 0; i < n; i++) {
		const struct pred *p = &sym_get(d, atom_sym(a[i]))->pred;
		bool v = row >> i & 1;

		if (p->base.i) {
			ivs_restrict(&ivs, p, width, v);
		} else {
			mask |= (uint64_t)1 << atom_bit(a[i]);
			bits |= (uint64_t)v << atom_bit(a[i]);
		}
	}
	return ivs_pick(&ivs, mask, bits, &any);
}

/* The assignments of the atoms that the theory allows, as a table. */
static bit_id consistency(struct dom *d, word_id w, const atom_id *a, unsigned n)
{
	struct fn f = { .n = n };

	memcpy(f.a, a, n * sizeof(*a));
	for (unsigned row = 0; row < 1u << n; row++)
		if (row_allowed(d, w, a, n, row))
			f.t |= (uint64_t)1 << PLANT(60, row, row ^ 1);
	for (unsigned k = n; k < BIT_ATOMS; k++)
		f.t |= f.t << (1u << k);
	return bit_make(d, f);
}

static int atom_order(const void *a, const void *b)
{
	const atom_id *x = a, *y = b;

	return (x->i > y->i) - (x->i < y->i);
}

/* The function that the atom names: see bit_named(). TOP where it is no name. */
static bit_id name_of(struct dom *d, atom_id a)
{
	const struct pred p = sym_get(d, atom_sym(a))->pred;
	bit_id f;

	if (!p.base.i || word_width(d, p.base) > 1 || p.span)
		return BIT_TOP;
	f = word_bit(d, p.base, 0);
	return p.lo ? f : bit_not(d, f);
}

/* Of one symbol's rejected atoms, predicates first, at most BIT_ATOMS, ascending. */
struct related {
	atom_id a[BIT_ATOMS];
	unsigned n, preds, all;
};

static struct related related_atoms(struct dom *d, const atom_array *gone, word_id w)
{
	struct related r = { .n = 0 };

	for (unsigned bits = 0; bits < 2; bits++)
		for (uint32_t k = 0; k < gone->n; k++) {
			bool pred = sym_get(d, atom_sym(gone->v[k]))->pred.base.i;

			if (pred == bits || theory_word(d, gone->v[k]).i != w.i)
				continue;
			r.all++;
			r.preds += pred;
			if (r.n < BIT_ATOMS)
				r.a[r.n++] = gone->v[k];
		}
	qsort(r.a, r.n, sizeof(*r.a), atom_order);
	return r;
}

static bool seen_before(struct dom *d, const atom_array *gone, uint32_t i, word_id w)
{
	for (uint32_t k = 0; k < i; k++)
		if (theory_word(d, gone->v[k]).i == w.i)
			return true;
	return false;
}

/* Says as clauses what the theory knows between the rejected atoms of one word. */
static void add_theory(struct dom *d, struct cond_builder *b, const atom_array *gone)
{
	for (uint32_t i = 0; i < gone->n; i++) {
		word_id w = theory_word(d, gone->v[i]);
		const struct word *x = word_get(d, w);
		struct related r;

		if (!w.i || !bit_is_top(name_of(d, gone->v[i])) || seen_before(d, gone, i, w))
			continue;
		/* A masked word's bits may be kept ones: that relation is lost. */
		if (x->kind != W_SYM) {
			b->imprecise = true;
			continue;
		}
		r = related_atoms(d, gone, w);
		if (!r.preds && !sym_get(d, x->sym)->nonzero)
			continue;
		builder_add(d, b, consistency(d, w, r.a, r.n), 0);
		b->imprecise |= r.all > r.n;
	}
}

/* Says what the rejected names stand for; their atoms may be rejected names again. */
static void add_names(struct dom *d, struct cond_builder *b, struct keep_arg *k, atom_array *gone)
{
	for (uint32_t i = 0; i < gone->n; i++) {
		bit_id f = name_of(d, gone->v[i]), same;

		if (bit_is_top(f))
			continue;
		same = bit_not(d, bit_xor(d, bit_literal(gone->v[i], true), f));
		builder_add(d, b, same, 0);
		rejected_atoms(d, b, k, gone);
	}
}

/* Of the rejected atoms the one in the fewest clauses; it leaves the list. */
static atom_id take_cheapest(const struct dom *d, const struct cond_builder *b, atom_array *gone)
{
	uint32_t *uses = xcalloc(gone->n, sizeof(*uses)), at = 0;
	atom_id r, a[BIT_ATOMS];

	for (uint32_t i = 0; i < b->n; i++) {
		unsigned n = bit_support(d, b->c[i].bit, a);

		for (unsigned k = 0; k < n; k++)
			for (uint32_t x = 0; x < gone->n; x++)
				uses[x] += a[k].i == gone->v[x].i;
	}
	for (uint32_t x = 1; x < gone->n; x++)
		if (uses[x] < uses[at])
			at = x;
	free(uses);
	r = gone->v[at];
	gone->v[at] = array_pop(gone);
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
	builder_add(d, &out, PLANT(59, bit_exists(d, sum, a), bit_cofactor(d, sum, a, true)), tag);
	*b = out;
}

/* Some atom of the clauses speaks of a symbol that is kept. */
static bool mentions_kept(struct dom *d, const struct cond_builder *b, const struct keep_arg *k)
{
	atom_id a[BIT_ATOMS];

	for (uint32_t i = 0; i < b->n; i++) {
		unsigned n = bit_support(d, b->c[i].bit, a);

		for (unsigned j = 0; j < n; j++)
			if (sym_mentions(d, atom_sym(a[j]), k->keep, k->arg))
				return true;
	}
	return false;
}

/*
 * Clauses that no other one is connected with. They have a model, as the whole condition has:
 * where nothing of them is kept they are true.
 */
static void project_part(struct dom *d, struct cond_builder *b, struct keep_arg *k)
{
	atom_array gone = { 0 };

	rejected_atoms(d, b, k, &gone);
	if (gone.n && !mentions_kept(d, b, k)) {
		b->n = 0;
	} else if (gone.n) {
		add_names(d, b, k, &gone);
		add_theory(d, b, &gone);
		while (gone.n)
			eliminate(d, b, take_cheapest(d, b, &gone));
	}
	array_release(&gone);
}

const struct cond *cond_project(struct dom *d, const struct cond *c,
				bool (*keep)(void *, sym_id), void *arg)
{
	struct keep_arg k = { keep, arg };
	struct cond_builder all = { .imprecise = c->imprecise };
	uint64_t seen = 0;

	if (c->unsat)
		return c;
	for (uint32_t i = 0; i < c->n; i++) {
		uint64_t take = seen >> i & 1 ? 0 : connected(d, c, &c->c[i].bit, 1);
		struct cond_builder b = { .n = 0 };

		seen |= take;
		for (; take; take &= take - 1)
			b.c[b.n++] = c->c[__builtin_ctzll(take)];
		project_part(d, &b, &k);
		for (uint32_t n = 0; n < b.n; n++)
			builder_add(d, &all, b.c[n].bit, b.c[n].tag);
		all.imprecise |= b.imprecise;
	}
	return builder_done(d, &all);
}
