/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "support.h"

static const enum ir_op bins[] = {
	IR_ADD, IR_SUB, IR_MUL, IR_UDIV, IR_SDIV, IR_UREM, IR_SREM,
	IR_AND, IR_OR, IR_XOR, IR_SHL, IR_LSHR, IR_ASHR,
};
static const enum ir_op cmps[] = { IR_EQ, IR_NE, IR_ULT, IR_ULE, IR_SLT, IR_SLE };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ------------------------------------------------- small widths, exhaustively */

struct pool {
	struct dom *d;
	struct env e;
	sym_id x, y;
	word_id w[64];
	unsigned n;
	unsigned width;
};

static void pool_init(struct pool *p, unsigned width)
{
	struct dom *d = p->d = dom_new();
	bit_id some[64];
	word_id x, y;

	env_init(&p->e, d);
	p->width = width;
	p->x = sym_new(d, (uint8_t)width, ORIGIN_INPUT);
	p->y = sym_new(d, (uint8_t)width, ORIGIN_INPUT);
	p->n = 0;
	p->w[p->n++] = x = word_sym(d, p->x);
	p->w[p->n++] = y = word_sym(d, p->y);
	for (uint64_t v = 0; v < 1u << width && v < 16; v++)
		p->w[p->n++] = word_const(d, v, (uint8_t)width);
	p->w[p->n++] = word_symoff(d, p->x, 1);
	p->w[p->n++] = word_symoff(d, p->y, -2);
	p->w[p->n++] = word_bin(d, IR_XOR, x, y);
	p->w[p->n++] = word_ite(d, bit_atom(d, atom_make(p->y, 0)), x,
				word_const(d, 1, (uint8_t)width));
	for (unsigned i = 0; i < width; i++)
		some[i] = i % 2 ? BIT_TOP : bit_atom(d, atom_make(p->x, i));
	p->w[p->n++] = word_from_bits(d, some, (uint8_t)width);
	some[0] = BIT_TOP;
	p->w[p->n++] = word_from_bits(d, some, (uint8_t)width);
}

static void pool_release(struct pool *p)
{
	env_release(&p->e);
	dom_free(p->d);
}

/* Concrete values that the word can have under the environment, as a set of bits. */
static uint64_t concretise(struct pool *p, word_id w)
{
	uint64_t set = 0;

	for (uint64_t v = 0; v < 1u << p->width; v++)
		set |= (uint64_t)env_contains(&p->e, w, v) << v;
	return set;
}

static void check_bin(struct pool *p, enum ir_op op, word_id a, word_id b, word_id r)
{
	uint64_t sa = concretise(p, a), sb = concretise(p, b), sr = concretise(p, r);
	bool ok;

	for (unsigned i = 0; i < 1u << p->width; i++)
		for (unsigned j = 0; j < 1u << p->width; j++) {
			uint64_t v;

			if (!(sa >> i & 1) || !(sb >> j & 1))
				continue;
			v = eval_bin(op, i, j, p->width, &ok);
			if (ok)
				assert_true(sr >> v & 1);
		}
}

static void check_cmp(struct pool *p, enum ir_op op, word_id a, word_id b, bit_id r)
{
	uint64_t sa = concretise(p, a), sb = concretise(p, b);

	if (bit_is_top(r))
		return;
	for (unsigned i = 0; i < 1u << p->width; i++)
		for (unsigned j = 0; j < 1u << p->width; j++)
			if ((sa >> i & 1) && (sb >> j & 1))
				assert_int_equal(env_bit(&p->e, r), eval_cmp(op, i, j, p->width));
}

static void for_all_values(struct pool *p, unsigned i, unsigned j)
{
	word_id a = p->w[i], b = p->w[j];

	for (uint64_t v = 0; v < (uint64_t)1 << 2 * p->width; v++) {
		env_set(&p->e, p->x, v);
		env_set(&p->e, p->y, v >> p->width);
		for (unsigned k = 0; k < COUNT(bins); k++)
			check_bin(p, bins[k], a, b, word_bin(p->d, bins[k], a, b));
		for (unsigned k = 0; k < COUNT(cmps); k++)
			check_cmp(p, cmps[k], a, b, word_cmp(p->d, cmps[k], a, b));
	}
}

static void test_small(void **state)
{
	struct pool p;

	(void)state;
	for (unsigned width = 1; width <= 3; width++) {
		pool_init(&p, width);
		for (unsigned i = 0; i < p.n; i++)
			for (unsigned j = 0; j < p.n; j++)
				for_all_values(&p, i, j);
		pool_release(&p);
	}
}

