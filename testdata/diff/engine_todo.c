/* SPDX-License-Identifier: MIT */
/*
 * What the engine gets wrong. A pointer to a local of the caller, of which
 * nothing is known any more, is taken for one that cannot lead there. A record
 * with a name inside a union is taken for memory of its own.
 */
#include "diff.h"

struct inner {
	u32 x;
	u16 y;
	u8 flag : 1;
	u8 mode : 3;
	u8 rest : 4;
	u8 z;
};

union either {
	struct inner first;
	u64 whole;
};

struct ctx {
	u64 a;
	u64 q[4];
	struct inner in;
	union either arr[4];
	union either *cur;
	u64 *slot;
	u32 words[8];
	u64 count;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->cur = &m->arr[(u64)m->cur & 3];
	m->slot = &m->q[(u64)m->slot & 3];
}

struct chain { struct chain *next; u64 v; };

static noinline void append(struct chain *to, struct chain *c)
{
	c->next = to->next;
	to->next = c;
}

static noinline u64 total(const struct chain *c)
{
	u64 r = 0;

	for (u32 n = 0; c && n < 5; n++, c = c->next)
		r = r * 3 + c->v;
	return r;
}

/* Locals that reach each other. */
u64 t_local_chain(u64 a, u64 b, struct ctx *m)
{
	struct chain x = { NULL, a }, y = { NULL, b }, z = { NULL, m->a };
	u64 r;

	append(&x, &y);
	r = total(&x);
	append(&x, &z);
	z.v = 5;
	FOLD(r, x.next->v);
	x.next->next->v = 9;
	FOLD(r, y.v);
	if (a & 1)
		x.next = &x;
	FOLD(r, total(&x));
	return r;
}

/* A record that shares its place with something else, reached by two pointers. */
u64 t_record_in_union(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->cur->first.x;

	m->arr[a & 3].whole = b;
	FOLD(r, m->cur->first.x);
	return r;
}
