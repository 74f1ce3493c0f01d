/* SPDX-License-Identifier: MIT */
/* gen_expr.c - random expressions; the C compiler finds their types */
#include <stdarg.h>

#include "gen_internal.h"

uint64_t rng_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t rnd(struct gen *g)
{
	return rng_next(&g->rng);
}

unsigned below(struct gen *g, unsigned n)
{
	return (unsigned)(rnd(g) >> 33) % n;
}

bool chance(struct gen *g, unsigned percent)
{
	return below(g, 100) < percent;
}

enum ty gen_type(struct gen *g)
{
	return (enum ty)below(g, NTY);
}

void emit(struct gen *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(g->out, fmt, ap);
	va_end(ap);
}

#define PICK(g, list) ((list)[below((g), sizeof(list) / sizeof(*(list)))])

void gen_literal(struct gen *g)
{
	static const char *const odd[] = {
		"0", "1", "-1", "2", "0x7f", "0x80", "0xff", "-128", "0x7fff", "0x8000", "0xffff",
		"0x7fffffff", "0x80000000", "0xffffffffu", "(-2147483647 - 1)",
		"0x7fffffffffffffffll", "0x8000000000000000ull", "~0ull", "'a'", "'\\n'",
		"'\\377'", "RED", "LAST", "LOW", "HIGH", "1u", "1l", "1ul", "sizeof(struct node)",
		"sizeof(u16)", "(u8)300", "(s8)200", "!0",
		"__builtin_offsetof(struct big, s)", "_Alignof(u64)", "010",
	};

	switch (below(g, 4)) {
	case 0:
		emit(g, "%s", PICK(g, odd));
		break;
	case 1:
		emit(g, "%u", below(g, 70));
		break;
	case 2:
		emit(g, "0x%llx%s", (unsigned long long)rnd(g) >> below(g, 64),
		     below(g, 2) ? "" : "ull");
		break;
	default:
		emit(g, "%s0x%x", below(g, 2) ? "-" : "",
		     (unsigned)(rnd(g) >> (32 + below(g, 32))));
	}
}

const struct place *gen_pick(struct gen *g, bool to_write)
{
	for (;;) {
		bool local = !g->fields.n || g->pure || chance(g, 50);
		unsigned n = local ? g->locals.n : g->fields.n;
		const struct place *p;

		if (!n)
			return NULL;
		p = local ? &g->locals.v[below(g, n)] : &g->fields.v[below(g, n)];
		if (!to_write || !p->read_only)
			return p;
	}
}

/* What comes before a field of a struct node. */
static void gen_node(struct gen *g)
{
	switch (below(g, 4)) {
	case 0:
		emit(g, "m->nodes[%u].", below(g, 4));
		break;
	case 1:
		emit(g, "m->cur->");
		break;
	case 2:
		emit(g, "(*np).");
		break;
	default:
		emit(g, "np->");
	}
}

static void gen_index(struct gen *g, unsigned mask)
{
	if (chance(g, 40)) {
		emit(g, "%u", below(g, mask + 1));
		return;
	}
	gen_expr(g, 1);
	emit(g, " & %u", mask);
}

void gen_place(struct gen *g, const struct place *p)
{
	bool star = p->mask && chance(g, 15);

	emit(g, star ? "(*(" : "");
	if (p->in_node)
		gen_node(g);
	emit(g, "%s", p->pre);
	if (p->mask) {
		emit(g, star ? " + (" : "[");
		gen_index(g, p->mask);
		emit(g, star ? ")))" : "]");
	}
	emit(g, "%s", p->post);
}

static void gen_read(struct gen *g)
{
	const struct place *p = chance(g, 20) && g->effects.n ?
		&g->effects.v[below(g, g->effects.n)] : gen_pick(g, false);

	if (!p) {
		gen_literal(g);
		return;
	}
	if (p->width > 32)
		emit(g, "(%s)", ty_info[p->ty].name);
	gen_place(g, p);
}

