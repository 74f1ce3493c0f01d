/* SPDX-License-Identifier: MIT */
/* gen_stmt.c - random statements */
#include <stdio.h>

#include "gen_internal.h"

#define PICK(g, list) ((list)[below((g), sizeof(list) / sizeof(*(list)))])

void gen_line(struct gen *g)
{
	for (int i = 0; i < g->indent; i++)
		buffer_putc(g->out, '\t');
}

static void begin(struct gen *g)
{
	g->indent++;
	g->depth++;
}

static void end(struct gen *g, const char *text)
{
	g->indent--;
	g->depth--;
	gen_line(g);
	emit(g, "%s", text);
}

static void stmt_assign(struct gen *g)
{
	const struct place *p = gen_pick(g, true);

	gen_place(g, p);
	emit(g, " = ");
	gen_expr(g, 4);
	emit(g, ";\n");
}

static void stmt_compound(struct gen *g)
{
	static const char *const ops[] = { "+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%" };
	const struct place *p = gen_pick(g, true);
	unsigned op = below(g, sizeof(ops) / sizeof(*ops));
	bool divide = op >= 8, shift = op >= 6 && !divide;

	/* gcc divides in the width of the bit-field, clang in that of its type. */
	if (divide && p->width > 32) {
		divide = false;
		op = 0;
	}
	gen_place(g, p);
	emit(g, " %s= %s", ops[op], divide ? "1 + (0xff & " : "");
	gen_expr(g, 3);
	if (shift)
		emit(g, " & %d", ty_info[p->ty].bits == 64 && !p->width ? 63 : 31);
	emit(g, divide ? ");\n" : ";\n");
}

static void stmt_step(struct gen *g)
{
	const struct place *p = gen_pick(g, true);
	const char *op = chance(g, 50) ? "++" : "--";
	bool before = chance(g, 50);

	emit(g, "%s", before ? op : "");
	gen_place(g, p);
	emit(g, "%s;\n", before ? "" : op);
}

/* The value of an assignment, or of what has effects, into a variable that neither touches. */
static void stmt_value(struct gen *g)
{
	const struct place *to, *p;

	if (g->pure) {
		stmt_assign(g);
		return;
	}
	do
		to = &g->locals.v[below(g, g->locals.n)];
	while (!to->simple || to->read_only);
	emit(g, "%s = ", to->pre);
	if (chance(g, 60)) {
		gen_effect(g);
		emit(g, ";\n");
		return;
	}
	do
		p = gen_pick(g, true);
	while (p == to);
	if (chance(g, 30))
		emit(g, "%s = ", g->effects.v[below(g, g->effects.n)].pre);
	emit(g, "%s(", p->width > 32 ? "(u64)" : "");
	gen_place(g, p);
	emit(g, chance(g, 50) ? " = " : " += ");
	gen_expr(g, 2);
	emit(g, ");\n");
}

/* One of two variables of one type, chosen by a condition. */
static void stmt_choose(struct gen *g)
{
	static const char *const pairs[][2] = {
		{ "sp.x", "m->pr.x" }, { "m->bg.q[0]", "m->bg.q[1]" }, { "sp.y", "m->bg.p.y" },
		{ "sp.z", "m->pr.z" }, { "m->bg.q[1]", "b" },
	};
	unsigned k = below(g, sizeof(pairs) / sizeof(*pairs));

	emit(g, "*(");
	gen_expr(g, 2);
	emit(g, " ? &%s : &%s) %s= ", pairs[k][0], pairs[k][1], chance(g, 50) ? "^" : "");
	gen_expr(g, 2);
	emit(g, ";\n");
}

static void stmt_if(struct gen *g)
{
	emit(g, "if (");
	if (g->effects.n && chance(g, 20))
		gen_effect(g);
	else
		gen_expr(g, 3);
	emit(g, ") {\n");
	begin(g);
	gen_block(g, 1 + below(g, 3));
	if (chance(g, 50)) {
		end(g, "} else {\n");
		begin(g);
		gen_block(g, 1 + below(g, 2));
	}
	end(g, "}\n");
}

