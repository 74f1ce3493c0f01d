/* SPDX-License-Identifier: MIT */
/* gen.c - a random program: its helpers and its functions */
#include <stdio.h>

#include "gen_internal.h"

static const char prelude[] =
	"u64 sum(int n, ...);\n\n"
	"#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))\n"
	"#define xchg(p, v) ({ __typeof__(*(p)) x_ = (v); \\\n"
	"\t__asm__ volatile(\"xchg %0, %1\" : \"+r\" (x_), \"+m\" (*(p)) : : \"memory\"); x_; })\n"
	"#define xadd(p, v) ({ __typeof__(*(p)) x_ = (v); \\\n"
	"\t__asm__ volatile(\"lock; xadd %0, %1\" \\\n"
	"\t\t: \"+r\" (x_), \"+m\" (*(p)) : : \"memory\", \"cc\"); x_; })\n"
	"#define cmpxchg(p, o, n) ({ __typeof__(*(p)) r_, o_ = (o), n_ = (n); \\\n"
	"\t__asm__ volatile(\"lock; cmpxchg %2, %1\" \\\n"
	"\t\t: \"=a\" (r_), \"+m\" (*(p)) : \"r\" (n_), \"0\" (o_) : \"memory\"); r_; })\n"
	"static inline _Bool test_and_set(u64 *p, u64 n)\n{\n\t_Bool c;\n\n"
	"\t__asm__ volatile(\"lock; btsq %2, %1\" \\\n"
	"\t\t: \"=@ccc\" (c), \"+m\" (*p) : \"Ir\" (n) : \"memory\");\n"
	"\treturn c;\n}\n\n"
	"static inline u64 lowest(u64 v)\n{\n\tu64 n = v;\n\n"
	"\tif (!v)\n\t\treturn 77;\n"
	"\t__asm__(\"rep; bsf %1,%0\" : \"=r\" (n) : \"r\" (v));\n\treturn n;\n}\n\n"
	"static inline int highest(u64 v)\n{\n\tint n = -1;\n\n"
	"\t__asm__(\"bsrq %1,%q0\" : \"+r\" (n) : \"r\" (v));\n\treturn n + 1;\n}\n\n"
	"static inline int first_set(u32 v)\n{\n\tint n;\n\n"
	"\t__asm__(\"bsfl %1,%0\" : \"=r\" (n) : \"rm\" (v), \"0\" (-1));\n\treturn n + 1;\n}\n\n"
	"struct held { struct ctx *m; u32 key; };\n"
	"static void release(struct held *h)\n{\n"
	"\th->m->bg.q[0] = h->m->bg.q[0] * 31 + h->key;\n\th->m->pr.x ^= h->key++;\n}\n\n"
	"#define MAKE(e) { .y = (s16)(e), .x = 3, .w = (u8)(e) }\n\n"
	"static struct pair mix_pair(struct pair p, u64 v)\n{\n"
	"\tp.x += (u32)v;\n\tp.y ^= v >> 7;\n\tp.v = v >> 9;\n\tp.w -= p.z;\n\treturn p;\n}\n\n"
	"static struct big mix_big(struct big b, struct pair p, s16 v)\n{\n"
	"\tif (v & 4)\n\t\treturn b;\n"
	"\tb.q[v & 1] += v;\n\tb.p = mix_pair(p, b.q[0]);\n\tb.t = v;\n\tb.u++;\n\treturn b;\n}\n\n"
	"static u32 op_add(s16 x, u64 y) { return x + y; }\n"
	"static u32 op_shift(s16 x, u64 y) { return (u64)x >> (y & 7); }\n"
	"static u32 op_less(s16 x, u64 y) { return x < (s64)y; }\n"
	"static u32 op_mask(s16 x, u64 y) { return x ? x & ~y : -1; }\n\n"
	"static const struct { u32 (*op)(s16 x, u64 y); u16 key; } table[4] = {\n"
	"\t[1] = { .op = op_add, .key = 77 }, { op_shift, -1 }, [3].op = op_mask,\n"
	"\t[0] = { op_less },\n"
	"};\n\n";

