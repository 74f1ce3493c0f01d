/* SPDX-License-Identifier: MIT */
/* switch, loops, goto, short circuit, statement expressions, GNU ?:, comma. */
#include "diff.h"

struct ctx {
	u64 log[8];
	u32 n;
	s32 level;
	u8 text[24];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->n &= 7;
}

static void note(struct ctx *m, u64 v)
{
	m->log[m->n++ & 7] ^= v;
}

u64 t_switch_plain(u64 a, u64 b, struct ctx *m)
{
	switch (a & 7) {
	case 0:
		note(m, 1);
		break;
	case 1:
	case 2:
		note(m, 2);
		fallthrough;
	case 3:
		note(m, 3);
		break;
	case 5: {
		u32 b = 9;

		note(m, b);
		return b;
	}
	default:
		note(m, 4);
	}
	return b;
}

u64 t_switch_ranges(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	switch ((s8)a) {
	case -128 ... -100:
		r = 1;
		break;
	case -1:
		r = 2;
		fallthrough;
	case 0 ... 9:
		r += 3;
		break;
	default:
		r = 99;
		break;
	case 'a' ... 'z':
		r = 4;
	}
	switch (b) {
	case 0x7fffffffffffffff ... 0x8000000000000000:
		r += 100;
		break;
	case ~0ull:
		r += 200;
		break;
	case 1 ... 0x7fffffff:
		r += 300;
	}
	switch ((u32)b) {
	case 0x80000000 ... 0xffffffff:
		r += 1000;
	}
	return r + m->n;
}

u64 t_switch_odd(u64 a, u64 b, struct ctx *m)
{
	switch (a & 3)
	case 2:
		note(m, 7);
	switch (b & 7) {
		u32 unreachable_declaration;
	case 4:
		unreachable_declaration = 5;
		note(m, unreachable_declaration);
		if (a & 16) {
	case 5:
			note(m, 8);
		} else {
	case 6:
			note(m, 9);
		}
		break;
	}
	switch (a)
	default:
		m->level++;
	switch (b) { }
	switch ((_Bool)(a & 4)) {
	case 0:
		return 1;
	case 1:
		return 2;
	}
	return 3;
}

/* Duff's device: cases within a loop. */
u64 t_duff(u64 a, u64 b, struct ctx *m)
{
	u32 count = 1 + (a & 15), n = (count + 3) / 4;
	u64 r = b;

	switch (count % 4) {
	case 0:
		do {
			r = r * 3 + 1;
	case 3:
			r = r * 5 + 2;
	case 2:
			r = r * 7 + 3;
	case 1:
			r = r * 9 + 4;
		} while (--n > 0);
	}
	return r + m->n;
}

u64 t_switch_in_loop(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	for (u32 i = 0; i < 12; i++) {
		switch ((a >> i) & 3) {
		case 0:
			continue;
		case 1:
			r += i;
			break;
		case 2:
			if (b & 1)
				goto out;
			while (r & 7)
				r++;
			break;
		default:
			r <<= 1;
		}
		r ^= b;
	}
out:
	return r + m->n;
}

u64 t_for_clauses(u64 a, u64 b, struct ctx *m)
{
	u32 i = a & 7, n = 0;

	for (;;) {
		if (n++ > 5)
			break;
	}
	for (; i < 10;)
		i += 3;
	for (;; i++)
		if (i > 20)
			break;
	for (i = 0;;)
		if (++i > (b & 15))
			break;
	for (; i; i--)
		n += i;
	for (n ^= 5; n & 64;)
		n -= 3;
	for (i = 0, n++; i < 3; i++, n--)
		m->log[i] += n;
	for (i = 0; i < 4; )
		m->log[i++]++;
	return i * 100 + n;
}

u64 t_while_do(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;
	u8 x = a;

	while (x) {
		r++;
		x &= x - 1;
	}
	do {
		r += 2;
		if (r & 8)
			continue;
		if (r > 40)
			break;
	} while (r++ < (b & 31));
	do
		m->level--;
	while (0);
	while (1)
		if (++r % 7 == 3)
			break;
	while ((b >>= 3))
		r ^= b;
	return r;
}

u64 t_nested_loops(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	for (int i = 0; i < 5; i++) {
		for (int j = i; j; j--) {
			if ((a >> j & 1) && (b >> i & 1))
				break;
			if (a >> i & 2)
				continue;
			for (int k = 0; k < 2; k++)
				r = r * 3 + i * j + k;
		}
		if (r & 1)
			continue;
		r++;
	}
	return r + m->level;
}

