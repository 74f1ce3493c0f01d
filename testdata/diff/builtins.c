/* SPDX-License-Identifier: MIT */
/* The __builtin_ functions that kernel code uses. */
#include "diff.h"

struct ctx {
	u64 q[4];
	u32 d[4];
	u8 b[32];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	(void)m;
}

u64 t_expect(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	if (likely(a & 1))
		r = 1;
	if (unlikely(b == 2 || a > b))
		r |= 2;
	r += __builtin_expect(a, 5);
	r += __builtin_expect((s8)b, 1) < 0;
	r += __builtin_expect_with_probability(!!a, 1, 0.9);
	return r + m->q[0];
}

u64 t_bits(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	FOLD(r, __builtin_ffs(a));
	FOLD(r, __builtin_ffsl(a));
	FOLD(r, __builtin_ffsll(b));
	FOLD(r, __builtin_popcount(a));
	FOLD(r, __builtin_popcountl(a));
	FOLD(r, __builtin_popcountll(b));
	FOLD(r, __builtin_parity(a));
	FOLD(r, __builtin_parityll(b));
	if ((u32)a) {
		FOLD(r, __builtin_clz(a));
		FOLD(r, __builtin_ctz(a));
	}
	if (b) {
		FOLD(r, __builtin_clzl(b));
		FOLD(r, __builtin_clzll(b));
		FOLD(r, __builtin_ctzl(b));
		FOLD(r, 63 - __builtin_clzll(b));
	}
	FOLD(r, a ? 1ull << __builtin_ctzll(a) : 0);
	return r + m->q[1];
}

u64 t_bswap(u64 a, u64 b, struct ctx *m)
{
	u64 r = __builtin_bswap16(a);

	FOLD(r, __builtin_bswap32(b));
	FOLD(r, __builtin_bswap64(a));
	FOLD(r, (s16)__builtin_bswap16(b) < 0);
	m->d[0] = __builtin_bswap32(m->d[1]);
	m->q[0] = __builtin_bswap64(m->q[0]);
	return r;
}

u64 t_overflow_unsigned(u64 a, u64 b, struct ctx *m)
{
	u64 x, r = __builtin_add_overflow(a, b, &x);
	u32 y;
	u8 z;

	FOLD(r, x);
	FOLD(r, __builtin_sub_overflow(a, b, &x));
	FOLD(r, x);
	FOLD(r, __builtin_mul_overflow(a, b, &x));
	FOLD(r, x);
	FOLD(r, __builtin_add_overflow((u32)a, (u32)b, &y));
	FOLD(r, y);
	FOLD(r, __builtin_mul_overflow((u8)a, (u8)b, &z));
	FOLD(r, z);
	FOLD(r, __builtin_sub_overflow((u8)a, 1, &m->b[0]));
	if (__builtin_add_overflow(m->d[0], (u32)a, &m->d[0]))
		m->d[1]++;
	return r;
}

u64 t_overflow_signed(u64 a, u64 b, struct ctx *m)
{
	s32 x;
	s64 y;
	s8 z;
	u64 r = __builtin_add_overflow((s32)a, (s32)b, &x);

	FOLD(r, x);
	FOLD(r, __builtin_sub_overflow((s64)a, (s64)b, &y));
	FOLD(r, y);
	FOLD(r, __builtin_mul_overflow((s32)a, (s32)b, &x));
	FOLD(r, x);
	FOLD(r, __builtin_mul_overflow((s64)a, (s64)b, &y));
	FOLD(r, y);
	FOLD(r, __builtin_add_overflow((s8)a, (s8)b, &z));
	FOLD(r, z);
	FOLD(r, __builtin_add_overflow((s32)a, (u32)b, &y));
	FOLD(r, y);
	FOLD(r, __builtin_add_overflow(a, (s64)b, &y));
	FOLD(r, __builtin_sub_overflow((u32)a, (u32)b, &x));
	return r + x + m->q[0];
}

u64 t_memory(u64 a, u64 b, struct ctx *m)
{
	u8 local[16];
	u64 r;

	__builtin_memset(local, (int)a, sizeof(local));
	__builtin_memcpy(local + 4, m->b, b & 7);
	__builtin_memcpy(m->b + 8, local, 8);
	__builtin_memset(&m->d, 0, sizeof(m->d[0]));
	__builtin_memmove(m->b + 1, m->b, 8);
	r = __builtin_memcmp(m->b, local, 4) == 0;
	FOLD(r, __builtin_strlen("constant"));
	return r + local[5];
}

u64 t_compile_time(u64 a, u64 b, struct ctx *m)
{
	u64 r = __builtin_choose_expr(1, a, (void)0);

	FOLD(r, __builtin_choose_expr(sizeof(a) == 4, (void *)0, (u8)b));
	FOLD(r, __builtin_types_compatible_p(u32, unsigned int));
	FOLD(r, __builtin_types_compatible_p(__typeof__(m->b), u8[]));
	FOLD(r, __builtin_types_compatible_p(__typeof__(a), int));
	FOLD(r, __builtin_constant_p(5));
	FOLD(r, __builtin_constant_p("text"));
	FOLD(r, __builtin_constant_p(5) ? 7 : m->q[3]);
	FOLD(r, __builtin_choose_expr(__builtin_constant_p(3 * 4), 12, 13));
	FOLD(r, __builtin_offsetof(struct ctx, b[3]));
	return r;
}

u64 t_unreachable(u64 a, u64 b, struct ctx *m)
{
	switch (a & 1) {
	case 0:
		return b;
	case 1:
		return m->q[0];
	}
	__builtin_unreachable();
}

u64 t_assume_aligned(u64 a, u64 b, struct ctx *m)
{
	u64 *p = __builtin_assume_aligned(m->q, 8);

	__builtin_prefetch(p);
	p[a & 3] += b;
	return __builtin_abs((int)(a & 0xff) - 100) + *p;
}
