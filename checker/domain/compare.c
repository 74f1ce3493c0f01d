/* SPDX-License-Identifier: MIT */
/*
 * Comparisons. Three operators remain after normalisation: EQ, ULT and SLT
 * with a constant on the right where there is one; so `x > 4' and `x <= 4' are
 * one predicate and its negation, and so are `p == NULL' and `p'.
 */
#include "domain/dom.h"

static bool deltas_small(int64_t a, int64_t b)
{
	const int64_t slack = (int64_t)ADDRESS_SLACK;

	return -slack < a && a < slack && -slack < b && b < slack;
}

static bit_id derived_bit(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	sym_id s;

	if (word_has_top(d, a) || word_has_top(d, b))
		return BIT_TOP;
	s = sym_derived(d, 1, op, a, b);
	return s.i ? bit_literal(atom_make(s, 0), true) : BIT_TOP;
}

/* ------------------------------------------------------ comparing bit by bit */

/*
 * No bit differs. Those of few atoms come first: where one of them decides for all, as
 * where a value is either zero or a negative error, the others say nothing new.
 */
static bit_id none_differs(struct dom *d, const bit_id *differ, unsigned width)
{
	unsigned count[BIT_ATOMS + 1] = { 0 }, of[64];
	atom_id atoms[BIT_ATOMS];
	bit_id r = BIT_1;

	for (unsigned i = 0; i < width; i++)
		count[of[i] = bit_support(d, differ[i], atoms)]++;
	if (!count[1] || count[1] + count[0] == width)
		return BIT_TOP;
	for (unsigned n = 1; n <= BIT_ATOMS && !bit_is_top(r); n++)
		for (unsigned i = 0; i < width && !bit_is_top(r); i++)
			if (of[i] == n)
				r = bit_and(d, r, bit_not(d, differ[i]));
	return r;
}

static bit_id eq_bits(struct dom *d, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	const bit_id *x = word_bits(d, a), *y = word_bits(d, b);
	bit_id differ[64], r = BIT_1;
	bool has_top = false;

	for (unsigned i = 0; i < width; i++) {
		differ[i] = bit_xor(d, x[i], y[i]);
		if (differ[i].i == 1)
			return BIT_0;
		has_top |= bit_is_top(differ[i]);
		if (PLANT(35, true, i > 0))
			r = bit_and(d, r, bit_not(d, differ[i]));
	}
	return bit_is_top(r) && !has_top ? none_differs(d, differ, width) : r;
}

/* From the lowest bit up: where the operands differ, the bit decides. */
static bit_id less_bits(struct dom *d, bool is_signed, word_id a, word_id b)
{
	unsigned width = word_width(d, a);
	const bit_id *x = word_bits(d, a), *y = word_bits(d, b);
	bit_id r = BIT_0;

	for (unsigned i = 0; i < width; i++) {
		bool sign = is_signed && i == width - 1;

		r = bit_ite(d, bit_xor(d, x[i], y[i]), PLANT(36, sign, false) ? x[i] : y[i], r);
	}
	return r;
}

/* ------------------------------------------------- predicates with constants */

static bit_id cmp_const(struct dom *d, enum ir_op op, word_id a, uint64_t c);

/* The facts about a symbol may decide: the address of an object is no ERR_PTR. */
static bit_id predicate(struct dom *d, enum ir_op op, word_id a, uint64_t c)
{
	bit_id b = derived_bit(d, op, a, word_const(d, c, word_width(d, a)));
	struct pred p;
	struct ivs in, out;

	if (bit_is_top(b) || word_get(d, a)->kind != W_SYM)
		return b;
	p = sym_get(d, atom_sym(literal_atom(b)))->pred;
	ivs_all(&in, d, p.base);
	out = in;
	ivs_restrict(&in, &p, word_width(d, a), true);
	ivs_restrict(&out, &p, word_width(d, a), false);
	return !in.n ? BIT_0 : !out.n ? BIT_1 : b;
}

/*
 * Only the bits that are unknown, each once, and positive where it is one
 * atom: masks, shifts, complement and extension do not hide which comparison
 * this is.
 */
static bit_id bits_eq_const(struct dom *d, word_id a, uint64_t c)
{
	unsigned width = word_width(d, a), n = 0;
	const bit_id *x = word_bits(d, a);
	uint64_t v = 0;
	bit_id out[64];

	for (unsigned i = 0; i < width; i++) {
		bit_id b = x[i];
		bool want = c >> i & 1;
		unsigned k = 0;

		if (bit_is_const(b)) {
			if ((b.i == 1) != want)
				return BIT_0;
			continue;
		}
		if (bit_is_literal(b) && !literal_value(b)) {
			b = bit_not(d, b);
			want = PLANT(41, !want, want);
		}
		while (k < n && out[k].i != b.i)
			k++;
		if (k < n && (v >> k & 1) != want)
			return BIT_0;
		if (k < n)
			continue;
		out[n] = b;
		v |= (uint64_t)want << n++;
	}
	if (n == width && !memcmp(out, x, n * sizeof(*out)))
		return predicate(d, IR_EQ, a, c);
	return n ? word_cmp(d, IR_EQ, word_from_bits(d, out, (uint8_t)n),
			    word_const(d, v, (uint8_t)n)) : BIT_1;
}

