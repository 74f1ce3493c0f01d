/* SPDX-License-Identifier: MIT */
/*
 * What the engine follows: calls that write through their arguments, loops over
 * what callers own, one object by several names, fields that guard others.
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

struct view {
	union {
		u64 whole[1];
		u16 halves[4];
		u8 bytes[8];
	};
	u64 more;
};

struct ctx {
	u64 a;
	u64 q[4];
	struct inner in;
	struct inner arr[4];
	struct inner *cur;
	u64 *slot;
	union {
		u64 whole;
		u8 bytes[8];
		struct {
			u32 lo;
			u32 hi;
		};
	};
	u32 words[8];
	u64 count;
	struct view views[4];
	struct view *at;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->cur = &m->arr[(u64)m->cur & 3];
	m->slot = &m->q[(u64)m->slot & 3];
	m->at = &m->views[(u64)m->at & 3];
}

static u64 kept;
static struct inner spare = { 7, 8, 1, 2, 3, 4 };

/* The index is another one in each turn, and was a parameter in the first. */
u64 t_index_changes(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0, i = a & 7;

	for (u32 n = 0; n < 4; n++) {
		u32 *p = &m->words[i];

		*p += (u32)b;
		FOLD(r, *p);
		i = (i + b) & 7;
	}
	return r;
}

static noinline void fill(u64 *p, u64 at, u64 v)
{
	u64 i = at;

	for (u32 n = 0; n < 3; n++) {
		p[i & 3] = v;
		i++;
	}
}

/* What the callee writes in a loop, into an object that only this function has. */
u64 t_loop_writes_local(u64 a, u64 b, struct ctx *m)
{
	u64 own[4] = { 1, 2, 3, 4 }, r = 0;

	fill(own, 1, a);
	FOLD(r, own[0]);
	FOLD(r, own[1]);
	FOLD(r, own[2]);
	fill(own, b, m->a);
	FOLD(r, m->q[1]);
	fill(m->q, b, a);
	FOLD(r, m->q[1]);
	FOLD(r, own[0]);
	FOLD(r, own[3]);
	return r;
}

/* A member of a union, read as another one after a store to an element. */
u64 t_union_by_index(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->bytes[a & 7];

	m->whole += b;
	FOLD(r, m->bytes[a & 7]);
	m->bytes[b & 7] = (u8)a;
	FOLD(r, m->lo);
	FOLD(r, m->whole);
	return r;
}

u64 t_union_on_one_side(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;

	if (a & 1)
		r = m->bytes[b & 7];
	else
		m->hi ^= (u32)a;
	FOLD(r, m->bytes[b & 7]);
	return r;
}

/* The same, reached by two pointers; and what is left of it after a loop. */
u64 t_union_of_two(u64 a, u64 b, struct ctx *m)
{
	struct view *v = &m->views[b & 3];
	u64 r = m->at->whole[0];

	v->halves[a & 3]--;
	FOLD(r, m->at->whole[0]);
	for (u32 i = 0; i < 3; i++) {
		struct view *w = &m->views[b & 3];

		w->halves[a & 3] += i;
		b >>= 2;
	}
	FOLD(r, m->at->whole[0]);
	return r;
}

/* An array that does not begin where its record does, by an index that is known. */
u64 t_element_of_member(u64 a, u64 b, struct ctx *m)
{
	struct view *v = &m->views[a & 3];
	u64 r = m->at->bytes[1];

	*(v->bytes + 1) = (u8)b;
	FOLD(r, m->at->whole[0]);
	return r;
}

/* A byte of the whole object. */
u64 t_byte_of_object(u64 a, u64 b, struct ctx *m)
{
	u64 r = ((u8 *)m)[a & 31];

	m->in.mode = 3;
	m->a += b;
	FOLD(r, ((u8 *)m)[a & 31]);
	((u8 *)m)[b & 31] ^= 0x10;
	FOLD(r, m->a);
	return r;
}

/* The same where the object begins with an array of bytes. */
u64 t_byte_of_first(u64 a, u64 b, struct ctx *m)
{
	struct view *v = &m->views[0];
	u64 r = ((u8 *)v)[a & 31];

	v->more += b;
	m->views[1].more ^= a;
	FOLD(r, ((u8 *)v)[a & 31]);
	return r;
}

static noinline bool lookup(struct ctx *m, u64 key, u64 *out)
{
	if (key & 0x80)
		return false;
	*out = m->q[key & 3] & ~(u64)2;
	return true;
}