/* Two symbols of three bits are six atoms: nothing may be lost. */
static void test_small_exact(void **state)
{
	struct pool p;

	(void)state;
	pool_init(&p, 3);
	for (unsigned i = 0; i + 2 < p.n; i++)
		for (unsigned j = 0; j + 2 < p.n; j++) {
			for (unsigned k = 0; k < COUNT(bins); k++) {
				word_id r = word_bin(p.d, bins[k], p.w[i], p.w[j]);
				bool undefined = bins[k] != IR_ADD && bins[k] != IR_SUB &&
						 bins[k] != IR_MUL && bins[k] != IR_AND &&
						 bins[k] != IR_OR && bins[k] != IR_XOR;

				assert_true(undefined || !word_has_top(p.d, r));
			}
			for (unsigned k = 0; k < COUNT(cmps); k++)
				assert_false(bit_is_top(word_cmp(p.d, cmps[k], p.w[i], p.w[j])));
		}
	pool_release(&p);
}

/* ------------------------------------------------------- random words, any width */

#define SYMS 6

struct world {
	struct dom *d;
	struct env e;
	struct rng r;
	sym_id s[SYMS];
};

static word_id random_word(struct world *w, unsigned width, unsigned depth);

static bit_id random_bit(struct world *w)
{
	sym_id s = w->s[rng_below(&w->r, SYMS)];

	return bit_atom(w->d, atom_make(s, rng_below(&w->r, sym_width(w->d, s))));
}

static word_id random_leaf(struct world *w, unsigned width)
{
	sym_id s = w->s[rng_below(&w->r, SYMS)];
	unsigned n = sym_width(w->d, s);
	word_id a = word_symoff(w->d, s, rng_chance(&w->r, 30) ? (int64_t)rng_value(&w->r, n) : 0);

	if (rng_chance(&w->r, 35))
		return word_const(w->d, rng_value(&w->r, width), (uint8_t)width);
	if (n == width)
		return a;
	return word_conv(w->d, n > width ? IR_TRUNC : rng_chance(&w->r, 50) ? IR_ZEXT : IR_SEXT,
			 (uint8_t)width, a);
}

static word_id random_word(struct world *w, unsigned width, unsigned depth)
{
	word_id a, b;
	enum ir_op op;

	if (!depth || rng_chance(&w->r, 20))
		return random_leaf(w, width);
	a = random_word(w, width, depth - 1);
	switch (rng_below(&w->r, 4)) {
	case 0:
		b = random_word(w, width, depth - 1);
		return word_ite(w->d, random_bit(w), a, b);
	case 1:
		return word_bin(w->d, IR_AND, a, word_const(w->d, rng_value(&w->r, width),
							    (uint8_t)width));
	default:
		op = bins[rng_below(&w->r, COUNT(bins))];
		b = random_word(w, width, depth - 1);
		if (op == IR_SHL || op == IR_LSHR || op == IR_ASHR)
			b = word_const(w->d, rng_below(&w->r, width), (uint8_t)width);
		if (op == IR_UDIV || op == IR_SDIV || op == IR_UREM || op == IR_SREM)
			b = word_bin(w->d, IR_OR, b, word_const(w->d, 1, (uint8_t)width));
		return word_bin(w->d, op, a, b);
	}
}

static void world_init(struct world *w, uint64_t seed)
{
	static const uint8_t widths[SYMS] = { 1, 3, 8, 32, 64, 64 };

	w->d = dom_new();
	w->r = (struct rng){ seed };
	env_init(&w->e, w->d);
	for (unsigned i = 0; i < SYMS; i++)
		w->s[i] = sym_new(w->d, widths[i], ORIGIN_INPUT);
}

static void world_release(struct world *w)
{
	env_release(&w->e);
	dom_free(w->d);
}

static void world_draw(struct world *w)
{
	for (unsigned i = 0; i < SYMS; i++)
		env_set(&w->e, w->s[i], rng_value(&w->r, sym_width(w->d, w->s[i])));
}

