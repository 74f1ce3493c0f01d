/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

#define KEY_SLOTS 1024
#define KEY_LIMIT 700

/*
 * What an atom shares with others: itself, or the whole symbol where some
 * predicate or fact relates the symbol's bits to each other.
 */
struct keys {
	uint32_t slot[KEY_SLOTS];	/* key, 0 is free */
	bool marked[KEY_SLOTS];
	uint32_t n;
	bool full;
};

/* The keys of one clause, as slots. */
typedef Array(uint16_t) key_list;

/* True if the key is new to the table. */
static bool key_add(struct keys *t, uint32_t key, key_list *out)
{
	uint32_t i = (uint32_t)hash_mix(key, 7) % KEY_SLOTS;
	bool fresh;

	while (t->slot[i] && t->slot[i] != key)
		i = (i + 1) % KEY_SLOTS;
	fresh = !t->slot[i];
	if (fresh && t->n == KEY_LIMIT) {
		t->full = true;
		return false;
	}
	t->n += fresh;
	t->slot[i] = key;
	array_push(out, (uint16_t)i);
	return fresh;
}

static void keys_of_bit(struct dom *d, struct keys *t, bit_id b, key_list *out);

/* A predicate is connected with what it speaks of; once is enough, where its key is new. */
static void keys_of_atom(struct dom *d, struct keys *t, atom_id a, key_list *out)
{
	const struct sym *y = sym_get(d, atom_sym(a));
	word_id base = y->pred.base;
	const bit_id *bits;

	if (!key_add(t, y->linked || y->nonzero ? atom_sym(a).i << 1 | 1 : a.i << 1, out) ||
	    !base.i)
		return;
	if (word_get(d, base)->kind == W_SYM) {
		key_add(t, word_get(d, base)->sym.i << 1 | 1, out);
		return;
	}
	bits = word_bits(d, base);
	for (unsigned i = 0; i < word_width(d, base); i++)
		keys_of_bit(d, t, bits[i], out);
}

static void keys_of_bit(struct dom *d, struct keys *t, bit_id b, key_list *out)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(d, b, a);

	for (unsigned i = 0; i < n; i++)
		keys_of_atom(d, t, a[i], out);
}

static bool touches(const struct keys *t, const uint16_t *k, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (t->marked[k[i]])
			return true;
	return false;
}

/* Spreads the marks over the clauses until nothing changes; ends[i] is where clause i's keys end. */
static void spread(struct keys *t, const key_list *keys, const uint32_t *ends, unsigned n,
		   bool *take)
{
	bool again = true;

	while (again) {
		again = false;
		for (unsigned i = 0; i < n; i++) {
			uint32_t from = i ? ends[i - 1] : 0;

			if (take[i] || !touches(t, keys->v + from, ends[i] - from))
				continue;
			take[i] = again = true;
			for (uint32_t k = from; k < ends[i]; k++)
				t->marked[keys->v[k]] = true;
		}
	}
}

void connected(struct dom *d, const bit_id *clauses, unsigned n, const bit_id *bits, unsigned nbits,
	       bool *take)
{
	struct keys t = { .n = 0 };
	key_list keys = { 0 };
	uint32_t ends[COND_CLAUSES];

	assert(n <= COND_CLAUSES);
	for (unsigned i = 0; i < nbits; i++)
		keys_of_bit(d, &t, bits[i], &keys);
	for (uint32_t i = 0; i < keys.n; i++)
		t.marked[keys.v[i]] = true;
	array_clear(&keys);
	for (unsigned i = 0; i < n; i++) {
		take[i] = false;
		keys_of_bit(d, &t, clauses[i], &keys);
		ends[i] = keys.n;
	}
	if (t.full)
		memset(take, true, n);
	else
		spread(&t, &keys, ends, n, take);
	array_release(&keys);
}
