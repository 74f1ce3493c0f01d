/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "support.h"

static bit_id atom3[3];

static bit_id table3(struct dom *d, unsigned t)
{
	struct fn f = { .n = 3 };

	for (unsigned row = 0; row < 64; row++)
		f.t |= (uint64_t)(t >> (row & 7) & 1) << row;
	for (unsigned k = 0; k < 3; k++)
		f.a[k] = literal_atom(atom3[k]);
	return bit_make(d, f);
}

static struct dom *start(sym_id *s, uint8_t width)
{
	struct dom *d = dom_new();

	*s = sym_new(d, width, ORIGIN_INPUT);
	for (unsigned k = 0; k < 3 && k < width; k++)
		atom3[k] = bit_atom(d, atom_make(*s, k));
	return d;
}

/* All pairs of functions of three atoms, all operators. */
static void test_pairs(void **state)
{
	sym_id s;
	struct dom *d = start(&s, 3);
	bit_id all[256];

	(void)state;
	for (unsigned a = 0; a < 256; a++)
		all[a] = table3(d, a);
	for (unsigned a = 0; a < 256; a++) {
		assert_int_equal(bit_not(d, all[a]).i, all[~a & 255].i);
		for (unsigned b = 0; b < 256; b++) {
			assert_true(a == b || all[a].i != all[b].i);
			assert_int_equal(bit_and(d, all[a], all[b]).i, all[a & b].i);
			assert_int_equal(bit_or(d, all[a], all[b]).i, all[a | b].i);
			assert_int_equal(bit_xor(d, all[a], all[b]).i, all[a ^ b].i);
			assert_int_equal(bit_ite(d, atom3[1], all[a], all[b]).i,
					 all[(a & 0xcc) | (b & 0x33)].i);
		}
	}
	dom_free(d);
}

static void test_quantify(void **state)
{
	static const unsigned var[3] = { 0xaa, 0xcc, 0xf0 };
	sym_id s;
	struct dom *d = start(&s, 3);

	(void)state;
	for (unsigned t = 0; t < 256; t++)
		for (unsigned k = 0; k < 3; k++) {
			atom_id a = literal_atom(atom3[k]);
			unsigned hi = t & var[k], lo = t & ~var[k];

			hi |= hi >> (1 << k);
			lo |= lo << (1 << k);
			assert_int_equal(bit_cofactor(d, table3(d, t), a, true).i,
					 table3(d, hi).i);
			assert_int_equal(bit_cofactor(d, table3(d, t), a, false).i,
					 table3(d, lo).i);
			assert_int_equal(bit_exists(d, table3(d, t), a).i,
					 table3(d, hi | lo).i);
		}
	dom_free(d);
}

static void test_absorption(void **state)
{
	sym_id s;
	struct dom *d = start(&s, 8);
	bit_id x = atom3[0], seven = BIT_1;
	atom_id none[BIT_ATOMS];

	(void)state;
	assert_int_equal(bit_and(d, BIT_0, BIT_TOP).i, 0);
	assert_int_equal(bit_or(d, BIT_TOP, BIT_1).i, 1);
	assert_int_equal(bit_and(d, x, BIT_TOP).i, BIT_TOP.i);
	assert_int_equal(bit_xor(d, BIT_TOP, BIT_TOP).i, BIT_TOP.i);
	assert_int_equal(bit_ite(d, BIT_TOP, x, x).i, x.i);
	assert_int_equal(bit_ite(d, BIT_TOP, x, BIT_0).i, BIT_TOP.i);
	assert_int_equal(bit_ite(d, x, BIT_TOP, BIT_TOP).i, BIT_TOP.i);
	for (unsigned k = 0; k < 7; k++)
		seven = bit_and(d, seven, bit_atom(d, atom_make(s, k)));
	assert_int_equal(seven.i, BIT_TOP.i);
	assert_int_equal(bit_support(d, seven, none), 0);
	dom_free(d);
}

/* Random functions of atoms of several symbols against their evaluation. */
static void test_random(void **state)
{
	struct rng r = { test_seed(1) };
	struct dom *d = dom_new();
	struct env e;
	bit_id pool[64];
	sym_id s[4];

	(void)state;
	env_init(&e, d);
	for (unsigned i = 0; i < 4; i++)
		s[i] = sym_new(d, 4, ORIGIN_INPUT);
	for (unsigned i = 0; i < 64; i++)
		pool[i] = bit_atom(d, atom_make(s[i % 4], i / 4 % 4));
	for (unsigned round = 0; round < 40000; round++) {
		bit_id a = pool[rng_below(&r, 64)], b = pool[rng_below(&r, 64)];
		bit_id c = pool[rng_below(&r, 64)], got[4];
		bool x, y, z;

		for (unsigned i = 0; i < 4; i++)
			env_set(&e, s[i], rng_next(&r));
		x = env_bit(&e, a);
		y = env_bit(&e, b);
		z = env_bit(&e, c);
		got[0] = bit_and(d, a, b);
		got[1] = bit_or(d, a, b);
		got[2] = bit_xor(d, a, bit_not(d, b));
		got[3] = bit_ite(d, c, a, b);
		assert_true(bit_is_top(got[0]) || env_bit(&e, got[0]) == (x && y));
		assert_true(bit_is_top(got[1]) || env_bit(&e, got[1]) == (x || y));
		assert_true(bit_is_top(got[2]) || env_bit(&e, got[2]) == (x == y));
		assert_true(bit_is_top(got[3]) || env_bit(&e, got[3]) == (z ? x : y));
		a = got[rng_below(&r, 4)];
		if (!bit_is_top(a) && !bit_is_const(a))
			pool[16 + rng_below(&r, 48)] = a;
	}
	env_release(&e);
	dom_free(d);
}