/* LOOP_OWN counts in a variable of its own; LOOP_NODES has another np in each turn. */
enum { LOOP_DO = 5, LOOP_KINDS, LOOP_OWN = LOOP_KINDS, LOOP_NODES, LOOP_ONCE, LOOP_ALL };

static void loop_head(struct gen *g, unsigned kind, unsigned i, unsigned count)
{
	static const char *const heads[LOOP_KINDS] = {
		"for (i%u = 0; i%u < %u; i%u++) {\n", "for (i%u = 0; i%u != %u; ++i%u) {\n",
		"for (i%u = 0;; i%u += 1) {\n", "i%u = %u;\n", "for (i%u = %u; i%u--;) {\n",
		"i%u = 0;\n",
	};

	if (kind == LOOP_OWN)
		emit(g, "for (%s i%u = 0, o%u = %u; i%u < o%u; i%u++, o%u--) {\n",
		     ty_info[U8 + below(g, S64 + 1)].name, i, i, 2 * count, i, i, i, i);
	else if (kind == LOOP_NODES)
		emit(g, "for (i%u = 0; i%u < 4; i%u++) {\n", i, i, i);
	else if (kind == LOOP_ONCE)
		emit(g, "do {\n");
	else if (kind < 2)
		emit(g, heads[kind], i, i, count, i);
	else if (kind == 2)
		emit(g, heads[kind], i, i);
	else
		emit(g, heads[kind], i, count, i);
	if (kind != 3 && kind != LOOP_DO)
		return;
	gen_line(g);
	if (kind == LOOP_DO)
		emit(g, "do {\n");
	else
		emit(g, "while (i%u-- > 0) {\n", i);
}

static void loop_body(struct gen *g, unsigned kind, unsigned i, unsigned count)
{
	if (kind == 2) {
		gen_line(g);
		emit(g, "if (i%u >= %u)\n", i, count);
		gen_line(g);
		emit(g, "\tbreak;\n");
	}
	if (kind == LOOP_NODES) {
		gen_line(g);
		emit(g, "struct node *np = m->nodes + i%u;\n", i);
	}
	gen_block(g, 1 + below(g, 3));
	if (chance(g, 30)) {
		gen_line(g);
		emit(g, "if (");
		gen_expr(g, 2);
		emit(g, ")\n");
		gen_line(g);
		emit(g, chance(g, 50) ? "\tbreak;\n" : "\tcontinue;\n");
		gen_block(g, 1);
	}
}

static void stmt_loop(struct gen *g)
{
	bool in_loop = g->in_loop, in_switch = g->in_switch;
	unsigned i = g->loops++, count = 1 + below(g, 4), times = g->times;
	unsigned kind = below(g, g->pure ? LOOP_KINDS : LOOP_ALL);
	char until[40];

	if (kind == LOOP_NODES)
		count = 4;
	g->in_loop = true;
	g->in_switch = false;
	g->times *= count;
	loop_head(g, kind, i, count);
	begin(g);
	loop_body(g, kind, i, count);
	snprintf(until, sizeof(until), "} while (++i%u < %u);\n", i, count);
	end(g, kind == LOOP_DO ? until : kind == LOOP_ONCE ? "} while (0);\n" : "}\n");
	g->times = times;
	g->in_loop = in_loop;
	g->in_switch = in_switch;
}

/* What a switch compares, and how its labels are written. */
static const struct {
	const char *cond, *label;
} switches[] = {
	{ "(", "%u" },
	{ "-9 + (int)(", "-9 + %u" },
	{ "(s8)(0x70 + (", "(s8)(0x70 + %u)" },
	{ "0xfffffff0u + (", "0xfffffff0u + %u" },
	{ "0x10000000000ull + (", "0x10000000000ll + %u" },
	{ "(u16)~(", "(u16)~%u" },
};

static void case_label(struct gen *g, unsigned kind, unsigned lo, unsigned hi)
{
	gen_line(g);
	emit(g, "case ");
	buffer_printf(g->out, switches[kind].label, lo);
	if (hi != lo) {
		emit(g, " ... ");
		buffer_printf(g->out, switches[kind].label, hi);
	}
	emit(g, ":\n");
}

