/* SPDX-License-Identifier: MIT */
/*
 * Conditions over an 8-bit word (too wide for a table: comparisons become
 * predicates) and two flags: 1024 assignments, so everything that the solver
 * says is compared with all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "support.h"

#define ROWS 1024
#define CLAUSES 6

struct set { uint64_t v[ROWS / 64]; };	/* of assignments */

struct world {
	struct dom *d;
	struct env e;
	struct rng r;
	sym_id x, f, g;
	bool nonzero;		/* x is never 0 */
};

static void world_init(struct world *w, uint64_t seed)
{
	w->d = dom_new();
	w->r = (struct rng){ seed };
	env_init(&w->e, w->d);
	w->x = sym_new(w->d, 8, ORIGIN_INPUT);
	w->f = sym_new(w->d, 1, ORIGIN_INPUT);
	w->g = sym_new(w->d, 1, ORIGIN_INPUT);
	w->nonzero = rng_chance(&w->r, 25);
	if (w->nonzero)
		sym_set_nonzero(w->d, w->x);
}

static void world_release(struct world *w)
{
	env_release(&w->e);
	dom_free(w->d);
}

static void world_row(struct world *w, unsigned row)
{
	env_set(&w->e, w->x, row);
	env_set(&w->e, w->f, row >> 8);
	env_set(&w->e, w->g, row >> 9);
}

static bool valid(const struct world *w, unsigned row)
{
	return !w->nonzero || (row & 255);
}

static bool set_has(const struct set *s, unsigned row)
{
	return s->v[row / 64] >> row % 64 & 1;
}

static void set_put(struct set *s, unsigned row, bool v)
{
	s->v[row / 64] |= (uint64_t)v << row % 64;
}

static bool set_empty(const struct set *s)
{
	for (unsigned i = 0; i < ROWS / 64; i++)
		if (s->v[i])
			return false;
	return true;
}

/* The assignments that satisfy the condition and the bits. */
static struct set models(struct world *w, const struct cond *c, const bit_id *extra, unsigned n)
{
	struct set s = { { 0 } };

	for (unsigned row = 0; row < ROWS; row++) {
		bool v;

		world_row(w, row);
		v = env_satisfies(&w->e, c) && valid(w, row);
		for (unsigned i = 0; i < n && v; i++)
			v = env_bit(&w->e, extra[i]);
		set_put(&s, row, v);
	}
	return s;
}

static bit_id random_predicate(struct world *w)
{
	static const enum ir_op ops[] = { IR_EQ, IR_NE, IR_ULT, IR_ULE, IR_SLT, IR_SLE };
	struct dom *d = w->d;
	word_id x = word_sym(d, w->x);
	word_id c = word_const(d, rng_below(&w->r, 3) ? rng_below(&w->r, 12) : rng_next(&w->r), 8);
	enum ir_op op = ops[rng_below(&w->r, 6)];

	if (rng_chance(&w->r, 25))
		x = word_bin(d, IR_ADD, x, word_const(d, rng_below(&w->r, 256), 8));
	else if (rng_chance(&w->r, 15))
		x = word_bin(d, IR_AND, x, word_const(d, 0x7f, 8));
	return word_cmp(d, op, rng_chance(&w->r, 80) ? x : c, rng_chance(&w->r, 80) ? c : x);
}

/* A bit of the word, a flag, a predicate, or a function of several; never TOP. */
static bit_id random_clause(struct world *w)
{
	bit_id b = BIT_TOP;

	switch (rng_below(&w->r, 6)) {
	case 0: b = bit_atom(w->d, atom_make(w->x, rng_below(&w->r, 8))); break;
	case 1: b = bit_atom(w->d, atom_make(rng_chance(&w->r, 50) ? w->f : w->g, 0)); break;
	case 2: case 3: b = random_predicate(w); break;
	case 4: b = bit_and(w->d, random_clause(w), random_clause(w)); break;
	case 5: b = bit_or(w->d, random_clause(w), random_clause(w)); break;
	}
	if (bit_is_top(b))
		return random_clause(w);
	return rng_chance(&w->r, 30) ? bit_not(w->d, b) : b;
}

