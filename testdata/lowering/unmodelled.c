/* What has no model says so, and forgets what it may have changed. */
typedef int vec __attribute__((vector_size(16)));
unsigned __int128 wide(unsigned long a, unsigned long b);
void use(int *);

double floats(double a, int b, float *f)
{
	*f = a * b;
	if (a < *f)
		b = (int)a;
	return b;
}

unsigned long big(unsigned long a, unsigned long b, unsigned __int128 *p)
{
	*p = (unsigned __int128)a * b;
	return (unsigned long)(*p >> 64);
}

int vla(int n)
{
	int a[n];

	a[0] = n;
	use(a);
	return a[1] + sizeof(a);
}

void *stack(int n)
{
	return n ? __builtin_alloca(n) : __builtin_return_address(0);
}

int builtin(int a)
{
	return __builtin_classify_type(a) + __builtin_setjmp((void **)0);
}

int broken(int a)
{
	undeclared_t t = a;

	return a;
}

/* Wider than any value of the IR: as a parameter, a variable, an argument and a condition. */
unsigned __int128 widest(unsigned __int128 v, unsigned __int128 *p)
{
	unsigned __int128 old = *p;

	*p = old | v;
	if (old == v)
		return widest(old, p);
	return (unsigned long)v;
}
