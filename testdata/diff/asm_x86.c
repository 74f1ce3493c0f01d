/* SPDX-License-Identifier: MIT */
/* Inline assembly of x86-64 that atomic operations are made of, and barriers. */
#include "diff.h"

struct ctx {
	u64 q;
	u32 d;
	u16 w;
	u8 b;
	u8 rest;
	u64 v[4];
	void *p;
};
SUBJECT(struct ctx);

void ctx_fix(struct ctx *m)
{
	m->p = m;
}

#define LOCK "lock; "

#define xchg(ptr, val) ({ \
	__typeof__(*(ptr)) x_ = (__typeof__(*(ptr)))(val); \
	__asm__ __volatile__("xchg %0, %1" : "+r" (x_), "+m" (*(ptr)) : : "memory", "cc"); \
	x_; })

#define cmpxchg(ptr, old, new) ({ \
	__typeof__(*(ptr)) old_ = (old), ret_; \
	__asm__ __volatile__(LOCK "cmpxchg %2, %1" \
			     : "=a" (ret_), "+m" (*(ptr)) \
			     : "r" ((__typeof__(*(ptr)))(new)), "0" (old_) : "memory"); \
	ret_; })

/* By size, as the operands need registers of that size. */
#define cmpxchg_sized(ptr, old, new) ({ \
	__typeof__(*(ptr)) ret_, old_ = (old), new_ = (new); \
	switch (sizeof(*(ptr))) { \
	case 4: { \
		volatile u32 *p_ = (volatile u32 *)(ptr); \
		__asm__ __volatile__(LOCK "cmpxchgl %2,%1" : "=a" (ret_), "+m" (*p_) \
				     : "r" (new_), "0" (old_) : "memory"); \
		break; \
	} \
	case 8: { \
		volatile u64 *p_ = (volatile u64 *)(ptr); \
		__asm__ __volatile__(LOCK "cmpxchgq %2,%1" : "=a" (ret_), "+m" (*p_) \
				     : "r" (new_), "0" (old_) : "memory"); \
		break; \
	} \
	} \
	ret_; })

/* The flag as an output; *old takes what was there where it failed. */
#define try_cmpxchg(ptr, pold, new) ({ \
	bool ok_; \
	__typeof__(pold) po_ = (pold); \
	__typeof__(*(ptr)) old_ = *po_; \
	__asm__ __volatile__(LOCK "cmpxchgq %[next], %[mem]" \
			     : "=@ccz" (ok_), [mem] "+m" (*(ptr)), [prev] "+a" (old_) \
			     : [next] "r" (new) : "memory"); \
	if (!ok_) \
		*po_ = old_; \
	ok_; })

#define xadd(ptr, inc) ({ \
	__typeof__(*(ptr)) x_ = (inc); \
	__asm__ __volatile__(LOCK "xadd %0, %1" : "+r" (x_), "+m" (*(ptr)) : : "memory", "cc"); \
	x_; })

u64 t_xchg(u64 a, u64 b, struct ctx *m)
{
	u64 r = xchg(&m->q, a);

	FOLD(r, xchg(&m->d, (u32)b));
	FOLD(r, xchg(&m->v[a & 3], m->v[b & 3]));
	return r + m->q;
}

u64 t_xchg_pointer(u64 a, u64 b, struct ctx *m)
{
	void *old = xchg(&m->p, &m->v[a & 3]);

	return (old == m) + (xchg(&m->p, old) == &m->v[b & 3]);
}

u64 t_cmpxchg(u64 a, u64 b, struct ctx *m)
{
	u64 guess = a & 1 ? m->q : a;
	u64 r = cmpxchg(&m->q, guess, b);

	FOLD(r, cmpxchg(&m->d, b & 1 ? m->d : (u32)a, (u32)b));
	FOLD(r, m->q + m->d);
	return r;
}

u64 t_cmpxchg_sized(u64 a, u64 b, struct ctx *m)
{
	u64 r = cmpxchg_sized(&m->q, a & 1 ? m->q : b, a);

	FOLD(r, cmpxchg_sized(&m->d, a & 2 ? m->d : 3, (u32)b));
	return r + m->q + m->d;
}

u64 t_try_cmpxchg(u64 a, u64 b, struct ctx *m)
{
	u64 old = a & 1 ? m->q : a, r = try_cmpxchg(&m->q, &old, b);

	FOLD(r, old);
	if (!try_cmpxchg(&m->v[b & 3], &old, a))
		FOLD(r, old);
	return r;
}

u64 t_cmpxchg_loop(u64 a, u64 b, struct ctx *m)
{
	u64 old = a, new;

	do {
		new = (old & ~0xffull) | (b & 0xff);
	} while (!try_cmpxchg(&m->q, &old, new));
	return old ^ new;
}

u64 t_xadd(u64 a, u64 b, struct ctx *m)
{
	u64 r = xadd(&m->q, a);

	FOLD(r, xadd(&m->d, (u32)b));
	FOLD(r, xadd(&m->d, -1u) + 1);
	return r + m->q + m->d;
}

static inline void set_bit(u64 nr, volatile void *addr)
{
	__asm__ __volatile__(LOCK "btsq %1,%0" : "+m" (*(volatile u64 *)addr) : "Ir" (nr)
			     : "memory");
}

