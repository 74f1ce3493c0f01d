/* SPDX-License-Identifier: MIT */
/* Unions, anonymous and nested members, arrays of records, container_of, offsetof, copies. */
#include "diff.h"

#define container_of(ptr, type, member) ({ \
	void *__p = (void *)(ptr); \
	_Static_assert(__builtin_types_compatible_p(__typeof__(*(ptr)), \
						    __typeof__(((type *)0)->member)), "type"); \
	(type *)(__p - offsetof(type, member)); })

struct list {
	struct list *next, *prev;
};

struct item {
	u32 key;
	s32 value;
	struct list node;
	union {
		u64 raw;
		struct {
			u32 lo, hi;
		};
		struct {
			u16 h[4];
		} w;
		u8 b[8];
	};
};

struct inner {
	s16 x, y;
	struct {
		u32 p;
		struct {
			u32 q;
			struct {
				u32 r, s;
			};
		};
	};
	union {
		u32 whole;
		struct {
			u32 low : 12;
			u32 page : 20;
		} f;
		s8 bytes[4];
	} u;
};

struct ctx {
	struct item items[4];
	struct list head;
	struct inner in;
	struct inner grid[2][3];
	union {
		struct inner as_inner;
		u32 words[6];
		u16 halves[12];
	};
	u64 flags;
	u8 tail[16];
};
SUBJECT(struct ctx);

/* A ring of the items. */
void ctx_fix(struct ctx *m)
{
	struct list *prev = &m->head;

	for (int i = 0; i < 4; i++) {
		m->items[i].node.prev = prev;
		prev->next = &m->items[i].node;
		prev = prev->next;
	}
	prev->next = &m->head;
	m->head.prev = prev;
}

#define list_for_each(p, head) for (p = (head)->next; p != (head); p = p->next)
#define list_for_each_entry(pos, head, member) \
	for (pos = container_of((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = container_of(pos->member.next, __typeof__(*pos), member))

u64 t_union_views(u64 a, u64 b, struct ctx *m)
{
	struct item *it = &m->items[a & 3];
	u64 r = it->raw;

	it->hi = b;
	FOLD(r, it->raw);
	it->w.h[1] = a;
	FOLD(r, it->lo);
	it->b[a & 7] ^= 0x55;
	FOLD(r, it->raw >> 8);
	m->in.u.whole = a;
	m->in.u.f.page++;
	FOLD(r, m->in.u.bytes[2]);
	m->in.u.bytes[3] = -1;
	FOLD(r, m->in.u.f.low);
	return r;
}

u64 t_anonymous(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->in.p;

	m->in.s = a;
	m->in.q += b;
	m->in.r ^= m->in.s;
	m->as_inner.p = b;
	FOLD(r, m->words[1]);
	m->halves[a % 12] = b;
	FOLD(r, m->as_inner.s);
	FOLD(r, m->as_inner.x + m->as_inner.u.f.page);
	FOLD(r, &m->in.s == (u32 *)((u8 *)&m->in + offsetof(struct inner, s)));
	return r;
}

u64 t_container_of(u64 a, u64 b, struct ctx *m)
{
	struct item *pos;
	struct list *p;
	u64 r = 0;

	list_for_each(p, &m->head)
		FOLD(r, container_of(p, struct item, node)->key);
	list_for_each_entry(pos, &m->head, node) {
		pos->value += (s32)a;
		FOLD(r, pos->value);
		if (pos->key == (u32)b)
			break;
	}
	FOLD(r, container_of(&m->in, struct ctx, in) == m);
	return r;
}

u64 t_list_delete(u64 a, u64 b, struct ctx *m)
{
	struct list *n = &m->items[a & 3].node;
	struct list *to = &m->items[b & 3].node;

	n->prev->next = n->next;
	n->next->prev = n->prev;
	if (n == to)
		to = &m->head;
	n->next = to->next;
	n->prev = to;
	to->next->prev = n;
	to->next = n;
	return m->head.next == n;
}

u64 t_grid(u64 a, u64 b, struct ctx *m)
{
	struct inner (*row)[3] = &m->grid[b & 1];
	u64 r = 0;

	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 3; j++) {
			m->grid[i][j].x += i * j + (s16)a;
			FOLD(r, m->grid[i][j].u.f.page - (*row)[2 - j].y);
		}
	(*row)[a % 3].u.bytes[b & 3]++;
	FOLD(r, sizeof(m->grid) / sizeof(m->grid[0][0]));
	FOLD(r, &m->grid[1][0] - &m->grid[0][0]);
	return r;
}

u64 t_copy(u64 a, u64 b, struct ctx *m)
{
	struct inner t = m->in, *p = &m->grid[a & 1][b % 3];
	u64 r = t.p;

	t.x = b;
	m->in = *p;
	*p = t;
	m->grid[0][0] = m->grid[1][2] = t;
	m->grid[1][1] = a & 1 ? m->in : *p;
	FOLD(r, m->grid[1][1].q);
	return r + (m->grid[0][1] = t).r;
}

u64 t_offsetof(u64 a, u64 b, struct ctx *m)
{
	u64 r = offsetof(struct ctx, items[2].w.h[1]);

	FOLD(r, offsetof(struct inner, s));
	FOLD(r, offsetof(struct ctx, words));
	FOLD(r, sizeof(((struct ctx *)0)->grid));
	FOLD(r, sizeof(struct item) + _Alignof(struct item));
	FOLD(r, ((u8 *)m)[offsetof(struct ctx, tail) + (a & 15)]);
	FOLD(r, *(u32 *)((void *)m + offsetof(struct ctx, in.u)));
	return r + b;
}

struct flexible {
	u32 n;
	u32 v[];
};

u64 t_flexible(u64 a, u64 b, struct ctx *m)
{
	struct flexible *f = (struct flexible *)m->words;
	u64 r = 0;

	f->n = a % 6;
	for (u32 i = 0; i < f->n; i++)
		r = r * 5 + (f->v[i] -= i);
	return r + sizeof(*f) + b;
}

/* -fms-extensions: the members of a tagged record that is embedded without a name. */
struct derived {
	struct inner;
	u32 own;
};

u64 t_embedded(u64 a, u64 b, struct ctx *m)
{
	struct derived d = { .own = a };

	d.x = b;
	d.s = a;
	d.u.whole = b;
	return d.own + d.x + d.q + d.s + d.u.f.page + sizeof(d) + m->flags;
}

static struct inner *choose(struct ctx *m, u32 i)
{
	return i & 1 ? &m->in : &m->grid[0][i % 3];
}

u64 t_through_calls(u64 a, u64 b, struct ctx *m)
{
	choose(m, a)->x = b;
	choose(m, b)->u.f.low += a;
	(&(*choose(m, a >> 1)))->q--;
	return choose(m, a)->s + (*choose(m, b)).p;
}