static void gen_binary(struct gen *g, int depth)
{
	static const char *const ops[] = { "+", "-", "*", "&", "|", "^", "&", "|", "==", "!=", "<",
					   ">", "<=", ">=", "&&", "||" };

	emit(g, "(");
	gen_expr(g, depth);
	emit(g, " %s ", PICK(g, ops));
	gen_expr(g, depth);
	emit(g, ")");
}

/* The left operand is cast, so that the width after promotion is known. */
static void gen_shift(struct gen *g, int depth)
{
	enum ty ty = gen_type(g);

	emit(g, "((%s)", ty_info[ty].name);
	gen_expr(g, depth);
	emit(g, chance(g, 50) ? " << (" : " >> (");
	gen_expr(g, depth);
	emit(g, " & %d))", ty_info[ty].bits == 64 ? 63 : 31);
}

static void gen_division(struct gen *g, int depth)
{
	emit(g, "(");
	gen_expr(g, depth);
	emit(g, chance(g, 50) ? " / " : " %% ");
	/* GCC makes a - (b / c) of a constant b to a + b / -c, and c must not be 1 for that. */
	emit(g, chance(g, 30) ? "-(2 + (0x7f & " : "(2 + (0x7f & ");
	gen_expr(g, depth);
	emit(g, ")))");
}

static void gen_unary(struct gen *g, int depth)
{
	static const char *const ops[] = { "- ", "~", "!", "+ ", "!!" };

	emit(g, "(%s", PICK(g, ops));
	gen_expr(g, depth);
	emit(g, ")");
}

static void gen_cast(struct gen *g, int depth)
{
	emit(g, "((%s)", ty_info[gen_type(g)].name);
	gen_expr(g, depth);
	emit(g, ")");
}

static void gen_conditional(struct gen *g, int depth)
{
	emit(g, "(");
	gen_expr(g, depth);
	if (chance(g, 25)) {
		emit(g, " ?: ");
	} else {
		emit(g, " ? ");
		gen_expr(g, depth);
		emit(g, " : ");
	}
	gen_expr(g, depth);
	emit(g, ")");
}

/* ({ T t = E; t op= E; t; }) */
static void gen_statement_expr(struct gen *g, int depth)
{
	static const char *const ops[] = { "+=", "-=", "*=", "&=", "|=", "^=", "=" };
	unsigned t = g->temps++;

	emit(g, "({ %s t%u = ", ty_info[gen_type(g)].name, t);
	gen_expr(g, depth);
	emit(g, "; t%u %s ", t, PICK(g, ops));
	gen_expr(g, depth);
	switch (below(g, 3)) {
	case 0:
		emit(g, "; if (t%u & 1) t%u++; t%u; })", t, t, t);
		break;
	case 1:
		emit(g, "; __auto_type r%u = t%u; r%u; })", t, t, t);
		break;
	default:
		emit(g, "; t%u; })", t);
	}
}

static void gen_builtin(struct gen *g, int depth)
{
	static const char *const unary[] = {
		"__builtin_expect(!!", "__builtin_bswap16(", "__builtin_bswap32(",
		"__builtin_bswap64(", "__builtin_clz(1u | ", "__builtin_clzll(1ull | ",
		"__builtin_ctz(0x80000000u | ", "__builtin_ctzll(1ull << 63 | ", "__builtin_ffs(",
		"__builtin_ffsll(", "__builtin_popcount(", "__builtin_popcountll(",
	};
	unsigned k = below(g, sizeof(unary) / sizeof(*unary));

	emit(g, "%s", unary[k]);
	gen_expr(g, depth);
	emit(g, k ? ")" : ", 1)");
}

