/* SPDX-License-Identifier: MIT */
/* Pointer arithmetic, arrays, aliases of other types, comparisons, pointers to pointers. */
#include "diff.h"

struct cell {
	u32 id;
	u16 port[2];
	u64 load;
};

struct ctx {
	struct cell cells[6];
	u8 bytes[32];
	u16 halves[16];
	u32 matrix[3][4];
	struct cell *cursor;
	u32 *word;
	u64 **chain;
	u64 *link;
	u64 value;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->cursor = &m->cells[(u64)m->cursor % 6];
	m->word = &m->matrix[0][0];
	m->chain = &m->link;
	m->link = &m->value;
}

u64 t_index(u64 a, u64 b, struct ctx *m)
{
	u32 i = a % 6, j = b & 1;
	u64 r = m->cells[i].port[j];

	FOLD(r, (m->cells + i)->port[!j]);
	FOLD(r, *(m->cells[i].port + j));
	FOLD(r, j[m->cells[i].port]);
	FOLD(r, (&m->cells[5])[-(int)i].id);
	FOLD(r, m->matrix[i % 3][b & 3]);
	FOLD(r, *(*(m->matrix + 1) + (a & 3)));
	FOLD(r, (*m->matrix)[7]);
	m->matrix[2][a & 3] += i;
	return r;
}

u64 t_arithmetic(u64 a, u64 b, struct ctx *m)
{
	struct cell *p = m->cells, *q = p + (a % 6), *e = m->cells + ARRAY_SIZE(m->cells);
	u64 r = q - p;

	FOLD(r, p - q);
	FOLD(r, e - q);
	FOLD(r, (u8 *)e - (u8 *)q);
	for (p = m->cells; p < e; p++)
		FOLD(r, p->id);
	for (p = e; p-- > m->cells;)
		p->load += p - m->cells;
	p = m->cells + 1;
	FOLD(r, p++->id);
	FOLD(r, (++p)->id);
	FOLD(r, p--->port[b & 1]);
	p += 2;
	p -= (s8)(a & 1);
	FOLD(r, p - m->cells);
	FOLD(r, p[-1].id + (p - 1)->load);
	return r;
}

u64 t_index_types(u64 a, u64 b, struct ctx *m)
{
	u8 *mid = m->bytes + 16;
	s8 i = (s8)(a & 15) - 8;
	u8 j = b & 15;
	s64 k = -(s64)(a & 7);
	u64 r = mid[i];

	FOLD(r, mid[j]);
	FOLD(r, mid[k]);
	FOLD(r, *(mid + i));
	FOLD(r, *(mid - i));
	FOLD(r, *(mid - j));
	FOLD(r, mid[(u16)j]);
	FOLD(r, mid[i < 0 ? -i : i]);
	FOLD(r, (m->halves + 8)[i]);
	FOLD(r, &mid[i] - m->bytes);
	mid[i]++;
	return r;
}

u64 t_walk(u64 a, u64 b, struct ctx *m)
{
	u8 *p = m->bytes, *e = p + sizeof(m->bytes);
	u64 r = a;

	while (p != e)
		r = r * 31 + *p++;
	p = m->bytes + (b & 7);
	*p++ = a;
	*++p = b;
	(*p)++;
	++*p;
	FOLD(r, *p--);
	*p ^= *(p + 1);
	return r;
}

u64 t_alias(u64 a, u64 b, struct ctx *m)
{
	u64 *q = (u64 *)&m->bytes[a & 7];
	u16 *h = (u16 *)&m->value;
	u64 r = *q;

	*(u32 *)(m->bytes + (b & 15)) = a;
	FOLD(r, *q);
	h[1] = b;
	h[a & 3] += 3;
	FOLD(r, m->value);
	FOLD(r, ((u8 *)&m->value)[a & 7]);
	FOLD(r, *(s32 *)&m->cells[1].port[0]);
	*(s8 *)&m->value = -1;
	return r + *(u64 *)(void *)m->link;
}

u64 t_pointer_members(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->cursor->load;

	m->cursor->port[a & 1] = b;
	m->cursor = m->cells + (b % 6);
	m->cursor->id++;
	*m->word += a;
	m->word++;
	m->word[1] = b;
	FOLD(r, m->word - &m->matrix[0][0]);
	**m->chain = a;
	*m->chain = &m->cells[2].load;
	**m->chain ^= b;
	FOLD(r, *m->link);
	return r + (m->cursor == &m->cells[a % 6]);
}

u64 t_compare(u64 a, u64 b, struct ctx *m)
{
	struct cell *p = &m->cells[a % 6], *q = &m->cells[b % 6], *n = NULL;
	u64 r = p == q;

	FOLD(r, p < q);
	FOLD(r, p <= q);
	FOLD(r, !p);
	FOLD(r, !n);
	FOLD(r, p && !n);
	FOLD(r, n == (void *)0);
	FOLD(r, (u64)n);
	FOLD(r, p ? p->id : 0);
	FOLD(r, (void *)p > (void *)m);
	FOLD(r, (n ?: q) == q);
	FOLD(r, (unsigned long)p - (unsigned long)m);
	FOLD(r, ((unsigned long)q & ~7ul) == (unsigned long)q);
	FOLD(r, (bool)p);
	if (p != q || n)
		r++;
	return r;
}

u64 t_integers_as_pointers(u64 a, u64 b, struct ctx *m)
{
	unsigned long v = (unsigned long)m->bytes;
	void *p = (void *)(v + (a & 31)), *err = (void *)-12l;
	u64 r = *(u8 *)p;

	FOLD(r, (unsigned long)err >= (unsigned long)-4095);
	FOLD(r, (long)err);
	p += b & 3;
	FOLD(r, p - (void *)m->bytes);
	FOLD(r, *((u8 *)p - 1 + !(a & 31) - (b & 3 ? 0 : 0)));
	return r;
}

u64 t_local_arrays(u64 a, u64 b, struct ctx *m)
{
	u64 v[4] = { a, b, a ^ b }, *p = v, *end = v + 4;
	u16 grid[2][2][2];
	u64 r = 0;

	for (u32 i = 0; i < 8; i++)
		(&grid[0][0][0])[i] = a >> i;
	for (; p < end; p++)
		r = r * 3 + *p;
	FOLD(r, grid[a & 1][b & 1][1]);
	FOLD(r, sizeof(grid[0]) + sizeof(v));
	FOLD(r, *(&v[3] - 2));
	v[a & 3] = b;
	FOLD(r, v[b & 3]);
	return r + m->value;
}

static void increment(u64 *p, u32 n)
{
	for (u32 i = 0; i < n; i++)
		p[i]++;
}

u64 t_escaping_locals(u64 a, u64 b, struct ctx *m)
{
	u64 x = a, v[3] = { b }, *p = &x, **pp = &p;
	struct { u64 *p; u32 n; } s = { v, 3 };

	increment(&x, 1);
	increment(v, a & 3);
	increment(s.p + 1, s.n - 2);
	**pp += 5;
	*pp = &v[2];
	*p = b;
	*s.p ^= 1;
	return x * 3 + v[0] + v[1] * 5 + v[2] * 7 + m->value;
}