static inline void clear_bit(u64 nr, volatile void *addr)
{
	__asm__ __volatile__(LOCK "btrq %1,%0" : : "m" (*(volatile u64 *)addr), "Ir" (nr)
			     : "memory");
}

static inline bool test_and_set_bit(u64 nr, volatile void *addr)
{
	bool c;

	__asm__ __volatile__(LOCK "btsq %2,%1" : "=@ccc" (c)
			     : "m" (*(volatile u64 *)addr), "Ir" (nr) : "memory");
	return c;
}

static inline bool test_and_change_bit(u64 nr, volatile void *addr)
{
	bool c;

	__asm__ __volatile__(LOCK "btcq %[nr],%[mem]"
			     : "=@ccc" (c), [mem] "+m" (*(volatile u64 *)addr)
			     : [nr] "Ir" (nr) : "memory");
	return c;
}

static inline bool test_bit(u64 nr, const volatile void *addr)
{
	bool c;

	__asm__ __volatile__("btq %2,%1" : "=@ccc" (c)
			     : "m" (*(const volatile u64 *)addr), "Ir" (nr) : "memory");
	return c;
}

u64 t_bit_operations(u64 a, u64 b, struct ctx *m)
{
	u64 r;

	set_bit(a & 63, &m->q);
	clear_bit(b & 63, &m->v[0]);
	r = test_and_set_bit(b & 63, &m->q);
	FOLD(r, test_and_change_bit(a & 63, &m->v[1]));
	FOLD(r, test_bit(a & 63, &m->v[2]));
	FOLD(r, test_bit(b & 63, &m->q));
	return r;
}

u64 t_logic(u64 a, u64 b, struct ctx *m)
{
	__asm__ __volatile__(LOCK "orq %1,%0" : "+m" (m->q) : "er" (a) : "memory", "cc");
	__asm__ __volatile__(LOCK "andl %1,%0" : "+m" (m->d) : "ir" ((u32)b) : "memory", "cc");
	__asm__ __volatile__(LOCK "xorq %1,%0" : "+m" (m->v[0]) : "er" (b) : "memory", "cc");
	__asm__ __volatile__(LOCK "addl %1,%0" : "+m" (m->d) : "ir" ((u32)a) : "cc");
	__asm__ __volatile__(LOCK "subq %1,%0" : "+m" (m->v[1]) : "er" (a) : "cc");
	__asm__ __volatile__(LOCK "incl %0" : "+m" (m->d) : : "memory");
	__asm__ __volatile__(LOCK "decq %0" : "+m" (m->v[2]) : : "memory");
	__asm__ __volatile__("orb %b1,%0" : "+m" (m->b) : "iq" (0x80) : "memory");
	return m->q + m->d;
}

static inline bool dec_and_test(u32 *v)
{
	bool z;

	__asm__ __volatile__(LOCK "decl %0" : "+m" (*v), "=@ccz" (z) : : "memory");
	return z;
}

static inline bool sub_and_test(u32 i, u32 *v)
{
	bool z;

	__asm__ __volatile__(LOCK "subl %[i], %[v]" : [v] "+m" (*v), "=@ccz" (z) : [i] "er" (i)
			     : "memory");
	return z;
}

u64 t_and_test(u64 a, u64 b, struct ctx *m)
{
	u64 r;

	m->d = a & 1;
	r = dec_and_test(&m->d);
	FOLD(r, m->d);
	m->d = b & 3;
	FOLD(r, sub_and_test(a & 3, &m->d));
	return r + m->d;
}

u64 t_moves(u64 a, u64 b, struct ctx *m)
{
	u32 x;
	u64 y;

	__asm__ __volatile__("movl %1,%0" : "=r" (x) : "m" (m->d) : "memory");
	__asm__ __volatile__("movq %1,%0" : "=r" (y) : "r" (a));
	__asm__ __volatile__("movl %1,%0" : "=m" (m->d) : "r" ((u32)b));
	return x + y;
}

u64 t_barriers(u64 a, u64 b, struct ctx *m)
{
	u64 x = a;

	m->q = b;
	barrier();
	__asm__ __volatile__("mfence" ::: "memory");
	__asm__ __volatile__("" : "+r" (x));
	__asm__("" : "=r" (x) : "0" (x));
	__asm__ __volatile__("pause");
	__asm__ __volatile__(LOCK "addl $0,-4(%%rsp)" ::: "memory", "cc");
	return m->q + x;
}

u64 t_first_bits(u64 a, u64 b, struct ctx *m)
{
	u64 n = 77, v = a << (b & 63);
	int last = -1, first, in_memory = -1;

	m->d = b >> (a & 31);
	if (v)
		__asm__("rep; bsf %1,%0" : "=r" (n) : "r" (v));
	__asm__("bsrq %1,%q0" : "+r" (last) : "r" (v));
	__asm__("bsfl %1,%0" : "=r" (first) : "rm" (m->d), "0" (-1));
	__asm__("bsrl %1,%0" : "+r" (in_memory) : "m" (m->d));
	FOLD(n, last);
	FOLD(n, first);
	return n + in_memory;
}
