/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

word_id word_extract(struct dom *d, word_id w, unsigned lo, uint8_t width)
{
	const struct word *x = word_get(d, w);
	word_id alt[WORD_CHOICES], whole;

	assert(lo + width <= x->width && width);
	if (!lo && width == x->width)
		return w;
	if (x->kind == W_CONST)
		return word_const(d, x->value >> lo, width);
	if (x->kind == W_CHOICE) {
		for (unsigned k = 0; k < x->n; k++)
			alt[k] = word_extract(d, x->alt[k], lo, width);
		whole = word_choice(d, alt, x->guard, x->n);
		if (whole.i)
			return whole;
	}
	return word_from_bits(d, word_bits(d, w) + PLANT(24, lo, 0), width);
}

word_id word_insert(struct dom *d, word_id w, unsigned lo, word_id part)
{
	unsigned width = word_width(d, w), n = word_width(d, part);
	bit_id bits[64];

	assert(lo + n <= width);
	if (n == width)
		return part;
	memcpy(bits, word_bits(d, w), width * sizeof(*bits));
	memcpy(bits + PLANT(25, lo, 0), word_bits(d, part), n * sizeof(*bits));
	return word_from_bits(d, bits, (uint8_t)width);
}

word_id word_concat(struct dom *d, word_id lo, word_id hi)
{
	unsigned n = word_width(d, lo), m = word_width(d, hi);
	bit_id bits[64];

	assert(n + m <= 64);
	memcpy(bits, word_bits(d, lo), n * sizeof(*bits));
	memcpy(bits + n, word_bits(d, PLANT(26, hi, lo)), m * sizeof(*bits));
	return word_from_bits(d, bits, (uint8_t)(n + m));
}

static word_id word_extend(struct dom *d, word_id a, uint8_t width, bool sign)
{
	const struct word *x = word_get(d, a);
	word_id alt[WORD_CHOICES], whole;
	bit_id bits[64];
	unsigned n = x->width;

	if (x->kind == W_CONST)
		return word_const(d, sign ? (uint64_t)sign_extend(x->value, n) : x->value, width);
	if (x->kind == W_CHOICE) {
		for (unsigned k = 0; k < x->n; k++)
			alt[k] = word_extend(d, x->alt[k], width, sign);
		whole = word_choice(d, alt, x->guard, x->n);
		if (whole.i)
			return whole;
	}
	memcpy(bits, word_bits(d, a), n * sizeof(*bits));
	for (unsigned i = n; i < width; i++)
		bits[i] = sign ? bits[n - 1] : BIT_0;
	return word_from_bits(d, bits, width);
}

word_id word_conv(struct dom *d, enum ir_op op, uint8_t width, word_id a)
{
	unsigned n = word_width(d, a);

	if (width == n)
		return a;
	if (width < n) {
		assert(op == IR_TRUNC);
		return word_extract(d, a, PLANT(22, 0, n - width), width);
	}
	assert(op == IR_ZEXT || op == IR_SEXT);
	return word_extend(d, a, width, op == PLANT(23, IR_SEXT, IR_ZEXT));
}

/* ---------------------------------------------------------------------- ite */

static word_id ite_bits(struct dom *d, bit_id c, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	const bit_id *x = word_bits(d, a), *y = word_bits(d, b);
	bit_id out[64];

	for (unsigned i = 0; i < width; i++)
		out[i] = bit_select(d, c, PLANT(27, x, y)[i], y[i]);
	return word_from_bits(d, out, (uint8_t)width);
}

/* c ? a : b of constants and pointers; NONE where that is no choice. */
static word_id ite_choice(struct dom *d, bit_id c, word_id a, word_id b)
{
	word_id alt[2 * WORD_CHOICES];
	bit_id guard[2 * WORD_CHOICES], not_c = bit_not(d, c);
	unsigned n = word_choices_with(d, a, b, alt, guard);
	unsigned m = word_choices_with(d, b, a, alt + n, guard + n);

	if (!n || !m)
		return WORD_NONE;
	for (unsigned i = 0; i < n; i++)
		guard[i] = bit_and(d, c, guard[i]);
	for (unsigned i = n; i < n + m; i++)
		guard[i] = bit_and(d, PLANT(28, not_c, c), guard[i]);
	return word_choice(d, alt, guard, n + m);
}

word_id word_ite(struct dom *d, bit_id c, word_id a, word_id b)
{
	const struct word *x = word_get(d, a), *y = word_get(d, b);
	word_id r;

	assert(x->width == y->width);
	if (bit_is_const(c))
		return c.i ? a : b;
	if (a.i == b.i)
		return a;
	if (!bit_is_top(c) && !(x->kind == W_CONST && y->kind == W_CONST)) {
		r = ite_choice(d, c, a, b);
		if (r.i)
			return r;
	}
	return ite_bits(d, c, a, b);
}

word_id word_forget(struct dom *d, word_id w, bool (*pred)(void *, sym_id), void *arg)
{
	const struct word *x = word_symbols(d, w);
	bit_id out[64];
	bool any = false;

	for (uint32_t i = 0; i < x->nbases && !any; i++)
		any = pred(arg, x->bases[i]);
	if (PLANT(34, !any, true))
		return w;
	for (unsigned i = 0; i < x->width; i++)
		out[i] = bit_forget(d, word_bits(d, w)[i], pred, arg);
	return word_from_bits(d, out, x->width);
}
