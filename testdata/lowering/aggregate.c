/* Structs as values: copies, arguments by the address of a copy, results by a pointer. */
struct pair {
	long a, b;
};

struct pair make(long a);
long take(struct pair p, int n);

struct pair swap(struct pair p)
{
	struct pair q = { p.b, p.a };

	return q;
}

long calls(struct pair *p, int n)
{
	struct pair x = make(n), y;

	y = swap(x);
	*p = n ? y : make(2);
	return take(*p, 1) + swap(y).a + ({ struct pair z = x; z; }).b;
}

struct pair (*indirect)(struct pair);

long through_pointer(struct pair p)
{
	return indirect((struct pair){ 1, p.a }).b;
}

union u {
	int i;
	struct pair p;
};

long as_union(struct pair p)
{
	return ((union u)p).i;
}