/* One more operation on words without TOP, against the operator on numbers. */
static void check_step(struct world *w, word_id a, word_id b, unsigned width)
{
	uint64_t x = env_word(&w->e, a), y = env_word(&w->e, b), v;
	unsigned cut = 1 + rng_below(&w->r, width), lo = rng_below(&w->r, width - cut + 1);
	struct dom *d = w->d;
	bool ok;

	for (unsigned k = 0; k < COUNT(bins); k++) {
		v = eval_bin(bins[k], x, y, width, &ok);
		if (ok)
			assert_true(env_contains(&w->e, word_bin(d, bins[k], a, b), v));
	}
	for (unsigned k = 0; k < COUNT(cmps); k++) {
		bit_id r = word_cmp(d, cmps[k], a, b);

		if (!bit_is_top(r))
			assert_int_equal(env_bit(&w->e, r), eval_cmp(cmps[k], x, y, width));
	}
	assert_true(env_contains(&w->e, word_un(d, IR_NOT, a), ~x));
	assert_true(env_contains(&w->e, word_un(d, IR_NEG, a), 0 - x));
	if (!bit_is_top(word_nonzero(d, a)))
		assert_int_equal(env_bit(&w->e, word_nonzero(d, a)), x != 0);
	assert_true(env_contains(&w->e, word_extract(d, a, lo, (uint8_t)cut), x >> lo));
	assert_true(env_contains(&w->e, word_conv(d, IR_TRUNC, (uint8_t)cut, a), x));
	assert_true(env_contains(&w->e, word_conv(d, IR_ZEXT, 64, a), x));
	assert_true(env_contains(&w->e, word_conv(d, IR_SEXT, 64, a),
				 (uint64_t)sign_extend(x, width)));
	v = (x & ~(width_mask(cut) << lo)) | (y & width_mask(cut)) << lo;
	assert_true(env_contains(&w->e, word_insert(d, a, lo, word_extract(d, b, 0, (uint8_t)cut)),
				 v));
	if (width + cut <= 64)
		assert_true(env_contains(&w->e, word_concat(d, a, word_extract(d, b, 0,
									       (uint8_t)cut)),
					 x | (y & width_mask(cut)) << width));
}

static void test_random(void **state)
{
	static const uint8_t widths[] = { 1, 2, 3, 5, 8, 16, 32, 32, 64, 64 };
	struct world w;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		world_init(&w, test_seed(1000) + round);
		for (unsigned k = 0; k < 12; k++) {
			unsigned width = widths[rng_below(&w.r, COUNT(widths))];
			word_id a = random_word(&w, width, 2), b = random_word(&w, width, 2);

			if (word_has_top(w.d, a) || word_has_top(w.d, b))
				continue;
			for (unsigned i = 0; i < 8; i++) {
				world_draw(&w);
				check_step(&w, a, b, width);
			}
		}
		world_release(&w);
	}
}

/* The value of each symbol, and of the word that replaces it. */
struct renaming {
	struct world *w;
	word_id to[SYMS];
};

static word_id rename_sym(void *arg, sym_id s)
{
	const struct renaming *n = arg;

	for (unsigned i = 0; i < SYMS; i++)
		if (n->w->s[i].i == s.i)
			return n->to[i];
	return WORD_NONE;
}

static bool mentions_first(void *arg, sym_id s)
{
	return s.i == ((struct world *)arg)->s[0].i || s.i == ((struct world *)arg)->s[3].i;
}

/* What is forgotten may have any value. */
static void check_forget(struct world *w, word_id f, uint64_t want)
{
	const uint64_t was[2] = { env_sym(&w->e, w->s[0]), env_sym(&w->e, w->s[3]) };

	env_set(&w->e, w->s[0], rng_next(&w->r));
	env_set(&w->e, w->s[3], rng_next(&w->r));
	assert_true(env_contains(&w->e, f, want));
	env_set(&w->e, w->s[0], was[0]);
	env_set(&w->e, w->s[3], was[1]);
}

/* The value of a where each symbol has the value of the word that replaces it. */
static uint64_t value_renamed(struct world *w, const struct renaming *n, word_id a)
{
	uint64_t was[SYMS], now[SYMS], v;

	for (unsigned i = 0; i < SYMS; i++) {
		was[i] = env_sym(&w->e, w->s[i]);
		now[i] = n->to[i].i ? env_word(&w->e, n->to[i]) : was[i];
	}
	for (unsigned i = 0; i < SYMS; i++)
		env_set(&w->e, w->s[i], now[i]);
	v = env_word(&w->e, a);
	for (unsigned i = 0; i < SYMS; i++)
		env_set(&w->e, w->s[i], was[i]);
	return v;
}

