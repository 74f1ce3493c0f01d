/* Calls through members and pointers, variable arguments, addresses of functions. */
typedef __builtin_va_list va_list;
struct dev;
struct ops {
	int (*open)(struct dev *, int);
	int (*table[4])(int);
};
struct dev {
	int id;
	const struct ops *ops;
	struct ops own;
};

int print(const char *fmt, ...);
int callback(int (*)(int), int);
static int helper(int a) { return a; }

int members(struct dev *d, int i)
{
	return d->ops->open(d, 1) + (*d->own.open)(d, 2) + d->own.table[1](3) + d->ops->table[i](4);
}

int direct(int a)
{
	int (*f)(int) = helper;

	print("%d %c", a, (char)a);
	return (&helper)(a) + (*helper)(a) + f(a) + callback(helper, 2);
}

int variable(int n, ...)
{
	va_list ap;
	int r;

	__builtin_va_start(ap, n);
	r = __builtin_va_arg(ap, int) + *__builtin_va_arg(ap, char *);
	__builtin_va_end(ap);
	return r;
}

int as_array(int a[4], int f(int))
{
	return a[1] + f(2) + *a;
}