/* How many of the highest bits are equal to the highest. */
static unsigned top_run(const bit_id *x, unsigned width)
{
	unsigned n = 1;

	while (n < width && x[width - 1 - n].i == x[width - 1].i && !bit_is_top(x[width - 1]))
		n++;
	return n;
}

static bit_id cmp_low(struct dom *d, enum ir_op op, word_id a, uint64_t c, unsigned width)
{
	return cmp_const(d, op, word_extract(d, a, 0, (uint8_t)width), c & width_mask(width));
}

/*
 * a < c where the highest bits of a are known or copies of each other: the
 * comparison of the narrower word without them. BIT_TOP where there is nothing
 * to strip.
 */
static bit_id less_narrow(struct dom *d, enum ir_op op, word_id a, uint64_t c)
{
	unsigned width = word_width(d, a), run;
	const bit_id *x = word_bits(d, a);
	bit_id top = x[width - 1];
	uint64_t high;

	if (width == 1)
		return BIT_TOP;
	run = top_run(x, width);
	high = c >> (width - run);
	if (bit_is_const(top)) {
		/* Known signs differ: less_bits() would have told. */
		if (op == IR_SLT)
			return cmp_low(d, IR_ULT, a, c, width - 1);
		return cmp_low(d, op, a, c, width - 1);
	}
	if (run == 1)
		return BIT_TOP;
	if (!high || high == width_mask(run))
		return cmp_low(d, op, a, c, width - run + PLANT(42, 1, 0));
	/* c lies beyond what the narrow word can reach on either side. */
	if (op == IR_ULT)
		return PLANT(48, bit_not(d, top), BIT_1);
	return bit_const(PLANT(43, !(c >> (width - 1) & 1), false));
}

static bit_id less_const(struct dom *d, enum ir_op op, word_id a, uint64_t c)
{
	unsigned width = word_width(d, a);
	uint64_t least = op == IR_SLT ? width_sign(width) : 0;
	uint64_t most = op == IR_SLT ? width_sign(width) - 1 : width_mask(width);
	bit_id r;

	if (c == least)
		return BIT_0;
	if (c == ((least + 1) & width_mask(width)))
		return cmp_const(d, IR_EQ, a, least);
	if (c == most)
		return bit_not(d, cmp_const(d, IR_EQ, a, most));
	if (word_get(d, a)->kind == W_BITS) {
		r = less_narrow(d, op, a, c);
		if (!bit_is_top(r))
			return r;
	}
	return predicate(d, op, a, c);
}

/* a op c where no table of the bits tells. */
static bit_id cmp_const(struct dom *d, enum ir_op op, word_id a, uint64_t c)
{
	const struct word *x = word_get(d, a);
	bit_id r;

	if (x->has_top)
		return BIT_TOP;
	if (x->kind == W_CONST || x->width <= BIT_ATOMS)
		r = op == IR_EQ ? eq_bits(d, a, word_const(d, c, x->width)) :
		    less_bits(d, op == IR_SLT, a, word_const(d, c, x->width));
	else
		r = BIT_TOP;
	if (!bit_is_top(r))
		return r;
	if (op != IR_EQ)
		return less_const(d, op, a, c);
	if (x->kind == W_SYM)
		return predicate(d, IR_EQ, word_sym(d, x->sym), PLANT(46, c - x->value, c) &
				 width_mask(x->width));
	if (x->kind == W_CHOICE)
		return predicate(d, IR_EQ, a, c);
	return bits_eq_const(d, a, c);
}

/* ------------------------------------------------------- symbol against symbol */

static bit_id eq_syms(struct dom *d, const struct word *x, const struct word *y)
{
	const struct word *t;

	if (x->sym.i == y->sym.i)
		return bit_const(x->value == y->value);
	if (sym_get(d, x->sym)->address && sym_get(d, y->sym)->address &&
	    deltas_small(sign_extend(x->value, x->width), sign_extend(y->value, y->width)))
		return BIT_0;
	if (y->sym.i < x->sym.i) {
		t = x;
		x = y;
		y = t;
	}
	return derived_bit(d, IR_EQ, word_sym(d, x->sym),
			   word_symoff(d, y->sym, (int64_t)PLANT(45, y->value - x->value,
								 x->value - y->value)));
}

