/* SPDX-License-Identifier: MIT */
/*
 * Instructions of x86 as IR: what reads, changes and writes a memory operand, moves, and the
 * search for a bit.
 */
#include "frontend/asm.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct exact {
	struct lower *lw;
	struct asm_stmt *s;
	const struct asm_insn *i;
	struct asm_operand *mem;	/* the memory operand, or the register that is written */
	struct asm_operand *reg;	/* the other one, or NULL: an immediate */
	bool modified;		/* an operand is named by a part of it: %w0 */
	uint64_t immediate;
	unsigned width;
	struct ir_val old, operand, new;
};

#define BITS(x) lw_int_type((x)->width, false)

void asm_as_word(struct lower *lw, struct place *p)
{
	ctype w = fe_word(lw->fe, (unsigned)p->t->t.size);

	if (fe_is_agg(p->t) && w)
		p->t = w;
}

void asm_set(struct lower *lw, struct asm_operand *o, struct ir_val v, bool is_signed)
{
	struct place p = o->p;
	unsigned width;

	asm_as_word(lw, &p);
	width = p.t->t.width;
	if (p.t->t.kind == IR_T_BOOL && lw_width(lw, v) == 1)
		lw_store(lw, p, lw_bit(v, p.t), 0);
	else
		lw_store(lw, p, lw_val(lw_resize(lw, v, width, is_signed), p.t), 0);
	o->done = true;
}

/* ----------------------------------------------------------------- operands */

static bool find_operand(struct exact *x, const char *text, struct asm_operand **o, uint64_t *imm)
{
	int n = asm_operand_index(x->s, text);
	char *end;

	*o = NULL;
	if (n >= 0) {
		*o = &x->s->ops[n];
		x->modified |= text[0] == '%' && isalpha((unsigned char)text[1]);
		return true;
	}
	if (*text != '$')
		return false;
	*imm = strtoull(text + 1, &end, 0);
	return end != text + 1 && !*end;
}

static bool is_scan(uint8_t effect)
{
	return effect == MODEL_ASM_BSF || effect == MODEL_ASM_BSR || effect == MODEL_ASM_TZCNT;
}

static bool writes_register(uint8_t effect)
{
	return effect == MODEL_ASM_MOV || is_scan(effect);
}

/* AT&T order: source, destination. An exchange may have its memory on either side. */
static bool find_operands(struct exact *x)
{
	const char *text[3];
	unsigned n = asm_operands(x->lw, x->i->text, text, 3);
	struct asm_operand *src = NULL, *dst;
	uint64_t ignored;

	if (!n || n > 2 || !find_operand(x, text[n - 1], &dst, &ignored) || !dst)
		return false;
	if (n == 2 && !find_operand(x, text[0], &src, &x->immediate))
		return false;
	if (src && src->memory && !dst->memory && x->i->model->effect == MODEL_ASM_XCHG) {
		x->mem = src;
		x->reg = dst;
	} else {
		x->mem = dst;
		x->reg = src;
	}
	return (x->mem->memory || writes_register(x->i->model->effect)) &&
	       !(x->reg && x->reg->memory && x->mem->memory) &&
	       (n == 2 || x->i->model->effect == MODEL_ASM_INC ||
		x->i->model->effect == MODEL_ASM_DEC);
}

static struct ir_val value_of(struct exact *x, const struct asm_operand *o, unsigned width)
{
	struct ir_val v;

	if (!o)
		return lw_const(x->lw, x->immediate, width);
	v = lw_force(x->lw, o->v);
	return lw_resize(x->lw, v, width, o->v.t->t.is_signed);
}

static bool has_value(const struct asm_operand *o)
{
	return !o || (o->v.v.kind != IR_V_NONE && !fe_is_agg(o->v.t));
}

/* The register a: in and out ("+a"), or an output that an input is tied to. */
static struct asm_operand *accumulator(struct exact *x)
{
	for (unsigned i = 0; i < x->s->nout; i++) {
		struct asm_operand *o = &x->s->ops[i];

		if (!o->memory && !o->flag && strchr(o->constraint, 'a'))
			return o;
	}
	return NULL;
}

static const struct asm_operand *input_of(const struct exact *x, const struct asm_operand *out)
{
	if (out->inout)
		return out;
	if (out->tied >= 0)
		return &x->s->ops[out->tied];
	for (unsigned i = x->s->nout; i < x->s->nops; i++)
		if (!strcmp(x->s->ops[i].constraint, "a"))
			return &x->s->ops[i];
	return NULL;
}

