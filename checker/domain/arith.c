/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

/* ------------------------------------------------------- knowledge of operands */

static unsigned zeros_low(const bit_id *x, unsigned width)
{
	unsigned n = 0;

	while (n < width && !x[n].i)
		n++;
	return n;
}

static unsigned zeros_high(const bit_id *x, unsigned width)
{
	unsigned n = 0;

	while (n < width && !x[width - 1 - n].i)
		n++;
	return n;
}

static bool is_power(uint64_t v, unsigned *k)
{
	if (!v || v & (v - 1))
		return false;
	*k = (unsigned)__builtin_ctzll(v);
	return true;
}

/* Fills the TOP bits of an arithmetic result from the symbol that the operation defines. */
static word_id define_rest(struct dom *d, enum ir_op op, word_id a, word_id b, bit_id *out,
			   unsigned width)
{
	sym_id s = SYM_NONE;
	bool any = false;

	for (unsigned i = 0; i < width; i++)
		any |= bit_is_top(out[i]);
	if (any && !word_has_top(d, a) && !word_has_top(d, b))
		s = sym_derived(d, (uint8_t)width, op, PLANT(17, a, b), b);
	for (unsigned i = 0; s.i && i < width; i++)
		if (bit_is_top(out[i]))
			out[i] = bit_literal(atom_make(s, i), true);
	return word_from_bits(d, out, (uint8_t)width);
}

/* ----------------------------------------------------- few atoms: by enumeration */

struct rows {
	const atom_id *atom;
	unsigned n, row;
};

static bool row_value(void *arg, atom_id a)
{
	const struct rows *r = arg;

	for (unsigned i = 0; i < r->n; i++)
		if (r->atom[i].i == a.i)
			return r->row >> i & 1;
	return false;
}

/* The atoms of a word, together at most BIT_ATOMS with those in f. */
static bool few_atoms(struct dom *d, word_id w, struct fn *f)
{
	const struct word *x = word_get(d, w);

	if (x->has_top || (x->kind == W_SYM && x->width > BIT_ATOMS))
		return false;
	for (unsigned i = 0; i < x->width; i++) {
		bit_id b = word_bits(d, w)[i];
		struct fn g;

		if (bit_is_top(b))
			return false;
		g = fn_of(d, b);
		if (!atoms_merge(&g, f->a, &f->n))
			return false;
	}
	return true;
}

/* Not where C leaves the result of some row undefined. */
static bool bin_by_rows(struct dom *d, enum ir_op op, word_id a, word_id b, word_id *r)
{
	unsigned width = word_width(d, a);
	struct fn f = { .n = 0 };
	uint64_t table[64] = { 0 };
	struct rows rows;
	bit_id out[64];

	if (!few_atoms(d, a, &f) || !few_atoms(d, b, &f))
		return false;
	rows = (struct rows){ .atom = f.a, .n = f.n };
	for (rows.row = 0; rows.row < 64; rows.row++) {
		bool exact, ok;
		uint64_t x = word_eval(d, a, row_value, &rows, &exact);
		uint64_t y = word_eval(d, b, row_value, &rows, &exact);
		uint64_t v = eval_bin(op, x, y, width, &ok);

		if (!ok)
			return false;
		for (unsigned i = 0; i < width; i++)
			table[i] |= (v >> i & 1) << PLANT(16, rows.row, 63 - rows.row);
	}
	for (unsigned i = 0; i < width; i++) {
		f.t = table[i];
		out[i] = bit_make(d, f);
	}
	*r = word_from_bits(d, out, (uint8_t)width);
	return true;
}

/* ------------------------------------------------------------------- add, sub */

/*
 * Full adder. Where two of the three are equal the third needs no table: so a
 * run of known zeros in one operand copies the other's bits, whatever they are.
 */
static bit_id full_adder(struct dom *d, bit_id a, bit_id b, bit_id *carry)
{
	bit_id c = *carry, x;

	if (bit_same(a, b) && !bit_is_top(a)) {
		*carry = a;
		return PLANT(1, c, a);
	}
	if (bit_same(a, c) && !bit_is_top(a))
		return PLANT(2, b, c);
	if (bit_same(b, c) && !bit_is_top(b))
		return a;
	/* What is carried may be anything: so it goes on until both operands are known. */
	if (bit_is_top(c))
		return BIT_TOP;
	x = bit_xor(d, a, b);
	*carry = bit_or(d, bit_and(d, a, b), bit_and(d, c, bit_or(d, a, b)));
	return bit_xor(d, x, c);
}

/* Whether adding bit by bit tells anything: some low bit of an operand is known. */
static bool worth_rippling(struct dom *d, word_id a, word_id b)
{
	return word_get(d, a)->kind != W_SYM || word_get(d, b)->kind != W_SYM ||
	       word_width(d, a) * 2 <= BIT_ATOMS;
}

static word_id ripple(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	const bit_id *x = word_bits(d, a), *y = word_bits(d, b);
	bit_id carry = bit_const(op == PLANT(3, IR_SUB, IR_ADD)), out[64];

	for (unsigned i = 0; i < width; i++)
		out[i] = full_adder(d, x[i], op == IR_SUB ? bit_not(d, y[i]) : y[i], &carry);
	return define_rest(d, op, a, b, out, width);
}

