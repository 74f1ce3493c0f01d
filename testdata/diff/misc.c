/* SPDX-License-Identifier: MIT */
/* Odds and ends: nested designators, objects at file scope, local labels, alignment. */
#include "diff.h"

struct leaf {
	u16 k : 5, l : 11;
	s16 m;
};

struct tree {
	struct leaf leaves[3];
	union {
		u32 word;
		struct leaf as_leaf;
		u8 raw[4];
	};
	const struct tree *up;
	u64 (*eval)(const struct tree *t, u64 x);
};

struct ctx {
	u64 v[4];
	struct leaf leaves[4];
	u8 zero[0];
	u8 text[16];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	(void)m;
}

static u64 eval_sum(const struct tree *t, u64 x)
{
	return t->leaves[x % 3].m + t->leaves[0].k * 3 + t->word;
}

static u64 eval_up(const struct tree *t, u64 x)
{
	return t->up ? t->up->eval(t->up, x) + 1 : x;
}

static const struct tree root = {
	.leaves = { [2] = { .m = -3, .k = 31 }, [0].l = 2047, [0].k = 7, [1] = { 1, 2, 3 } },
	.as_leaf = { .l = 5 },
	.eval = eval_sum,
};
static const struct tree child = {
	{ { 1, 2, 3 }, { 4 } }, { .raw = { 1, 2, [3] = 4 } }, .up = &root, .eval = &eval_up,
	.leaves[1].m = 77,
};
static const struct tree *const all[] = {
	&root, &child, &(const struct tree){ .up = &child, .eval = eval_up },
};
static struct leaf *mutable = (struct leaf[]){ { 1, 2, 3 }, { .m = 9 } };
static u8 matrix[2][3] = { { 1, 2 }, [1][2] = 9 };
static const char names[][6] = { "one", "three", [3] = "x" };
static const s8 *const inside = (const s8 *)&matrix[1][1];

u64 t_trees(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	for (u32 i = 0; i < ARRAY_SIZE(all); i++) {
		FOLD(r, all[i]->eval(all[i], a + i));
		FOLD(r, all[i]->leaves[b % 3].l);
		FOLD(r, all[i]->raw[a & 3]);
	}
	mutable[b & 1].m += a;
	FOLD(r, mutable->m + mutable[1].k);
	FOLD(r, matrix[a & 1][b % 3] + inside[1]);
	FOLD(r, names[a & 3][b % 6] + sizeof(names));
	return r + m->v[0];
}

u64 t_overridden(u64 a, u64 b, struct ctx *m)
{
	struct tree t = { .leaves[1] = { 1, 2, 3 }, .leaves[1].l = a, .word = b, .eval = eval_sum };
	struct leaf l[4] = { [0 ... 2] = { .k = b, .m = a }, [1] = { .m = 5 } };
	u64 v[4] = { [0 ... 3] = a, [2] = b };

	m->leaves[0] = l[1];
	m->leaves[a & 3] = t.leaves[1];
	return t.eval(&t, a) + l[b & 3].m + l[2].k + v[a & 3];
}

#define LOCAL_LABEL(x) ({ \
	__label__ out; \
	u64 r_ = (x); \
	if (r_ & 1) \
		goto out; \
	r_ *= 5; \
out: \
	r_; })

u64 t_local_labels(u64 a, u64 b, struct ctx *m)
{
	u64 r = LOCAL_LABEL(a);

	FOLD(r, LOCAL_LABEL(b));
	for (u32 i = 0; i < 4; i++)
		FOLD(r, LOCAL_LABEL(m->v[i]));
	return r;
}

u64 t_unused_and_empty(u64 a, u64 b, struct ctx *m)
{
	struct { } empty[2];
	u64 unused __attribute__((unused));
	_Static_assert(sizeof(u64) == 8, "u64");
	extern u64 sum(int n, ...);
	typedef u16 local_t;
	enum { FIRST = 3, SECOND };
	local_t x = a;

	;
	{ }
	(void)empty;
	(void)0;
	a, b;
	x + 1;
	*m->v;
	return x + sizeof(m->zero) + SECOND + (m->zero == m->text);
}

u64 t_aligned(u64 a, u64 b, struct ctx *m)
{
	struct {
		u8 c;
		u64 q __attribute__((aligned(16)));
		u8 d;
	} __attribute__((packed)) x = { a, b, 3 };
	u32 y __attribute__((aligned(64))) = a;

	return x.c + x.q + x.d + sizeof(x) + offsetof(__typeof__(x), d) +
	       *&y + m->v[0];
}

static noinline u64 many(u64 a, u32 b, u16 c, u8 d, s64 e, s32 f, s16 g, s8 h, bool i)
{
	return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9;
}

u64 t_many_arguments(u64 a, u64 b, struct ctx *m)
{
	return many(a, a, a, a, b, b, b, b, b) + many(1, 2, 3, 4, 5, 6, 7, 8, m->v[1]);
}

u64 t_string_functions(u64 a, u64 b, struct ctx *m)
{
	const char *s = "name", *p = s;
	u64 r = 0;

	while (*p)
		r = r * 33 + *p++;
	FOLD(r, p - s);
	for (p = "ab\0cd"; *p; ++p)
		m->text[a & 15] ^= *p;
	p = a & 1 ? s : "other";
	return r + p[b & 3];
}