/* -------------------------------------------------------------------- flags */

static bool ends_positive(const char **flag)
{
	bool negated = **flag == 'n';

	*flag += negated;
	return !negated;
}

static struct ir_val not_if(struct lower *lw, bool negate, struct ir_val bit)
{
	return negate ? lw_op1(lw, IR_NOT, bit, lw_int_type(1, false)) : bit;
}

static void set_flag(struct exact *x, struct asm_operand *o, bool known, struct ir_val bit,
		     bool positive)
{
	if (!known)
		bit = lw_unknown(x->lw, lw_int_type(1, false), IR_R_ASM,
				 "condition code of an asm");
	else
		bit = not_if(x->lw, !positive, bit);
	asm_set(x->lw, o, bit, false);
}

static bool carry(struct exact *x, struct ir_val *bit)
{
	switch (x->i->model->effect) {
	case MODEL_ASM_ADD:
	case MODEL_ASM_XADD:
		*bit = lw_cmp(x->lw, IR_ULT, x->new, x->old);
		return true;
	case MODEL_ASM_SUB:
		*bit = lw_cmp(x->lw, IR_ULT, x->old, x->operand);
		return true;
	case MODEL_ASM_AND:
	case MODEL_ASM_OR:
	case MODEL_ASM_XOR:
		*bit = lw_const(x->lw, 0, 1);
		return true;
	default:
		return false;
	}
}

/* The conditions after an arithmetic instruction that left x->new. */
static void set_arith_flags(struct exact *x)
{
	struct lower *lw = x->lw;
	struct ir_val zero = lw_const(lw, 0, x->width);

	for (unsigned i = 0; i < x->s->nout; i++) {
		struct asm_operand *o = &x->s->ops[i];
		const char *flag = o->flag;
		struct ir_val bit = IR_VAL_NONE;
		bool positive, known = true;

		if (!flag)
			continue;
		positive = ends_positive(&flag);
		if (!strcmp(flag, "z") || !strcmp(flag, "e"))
			bit = lw_cmp(lw, IR_EQ, x->new, zero);
		else if (!strcmp(flag, "s"))
			bit = lw_cmp(lw, IR_SLT, x->new, zero);
		else
			known = !strcmp(flag, "c") && carry(x, &bit);
		set_flag(x, o, known, bit, positive);
	}
}

static void set_one_flag(struct exact *x, const char *name, const char *alias, struct ir_val bit)
{
	for (unsigned i = 0; i < x->s->nout; i++) {
		struct asm_operand *o = &x->s->ops[i];
		const char *flag = o->flag;
		bool positive;

		if (!flag)
			continue;
		positive = ends_positive(&flag);
		set_flag(x, o, !strcmp(flag, name) || !strcmp(flag, alias), bit, positive);
	}
}

/* ------------------------------------------------------------- instructions */

static bool do_xchg(struct exact *x)
{
	if (!x->reg || !x->reg->output)
		return false;
	x->old = lw_rmw(x->lw, x->mem->p, IR_RMW_XCHG, value_of(x, x->reg, x->width), IR_VAL_NONE,
			BITS(x));
	asm_set(x->lw, x->reg, x->old, false);
	return true;
}

static bool do_cmpxchg(struct exact *x)
{
	struct asm_operand *a = accumulator(x);
	const struct asm_operand *in = a ? input_of(x, a) : NULL;
	struct ir_val expected;

	if (!in || !has_value(in) || !x->reg)
		return false;
	expected = value_of(x, in, x->width);
	x->old = lw_rmw(x->lw, x->mem->p, IR_RMW_CMPXCHG, value_of(x, x->reg, x->width), expected,
			BITS(x));
	set_one_flag(x, "z", "e", lw_cmp(x->lw, IR_EQ, x->old, expected));
	asm_set(x->lw, a, x->old, false);
	return true;
}

static enum ir_rmw rmw_of(uint8_t effect)
{
	switch (effect) {
	case MODEL_ASM_SUB: case MODEL_ASM_DEC: return IR_RMW_SUB;
	case MODEL_ASM_AND: return IR_RMW_AND;
	case MODEL_ASM_OR: return IR_RMW_OR;
	case MODEL_ASM_XOR: return IR_RMW_XOR;
	default: return IR_RMW_ADD;
	}
}