u64 t_out_parameter(u64 a, u64 b, struct ctx *m)
{
	u64 v = b, r = 0;

	if (!lookup(m, a, &v))
		FOLD(r, v);
	else if (v & 2)
		FOLD(r, 77);
	lookup(m, b, &m->a);
	FOLD(r, m->a);
	lookup(m, b + 1, &m->q[1]);
	FOLD(r, m->q[1] ^ v);
	return r;
}

static noinline void exchange(u64 *x, u64 *y)
{
	u64 t = *x;

	*x = *y;
	*y = t;
}

static noinline void swap_words(u32 *x, u32 *y)
{
	u32 t = *x;

	*x = *y;
	*y = t;
}

u64 t_swaps(u64 a, u64 b, struct ctx *m)
{
	u64 x = a, y = b, r = 0;

	exchange(&x, &y);
	FOLD(r, x - 3 * y);
	exchange(&m->q[0], m->slot);
	FOLD(r, m->q[0]);
	exchange(&m->a, &m->a);
	FOLD(r, m->a);
	exchange(&x, &x);
	FOLD(r, x);
	swap_words(&m->in.x, &m->cur->x);
	FOLD(r, m->in.x);
	for (u32 i = 0; i < 3; i++) {
		u64 t = x;

		x = y;
		y = t + i;
	}
	FOLD(r, x ^ y << 1);
	return r;
}

static noinline int check(const struct inner *p, u32 want)
{
	if (p->flag && !(want & 2))
		return -22;
	if (p->mode > 5)
		return p->mode;
	return 0;
}

/* Results of several classes, and what the caller knows after each. */
u64 t_return_classes(u64 a, u64 b, struct ctx *m)
{
	u64 r = 0;
	int err = check(&m->in, (u32)a);

	if (err < 0)
		return m->in.flag + 2 * (a & 2);
	if (err)
		FOLD(r, m->in.mode - err);
	else
		m->in.flag = 0;
	err = check(&m->in, (u32)b);
	FOLD(r, err);
	err = check(m->cur, 0);
	if (err == -22)
		m->cur->flag = 0;
	FOLD(r, check(m->cur, 0));
	return r;
}

static noinline struct inner *choose(struct ctx *m, u64 k)
{
	switch (k & 3) {
	case 0:
		return &m->in;
	case 1:
		return m->cur;
	case 2:
		return &spare;
	default:
		return NULL;
	}
}

u64 t_pointer_result(u64 a, u64 b, struct ctx *m)
{
	struct inner *p = choose(m, a), *q = choose(m, b);
	u64 r = 0;

	if (p) {
		p->x = (u32)b;
		p->mode = 5;
		FOLD(r, m->in.x + m->in.mode);
	}
	if (q) {
		FOLD(r, q->x);
		q->mode++;
		q->flag ^= 1;
		FOLD(r, m->in.mode + spare.mode);
	}
	if (p == q && p)
		FOLD(r, p->mode);
	return r;
}

static noinline u64 counted(u64 n)
{
	static u64 calls = 3;

	calls += n;
	kept ^= calls;
	return calls;
}

u64 t_static_state(u64 a, u64 b, struct ctx *m)
{
	u64 r = counted(a & 7), before = kept;

	FOLD(r, counted(0));
	FOLD(r, kept ^ before);
	kept = b;
	FOLD(r, counted(1) - m->a);
	FOLD(r, kept);
	return r;
}

static noinline u64 descend(u64 n, u64 *seen)
{
	*seen |= (u64)1 << (n & 63);
	return n & 3 ? descend(n - 1, seen) + n : *seen;
}

u64 t_recursion(u64 a, u64 b, struct ctx *m)
{
	u64 seen = b, r = descend(a & 15, &seen);

	FOLD(r, seen);
	FOLD(r, descend(b & 3, &m->a));
	FOLD(r, m->a);
	return r;
}

static noinline void set_field(struct inner *p, u8 mode)
{
	p->mode = mode;
	if (mode & 4)
		p->rest = p->mode + p->z;
}

u64 t_bit_fields_in_callee(u64 a, u64 b, struct ctx *m)
{
	struct inner own = m->in;
	u64 r = 0;

	set_field(&own, (u8)a);
	FOLD(r, own.mode + 16 * own.rest + 256 * own.flag);
	set_field(&m->arr[b & 3], (u8)b);
	FOLD(r, m->arr[1].mode);
	set_field(m->cur, 3);
	FOLD(r, m->cur->mode);
	m->arr[a & 3] = own;
	FOLD(r, m->cur->mode + m->cur->rest);
	return r;
}

