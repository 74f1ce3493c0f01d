/* SPDX-License-Identifier: MIT */
/* What depends on types: _Generic, typeof, sizeof, alignof, enums; and macros made of them. */
#include "diff.h"

enum plain { A, B = 10, C, D = -1 };
enum big { WIDE = 0x100000000ll, WIDER };
enum __attribute__((packed)) tiny { X, Y, Z };

struct ctx {
	u64 q;
	u32 d;
	s32 sd;
	u16 w;
	u8 b;
	bool flag;
	enum plain e;
	u64 reg[4];
	u32 once;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	*(u8 *)&m->flag &= 1;
}

#define kind(x) _Generic((x), \
	bool: 1, char: 2, s8: 3, u8: 4, s16: 5, u16: 6, s32: 7, u32: 8, long: 9, \
	unsigned long: 10, s64: 11, u64: 12, void *: 13, struct ctx *: 14, default: 15)

u64 t_generic(u64 a, u64 b, struct ctx *m)
{
	u64 r = kind(a);

	FOLD(r, kind(m->b));
	FOLD(r, kind(m->b + 1));
	FOLD(r, kind(m->flag) * 100 + kind(!m->flag));
	FOLD(r, kind('a') * 100 + kind((char)'a'));
	FOLD(r, kind(m) * 100 + kind((void *)m));
	FOLD(r, kind(sizeof(a)));
	FOLD(r, kind(a ? m->d : -1));
	FOLD(r, _Generic(m->w, u16: a, default: b));
	FOLD(r, _Generic(m->sd, u32: m->q++, s32: m->q += 2));
	FOLD(r, _Generic(m->e, __typeof__(m->e): 1, default: 2));
	return r;
}

u64 t_typeof(u64 a, u64 b, struct ctx *m)
{
	__typeof__(m->b) x = a;
	__typeof__(m->sd + 0u) y = b;
	__auto_type z = m->w;
	const __typeof__(*m) *p = m;
	__typeof__(int (*)(int)) f = NULL;
	u64 r = x + y + z + p->d;

	FOLD(r, (__typeof__(m->b))b);
	FOLD(r, ({ __auto_type t = (s8)a; t; }));
	FOLD(r, sizeof(__typeof__(x + y)));
	return r + !f;
}

u64 t_sizeof(u64 a, u64 b, struct ctx *m)
{
	u64 r = sizeof(struct ctx);

	FOLD(r, sizeof(m->reg) / sizeof(*m->reg));
	FOLD(r, sizeof(a++));
	FOLD(r, sizeof(enum big) + sizeof(enum tiny) * 16 + sizeof(enum plain) * 256);
	FOLD(r, _Alignof(u64) + __alignof__(m->w));
	FOLD(r, sizeof("abc") + sizeof(L"abc"));
	FOLD(r, sizeof(int[3]) + sizeof(void *));
	FOLD(r, a);
	return r + b;
}

u64 t_enums(u64 a, u64 b, struct ctx *m)
{
	enum tiny t = a;
	enum big g = b;
	u64 r = A + B + C + D;

	m->e = a & 1 ? C : D;
	FOLD(r, m->e < 0);
	FOLD(r, t);
	FOLD(r, t == Z);
	FOLD(r, g);
	FOLD(r, WIDER);
	FOLD(r, (enum plain)b);
	switch (m->e) {
	case D:
		FOLD(r, 1);
		break;
	case C:
		FOLD(r, 2);
	default:
		break;
	}
	return r;
}

/* --------------------------------------- macros in the manner of the kernel */

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) do { *(volatile __typeof__(x) *)&(x) = (v); } while (0)
#define BIT(n) (1ul << (n))
#define GENMASK(h, l) ((~0ul << (l)) & (~0ul >> (63 - (h))))
#define FIELD_SHIFT(mask) (__builtin_ffsll(mask) - 1)
#define FIELD_GET(mask, v) ({ \
	_Static_assert(__builtin_constant_p(mask) && (mask), "mask"); \
	(__typeof__(mask))(((v) & (mask)) >> FIELD_SHIFT(mask)); })