static const struct cond *random_cond(struct world *w, unsigned n)
{
	const struct cond *c = cond_true(w->d), *next;

	for (unsigned i = 0; i < n; i++) {
		next = cond_and(w->d, c, random_clause(w), i + 1);
		if (!next->unsat)
			c = next;
	}
	return c;
}

/* ------------------------------------------------------------------ the solver */

static void check_queries(struct world *w, const struct cond *c, bit_id b)
{
	struct set with = models(w, c, &b, 1);
	struct valuation m;
	bit_id not_b = bit_not(w->d, b);
	struct set without = models(w, c, &not_b, 1);

	/* One word and constants: the solver decides these exactly. */
	assert_int_equal(cond_unsat(w->d, c, &b, 1), set_empty(&with));
	assert_int_equal(cond_entails(w->d, c, b), set_empty(&without));
	assert_int_equal(cond_and(w->d, c, b, 9)->unsat, set_empty(&with));
	assert_int_equal(cond_model(w->d, c, &b, 1, &m), !set_empty(&with));
	if (!set_empty(&with)) {
		unsigned row = (unsigned)model_word(w->d, &m, word_sym(w->d, w->x)) |
			       (unsigned)model_word(w->d, &m, word_sym(w->d, w->f)) << 8 |
			       (unsigned)model_word(w->d, &m, word_sym(w->d, w->g)) << 9;

		assert_true(set_has(&with, row));
		assert_true(model_bit(w->d, &m, b));
	}
}

static void test_solver(void **state)
{
	struct world w;

	(void)state;
	for (unsigned round = 0; round < 250; round++) {
		world_init(&w, test_seed(100) + round);
		for (unsigned k = 0; k < 6; k++) {
			const struct cond *c = random_cond(&w, rng_below(&w.r, CLAUSES));

			check_queries(&w, c, random_clause(&w));
		}
		world_release(&w);
	}
}

static void test_core(void **state)
{
	struct world w;
	unsigned seen = 0;

	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		const struct cond *c;
		bit_id extra[2], part[COND_CLAUSES + 2];
		struct set s;
		uint64_t core;
		bool alone;

		world_init(&w, test_seed(200) + round);
		c = random_cond(&w, CLAUSES);
		extra[0] = random_clause(&w);
		extra[1] = random_clause(&w);
		core = cond_core(w.d, c, extra, 2, &alone);
		s = models(&w, c, extra, 2);
		assert_int_equal(core != 0 || alone, set_empty(&s));
		s = models(&w, cond_true(w.d), extra, 2);
		assert_int_equal(alone, set_empty(&s));
		/* All of the core is needed, and it is enough. */
		for (unsigned leave = 0; core && leave <= c->n; leave++) {
			unsigned n = 0;

			if (leave < c->n && !(core >> leave & 1))
				continue;
			for (unsigned i = 0; i < c->n; i++)
				if (i != leave && core >> i & 1)
					part[n++] = c->c[i].bit;
			part[n++] = extra[0];
			part[n++] = extra[1];
			s = models(&w, cond_true(w.d), part, n);
			assert_int_equal(set_empty(&s), leave == c->n);
		}
		seen += core != 0;
		world_release(&w);
	}
	assert_true(seen > 50);
}

/* ------------------------------------------------------------------ projection */

static bool keep_word(void *arg, sym_id s) { return s.i == ((struct world *)arg)->x.i; }
static bool keep_flags(void *arg, sym_id s) { return s.i != ((struct world *)arg)->x.i; }
static bool drop_word(void *arg, sym_id s) { return s.i == ((struct world *)arg)->x.i; }

