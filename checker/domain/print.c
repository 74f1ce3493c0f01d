/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "domain/dom.h"

struct printer {
	struct dom *d;
	sym_namer name;
	void *arg;
	struct buffer *out;
	unsigned depth;		/* of definitions entered */
};

#define PRINT_DEPTH 3		/* deeper definitions are "(...)" */

static void print_bit(struct printer *p, bit_id b);
static void print_word(struct printer *p, word_id w);

static const char *op_text(enum ir_op op)
{
	switch (op) {
	case IR_ADD: return "+";
	case IR_SUB: return "-";
	case IR_MUL: return "*";
	case IR_UDIV: return "/";
	case IR_SDIV: return "s/";
	case IR_UREM: return "%";
	case IR_SREM: return "s%";
	case IR_AND: return "&";
	case IR_OR: return "|";
	case IR_XOR: return "^";
	case IR_SHL: return "<<";
	case IR_LSHR: return ">>";
	case IR_ASHR: return "s>>";
	case IR_EQ: return "==";
	case IR_NE: return "!=";
	case IR_ULT: return "<";
	case IR_ULE: return "<=";
	case IR_SLT: return "s<";
	case IR_SLE: return "s<=";
	default: return ir_op_name(op);
	}
}

static void print_sym(struct printer *p, sym_id s)
{
	const struct sym *y = sym_get(p->d, s);

	if (!y->derived) {
		p->name(p->arg, s, p->out);
		return;
	}
	if (p->depth == PRINT_DEPTH) {
		buffer_puts(p->out, "(...)");
		return;
	}
	p->depth++;
	buffer_putc(p->out, '(');
	if (y->b.i) {
		print_word(p, y->a);
		buffer_printf(p->out, " %s ", op_text((enum ir_op)y->op));
		print_word(p, y->b);
	} else {
		buffer_printf(p->out, "%s ", op_text((enum ir_op)y->op));
		print_word(p, y->a);
	}
	buffer_putc(p->out, ')');
	p->depth--;
}

static void print_atom(struct printer *p, atom_id a, bool v)
{
	if (!v)
		buffer_putc(p->out, '!');
	print_sym(p, atom_sym(a));
	if (sym_get(p->d, atom_sym(a))->width > 1)
		buffer_printf(p->out, ".%u", atom_bit(a));
}

struct cube {
	uint8_t care, value;	/* by variable */
};


/* Irredundant sum of products between lower and upper (Minato 1992); gives its table. */
static uint64_t isop(uint64_t lower, uint64_t upper, unsigned n, struct cube at, struct cube *out,
		     unsigned *count)
{
	uint64_t l0, l1, u0, u1, f0, f1, rest;
	struct cube c0 = at, c1 = at;

	if (!lower)
		return 0;
	if (!~upper) {
		out[(*count)++] = at;
		return ~(uint64_t)0;
	}
	n--;
	l0 = fn_cofactor(lower, n, false);
	l1 = fn_cofactor(lower, n, true);
	u0 = fn_cofactor(upper, n, false);
	u1 = fn_cofactor(upper, n, true);
	c0.care = c1.care = (uint8_t)(at.care | 1u << n);
	c1.value = (uint8_t)(at.value | 1u << n);
	f1 = isop(l1 & ~u0, u1, n, c1, out, count);
	f0 = isop(l0 & ~u1, u0, n, c0, out, count);
	rest = isop((l0 & ~f0) | (l1 & ~f1), u0 & u1, n, at, out, count);
	return (f0 & ~fn_var[n]) | (f1 & fn_var[n]) | rest;
}

static void print_cube(struct printer *p, const struct fn *f, struct cube c)
{
	bool first = true;

	for (unsigned k = 0; k < f->n; k++) {
		if (!(c.care >> k & 1))
			continue;
		if (!first)
			buffer_puts(p->out, " & ");
		print_atom(p, f->a[k], c.value >> k & 1);
		first = false;
	}
}

static void print_bit(struct printer *p, bit_id b)
{
	struct cube cubes[64];
	unsigned n = 0;
	struct fn f;

	if (bit_is_top(b) || bit_is_const(b)) {
		buffer_puts(p->out, bit_is_top(b) ? "?" : b.i ? "1" : "0");
		return;
	}
	f = fn_of(p->d, b);
	isop(f.t, f.t, f.n, (struct cube){ 0, 0 }, cubes, &n);
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buffer_puts(p->out, " | ");
		print_cube(p, &f, cubes[i]);
	}
}