static void gen_overflow(struct gen *g, int depth)
{
	static const char *const ops[] = { "add", "sub", "mul" };
	unsigned t = g->temps++;
	enum ty ty;

	do
		ty = gen_type(g);
	while (ty == BOOL || ty == ENUM || ty == SENUM);
	emit(g, "({ %s t%u; u64 r%u = __builtin_%s_overflow(", ty_info[ty].name, t, t,
	     PICK(g, ops));
	gen_expr(g, depth);
	emit(g, ", ");
	gen_expr(g, depth);
	emit(g, ", &t%u); r%u ^ t%u; })", t, t, t);
}

/* The + makes a value of what could be a bit-field, which has no type to ask for. */
static void gen_compile_time(struct gen *g, int depth)
{
	switch (below(g, 5)) {
	case 0:
		emit(g, "__builtin_choose_expr(sizeof(long) == 8, ");
		gen_expr(g, depth);
		emit(g, ", (u8)1)");
		break;
	case 1:
		emit(g, "__builtin_types_compatible_p(__typeof__(+ ");
		gen_expr(g, depth);
		emit(g, "), %s)", ty_info[gen_type(g)].name);
		break;
	case 2:
		emit(g, "_Generic(+ ");
		gen_expr(g, depth);
		emit(g, ", int: 1, unsigned int: 2, long: 3, unsigned long long: 4, default: 5)");
		break;
	case 3:
		emit(g, "sizeof(+ ");
		gen_expr(g, depth);
		emit(g, ")");
		break;
	default:
		emit(g, "((__typeof__(+ ");
		gen_expr(g, depth);
		emit(g, "))");
		gen_expr(g, depth);
		emit(g, ")");
	}
}

static void gen_compound_literal(struct gen *g, int depth)
{
	static const char *const fields[] = { "x", "y", "z", "v", "w" };

	if (chance(g, 50)) {
		emit(g, "((struct pair){ .z = ");
		gen_expr(g, depth);
		emit(g, ", .x = ");
		gen_expr(g, depth);
		emit(g, ", .v = ");
		gen_expr(g, depth);
		emit(g, " }).%s", PICK(g, fields));
		return;
	}
	emit(g, "((%s[4]){ ", ty_info[gen_type(g)].name);
	gen_expr(g, depth);
	emit(g, ", [2] = ");
	gen_expr(g, depth);
	emit(g, " })[");
	gen_expr(g, depth);
	emit(g, " & 3]");
}

/* Helpers compute from their arguments alone, so calls may stand in any order. */
static void gen_helper_call(struct gen *g, int depth)
{
	const struct helper *h;
	unsigned k;

	if (!g->helpers.n || g->cost + 4 * g->times > GEN_COST_MAX) {
		gen_literal(g);
		return;
	}
	g->cost += 4 * g->times;
	k = below(g, g->helpers.n);
	h = &g->helpers.v[k];
	emit(g, chance(g, 20) ? "(*h%u)(" : "h%u(", k);
	for (unsigned i = 0; i < h->nparams; i++) {
		emit(g, i ? ", " : "");
		gen_expr(g, depth);
	}
	emit(g, ")");
}

static void gen_struct_call(struct gen *g, int depth)
{
	static const char *const fields[] = { "x", "y", "z", "v", "w" };
	static const char *const args[] = { "sp", "m->pr", "m->bg.p" };

	if (g->pure || !g->helpers.n || g->cost + 6 * g->times > GEN_COST_MAX) {
		gen_literal(g);
		return;
	}
	g->cost += 6 * g->times;
	switch (below(g, 4)) {
	case 0:
		emit(g, "mix_pair(%s, ", PICK(g, args));
		gen_expr(g, depth);
		emit(g, ").%s", PICK(g, fields));
		break;
	case 1:
		emit(g, "mix_big(m->bg, sp, ");
		gen_expr(g, depth);
		emit(g, ").%s", chance(g, 50) ? "q[1]" : chance(g, 50) ? "t" : "p.y");
		break;
	case 2:
		emit(g, "table[");
		gen_expr(g, depth);
		emit(g, " & 3].op(");
		gen_expr(g, depth);
		emit(g, ", table[%u].key)", below(g, 4));
		break;
	default:
		emit(g, "sum(%u", below(g, 4));
		for (unsigned i = 0; i < 3; i++) {
			emit(g, ", (%s)", chance(g, 50) ? "u64" : "s64");
			gen_expr(g, depth);
		}
		emit(g, ")");
	}
}