static enum ir_op op_of(enum ir_rmw rmw)
{
	static const uint8_t ops[] = { [IR_RMW_ADD] = IR_ADD, [IR_RMW_SUB] = IR_SUB,
				       [IR_RMW_AND] = IR_AND, [IR_RMW_OR] = IR_OR,
				       [IR_RMW_XOR] = IR_XOR };

	return ops[rmw];
}

static bool do_arith(struct exact *x)
{
	uint8_t effect = x->i->model->effect;
	enum ir_rmw rmw = rmw_of(effect);

	if (effect == MODEL_ASM_XADD && (!x->reg || !x->reg->output))
		return false;
	if (effect == MODEL_ASM_INC || effect == MODEL_ASM_DEC)
		x->operand = lw_const(x->lw, 1, x->width);
	else
		x->operand = value_of(x, x->reg, x->width);
	x->old = lw_rmw(x->lw, x->mem->p, rmw, x->operand, IR_VAL_NONE, BITS(x));
	x->new = lw_op2(x->lw, op_of(rmw), x->old, x->operand, BITS(x));
	set_arith_flags(x);
	if (effect == MODEL_ASM_XADD)
		asm_set(x->lw, x->reg, x->old, false);
	return true;
}

/*
 * With the number in a register, a bit string of any length is meant: the
 * word that has the bit is looked for first (SDM, "BT").
 */
static struct place bit_word(struct exact *x, struct ir_val nr)
{
	struct lower *lw = x->lw;
	struct ir_val shift = lw_const(lw, (unsigned)__builtin_ctz(x->width), 64);
	struct ir_val index = lw_op2(lw, IR_ASHR, nr, shift, lw_int_type(64, true));

	return lw_element(lw, x->mem->p, index, fe_word(lw->fe, x->width));
}

static bool do_bit(struct exact *x)
{
	struct lower *lw = x->lw;
	uint8_t effect = x->i->model->effect;
	struct ir_val nr = value_of(x, x->reg, 64), one, mask, n;
	struct place p;

	if (x->width < 16)
		return false;
	p = bit_word(x, nr);
	n = lw_resize(lw, lw_op2(lw, IR_AND, nr, lw_const(lw, x->width - 1, 64),
				 lw_int_type(64, false)), x->width, false);
	one = lw_const(lw, 1, x->width);
	mask = lw_op2(lw, IR_SHL, one, n, BITS(x));
	if (effect == MODEL_ASM_BT) {
		x->old = lw_force(lw, lw_load(lw, p));
	} else {
		if (effect == MODEL_ASM_BTR)
			mask = lw_op1(lw, IR_NOT, mask, BITS(x));
		x->old = lw_rmw(lw, p, effect == MODEL_ASM_BTS ? IR_RMW_OR :
				effect == MODEL_ASM_BTR ? IR_RMW_AND : IR_RMW_XOR, mask,
				IR_VAL_NONE, BITS(x));
	}
	set_one_flag(x, "c", "c", lw_op1(lw, IR_TRUNC, lw_op2(lw, IR_LSHR, x->old, n, BITS(x)),
					 lw_int_type(1, false)));
	return true;
}

/*
 * mem is the destination here, a register too. A volatile source is a device
 * register, which need not give back what was written to it. Code with notes in
 * other sections may be patched: constants that are known at boot only.
 */
static bool do_mov(struct exact *x)
{
	const struct asm_operand *src = x->reg;
	struct place p = x->mem->p;
	struct ir_val v;

	if (x->s->has_sections || (!x->mem->output && !x->mem->memory))
		return false;
	if (src && src->memory) {
		if (src->p.is_volatile || src->p.segment || fe_is_agg(src->p.t) ||
		    src->p.t->t.size != x->width)
			return false;
		v = lw_force(x->lw, lw_load(x->lw, src->p));
	} else {
		v = value_of(x, src, x->width);
	}
	lw_store(x->lw, p, lw_val(v, p.t), 0);
	return true;
}

/*
 * Of 0, which has no such bit: bsf and bsr leave the register as it was, tzcnt gives the
 * width. Which of the two "rep; bsf" and tzcnt are, the processor decides. In a wider
 * register the upper half is one of two things too.
 */
static bool held_before(struct exact *x, struct ir_val *v)
{
	const struct asm_operand *to = x->mem;
	const struct asm_operand *in = to->inout ? to : to->tied >= 0 ? &x->s->ops[to->tied] : NULL;
	unsigned width = (unsigned)to->p.t->t.size;

	if (!in || !has_value(in) || x->i->model->effect == MODEL_ASM_TZCNT ||
	    strstr(x->s->text, "rep") || width > x->width || in->v.t->t.size < width)
		return false;
	*v = value_of(x, in, x->width);
	return true;
}

