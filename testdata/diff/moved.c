/* SPDX-License-Identifier: MIT */
/* Pointers that a loop moves, to a local of the caller's or to a part of a record. */
#include "diff.h"

struct ctx {
	u64 a;
	u64 q[4];
	u32 words[8];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	(void)m;
}

static noinline void fill_up(u32 *p, u32 n, u32 v)
{
	while (n--)
		*p++ = v;
}

u64 t_pointer_moves(u64 a, u64 b, struct ctx *m)
{
	u32 own[6] = { 1, 2, 3, 4, 5, 6 };
	u64 r = m->words[1];

	fill_up(own + 1, (u32)(a & 3), (u32)b);
	FOLD(r, own[0]);
	FOLD(r, own[1]);
	FOLD(r, own[3]);
	fill_up(m->words, 2 + (u32)(b & 3), (u32)a);
	FOLD(r, m->words[1]);
	FOLD(r, m->words[4]);
	return r;
}

static noinline void clear_range(u64 *first, u64 *last)
{
	do {
		*first = 0;
	} while (first++ != last);
}

u64 t_clears_range(u64 a, u64 b, struct ctx *m)
{
	u64 own[4] = { a, b, a, b }, r = 0;

	clear_range(&own[1], &own[1 + (a & 1)]);
	FOLD(r, own[0] + own[1] + own[2] + own[3]);
	clear_range(&m->q[b & 1], &m->q[2]);
	FOLD(r, m->q[0] ^ m->q[1] ^ m->q[3]);
	return r;
}

/* The pointer is in memory, and a callee moves it. */
static noinline void put(u32 **p, u32 v)
{
	*(*p)++ = v;
}

u64 t_callee_moves(u64 a, u64 b, struct ctx *m)
{
	u32 own[6] = { 1, 2, 3, 4, 5, 6 }, *p = own + 1;
	u64 r;

	for (u32 n = (u32)(a & 3); n; n--)
		put(&p, (u32)b);
	r = own[0] + own[3];
	FOLD(r, own[1]);
	put(&p, (u32)m->a);
	FOLD(r, own[1]);
	FOLD(r, own[4]);
	p = m->words;
	for (u32 n = (u32)(b & 3); n; n--)
		put(&p, (u32)a);
	FOLD(r, m->words[0] ^ m->words[2]);
	return r;
}

/* One of two, which the loop changes over to. */
u64 t_changes_over(u64 a, u64 b, struct ctx *m)
{
	u32 own[2] = { 1, 2 }, *p = own, *was = m->words;

	for (u32 n = (u32)(a & 3); n; n--) {
		*p++ = (u32)b;
		was = p - 1;
		p = n & 1 ? m->words + 1 : p;
	}
	*was = 7;
	return own[0] + own[1] * 3ull + m->words[0] * 5ull + m->words[1] * 7ull;
}
