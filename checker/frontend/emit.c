/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

/* ------------------------------------------------------ places and blocks */

void lw_at(struct lower *lw, CXCursor c)
{
	if (c.data[1] == lw->at.data[1] && c.data[0] == lw->at.data[0] && c.kind == lw->at.kind)
		return;
	lw->at = c;
	lw->loc_known = false;
}

void lw_at_end(struct lower *lw, CXCursor c)
{
	lw->at = clang_getNullCursor();
	lw->loc = fe_loc_end(lw->fe, c);
	lw->loc_known = true;
}

ir_loc lw_loc(struct lower *lw)
{
	if (!lw->loc_known && clang_isDeclaration(lw->at.kind))
		lw->loc = fe_loc(lw->fe, clang_Cursor_getSpellingNameRange(lw->at, 0, 0));
	else if (!lw->loc_known)
		lw->loc = fe_loc(lw->fe, clang_getCursorExtent(lw->at));
	lw->loc_known = true;
	return lw->loc;
}

uint32_t lw_block(struct lower *lw)
{
	array_push(&lw->blocks, (struct lblock){ .closed = false });
	return lw->blocks.n - 1;
}

void lw_start(struct lower *lw, uint32_t block)
{
	if (lw->cur != IR_NONE)
		lw_jump(lw, block);
	lw->cur = block;
}

static void use_block(struct lower *lw, uint32_t block)
{
	array_at(&lw->blocks, block).used = true;
}

/* Ends the current block, if there is one. */
void lw_term(struct lower *lw, struct ir_term t)
{
	struct lblock *b;

	if (lw->cur == IR_NONE)
		return;
	t.loc = lw_loc(lw);
	b = &array_at(&lw->blocks, lw->cur);
	b->b.term = t;
	b->closed = true;
	for (uint32_t i = 0; i < t.nsucc; i++)
		use_block(lw, t.succ[i]);
	for (uint32_t i = 0; i < t.ncases; i++)
		use_block(lw, t.cases[i].block);
	lw->cur = IR_NONE;
}

uint32_t *lw_succs(struct lower *lw, uint32_t a, uint32_t b, uint32_t n)
{
	uint32_t *s = arena_new_array(&lw->u->arena, uint32_t, n);

	if (n)
		s[0] = a;
	if (n > 1)
		s[1] = b;
	return s;
}

void lw_jump(struct lower *lw, uint32_t block)
{
	if (lw->cur == IR_NONE)
		return;
	lw_term(lw, (struct ir_term){ .kind = IR_JMP, .nsucc = 1,
				      .succ = lw_succs(lw, block, 0, 1) });
}

void lw_branch(struct lower *lw, struct ir_val bit, uint32_t yes, uint32_t no)
{
	uint64_t v;

	if (yes == no)
		lw_jump(lw, yes);
	else if (lw_const_of(lw, bit, &v))
		lw_jump(lw, v ? yes : no);
	else
		lw_term(lw, (struct ir_term){ .kind = IR_BR, .cond = bit, .nsucc = 2,
					      .succ = lw_succs(lw, yes, no, 2) });
}

/* ----------------------------------------------------------- instructions */

struct ir_insn *lw_emit(struct lower *lw, enum ir_op op)
{
	ir_loc loc = lw_loc(lw);
	struct ir_insn *i;

	/* Behind a return inside an expression; finish.c drops such a block. */
	if (lw->cur == IR_NONE)
		lw->cur = lw_block(lw);
	i = array_add(&array_at(&lw->blocks, lw->cur).b.insns);
	i->op = (uint8_t)op;
	i->dst = IR_NONE;
	i->rec = IR_NONE;
	i->loc = loc;
	return i;
}

struct ir_val lw_dst(struct lower *lw, struct ir_insn *i, struct ir_type t)
{
	array_push(&lw->temps, (struct ir_temp){ t });
	i->dst = lw->temps.n - 1;
	i->width = t.width;
	return ir_temp_val(i->dst);
}

