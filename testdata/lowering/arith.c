/* Conversions that the source does not show. */
typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

int promote(u8 a, s8 b, u16 c)
{
	return a + b * c;
}

u64 widen(int a, u32 b)
{
	return a + (u64)b;
}

int compare(s8 a, u8 b, u32 c, s64 d)
{
	return (a < b) + (a < (int)c) + (c < d) + (a < c);
}

u32 shifts(u8 a, int b, u64 n)
{
	return (a << n) + (b >> 3) + ((u32)b >> n);
}

u8 compound(u8 a, int b, u64 c)
{
	a += b;
	a >>= 1;
	a *= c;
	return a++;
}

_Bool to_bool(int a, void *p, u64 mask)
{
	_Bool b = a;

	b += 2;
	b |= p != 0;
	return b && (_Bool)(mask & 0x100);
}

long pointers(int *p, int *q, char *c, void *v, int i)
{
	struct three { char c[3]; } *t = v;

	return (p + i - q) + (c - 1 - (char *)v) + (t - (struct three *)c) + (&p[2] > q);
}