/* Addresses within one array, compared and subtracted. */
static void gen_pointers(struct gen *g)
{
	if (g->pure) {
		gen_literal(g);
		return;
	}
	switch (below(g, 4)) {
	case 0:
		emit(g, "(&m->nodes[");
		gen_index(g, 3);
		emit(g, "] - np)");
		break;
	case 1:
		emit(g, "(np %s &m->nodes[", chance(g, 50) ? "<" : "==");
		gen_index(g, 3);
		emit(g, "])");
		break;
	case 2:
		emit(g, "((u8 *)np - (u8 *)m)");
		break;
	default:
		emit(g, "((u8 *)m)[");
		gen_expr(g, 1);
		emit(g, " & 31]");
	}
}

/* E , E and a designator of a function's own parameters: what is left. */
static void gen_comma(struct gen *g, int depth)
{
	emit(g, "((void)");
	gen_expr(g, depth);
	emit(g, ", ");
	gen_expr(g, depth);
	emit(g, ")");
}

void gen_expr(struct gen *g, int depth)
{
	unsigned k = below(g, 100);

	if (depth <= 0 || k < 12) {
		if (chance(g, 30))
			gen_literal(g);
		else
			gen_read(g);
		return;
	}
	depth--;
	if (k < 42)
		gen_binary(g, depth);
	else if (k < 52)
		gen_shift(g, depth);
	else if (k < 56)
		gen_division(g, depth);
	else if (k < 63)
		gen_unary(g, depth);
	else if (k < 73)
		gen_cast(g, depth);
	else if (k < 80)
		gen_conditional(g, depth);
	else if (k < 83)
		gen_statement_expr(g, depth);
	else if (k < 86)
		gen_builtin(g, depth);
	else if (k < 88)
		gen_overflow(g, depth);
	else if (k < 90)
		gen_compile_time(g, depth);
	else if (k < 92)
		gen_compound_literal(g, depth);
	else if (k < 95)
		gen_helper_call(g, depth);
	else if (k < 97)
		gen_struct_call(g, depth);
	else if (k < 99)
		gen_pointers(g);
	else
		gen_comma(g, depth);
}

/*
 * Effects only within operators that sequence their operands. What an effect
 * writes is never what the statement around it assigns to.
 */
void gen_effect(struct gen *g)
{
	const struct place *p = &g->effects.v[below(g, g->effects.n)];
	const struct place *q = &g->effects.v[below(g, g->effects.n)];

	switch (below(g, 6)) {
	case 0:
		emit(g, "(%s++, ", p->pre);
		gen_expr(g, 2);
		emit(g, ")");
		break;
	case 1:
		emit(g, "(");
		gen_expr(g, 2);
		emit(g, " %s (%s = ", chance(g, 50) ? "&&" : "||", p->pre);
		gen_expr(g, 2);
		emit(g, "))");
		break;
	case 2:
		emit(g, "(");
		gen_expr(g, 1);
		emit(g, " ? %s%s : --%s)", p->pre, chance(g, 50) ? "++" : "--", q->pre);
		break;
	case 3:
		emit(g, "(%s ^= ", p->pre);
		gen_expr(g, 2);
		emit(g, ", %s %s ? ++%s : ", p->pre, chance(g, 50) ? "> 3" : "& 4", q->pre);
		gen_expr(g, 1);
		emit(g, ")");
		break;
	case 4:
		emit(g, "({ if (");
		gen_expr(g, 1);
		emit(g, ") %s += ", p->pre);
		gen_expr(g, 2);
		emit(g, "; %s; })", q->pre);
		break;
	default:
		emit(g, "(%s = ", p->pre);
		gen_expr(g, 3);
		emit(g, ")");
	}
}