struct ir_type lw_int_type(unsigned width, bool is_signed)
{
	return (struct ir_type){ .kind = IR_T_INT, .width = (uint8_t)width,
				 .is_signed = is_signed, .rec = IR_NONE, .size = width };
}

struct ir_val lw_const(struct lower *lw, uint64_t v, unsigned width)
{
	return ir_const(lw->u, v, (uint8_t)width);
}

bool lw_const_of(const struct lower *lw, struct ir_val v, uint64_t *value)
{
	if (v.kind != IR_V_CONST)
		return false;
	*value = lw->u->consts.v[v.i].value;
	return true;
}

unsigned lw_width(const struct lower *lw, struct ir_val v)
{
	if (v.kind == IR_V_CONST)
		return lw->u->consts.v[v.i].width;
	return v.kind == IR_V_TEMP ? lw->temps.v[v.i].type.width : 0;
}

static int64_t as_signed(uint64_t v, unsigned width)
{
	return (int64_t)(v << (64 - width)) >> (64 - width);
}

/* False where C leaves the result open; the instruction stays then. */
static bool fold2(enum ir_op op, uint64_t a, uint64_t b, unsigned w, uint64_t *out)
{
	int64_t sa = as_signed(a, w), sb = as_signed(b, w);

	switch (op) {
	case IR_ADD: *out = a + b; return true;
	case IR_SUB: *out = a - b; return true;
	case IR_MUL: *out = a * b; return true;
	case IR_AND: *out = a & b; return true;
	case IR_OR: *out = a | b; return true;
	case IR_XOR: *out = a ^ b; return true;
	case IR_SHL: *out = b < w ? a << b : 0; return b < w;
	case IR_LSHR: *out = b < w ? a >> b : 0; return b < w;
	case IR_ASHR: *out = b < w ? (uint64_t)(sa >> b) : 0; return b < w;
	case IR_UDIV: *out = b ? a / b : 0; return b != 0;
	case IR_UREM: *out = b ? a % b : 0; return b != 0;
	case IR_SDIV:
		if (!b || sb == -1)
			return false;
		*out = (uint64_t)(sa / sb);
		return true;
	case IR_SREM:
		if (!b || sb == -1)
			return false;
		*out = (uint64_t)(sa % sb);
		return true;
	case IR_EQ: *out = a == b; return true;
	case IR_NE: *out = a != b; return true;
	case IR_ULT: *out = a < b; return true;
	case IR_ULE: *out = a <= b; return true;
	case IR_SLT: *out = sa < sb; return true;
	case IR_SLE: *out = sa <= sb; return true;
	default: return false;
	}
}

static bool is_const(const struct lower *lw, struct ir_val v, uint64_t want)
{
	uint64_t c;

	return lw_const_of(lw, v, &c) && c == want;
}

/* a op b is a, or b, whatever the other one is. */
static bool fold_identity(const struct lower *lw, enum ir_op op, struct ir_val a, struct ir_val b,
			  struct ir_val *out)
{
	*out = a;
	switch (op) {
	case IR_ADD: case IR_OR: case IR_XOR:
		if (is_const(lw, a, 0)) {
			*out = b;
			return true;
		}
		return is_const(lw, b, 0);
	case IR_SUB: case IR_SHL: case IR_LSHR: case IR_ASHR:
		return is_const(lw, b, 0);
	case IR_AND:
		if (is_const(lw, b, 0))
			*out = b;
		return is_const(lw, a, 0) || is_const(lw, b, 0);
	case IR_MUL: case IR_UDIV: case IR_SDIV:
		return is_const(lw, b, 1);
	default:
		return false;
	}
}

struct ir_val lw_op2(struct lower *lw, enum ir_op op, struct ir_val a, struct ir_val b,
		     struct ir_type t)
{
	uint64_t x, y, r;
	struct ir_insn *i;
	struct ir_val v;

