/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

enum { OP_AND = 1, OP_XOR, OP_ITE };

const uint64_t fn_var[BIT_ATOMS] = {
	0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
	0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000,
};

struct dom *dom_new(void)
{
	struct dom *d = xcalloc(1, sizeof(*d));

	array_add(&d->syms);
	array_push(&d->words, arena_new(&d->arena, struct word));
	/* The ids of 0, 1 and TOP are no nodes. */
	array_add(&d->nodes);
	array_add(&d->nodes);
	return d;
}

void dom_free(struct dom *d)
{
	if (!d)
		return;
	if (d->conds)
		conds_free(d->conds);
	if (d->solver)
		solver_free(d->solver);
	array_release(&d->syms);
	array_release(&d->nodes);
	array_release(&d->words);
	free(d->node_ids.slot);
	free(d->def_ids.slot);
	free(d->word_ids.slot);
	free(d->bit_memo.e);
	free(d->word_memo.e);
	array_release(&d->weval_memo);
	array_release(&d->overlay);
	map_release(&d->bit_keys);
	arena_release(&d->arena);
	free(d);
}

/* ---------------------------------------------------------------- functions */

struct fn fn_of(const struct dom *d, bit_id b)
{
	struct fn f;

	assert(!bit_is_top(b));
	if (bit_is_literal(b))
		return (struct fn){
			.t = literal_value(b) ? fn_var[0] : ~fn_var[0],
			.a = { literal_atom(b) }, .n = 1,
		};
	if (bit_is_const(b))
		return (struct fn){ .t = b.i ? ~(uint64_t)0 : 0 };
	f = d->nodes.v[b.i / 2];
	f.t ^= -(uint64_t)(b.i & 1);
	return f;
}

/* Exchanges variables i < j of a table (Knuth 7.1.3, delta swap). */
static uint64_t table_swap(uint64_t t, unsigned i, unsigned j)
{
	uint64_t m = fn_var[i] & ~fn_var[j];
	unsigned shift = (1u << j) - (1u << i);

	return (t & ~(m | m << shift)) | (t & m) << shift | (t >> shift & m);
}

uint64_t fn_widen(const struct fn *f, const atom_id *all, unsigned n)
{
	uint64_t t = f->t;
	unsigned at = n;

	for (unsigned k = f->n; k-- > 0;) {
		do {
			at--;
		} while (all[at].i != f->a[k].i);
		if (at != k)
			t = table_swap(t, k, at);
	}
	return t;
}

bool atoms_merge(const struct fn *f, atom_id *all, unsigned *n)
{
	atom_id out[2 * BIT_ATOMS];
	unsigned i = 0, j = 0, k = 0;

	while (i < f->n || j < *n) {
		if (j == *n || (i < f->n && f->a[i].i < all[j].i))
			out[k++] = f->a[i++];
		else if (i == f->n || all[j].i < f->a[i].i)
			out[k++] = all[j++];
		else
			out[k++] = f->a[i++], j++;
	}
	if (k > BIT_ATOMS)
		return false;
	memcpy(all, out, k * sizeof(*out));
	*n = k;
	return true;
}

static void fn_minimise(struct fn *f)
{
	unsigned k = 0;

	for (unsigned v = 0; v < f->n; v++) {
		if (fn_cofactor(f->t, v, false) == fn_cofactor(f->t, v, true))
			continue;
		if (k != v)
			f->t = table_swap(f->t, k, v);
		f->a[k++] = f->a[v];
	}
	for (unsigned v = k; v < f->n; v++)
		f->a[v] = (atom_id){ 0 };
	f->n = k;
}

struct node_key {
	const struct dom *d;
	const struct fn *f;
};

static bool node_same(void *arg, uint32_t id)
{
	const struct node_key *k = arg;
	const struct fn *f = &k->d->nodes.v[id];

	return f->t == k->f->t && f->n == k->f->n &&
	       !memcmp(f->a, k->f->a, k->f->n * sizeof(atom_id));
}

