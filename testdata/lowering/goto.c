/* Labels forward, backward and in dead code; computed goto. */
int f(int);

int plain(int n)
{
	if (n)
		goto out;
again:
	n = f(n);
	if (n < 3)
		goto again;
	return 1;
	f(9);
inner:
	f(2);
out:
	if (f(3))
		goto inner;
	return n;
}

int in_dead_arm(int n)
{
	if (0) {
label:
		f(1);
	} else if (f(n)) {
		goto label;
	}
	return n;
}

int computed(int n)
{
	static void *const table[] = { &&a, &&b };

	goto *table[n];
a:
	f(1);
b:
	return f(2);
}

/* Labels of one name in different statement expressions. */
#define TRY(x) ({ \
	__label__ fail, end; \
	int r_ = 0; \
	asm goto("jmp %l1" : : "r" (x) : : fail); \
	goto end; \
fail: \
	r_ = (x); \
end: \
	r_; })

int local_labels(int n)
{
	return f(1) + TRY(n) * TRY(n + 1);
}

int computed_beside_local(int n)
{
	void *const table[] = { &&a, &&b };

	n += f(n) + TRY(n);
	goto *table[n & 1];
a:
	n++;
b:
	return n;
}
