/* SPDX-License-Identifier: MIT */
/*
 * Which clauses can matter to a question: those that share an atom with it, or
 * speak of a symbol that a predicate relates as a whole, and so on.
 *
 * A bit mentions atoms and symbols. A symbol is mentioned as a WHOLE by a
 * predicate over it (or by a bit of one that is never 0), else by some BITS.
 * Equal atoms connect, and WHOLE connects with WHOLE and BITS of the same
 * symbol; BITS alone do not.
 *
 * What a bit mentions never changes and is kept. Most pairs of bits have
 * nothing in common, which a signature of 64 bits tells.
 */
#include "domain/dom.h"

enum { KEY_BITS, KEY_WHOLE };

/* What a bit mentions; both lists ascending. */
struct bit_keys {
	uint64_t atom_sig, sym_sig, whole_sig;
	uint32_t natoms, nsyms;
	uint32_t *atoms, *syms;		/* a symbol: its number * 2, + 1 for KEY_WHOLE */
};

/* Of each clause what it mentions, and the component that it is in. */
struct links {
	uint64_t atom_sig, sym_sig, whole_sig;	/* of all */
	uint32_t n;
	struct { const struct bit_keys *k; uint64_t comp; } c[];
};

typedef Array(uint32_t) key_list;
struct collect { struct dom *d; key_list atoms, syms; };

/* ------------------------------------------------------------- keys of a bit */

static bool key_add(key_list *l, uint32_t key)
{
	for (uint32_t i = l->n; i-- > 0;)
		if (l->v[i] == key)
			return false;
	array_push(l, key);
	return true;
}

static void keys_of_bit(struct collect *c, bit_id b);

/*
 * A predicate is connected with what it speaks of: a name with the atoms of its
 * function, another with the whole symbols.
 */
static void keys_of_pred(struct collect *c, word_id base)
{
	const struct word *x = word_symbols(c->d, base);

	if (x->width == 1) {
		keys_of_bit(c, word_bit(c->d, base, 0));
		return;
	}
	for (uint32_t i = 0; i < x->nsyms; i++) {
		word_id below = sym_get(c->d, x->syms[i])->pred.base;

		if (key_add(&c->syms, x->syms[i].i << 1 | KEY_WHOLE) && below.i)
			keys_of_pred(c, below);
	}
}

static void keys_of_bit(struct collect *c, bit_id b)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(c->d, b, a);

	for (unsigned i = 0; i < n; i++) {
		sym_id s = atom_sym(a[i]);
		const struct sym *y = sym_get(c->d, s);
		word_id base = y->pred.base;

		if (!key_add(&c->atoms, a[i].i))
			continue;
		key_add(&c->syms, s.i << 1 | (y->nonzero ? KEY_WHOLE : KEY_BITS));
		if (base.i)
			keys_of_pred(c, base);
	}
}

static int key_order(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t signature(uint32_t id)
{
	return (uint64_t)1 << (id * 0x9e3779b1u >> 26);
}

static void sort(key_list *l)
{
	bool sorted = true;

	for (uint32_t i = 1; i < l->n && sorted; i++)
		sorted = l->v[i - 1] <= l->v[i];
	if (!sorted)
		qsort(l->v, l->n, sizeof(*l->v), key_order);
}

/* A symbol that is there as a WHOLE need not be there as BITS. */
static void drop_bits(key_list *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->n; i++)
		if (i + 1 == l->n || l->v[i] >> 1 != l->v[i + 1] >> 1)
			l->v[n++] = l->v[i];
	l->n = n;
}

static const struct bit_keys *keys_new(struct dom *d, bit_id b)
{
	struct bit_keys *k = arena_new(&d->arena, struct bit_keys);
	struct collect c = { .d = d };

	keys_of_bit(&c, b);
	sort(&c.atoms);
	sort(&c.syms);
	drop_bits(&c.syms);
	k->atoms = arena_memdup(&d->arena, c.atoms.v, c.atoms.n * sizeof(*c.atoms.v));
	k->syms = arena_memdup(&d->arena, c.syms.v, c.syms.n * sizeof(*c.syms.v));
	k->natoms = c.atoms.n;
	k->nsyms = c.syms.n;
	for (uint32_t i = 0; i < k->natoms; i++)
		k->atom_sig |= signature(k->atoms[i]);
	for (uint32_t i = 0; i < k->nsyms; i++) {
		k->sym_sig |= signature(k->syms[i] >> 1);
		if (k->syms[i] & KEY_WHOLE)
			k->whole_sig |= signature(k->syms[i] >> 1);
	}
	array_release(&c.atoms);
	array_release(&c.syms);
	return k;
}

