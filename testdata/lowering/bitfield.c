/* Bit-fields: width of the access, truncation, promotion, _Bool apart. */
struct flags {
	unsigned a : 1, b : 3;
	signed c : 5;
	_Bool d : 1;
	unsigned : 0;
	unsigned long e : 40;
	unsigned char f : 4;
};

int loads(struct flags *p)
{
	return p->b + p->c - p->d;
}

int assign(struct flags *p, int v)
{
	return p->b = v;
}

int assign_bool(struct flags *p, int v)
{
	return p->d = v & 4;
}

void update(struct flags *p, unsigned long v)
{
	p->b += v;
	p->c--;
	p->e <<= 2;
	p->f |= v;
}

int test(struct flags *p)
{
	if (p->a && !p->d)
		return 1;
	return p->a == 1;
}