static void switch_body(struct gen *g, unsigned kind)
{
	/* A range of cast or complemented labels could be empty: one value each. */
	bool ranges = kind != 2 && kind != 3 && kind != 5;
	unsigned v = below(g, 4), n = 2 + below(g, 5), def = below(g, n + 2);

	for (unsigned k = 0; k < n; k++) {
		unsigned hi = v + (ranges && chance(g, 30) ? below(g, 5) : 0);

		if (k == def) {
			gen_line(g);
			emit(g, "default:\n");
		}
		case_label(g, kind, v, hi);
		v = hi + 1 + below(g, 3);
		if (chance(g, 15)) {
			gen_line(g);
			emit(g, "\tif (0) {\n");
			case_label(g, kind, v, v);
			v += 1 + below(g, 3);
			begin(g);
			gen_block(g, 1);
			end(g, "\t}\n");
		}
		begin(g);
		gen_block(g, 1 + below(g, 2));
		g->indent--;
		g->depth--;
		gen_line(g);
		emit(g, chance(g, 70) ? "\tbreak;\n" : "\t__attribute__((fallthrough));\n");
	}
	gen_line(g);
	emit(g, "case 0x7ffff:\n");
	gen_line(g);
	emit(g, "\tbreak;\n");
}

static void stmt_switch(struct gen *g)
{
	bool in_switch = g->in_switch;
	unsigned kind = below(g, sizeof(switches) / sizeof(*switches));

	g->in_switch = true;
	emit(g, "switch (%s", switches[kind].cond);
	gen_expr(g, 3);
	emit(g, " & %u)%s) {\n", chance(g, 70) ? 15 : 31, kind == 2 ? ")" : "");
	switch_body(g, kind);
	gen_line(g);
	emit(g, "}\n");
	g->in_switch = in_switch;
}

static void stmt_call(struct gen *g)
{
	unsigned k = g->fn ? below(g, g->fn) : 0;
	const struct place *to;

	if (!g->fn || g->pure || g->cost + g->costs.v[k] * g->times > GEN_COST_MAX) {
		stmt_assign(g);
		return;
	}
	g->cost += g->costs.v[k] * g->times;
	do
		to = &g->locals.v[below(g, g->locals.n)];
	while (!to->simple || to->read_only);
	emit(g, "%s %s= f%u(", to->pre, chance(g, 40) ? "+" : "", k);
	gen_expr(g, 2);
	emit(g, ", ");
	gen_expr(g, 2);
	emit(g, ", m);\n");
}

static void stmt_record(struct gen *g)
{
	static const char *const whole[] = {
		"sp = m->pr;\n", "m->pr = sp;\n", "m->bg.p = m->pr;\n", "*np = m->nodes[1];\n",
		"m->nodes[2] = *m->cur;\n", "m->cur = np;\n", "np = m->cur;\n",
		"np = &m->nodes[3];\n",
		"np = np == m->nodes + 3 ? m->nodes : np + 1;\n", "sp = m->bg.p;\n",
		"{ struct node t = *np; t = *np; m->nodes[0] = t; }\n",
		"{ struct big t = { .p = sp }; t.q[1] = m->bg.q[0]; m->bg = t; }\n",
		"__builtin_memset(&m->bg, 0, sizeof(m->bg));\n",
		"__builtin_memcpy(&m->pr, &sp, sizeof(sp));\n",
		"m->bg = (struct big){ { 1, 2 }, { .y = -3, .w = 9 }, .t = -77 };\n",
	};
	static const char *const values[] = {
		"sp = mix_pair(sp, ", "m->pr = mix_pair(m->bg.p, ",
		"m->bg = mix_big(m->bg, m->pr, ",
		"m->cur = m->nodes + (3 & ", "sp = (struct pair)MAKE(",
	};

	if (chance(g, 50)) {
		emit(g, "%s", PICK(g, whole));
		return;
	}
	emit(g, "%s", PICK(g, values));
	gen_expr(g, 3);
	emit(g, ");\n");
}