#define FIELD_PREP(mask, v) (((__typeof__(mask))(v) << FIELD_SHIFT(mask)) & (mask))
#define cmp_once(x, y, op, ux, uy) ({ \
	__typeof__(x) ux = (x); \
	__typeof__(y) uy = (y); \
	(void)(&ux == &uy); \
	ux op uy ? ux : uy; })
#define min(x, y) cmp_once(x, y, <, ux_, uy_)
#define max(x, y) cmp_once(x, y, >, vx_, vy_)
#define min_t(t, x, y) min((t)(x), (t)(y))
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define swap(x, y) do { __typeof__(x) t_ = (x); (x) = (y); (y) = t_; } while (0)
#define round_up(x, y) ((((x) - 1) | ((__typeof__(x))((y) - 1))) + 1)
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define warn_on(c) ({ \
	int ret_ = !!(c); \
	if (unlikely(ret_)) \
		m->once |= 0x100; \
	unlikely(ret_); })
#define warn_once(c) ({ \
	static bool done_; \
	bool cond_ = !!(c); \
	if (unlikely(cond_ && !done_)) { \
		done_ = true; \
		m->once++; \
	} \
	unlikely(cond_); })

#define FLAG_R BIT(0)
#define FLAG_W BIT(1)
#define ADDR GENMASK(51, 12)
#define KIND GENMASK(10, 8)

u64 t_once(u64 a, u64 b, struct ctx *m)
{
	u64 r = READ_ONCE(m->q);

	WRITE_ONCE(m->q, a);
	WRITE_ONCE(m->b, b);
	FOLD(r, READ_ONCE(m->b) + READ_ONCE(m->reg[a & 3]));
	FOLD(r, READ_ONCE(m->flag) ? 1 : READ_ONCE(m->sd));
	*(volatile u16 *)&m->w += 3;
	(void)READ_ONCE(m->d);
	return r + READ_ONCE(m->w);
}

u64 t_fields(u64 a, u64 b, struct ctx *m)
{
	u64 r = FIELD_GET(KIND, a);

	m->q &= ~(FLAG_R | FLAG_W);
	m->q |= FIELD_PREP(KIND, b) | (a & ADDR);
	if (m->q & FLAG_W)
		r++;
	m->reg[0] = (m->reg[0] & ~ADDR) | FIELD_PREP(ADDR, a >> 3);
	FOLD(r, FIELD_GET(ADDR, m->reg[0]));
	FOLD(r, GENMASK(b & 31, 0) | BIT(a & 63));
	return r + !!(m->q & FLAG_R);
}

u64 t_min_max(u64 a, u64 b, struct ctx *m)
{
	u64 r = min(a, b);

	FOLD(r, max(m->sd, (s32)a));
	FOLD(r, min_t(u8, a, b));
	FOLD(r, clamp(m->d, 100u, 5000u));
	FOLD(r, min(min(a, b), m->q));
	swap(m->reg[0], m->reg[a & 3]);
	FOLD(r, round_up(m->d, 64) + IS_ALIGNED(m->q, 8));
	return r;
}

u64 t_warn(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	if (warn_on(a & 1))
		r = 1;
	if (warn_once(b & 1) || warn_once(a & 2))
		return r + 2;
	if (warn_on(a & 4) && !warn_on(b & 4))
		r |= 8;
	return r + m->once;
}

u64 t_volatile(u64 a, u64 b, struct ctx *m)
{
	volatile u32 x = a;
	volatile struct ctx *v = m;
	u64 r = x++;

	x += b;
	FOLD(r, x);
	v->reg[x & 3] |= a;
	FOLD(r, v->w++);
	FOLD(r, --v->sd);
	return r;
}
