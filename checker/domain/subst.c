/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

struct subst {
	struct dom *d;
	word_id (*map)(void *, sym_id);
	void *arg;
	struct map syms, words, bits;	/* to word or bit */
	struct map conds;		/* to condition */
};

struct subst *subst_new(struct dom *d, word_id (*map)(void *, sym_id), void *arg)
{
	struct subst *s = xcalloc(1, sizeof(*s));

	s->d = d;
	s->map = map;
	s->arg = arg;
	return s;
}

void subst_free(struct subst *s)
{
	if (!s)
		return;
	map_release(&s->syms);
	map_release(&s->words);
	map_release(&s->bits);
	map_release(&s->conds);
	free(s);
}

/* The definition over the replaced operands. */
static word_id redefine(struct subst *s, sym_id sym)
{
	struct dom *d = s->d;
	const struct sym y = *sym_get(d, sym);
	enum ir_op op = (enum ir_op)y.op;
	word_id a = word_subst(s, y.a), b = y.b.i ? word_subst(s, y.b) : WORD_NONE;
	sym_id r;

	if (PLANT(62, a.i == y.a.i && b.i == y.b.i, true))
		return word_sym(d, sym);
	switch (op) {
	case IR_EQ: case IR_NE: case IR_ULT: case IR_ULE: case IR_SLT: case IR_SLE:
		return word_bool(d, word_cmp(d, op, a, b));
	case IR_ADD: case IR_SUB: case IR_MUL: case IR_UDIV: case IR_SDIV: case IR_UREM:
	case IR_SREM: case IR_AND: case IR_OR: case IR_XOR: case IR_SHL: case IR_LSHR: case IR_ASHR:
		return word_bin(d, op, a, b);
	case IR_NOT: case IR_NEG:
		return word_un(d, op, a);
	case IR_TRUNC: case IR_ZEXT: case IR_SEXT:
		return word_conv(d, op, y.width, a);
	default:
		break;
	}
	if (word_has_top(d, a) || (b.i && word_has_top(d, b)))
		return word_top(d, y.width);
	r = sym_derived(d, y.width, op, a, b);
	return r.i ? word_sym(d, r) : word_top(d, y.width);
}

static word_id sym_subst(struct subst *s, sym_id sym)
{
	const uint64_t *known = map_get(&s->syms, sym.i);
	word_id w;

	if (known)
		return (word_id){ (uint32_t)*known };
	if (sym_get(s->d, sym)->derived) {
		w = redefine(s, sym);
	} else {
		w = s->map(s->arg, sym);
		if (!w.i)
			w = word_sym(s->d, sym);
	}
	assert(word_width(s->d, w) == sym_get(s->d, sym)->width);
	*map_put(&s->syms, sym.i) = w.i;
	return w;
}

static uint64_t compose_tables(uint64_t t, unsigned n, const uint64_t *g)
{
	uint64_t lo, hi;

	if (!t || !~t)
		return t;
	n--;
	lo = compose_tables(fn_cofactor(t, n, false), n, g);
	if (fn_cofactor(t, n, false) == fn_cofactor(t, n, true))
		return lo;
	hi = compose_tables(fn_cofactor(t, n, true), n, g);
	return (g[n] & PLANT(61, hi, lo)) | (~g[n] & lo);
}

/* f over the new values of its atoms where these have few atoms together; else false. */
static bool compose_small(struct dom *d, const struct fn *f, const bit_id *g, bit_id *r)
{
	struct fn of[BIT_ATOMS], all = { .n = 0 };
	uint64_t t[BIT_ATOMS];

	for (unsigned i = 0; i < f->n; i++) {
		if (bit_is_top(g[i]))
			return false;
		of[i] = fn_of(d, g[i]);
		if (!atoms_merge(&of[i], all.a, &all.n))
			return false;
	}
	for (unsigned i = 0; i < f->n; i++)
		t[i] = fn_widen(&of[i], all.a, all.n);
	all.t = compose_tables(f->t, f->n, t);
	*r = bit_make(d, all);
	return true;
}

