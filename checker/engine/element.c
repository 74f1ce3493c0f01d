/* SPDX-License-Identifier: MIT */
/*
 * Pointers to elements. With a constant index it is a place in the object; with
 * one of few values, in an object of its own, a choice of places; else a symbol of
 * its own, of which only the object is known.
 */
#include "engine/fun.h"

#define INDEX_WIDTH 64
#define INDEX_BITS 2			/* gives 1 << 2 places, WORD_CHOICES */

/* A bit of an index as a function of its free bits: of number var, or constant. */
struct index_bit { bool is_const, value; unsigned var; };

struct index {
	struct index_bit bits[INDEX_WIDTH];
	bit_id free[INDEX_BITS];
	unsigned nfree;
};

static bool add_bit(struct dom *d, struct index *x, bit_id b, struct index_bit *out)
{
	if (bit_same(b, BIT_TOP))
		return false;
	if (bit_is_const(b)) {
		*out = (struct index_bit){ true, bit_same(b, BIT_1), 0 };
		return true;
	}
	for (unsigned i = 0; i < x->nfree; i++) {
		if (bit_same(b, x->free[i]) || bit_same(b, bit_not(d, x->free[i]))) {
			*out = (struct index_bit){ false, bit_same(b, x->free[i]), i };
			return true;
		}
	}
	if (x->nfree == INDEX_BITS)
		return false;
	*out = (struct index_bit){ false, true, x->nfree };
	x->free[x->nfree++] = b;
	return true;
}

static bool index_read(struct dom *d, struct index *x, word_id index)
{
	x->nfree = 0;
	for (unsigned i = 0; i < INDEX_WIDTH; i++)
		if (!add_bit(d, x, word_bit(d, index, i), &x->bits[i]))
			return false;
	return x->nfree > 0;
}

/* The index where the free bits have the values of row. */
static int64_t index_value(const struct index *x, unsigned row)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < INDEX_WIDTH; i++) {
		const struct index_bit *b = &x->bits[i];
		bool set = b->is_const ? b->value : (row >> b->var & 1) == b->value;

		v |= (uint64_t)set << i;
	}
	return (int64_t)v;
}

static word_id place(struct dom *d, word_id base, int64_t n, int64_t scale)
{
	return word_bin(d, IR_ADD, base,
			word_const(d, (uint64_t)(n * PLANT(119, scale / 8, 1)), word_width(d, base)));
}

/* One of few places; WORD_NONE where there are more of them. */
static word_id choice(struct dom *d, word_id base, word_id index, int64_t scale)
{
	word_id w = WORD_NONE;
	struct index x;

	if (!index_read(d, &x, index))
		return WORD_NONE;
	for (unsigned row = 0; row < 1u << x.nfree; row++) {
		word_id p = place(d, base, index_value(&x, row), scale);
		bit_id g = BIT_1;

		for (unsigned i = 0; i < x.nfree; i++)
			g = bit_and(d, g, row >> i & 1 ? x.free[i] : bit_not(d, x.free[i]));
		w = word_is_none(w) ? p : word_ite(d, g, p, w);
	}
	return w;
}

/* Its elements are told apart: an object of its own, or a table that nobody writes. */
static bool has_places(const struct fun *f, sym_id root)
{
	const struct symbol *k = symbol_info(&f->e->syms, root);

	return symbol_is_object(&f->e->syms, root) ||
	       (k->kind == SYM_K_GLOBAL && f->e->unit->globals.v[k->a].is_const);
}

word_id element_at(struct fun *f, word_id base, struct symbol *key)
{
	struct dom *d = f->e->dom;
	word_id few = WORD_NONE;
	uint64_t n;
	int64_t delta;

	if (!word_is_none(key->index) && word_is_const(d, key->index, &n))
		return place(d, base, (int64_t)n, key->scale);
	if (!word_as_symoff(d, base, &key->base, &delta))
		return WORD_NONE;
	if (!word_is_none(key->index) && has_places(f, key->base))
		few = choice(d, base, key->index, key->scale);
	if (!word_is_none(few))
		return few;
	/* An element of a known type is a root whose offsets are those in the type. */
	key->delta = 0;
	if (key->rec != IR_NONE) {
		key->delta = PLANT(118, delta, 0);
		delta = 0;
	}
	return word_symoff(d, symbol_get(&f->e->syms, key), delta);
}
