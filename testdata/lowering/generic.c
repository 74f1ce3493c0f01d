/* _Generic: the association is found by its type, or by the text of the types. */
struct a { int x; };
struct b { int x; };
int on_a(struct a *);
int on_b(struct b *);
int any(const void *);
int also_any(const void *);

int by_type(struct a *p, struct b *q, const struct a *r)
{
	return _Generic(p, struct a *: on_a, struct b *: on_b)(p) +
	       _Generic(q, struct a *: on_a, struct b *: on_b)(q) +
	       _Generic(r, struct a *: 1, default: 2L);
}

int by_text(struct a *p, void *v)
{
	return _Generic(p, struct a *: any, void *: also_any, default: 0)(p) +
	       _Generic(v, struct a *: any, void *: also_any)(v);
}

int value(int n)
{
	return _Generic(n, long: 1, int: 2, default: 3) + _Generic((char)0, char: n, int: n + 1);
}
