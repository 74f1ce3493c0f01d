/* Initialisers: elided braces, designators, ranges, strings, what is not named. */
struct point {
	int x, y;
};

struct shape {
	char name[8];
	struct point from, to;
	unsigned a : 3, : 2, b : 4;
	union {
		long l;
		struct point p;
	};
	int tail[4];
};

int f(int);

void local(struct shape *out, int v)
{
	struct shape s = { "ab", 1, v, { 3 }, .b = 5, .p.y = f(v), .tail = { [1 ... 2] = v, 9 } };
	struct point p = { .y = 1, .x = 2 }, q[2] = { 1, 2, 3 }, empty = { };
	char text[] = "xyz", exact[3] = "xyz";
	int scalar = { v };

	s.from = (struct point){ .x = scalar };
	*out = s;
	out->to = p.x ? q[1] : empty;
	out->name[0] = text[1] + exact[2];
}

void again(struct shape *out)
{
	struct point p[2] = { [0] = { 1, 2 }, [0] = { .y = 3 } };

	out->from = p[0];
}

static int one(int a) { return a; }
static int two(int a) { return a; }

struct ops {
	int (*first)(int), (*second)(int);
	const struct ops *next;
	const char *name;
	long value;
};

static const struct ops base = { .first = one, .name = "base", .value = 1 << 4 | 1 };
const struct ops table[2] = {
	{ .first = two, .second = &one, .next = &base },
	[1] = { .next = &(const struct ops){ .first = two }, .name = &"string"[1] + 2 },
};
int tentative;
extern int elsewhere;
int numbers[] = { 1, [3] = 4, [1] = 2, [3] = 5 };
const char letters[5] = "ab", *pointer = "cd";

int use(int i)
{
	static int count = 7;
	static struct point corner = { .y = 2 };

	count += tentative + elsewhere;
	return table[i].first(count) + corner.y;
}
