/* SPDX-License-Identifier: MIT */
/* Initialisers, designated and not, of locals, statics and globals; compound literals; strings. */
#include "diff.h"

struct point {
	s16 x, y;
};

struct box {
	struct point min, max;
	u32 color : 24;
	u32 style : 8;
	u32 serial;
	union {
		u64 id;
		struct {
			u32 lo, hi;
		};
	};
	u8 name[8];
};

struct ctx {
	struct box boxes[3];
	struct point pts[4];
	u64 n;
	u8 text[32];
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	(void)m;
}

static struct box plain = { { 1, 2 }, { 3, -4 }, 0xabcdef, 7, 11, { 0x1122334455667788 }, "abc" };
static const struct box named = {
	.max = { .y = 5, .x = -6 }, .style = 300 & 0xff, .hi = 9,
	.name = { [2] = 'z', 'y', [7] = 1 }, .min.y = 8,
};
static struct point points[] = { { 1 }, [3] = { .y = 7 }, { 5, 6 }, [1].x = -1 };
static const u16 powers[16] = { [0 ... 3] = 1, 2, 3, [8 ... 15] = 0xffff, [10] = 4 };
static const char *const words[] = { "zero", "one", [3] = "three", "fo" "ur" };
static u64 *const address = &plain.id;
static s16 *inside = &points[4].y;
static const u8 bytes[4] = "wxyz";
static char string[] = "a\tb\0c\x7f\377";
static u64 zeroed[4];
static int tentative;
static int tentative = 5;
static const struct {
	u8 tag;
	const struct point *p;
	u32 bits : 5, more : 27;
} table[] = {
	{ 1, &points[1], 31, -1 }, { .p = points + 2, .tag = sizeof(points) },
	{ 3, .more = 1 << 20 },
};

u64 t_globals(u64 a, u64 b, struct ctx *m)
{
	u64 r = plain.min.x + plain.max.y;

	FOLD(r, plain.color + plain.serial);
	FOLD(r, plain.id + plain.name[1] + plain.name[3]);
	FOLD(r, named.max.x + named.min.y + named.min.x);
	FOLD(r, named.style + named.hi + named.lo);
	for (int i = 0; i < 8; i++)
		FOLD(r, named.name[i]);
	for (u32 i = 0; i < ARRAY_SIZE(points); i++)
		FOLD(r, points[i].x * 3 + points[i].y);
	FOLD(r, powers[a & 15] + powers[b & 15]);
	FOLD(r, *inside + zeroed[b & 3] + tentative);
	return r + m->n;
}

u64 t_global_writes(u64 a, u64 b, struct ctx *m)
{
	u64 r;

	*address += a;
	*inside ^= b;
	zeroed[a & 3]++;
	tentative -= 3;
	string[b & 7] += 1;
	points[1].x = a;
	r = plain.id + points[4].y;
	FOLD(r, zeroed[a & 3] + tentative);
	for (u32 i = 0; i < sizeof(string); i++)
		FOLD(r, string[i]);
	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		FOLD(r, table[i].tag + (table[i].p ? table[i].p->x : 1000));
		FOLD(r, table[i].bits + table[i].more);
	}
	return r + m->n;
}

u64 t_strings(u64 a, u64 b, struct ctx *m)
{
	const char *s = "hello", *t = words[1];
	u64 r = s[a % 6] + t[b & 3];

	for (u32 i = 0; i < ARRAY_SIZE(words); i++)
		FOLD(r, words[i] ? words[i][1] : 77);
	FOLD(r, "text"[a & 3]);
	FOLD(r, *("another" + (b & 7)));
	FOLD(r, sizeof("12345") + sizeof(string) + sizeof(words));
	FOLD(r, bytes[a & 3]);
	FOLD(r, L"wide"[b & 3]);
	FOLD(r, __func__[2]);
	char local[] = "local\n", fixed[10] = "ab", exact[2] = "cd";

	local[a % 7]++;
	for (u32 i = 0; i < sizeof(local); i++)
		FOLD(r, local[i] ^ fixed[i]);
	return r + exact[1] + m->n;
}