/* The rows that agree with one of the set on the symbols that are kept. */
static struct set closure(const struct world *w, const struct set *s, unsigned kept_mask)
{
	bool some[ROWS] = { false };
	struct set r = { { 0 } };

	for (unsigned row = 0; row < ROWS; row++)
		some[row & kept_mask] |= set_has(s, row);
	for (unsigned row = 0; row < ROWS; row++)
		set_put(&r, row, some[row & kept_mask] && valid(w, row));
	return r;
}

static unsigned check_project(struct world *w, const struct cond *c,
			      bool (*keep)(void *, sym_id), unsigned kept_mask)
{
	const struct cond *p = cond_project(w->d, c, keep, w);
	struct set have = models(w, c, NULL, 0), got = models(w, p, NULL, 0);
	struct set want = closure(w, &have, kept_mask);

	for (unsigned i = 0; i < ROWS / 64; i++) {
		assert_int_equal(want.v[i] & ~got.v[i], 0);
		if (!p->imprecise)
			assert_int_equal(got.v[i] & ~want.v[i], 0);
	}
	return !p->imprecise;
}

static void test_project(void **state)
{
	struct world w;
	unsigned exact = 0;

	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		const struct cond *c, *f;
		struct set have, got;

		world_init(&w, test_seed(300) + round);
		c = random_cond(&w, 1 + rng_below(&w.r, CLAUSES));
		exact += check_project(&w, c, keep_word, 0xff);
		exact += check_project(&w, c, keep_flags, 0x300);
		f = cond_forget(w.d, c, drop_word, &w);
		have = models(&w, c, NULL, 0);
		got = models(&w, f, NULL, 0);
		for (unsigned i = 0; i < ROWS / 64; i++)
			assert_int_equal(have.v[i] & ~got.v[i], 0);
		for (unsigned i = 0; i < f->n; i++)
			assert_int_equal(bit_forget(w.d, f->c[i].bit, drop_word, &w).i,
					 f->c[i].bit.i);
		world_release(&w);
	}
	assert_true(exact > 600);
}

struct renaming {
	struct world *w;
	word_id x;
};

static word_id rename_word(void *arg, sym_id s)
{
	const struct renaming *n = arg;

	return s.i == n->w->x.i ? n->x : WORD_NONE;
}

static void test_subst(void **state)
{
	struct world w;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct renaming n = { .w = &w };
		const struct cond *c, *r;
		struct subst *s;
		struct set want = { { 0 } }, got, have;
		word_id x;

		world_init(&w, test_seed(400) + round);
		x = word_sym(w.d, w.x);
		c = random_cond(&w, CLAUSES);
		n.x = rng_chance(&w.r, 30) ? word_const(w.d, rng_next(&w.r), 8) :
		      rng_chance(&w.r, 50) ? word_bin(w.d, IR_ADD, x, word_const(w.d, 3, 8)) :
		      word_ite(w.d, bit_atom(w.d, atom_make(w.f, 0)), x, word_const(w.d, 7, 8));
		s = subst_new(w.d, rename_word, &n);
		r = cond_subst(s, c);
		have = models(&w, c, NULL, 0);
		got = models(&w, r, NULL, 0);
		for (unsigned row = 0; row < ROWS; row++) {
			world_row(&w, row);
			set_put(&want, row, valid(&w, row) &&
				set_has(&have, (row & 0x300) | (unsigned)env_word(&w.e, n.x)));
		}
		for (unsigned i = 0; i < ROWS / 64; i++) {
			assert_int_equal(want.v[i] & ~got.v[i], 0);
			/* The fact that x is not 0 says nothing of what replaces x. */
			if (!r->imprecise && !w.nonzero)
				assert_int_equal(got.v[i] & ~want.v[i], 0);
		}
		subst_free(s);
		world_release(&w);
	}
}

