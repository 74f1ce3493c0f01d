/* SPDX-License-Identifier: MIT */
/*
 * Initial values of globals: the initialiser is lowered like any expression,
 * into a scratch function, and must come out as a constant or as the address
 * of something.
 */
#include "frontend/internal.h"

void fe_init_unknown(struct init_target *to)
{
	if (to->glob != IR_NONE)
		to->lw->u->globals.v[to->glob].init_unknown = true;
	else
		lw_fail(to->lw, IR_R_CONSTRUCT, "initialiser that is not modelled");
}

/* A later initialiser of the same bits wins (C11 6.7.9 19). */
void fe_init_drop(struct init_target *to, uint64_t off, uint64_t width)
{
	struct ir_global *g = &to->lw->u->globals.v[to->glob];
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->inits.n; i++) {
		struct ir_init *x = &g->inits.v[i];

		if (x->off + x->width <= off || off + width <= x->off)
			g->inits.v[n++] = *x;
	}
	g->inits.n = n;
}

static void add_init(struct init_target *to, struct ir_init x)
{
	struct ir_global *g = &to->lw->u->globals.v[to->glob];

	if (x.off < to->end)
		fe_init_drop(to, x.off, x.width);
	if (x.value || x.fn != IR_NONE || x.glob != IR_NONE)
		array_push(&g->inits, x);
}

static const struct ir_insn *definition(const struct lower *lw, uint32_t temp)
{
	for (uint32_t b = 0; b < lw->blocks.n; b++)
		for (uint32_t i = 0; i < lw->blocks.v[b].b.insns.n; i++)
			if (lw->blocks.v[b].b.insns.v[i].dst == temp)
				return &lw->blocks.v[b].b.insns.v[i];
	return NULL;
}

/* Follows the scratch instructions back to a symbol. */
static bool resolve(const struct lower *lw, struct ir_val v, struct ir_init *x)
{
	const struct ir_insn *i;

	while (v.kind == IR_V_TEMP) {
		i = definition(lw, v.i);
		if (!i)
			return false;
		x->value += (uint64_t)(i->off / 8);
		switch (i->op) {
		case IR_ADDR_FUNC:
			x->fn = i->imm;
			return true;
		case IR_ADDR_GLOBAL:
			x->glob = i->imm;
			return true;
		case IR_PTROFF:
		case IR_COPY:
			v = i->a;
			break;
		default:
			return false;
		}
	}
	return v.kind == IR_V_CONST && (x->value += lw->u->consts.v[v.i].value, true);
}

static void init_global_scalar(struct init_target *to, uint64_t off, uint64_t width, struct val v)
{
	struct ir_init x = { .off = off, .width = width, .fn = IR_NONE, .glob = IR_NONE };

	if (v.v.kind == IR_V_NONE || !resolve(to->lw, lw_force(to->lw, v), &x)) {
		fe_init_drop(to, off, width);
		fe_init_unknown(to);
		return;
	}
	if (width < 64 && x.fn == IR_NONE && x.glob == IR_NONE)
		x.value &= (1ull << width) - 1;
	add_init(to, x);
}

void fe_init_scalar(struct init_target *to, uint64_t off, ctype t, unsigned bits, struct val v)
{
	uint64_t width = bits ? bits : t->t.size;

	if (to->glob != IR_NONE)
		init_global_scalar(to, off, width, v);
	else
		lw_store(to->lw, lw_at_offset(to->p, off, t, bits), v, IR_F_INIT);
	if (to->end < off + width)
		to->end = off + width;
}

void fe_init_bytes(struct init_target *to, uint64_t off, const char *bytes, uint64_t n)
{
	for (uint64_t i = 0; i < n; i += 8) {
		struct ir_init x = { .off = off + i * 8, .fn = IR_NONE, .glob = IR_NONE };

		for (uint64_t k = 0; k < 8 && i + k < n; k++, x.width += 8)
			x.value |= (uint64_t)(unsigned char)bytes[i + k] << (8 * k);
		add_init(to, x);
	}
}

static CXCursor initialiser(struct frontend *fe, ir_glob g, struct lower *lw)
{
	CXCursor c = ((const struct fe_decl *)fe->unit.globals.v[g].decl)->cursor;
	struct kids k;

	if (clang_getCursorKind(c) != CXCursor_CompoundLiteralExpr)
		return clang_Cursor_getVarDeclInitializer(c);
	k = lw_kids(lw, c);
	return k.n ? k.v[k.n - 1] : clang_getNullCursor();
}

void fe_init_global(struct frontend *fe, ir_glob g)
{
	CXCursor decl = ((const struct fe_decl *)fe->unit.globals.v[g].decl)->cursor, init;
	struct lower lw;
	struct init_target to = { .lw = &lw, .glob = g };
	ctype t;

	lw_init(&lw, fe, IR_NONE);
	lw_at(&lw, decl);
	init = initialiser(fe, g, &lw);
	t = fe_type(fe, clang_getCursorType(decl));
	if (!clang_Cursor_isNull(init))
		lw_init_target(&to, t, init);
	if (lw.failed || lw_is_weak(&lw, decl))
		fe->unit.globals.v[g].init_unknown = true;
	lw_release(&lw);
}
