/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

static bool is_comparison(int op)
{
	return op >= CXBinaryOperator_LT && op <= CXBinaryOperator_NE;
}

/* ------------------------------------------------------------- arithmetic */

static enum ir_op arith_op(int op, bool is_signed)
{
	switch (op) {
	case CXBinaryOperator_Mul: return IR_MUL;
	case CXBinaryOperator_Div: return is_signed ? IR_SDIV : IR_UDIV;
	case CXBinaryOperator_Rem: return is_signed ? IR_SREM : IR_UREM;
	case CXBinaryOperator_Add: return IR_ADD;
	case CXBinaryOperator_Sub: return IR_SUB;
	case CXBinaryOperator_Shl: return IR_SHL;
	case CXBinaryOperator_Shr: return is_signed ? IR_ASHR : IR_LSHR;
	case CXBinaryOperator_And: return IR_AND;
	case CXBinaryOperator_Xor: return IR_XOR;
	case CXBinaryOperator_Or: return IR_OR;
	default: return IR_NOP;
	}
}

static bool is_shift(int op)
{
	return op == CXBinaryOperator_Shl || op == CXBinaryOperator_Shr;
}

static bool is_bitwise(int op)
{
	return op == CXBinaryOperator_And || op == CXBinaryOperator_Or ||
	       op == CXBinaryOperator_Xor;
}

/* a op b in the integer type t; b of a shift keeps its own type. */
struct val lw_arith(struct lower *lw, int op, struct val a, struct val b, ctype t)
{
	enum ir_op o = arith_op(op, t->t.is_signed);
	struct ir_val x, y;

	if (t->opaque || a.t->opaque || b.t->opaque || o == IR_NOP)
		return lw_convert(lw, lw_none(t->opaque ? t : a.t->opaque ? a.t : b.t), t);
	a = lw_convert(lw, a, t);
	if (is_bitwise(op)) {
		b = lw_convert(lw, b, t);
		if (a.bit && b.bit)
			return lw_bit(lw_op2(lw, o, a.v, b.v, lw_int_type(1, false)), t);
	}
	x = lw_force(lw, a);
	if (is_shift(op))
		y = lw_resize(lw, lw_force(lw, b), t->t.width, b.t->t.is_signed);
	else
		y = lw_force(lw, lw_convert(lw, b, t));
	return lw_val(lw_op2(lw, o, x, y, t->t), t);
}

static struct ir_val scaled(struct lower *lw, struct val index)
{
	struct ir_val v = lw_force(lw, index);

	return lw_resize(lw, v, 64, index.t->t.is_signed);
}

/* p + index or p - index. */
static struct val step_pointer(struct lower *lw, struct val p, struct val index, bool minus,
			       ctype t)
{
	uint64_t step = fe_step(lw->fe, t), k;
	struct ir_val ptr = lw_force(lw, p), i;
	struct ir_insn *insn;
	ctype e = fe_sub(lw->fe, t);

	if (e && e->is_vla)
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, "pointer to a variable-length array");
	i = scaled(lw, index);
	if (lw_const_of(lw, i, &k))
		return lw_val(lw_ptroff(lw, ptr, (int64_t)((minus ? -k : k) * step), t->t), t);
	if (minus)
		i = lw_op1(lw, IR_NEG, i, lw_int_type(64, true));
	insn = lw_emit(lw, IR_PTRADD);
	insn->a = ptr;
	insn->b = i;
	insn->off = (int64_t)step;
	return lw_val(lw_dst(lw, insn, t->t), t);
}

/* C defines p - q only where the distance is whole, so a shift divides exactly. */
static struct val pointer_distance(struct lower *lw, struct val p, struct val q, uint64_t step,
				   ctype t)
{
	struct ir_type s = lw_int_type(lw->u->ptr_width, true);
	struct ir_val a = lw_op1(lw, IR_COPY, lw_force(lw, p), s);
	struct ir_val b = lw_op1(lw, IR_COPY, lw_force(lw, q), s);
	struct ir_val d = lw_op2(lw, IR_SUB, a, b, s);
	uint64_t bytes = step / 8, shift;

	if (!bytes)
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, "distance in objects of size 0");
	shift = (unsigned)__builtin_ctzll(bytes);
	if (bytes & (bytes - 1))
		d = lw_op2(lw, IR_SDIV, d, lw_const(lw, bytes, s.width), s);
	else
		d = lw_op2(lw, IR_ASHR, d, lw_const(lw, shift, s.width), s);
	return lw_convert(lw, lw_val(d, lw->fe->t_long), t);
}

static struct val additive(struct lower *lw, int op, struct val a, struct val b, ctype at, ctype bt,
			   ctype t)
{
	bool minus = op == CXBinaryOperator_Sub;

	if (fe_is_ptr(t))
		return fe_is_ptr(at) ? step_pointer(lw, a, b, minus, t) :
				       step_pointer(lw, b, a, false, t);
	if (minus && fe_is_ptr(at) && fe_is_ptr(bt))
		return pointer_distance(lw, a, b, fe_step(lw->fe, at), t);
	return lw_arith(lw, op, a, b, t);
}

