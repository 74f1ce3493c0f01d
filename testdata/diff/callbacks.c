/* SPDX-License-Identifier: MIT */
/* Functions that are given to others to call, handed on, chosen, and put elsewhere. */
#include "diff.h"

struct ctx {
	u64 a;
	u32 n;
	u64 q[4];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->n &= 3;
}

typedef u64 (*step_fn)(struct ctx *m, u64 v);

static noinline u64 add(struct ctx *m, u64 v)
{
	m->q[0] += v;
	return m->q[0] ^ m->a;
}

static noinline u64 turn(struct ctx *m, u64 v)
{
	m->q[1] ^= v << 3;
	return v * 7 + m->n;
}

static noinline u64 each(struct ctx *m, u64 v, step_fn fn)
{
	for (u32 i = 0; i < m->n; i++)
		v = fn(m, v + i);
	return v;
}

static noinline u64 through(struct ctx *m, step_fn fn, u64 v)
{
	step_fn also = fn;

	return each(m, v, also) + fn(m, 1);
}

/* The parameter itself is another one later on. */
static noinline u64 changes(struct ctx *m, u64 v, step_fn fn, bool other)
{
	v = fn(m, v);
	if (other)
		fn = turn;
	return fn(m, v);
}

static noinline void put(struct ctx *m, step_fn fn, step_fn *where)
{
	m->a++;
	*where = fn;
}

static noinline u64 twice(struct ctx *m, u64 v, step_fn first, step_fn second)
{
	return second(m, first(m, v)) + (first == second);
}

static noinline u64 down(struct ctx *m, u64 v, u32 level, step_fn fn)
{
	return level ? down(m, fn(m, v), level - 1, level & 1 ? fn : add) : fn(m, v);
}

u64 t_callback(u64 a, u64 b, struct ctx *m)
{
	return each(m, a, add) + each(m, b, turn);
}

u64 t_callback_handed_on(u64 a, u64 b, struct ctx *m)
{
	return through(m, turn, a) ^ through(m, add, b);
}

u64 t_callback_chosen(u64 a, u64 b, struct ctx *m)
{
	return each(m, b, a & 1 ? add : turn);
}

u64 t_callback_changes(u64 a, u64 b, struct ctx *m)
{
	return changes(m, a, add, b & 1);
}

u64 t_callback_put(u64 a, u64 b, struct ctx *m)
{
	step_fn fn = add;

	if (b & 1)
		put(m, turn, &fn);
	return fn(m, a);
}

u64 t_callback_two(u64 a, u64 b, struct ctx *m)
{
	return twice(m, a, add, turn) + twice(m, b, add, add) + twice(m, a, turn, add);
}

u64 t_callback_recursion(u64 a, u64 b, struct ctx *m)
{
	return down(m, a, (u32)b & 7, turn);
}
