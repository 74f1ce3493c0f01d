/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

static uint64_t eval_divide(enum ir_op op, uint64_t a, uint64_t b, unsigned width, bool *ok)
{
	int64_t x = sign_extend(a, width), y = sign_extend(b, width);

	if (!b) {
		*ok = false;
		return 0;
	}
	switch (op) {
	case IR_UDIV:
		return a / b;
	case IR_UREM:
		return a % b;
	default:
		break;
	}
	if (y == -1) {
		/* -min does not fit: undefined. */
		*ok = a != width_sign(width);
		return op == IR_SDIV ? 0 - a : 0;
	}
	return (uint64_t)(op == IR_SDIV ? x / y : x % y);
}

uint64_t eval_bin(enum ir_op op, uint64_t a, uint64_t b, unsigned width, bool *ok)
{
	uint64_t r = 0;

	*ok = true;
	switch (op) {
	case IR_ADD: r = a + b; break;
	case IR_SUB: r = a - b; break;
	case IR_MUL: r = a * b; break;
	case IR_AND: r = a & b; break;
	case IR_OR: r = a | b; break;
	case IR_XOR: r = a ^ b; break;
	case IR_UDIV: case IR_SDIV: case IR_UREM: case IR_SREM:
		r = eval_divide(op, a, b, width, ok);
		break;
	case IR_SHL: case IR_LSHR: case IR_ASHR:
		*ok = b < width;
		if (!*ok)
			break;
		r = op == IR_SHL ? a << b : op == IR_LSHR ? a >> b :
		    (uint64_t)(sign_extend(a, width) >> b);
		break;
	default:
		*ok = false;
		break;
	}
	return r & width_mask(width);
}

bool eval_cmp(enum ir_op op, uint64_t a, uint64_t b, unsigned width)
{
	int64_t x = sign_extend(a, width), y = sign_extend(b, width);

	switch (op) {
	case IR_EQ: return a == b;
	case IR_NE: return a != b;
	case IR_ULT: return a < b;
	case IR_ULE: return a <= b;
	case IR_SLT: return x < y;
	case IR_SLE: return x <= y;
	default: return false;
	}
}

uint64_t eval_op(enum ir_op op, uint64_t a, uint64_t b, unsigned width, bool *ok)
{
	*ok = true;
	switch (op) {
	case IR_EQ: case IR_NE: case IR_ULT: case IR_ULE: case IR_SLT: case IR_SLE:
		return eval_cmp(op, a, b, width);
	case IR_NOT: return ~a;
	case IR_NEG: return 0 - a;
	case IR_TRUNC: case IR_ZEXT: return a;
	case IR_SEXT: return (uint64_t)sign_extend(a, width);
	case IR_TOBOOL: return a != 0;
	default:
		return eval_bin(op, a, b, width, ok);
	}
}

bool eval_def(struct dom *d, sym_id s, bool (*value)(void *, atom_id), void *arg, uint64_t *v)
{
	const struct sym y = *sym_get(d, s);
	bool ok, exact, exact_b = true;
	uint64_t a = word_eval(d, y.a, value, arg, &exact);
	uint64_t b = y.b.i ? word_eval(d, y.b, value, arg, &exact_b) : 0;

	*v = eval_op((enum ir_op)y.op, a, b, word_width(d, y.a), &ok) & width_mask(y.width);
	return ok && exact && exact_b;
}

static uint64_t sym_value(const struct dom *d, sym_id s, bool (*value)(void *, atom_id), void *arg)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < sym_get(d, s)->width; i++)
		v |= (uint64_t)value(arg, atom_make(s, i)) << i;
	return v;
}

/* The alternative of a choice whose guard holds. */
static word_id chosen(const struct dom *d, const struct word *x, bool (*value)(void *, atom_id),
		      void *arg)
{
	unsigned k = 0;

	while (k + 1 < x->n && !bit_eval(d, x->guard[k], value, arg))
		k++;
	return x->alt[k];
}

uint64_t word_eval(struct dom *d, word_id w, bool (*value)(void *, atom_id), void *arg, bool *exact)
{
	const struct word *x = word_get(d, w);
	uint64_t v = 0;

	*exact = !x->has_top;
	switch ((enum word_kind)x->kind) {
	case W_CONST:
		return x->value;
	case W_SYM:
		return (sym_value(d, x->sym, value, arg) + x->value) & width_mask(x->width);
	case W_CHOICE:
		return word_eval(d, chosen(d, x, value, arg), value, arg, exact);
	case W_BITS:
		break;
	}
	for (unsigned i = 0; i < x->width; i++)
		if (!bit_is_top(x->bits[i]))
			v |= (uint64_t)bit_eval(d, x->bits[i], value, arg) << i;
	return v;
}

bool word_contains(struct dom *d, word_id w, uint64_t v, bool (*value)(void *, atom_id), void *arg)
{
	const struct word *x = word_get(d, w);
	uint64_t top = 0;
	bool exact;

	if (x->kind == W_BITS)
		for (unsigned i = 0; i < x->width; i++)
			top |= (uint64_t)bit_is_top(x->bits[i]) << i;
	return (word_eval(d, w, value, arg, &exact) & ~top) == (v & width_mask(x->width) & ~top);
}