static const struct bit_keys *keys_of(struct dom *d, bit_id b)
{
	uint64_t *known = map_put(&d->bit_keys, b.i);

	if (!*known)
		*known = (uintptr_t)keys_new(d, b);
	return (const struct bit_keys *)(uintptr_t)*known;
}

/* ----------------------------------------------------------------- components */

static bool share_atom(const struct bit_keys *x, const struct bit_keys *y)
{
	uint32_t i = 0, j = 0;

	while (i < x->natoms && j < y->natoms) {
		if (x->atoms[i] == y->atoms[j])
			return true;
		if (x->atoms[i] < y->atoms[j])
			i++;
		else
			j++;
	}
	return false;
}

static bool share_symbol(const struct bit_keys *x, const struct bit_keys *y)
{
	uint32_t i = 0, j = 0;

	while (i < x->nsyms && j < y->nsyms) {
		uint32_t s = x->syms[i] >> 1, t = y->syms[j] >> 1;

		if (s == t && ((x->syms[i] | y->syms[j]) & KEY_WHOLE))
			return true;
		i += s <= t;
		j += t <= s;
	}
	return false;
}

static bool linked(const struct bit_keys *x, const struct bit_keys *y)
{
	return ((x->atom_sig & y->atom_sig) && share_atom(x, y)) ||
	       (((x->whole_sig & y->sym_sig) | (x->sym_sig & y->whole_sig)) &&
		share_symbol(x, y));
}

/* The components of the clauses that are linked with a bit that mentions k. */
static uint64_t linked_clauses(const struct links *l, const struct bit_keys *k)
{
	uint64_t take = 0;

	if (!((k->atom_sig & l->atom_sig) | (k->whole_sig & l->sym_sig) |
	      (k->sym_sig & l->whole_sig)))
		return 0;
	for (uint32_t i = 0; i < l->n; i++)
		if (!(take >> i & 1) && linked(k, l->c[i].k))
			take |= l->c[i].comp;
	return take;
}

static void links_add(struct dom *d, struct links *l, bit_id b)
{
	const struct bit_keys *k = keys_of(d, b);
	uint64_t comp = linked_clauses(l, k) | (uint64_t)1 << l->n;

	l->c[l->n].k = k;
	l->n++;
	for (uint64_t m = comp; m; m &= m - 1)
		l->c[__builtin_ctzll(m)].comp = comp;
	l->atom_sig |= k->atom_sig;
	l->sym_sig |= k->sym_sig;
	l->whole_sig |= k->whole_sig;
}

static size_t links_size(uint32_t n)
{
	return sizeof(struct links) + n * sizeof(((struct links *)NULL)->c[0]);
}

/* From those of the condition that c extends, where these are known. */
static const struct links *links_of(struct dom *d, const struct cond *c)
{
	const struct links **have = cond_links(d, c), *from = NULL;
	struct links *l;

	if (*have)
		return *have;
	for (const struct cond *p = c; p && !from; p = cond_extends(p))
		from = *cond_links(d, p);
	l = arena_alloc(&d->arena, links_size(c->n));
	if (from)
		memcpy(l, from, links_size(from->n));
	while (l->n < c->n)
		links_add(d, l, c->c[l->n].bit);
	*have = l;
	return l;
}

uint64_t connected(struct dom *d, const struct cond *c, const bit_id *bits, unsigned n)
{
	const struct links *l = links_of(d, c);
	uint64_t take = 0;

	for (unsigned i = 0; i < n; i++)
		take |= linked_clauses(l, keys_of(d, bits[i]));
	return take;
}

uint64_t unconnected(struct dom *d, const struct clause *c, unsigned n)
{
	struct links *l = xcalloc(1, links_size(n));
	uint64_t lone = 0;

	while (l->n < n)
		links_add(d, l, c[l->n].bit);
	for (unsigned i = 0; i < n; i++)
		if (l->c[i].comp == (uint64_t)1 << i)
			lone |= l->c[i].comp;
	free(l);
	return lone;
}
