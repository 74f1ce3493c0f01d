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