u64 t_callee_has_one_of_two(u64 a, u64 b, struct ctx *m)
{
	struct inner x = m->in, y = spare, *p = a & 1 ? &x : &y;
	u64 r;

	set_field(p, (u8)b);
	r = x.mode + 8 * y.mode;
	p = b & 2 ? &m->in : &spare;
	set_field(p, (u8)a);
	p->z++;
	FOLD(r, m->in.z + 256 * spare.mode);
	return r;
}

/* What it wrote through the pointer is forgotten when it has another one. */
static noinline void mark(struct view *v, u64 n, u64 x)
{
	for (u32 i = 0;; i++) {
		struct view *p = &v[n & 3];

		if (i == 3)
			break;
		p->more = x;
		n += x;
	}
}

u64 t_callee_marks_elements(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->at->more;

	mark(m->views, a, b);
	FOLD(r, m->at->more);
	return r;
}

/* One bit goes by several names from a parameter to the store. */
u64 t_guarded_bit(u64 a, u64 b, struct ctx *m)
{
	u64 prot = 0, r = 0;

	if (a & 2)
		prot |= 0x10;
	if (b & 1)
		prot |= 4;
	if (m->in.flag && !(prot & 0x10))
		return 1;
	for (u32 i = 0; i < 4; i++) {
		u64 v = (m->q[i] & ~(u64)0xfff) | prot;

		if (i & 1)
			v |= 0x20;
		m->q[i] = v + 0x1000;
		FOLD(r, m->q[i]);
	}
	return r ^ prot;
}

/* Objects that are filled and copied as a whole, seen by other names. */
u64 t_ranges(u64 a, u64 b, struct ctx *m)
{
	u64 own[4] = { a, b, a, b }, r = 0;
	struct inner copy[2];

	__builtin_memset(&copy, 0, sizeof(copy));
	copy[a & 1].x = 5;
	copy[0].mode = 2;
	FOLD(r, copy[0].x + copy[1].x + copy[1].mode);
	__builtin_memcpy(&m->arr[2], &copy[1], sizeof(copy[1]));
	FOLD(r, m->arr[2].x + m->cur->x);
	__builtin_memset(m->cur, (int)(b & 1), sizeof(*m->cur));
	FOLD(r, m->arr[2].x + m->arr[1].mode);
	__builtin_memset(&m->words[a & 3], 0xff, 8);
	FOLD(r, m->words[1] + m->words[4]);
	__builtin_memcpy(own, m->q, 16);
	__builtin_memset(&m->in, 0x81, sizeof(m->in));
	FOLD(r, m->in.x + m->in.mode);
	__builtin_memset(copy, 0x7f, sizeof(copy));
	FOLD(r, copy[1].x + copy[0].rest);
	FOLD(r, own[1] + own[2]);
	return r;
}

static noinline u64 apply(u64 (*f)(u64, u64 *), u64 v, u64 *p)
{
	return f(v, p);
}

static u64 add_to(u64 v, u64 *p) { return *p += v; }
static u64 put_into(u64 v, u64 *p) { *p = v; return 1; }

u64 t_function_pointer(u64 a, u64 b, struct ctx *m)
{
	u64 own = b, r = apply(a & 1 ? add_to : put_into, a, &own);

	FOLD(r, own);
	FOLD(r, apply(add_to, b, &m->count));
	FOLD(r, m->count + own);
	return r;
}

/* Ranges across zero, signed and not. */
u64 t_switch_ranges(u64 a, u64 b, struct ctx *m)
{
	u64 r = m->count;

	switch ((int)(a & 7) - 4) {
	case -3 ... 1:
		r += b;
		break;
	case 2:
		r ^= 5;
		break;
	}
	switch ((u8)(b - 3)) {
	case 0xfd ... 0xff:
		r++;
		break;
	default:
		r *= 3;
	}
	return r;
}

/* A pointer to a pointer. */
static noinline void aim(u64 **p, u64 *at)
{
	*p = at;
}

u64 t_pointer_to_pointer(u64 a, u64 b, struct ctx *m)
{
	u64 x = a, y = b, *p = &x, r = 0;

	aim(&p, &y);
	*p += 3;
	FOLD(r, x + 5 * y);
	if (a & 4)
		aim(&p, &x);
	*p = 1;
	FOLD(r, x + 5 * y);
	aim(&m->slot, &m->q[a & 3]);
	*m->slot = b;
	FOLD(r, m->q[0] + m->q[1]);
	m->slot = p == &x ? &m->q[0] : &m->a;
	*m->slot ^= 6;
	FOLD(r, m->a + m->q[0]);
	return r;
}