static void test_subst(void **state)
{
	struct world w;
	struct renaming n = { &w, { { 0 } } };

	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		struct subst *s;
		word_id a, r, f;
		bool top = false;

		world_init(&w, test_seed(2000) + round);
		for (unsigned i = 0; i < SYMS; i++) {
			n.to[i] = rng_chance(&w.r, 30) ? WORD_NONE :
				  random_word(&w, sym_width(w.d, w.s[i]), 1);
			top |= n.to[i].i && word_has_top(w.d, n.to[i]);
		}
		a = random_word(&w, 32, 3);
		top |= word_has_top(w.d, a);
		s = subst_new(w.d, rename_sym, &n);
		r = word_subst(s, a);
		f = word_forget(w.d, a, mentions_first, &w);
		for (unsigned k = 0; k < 10 && !top; k++) {
			world_draw(&w);
			check_forget(&w, f, env_word(&w.e, a));
			assert_true(env_contains(&w.e, r, value_renamed(&w, &n, a)));
		}
		subst_free(s);
		world_release(&w);
	}
}

/* ------------------------------------------------------------ what must be exact */

static void test_flags(void **state)
{
	struct dom *d = dom_new();
	sym_id prot = sym_new(d, 32, ORIGIN_INPUT), pfn = sym_new(d, 64, ORIGIN_INPUT);
	sym_id n = sym_new(d, 64, ORIGIN_INPUT);
	word_id p = word_sym(d, prot), pte;
	bit_id w = bit_atom(d, atom_make(prot, 1));

	(void)state;
	assert_int_equal(word_nonzero(d, word_bin(d, IR_AND, p, word_const(d, 2, 32))).i, w.i);
	assert_int_equal(word_cmp(d, IR_SLT, p, word_const(d, 0, 32)).i,
			 bit_atom(d, atom_make(prot, 31)).i);
	assert_int_equal(word_nonzero(d, p).i,
			 bit_not(d, word_cmp(d, IR_EQ, p, word_const(d, 0, 32))).i);
	assert_int_equal(word_nonzero(d, word_bin(d, IR_AND, p, word_const(d, 3, 32))).i,
			 bit_or(d, bit_atom(d, atom_make(prot, 0)), w).i);
	/* pte = pfn << 12 | (prot & 3); pte += n << 12 keeps the flags. */
	pte = word_bin(d, IR_SHL, word_sym(d, pfn), word_const(d, 12, 64));
	pte = word_bin(d, IR_OR, pte, word_conv(d, IR_ZEXT, 64,
						word_bin(d, IR_AND, p, word_const(d, 3, 32))));
	pte = word_bin(d, IR_ADD, pte, word_bin(d, IR_MUL, word_sym(d, n),
						word_const(d, 4096, 64)));
	assert_int_equal(word_bit(d, pte, 1).i, w.i);
	for (unsigned i = 2; i < 12; i++)
		assert_int_equal(word_bit(d, pte, i).i, BIT_0.i);
	assert_false(word_has_top(d, pte));
	dom_free(d);
}

static void test_forms(void **state)
{
	struct dom *d = dom_new();
	sym_id s = sym_new(d, 64, ORIGIN_INPUT), t = sym_new(d, 32, ORIGIN_INPUT), got;
	word_id w = word_symoff(d, s, 24), back;
	int64_t delta;
	bit_id c = bit_atom(d, atom_make(sym_new(d, 1, ORIGIN_INPUT), 0));
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];

	(void)state;
	assert_int_equal(word_bin(d, IR_SUB, w, word_const(d, 24, 64)).i, word_sym(d, s).i);
	assert_int_equal(word_extract(d, w, 0, 64).i, w.i);
	back = word_concat(d, word_extract(d, w, 0, 20), word_extract(d, w, 20, 44));
	assert_true(word_as_symoff(d, back, &got, &delta));
	assert_int_equal(got.i, s.i);
	assert_int_equal(delta, 24);
	assert_int_equal(word_insert(d, word_const(d, 0, 64), 0, w).i, w.i);
	assert_int_equal(word_bin(d, IR_SUB, w, word_symoff(d, s, 8)).i, word_const(d, 16, 64).i);
	back = word_conv(d, IR_SEXT, 64, word_symoff(d, t, 5));
	assert_int_equal(word_conv(d, IR_TRUNC, 32, back).i, word_symoff(d, t, 5).i);
	w = word_ite(d, c, w, word_const(d, 0, 64));
	assert_int_equal(word_choices(d, w, alt, guard), 2);
	assert_int_equal(bit_or(d, guard[0], guard[1]).i, 1);
	assert_int_equal(bit_and(d, guard[0], guard[1]).i, 0);
	assert_int_equal(word_ite(d, c, w, word_const(d, 0, 64)).i, w.i);
	assert_int_equal(word_choices(d, word_top(d, 64), alt, guard), 0);
	dom_free(d);
}