static void set_scan_of_zero(struct exact *x)
{
	struct ir_val v;

	if (held_before(x, &v))
		asm_set(x->lw, x->mem, v, false);
	else
		lw_havoc(x->lw, x->mem->p, IR_R_ASM, "the first bit of 0");
}

/* The width that the instruction has is certain, and the source is a value of that width. */
static bool is_scan_known(const struct exact *x)
{
	const struct asm_operand *from = x->reg;
	uint64_t size;

	if (!from || !x->mem->output || x->mem->memory || x->width < 32 ||
	    (x->modified && !asm_suffix_width(x->i)))
		return false;
	if (!from->memory)
		return from->v.t->t.size >= x->width;
	size = from->p.t->t.size;
	return size == x->width && !fe_is_agg(from->p.t) && !from->p.segment && !from->p.bits &&
	       !from->p.is_volatile;
}

static struct ir_val bit_number(struct exact *x, struct ir_val v)
{
	struct ir_val n;

	if (x->i->model->effect != MODEL_ASM_BSR)
		return lw_count_bits(x->lw, FE_CTZ, v);
	n = lw_count_bits(x->lw, FE_CLZ, v);
	return lw_op2(x->lw, IR_SUB, lw_const(x->lw, x->width - 1, x->width), n, BITS(x));
}

/* The number of the lowest or of the highest bit, into a register. */
static bool do_scan(struct exact *x)
{
	const struct asm_operand *from = x->reg;
	struct lower *lw = x->lw;
	uint32_t some, none, join;
	struct ir_val v;

	if (!is_scan_known(x))
		return false;
	v = from->memory ? lw_force(lw, lw_load(lw, from->p)) : value_of(x, from, x->width);
	some = lw_block(lw);
	none = lw_block(lw);
	join = lw_block(lw);
	lw_branch(lw, lw_op1(lw, IR_TOBOOL, v, lw_int_type(1, false)), some, none);
	lw_start(lw, some);
	asm_set(lw, x->mem, bit_number(x, v), false);
	lw_jump(lw, join);
	lw_start(lw, none);
	set_scan_of_zero(x);
	lw_jump(lw, join);
	lw_start(lw, join);
	return true;
}

static bool do_one(struct exact *x)
{
	switch (x->i->model->effect) {
	case MODEL_ASM_XCHG:
		return do_xchg(x);
	case MODEL_ASM_CMPXCHG:
		return do_cmpxchg(x);
	case MODEL_ASM_XADD: case MODEL_ASM_ADD: case MODEL_ASM_SUB: case MODEL_ASM_AND:
	case MODEL_ASM_OR: case MODEL_ASM_XOR: case MODEL_ASM_INC: case MODEL_ASM_DEC:
		return do_arith(x);
	case MODEL_ASM_BTS: case MODEL_ASM_BTR: case MODEL_ASM_BTC: case MODEL_ASM_BT:
		return do_bit(x);
	case MODEL_ASM_MOV:
		return do_mov(x);
	case MODEL_ASM_BSF: case MODEL_ASM_BSR: case MODEL_ASM_TZCNT:
		return do_scan(x);
	default:
		return false;
	}
}

static bool is_bit_insn(uint8_t effect)
{
	return effect >= MODEL_ASM_BTS && effect <= MODEL_ASM_BT;
}

bool asm_exact(struct lower *lw, struct asm_stmt *s)
{
	struct exact x = { .lw = lw, .s = s, .i = &s->insns[0] };
	unsigned suffix;

	if (s->ninsns != 1 || !x.i->model || !find_operands(&x))
		return false;
	asm_as_word(lw, &x.mem->p);
	suffix = asm_suffix_width(x.i);
	x.width = (unsigned)x.mem->p.t->t.size;
	if (suffix && suffix != x.width) {
		if (!is_bit_insn(x.i->model->effect) && !is_scan(x.i->model->effect))
			return false;
		x.width = suffix;
	}
	if (!fe_word(lw->fe, x.width) || x.mem->p.segment || x.mem->p.bits ||
	    x.mem->p.t->opaque || fe_is_agg(x.mem->p.t) ||
	    (x.reg && !x.reg->memory && !has_value(x.reg)))
		return false;
	lw_at(lw, s->c);
	if (!do_one(&x))
		return false;
	x.mem->done = true;
	return true;
}
