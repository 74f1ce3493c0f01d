/* SPDX-License-Identifier: MIT */
/* Bit-fields: every width, signed, unsigned, _Bool and enum; their conversions. */
#include "diff.h"

#define W31(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
	X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) \
	X(31)
#define W63(X) W31(X) X(32) X(33) X(34) X(35) X(36) X(37) X(38) X(39) X(40) X(41) X(42) X(43) \
	X(44) X(45) X(46) X(47) X(48) X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) X(57) X(58) \
	X(59) X(60) X(61) X(62) X(63)

/* Pairs that fill a unit, so that every width stands at another offset and nothing is padding. */
#define U32_PAIR(n) u32 u##n : n; u32 pu##n : 32 - n;
#define S32_PAIR(n) s32 ps##n : 32 - n; s32 s##n : n;
#define U64_PAIR(n) u64 pq##n : 64 - n; u64 q##n : n;
#define S64_PAIR(n) s64 r##n : n; s64 pr##n : 64 - n;

enum mode { OFF, ON, AUTO = 5, MANUAL = 7 };
enum sign { NEG = -3, ZERO, POS };

struct ctx {
	W31(U32_PAIR)
	W31(S32_PAIR)
	u32 whole : 32;
	s32 swhole : 32;
	W63(U64_PAIR)
	W63(S64_PAIR)
	u64 all : 64;
	struct {
		u8 a : 3, b : 5;
		s8 c : 4, d : 4;
		u16 e : 9, f : 7;
	};
	_Bool yes : 1, no : 1;
	u8 rest : 6;
	enum mode mode : 3;
	enum mode mode2 : 5;
	u8 tail[6];
	enum sign sign : 3;
	enum sign sign2 : 29;
	u32 : 0;
	u32 behind : 32;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	(void)m;
}