static uint64_t fn_hash(const struct fn *f)
{
	uint64_t h = hash_mix(f->t, f->n);

	for (unsigned i = 0; i < f->n; i++)
		h = hash_mix(h, f->a[i].i);
	return h;
}

bit_id bit_make(struct dom *d, struct fn f)
{
	struct node_key key = { d, &f };
	uint32_t id, negated;
	uint64_t hash;

	fn_minimise(&f);
	if (!f.n)
		return bit_const(f.t & 1);
	if (f.n == 1)
		return bit_literal(f.a[0], f.t == fn_var[0]);
	negated = f.t & 1;
	f.t ^= -(uint64_t)negated;
	hash = fn_hash(&f);
	id = ids_find(&d->node_ids, hash, node_same, &key);
	if (!id) {
		id = d->nodes.n;
		array_push(&d->nodes, f);
		ids_add(&d->node_ids, id, hash);
	}
	return (bit_id){ id * 2 | negated };
}

bit_id bit_atom(struct dom *d, atom_id a)
{
	assert(atom_bit(a) < sym_get(d, atom_sym(a))->width);
	return bit_literal(a, true);
}

/* The sign is in the id; d is there for what looks like the other operators. */
bit_id bit_not(struct dom *d, bit_id a)
{
	(void)d;
	return bit_is_top(a) ? a : (bit_id){ a.i ^ 1 };
}

static bit_id apply_tables(struct dom *d, unsigned op, bit_id a, bit_id b)
{
	struct fn fa = fn_of(d, a), fb = fn_of(d, b), r = fa;
	uint64_t ta, tb;

	if (!atoms_merge(&fb, r.a, &r.n))
		return BIT_TOP;
	ta = fn_widen(&fa, r.a, r.n);
	tb = fn_widen(&fb, r.a, r.n);
	r.t = op == OP_AND ? ta & tb : ta ^ tb;
	return bit_make(d, r);
}

static bit_id apply(struct dom *d, unsigned op, bit_id a, bit_id b)
{
	uint32_t lo = a.i < b.i ? a.i : b.i, hi = a.i < b.i ? b.i : a.i;
	bit_id r;

	if (memo_get(&d->bit_memo, op, lo, hi, &r.i))
		return r;
	r = apply_tables(d, op, a, b);
	memo_put(&d->bit_memo, op, lo, hi, r.i);
	return r;
}

bit_id bit_and(struct dom *d, bit_id a, bit_id b)
{
	if (!a.i || !b.i)
		return BIT_0;
	if (a.i == 1 || a.i == b.i)
		return b;
	if (b.i == 1)
		return a;
	if (bit_is_top(a) || bit_is_top(b))
		return BIT_TOP;
	if ((a.i ^ b.i) == 1)
		return BIT_0;
	return apply(d, OP_AND, a, b);
}

bit_id bit_or(struct dom *d, bit_id a, bit_id b)
{
	return bit_not(d, bit_and(d, bit_not(d, a), bit_not(d, b)));
}

bit_id bit_xor(struct dom *d, bit_id a, bit_id b)
{
	bit_id r;

	if (bit_is_top(a) || bit_is_top(b))
		return BIT_TOP;
	if (a.i == b.i)
		return BIT_0;
	if (bit_is_const(a))
		return a.i ? bit_not(d, b) : b;
	if (bit_is_const(b))
		return b.i ? bit_not(d, a) : a;
	/* Signs go before the operator, so that four questions are one. */
	if ((a.i ^ b.i) == 1)
		return BIT_1;
	r = apply(d, OP_XOR, (bit_id){ a.i & ~1u }, (bit_id){ b.i & ~1u });
	return bit_is_top(r) ? r : (bit_id){ r.i ^ ((a.i ^ b.i) & 1) };
}

