/* SPDX-License-Identifier: MIT */
/*
 * What a callee wrote to an object of its caller stays when code that is not known runs
 * after that, if nobody else can reach the object; records are copied as they are.
 */
#include "diff.h"

struct part {
	u32 flags;
	u16 low;
	u8 bit : 1;
	u8 more : 7;
	u8 pad;
};

struct whole {
	union {
		struct part part;
		u64 bits;
		u16 halves[4];
	};
	u64 *link;
	struct part parts[2];
	u64 rest;
};

struct ctx {
	u64 a;
	struct whole w;
	struct whole ws[2];
	struct part p;
	struct whole *at;
	u64 words[4];
};
SUBJECT(struct ctx);

static struct whole *seen;
static u64 total;

static noinline void others(struct ctx *m)
{
	m->a = m->a * 5 + 3;
	m->w.part.flags ^= (u32)m->a;
	m->p.low += 77;
	m->ws[1].bits -= m->a;
	total += m->a;
	if (seen)
		seen->part.flags += 1000;
}

/* Loaded from memory: what is called is not known. */
static void (*hook)(struct ctx *m) = others;

void ctx_fix(struct ctx *m)
{
	m->w.link = &m->words[(u64)m->w.link & 3];
	m->ws[0].link = &m->words[(u64)m->ws[0].link & 3];
	m->ws[1].link = &m->words[(u64)m->ws[1].link & 3];
	m->at = &m->ws[(u64)m->at & 1];
	hook = others;
	seen = NULL;
}

static noinline u32 set_then_call(struct part *p, u32 v, struct ctx *m)
{
	p->flags = v | 4;
	p->bit = v >> 3;
	hook(m);
	return p->flags;
}

u64 t_local_stays(u64 a, u64 b, struct ctx *m)
{
	struct part p = { .low = (u16)b };
	u64 r = set_then_call(&p, (u32)a, m);

	FOLD(r, p.flags);
	FOLD(r, p.bit);
	FOLD(r, p.low);
	return r;
}

u64 t_shared_changes(u64 a, u64 b, struct ctx *m)
{
	u64 r = set_then_call(&m->w.part, (u32)a, m);

	FOLD(r, m->w.part.flags + b);
	FOLD(r, m->w.part.bit);
	return r;
}

u64 t_one_or_the_other(u64 a, u64 b, struct ctx *m)
{
	struct part p = { .low = 1 };
	struct part *q = a & 1 ? &p : &m->w.part;
	u64 r = set_then_call(q, (u32)b, m);

	FOLD(r, p.flags);
	FOLD(r, q->flags);
	FOLD(r, m->w.part.flags);
	return r;
}

static noinline void keep(struct whole *w, u32 v, struct ctx *m)
{
	w->part.flags = v;
	seen = w;
	hook(m);
	w->part.low = (u16)(v + 1);
	hook(m);
	seen = NULL;
}

u64 t_told_others(u64 a, u64 b, struct ctx *m)
{
	struct whole w = { .rest = b };
	u64 r = 1;

	keep(&w, (u32)a, m);
	FOLD(r, w.part.flags);
	FOLD(r, w.part.low);
	FOLD(r, w.rest);
	return r;
}

static noinline void two(struct part *p, struct part *q, u32 v, struct ctx *m)
{
	p->flags = v;
	hook(m);
	q->flags = p->flags + 1;
	hook(m);
	p->low = (u16)q->flags;
}

u64 t_two_names(u64 a, u64 b, struct ctx *m)
{
	struct part p = { .low = 3 }, q = { .low = 4 };
	u64 r = 2;

	two(&p, &q, (u32)a, m);
	FOLD(r, p.flags);
	FOLD(r, q.flags);
	FOLD(r, p.low);
	two(&p, &p, (u32)b, m);
	FOLD(r, p.flags);
	FOLD(r, p.low);
	two(&q, &m->p, (u32)b, m);
	FOLD(r, q.flags);
	FOLD(r, m->p.flags);
	return r;
}

static noinline u32 count_up(struct part *p, struct ctx *m)
{
	for (u32 i = 0; i < 3; i++) {
		p->flags += i;
		if (p->flags & 8)
			hook(m);
		p->more++;
	}
	return p->flags;
}