u64 t_read_unsigned(u64 a, u64 b, struct ctx *m)
{
	u64 r = a;

#define READ(n) FOLD(r, m->u##n); FOLD(r, -m->u##n); FOLD(r, m->u##n << (b & 15)); \
	FOLD(r, m->u##n > -1); FOLD(r, ~m->pu##n);
	W31(READ)
#undef READ
	FOLD(r, m->whole > -1);
	return r;
}

u64 t_read_signed(u64 a, u64 b, struct ctx *m)
{
	u64 r = b;

#define READ(n) FOLD(r, m->s##n); FOLD(r, -m->s##n); FOLD(r, m->s##n >> (a & 15)); \
	FOLD(r, m->s##n > 1u); FOLD(r, ~m->ps##n);
	W31(READ)
#undef READ
	FOLD(r, m->swhole);
	return r;
}

/* Wider than int: gcc computes in the exact width, so the value is converted first. */
u64 t_read_long(u64 a, u64 b, struct ctx *m)
{
	u64 r = b;

#define READ(n) FOLD(r, (u64)m->q##n); FOLD(r, (s64)m->r##n); FOLD(r, (s64)m->r##n >> (a & 31)); \
	FOLD(r, (u64)m->pq##n + b); FOLD(r, (s64)m->pr##n < (s64)a);
	W63(READ)
#undef READ
	return r + m->all;
}

u64 t_write_unsigned(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define WRITE(n) FOLD(r, m->u##n = a + n); FOLD(r, m->pu##n = (s32)b - n);
	W31(WRITE)
#undef WRITE
	return r + (m->whole = a);
}

u64 t_write_signed(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define WRITE(n) FOLD(r, m->s##n = a * n); FOLD(r, m->ps##n = ~b);
	W31(WRITE)
#undef WRITE
	return r + (m->swhole = b);
}

u64 t_write_long(u64 a, u64 b, struct ctx *m)
{
#define WRITE(n) m->q##n = a ^ n; m->pq##n = (s32)b; m->r##n = a * b; m->pr##n = (u32)a;
	W63(WRITE)
#undef WRITE
	return m->all = b;
}

u64 t_compound_unsigned(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define STEP(n) m->u##n += a; m->u##n ^= b; m->u##n -= n; m->u##n *= 3; m->u##n |= b >> 5; \
	m->u##n &= a | 0x55555; m->u##n <<= 1; m->u##n >>= b & 3; m->u##n /= 1 + (a & 7); \
	m->u##n %= 1 + (b & 63); FOLD(r, m->u##n++); FOLD(r, --m->u##n); FOLD(r, m->u##n -= 2);
	W31(STEP)
#undef STEP
	return r;
}

u64 t_compound_signed(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

#define STEP(n) m->s##n += a; m->s##n ^= b; m->s##n -= n; m->s##n *= 3; m->s##n |= b >> 5; \
	m->s##n &= a | 0x55555; m->s##n <<= 1; m->s##n >>= b & 3; m->s##n /= 1 + (s32)(a & 7); \
	m->s##n %= 1 + (s32)(b & 63); FOLD(r, m->s##n--); FOLD(r, ++m->s##n); FOLD(r, m->s##n += 5);
	W31(STEP)
#undef STEP
	return r;
}

u64 t_compound_long(u64 a, u64 b, struct ctx *m)
{
#define STEP(n) m->q##n += a; m->q##n ^= b; m->q##n <<= 1; m->q##n--; m->r##n -= b; m->r##n *= 5; \
	m->r##n |= a & 0x1111; ++m->r##n;
	W63(STEP)
#undef STEP
	return 0;
}

u64 t_small_units(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->a + m->b * m->c;

	m->a = m->b = a;
	FOLD(r, m->c = m->d = b);
	m->e += m->f;
	m->f -= m->e;
	FOLD(r, m->e << 20);
	FOLD(r, m->c - m->a);
	FOLD(r, m->d < m->b);
	FOLD(r, (u8)-m->a);
	return r;
}

/* A conversion to _Bool is "!= 0"; to a bit-field of one bit it is a truncation. */
u64 t_bool(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	m->yes = a;
	m->u1 = a;
	m->s1 = a;
	FOLD(r, m->yes);
	FOLD(r, m->u1);
	FOLD(r, m->s1);
	m->no = b & 2;
	m->yes |= b & 4;
	m->no ^= 2;
	FOLD(r, m->yes + m->no);
	m->yes = !m->no;
	FOLD(r, m->yes ? a : b);
	m->no += 2;
	m->yes -= 1;
	FOLD(r, m->no--);
	FOLD(r, m->yes++);
	m->rest = m->yes << 3 | m->no;
	return r;
}

u64 t_enum(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->mode == AUTO;

	m->mode = a;
	m->mode2 = MANUAL + b;
	m->sign = b;
	m->sign2 = m->sign - 4;
	FOLD(r, m->mode < m->mode2);
	FOLD(r, m->sign < ZERO);
	FOLD(r, m->sign == NEG);
	FOLD(r, m->sign2);
	switch (m->mode) {
	case OFF:
		return r;
	case ON:
		FOLD(r, 1);
		break;
	case AUTO ... MANUAL:
		FOLD(r, 2);
		break;
	default:
		FOLD(r, 3);
	}
	m->behind = m->mode2 ?: m->sign;
	return r;
}

u64 t_conditions(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	if (m->u1 && m->s3)
		r = 1;
	if (!m->u7 || m->yes)
		r |= 2;
	while (m->u5 && m->u5-- > (a & 3))
		r += 16;
	for (m->a = 0; m->a < 6; m->a++)
		r += m->a;
	return r + (m->s5 ? m->s9 : m->u9) + (m->s7 ?: b);
}

struct packed {
	u8 first;
	u32 mid : 13;
	u64 wide : 40;
	u8 last : 3;
} __attribute__((packed));

u64 t_packed(u64 a, u64 b, struct ctx *m)
{
	struct packed *p = (struct packed *)m->tail;
	struct packed q = { 1, a, b, 5 };
	u64 r = p->first + p->mid;

	p = (struct packed *)((u8 *)m + 1);
	p->mid = a;
	p->wide = b;
	p->last = 3;
	FOLD(r, p->mid + 1);
	FOLD(r, (u64)q.wide);
	FOLD(r, q.mid);
	FOLD(r, sizeof(q));
	return r;
}
