/* SPDX-License-Identifier: MIT */
/*
 * Which clauses can matter to a question: those that share an atom with it, or
 * speak of a symbol that a predicate relates as a whole, and so on.
 *
 * A clause has three kinds of keys. ATOM: it mentions the atom. BITS: it
 * mentions some bit of the symbol. WHOLE: it mentions a predicate over the
 * symbol (or a bit of one that is never 0). Equal ATOM keys connect, and WHOLE
 * connects with WHOLE and BITS of the same symbol; BITS alone do not.
 */
#include "domain/dom.h"

enum key_kind { KEY_ATOM, KEY_BITS, KEY_WHOLE };

struct key {
	uint32_t id;		/* atom, or symbol */
	uint32_t kind;
	uint64_t clauses;	/* that have it, or that are connected to these */
};

/* Keys of a condition, sorted; clauses are whole components. */
struct links {
	uint32_t n;
	struct key k[];
};

typedef Array(struct key) key_list;

static bool same_key(const struct key *a, uint32_t id, uint32_t kind)
{
	return a->id == id && a->kind == kind;
}

/* False where the clauses of mask have the key already (looked for near the end). */
static bool key_add(key_list *l, uint32_t from, uint32_t id, enum key_kind kind, uint64_t mask)
{
	for (uint32_t i = l->n; i-- > from;)
		if (same_key(&l->v[i], id, kind))
			return false;
	array_push(l, (struct key){ id, kind, mask });
	return true;
}

static void keys_of_bit(struct dom *d, bit_id b, uint64_t mask, uint32_t from, key_list *out);

/*
 * A predicate is connected with what it speaks of: a name with the atoms of its
 * function, another with the whole symbols.
 */
static void keys_of_pred(struct dom *d, word_id base, uint64_t mask, uint32_t from, key_list *out)
{
	const struct word *x = word_symbols(d, base);

	if (x->width == 1) {
		keys_of_bit(d, word_bit(d, base, 0), mask, from, out);
		return;
	}
	for (uint32_t i = 0; i < x->nsyms; i++) {
		word_id below = sym_get(d, x->syms[i])->pred.base;

		if (key_add(out, from, x->syms[i].i, KEY_WHOLE, mask) && below.i)
			keys_of_pred(d, below, mask, from, out);
	}
}

static void keys_of_bit(struct dom *d, bit_id b, uint64_t mask, uint32_t from, key_list *out)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(d, b, a);

	for (unsigned i = 0; i < n; i++) {
		const struct sym *y = sym_get(d, atom_sym(a[i]));
		word_id base = y->pred.base;

		if (!key_add(out, from, a[i].i, KEY_ATOM, mask))
			continue;
		key_add(out, from, atom_sym(a[i]).i, y->nonzero ? KEY_WHOLE : KEY_BITS, mask);
		if (base.i)
			keys_of_pred(d, base, mask, from, out);
	}
}

static int key_order(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

/* One entry for equal keys, with the clauses of all. */
static void keys_merge(key_list *l)
{
	uint32_t n = 0;

	if (!l->n)
		return;
	qsort(l->v, l->n, sizeof(*l->v), key_order);
	for (uint32_t i = 0; i < l->n; i++) {
		if (n && same_key(&l->v[n - 1], l->v[i].id, l->v[i].kind))
			l->v[n - 1].clauses |= l->v[i].clauses;
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

/* Unites the components of the clauses in mask. */
static void unite(uint64_t *comp, uint64_t mask)
{
	uint64_t all = 0;

	for (uint64_t m = mask; m; m &= m - 1)
		all |= comp[__builtin_ctzll(m)];
	for (uint64_t m = all; m; m &= m - 1)
		comp[__builtin_ctzll(m)] = all;
}

static const struct key *find(const struct key *k, uint32_t n, uint32_t id, uint32_t kind)
{
	uint32_t lo = 0, hi = n;
	const struct key want = { id, kind, 0 };

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (key_order(&k[mid], &want) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && same_key(&k[lo], id, kind) ? &k[lo] : NULL;
}

static uint64_t clauses_of(const struct key *k, uint32_t n, uint32_t id, uint32_t kind)
{
	const struct key *x = find(k, n, id, kind);

	return x ? x->clauses : 0;
}

/* The keys of the clauses, and for each clause its component. */
static void components(struct dom *d, const struct clause *c, unsigned n, key_list *l,
		       uint64_t *comp)
{
	for (unsigned i = 0; i < n; i++) {
		comp[i] = (uint64_t)1 << i;
		keys_of_bit(d, c[i].bit, comp[i], l->n, l);
	}
	keys_merge(l);
	for (uint32_t i = 0; i < l->n; i++) {
		uint64_t mask = l->v[i].clauses;

		if (l->v[i].kind == KEY_BITS)
			continue;
		if (l->v[i].kind == KEY_WHOLE)
			mask |= clauses_of(l->v, l->n, l->v[i].id, KEY_BITS);
		unite(comp, mask);
	}
}

static const struct links *links_of(struct dom *d, const struct cond *c)
{
	const struct links **have = cond_links(d, c);
	uint64_t comp[COND_CLAUSES], all;
	struct links *l;
	key_list keys = { 0 };

	if (*have)
		return *have;
	components(d, c->c, c->n, &keys, comp);
	l = arena_alloc(&d->arena, sizeof(*l) + keys.n * sizeof(*l->k));
	for (uint32_t i = 0; i < keys.n; i++) {
		l->k[i] = keys.v[i];
		all = 0;
		for (uint64_t m = keys.v[i].clauses; m; m &= m - 1)
			all |= comp[__builtin_ctzll(m)];
		l->k[i].clauses = all;
	}
	l->n = keys.n;
	array_release(&keys);
	*have = l;
	return l;
}

uint64_t connected(struct dom *d, const struct cond *c, const bit_id *bits, unsigned n)
{
	const struct links *l = links_of(d, c);
	key_list keys = { 0 };
	uint64_t take = 0;

	for (unsigned i = 0; i < n; i++)
		keys_of_bit(d, bits[i], 0, 0, &keys);
	for (uint32_t i = 0; i < keys.n; i++) {
		const struct key *k = &keys.v[i];

		if (k->kind == KEY_ATOM)
			take |= clauses_of(l->k, l->n, k->id, KEY_ATOM);
		else
			take |= clauses_of(l->k, l->n, k->id, KEY_WHOLE);
		if (k->kind == KEY_WHOLE)
			take |= clauses_of(l->k, l->n, k->id, KEY_BITS);
	}
	array_release(&keys);
	return take;
}

uint64_t unconnected(struct dom *d, const struct clause *c, unsigned n)
{
	uint64_t comp[COND_CLAUSES], lone = 0;
	key_list keys = { 0 };

	components(d, c, n, &keys, comp);
	for (unsigned i = 0; i < n; i++)
		if (comp[i] == (uint64_t)1 << i)
			lone |= comp[i];
	array_release(&keys);
	return lone;
}
