/* SPDX-License-Identifier: MIT */
/*
 * Numbers that are said to make bits true do so, by an evaluation of our own; and they are
 * found for most of what some numbers make true.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "domain/confirm.h"
#include "support.h"

#define SYMS 4
#define BITS 5

struct world {
	struct dom *d;
	struct env e;
	struct rng r;
	sym_id s[SYMS];
};

static void world_init(struct world *w, uint64_t seed)
{
	static const uint8_t width[SYMS] = { 64, 32, 8, 1 };

	w->d = dom_new();
	w->r = (struct rng){ seed };
	env_init(&w->e, w->d);
	for (unsigned i = 0; i < SYMS; i++) {
		w->s[i] = sym_new(w->d, width[i], ORIGIN_INPUT);
		env_set(&w->e, w->s[i], rng_value(&w->r, width[i]));
	}
}

static void world_release(struct world *w)
{
	env_release(&w->e);
	dom_free(w->d);
}

static word_id random_word(struct world *w, unsigned depth)
{
	static const enum ir_op ops[] = { IR_ADD, IR_SUB, IR_MUL, IR_AND, IR_OR, IR_XOR, IR_SHL,
					  IR_LSHR, IR_UDIV };
	struct dom *d = w->d;
	word_id x;

	if (!depth || rng_chance(&w->r, 20)) {
		x = word_sym(d, w->s[rng_below(&w->r, SYMS)]);
		return rng_chance(&w->r, 30) ? word_const(d, rng_value(&w->r, 32), 32) :
		       word_conv(d, word_width(d, x) < 32 ? IR_ZEXT : IR_TRUNC, 32, x);
	}
	return word_bin(d, ops[rng_below(&w->r, sizeof(ops) / sizeof(*ops))],
			random_word(w, depth - 1), random_word(w, depth - 1));
}

/* A comparison that is true under the numbers of the world; TOP where they do not tell. */
static bit_id true_bit(struct world *w)
{
	static const enum ir_op ops[] = { IR_EQ, IR_ULT, IR_SLE, IR_NE };
	bit_id b = word_cmp(w->d, ops[rng_below(&w->r, 4)], random_word(w, 2), random_word(w, 1));

	if (b.i == BIT_TOP.i)
		return b;
	return env_bit(&w->e, b) ? b : bit_not(w->d, b);
}

static unsigned true_bits(struct world *w, bit_id *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < BITS; i++) {
		out[n] = true_bit(w);
		n += out[n].i != BIT_TOP.i;
	}
	return n;
}

static void check_numbers(struct world *w, struct numbers *m, const bit_id *bits, unsigned n)
{
	assert_true(numbers_hold(m, bits, n));
	for (unsigned i = 0; i < SYMS; i++)
		env_set(&w->e, w->s[i], numbers_value(m, w->s[i]));
	for (unsigned i = 0; i < n; i++)
		assert_true(env_bit(&w->e, bits[i]));
}

static void test_numbers(void **state)
{
	unsigned found = 0, rounds = 600;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		struct numbers *m;
		bit_id bits[BITS];
		struct world w;
		unsigned n;

		world_init(&w, test_seed(700) + round);
		n = true_bits(&w, bits);
		m = numbers_find(w.d, bits, n, NULL);
		if (m)
			check_numbers(&w, m, bits, n);
		found += m != NULL;
		numbers_free(m);
		world_release(&w);
	}
	print_message("numbers found in %u of %u\n", found, rounds);
	assert_true(found > rounds / 2);
}

static void test_near(void **state)
{
	struct numbers *first, *second;
	bit_id bits[2];
	struct world w;

	(void)state;
	world_init(&w, 1);
	bits[0] = word_cmp(w.d, IR_EQ, word_sym(w.d, w.s[0]), word_const(w.d, 77, 64));
	bits[1] = word_cmp(w.d, IR_EQ, word_sym(w.d, w.s[2]), word_const(w.d, 5, 8));
	first = numbers_find(w.d, bits, 1, NULL);
	second = numbers_find(w.d, bits + 1, 1, first);
	assert_int_equal(numbers_value(second, w.s[0]), 77);
	assert_int_equal(numbers_value(second, w.s[2]), 5);
	assert_true(numbers_hold(second, bits, 2));
	numbers_free(first);
	numbers_free(second);
	world_release(&w);
}

/* The solver does not know what a product can be. */
static void test_none(void **state)
{
	struct world w;
	bit_id bits[2];
	word_id x;

	(void)state;
	world_init(&w, 2);
	x = word_sym(w.d, w.s[1]);
	bits[0] = word_cmp(w.d, IR_EQ, word_bin(w.d, IR_MUL, x, x), word_const(w.d, 7, 32));
	assert_null(numbers_find(w.d, bits, 1, NULL));
	/* Nor what is left undefined. */
	bits[0] = word_cmp(w.d, IR_EQ, x, word_const(w.d, 0, 32));
	bits[1] = word_cmp(w.d, IR_EQ, word_bin(w.d, IR_UDIV, word_const(w.d, 9, 32), x),
			   word_const(w.d, 0, 32));
	assert_null(numbers_find(w.d, bits, 2, NULL));
	world_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