static bit_id ite_tables(struct dom *d, bit_id c, bit_id a, bit_id b)
{
	struct fn fc = fn_of(d, c), fa = fn_of(d, a), fb = fn_of(d, b), r = fc;
	uint64_t tc;

	if (!atoms_merge(&fa, r.a, &r.n) || !atoms_merge(&fb, r.a, &r.n))
		return BIT_TOP;
	tc = fn_widen(&fc, r.a, r.n);
	r.t = (tc & fn_widen(&fa, r.a, r.n)) | (~tc & fn_widen(&fb, r.a, r.n));
	return bit_make(d, r);
}

bit_id bit_ite(struct dom *d, bit_id c, bit_id a, bit_id b)
{
	if (bit_is_const(c))
		return c.i ? a : b;
	if (a.i == b.i)
		return a;
	if (bit_is_const(a))
		return a.i ? bit_or(d, c, b) : bit_and(d, bit_not(d, c), b);
	if (bit_is_const(b))
		return b.i ? bit_or(d, bit_not(d, c), a) : bit_and(d, c, a);
	if (bit_is_top(c) || bit_is_top(a) || bit_is_top(b))
		return BIT_TOP;
	return ite_tables(d, c, a, b);
}

unsigned bit_support(const struct dom *d, bit_id b, atom_id out[BIT_ATOMS])
{
	struct fn f;

	if (bit_is_top(b))
		return 0;
	f = fn_of(d, b);
	memcpy(out, f.a, f.n * sizeof(*out));
	return f.n;
}

bit_id bit_cofactor(struct dom *d, bit_id b, atom_id a, bool v)
{
	struct fn f;

	if (bit_is_top(b))
		return b;
	f = fn_of(d, b);
	for (unsigned i = 0; i < f.n; i++) {
		if (f.a[i].i != a.i)
			continue;
		f.t = fn_cofactor(f.t, i, v);
		return bit_make(d, f);
	}
	return b;
}

bit_id bit_exists(struct dom *d, bit_id b, atom_id a)
{
	return bit_or(d, bit_cofactor(d, b, a, false), bit_cofactor(d, b, a, true));
}

bit_id bit_forget(struct dom *d, bit_id b, bool (*pred)(void *, sym_id), void *arg)
{
	struct fn f;

	if (bit_is_top(b))
		return b;
	f = fn_of(d, b);
	for (unsigned i = 0; i < f.n; i++)
		if (sym_mentions(d, atom_sym(f.a[i]), pred, arg))
			return PLANT(51, BIT_TOP, b);
	return b;
}

bool bit_eval(const struct dom *d, bit_id b, bool (*value)(void *, atom_id), void *arg)
{
	unsigned row = 0;

	assert(!bit_is_top(b));
	if (bit_is_literal(b))
		return value(arg, literal_atom(b)) == literal_value(b);
	if (bit_is_const(b))
		return b.i;
	/* The callback may add nodes. */
	for (unsigned k = 0; k < d->nodes.v[b.i / 2].n; k++)
		row |= (unsigned)value(arg, d->nodes.v[b.i / 2].a[k]) << k;
	return (d->nodes.v[b.i / 2].t >> row ^ b.i) & 1;
}

static bool has_more(const struct dom *d, bit_id b, unsigned n)
{
	atom_id a[BIT_ATOMS];

	return bit_support(d, b, a) > n;
}

bit_id bit_select(struct dom *d, bit_id c, bit_id a, bit_id b)
{
	bit_id r = bit_ite(d, c, a, b);

	if (!bit_is_top(r) || bit_is_top(c) || bit_is_top(a) || bit_is_top(b))
		return r;
	c = bit_named(d, c);
	r = bit_ite(d, c, a, b);
	if (bit_is_top(r) && has_more(d, a, 2)) {
		a = bit_named(d, a);
		r = bit_ite(d, c, a, b);
	}
	if (bit_is_top(r))
		r = bit_ite(d, c, a, bit_named(d, b));
	return r;
}
