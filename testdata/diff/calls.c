/* SPDX-License-Identifier: MIT */
/* Calls: conversions of arguments and results, records by value, pointers, varargs, recursion. */
#include "diff.h"

struct small {
	u16 a;
	s8 b;
	u8 c;
};

struct mid {
	u64 a;
	u32 b;
	s32 c;
};

struct large {
	u64 v[4];
	struct small s;
	u32 t;
};

union word {
	u32 w;
	u8 b[4];
};

struct ctx;

struct ops {
	u64 (*get)(struct ctx *m, u32 i);
	void (*put)(struct ctx *m, u32 i, u64 v);
	int (*test)(s8 x);
	const char *name;
};

struct ctx {
	u64 v[8];
	struct small s;
	union word w;
	struct mid mid;
	struct large large;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	(void)m;
}

static u8 narrow(u16 x) { return x + 300; }
static s8 narrow_signed(s16 x) { return x * 3; }
static bool truth(u64 x) { return x & 0x100; }
static u64 widen(s32 x) { return x; }
static s64 widen_unsigned(u32 x) { return x; }
static char letter(int x) { return x; }
static short mixed(u8 a, s64 b, bool c, s16 d) { return a + b * c - d; }
static u32 none(void) { return 0x12345678; }
static int old_style() { return -5; }

u64 t_conversions(u64 a, u64 b, struct ctx *m)
{
	u64 r = narrow(a);

	FOLD(r, narrow_signed(b));
	FOLD(r, truth(a) + truth(b));
	FOLD(r, widen(a));
	FOLD(r, widen_unsigned(b));
	FOLD(r, letter(a) < 0);
	FOLD(r, mixed(a, b, a, b));
	FOLD(r, -narrow(b));
	FOLD(r, none() + old_style());
	FOLD(r, narrow(narrow_signed(narrow(a))));
	FOLD(r, widen(truth(b) ? -1 : 1));
	return r + m->v[0];
}

static struct small make_small(u64 x)
{
	return (struct small){ x, x >> 8, x >> 16 };
}

static struct mid make_mid(u64 x, struct small s)
{
	struct mid r = { .a = x, .b = s.a };

	r.c = s.b;
	return r;
}

static struct large change(struct large l, u32 i, u64 v)
{
	l.v[i & 3] ^= v;
	l.s = make_small(v);
	l.t++;
	return l;
}

static u64 consume(struct small s, struct mid m, struct large l, u8 last)
{
	m.a += l.v[last & 3];
	s.b--;
	return s.a + s.b * 3 + s.c * 5 + m.a + m.b + m.c + l.t + last;
}

static union word turn(union word w)
{
	union word r = { .b = { w.b[3], w.b[2], w.b[1], w.b[0] } };

	return r;
}

u64 t_records(u64 a, u64 b, struct ctx *m)
{
	struct small s = make_small(a);
	struct mid x = make_mid(b, s);
	u64 r = consume(s, x, m->large, a);

	m->large = change(m->large, b, a);
	FOLD(r, consume(m->s, m->mid, change(m->large, a, b), b));
	FOLD(r, make_mid(a, make_small(b)).c);
	FOLD(r, change(m->large, 1, 5).s.a + m->large.t);
	m->w = turn(turn(m->w));
	FOLD(r, turn(m->w).w);
	m->s = make_small(b);
	m->mid = make_mid(m->mid.a, m->s);
	FOLD(r, s.a + s.b);
	return r;
}

static u64 get_plain(struct ctx *m, u32 i) { return m->v[i & 7]; }
static u64 get_twice(struct ctx *m, u32 i) { return m->v[i & 7] * 2; }
static void put_plain(struct ctx *m, u32 i, u64 v) { m->v[i & 7] = v; }
static void put_none(struct ctx *m, u32 i, u64 v) { (void)m; (void)i; (void)v; }
static int is_negative(s8 x) { return x < 0; }

static const struct ops plain_ops = { .get = get_plain, .put = put_plain, .test = is_negative };
static const struct ops odd_ops = { get_twice, &put_none, .name = "odd" };
static const struct ops *const all_ops[] = { &plain_ops, &odd_ops, [3] = &plain_ops };
static u64 (*const getters[])(struct ctx *, u32) = { get_plain, get_twice };