static void test_relevant(void **state)
{
	struct world w;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		const struct cond *c, *r;
		bit_id b;

		world_init(&w, test_seed(500) + round);
		c = random_cond(&w, CLAUSES);
		b = random_clause(&w);
		r = cond_relevant(w.d, c, &b, 1);
		assert_true(r->n <= c->n);
		assert_int_equal(cond_unsat(w.d, c, &b, 1), cond_unsat(w.d, r, &b, 1));
		world_release(&w);
	}
}

/* ------------------------------------------------------------------------ join */

static word_id random_value(struct world *w)
{
	struct dom *d = w->d;
	word_id x = word_sym(d, w->x);

	switch (rng_below(&w->r, 4)) {
	case 0: return word_const(d, rng_below(&w->r, 4), 8);
	case 1: return word_bin(d, IR_AND, x, word_const(d, rng_next(&w->r), 8));
	case 2: return word_symoff(d, w->x, (int64_t)rng_below(&w->r, 3));
	default: return word_ite(d, random_clause(w), x, word_const(d, 1, 8));
	}
}

static void check_join(struct world *w, const struct cond *a, const struct cond *b)
{
	struct join *j = join_begin(w->d, a, b);
	const struct cond *both = join_cond(j);
	struct set sa = models(w, a, NULL, 0), sb = models(w, b, NULL, 0);
	struct set got = models(w, both, NULL, 0);
	word_id x = random_value(w), y = random_value(w), z = join_word(j, x, y);
	bit_id p = random_clause(w), q = random_clause(w), r = join_bit(j, p, q);

	for (unsigned row = 0; row < ROWS; row++) {
		world_row(w, row);
		assert_true(set_has(&got, row) || !(set_has(&sa, row) || set_has(&sb, row)));
		if (!both->imprecise && set_has(&got, row))
			assert_true(set_has(&sa, row) || set_has(&sb, row));
		if (set_has(&sa, row)) {
			assert_true(env_contains(&w->e, z, env_word(&w->e, x)));
			assert_true(bit_is_top(r) || env_bit(&w->e, r) == env_bit(&w->e, p));
		}
		if (set_has(&sb, row)) {
			assert_true(env_contains(&w->e, z, env_word(&w->e, y)));
			assert_true(bit_is_top(r) || env_bit(&w->e, r) == env_bit(&w->e, q));
		}
	}
	join_end(j);
}

static void test_join(void **state)
{
	struct world w;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		const struct cond *c, *a, *b;
		bit_id split;

		world_init(&w, test_seed(600) + round);
		c = random_cond(&w, rng_below(&w.r, 3));
		split = random_clause(&w);
		a = cond_and_all(w.d, cond_and(w.d, c, split, 1), random_cond(&w, 2));
		b = cond_and_all(w.d, cond_and(w.d, c, bit_not(w.d, split), 2), random_cond(&w, 2));
		check_join(&w, a, b);
		check_join(&w, random_cond(&w, 4), random_cond(&w, 4));
		world_release(&w);
	}
}

/* if (ip & 2) prot |= 2, and what a caller's condition says of it. */
static void test_translation(void **state)
{
	struct dom *d = dom_new();
	sym_id ip = sym_new(d, 32, ORIGIN_INPUT), p = sym_new(d, 64, ORIGIN_INPUT);
	bit_id w = bit_atom(d, atom_make(ip, 1));
	const struct cond *yes = cond_and(d, cond_true(d), w, 1);
	const struct cond *no = cond_and(d, cond_true(d), bit_not(d, w), 2);
	struct join *j = join_begin(d, yes, no);
	word_id v = join_word(j, word_const(d, 3, 64), word_const(d, 1, 64));

	(void)state;
	assert_int_equal(word_bit(d, v, 1).i, w.i);
	assert_int_equal(word_bit(d, v, 0).i, 1);
	v = join_word(j, word_sym(d, p), word_const(d, 0, 64));
	assert_int_equal(word_bit(d, v, 7).i, bit_and(d, w, bit_atom(d, atom_make(p, 7))).i);
	assert_int_equal(join_cond(j)->n, 0);
	assert_false(join_cond(j)->imprecise);
	join_end(j);
	j = join_begin(d, yes, cond_true(d));
	/* Nothing tells the sides apart. */
	v = word_sym(d, sym_new(d, 64, ORIGIN_INPUT));
	assert_true(word_is_top(d, join_word(j, word_sym(d, p), v)));
	join_end(j);
	dom_free(d);
}