/* A block with a variable that hides another. */
static void stmt_scope(struct gen *g)
{
	const struct place *to = gen_pick(g, true);
	unsigned t = g->temps++;

	emit(g, "{\n");
	begin(g);
	gen_line(g);
	emit(g, "%s t%u = ", ty_info[gen_type(g)].name, t);
	gen_expr(g, 3);
	emit(g, ";\n");
	gen_line(g);
	emit(g, "{ %s a = t%u; ", ty_info[gen_type(g)].name, t);
	gen_place(g, to);
	emit(g, " ^= a + ");
	gen_expr(g, 2);
	emit(g, "; }\n");
	end(g, "}\n");
}

static void stmt_leave(struct gen *g)
{
	if (g->in_loop && chance(g, 40)) {
		emit(g, chance(g, 50) && !g->in_switch ? "break;\n" : "continue;\n");
	} else if (chance(g, 50) && !g->pure) {
		emit(g, "goto l%u;\n", g->labels);
	} else {
		emit(g, "return ");
		gen_expr(g, 2);
		emit(g, ";\n");
	}
}

/* A variable that is due when its block is left, by whatever way. */
static void stmt_held(struct gen *g)
{
	unsigned t = g->temps++;

	emit(g, "{\n");
	begin(g);
	gen_line(g);
	emit(g, "struct held t%u __attribute__((cleanup(release))) = { m, ", t);
	gen_expr(g, 2);
	emit(g, " };\n");
	gen_block(g, 1 + below(g, 3));
	if (chance(g, 40)) {
		gen_line(g);
		emit(g, "t%u.key ^= ", t);
		gen_expr(g, 2);
		emit(g, ";\n");
	}
	if (chance(g, 60)) {
		gen_line(g);
		emit(g, "if (");
		gen_expr(g, 2);
		emit(g, ")\n");
		g->indent++;
		gen_line(g);
		stmt_leave(g);
		g->indent--;
		gen_block(g, 1);
	}
	end(g, "}\n");
}

static void stmt_atomic(struct gen *g)
{
	static const char *const ops[] = {
		"READ_ONCE(m->bg.s) + (",
		"xchg(&m->bg.q[1], ", "xadd(&m->bg.q[0], ", "cmpxchg(&m->bg.q[1], a, ",
		"xchg(&m->pr.x, ", "xadd(&m->pr.x, ", "cmpxchg(&m->pr.x, m->bg.p.x, ",
		"test_and_set(&m->bg.q[0], 63 & ", "lowest(", "highest(", "first_set(",
	};
	/* libclang tells the operands of an asm from 21 on. */
	unsigned n = PROTFLOW_LIBCLANG < 21 ? 1 : sizeof(ops) / sizeof(*ops);
	const struct place *to;

	do
		to = &g->locals.v[below(g, g->locals.n)];
	while (!to->simple || to->read_only);
	emit(g, "%s = %s", to->pre, ops[below(g, n)]);
	gen_expr(g, 3);
	emit(g, ");\n");
}

static void gen_stmt(struct gen *g)
{
	unsigned k = below(g, 100);
	bool deep = g->depth > 3 || g->cost > GEN_COST_MAX / 2;

	g->cost += g->times;
	gen_line(g);
	if (k < 30 || (deep && k < 60))
		stmt_assign(g);
	else if (k < 46 || (deep && k < 85))
		stmt_compound(g);
	else if (k < 52 || deep)
		stmt_step(g);
	else if (k < 60)
		stmt_value(g);
	else if (k < 61 && !g->pure)
		stmt_choose(g);
	else if (k < 72)
		stmt_if(g);
	else if (k < 80 && g->loops < GEN_LOOPS)
		stmt_loop(g);
	else if (k < 86)
		stmt_switch(g);
	else if (k < 90)
		stmt_call(g);
	else if (k < 94 && !g->pure)
		stmt_record(g);
	else if (k < 95 && !g->pure)
		stmt_atomic(g);
	else if (k < 97 && !g->pure)
		stmt_held(g);
	else if (k < 98 || !g->depth)
		stmt_scope(g);
	else
		stmt_leave(g);
}

void gen_block(struct gen *g, unsigned n)
{
	while (n--)
		gen_stmt(g);
}