/* ------------------------------------------------------------ comparisons */

/* A truth value compared with 0 or 1. */
static bool compare_bit(struct lower *lw, int op, struct val a, struct val b, struct ir_val *out)
{
	bool same;
	uint64_t k;

	if (!a.bit || !lw_const_of(lw, b.v, &k) || k > 1 ||
	    (op != CXBinaryOperator_EQ && op != CXBinaryOperator_NE))
		return false;
	same = (op == CXBinaryOperator_EQ) == (k == 1);
	*out = same ? a.v : lw_op1(lw, IR_NOT, a.v, lw_int_type(1, false));
	return true;
}

static struct ir_val compare(struct lower *lw, int op, struct val a, struct val b)
{
	bool is_signed = a.t->t.kind == IR_T_INT && a.t->t.is_signed;
	struct ir_val x, y, bit;

	if (a.t->opaque || b.t->opaque)
		return lw_truth(lw, lw_none(a.t->opaque ? a.t : b.t));
	if (compare_bit(lw, op, a, b, &bit))
		return bit;
	x = lw_force(lw, a);
	y = lw_force(lw, b);
	y = lw_resize(lw, y, lw_width(lw, x), b.t->t.is_signed);
	switch (op) {
	case CXBinaryOperator_LT: return lw_cmp(lw, is_signed ? IR_SLT : IR_ULT, x, y);
	case CXBinaryOperator_GT: return lw_cmp(lw, is_signed ? IR_SLT : IR_ULT, y, x);
	case CXBinaryOperator_LE: return lw_cmp(lw, is_signed ? IR_SLE : IR_ULE, x, y);
	case CXBinaryOperator_GE: return lw_cmp(lw, is_signed ? IR_SLE : IR_ULE, y, x);
	case CXBinaryOperator_EQ: return lw_cmp(lw, IR_EQ, x, y);
	default: return lw_cmp(lw, IR_NE, x, y);
	}
}

/* ------------------------------------------------------------- assignment */

static struct val assign(struct lower *lw, CXCursor c, struct kids k, ctype t)
{
	struct place p = lw_modified(lw, k.v[0]), from;
	struct val v;

	if (fe_is_agg(t)) {
		from = lw_aggregate(lw, k.v[1]);
		lw_at(lw, c);
		lw_copy(lw, p, lw_address(lw, from), 0);
		return lw_val(lw_address(lw, p), t);
	}
	v = lw_convert(lw, lw_rvalue(lw, k.v[1]), p.t);
	lw_at(lw, c);
	return lw_store(lw, p, v, 0);
}

static int base_operator(int op)
{
	static const uint8_t base[] = {
		[CXBinaryOperator_MulAssign] = CXBinaryOperator_Mul,
		[CXBinaryOperator_DivAssign] = CXBinaryOperator_Div,
		[CXBinaryOperator_RemAssign] = CXBinaryOperator_Rem,
		[CXBinaryOperator_AddAssign] = CXBinaryOperator_Add,
		[CXBinaryOperator_SubAssign] = CXBinaryOperator_Sub,
		[CXBinaryOperator_ShlAssign] = CXBinaryOperator_Shl,
		[CXBinaryOperator_ShrAssign] = CXBinaryOperator_Shr,
		[CXBinaryOperator_AndAssign] = CXBinaryOperator_And,
		[CXBinaryOperator_XorAssign] = CXBinaryOperator_Xor,
		[CXBinaryOperator_OrAssign] = CXBinaryOperator_Or,
	};

	return op > 0 && (size_t)op < sizeof(base) ? base[op] : 0;
}

/*
 * libclang does not show the type in which a op= b computes: the promoted type
 * of a for a shift, else the usual arithmetic conversions.
 */
static struct val updated(struct lower *lw, int op, struct place p, struct val old, struct val b)
{
	ctype lt = lw_promoted(lw, p.t, p.bits), rt = lw_promoted(lw, b.t, 0);
	ctype t = is_shift(op) ? lt : lw_usual(lw, lt, rt);

	return lw_convert(lw, additive(lw, op, lw_convert(lw, old, t), b, t, rt, t), p.t);
}

struct val lw_compound_assign(struct lower *lw, CXCursor c)
{
	int op = base_operator((int)clang_getCursorBinaryOperatorKind(c));
	struct kids k = lw_kids(lw, c);
	struct val old, v;
	struct place p;

	if (k.n != 2 || !op)
		return lw_unmodelled(lw, c, "compound assignment of unknown shape");
	p = lw_modified(lw, k.v[0]);
	v = lw_rvalue(lw, k.v[1]);
	lw_at(lw, c);
	old = lw_load(lw, p);
	v = updated(lw, op, p, old, v);
	return lw_store(lw, p, v, 0);
}

