/* SPDX-License-Identifier: MIT */
/* __attribute__((cleanup)): on every exit, in reverse order, after the value is computed. */
#include "diff.h"

struct ctx {
	u64 trace;
	s32 depth;
	u32 held;
	u64 data[4];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->depth = 0;
}

#define __cleanup(f) __attribute__((cleanup(f)))

static void trace(struct ctx *m, u64 v)
{
	m->trace = m->trace * 31 + v;
}

struct guard {
	struct ctx *m;
	u64 id;
};

static void leave(struct guard *g)
{
	if (!g->m)
		return;
	trace(g->m, g->id);
	g->m->held &= ~(1u << (g->id & 31));
	g->m->depth--;
}

static struct guard enter(struct ctx *m, u64 id)
{
	struct guard g = { m, id };

	trace(m, id + 100);
	m->held |= 1u << (id & 31);
	m->depth++;
	return g;
}

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define hold(m, id) \
	struct guard JOIN(guard_, __LINE__) __cleanup(leave) = enter(m, id)
#define with_held(m, id) \
	for (struct guard g_ __cleanup(leave) = enter(m, id), *once_ = (void *)1; once_; \
	     once_ = NULL)
#define with_held_if(m, id, c) \
	for (struct guard g_ __cleanup(leave) = (c) ? enter(m, id) : (struct guard){ 0 }, \
	     *once_ = (void *)1; once_ && g_.m; once_ = NULL)

static void drop(u64 **p)
{
	if (*p)
		**p += 0x101;
}
#define __drop __cleanup(drop)
#define take(p) ({ __auto_type t_ = (p); (p) = NULL; t_; })

u64 t_falls_off(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	{
		hold(m, 1);
		hold(m, 2);
		r = m->depth;
		if (a & 1) {
			hold(m, 3);
			r += m->held;
		}
		trace(m, b);
	}
	return r * 7 + m->depth;
}

/* The value of the return is read before the cleanup runs. */
u64 t_return_value(u64 a, u64 b, struct ctx *m)
{
	hold(m, 4);

	if (a & 1)
		return m->depth + m->held;
	if (a & 2) {
		hold(m, 5);
		return m->depth * 10 + b;
	}
	return m->trace;
}

static u64 early_exits(u64 a, struct ctx *m)
{
	hold(m, 1);
	if (a & 1)
		return 1;
	{
		hold(m, 2);
		if (a & 2)
			goto out;
		hold(m, 3);
		if (a & 4)
			goto out_far;
		trace(m, 50);
		return m->depth;
	}
out:
	trace(m, 51);
out_far:
	trace(m, 52);
	return 3;
}

static u64 exits_of_block(u64 a, struct ctx *m)
{
	u64 r = 0;

	{
		hold(m, 1);
		{
			hold(m, 2);
			if (a & 1)
				goto out;
			if (a & 2)
				goto inner;
			r = 5;
		}
inner:
		trace(m, 60);
		if (a & 4)
			return r + m->depth;
	}
out:
	trace(m, 61);
	return r;
}

u64 t_goto_out(u64 a, u64 b, struct ctx *m)
{
	return exits_of_block(a, m) * 9 + exits_of_block(b, m);
}

u64 t_goto_back(u64 a, u64 b, struct ctx *m)
{
	u32 n = 0;

again:;
	hold(m, 7);
	trace(m, n);
	if (n++ < (a & 3))
		goto again;
	return m->depth + b;
}

u64 t_loops(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	for (u32 i = 0; i < 6; i++) {
		hold(m, i);
		if (a >> i & 1)
			continue;
		{
			hold(m, i + 8);
			if (b >> i & 1)
				break;
		}
		r += m->depth;
	}
	do {
		hold(m, 20);
		if (a & 64)
			break;
		trace(m, 21);
	} while (0);
	while (r-- > 3) {
		hold(m, 22);
		if (b & 128)
			continue;
		trace(m, 23);
	}
	return r + m->depth;
}

u64 t_switch(u64 a, u64 b, struct ctx *m)
{
	switch (a & 3) {
	case 0: {
		hold(m, 1);
		trace(m, 70);
		break;
	}
	case 1: {
		hold(m, 2);
		if (b & 1)
			return m->depth;
		fallthrough;
	}
	case 2:
		trace(m, 71);
	}
	return m->depth;
}

u64 t_scoped(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	with_held(m, 1) {
		r += m->held;
		if (a & 1)
			return r;
		if (a & 2)
			break;
		trace(m, 80);
	}
	with_held(m, 2)
		with_held(m, 3) {
			if (b & 1)
				goto out;
			if (b & 2)
				continue;
			r += m->depth;
		}
	with_held_if(m, 4, a & 4)
		r += 1000;
out:
	return r + m->depth;
}

static u64 *find(struct ctx *m, u64 i)
{
	return i & 4 ? NULL : &m->data[i & 3];
}

static u64 *make(struct ctx *m, u64 a)
{
	u64 *p __drop = find(m, a);

	if (!p || (a & 8))
		return NULL;
	*p ^= a;
	return take(p);
}

u64 t_free(u64 a, u64 b, struct ctx *m)
{
	u64 *p __drop = make(m, a);
	u64 *q __drop = NULL;

	if (!p)
		return 1;
	q = find(m, b);
	if (q && *q & 1)
		return *q;
	p = take(q);
	return p ? *p : 2;
}

u64 t_in_statement_expr(u64 a, u64 b, struct ctx *m)
{
	u64 r = ({ hold(m, 1); m->depth + a; });

	r += ({ hold(m, 2); if (b & 1) return r; m->held; });
	return r + m->depth;
}

u64 t_early_exits(u64 a, u64 b, struct ctx *m)
{
	return early_exits(a, m) * 5 + early_exits(b, m);
}

u64 t_param_and_static(u64 a, u64 b, struct ctx *m)
{
	static u64 count = 3;
	u64 n __attribute__((unused)) = a, *p __drop = &n;

	count += a & 3;
	if (b & 1)
		return count + n + m->depth;
	*p = b;
	return n;
}