/* t < t + e, unsigned: where t + e does not wrap. Objects do not wrap. */
static bit_id less_same_sym(struct dom *d, const struct word *x, const struct word *y, word_id a)
{
	int64_t dx = sign_extend(x->value, x->width), dy = sign_extend(y->value, y->width);

	if (sym_get(d, x->sym)->address && deltas_small(dx, dy))
		return bit_const(dx < dy);
	if (x->value == y->value)
		return BIT_0;
	return cmp_const(d, IR_ULT, a, PLANT(44, x->value - y->value, y->value - x->value) &
			 width_mask(x->width));
}

static bit_id cmp_syms(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	const struct word *x = word_get(d, a), *y = word_get(d, b);

	if (op == IR_EQ)
		return eq_syms(d, x, y);
	if (op == IR_ULT && x->sym.i == y->sym.i)
		return less_same_sym(d, x, y, a);
	if (x->sym.i == y->sym.i && x->value == y->value)
		return BIT_0;
	return derived_bit(d, op, a, b);
}

/* ------------------------------------------------------------------- dispatch */

static bit_id cmp_choice(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	word_id x[WORD_CHOICES], y[WORD_CHOICES];
	bit_id g[WORD_CHOICES], h[WORD_CHOICES], r = BIT_0, both;
	unsigned n = word_choices(d, a, x, g), m = word_choices(d, b, y, h);

	if (!n || !m)
		return BIT_TOP;
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < m; j++) {
			both = bit_and(d, g[i], h[j]);
			if (!both.i)
				continue;
			both = bit_and(d, both, word_cmp(d, op, x[PLANT(47, i, 0)], y[j]));
			r = bit_or(d, r, both);
		}
	return r;
}

/* op is EQ, ULT or SLT. */
static bit_id cmp_plain(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	const struct word *x = word_get(d, a), *y = word_get(d, b);
	bit_id r = BIT_TOP;

	if (x->kind == W_CONST && y->kind == W_CONST)
		return bit_const(eval_cmp(op, x->value, y->value, x->width));
	if (x->kind == W_CHOICE || y->kind == W_CHOICE)
		r = cmp_choice(d, op, a, b);
	if (!bit_is_top(r))
		return r;
	if (x->kind == W_SYM && y->kind == W_SYM && x->width > BIT_ATOMS)
		return cmp_syms(d, op, a, b);
	/* An interval of the symbol says more than the sum's bits. */
	if (x->kind == W_SYM && x->value && y->kind == W_CONST && x->width > BIT_ATOMS)
		return cmp_const(d, op, a, y->value);
	r = op == IR_EQ ? eq_bits(d, a, b) : less_bits(d, op == IR_SLT, a, b);
	if (!bit_is_top(r))
		return r;
	if (y->kind == W_CONST)
		return cmp_const(d, op, a, y->value);
	if (x->kind == W_SYM && y->kind == W_SYM)
		return cmp_syms(d, op, a, b);
	return derived_bit(d, op, a, b);
}

/* c < b is not b < c + 1, unless c is the greatest. */
static bit_id const_less(struct dom *d, enum ir_op op, uint64_t c, word_id b)
{
	unsigned width = word_width(d, b);
	uint64_t most = op == IR_SLT ? width_sign(width) - 1 : width_mask(width);

	if (c == most)
		return BIT_0;
	return bit_not(d, cmp_plain(d, op, b, word_const(d, c + PLANT(37, 1, 0), (uint8_t)width)));
}

static bit_id cmp_ordered(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	uint64_t c;

	if (word_is_const(d, a, &c) && word_get(d, b)->kind != W_CONST)
		return op == IR_EQ ? cmp_plain(d, op, b, a) : const_less(d, op, c, b);
	if (op == IR_EQ && word_get(d, b)->kind != W_CONST && b.i < a.i)
		return cmp_plain(d, op, b, a);
	return cmp_plain(d, op, a, b);
}

bit_id word_cmp(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	bit_id r;

	assert(word_width(d, a) == word_width(d, b));
	switch (op) {
	case IR_NE:
		return bit_not(d, word_cmp(d, IR_EQ, a, b));
	case IR_ULE:
		return bit_not(d, word_cmp(d, PLANT(38, IR_ULT, IR_SLT), b, a));
	case IR_SLE:
		return bit_not(d, word_cmp(d, IR_SLT, PLANT(39, b, a), PLANT(39, a, b)));
	default:
		break;
	}
	if (memo_get(&d->word_memo, op, a.i, b.i, &r.i))
		return r;
	r = cmp_ordered(d, op, a, b);
	memo_put(&d->word_memo, op, a.i, b.i, r.i);
	return r;
}

bit_id word_nonzero(struct dom *d, word_id a)
{
	return bit_not(d, word_cmp(d, PLANT(40, IR_EQ, IR_ULT), a,
				   word_const(d, PLANT(40, 0, 2) & width_mask(word_width(d, a)),
					      word_width(d, a))));
}
