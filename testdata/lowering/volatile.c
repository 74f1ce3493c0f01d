/* Volatile accesses are marked; macros are named. */
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) do { *(volatile __typeof__(x) *)&(x) = (v); } while (0)
#define TWICE(x) WRITE_ONCE(x, READ_ONCE(x) * 2)

struct s {
	int a;
	volatile int b;
	struct { int c; } in;
};

int once(struct s *p)
{
	WRITE_ONCE(p->a, 1);
	TWICE(p->in.c);
	p->b++;
	return READ_ONCE(p->a) + p->b;
}

int per_cpu(int __attribute__((address_space(256))) *p)
{
	*p = 1;
	return *p + 2;
}