/* Prints the constants at the top of bits[0..i) as one number; gives how many. */
static unsigned print_consts(struct printer *p, const bit_id *bits, unsigned i)
{
	unsigned n = 0;
	uint64_t v = 0;

	while (n < i && bit_is_const(bits[i - 1 - n]))
		v = v << 1 | bits[i - 1 - n++].i;
	if (n)
		buffer_printf(p->out, "0x%llx:%u", (unsigned long long)v, n);
	return n;
}

static unsigned print_tops(struct printer *p, const bit_id *bits, unsigned i)
{
	unsigned n = 0;

	while (n < i && bit_is_top(bits[i - 1 - n]))
		n++;
	if (n)
		buffer_printf(p->out, "?:%u", n);
	return n;
}

/* Neighbouring bits of one symbol. */
static unsigned print_slice(struct printer *p, const bit_id *bits, unsigned i)
{
	unsigned n = 1, hi;
	atom_id a;

	if (!bit_is_literal(bits[i - 1]) || !literal_value(bits[i - 1]))
		return 0;
	a = literal_atom(bits[i - 1]);
	hi = atom_bit(a);
	while (n < i && n <= hi &&
	       bits[i - 1 - n].i == bit_literal(atom_make(atom_sym(a), hi - n), true).i)
		n++;
	if (n == 1)
		return 0;
	print_sym(p, atom_sym(a));
	buffer_printf(p->out, "[%u:%u]", hi, hi - n + 1);
	return n;
}

/* From the highest bit down. */
static void print_bits(struct printer *p, const struct word *x)
{
	unsigned i = x->width, n;

	buffer_putc(p->out, '{');
	while (i > 0) {
		if (i < x->width)
			buffer_puts(p->out, ", ");
		n = print_consts(p, x->bits, i);
		if (!n)
			n = print_tops(p, x->bits, i);
		if (!n)
			n = print_slice(p, x->bits, i);
		if (!n) {
			print_bit(p, x->bits[i - 1]);
			n = 1;
		}
		i -= n;
	}
	buffer_putc(p->out, '}');
}

static void print_word(struct printer *p, word_id w)
{
	const struct word *x = word_get(p->d, w);

	switch ((enum word_kind)x->kind) {
	case W_CONST:
		buffer_printf(p->out, x->value < 10 ? "%llu" : "0x%llx",
			      (unsigned long long)x->value);
		break;
	case W_SYM:
		print_sym(p, x->sym);
		if (x->value)
			buffer_printf(p->out, "%+lld", (long long)sign_extend(x->value, x->width));
		break;
	case W_BITS:
		if (x->width == 1)
			print_bit(p, x->bits[0]);
		else
			print_bits(p, x);
		break;
	case W_CHOICE:
		buffer_putc(p->out, '[');
		for (unsigned k = 0; k < x->n; k++) {
			if (k)
				buffer_puts(p->out, "; ");
			print_bit(p, x->guard[k]);
			buffer_puts(p->out, ": ");
			print_word(p, x->alt[k]);
		}
		buffer_putc(p->out, ']');
		break;
	}
}

void bit_print(const struct dom *d, bit_id b, sym_namer name, void *arg, struct buffer *out)
{
	struct printer p = { (struct dom *)(uintptr_t)d, name, arg, out, 0 };

	print_bit(&p, b);
}

void word_print(struct dom *d, word_id w, sym_namer name, void *arg, struct buffer *out)
{
	struct printer p = { d, name, arg, out, 0 };

	print_word(&p, w);
}

void cond_print(struct dom *d, const struct cond *c, sym_namer name, void *arg, struct buffer *out)
{
	struct printer p = { d, name, arg, out, 0 };

	if (c->unsat || !c->n)
		buffer_puts(out, c->unsat ? "false" : "true");
	for (uint32_t i = 0; i < c->n; i++) {
		if (i)
			buffer_puts(out, "\n");
		print_bit(&p, c->c[i].bit);
	}
}