u64 t_ops(u64 a, u64 b, struct ctx *m)
{
	const struct ops *ops = a & 1 ? &odd_ops : &plain_ops;
	u64 r = ops->get(m, b);

	ops->put(m, a, b);
	FOLD(r, (*ops->get)(m, a));
	FOLD(r, ops->test ? ops->test(b) : 9);
	FOLD(r, ops->name ? ops->name[1] : 0);
	FOLD(r, all_ops[(b & 1) * 3]->get(m, 2));
	FOLD(r, getters[b & 1](m, 3));
	FOLD(r, (a & 2 ? get_plain : get_twice)(m, 4));
	FOLD(r, ops->put == put_none);
	FOLD(r, ops->get != &get_plain);
	FOLD(r, !all_ops[2]);
	return r;
}

static u64 apply(u64 (*f)(u64, u64), u64 x, u64 y) { return f ? f(x, y) : 0; }
static u64 add(u64 x, u64 y) { return x + y; }
static u64 shift(u64 x, u64 y) { return x << (y & 63); }

typedef u64 (*binary)(u64, u64);

static binary pick(u64 a)
{
	switch (a & 3) {
	case 0:
		return add;
	case 1:
		return shift;
	}
	return NULL;
}

u64 t_function_pointers(u64 a, u64 b, struct ctx *m)
{
	binary f = pick(b), local[2] = { shift, add };
	struct {
		binary f;
		u64 x;
	} closure = { .f = f, .x = a };
	u64 r = apply(add, a, b);

	FOLD(r, apply(pick(a), a, b));
	FOLD(r, closure.f ? closure.f(closure.x, 3) : 1);
	FOLD(r, local[a & 1](b, 1));
	FOLD(r, (****add)(1, 2));
	FOLD(r, f == pick(b));
	closure.f = a & 1 ? add : shift;
	FOLD(r, closure.f(b, 7));
	return r + m->v[1];
}

u64 t_varargs(u64 a, u64 b, struct ctx *m)
{
	u64 r = sum(1, a, b, m->v[0]);

	FOLD(r, sum(a, b, (u64)(u8)a, (u64)-1));
	return r + sum(0, m->v[1]++, a & 1 ? b : a, (u64)sizeof(*m));
}

static u64 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static u64 odd(u32 n);
static u64 even(u32 n) { return n ? odd(n - 1) : 1; }
static u64 odd(u32 n) { return n ? even(n - 1) : 0; }

static void fill(u64 *v, u32 lo, u32 hi, u64 x)
{
	u64 mine = x + lo;

	if (lo >= hi)
		return;
	fill(v, lo + 1, hi, x * 3);
	v[lo] += mine;
}

u64 t_recursion(u64 a, u64 b, struct ctx *m)
{
	fill(m->v, a & 3, 3 + (b & 3), a);
	return fib(a % 10) * 100 + even(b % 20);
}

static inline __attribute__((always_inline)) void swap(u64 *x, u64 *y)
{
	u64 t = *x;

	*x = *y;
	*y = t;
}

static void out_param(u64 x, u32 *lo, u32 *hi, bool *odd_)
{
	*lo = x;
	*hi = x >> 32;
	*odd_ = x & 1;
}

u64 t_out_params(u64 a, u64 b, struct ctx *m)
{
	bool odd_;
	u32 lo;

	swap(&a, &b);
	swap(&m->v[a & 7], &m->v[b & 7]);
	out_param(a, &lo, &m->mid.b, &odd_);
	m->s.c = odd_;
	return lo * b;
}

static u32 counter;

static u32 tick(void)
{
	return ++counter;
}

u64 t_sequenced_calls(u64 a, u64 b, struct ctx *m)
{
	u64 x = tick(), y = tick();
	u64 r = a & 1 && tick() ? tick() : b;

	FOLD(r, x * 10 + y);
	FOLD(r, (tick(), tick()));
	for (u32 i = 0; i < 3 && tick(); i++)
		r += counter;
	return r + m->v[2];
}

static u64 sum_array(u64 v[4]) { return v[0] + v[3]; }
static u64 sum_rows(u16 v[][2], u32 n) { return n ? v[n - 1][1] + sum_rows(v, n - 1) : 0; }

u64 t_array_params(u64 a, u64 b, struct ctx *m)
{
	u16 rows[3][2] = { { a, b }, { b, a }, { 1, 2 } };

	return sum_array(m->v + (a & 3)) + sum_rows(rows, b & 3) + sum_array(&m->large.v[0]);
}

static void modify(u32 n, struct small s, u8 x)
{
	n++;
	s.a = n;
	x += s.a;
	counter += x;
}

u64 t_params_are_copies(u64 a, u64 b, struct ctx *m)
{
	u32 n = a;

	modify(n, m->s, b);
	modify(b, m->s, n);
	return n + counter + m->s.a;
}
