/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

struct val lw_val(struct ir_val v, ctype t)
{
	return (struct val){ .v = v, .t = t };
}

struct val lw_none(ctype t)
{
	return (struct val){ .v = IR_VAL_NONE, .t = t };
}

struct val lw_bit(struct ir_val bit, ctype t)
{
	return (struct val){ .v = bit, .bit = true, .t = t };
}

/* The value in the full width of its type. */
struct ir_val lw_force(struct lower *lw, struct val v)
{
	if (v.v.kind == IR_V_NONE)
		return lw_unknown(lw, fe_is_agg(v.t) || v.t->is_void ? lw->fe->t_ptr->t : v.t->t,
				  fe_opaque_kind(v.t), v.t->opaque ? v.t->opaque : "no value");
	if (!v.bit || v.t->t.width == 1)
		return v.v;
	return lw_op1(lw, IR_ZEXT, v.v, v.t->t);
}

struct ir_val lw_truth(struct lower *lw, struct val v)
{
	if (v.bit)
		return v.v;
	if (v.v.kind == IR_V_NONE)
		return lw_unknown(lw, lw_int_type(1, false), fe_opaque_kind(v.t),
				  v.t->opaque ? v.t->opaque : "no value");
	return lw_op1(lw, IR_TOBOOL, v.v, lw_int_type(1, false));
}

struct val lw_unknown_val(struct lower *lw, ctype t, enum ir_reason_kind kind, const char *text)
{
	if (t->is_void || t->opaque || fe_is_agg(t))
		return lw_none(t);
	return lw_val(lw_unknown(lw, t->t, kind, text), t);
}

static struct val from_opaque(struct lower *lw, struct val v, ctype to)
{
	const char *what = v.t->opaque ? v.t->opaque : "value of no type";

	return lw_unknown_val(lw, to, fe_opaque_kind(v.t), what);
}

static struct val to_bool(struct lower *lw, struct val v, ctype to)
{
	if (v.t->t.kind == IR_T_BOOL)
		return (struct val){ .v = v.v, .bit = v.bit, .t = to };
	return lw_bit(lw_truth(lw, v), to);
}

struct val lw_convert(struct lower *lw, struct val v, ctype to)
{
	ctype from = v.t;
	struct ir_val x;
	bool is_signed;

	if (to->is_void || to->opaque)
		return lw_none(to);
	if (fe_is_agg(to))
		return lw_val(v.v, to);
	if (from->opaque || v.v.kind == IR_V_NONE)
		return from_opaque(lw, v, to);
	if (to->t.kind == IR_T_BOOL)
		return to_bool(lw, v, to);
	if (v.bit && to->t.kind == IR_T_INT)
		return lw_bit(v.v, to);
	is_signed = from->t.kind == IR_T_INT && from->t.is_signed;
	x = lw_force(lw, v);
	/* Pointers change width as integers, and integers become pointers at full width. */
	if (fe_is_ptr(from) && !fe_is_ptr(to))
		x = lw_op1(lw, IR_COPY, x, lw_int_type(from->t.width, false));
	x = lw_resize(lw, x, to->t.width, is_signed);
	if (fe_is_ptr(to) && !fe_is_ptr(from) && !fe_is_agg(from))
		x = lw_op1(lw, IR_COPY, x, to->t);
	return lw_val(x, to);
}

/* A bit-field that int can hold becomes int, even an unsigned one (C11 6.3.1.1). */
ctype lw_promoted(struct lower *lw, ctype t, unsigned bits)
{
	unsigned width = bits ? bits : t->t.width;

	if (t->t.kind == IR_T_BOOL)
		return lw->fe->t_int;
	if (t->t.kind != IR_T_INT || t->opaque)
		return t;
	if (width < 32 || (width == 32 && t->t.is_signed))
		return lw->fe->t_int;
	if (width == 32 && bits)
		return lw->fe->t_uint;
	return t;
}

/* Of two promoted types. */
ctype lw_usual(struct lower *lw, ctype a, ctype b)
{
	(void)lw;
	if (a->t.kind == IR_T_FLOAT || fe_is_ptr(a))
		return a;
	if (b->t.kind == IR_T_FLOAT || fe_is_ptr(b))
		return b;
	if (a->t.width != b->t.width)
		return a->t.width > b->t.width ? a : b;
	return a->t.is_signed ? b : a;
}
