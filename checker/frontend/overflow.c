/* SPDX-License-Identifier: MIT */
/*
 * __builtin_add_overflow() and its relatives compute without limits and say
 * whether the result fits the type behind the third argument. Here: in two
 * words of 64 bits, which any two operands of up to 64 bits need.
 */
#include "frontend/internal.h"

#define W64 lw_int_type(64, false)

struct wide {
	struct ir_val lo, hi;	/* two's complement, 128 bits */
};

static struct ir_val c64(struct lower *lw, uint64_t v)
{
	return lw_const(lw, v, 64);
}

static struct ir_val op(struct lower *lw, enum ir_op o, struct ir_val a, struct ir_val b)
{
	return lw_op2(lw, o, a, b, W64);
}

static struct ir_val bit64(struct lower *lw, struct ir_val bit)
{
	return lw_op1(lw, IR_ZEXT, bit, W64);
}

static struct ir_val sign_word(struct lower *lw, struct ir_val v)
{
	return op(lw, IR_ASHR, v, c64(lw, 63));
}

static struct wide widened(struct lower *lw, struct val v)
{
	bool is_signed = v.t->t.kind == IR_T_INT && v.t->t.is_signed;
	struct ir_val lo = lw_resize(lw, lw_force(lw, v), 64, is_signed);

	return (struct wide){ lo, is_signed ? sign_word(lw, lo) : c64(lw, 0) };
}

static struct wide wide_add(struct lower *lw, struct wide a, struct wide b)
{
	struct ir_val lo = op(lw, IR_ADD, a.lo, b.lo);
	struct ir_val carry = bit64(lw, lw_cmp(lw, IR_ULT, lo, a.lo));
	struct ir_val hi = op(lw, IR_ADD, a.hi, b.hi);

	return (struct wide){ lo, op(lw, IR_ADD, hi, carry) };
}

static struct wide wide_sub(struct lower *lw, struct wide a, struct wide b)
{
	struct ir_val borrow = bit64(lw, lw_cmp(lw, IR_ULT, a.lo, b.lo));

	struct ir_val lo = op(lw, IR_SUB, a.lo, b.lo), hi = op(lw, IR_SUB, a.hi, b.hi);

	return (struct wide){ lo, op(lw, IR_SUB, hi, borrow) };
}

/* The unsigned product of two words, from those of their halves. */
static struct wide mul_words(struct lower *lw, struct ir_val a, struct ir_val b)
{
	struct ir_val n = c64(lw, 32), mask = c64(lw, 0xffffffffu);
	struct ir_val al = op(lw, IR_AND, a, mask), ah = op(lw, IR_LSHR, a, n);
	struct ir_val bl = op(lw, IR_AND, b, mask), bh = op(lw, IR_LSHR, b, n);
	struct ir_val ll = op(lw, IR_MUL, al, bl), hl = op(lw, IR_MUL, ah, bl);
	struct ir_val lh = op(lw, IR_MUL, al, bh), hh = op(lw, IR_MUL, ah, bh);
	struct ir_val mid = op(lw, IR_ADD, hl, op(lw, IR_LSHR, ll, n));
	struct ir_val low = op(lw, IR_ADD, lh, op(lw, IR_AND, mid, mask)), hi;

	hi = op(lw, IR_ADD, hh, op(lw, IR_LSHR, mid, n));
	hi = op(lw, IR_ADD, hi, op(lw, IR_LSHR, low, n));
	return (struct wide){ op(lw, IR_MUL, a, b), hi };
}

/*
 * A negative word counts 2^64 too much as an unsigned one, so the other factor
 * is taken off the high word. A positive product of 2^127 or more looks
 * negative here; it fits no type of 64 bits either way.
 */
static struct wide wide_mul(struct lower *lw, struct wide a, struct wide b)
{
	struct wide p = mul_words(lw, a.lo, b.lo);