u64 t_locals(u64 a, u64 b, struct ctx *m)
{
	struct box x = { { a, b }, .style = b, a, { .hi = a } }, y = { 0 };
	struct point p[3] = { { 1, a }, [2] = { b } }, q = { .y = b };
	u64 v[4] = { a, [2] = b, a + b }, z[2][3] = { { 1, 2 }, [1][1] = a };
	u8 empty[5] = { };
	u64 r = x.min.x - x.min.y + x.style;

	FOLD(r, x.id + x.max.x + x.serial + x.color + x.name[3]);
	FOLD(r, y.id + y.min.x + y.name[7]);
	FOLD(r, p[0].y + p[1].x + p[2].x + p[2].y + q.x + q.y);
	FOLD(r, v[0] + v[1] * 3 + v[2] * 5 + v[3]);
	FOLD(r, z[0][0] + z[0][2] + z[1][1] + z[1][2] + z[0][1]);
	FOLD(r, empty[a % 5]);
	m->boxes[0] = x;
	m->boxes[1] = y;
	m->pts[1] = p[0];
	return r;
}

/* The loop must clear what the last turn left. */
u64 t_again_in_loop(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	for (u32 i = 0; i < 3; i++) {
		struct box x = { .min.x = i };
		u32 v[3] = { a };
		u32 fresh;

		r = r * 3 + x.min.x + x.max.y + x.id + v[0] + v[2];
		x.max.y = a;
		x.id = b;
		v[2] = i + 5;
		fresh = x.max.y + v[2];
		r ^= fresh;
	}
	return r + m->n;
}

static u64 area(struct box b)
{
	return (b.max.x - b.min.x) * (b.max.y - b.min.y) + b.style;
}

static u64 at(const struct point *p)
{
	return p->x * 1000 + p->y;
}

u64 t_compound_literals(u64 a, u64 b, struct ctx *m)
{
	struct point *p = &(struct point){ a, b };
	u64 r = area((struct box){ .max = { a, b }, .style = 3 });
	const u32 *v = (u32[]){ a, b, a + b };

	FOLD(r, at(p));
	FOLD(r, at(&(struct point){ .y = a }));
	p->x++;
	FOLD(r, p->x + v[0] + v[2]);
	FOLD(r, (u16){ a });
	FOLD(r, ((struct box){ .id = b }).hi);
	m->boxes[2] = (struct box){ .min = *p, .name = "lit" };
	m->pts[0] = (struct point){ };
	*p = (struct point){ p->y, p->x };
	FOLD(r, p->x - p->y);
	for (int i = 0; i < 2; i++) {
		struct point *q = &(struct point){ .x = i };

		r += q->x + q->y;
		q->y = 9;
	}
	return r;
}

u64 t_swap_through_literal(u64 a, u64 b, struct ctx *m)
{
	struct point p = { a, b };

	p = (struct point){ .x = p.y, .y = p.x };
	m->pts[2] = p;
	m->boxes[0].min = m->boxes[0].max;
	m->boxes[0] = (struct box){ .min = m->boxes[0].min, .color = m->boxes[0].style };
	return at(&m->pts[2]);
}

static u32 next(void)
{
	static u32 state = 17;
	static const u32 step[] = { 3, 5, 7 };

	state += step[state % 3];
	return state;
}

static u32 other(void)
{
	static u32 state;

	return ++state;
}

u64 t_static_locals(u64 a, u64 b, struct ctx *m)
{
	static struct point last = { .y = -1 };
	static struct point *where = &last;
	u64 r = next() + other() * 100;

	FOLD(r, last.x + where->y);
	last.x = a;
	where->y = b;
	FOLD(r, next());
	if (a & 1) {
		static u32 state = 1000;

		r += state++;
	}
	return r + m->n;
}

u64 t_self_reference(u64 a, u64 b, struct ctx *m)
{
	struct list {
		struct list *next;
		u64 v;
	} one = { &one, a }, two = { .next = &one, .v = b };
	u64 size = sizeof(one);

	one.next = &two;
	return two.next->next->v * 3 + one.next->next->v + (one.next->next == &one) + size + m->n;
}
