/* Anonymous members by offset, the record at the base of the path, container_of. */
#define offsetof(t, m) __builtin_offsetof(t, m)
#define container_of(p, t, m) ({ \
	void *mptr_ = (void *)(p); \
	(t *)(mptr_ - offsetof(t, m)); })

struct list {
	struct list *next;
};

struct inner {
	int x, y[4];
};

struct outer {
	int p;
	struct {
		int q;
		struct {
			int r, s;
			union {
				long u;
				struct inner in;
			};
		};
	};
	struct inner named, many[3];
	struct list link;
};

int deep(struct outer *o, int i)
{
	return o->s + o->in.y[2] + o->in.y[i] + o->many[1].x + o->many[i].x;
}

int local(int i)
{
	struct outer o[2] = { { .r = 1, .named = { .x = 2 } } };

	return o[1].named.x + o[i].r;
}

struct outer *from_link(struct list *l)
{
	return container_of(l->next, struct outer, link);
}

int *address(struct outer *o)
{
	return &o->many[2].y[1];
}

unsigned long index_offset(int i)
{
	return offsetof(struct outer, many[i].y[1]);
}