	p.hi = op(lw, IR_SUB, p.hi, op(lw, IR_AND, a.hi, b.lo));
	p.hi = op(lw, IR_SUB, p.hi, op(lw, IR_AND, b.hi, a.lo));
	return p;
}

/* Three simple forms where all is one unsigned type; the general one is hard to reason on. */
static bool same_unsigned(struct val a, struct val b, ctype t)
{
	return !a.t->t.is_signed && !b.t->t.is_signed && !t->t.is_signed &&
	       a.t->t.width == t->t.width && b.t->t.width == t->t.width &&
	       t->t.kind == IR_T_INT && a.t->t.kind == IR_T_INT && b.t->t.kind == IR_T_INT;
}

static struct ir_val simple(struct lower *lw, uint8_t builtin, struct ir_val a, struct ir_val b,
			    ctype t, struct ir_val *result)
{
	struct ir_val zero, divisor, nonzero;

	switch (builtin) {
	case FE_ADD_OVERFLOW:
		*result = lw_op2(lw, IR_ADD, a, b, t->t);
		return lw_cmp(lw, IR_ULT, *result, a);
	case FE_SUB_OVERFLOW:
		*result = lw_op2(lw, IR_SUB, a, b, t->t);
		return lw_cmp(lw, IR_ULT, a, b);
	default:
		*result = lw_op2(lw, IR_MUL, a, b, t->t);
		zero = lw_cmp(lw, IR_EQ, a, lw_const(lw, 0, t->t.width));
		divisor = lw_op2(lw, IR_OR, a, lw_op1(lw, IR_ZEXT, zero, t->t), t->t);
		nonzero = lw_op1(lw, IR_NOT, zero, lw_int_type(1, false));
		return lw_op2(lw, IR_AND, nonzero,
			      lw_cmp(lw, IR_NE, lw_op2(lw, IR_UDIV, *result, divisor, t->t), b),
			      lw_int_type(1, false));
	}
}

static struct ir_val general(struct lower *lw, uint8_t builtin, struct val a, struct val b, ctype t,
			     struct ir_val *result)
{
	struct wide x = widened(lw, a), y = widened(lw, b), r;
	struct ir_val back, hi, low_differs;

	if (builtin == FE_MUL_OVERFLOW)
		r = wide_mul(lw, x, y);
	else
		r = builtin == FE_ADD_OVERFLOW ? wide_add(lw, x, y) : wide_sub(lw, x, y);
	*result = lw_resize(lw, r.lo, t->t.width, false);
	back = lw_resize(lw, *result, 64, t->t.is_signed);
	hi = t->t.is_signed ? sign_word(lw, back) : c64(lw, 0);
	low_differs = lw_cmp(lw, IR_NE, r.lo, back);
	return lw_op2(lw, IR_OR, low_differs, lw_cmp(lw, IR_NE, r.hi, hi), lw_int_type(1, false));
}

struct val lw_overflow(struct lower *lw, uint8_t builtin, CXCursor c, struct kids k)
{
	struct ir_val r, overflow, x;
	struct val a, b, to;
	ctype t;

	if (k.n != 4)
		return lw_unmodelled(lw, c, "overflow builtin with other arguments");
	a = lw_rvalue(lw, k.v[1]);
	b = lw_rvalue(lw, k.v[2]);
	to = lw_rvalue(lw, k.v[3]);
	t = fe_sub(lw->fe, lw_type(lw, k.v[3]));
	if (!t || t->t.kind != IR_T_INT || t->opaque || a.t->opaque || b.t->opaque)
		return lw_unmodelled(lw, c, "overflow builtin on other types");
	lw_at(lw, c);
	if (same_unsigned(a, b, t)) {
		x = lw_force(lw, a);
		overflow = simple(lw, builtin, x, lw_force(lw, b), t, &r);
	} else {
		overflow = general(lw, builtin, a, b, t, &r);
	}
	lw_store(lw, lw_deref(lw, lw_force(lw, to), t), lw_val(r, t), 0);
	return lw_bit(overflow, lw_type(lw, c));
}
