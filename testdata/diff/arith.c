/* SPDX-License-Identifier: MIT */
/* Promotions, conversions, shifts, comparisons, compound assignment, for all widths. */
#include "diff.h"

struct ctx {
	u64 q;
	s64 sq;
	u32 d;
	s32 sd;
	u16 w;
	s16 sw;
	u8 b;
	s8 sb;
	char c;
	bool t;
	u64 out[8];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	*(u8 *)&m->t &= 1;
}

#define ALL(X) X(u8) X(s8) X(u16) X(s16) X(u32) X(s32) X(u64) X(s64) X(char) X(bool) X(long)
#define FIELDS(X) X(q) X(sq) X(d) X(sd) X(w) X(sw) X(b) X(sb) X(c) X(t)

u64 t_casts(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define ONE(t) FOLD(r, (t)a); FOLD(r, -(t)a); FOLD(r, ~(t)b); FOLD(r, (t)(a * b)); FOLD(r, !(t)a); \
	FOLD(r, (s64)(t)-1); FOLD(r, (t)(s8)a); FOLD(r, (t)(u16)b); FOLD(r, (u32)(t)a);
	ALL(ONE)
#undef ONE
	return r + m->q;
}

u64 t_cast_chains(u64 a, u64 b, struct ctx *m)
{
	u64 r = (u64)(s8)a;

	FOLD(r, (u64)(s32)(u8)a);
	FOLD(r, (u32)(s16)b);
	FOLD(r, (s64)(u32)(s16)b);
	FOLD(r, (bool)(u8)a);
	FOLD(r, (u8)(bool)b);
	FOLD(r, (bool)(a & 0x100));
	FOLD(r, (u8)(a & 0x100));
	FOLD(r, (s16)(u8)(s32)a);
	FOLD(r, (u64)(u32)-1 + (u64)-1);
	FOLD(r, (char)a < 0);
	return r + m->d;
}

u64 t_promotions(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define ONE(f) FOLD(r, m->f + 1); FOLD(r, m->f - 300); FOLD(r, m->f * -1); FOLD(r, ~m->f); \
	FOLD(r, -m->f); FOLD(r, +m->f); FOLD(r, m->f + a); FOLD(r, m->f & (s8)b); \
	FOLD(r, m->f | 0xffffff00u); FOLD(r, m->f ^ -1ll); FOLD(r, !m->f); FOLD(r, m->f ? 1 : -1); \
	FOLD(r, sizeof(m->f + 1)); FOLD(r, sizeof(+m->f)); FOLD(r, sizeof(m->f));
	FIELDS(ONE)
#undef ONE
	return r;
}

u64 t_pairs(u64 a, u64 b, struct ctx *m)
{
	u64 r = a + b;

#define TWO(x, y) FOLD(r, m->x + m->y); FOLD(r, m->x - m->y); FOLD(r, m->x * m->y); \
	FOLD(r, m->x & m->y); FOLD(r, m->x | m->y); FOLD(r, m->x ^ m->y); \
	FOLD(r, m->x < m->y); FOLD(r, m->x <= m->y); FOLD(r, m->x > m->y); FOLD(r, m->x >= m->y); \
	FOLD(r, m->x == m->y); FOLD(r, m->x != m->y); FOLD(r, a & 1 ? m->x : m->y);
#define WITH(y) TWO(q, y) TWO(sq, y) TWO(d, y) TWO(sd, y) TWO(w, y) TWO(sw, y) TWO(b, y) \
	TWO(sb, y) TWO(c, y) TWO(t, y)
	FIELDS(WITH)
#undef WITH
#undef TWO
	return r;
}

u64 t_division(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;
	s32 n = 1 + (a & 0x7f), neg = -2 - (s32)(b & 0x3f);

#define ONE(f) FOLD(r, m->f / n); FOLD(r, m->f % n); FOLD(r, m->f / neg); FOLD(r, m->f % neg); \
	FOLD(r, m->f / (u64)n); FOLD(r, m->f % (u32)n); FOLD(r, (s64)m->f / (s8)7); \
	FOLD(r, 1000000007 / (m->f | 1u)); FOLD(r, m->f / 16); FOLD(r, m->f % 16);
	FIELDS(ONE)
#undef ONE
	return r;
}

u64 t_shifts(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;
	u8 n = a & 31;

#define ONE(f) FOLD(r, m->f << n); FOLD(r, m->f >> n); FOLD(r, m->f << 1); FOLD(r, m->f >> 7); \
	FOLD(r, (u64)m->f << (b & 63)); FOLD(r, (s64)m->f >> (b & 63)); FOLD(r, 1 << (m->f & 31)); \
	FOLD(r, 1ull << (m->f & 63)); FOLD(r, (m->f << n) >> 3); FOLD(r, (u8)(m->f >> 2) << 30);
	FIELDS(ONE)
#undef ONE
	FOLD(r, m->q << (b & 63) | m->q >> (-b & 63));
	FOLD(r, m->d << (b & 31) | m->d >> (-b & 31));
	return r;
}