static struct place *add_local(struct gen *g, enum ty ty, const char *letter, unsigned n)
{
	struct place *p = array_add(&g->locals);

	snprintf(p->pre, sizeof(p->pre), "%s%u", letter, n);
	p->ty = (uint8_t)ty;
	p->simple = true;
	return p;
}

static void named_local(struct gen *g, enum ty ty, const char *name)
{
	snprintf(add_local(g, ty, "", 0)->pre, sizeof(((struct place *)0)->pre), "%s", name);
}

static void begin_function(struct gen *g)
{
	array_clear(&g->locals);
	array_clear(&g->effects);
	g->cost = g->loops = g->labels = g->temps = 0;
	g->times = 1;
	g->in_loop = g->in_switch = false;
	g->indent = 1;
	g->depth = 0;
}

static void gen_helper(struct gen *g, unsigned k, struct helper *h)
{
	begin_function(g);
	h->ret = (uint8_t)gen_type(g);
	h->nparams = (uint8_t)(1 + below(g, 3));
	emit(g, "static %s h%u(", ty_info[h->ret].name, k);
	for (unsigned i = 0; i < h->nparams; i++) {
		h->params[i] = (uint8_t)gen_type(g);
		emit(g, "%s%s p%u", i ? ", " : "", ty_info[h->params[i]].name, i);
		add_local(g, h->params[i], "p", i);
	}
	emit(g, ")\n{\n\tu32 i0, i1, i2, i3, i4, i5;\n\tu64 a = p0;\n\n");
	gen_block(g, 1 + below(g, 2));
	emit(g, "\treturn ");
	gen_expr(g, 3);
	emit(g, ";\n}\n\n");
}

static void gen_helpers(struct gen *g)
{
	struct helper helpers[12];

	g->pure = true;
	for (unsigned k = 0; k < 12; k++)
		gen_helper(g, k, &helpers[k]);
	g->pure = false;
	for (unsigned k = 0; k < 12; k++)
		array_push(&g->helpers, helpers[k]);
}

static void declare_scalars(struct gen *g)
{
	static const char *const pairs[] = { "sp.x", "sp.y", "sp.z", "sp.v", "sp.w" };
	static const enum ty types[] = { U32, S16, U8, U8, U8 };
	unsigned n = 2 + below(g, 4);

	for (unsigned k = 0; k < 5; k++) {
		named_local(g, types[k], pairs[k]);
		array_last(&g->locals).width = k == 3 ? 3 : k == 4 ? 5 : 0;
	}
	for (unsigned k = 0; k < n; k++) {
		enum ty ty = gen_type(g);

		emit(g, "\t%s x%u = ", ty_info[ty].name, k);
		gen_expr(g, 3);
		emit(g, ";\n");
		add_local(g, ty, "x", k);
	}
	if (chance(g, 30)) {
		enum ty ty = gen_type(g);

		emit(g, "\tstatic %s kept = ", ty_info[ty].name);
		gen_literal(g);
		emit(g, ";\n");
		named_local(g, ty, "kept");
	}
}

static void declare_array(struct gen *g)
{
	enum ty ty = gen_type(g);

	emit(g, "\t%s la[4] = { ", ty_info[ty].name);
	gen_expr(g, 2);
	emit(g, ", [2] = ");
	gen_expr(g, 2);
	emit(g, " };\n");
	*add_local(g, ty, "la", 0) = (struct place){ .pre = "la", .mask = 3, .ty = (uint8_t)ty };
}

/* A pointer to one of the variables, which is then reached by two names. */
static void declare_alias(struct gen *g)
{
	struct place *p = &g->locals.v[below(g, g->locals.n)], q;

	if (!p->simple || p->width)
		return;
	p->simple = false;
	emit(g, "\t%s *lp = &%s;\n", ty_info[p->ty].name, p->pre);
	q = (struct place){ .pre = "(*lp)", .ty = p->ty };
	array_push(&g->locals, q);
}

