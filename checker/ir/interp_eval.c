/* SPDX-License-Identifier: MIT */
#include "ir/interp_eval.h"

word word_cut(word v, unsigned width)
{
	return width < 128 ? v & (((word)1 << width) - 1) : v;
}

sword word_signed(word v, unsigned width)
{
	unsigned spare = 128 - width;

	return width ? (sword)(v << spare) >> spare : 0;
}

word word_unary(enum ir_op op, unsigned width, word a)
{
	switch (op) {
	case IR_NOT:
		return ~a;
	case IR_NEG:
		return 0 - a;
	case IR_SEXT:
		return (word)word_signed(a, width);
	case IR_TOBOOL:
		return a != 0;
	default:
		return a;
	}
}

static bool divide(enum ir_op op, unsigned width, word a, word b, word *v)
{
	sword x = word_signed(a, width), y = word_signed(b, width);

	if (!b)
		return false;
	if (op == IR_UDIV || op == IR_UREM) {
		*v = op == IR_UDIV ? a / b : a % b;
		return true;
	}
	if (y == -1 && a == (word)1 << (width - 1))
		return false;
	*v = (word)(op == IR_SDIV ? x / y : x % y);
	return true;
}

static bool shift(enum ir_op op, unsigned width, word a, word b, word *v)
{
	if (b >= width)
		return false;
	if (op == IR_SHL)
		*v = a << b;
	else
		*v = op == IR_LSHR ? a >> b : (word)(word_signed(a, width) >> b);
	return true;
}

bool word_binary(enum ir_op op, unsigned width, word a, word b, word *v)
{
	sword x = word_signed(a, width), y = word_signed(b, width);

	switch (op) {
	case IR_ADD: *v = a + b; break;
	case IR_SUB: *v = a - b; break;
	case IR_MUL: *v = a * b; break;
	case IR_AND: *v = a & b; break;
	case IR_OR: *v = a | b; break;
	case IR_XOR: *v = a ^ b; break;
	case IR_EQ: *v = a == b; break;
	case IR_NE: *v = a != b; break;
	case IR_ULT: *v = a < b; break;
	case IR_ULE: *v = a <= b; break;
	case IR_SLT: *v = x < y; break;
	case IR_SLE: *v = x <= y; break;
	case IR_SHL: case IR_LSHR: case IR_ASHR:
		return shift(op, width, a, b, v);
	default:
		return divide(op, width, a, b, v);
	}
	return true;
}

word word_rmw(enum ir_rmw rmw, word old, word b, word c)
{
	switch (rmw) {
	case IR_RMW_XCHG: return b;
	case IR_RMW_CMPXCHG: return old == c ? b : old;
	case IR_RMW_ADD: return old + b;
	case IR_RMW_SUB: return old - b;
	case IR_RMW_AND: return old & b;
	case IR_RMW_OR: return old | b;
	default: return old ^ b;
	}
}

uint32_t word_switch(const struct ir_term *t, unsigned width, word v)
{
	for (uint32_t k = 0; k < t->ncases; k++) {
		word lo = word_cut(t->cases[k].lo, width), hi = word_cut(t->cases[k].hi, width);

		if (t->is_signed ? word_signed(lo, width) <= word_signed(v, width) &&
				   word_signed(v, width) <= word_signed(hi, width) :
				   lo <= v && v <= hi)
			return t->cases[k].block;
	}
	return t->succ[0];
}

/* Bytes of memory that hold the bits [off, off + width), off below 8. */
static unsigned span(unsigned off, unsigned width)
{
	return (off + width + 7) / 8;
}

word bits_read(const void *p, int64_t off, unsigned width)
{
	const uint8_t *at = (const uint8_t *)p + (off >> 3);
	unsigned low = off & 7, n = span(low, width);
	word v = 0;

	for (unsigned k = 0; k < n; k++)
		v |= k ? (word)at[k] << (8 * k - low) : (word)(at[0] >> low);
	return word_cut(v, width);
}

void bits_write(void *p, int64_t off, unsigned width, word v)
{
	uint8_t *at = (uint8_t *)p + (off >> 3);
	unsigned low = off & 7, n = span(low, width);

	for (unsigned k = 0; k < n; k++) {
		unsigned lo = k ? 0 : low;
		unsigned hi = low + width - 8 * k < 8 ? low + width - 8 * k : 8;
		uint8_t mask = (uint8_t)((0xffu >> (8 - (hi - lo))) << lo);
		uint8_t bits = (uint8_t)(k ? v >> (8 * k - low) : v << low);

		at[k] = (uint8_t)((at[k] & ~mask) | (bits & mask));
	}
}