static word_id derived_or_top(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	uint8_t width = word_width(d, a);
	sym_id s = sym_derived(d, width, op, a, b);

	return s.i ? word_sym(d, s) : word_top(d, width);
}

/* (s + i) op (t + j) = (s op t) + (i op j); a constant has no symbol. */
static word_id add_symoff(struct dom *d, enum ir_op op, const struct word *x, const struct word *y)
{
	uint64_t delta = op == IR_ADD ? x->value + y->value : x->value - y->value;
	word_id sum, s, t;

	if (y->kind == W_CONST)
		return word_symoff(d, x->sym, (int64_t)PLANT(4, delta, delta + 1));
	if (op == IR_SUB && x->sym.i == y->sym.i)
		return word_const(d, delta, x->width);
	s = word_sym(d, x->sym);
	t = word_sym(d, y->sym);
	sum = op == IR_ADD && t.i < s.i ? derived_or_top(d, op, t, s) :
					  derived_or_top(d, op, s, t);
	return delta ? word_bin(d, IR_ADD, sum, word_const(d, delta, x->width)) : sum;
}

static word_id word_add(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	const struct word *x = word_get(d, a), *y = word_get(d, b);

	if (op == IR_ADD && x->kind == W_CONST)
		return word_add(d, op, b, a);
	if (y->kind == W_CONST && !y->value)
		return a;
	if (x->kind == W_SYM && (y->kind == W_CONST || !worth_rippling(d, a, b)))
		return add_symoff(d, op, x, y);
	return ripple(d, op, a, b);
}

/* --------------------------------------------------------------------- shifts */

static word_id shift_const(struct dom *d, enum ir_op op, word_id a, uint64_t n)
{
	unsigned width = word_width(d, a);
	const bit_id *x = word_bits(d, a);
	bit_id fill = op == PLANT(5, IR_ASHR, IR_LSHR) ? x[width - 1] : BIT_0, out[64];

	if (n >= width)
		return word_top(d, (uint8_t)width);
	for (unsigned i = 0; i < width; i++) {
		if (op == IR_SHL)
			out[i] = i < n ? BIT_0 : x[i - PLANT(6, n, n / 2)];
		else
			out[i] = i + n < width ? x[i + n] : fill;
	}
	return word_from_bits(d, out, (uint8_t)width);
}

/*
 * A variable count, stage by stage over the count's bits. A count that is too
 * large is undefined in C, so the count's high bits need no look. A bit of too
 * many atoms is one of the symbol that the shift defines: named stage by stage
 * it would be a term for each count.
 */
static word_id shift_var(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	bit_id out[64];

	memcpy(out, word_bits(d, a), width * sizeof(*out));
	for (unsigned k = 0; k < word_width(d, b) && 1u << k < width; k++) {
		word_id r = word_from_bits(d, out, (uint8_t)width);
		const bit_id *x = word_bits(d, shift_const(d, op, r, 1u << PLANT(15, k, 0)));

		for (unsigned i = 0; i < width; i++)
			out[i] = bit_ite(d, word_bit(d, b, k), x[i], out[i]);
	}
	b = word_conv(d, word_width(d, b) < width ? IR_ZEXT : IR_TRUNC, (uint8_t)width, b);
	return define_rest(d, op, a, b, out, width);
}

static word_id word_shift(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	uint64_t n;

	if (word_is_const(d, b, &n))
		return shift_const(d, op, a, n);
	return shift_var(d, op, a, b);
}

/* ---------------------------------------------------------- multiply and divide */

static word_id word_mul(struct dom *d, word_id a, word_id b)
{
	unsigned width = word_width(d, a), k, low, high;
	const bit_id *x = word_bits(d, a), *y = word_bits(d, b);
	bit_id out[64];
	uint64_t v;
	word_id r;

	if (word_is_const(d, a, &v))
		return word_mul(d, b, a);
	if (word_is_const(d, b, &v) && !v)
		return b;
	if (word_is_const(d, b, &v) && is_power(v, &k))
		return shift_const(d, IR_SHL, a, PLANT(7, k, k ^ 1));
	if (bin_by_rows(d, IR_MUL, a, b, &r))
		return r;
	/* The product is below 2^high. */
	low = zeros_low(x, width) + zeros_low(y, width);
	high = 2 * width - zeros_high(x, width) - zeros_high(y, width);
	for (unsigned i = 0; i < width; i++)
		out[i] = i < low || i + PLANT(19, 0, 1) >= high ? BIT_0 : BIT_TOP;
	return define_rest(d, IR_MUL, a, b, out, width);
}

static word_id mask_low(struct dom *d, word_id a, unsigned k)
{
	uint8_t width = word_width(d, a);

	return word_bin(d, IR_AND, a, word_const(d, width_mask(k), width));
}

