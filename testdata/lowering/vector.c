/* A vector is opaque, its elements are not: they lie in it as in an array. */
typedef int vec __attribute__((vector_size(16)));
typedef unsigned char bytes __attribute__((vector_size(8)));
typedef float floats __attribute__((vector_size(16)));
typedef _Bool bits __attribute__((ext_vector_type(8)));
typedef int three __attribute__((ext_vector_type(3)));
struct holder { int pad; vec v; vec many[2]; };
vec make(int);

int constant_index(vec v)
{
	return v[1];
}

int any_index(vec v, int i)
{
	return v[i];
}

void written(struct holder *h, unsigned short i)
{
	h->v[2] = 5;
	h->v[i] += 1;
	(*&h->many[i])[3] = h->v[0];
}

unsigned bytes_of(bytes *b)
{
	return (*b)[7] + b[1][0];
}

int of_a_value(vec a, vec b)
{
	return (a + b)[1] + make(3)[2];
}

int of_float(floats f)
{
	f[0] = 1;
	return f[3] > 0;
}

int packed(bits b)
{
	b[1] = 1;
	return b[0];
}

int parenthesised(three v)
{
	int *p = (int *)&v;

	v.y = 3;
	return ((v))[2] + p[1] + sizeof(v[0]) + 1[p];
}