u64 t_compound(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define ONE(f) FOLD(r, m->f += a); FOLD(r, m->f -= (s8)b); FOLD(r, m->f *= 3); \
	FOLD(r, m->f |= b >> 9); \
	FOLD(r, m->f &= ~0x10); FOLD(r, m->f ^= (u16)a); FOLD(r, m->f <<= a & 7); \
	FOLD(r, m->f >>= b & 3); FOLD(r, m->f /= 5); FOLD(r, m->f %= 100); \
	FOLD(r, m->f++); FOLD(r, ++m->f); FOLD(r, m->f--); FOLD(r, --m->f); FOLD(r, m->f += -1);
	FIELDS(ONE)
#undef ONE
	return r;
}

/* The operation is done in the common type, then converted. */
u64 t_compound_mixed(u64 a, u64 b, struct ctx *m)
{
	m->b += m->sq;
	m->sb -= m->d;
	m->sw /= 3u;
	m->w = m->w * m->w;
	m->sd *= m->q;
	m->sd >>= 3;
	m->d /= 1 + (m->sb & 7);
	m->sb >>= 1;
	m->sb /= 2;
	m->sd /= (s64)7;
	m->sw %= -9;
	m->t += 2;
	m->t &= 6;
	m->t ^= a & 2;
	m->t |= b & 8;
	m->t <<= 3;
	m->c -= 'a';
	m->sq *= (s8)a;
	m->q %= 1 + (u8)b;
	return m->t + m->c;
}

u64 t_assignment_value(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->b = a;

	FOLD(r, m->sb = a);
	FOLD(r, m->sq = m->sd = m->sb = b);
	FOLD(r, (m->t = b) + 1);
	FOLD(r, (m->w = -1) == -1);
	FOLD(r, (m->sw = 0xffff) == 0xffff);
	FOLD(r, -(m->d = 1));
	return r;
}

u64 t_comparisons(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	FOLD(r, (s32)a < (u32)b);
	FOLD(r, (s32)a < (s32)b);
	FOLD(r, (s64)a < (s32)b);
	FOLD(r, (s64)a < (u32)b);
	FOLD(r, (u8)a < (s8)b);
	FOLD(r, (s8)a == (u8)a);
	FOLD(r, m->sb < 0u);
	FOLD(r, m->b > -1);
	FOLD(r, m->d > -1);
	FOLD(r, m->w - 1 < 0);
	FOLD(r, m->d - 1 < 0);
	FOLD(r, (a < b) == (b > a));
	FOLD(r, (a < b) + (a > b) * 2 - 1);
	FOLD(r, -(a < b));
	FOLD(r, ~(a == b));
	FOLD(r, (u8)~m->b == (u8)(m->b ^ 0xff));
	FOLD(r, ~m->b == (m->b ^ 0xff));
	return r;
}

u64 t_literals(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	FOLD(r, 2147483647 + 1ll);
	FOLD(r, 2147483648);
	FOLD(r, 0x80000000);
	FOLD(r, -0x80000000);
	FOLD(r, 0xffffffff + 1);
	FOLD(r, -1 + 0u);
	FOLD(r, 0777 + 0b1011);
	FOLD(r, '\x80' + '\377');
	FOLD(r, L'\xffff' + u'\xffff' + U'\xffffffff');
	FOLD(r, ~0 + ~0u + ~0ul);
	FOLD(r, -5 / 2 + -5 % 2 * 100);
	FOLD(r, -5 >> 1);
	FOLD(r, 1 ? -1 : 0u);
	FOLD(r, sizeof(0x7fffffff) + sizeof(0x80000000) * 10 + sizeof(2147483648) * 100);
	FOLD(r, 18446744073709551615ull / 10);
	return r + a + b + m->q;
}

u64 t_wrap(u64 a, u64 b, struct ctx *m)
{
	s32 x = a, y = b;
	s64 z = a;
	u64 r = x + y;

	FOLD(r, x * y);
	FOLD(r, x - y < 0);
	FOLD(r, x + 1 > x);
	FOLD(r, -x);
	FOLD(r, x << 7);
	FOLD(r, z * z + (s64)b);
	FOLD(r, x < 0 ? -x : x);
	return r + m->q;
}

u64 t_rotate_and_masks(u64 a, u64 b, struct ctx *m)
{
	u64 mask = ~0ull >> (63 - (a & 63)) & ~0ull << (b & 63);
	u64 r = m->q & mask;

	FOLD(r, (m->q & ~mask) | (b << 12 & mask));
	FOLD(r, (m->d & 0xff) << 24 | (m->d >> 24) | (m->d & 0xff00) << 8);
	FOLD(r, (s32)(m->d << 20) >> 20);
	FOLD(r, (s64)(a << 7) >> 7);
	FOLD(r, (u8)(m->b << 4) | (u8)(m->b >> 4));
	FOLD(r, mask & -mask);
	FOLD(r, a & (a - 1));
	return r;
}