static void test_addresses(void **state)
{
	struct dom *d = dom_new();
	sym_id p = sym_new(d, 64, ORIGIN_INPUT), q = sym_new(d, 64, ORIGIN_INPUT);
	sym_id x = sym_new(d, 64, ORIGIN_INPUT);
	word_id null = word_const(d, 0, 64), err = word_const(d, (uint64_t)-4095, 64);
	bit_id c = bit_atom(d, atom_make(sym_new(d, 1, ORIGIN_INPUT), 0));

	(void)state;
	sym_set_address(d, p);
	sym_set_address(d, q);
	assert_int_equal(word_nonzero(d, word_symoff(d, p, 8)).i, 1);
	assert_int_equal(word_nonzero(d, word_symoff(d, p, -4000)).i, 1);
	assert_int_equal(word_cmp(d, IR_ULE, err, word_sym(d, p)).i, 0);
	assert_int_equal(word_cmp(d, IR_EQ, word_symoff(d, p, 8), word_symoff(d, q, 64)).i, 0);
	assert_int_equal(word_cmp(d, IR_EQ, word_symoff(d, p, 8), word_symoff(d, p, 8)).i, 1);
	assert_int_equal(word_cmp(d, IR_ULT, word_symoff(d, p, 8), word_symoff(d, p, 16)).i, 1);
	assert_false(bit_is_const(word_cmp(d, IR_EQ, word_sym(d, p), word_sym(d, x))));
	assert_int_equal(word_cmp(d, IR_EQ, word_sym(d, x), word_sym(d, p)).i,
			 word_cmp(d, IR_EQ, word_symoff(d, p, 8), word_symoff(d, x, 8)).i);
	/* c ? p : NULL is not null exactly where c. */
	assert_int_equal(word_nonzero(d, word_ite(d, c, word_sym(d, p), null)).i, c.i);
	dom_free(d);
}

static void test_predicates(void **state)
{
	struct dom *d = dom_new();
	sym_id s = sym_new(d, 32, ORIGIN_INPUT), b = sym_new(d, 8, ORIGIN_INPUT);
	word_id x = word_sym(d, s), wide = word_conv(d, IR_SEXT, 64, x);
	word_id u = word_conv(d, IR_ZEXT, 32, word_sym(d, b));

	(void)state;
	/* One predicate for one fact, however it is written. */
	assert_int_equal(word_cmp(d, IR_ULT, x, word_const(d, 1, 32)).i,
			 word_cmp(d, IR_EQ, x, word_const(d, 0, 32)).i);
	assert_int_equal(word_cmp(d, IR_ULT, word_const(d, 4, 32), x).i,
			 bit_not(d, word_cmp(d, IR_ULE, x, word_const(d, 4, 32))).i);
	assert_int_equal(word_cmp(d, IR_SLT, wide, word_const(d, 7, 64)).i,
			 word_cmp(d, IR_SLT, x, word_const(d, 7, 32)).i);
	assert_int_equal(word_cmp(d, IR_EQ, wide, word_const(d, (uint64_t)-22, 64)).i,
			 word_cmp(d, IR_EQ, x, word_const(d, (uint32_t)-22, 32)).i);
	assert_int_equal(word_cmp(d, IR_ULE, word_const(d, (uint64_t)-4095, 64), wide).i,
			 word_cmp(d, IR_ULE, word_const(d, (uint32_t)-4095, 32), x).i);
	assert_int_equal(word_cmp(d, IR_EQ, wide, word_const(d, 0x80000000, 64)).i, 0);
	assert_int_equal(word_cmp(d, IR_ULT, u, word_const(d, 256, 32)).i, 1);
	assert_int_equal(word_cmp(d, IR_EQ, u, word_const(d, 9, 32)).i,
			 word_cmp(d, IR_EQ, word_sym(d, b), word_const(d, 9, 8)).i);
	assert_int_equal(word_cmp(d, IR_SLT, u, word_const(d, 9, 32)).i,
			 word_cmp(d, IR_ULT, word_sym(d, b), word_const(d, 9, 8)).i);
	assert_int_equal(word_cmp(d, IR_EQ, word_symoff(d, s, 3), word_const(d, 5, 32)).i,
			 word_cmp(d, IR_EQ, x, word_const(d, 2, 32)).i);
	assert_int_equal(word_cmp(d, IR_EQ, word_un(d, IR_NOT, x), word_const(d, 5, 32)).i,
			 word_cmp(d, IR_EQ, x, word_const(d, ~5u, 32)).i);
	dom_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_small_exact),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_subst),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_predicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
