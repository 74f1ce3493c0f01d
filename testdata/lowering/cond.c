/* Conditions are control flow; what a constant rules out is not lowered. */
int f(int);
void never(void) __attribute__((noreturn));

int short_circuit(int a, int b)
{
	if (a && (b || !f(a)))
		return 1;
	return a || f(b);
}

int select(int a, int b)
{
	return a ? f(b) : b ?: f(a);
}

int folded(int a)
{
	if (0)
		f(1);
	if (sizeof(a) == 8 || __builtin_types_compatible_p(__typeof__(a), long))
		f(2);
	do {
		if (!(sizeof(a) == 4))
			never();
	} while (0);
	switch (sizeof(a)) {
	case 1: f(3); break;
	case 4: f(4); break;
	default: f(5);
	}
	return __builtin_constant_p(a) ? f(6) : __builtin_choose_expr(1, a, f(7));
}

int expect(int a, unsigned long b)
{
	if (__builtin_expect(!!(a), 0))
		return 1;
	if (__builtin_expect((_Bool)(b & 0x100), 1) && ({ f(a); a > 2; }))
		return 2;
	return (f(a), b) ? 3 : 4;
}

int bug(int a)
{
	if (a)
		never();
	if (a > 3)
		__builtin_unreachable();
	return a;
}
