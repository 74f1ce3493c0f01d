/* Builtins with a meaning of their own, and the C library behind others. */
typedef unsigned long size_t;
void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);

struct s {
	int a, b[7];
};

int memory(struct s *p, struct s *q, size_t n)
{
	memcpy(p, q, sizeof(*p));
	__builtin_memmove(p->b, q->b, n);
	memset(p, 0, sizeof(*p));
	__builtin_memset(&p->b[1], 0xff, n);
	return __builtin_memcmp(p, q, n) + __builtin_strlen("four") + __builtin_strlen((char *)p);
}

int bits(unsigned a, unsigned long b)
{
	return __builtin_ffsl(0x40) - 1 + __builtin_popcount(7) + __builtin_clzl(1) +
	       __builtin_ctz(a);
}

_Bool overflow(unsigned long a, unsigned long b, unsigned long *r, int c, short *s)
{
	return __builtin_add_overflow(a, b, r) | __builtin_mul_overflow(c, 3L, s);
}

unsigned swapped(unsigned v)
{
	return __builtin_bswap32(v);
}

size_t sizes(void *p)
{
	return __builtin_object_size(p, 0) + __builtin_object_size(p, 2);
}