	if (lw_const_of(lw, a, &x) && lw_const_of(lw, b, &y) &&
	    fold2(op, x, y, lw_width(lw, a), &r))
		return lw_const(lw, r, t.width);
	if (fold_identity(lw, op, a, b, &v))
		return v;
	i = lw_emit(lw, op);
	i->a = a;
	i->b = b;
	return lw_dst(lw, i, t);
}

struct ir_val lw_cmp(struct lower *lw, enum ir_op op, struct ir_val a, struct ir_val b)
{
	return lw_op2(lw, op, a, b, lw_int_type(1, false));
}

static bool fold1(enum ir_op op, uint64_t a, unsigned from, uint64_t *out)
{
	switch (op) {
	case IR_COPY: case IR_TRUNC: case IR_ZEXT: *out = a; return true;
	case IR_SEXT: *out = (uint64_t)as_signed(a, from); return true;
	case IR_TOBOOL: *out = a != 0; return true;
	case IR_NOT: *out = ~a; return true;
	case IR_NEG: *out = -a; return true;
	default: return false;
	}
}

/* a is the negation just made: !!x is x. */
static bool is_double_not(const struct lower *lw, enum ir_op op, struct ir_val a,
			  struct ir_val *out)
{
	const struct ir_block *b = lw->cur == IR_NONE ? NULL : &lw->blocks.v[lw->cur].b;
	const struct ir_insn *i = b && b->insns.n ? &b->insns.v[b->insns.n - 1] : NULL;

	if (op != IR_NOT || !i || i->op != IR_NOT || a.kind != IR_V_TEMP || i->dst != a.i)
		return false;
	*out = i->a;
	return true;
}

struct ir_val lw_op1(struct lower *lw, enum ir_op op, struct ir_val a, struct ir_type t)
{
	struct ir_insn *i;
	struct ir_val v;
	uint64_t x, r;

	if (lw_const_of(lw, a, &x) && fold1(op, x, lw_width(lw, a), &r))
		return lw_const(lw, r, t.width);
	if (is_double_not(lw, op, a, &v))
		return v;
	i = lw_emit(lw, op);
	i->a = a;
	return lw_dst(lw, i, t);
}

struct ir_val lw_resize(struct lower *lw, struct ir_val a, unsigned width, bool is_signed)
{
	unsigned from = lw_width(lw, a);

	if (from == width)
		return a;
	return lw_op1(lw, width < from ? IR_TRUNC : is_signed ? IR_SEXT : IR_ZEXT, a,
		      lw_int_type(width, is_signed));
}

struct ir_val lw_ptroff(struct lower *lw, struct ir_val a, int64_t bits, struct ir_type t)
{
	struct ir_insn *i;
	uint64_t base;

	if (!bits)
		return a;
	if (lw_const_of(lw, a, &base))
		return lw_const(lw, base + (uint64_t)(bits / 8), t.width);
	i = lw_emit(lw, IR_PTROFF);
	i->a = a;
	i->off = bits;
	return lw_dst(lw, i, t);
}

struct ir_val lw_addr(struct lower *lw, enum ir_op op, uint32_t index, struct ir_type t)
{
	struct ir_insn *i = lw_emit(lw, op);

	i->imm = index;
	return lw_dst(lw, i, t);
}

/* No value of the IR is wider; what is, stays unknown in whatever is made of it. */
struct ir_type lw_value_type(struct ir_type t)
{
	return t.width > 64 ? lw_int_type(64, false) : t;
}

struct ir_val lw_unknown(struct lower *lw, struct ir_type t, enum ir_reason_kind kind,
			 const char *text)
{
	uint32_t reason = ir_reason_add(lw->u, kind, text, lw_loc(lw));
	struct ir_insn *i = lw_emit(lw, IR_UNKNOWN);

	i->imm = reason;
	return lw_dst(lw, i, lw_value_type(t));
}
