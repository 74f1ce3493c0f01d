/* The cleanup functions run on every way out of the scope, last variable first. */
#define CLEANUP(f) __attribute__((cleanup(f)))
int f(int);
int *get(int);

static inline void put(int **p)
{
	f(**p);
}

static void unlock(int *p)
{
	f(*p);
}

int ways(int n)
{
	int *a CLEANUP(put) = get(1);

	for (int i = 0; i < n; i++) {
		int b CLEANUP(unlock) = i;

		if (f(1))
			continue;
		if (f(2))
			break;
		if (f(3))
			goto out;
		if (f(4))
			return *a;
	}
	f(5);
out:
	return n;
}

#define scoped(n) \
	for (int v CLEANUP(unlock) = (n), done = 0; !done; done = 1)

int in_for(int n)
{
	scoped (n) {
		if (f(n))
			return 1;
		if (f(2))
			break;
	}
	return 2;
}

int in_expression(int n)
{
	return ({ int x CLEANUP(unlock) = n; x + 1; }) + ({ int y CLEANUP(unlock) = n; f(y); }) * 2;
}