u64 t_goto(u64 a, u64 b, struct ctx *m)
{
	u32 tries = 0;
	u64 r = a;

again:
	r = r * 5 + 1;
	if (tries++ < (b & 3))
		goto again;
	if (r & 1)
		goto err_two;
	if (r & 2)
		goto err_one;
	goto inside;
	while (tries < 100) {
		r += 1000;
inside:
		tries += 50;
	}
	return r;
err_two:
	note(m, 2);
err_one:
	note(m, 1);
	return ~r;
}

u64 t_goto_into_block(u64 a, u64 b, struct ctx *m)
{
	u64 r = b;

	if (a & 1)
		goto one;
	r += 5;
	{
one:;
		u32 local = 7;

		r ^= local;
	}
	return r + m->n;
}

u64 t_short_circuit(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0, x = a & 3, y = b & 3;

	if (x && (r += 1, y))
		r += 10;
	if (x || (r += 2, y))
		r += 20;
	if (!(x && y) && !(x == 2 || ++y == 3))
		r += 40;
	FOLD(r, x && y);
	FOLD(r, (x || y) + (x && !y));
	FOLD(r, !x);
	FOLD(r, !!y == !x);
	FOLD(r, (x > 1 && y++ < 2) || (x++ && y--));
	FOLD(r, x);
	FOLD(r, y);
	m->level = x && (m->n || y);
	return r;
}

u64 t_conditional(u64 a, u64 b, struct ctx *m)
{
	s8 c = a;
	u8 d = b;
	u64 r = a & 1 ? c : d;

	FOLD(r, a & 2 ? c : 5u);
	FOLD(r, a & 4 ? -1 : 1ull);
	FOLD(r, a & 8 ? b & 1 ? 1 : 2 : b & 2 ? 3 : -4);
	FOLD(r, c ?: d);
	FOLD(r, (d & 1) ?: -c);
	FOLD(r, (note(m, 1), c) ?: 7);
	FOLD(r, *(a & 1 ? &m->level : (s32 *)&m->n));
	FOLD(r, (a & 1 ? m : NULL) == m);
	a & 1 ? note(m, 5) : (void)0;
	FOLD(r, (bool)(a & 6) ? 'x' : 'y');
	return r;
}

u64 t_statement_expr(u64 a, u64 b, struct ctx *m)
{
	u64 r = ({ u32 x = a; x += 3; x; });

	FOLD(r, ({ s8 x = b; if (x < 0) x = -x; x; }) * 2);
	FOLD(r, ({ u64 s = 0; for (int i = 0; i < 4; i++) s += i * a; s; }));
	FOLD(r, ({ note(m, 3); b; }) & 0xff);
	({ note(m, 4); });
	FOLD(r, ({ __typeof__(a) x = a; ({ __typeof__(x) y = x + 1; y * 2; }); }));
	for (int i = 0; i < 5; i++)
		FOLD(r, ({ if (i == 2) continue; if (b & 1 && i == 3) break; i; }));
	FOLD(r, ({ if (a & 32) return r; b; }));
	FOLD(r, ({ struct { u32 x, y; } s = { a, b }; s; }).y);
	return r;
}

u64 t_comma(u64 a, u64 b, struct ctx *m)
{
	u64 r = (a++, b++, a + b), x, y;

	x = (r ^= 3, r), y = x + 1;
	for (x = 0, y = 9; x < y; x++, y--)
		r += x * y;
	return r + (note(m, 1), note(m, 2), x);
}

u64 t_order(u64 a, u64 b, struct ctx *m)
{
	u64 r = a++ + 5;
	u64 x = b--;

	r += a * 2 + b;
	x += x == b + 1 ? 3 : 4;
	m->text[a % 24]++;
	m->text[b % 12] = m->text[12 + a % 12]--;
	return r ^ x;
}

static u64 early(u64 a, struct ctx *m)
{
	if (a & 1)
		return 1;
	if (a & 2) {
		note(m, 6);
		return a;
	} else if (a & 4)
		note(m, 7);
	else
		return 9;
	return 11;
}

u64 t_returns(u64 a, u64 b, struct ctx *m)
{
	return early(a, m) * 100 + early(b, m);
}

u64 t_dead_code(u64 a, u64 b, struct ctx *m)
{
	if (0)
		note(m, 1);
	while (0)
		note(m, 2);
	do {
		if (a & 1)
			break;
		note(m, 3);
	} while (0);
	if (1)
		goto done;
	note(m, 4);
done:
	if (sizeof(long) == 4)
		note(m, 5);
	else if (b)
		note(m, 6);
	return 0;
	return 1;
}