static struct val step(struct lower *lw, CXCursor c, struct kids k, bool minus, bool post)
{
	int op = minus ? CXBinaryOperator_Sub : CXBinaryOperator_Add;
	struct val one = lw_val(lw_const(lw, 1, 32), lw->fe->t_int), old, v;
	struct place p = lw_modified(lw, k.v[0]);

	lw_at(lw, c);
	old = lw_load(lw, p);
	v = lw_store(lw, p, updated(lw, op, p, old, one), 0);
	return post ? old : v;
}

/* --------------------------------------------------------------- operators */

struct val lw_binary(struct lower *lw, CXCursor c)
{
	int op = (int)clang_getCursorBinaryOperatorKind(c);
	struct kids k = lw_kids(lw, c);
	ctype t = lw_type(lw, c);
	struct val a, b;

	if (k.n != 2)
		return lw_unmodelled(lw, c, "operator of unknown shape");
	switch (op) {
	case CXBinaryOperator_Assign:
		return assign(lw, c, k, t);
	case CXBinaryOperator_Comma:
		lw_effect(lw, k.v[0]);
		return lw_rvalue(lw, k.v[1]);
	case CXBinaryOperator_LAnd:
	case CXBinaryOperator_LOr:
		return lw_logical(lw, c);
	default:
		break;
	}
	a = lw_rvalue(lw, k.v[0]);
	b = lw_rvalue(lw, k.v[1]);
	lw_at(lw, c);
	if (is_comparison(op))
		return lw_bit(compare(lw, op, a, b), t);
	return additive(lw, op, a, b, a.t, b.t, t);
}

static struct val address_of(struct lower *lw, CXCursor operand, ctype t)
{
	struct place p = lw_is_lvalue(lw, operand) ? lw_lvalue(lw, operand) :
						     lw_aggregate(lw, operand);

	return lw_val(lw_address(lw, p), t);
}

static bool is_logical(struct lower *lw, CXCursor c)
{
	int op;

	c = lw_strip_parens(lw, c);
	if (clang_getCursorKind(c) != CXCursor_BinaryOperator)
		return false;
	op = (int)clang_getCursorBinaryOperatorKind(c);
	return op == CXBinaryOperator_LAnd || op == CXBinaryOperator_LOr;
}

static struct val negated(struct lower *lw, CXCursor c, CXCursor operand, ctype t)
{
	struct ir_val bit;

	if (is_logical(lw, operand))
		return lw_logical(lw, c);
	bit = lw_truth(lw, lw_rvalue(lw, operand));
	lw_at(lw, c);
	return lw_bit(lw_op1(lw, IR_NOT, bit, lw_int_type(1, false)), t);
}

static struct val arithmetic_unary(struct lower *lw, CXCursor c, CXCursor operand, int op, ctype t)
{
	struct val v = lw_convert(lw, lw_rvalue(lw, operand), t);

	if (t->opaque || op == CXUnaryOperator_Plus)
		return v;
	lw_at(lw, c);
	return lw_val(lw_op1(lw, op == CXUnaryOperator_Minus ? IR_NEG : IR_NOT, lw_force(lw, v),
			     t->t), t);
}

struct val lw_unary(struct lower *lw, CXCursor c)
{
	int op = (int)clang_getCursorUnaryOperatorKind(c);
	struct kids k = lw_kids(lw, c);
	ctype t = lw_type(lw, c);
	struct place p;

	if (k.n != 1)
		return lw_unmodelled(lw, c, "operator of unknown shape");
	switch (op) {
	case CXUnaryOperator_PostInc:
	case CXUnaryOperator_PostDec:
		return step(lw, c, k, op == CXUnaryOperator_PostDec, true);
	case CXUnaryOperator_PreInc:
	case CXUnaryOperator_PreDec:
		return step(lw, c, k, op == CXUnaryOperator_PreDec, false);
	case CXUnaryOperator_AddrOf:
		return address_of(lw, k.v[0], t);
	case CXUnaryOperator_Deref:
		p = lw_lvalue(lw, c);
		lw_at(lw, c);
		if (t->is_array || t->is_func)
			return lw_val(lw_address(lw, p), lw->fe->t_ptr);
		return lw_load(lw, p);
	case CXUnaryOperator_Plus:
	case CXUnaryOperator_Minus:
	case CXUnaryOperator_Not:
		return arithmetic_unary(lw, c, k.v[0], op, t);
	case CXUnaryOperator_LNot:
		return negated(lw, c, k.v[0], t);
	case CXUnaryOperator_Extension:
		return lw_rvalue(lw, k.v[0]);
	default:
		lw_effect(lw, k.v[0]);
		return lw_unknown_val(lw, t, IR_R_FLOAT, "complex number");
	}
}
