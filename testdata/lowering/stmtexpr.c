/* Statement expressions, __func__, commas, nested function-like macros. */
int f(int);
void sink(const char *);
#define max(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define WARN(c) ({ int ret_ = !!(c); if (ret_) f(1); __builtin_expect(ret_, 0); })

int nested(int a, int b)
{
	return max(max(a, 1), f(b));
}

int warned(int a)
{
	if (WARN(a > 3) || WARN(a < 0))
		return 1;
	sink(__func__);
	return (f(a), f(a + 1));
}

int leaves(int a)
{
	int b = ({ if (a) return 5; a + 1; });

	({ for (;;) { if (f(b)) break; } });
	return b;
}