u64 t_in_a_loop(u64 a, u64 b, struct ctx *m)
{
	struct part p = { .flags = (u32)a, .more = (u8)b };
	u64 r = count_up(&p, m);

	FOLD(r, count_up(&m->p, m));
	FOLD(r, p.flags);
	FOLD(r, p.more);
	FOLD(r, m->p.more);
	return r;
}

static noinline void inner_call(struct part *p, u32 v, struct ctx *m)
{
	p->low = (u16)v;
	hook(m);
}

static noinline int outer_call(struct part *p, u32 v, struct ctx *m)
{
	inner_call(p, v, m);
	if (v & 2)
		return -22;
	hook(m);
	p->flags = p->low;
	return 0;
}

u64 t_through_two(u64 a, u64 b, struct ctx *m)
{
	struct part p = { .flags = 9, .low = 1 };
	int err = outer_call(&p, (u32)a, m);
	u64 r = (u64)err;

	FOLD(r, p.low);
	FOLD(r, p.flags);
	err = outer_call(&m->p, (u32)b, m);
	FOLD(r, err);
	FOLD(r, m->p.low);
	return r;
}

/* ------------------------------------------------------------- copies of records */

u64 t_copy_with_union(u64 a, u64 b, struct ctx *m)
{
	struct whole w = m->w;
	u64 r = w.bits ^ a;

	w.part.flags += (u32)b;
	m->ws[0] = w;
	FOLD(r, m->ws[0].halves[1]);
	FOLD(r, m->ws[0].link == m->w.link);
	FOLD(r, m->ws[0].parts[1].low);
	*m->ws[0].link = a;
	FOLD(r, m->words[0] + m->words[1] * 3 + m->words[2] * 5 + m->words[3] * 7);
	return r;
}

u64 t_copy_onto_itself(u64 a, u64 b, struct ctx *m)
{
	u64 r = 5;

	m->ws[a & 1] = m->ws[b & 1];
	FOLD(r, m->ws[0].bits);
	FOLD(r, m->ws[1].parts[0].flags);
	*m->at = m->ws[0];
	FOLD(r, m->at->part.low);
	FOLD(r, m->ws[1].part.bit);
	return r;
}

u64 t_overlapping_move(u64 a, u64 b, struct ctx *m)
{
	u64 r = 6;

	__builtin_memmove(&m->words[1], &m->words[0], 3 * sizeof(u64));
	FOLD(r, m->words[1] + m->words[2] * 3 + a);
	__builtin_memmove(&m->ws[0].part, &m->ws[0].halves[1], 4);
	FOLD(r, m->ws[0].bits + b);
	return r;
}

static noinline struct whole made(u64 a, const struct whole *from)
{
	struct whole w = *from;

	w.part.bit = a;
	w.parts[0].low = (u16)(a >> 1);
	w.rest ^= a;
	return w;
}

u64 t_returned_record(u64 a, u64 b, struct ctx *m)
{
	struct whole w = made(a, &m->w);
	u64 r = w.bits;

	m->ws[1] = made(b, &w);
	FOLD(r, m->ws[1].part.bit);
	FOLD(r, m->ws[1].parts[0].low);
	FOLD(r, m->ws[1].rest);
	FOLD(r, w.parts[1].flags);
	return r;
}

u64 t_cleared_part(u64 a, u64 b, struct ctx *m)
{
	struct whole w = m->w;
	u64 r = 8;

	__builtin_memset(&m->w.parts, 0, sizeof(m->w.parts));
	__builtin_memset(&m->ws[0].halves[1], 0xff, 4);
	__builtin_memset(&w.bits, (int)a, 8);
	FOLD(r, m->w.parts[1].flags + m->w.parts[0].low);
	FOLD(r, m->ws[0].bits);
	FOLD(r, w.part.flags + b);
	return r;
}

/* ------------------------------------------------- an error, or what came without one */

static noinline int checked(u64 a, u32 *out, struct ctx *m)
{
	*out = (u32)a;
	hook(m);
	if (a & 1)
		return -(int)(a & 0xff) - 1;
	if (a & 2)
		return -(int)(m->a & 0xf0) - 2;
	*out |= 1u << 8;
	return 0;
}

u64 t_error_or_result(u64 a, u64 b, struct ctx *m)
{
	u32 v = (u32)b, w;
	int err = checked(a, &v, m);
	u64 r;

	if (err)
		return (u64)(err + 3);
	r = v;
	err = checked(b, &w, m);
	if (err == -2 || err > 0)
		return r + 17;
	FOLD(r, err);
	FOLD(r, w);
	return r;
}