/* A pointer to an element of a plain array of *m. */
static void declare_pointer(struct gen *g)
{
	const struct place *p = &g->fields.v[below(g, g->fields.n)];
	struct place q = { .pre = "(*tp)", .ty = p->ty, .read_only = p->read_only };

	if (!p->mask || p->in_node || *p->post)
		return;
	emit(g, "\t%s%s *tp = ", p->read_only ? "const " : "", ty_info[p->ty].name);
	emit(g, "&");
	emit(g, "%s[%u];\n", p->pre, below(g, p->mask + 1u));
	array_push(&g->locals, q);
}

static void declare_counters(struct gen *g)
{
	for (unsigned k = 0; k < 2; k++) {
		enum ty ty = gen_type(g);
		struct place *p;

		emit(g, "\t%s e%u = ", ty_info[ty].name, k);
		gen_expr(g, 1);
		emit(g, ";\n");
		p = array_add(&g->effects);
		snprintf(p->pre, sizeof(p->pre), "e%u", k);
		p->ty = (uint8_t)ty;
	}
	for (unsigned k = 0; k < GEN_LOOPS; k++) {
		static const enum ty types[] = { U32, S32, U8, S64, U64, S16 };

		emit(g, "\t%s i%u = 0;\n", ty_info[types[k]].name, k);
		add_local(g, types[k], "i", k)->read_only = true;
	}
}

/* Everything that a local holds shows in the result. */
static void gen_return(struct gen *g)
{
	emit(g, "\ta += e0 + 3 * e1;\n");
	for (unsigned k = 0; k < g->locals.n; k++) {
		const struct place *p = &g->locals.v[k];

		if (!p->mask)
			emit(g, "\ta = a * 31 + %s;\n", p->pre);
	}
	emit(g, "\treturn a ^ b ^ (u64)la[0] << 7 ^ (u64)la[3] << 20;\n}\n\n");
}

static void gen_function(struct gen *g)
{
	unsigned parts = 1 + below(g, 3);

	begin_function(g);
	named_local(g, U64, "a");
	named_local(g, U64, "b");
	emit(g, "u64 f%u(u64 a, u64 b, struct ctx *m)\n{\n", g->fn);
	emit(g, "\tstruct node *np = &m->nodes[%s & 3];\n", chance(g, 50) ? "a" : "b");
	emit(g, "\tstruct pair sp = { .x = (u32)b, .w = (u8)a };\n");
	declare_scalars(g);
	declare_array(g);
	if (chance(g, 60))
		declare_pointer(g);
	if (chance(g, 40))
		declare_alias(g);
	declare_counters(g);
	emit(g, "\tu32 back = 0;\n\n");
	for (unsigned k = 0; k < parts; k++) {
		unsigned before = g->cost;

		gen_block(g, 2 + below(g, 4));
		emit(g, "l%u:\n", g->labels++);
		if (k && chance(g, 25) && g->cost < GEN_COST_MAX / 3) {
			emit(g, "\tif (back++ < 2 && ");
			gen_expr(g, 2);
			emit(g, ")\n\t\tgoto l%u;\n", g->labels - 2);
			g->cost += 2 * (g->cost - before);
		}
	}
	gen_return(g);
	array_push(&g->costs, g->cost + 20);
}

void gen_program(uint64_t seed, unsigned nfuncs, struct buffer *out)
{
	struct gen g = { .out = out, .rng = seed, .times = 1 };

	emit(&g, "/* seed 0x%llx */\n", (unsigned long long)seed);
	gen_types(&g);
	emit(&g, "%s", prelude);
	gen_helpers(&g);
	for (g.fn = 0; g.fn < nfuncs; g.fn++)
		gen_function(&g);
	array_release(&g.fields);
	array_release(&g.locals);
	array_release(&g.effects);
	array_release(&g.helpers);
	array_release(&g.costs);
}