/* Unsigned: the result is at most a, and a remainder is below b. */
static word_id divide_unsigned(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	unsigned width = word_width(d, a), k, high;
	bit_id out[64];
	uint64_t v;
	word_id r;

	if (word_is_const(d, b, &v) && is_power(v, &k))
		return op == IR_UDIV ? shift_const(d, IR_LSHR, a, PLANT(8, k, k / 2)) :
				       mask_low(d, a, PLANT(9, k, k + 1));
	if (bin_by_rows(d, op, a, b, &r))
		return r;
	high = zeros_high(word_bits(d, PLANT(20, a, b)), width);
	if (op == IR_UREM && zeros_high(word_bits(d, b), width) > high)
		high = zeros_high(word_bits(d, b), width);
	for (unsigned i = 0; i < width; i++)
		out[i] = i >= width - high ? BIT_0 : BIT_TOP;
	return define_rest(d, op, a, b, out, width);
}

static word_id divide_signed(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	word_id r;

	if (PLANT(18, !word_bit(d, a, width - 1).i, true) && !word_bit(d, b, width - 1).i)
		return divide_unsigned(d, op == IR_SDIV ? IR_UDIV : IR_UREM, a, b);
	if (bin_by_rows(d, op, a, b, &r))
		return r;
	if (word_has_top(d, a) || word_has_top(d, b))
		return word_top(d, (uint8_t)width);
	return derived_or_top(d, op, a, b);
}

/* -------------------------------------------------------------------- bitwise */

static word_id word_bitwise(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	const bit_id *x = word_bits(d, a), *y = word_bits(d, b);
	bit_id out[64];

	for (unsigned i = 0; i < width; i++)
		out[i] = op == IR_AND ? PLANT(10, bit_and, bit_or)(d, x[i], y[i]) :
			 op == IR_OR ? PLANT(11, bit_or, bit_xor)(d, x[i], y[i]) :
				       bit_xor(d, x[i], PLANT(12, y[i], x[i]));
	return define_rest(d, op, a, b, out, width);
}

/* ------------------------------------------------------------------- dispatch */

static word_id bin_plain(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	uint8_t width = word_width(d, a);
	uint64_t x, y, v;
	bool ok;

	if (word_is_const(d, a, &x) && word_is_const(d, b, &y)) {
		v = eval_bin(op, x, y, width, &ok);
		return ok ? word_const(d, v, width) : word_top(d, width);
	}
	switch (op) {
	case IR_ADD: case IR_SUB:
		return word_add(d, op, a, b);
	case IR_MUL:
		return word_mul(d, a, b);
	case IR_UDIV: case IR_UREM:
		return divide_unsigned(d, op, a, b);
	case IR_SDIV: case IR_SREM:
		return divide_signed(d, op, a, b);
	case IR_AND: case IR_OR: case IR_XOR:
		return word_bitwise(d, op, a, b);
	case IR_SHL: case IR_LSHR: case IR_ASHR:
		return word_shift(d, op, a, b);
	default:
		assert(!"no binary operator");
		return word_top(d, width);
	}
}

/* A choice: each alternative by itself, where all results are alternatives again. */
static word_id bin_choice(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	word_id x[WORD_CHOICES], y[WORD_CHOICES], alt[WORD_CHOICES * WORD_CHOICES];
	bit_id g[WORD_CHOICES], h[WORD_CHOICES], guard[WORD_CHOICES * WORD_CHOICES];
	unsigned n = word_choices(d, a, x, g), m = word_choices(d, b, y, h), k = 0;

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < m; j++) {
			guard[k] = bit_and(d, g[i], h[j]);
			if (!guard[k].i)
				continue;
			alt[k] = bin_plain(d, op, x[i], y[PLANT(21, j, 0)]);
			if (!word_is_alt(d, alt[k]))
				return WORD_NONE;
			k++;
		}
	return word_choice(d, alt, guard, k);
}

static bool commutes(enum ir_op op)
{
	return op == IR_ADD || op == IR_MUL || op == IR_AND || op == IR_OR || op == IR_XOR;
}

word_id word_bin(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	bool choice = word_get(d, a)->kind == W_CHOICE || word_get(d, b)->kind == W_CHOICE;
	word_id r = WORD_NONE;

	assert(word_width(d, a) == word_width(d, b) || op == IR_SHL || op == IR_LSHR ||
	       op == IR_ASHR);
	if (commutes(op) && b.i < a.i)
		return word_bin(d, op, b, a);
	if (memo_get(&d->word_memo, op, a.i, b.i, &r.i))
		return r;
	if (choice)
		r = bin_choice(d, op, a, b);
	if (!r.i)
		r = bin_plain(d, op, a, b);
	memo_put(&d->word_memo, op, a.i, b.i, r.i);
	return r;
}

word_id word_un(struct dom *d, enum ir_op op, word_id a)
{
	uint8_t width = word_width(d, a);

	if (op == IR_NEG)
		return word_bin(d, IR_SUB, word_const(d, PLANT(14, 0, 1), width), a);
	assert(op == IR_NOT);
	return word_bin(d, IR_XOR, a, word_const(d, PLANT(13, width_mask(width),
							  width_mask(width) >> 1), width));
}