static bool is_sym(void *arg, sym_id s)
{
	return s.i == ((sym_id *)arg)->i;
}

static void test_forget(void **state)
{
	struct dom *d = dom_new();
	sym_id x = sym_new(d, 32, ORIGIN_INPUT), y = sym_new(d, 32, ORIGIN_ENV);
	bit_id eq = word_cmp(d, IR_EQ, word_sym(d, x), word_const(d, 5, 32));
	bit_id b = bit_and(d, eq, bit_atom(d, atom_make(y, 3)));

	(void)state;
	assert_int_equal(bit_forget(d, b, is_sym, &x).i, BIT_TOP.i);
	assert_int_equal(bit_forget(d, b, is_sym, &y).i, BIT_TOP.i);
	assert_int_equal(bit_forget(d, eq, is_sym, &y).i, eq.i);
	assert_int_equal(word_forget(d, word_bool(d, b), is_sym, &x).i, word_top(d, 1).i);
	assert_int_equal(word_forget(d, word_sym(d, y), is_sym, &x).i, word_sym(d, y).i);
	dom_free(d);
}

static void test_derived(void **state)
{
	struct dom *d = dom_new();
	sym_id x = sym_new(d, 32, ORIGIN_INPUT), y = sym_new(d, 32, ORIGIN_UNKNOWN), s;
	word_id a, b, chain = word_sym(d, x);
	enum ir_op op;

	(void)state;
	s = sym_derived(d, 32, IR_MUL, word_sym(d, x), word_sym(d, y));
	assert_int_equal(s.i, sym_derived(d, 32, IR_MUL, word_sym(d, x), word_sym(d, y)).i);
	assert_int_equal(sym_origin_of(d, s), ORIGIN_UNKNOWN);
	assert_true(sym_def(d, s, &op, &a, &b));
	assert_int_equal(op, IR_MUL);
	assert_int_equal(a.i, word_sym(d, x).i);
	assert_false(sym_def(d, x, &op, &a, &b));
	assert_int_equal(sym_derived(d, 32, IR_ADD, word_top(d, 32), word_sym(d, x)).i, 0);
	/* A definition cannot nest without end. */
	for (unsigned i = 0; i < 100; i++)
		chain = word_bin(d, IR_MUL, chain, word_sym(d, y));
	assert_true(word_is_top(d, chain));
	dom_free(d);
}

static void name(void *arg, sym_id s, struct buffer *out)
{
	const sym_id *first = arg;

	buffer_putc(out, s.i == first->i ? 'a' : 'b');
}

static void test_print(void **state)
{
	struct dom *d = dom_new();
	sym_id a = sym_new(d, 32, ORIGIN_INPUT), b = sym_new(d, 64, ORIGIN_INPUT);
	bit_id x = bit_atom(d, atom_make(a, 1)), y = bit_atom(d, atom_make(b, 3));
	struct buffer out = BUFFER_INIT;
	word_id pte = word_bin(d, IR_OR, word_bin(d, IR_SHL, word_sym(d, b), word_const(d, 12, 64)),
			       word_const(d, 3, 64));

	(void)state;
	bit_print(d, bit_and(d, x, bit_not(d, y)), name, &a, &out);
	buffer_puts(&out, "\n");
	bit_print(d, bit_xor(d, x, y), name, &a, &out);
	buffer_puts(&out, "\n");
	bit_print(d, word_nonzero(d, word_sym(d, a)), name, &a, &out);
	buffer_puts(&out, "\n");
	word_print(d, pte, name, &a, &out);
	buffer_puts(&out, "\n");
	word_print(d, word_ite(d, x, word_symoff(d, b, -8), word_const(d, 0, 64)), name, &a, &out);
	assert_string_equal(out.s,
			    "a.1 & !b.3\n"
			    "!a.1 & b.3 | a.1 & !b.3\n"
			    "!(a == 0)\n"
			    "{b[51:0], 0x3:12}\n"
			    "[a.1: b-8; !a.1: 0]");
	buffer_release(&out);
	dom_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_quantify),
		cmocka_unit_test(test_absorption),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_forget),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
