/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

#include <stdio.h>

static sym_id sym_push(struct dom *d, struct sym s)
{
	sym_id id = { d->syms.n };

	assert(s.width >= 1 && s.width <= 64);
	if (id.i >= SYM_LIMIT) {
		fprintf(stderr, "protflow: more than %u symbols\n", SYM_LIMIT);
		abort();
	}
	array_push(&d->syms, s);
	return id;
}

sym_id sym_new(struct dom *d, uint8_t width, enum sym_origin origin)
{
	return sym_push(d, (struct sym){ .width = width, .origin = (uint8_t)origin });
}

uint8_t sym_width(const struct dom *d, sym_id s)
{
	return sym_get(d, s)->width;
}

enum sym_origin sym_origin_of(const struct dom *d, sym_id s)
{
	return (enum sym_origin)sym_get(d, s)->origin;
}

void sym_set_nonzero(struct dom *d, sym_id s)
{
	d->syms.v[s.i].nonzero = true;
}

void sym_set_address(struct dom *d, sym_id s)
{
	d->syms.v[s.i].nonzero = true;
	d->syms.v[s.i].address = true;
}

bool sym_is_address(const struct dom *d, sym_id s)
{
	return sym_get(d, s)->address;
}

bool sym_def(const struct dom *d, sym_id s, enum ir_op *op, word_id *a, word_id *b)
{
	const struct sym *y = sym_get(d, s);

	if (!y->derived)
		return false;
	*op = (enum ir_op)y->op;
	*a = y->a;
	*b = y->b;
	return true;
}

bool sym_mentions(const struct dom *d, sym_id s, bool (*pred)(void *, sym_id), void *arg)
{
	const struct sym *y = sym_get(d, s);
	const word_id operand[2] = { y->a, y->b };

	if (!y->derived)
		return pred(arg, s);
	for (unsigned k = 0; k < 2; k++) {
		/* sym_derived() has asked for the bases of both. */
		const struct word *w = word_get(d, operand[k]);

		for (uint32_t i = 0; i < w->nbases; i++)
			if (pred(arg, w->bases[i]))
				return true;
	}
	return false;
}

/* Which interval a comparison with a constant describes; base NONE if it is none. */
static struct pred pred_of(struct dom *d, enum ir_op op, word_id a, word_id b)
{
	struct pred p = { WORD_NONE, 0, 0 };
	unsigned w = word_width(d, a);
	uint64_t c, lo, end;
	int64_t delta = 0;
	sym_id s;

	if (!word_is_const(d, b, &c))
		return p;
	switch (op) {
	case IR_EQ: lo = c; end = c; break;
	case IR_ULT: lo = 0; end = c - 1; break;
	case IR_SLT: lo = width_sign(w); end = c - 1; break;
	default: return p;
	}
	if ((op == IR_ULT && !c) || (op == IR_SLT && c == width_sign(w)))
		return p;	/* never true: word_cmp() does not make these */
	p.base = a;
	if (word_as_symoff(d, a, &s, &delta))
		p.base = word_sym(d, s);
	p.lo = (lo - PLANT(50, (uint64_t)delta, 0)) & width_mask(w);
	p.span = (end - lo + PLANT(49, 0, 1)) & width_mask(w);
	return p;
}

struct def_key {
	const struct dom *d;
	struct sym s;
};

static bool def_same(void *arg, uint32_t id)
{
	const struct def_key *k = arg;
	const struct sym *y = &k->d->syms.v[id];

	return y->width == k->s.width && y->op == k->s.op &&
	       y->a.i == k->s.a.i && y->b.i == k->s.b.i;
}

/* The depth and origin that s gets from an operand; false where it cannot be defined by it. */
static bool def_operand(struct dom *d, struct sym *s, word_id w)
{
	const struct word *x = word_symbols(d, w);

	if (x->has_top)
		return false;
	for (uint32_t i = 0; i < x->nsyms; i++) {
		const struct sym *y = sym_get(d, x->syms[i]);

		if (y->origin > s->origin)
			s->origin = y->origin;
		if (y->depth + 1 > s->depth)
			s->depth = (uint8_t)(y->depth + 1);
	}
	return s->depth <= DEF_DEPTH && x->nbases <= DEF_BASES;
}

sym_id sym_derived(struct dom *d, uint8_t width, enum ir_op op, word_id a, word_id b)
{
	struct def_key k = {
		.d = d,
		.s = { .width = width, .op = (uint8_t)op, .a = a, .b = b, .derived = true },
	};
	uint64_t hash = hash_mix((uint64_t)a.i << 32 | b.i, (uint64_t)op << 8 | width);
	sym_id s = { ids_find(&d->def_ids, hash, def_same, &k) };

	if (s.i)
		return s;
	if (!def_operand(d, &k.s, a) || (b.i && !def_operand(d, &k.s, b)))
		return SYM_NONE;
	if (width == 1)
		k.s.pred = pred_of(d, op, a, b);
	s = sym_push(d, k.s);
	ids_add(&d->def_ids, s.i, hash);
	if (k.s.pred.base.i && word_get(d, k.s.pred.base)->kind == W_SYM)
		d->syms.v[word_get(d, k.s.pred.base)->sym.i].linked = true;
	return s;
}

bit_id bit_named(struct dom *d, bit_id b)
{
	sym_id s;

	if (bit_is_top(b) || bit_is_const(b) || bit_is_literal(b))
		return b;
	s = sym_derived(d, 1, IR_EQ, word_bool(d, b), word_const(d, 1, 1));
	return s.i ? bit_literal(atom_make(s, 0), true) : b;
}
