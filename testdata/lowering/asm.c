/* Inline asm of x86: exact read-modify-writes, condition codes, barriers, the rest. */
typedef unsigned long u64;
#define LOCK ".pushsection .locks,\"a\"\n.long 671f - .\n.popsection\n671:\n\tlock "

_Bool try_cmpxchg(u64 *p, u64 *old, u64 new)
{
	_Bool ok;
	u64 o = *old;

	asm volatile(LOCK "cmpxchgq %[new], %[ptr]" : "=@ccz" (ok), [ptr] "+m" (*p), "+a" (o)
		     : [new] "r" (new) : "memory");
	if (!ok)
		*old = o;
	return ok;
}

u64 old_style(u64 *p, u64 old, u64 new)
{
	u64 ret;

	asm volatile("cmpxchgq %2,%1" : "=a" (ret), "+m" (*p) : "r" (new), "0" (old) : "memory");
	return ret;
}

u64 exchange(u64 *p, u64 v, int *n)
{
	int one = 1;

	asm volatile("xchgq %q0, %1\n" : "+r" (v), "+m" (*p) : : "memory", "cc");
	asm volatile("lock; xaddl %0, %1" : "+r" (one), "+m" (*n) : : "memory", "cc");
	return v + one;
}

_Bool arith(int *n, int i)
{
	_Bool zero, carry, sign;

	asm volatile("lock addl %1,%0" : "+m" (*n) : "ir" (i) : "memory");
	asm volatile("decl %0" : "+m" (*n), "=@cce" (zero) : : "memory");
	asm volatile("subl %2, %0" : "+m" (*n), "=@ccc" (carry) : "er" (i) : "memory");
	asm volatile("xorb %b2,%0" : "+m" (*(char *)n), "=@ccs" (sign) : "iq" (7) : "memory");
	return zero + carry + sign;
}

_Bool bits(u64 *map, long nr)
{
	_Bool old, fixed;

	asm volatile("lock btsq %2,%1" : "=@ccc" (old) : "m" (*(volatile long *)map), "Ir" (nr)
		     : "memory");
	asm volatile("btrq %1,%0" : : "m" (*(volatile long *)map), "Ir" (70L) : "memory");
	asm volatile("btq %2,%1" : "=@ccnc" (fixed) : "m" (*map), "Ir" (3L));
	return old + fixed;
}

int hide(int v, int *p)
{
	int out;

	asm volatile("" : : : "memory");
	asm("" : "=r" (out) : "0" (v));
	asm("" : "+r" (v));
	asm volatile("1:\t.byte 0x0f, 0x0b\n.pushsection t,\"a\"\n\t.long 1b - .\n.popsection");
	asm("movl %1,%0" : "=m" (*p) : "r" (v));
	return out + v;
}

int unknown(int v, int *p)
{
	unsigned lo, hi;

	asm volatile("rdtsc" : "=a" (lo), "=d" (hi));
	asm volatile("frobnicate %1, %0" : "+m" (*p) : "r" (v) : "memory");
	return lo + hi;
}

int jumps(int v)
{
	asm goto("jmp %l[yes]" : : "i" (&unknown) : : yes);
	v++;
	asm goto("testl %0,%0; jz %l1" : : "r" (v) : : no, yes);
	return 1;
no:
	return 2;
yes:
	return 3;
other:
	goto other;
}

/* Where it is certain what the instruction does, which it is not of 0. */
u64 first_bits(u64 v, unsigned w)
{
	int last = -1, first;
	u64 n;

	asm("rep; bsf %1,%0" : "=r" (n) : "r" (v));
	asm("bsrq %1,%q0" : "+r" (last) : "r" (v));
	asm("bsfl %1,%0" : "=r" (first) : "rm" (w), "0" (-1));
	return n + last + first;
}

/* Of these the width, or what is in the upper half, is not. */
u64 first_bits_of_what(u64 v, short s, volatile u64 *reg)
{
	int half = -1, wide;
	short low = -1;
	u64 n = -1, far;

	asm("bsr %1,%q0" : "+r" (half) : "r" (v));
	asm("bsfw %1,%0" : "+r" (low) : "r" (s));
	asm("bsfq %1,%q0" : "=r" (wide) : "r" (half));
	asm("bsfq %1,%0" : "=r" (far) : "m" (*reg));
	asm("tzcnt %1,%0" : "+r" (n) : "r" (v));
	return half + low + wide + n + far;
}