/* More clauses than fit: weaker, marked, and still satisfiable. */
static void test_overflow(void **state)
{
	struct dom *d = dom_new();
	const struct cond *c = cond_true(d);
	sym_id s = sym_new(d, 64, ORIGIN_INPUT);

	(void)state;
	for (unsigned i = 0; i < 60; i++)
		c = cond_and(d, c, bit_atom(d, atom_make(s, i)), i);
	assert_int_equal(c->n, COND_CLAUSES);
	assert_true(c->imprecise);
	assert_true(cond_entails(d, c, bit_atom(d, atom_make(s, 59))));
	dom_free(d);
}

/* A pointer from an allocator: valid, NULL or an error. */
static void test_pointers(void **state)
{
	struct dom *d = dom_new();
	sym_id s = sym_new(d, 64, ORIGIN_ENV), ret = sym_new(d, 32, ORIGIN_UNKNOWN);
	word_id p = word_sym(d, s), zero = word_const(d, 0, 64);
	bit_id err = word_cmp(d, IR_ULE, word_const(d, (uint64_t)-4095, 64), p);
	bit_id null = word_cmp(d, IR_EQ, p, zero);
	const struct cond *c = cond_and(d, cond_true(d), err, 1);
	word_id r = word_sym(d, ret);

	(void)state;
	assert_true(cond_entails(d, c, bit_not(d, null)));
	assert_true(cond_entails(d, c, bit_atom(d, atom_make(s, 63))));
	c = cond_and(d, cond_true(d), word_cmp(d, IR_EQ, r, word_const(d, (uint32_t)-22, 32)), 1);
	assert_true(cond_entails(d, c, word_cmp(d, IR_SLT, r, word_const(d, 0, 32))));
	assert_true(cond_entails(d, c, word_nonzero(d, r)));
	assert_true(cond_and(d, c, word_cmp(d, IR_ULT, r, word_const(d, 8, 32)), 2)->unsat);
	dom_free(d);
}

/* A model gives values that agree with comparisons of two unknown words. */
static void test_relations(void **state)
{
	struct dom *d = dom_new();
	word_id x = word_sym(d, sym_new(d, 64, ORIGIN_INPUT));
	word_id y = word_sym(d, sym_new(d, 64, ORIGIN_INPUT));
	word_id deep = word_bin(d, IR_MUL, x, y);
	bit_id less = word_cmp(d, IR_ULT, x, y), same;
	struct valuation m;

	(void)state;
	assert_true(cond_model(d, cond_true(d), &less, 1, &m));
	assert_true(model_word(d, &m, x) < model_word(d, &m, y));
	same = word_cmp(d, IR_EQ, x, word_bin(d, IR_ADD, y, word_const(d, 3, 64)));
	assert_true(cond_model(d, cond_true(d), &same, 1, &m));
	assert_int_equal(model_word(d, &m, x), model_word(d, &m, y) + 3);
	same = bit_not(d, same);
	assert_true(cond_model(d, cond_true(d), &same, 1, &m));
	assert_int_not_equal(model_word(d, &m, x), model_word(d, &m, y) + 3);
	/* Definitions in definitions are computed once, not once for each bit. */
	for (unsigned i = 0; i < 12; i++)
		deep = word_bin(d, IR_MUL, deep, x);
	model_word(d, &m, deep);
	dom_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_solver),
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_project),
		cmocka_unit_test(test_subst),
		cmocka_unit_test(test_relevant),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_translation),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_pointers),
		cmocka_unit_test(test_relations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