/* The same by Shannon expansion from the last variable down. */
static bit_id compose(struct dom *d, uint64_t t, unsigned n, const bit_id *g)
{
	bit_id hi, lo;

	if (!t || !~t)
		return bit_const(t & 1);
	n--;
	if (bit_is_const(g[n]) || fn_cofactor(t, n, false) == fn_cofactor(t, n, true))
		return compose(d, fn_cofactor(t, n, g[n].i == 1), n, g);
	lo = compose(d, fn_cofactor(t, n, false), n, g);
	hi = compose(d, fn_cofactor(t, n, true), n, g);
	return bit_ite(d, g[n], hi, lo);
}

bit_id bit_subst(struct subst *s, bit_id b)
{
	const uint64_t *known;
	bit_id g[BIT_ATOMS], r;
	struct fn f;

	if (bit_is_const(b) || bit_is_top(b))
		return b;
	known = map_get(&s->bits, b.i);
	if (known)
		return (bit_id){ (uint32_t)*known };
	f = fn_of(s->d, b);
	if (f.n == 1) {
		g[0] = word_bit(s->d, sym_subst(s, atom_sym(f.a[0])), atom_bit(f.a[0]));
		return literal_value(b) ? g[0] : bit_not(s->d, g[0]);
	}
	for (unsigned i = 0; i < f.n; i++)
		g[i] = word_bit(s->d, sym_subst(s, atom_sym(f.a[i])), atom_bit(f.a[i]));
	if (!compose_small(s->d, &f, g, &r))
		r = compose(s->d, f.t, f.n, g);
	*map_put(&s->bits, b.i) = r.i;
	return r;
}

static word_id choice_subst(struct subst *s, const struct word *x)
{
	word_id alt[WORD_CHOICES], r;
	bit_id guard[WORD_CHOICES];

	for (unsigned k = 0; k < x->n; k++) {
		alt[k] = word_subst(s, x->alt[k]);
		guard[k] = PLANT(63, bit_subst(s, x->guard[k]), x->guard[k]);
	}
	r = word_choice(s->d, alt, guard, x->n);
	if (r.i)
		return r;
	r = alt[x->n - 1];
	for (unsigned k = x->n - 1; k-- > 0;)
		r = word_ite(s->d, guard[k], alt[k], r);
	return r;
}

static word_id compute(struct subst *s, word_id w)
{
	const struct word *x = word_get(s->d, w);
	bit_id out[64];

	switch ((enum word_kind)x->kind) {
	case W_CONST:
		return w;
	case W_SYM:
		return word_bin(s->d, IR_ADD, sym_subst(s, x->sym),
				word_const(s->d, PLANT(64, x->value, 0), x->width));
	case W_CHOICE:
		return choice_subst(s, x);
	case W_BITS:
		break;
	}
	for (unsigned i = 0; i < x->width; i++)
		out[i] = bit_subst(s, x->bits[i]);
	return word_from_bits(s->d, out, x->width);
}

word_id word_subst(struct subst *s, word_id w)
{
	const uint64_t *known = map_get(&s->words, w.i);
	word_id r;

	if (known)
		return (word_id){ (uint32_t)*known };
	r = compute(s, w);
	*map_put(&s->words, w.i) = r.i;
	return r;
}

static const struct cond *clauses_subst(struct subst *s, const struct cond *c)
{
	const struct cond *r = cond_true(s->d);
	struct cond_builder b;

	for (uint32_t i = 0; i < c->n && !r->unsat; i++)
		r = cond_and(s->d, r, bit_subst(s, c->c[i].bit), c->c[i].tag);
	if (!c->imprecise || r->imprecise || r->unsat)
		return r;
	b = (struct cond_builder){ .n = r->n, .imprecise = true };
	memcpy(b.c, r->c, r->n * sizeof(*r->c));
	return builder_done(s->d, &b);
}

const struct cond *cond_subst(struct subst *s, const struct cond *c)
{
	const uint64_t *known;
	const struct cond *r;

	if (c->unsat)
		return c;
	known = map_get(&s->conds, (uintptr_t)c);
	if (known)
		return (const struct cond *)(uintptr_t)*known;
	r = clauses_subst(s, c);
	*map_put(&s->conds, (uintptr_t)c) = (uintptr_t)r;
	return r;
}
