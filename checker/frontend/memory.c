/* SPDX-License-Identifier: MIT */
/* Places, and the instructions that read and write them. */
#include "frontend/internal.h"

static struct place place_of(struct ir_val a, ctype t)
{
	return (struct place){ .a = a, .t = t, .is_volatile = t->is_volatile,
			       .segment = t->segment, .rec = t->t.rec };
}

struct ir_type lw_pointer_to(struct lower *lw, ctype t)
{
	return (struct ir_type){ .kind = IR_T_PTR, .width = lw->u->ptr_width,
				 .is_func_ptr = t->is_func,
				 .rec = fe_is_agg(t) ? t->t.rec : IR_NONE,
				 .size = lw->u->ptr_width, .elem_size = t->t.size };
}

struct place lw_deref(struct lower *lw, struct ir_val ptr, ctype t)
{
	struct place p = place_of(ptr, t);

	(void)lw;
	/* Only a record is the base of a member path; a pointer's pointee is none. */
	if (!t->is_record)
		p.rec = IR_NONE;
	return p;
}

struct place lw_local_place(struct lower *lw, uint32_t local, ctype t)
{
	return lw_deref(lw, lw_addr(lw, IR_ADDR_LOCAL, local, lw_pointer_to(lw, t)), t);
}

struct place lw_synthetic(struct lower *lw, ctype t)
{
	return lw_local_place(lw, lw_local(lw, 0, t, false), t);
}

struct place lw_at_offset(struct place p, uint64_t off, ctype t, unsigned bits)
{
	p.off += (int64_t)off;
	p.recoff += off;
	p.t = t;
	p.bits = (uint8_t)bits;
	p.is_volatile |= t->is_volatile;
	p.segment |= t->segment;
	return p;
}

struct ir_val lw_address(struct lower *lw, struct place p)
{
	return lw_ptroff(lw, p.a, p.off, lw_pointer_to(lw, p.t));
}

/* ------------------------------------------------------- load and store */

static void access(struct ir_insn *i, const struct place *p)
{
	i->a = p->a;
	i->off = p->off;
	i->rec = p->rec;
	i->recoff = p->rec == IR_NONE ? 0 : p->recoff;
	i->mark = p->is_volatile ? IR_ONCE : IR_PLAIN;
	if (p->bits)
		i->flags |= IR_F_BITFIELD;
}

/* %gs: the address is relative to this CPU's area, so it names no object of the unit. */
#define SEGMENT "per-CPU access"

static struct val widen_bits(struct lower *lw, struct ir_val v, ctype t)
{
	if (lw_width(lw, v) == t->t.width)
		return lw_val(v, t);
	if (lw_width(lw, v) == 1 && !t->t.is_signed)
		return lw_bit(v, t);
	return lw_val(lw_op1(lw, t->t.is_signed ? IR_SEXT : IR_ZEXT, v, t->t), t);
}

struct val lw_load(struct lower *lw, struct place p)
{
	struct ir_type t = p.t->t;
	struct ir_insn *i;
	struct ir_val v;

	if (fe_is_agg(p.t))
		return lw_val(lw_address(lw, p), p.t);
	if (p.t->is_void || p.t->opaque)
		return lw_none(p.t);
	if (p.segment)
		return lw_unknown_val(lw, p.t, IR_R_ASM, SEGMENT);
	if (p.bits && p.bits != t.width)
		t = lw_int_type(p.bits, t.is_signed);
	i = lw_emit(lw, IR_LOAD);
	access(i, &p);
	v = lw_dst(lw, i, t);
	return widen_bits(lw, v, p.t);
}

/* A constant that a field of these bits does not hold, as a number of either sign. */
static bool is_cut_off(const struct lower *lw, struct ir_val v, unsigned bits)
{
	uint64_t mask = bits < 64 ? (1ull << bits) - 1 : ~0ull;
	unsigned width = lw_width(lw, v);
	uint64_t all = width < 64 ? (1ull << width) - 1 : ~0ull, x;

	if (bits >= width || !lw_const_of(lw, v, &x) || !(x & ~mask))
		return false;
	return (x & ~mask) != (all & ~mask) || !(x & (mask ^ mask >> 1));
}

static struct ir_val low_bits(struct lower *lw, struct place p, struct val v)
{
	struct ir_val x;
	struct ir_insn *i;

	if (p.bits && v.bit && p.bits == 1)
		return v.v;
	x = lw_force(lw, v);
	if (!p.bits)
		return x;
	if (!is_cut_off(lw, x, p.bits))
		return lw_resize(lw, x, p.bits, p.t->t.is_signed);
	/* Not folded: what was written is what a reader of the IR wants to see. */
	i = lw_emit(lw, IR_TRUNC);
	i->a = x;
	return lw_dst(lw, i, lw_int_type(p.bits, p.t->t.is_signed));
}

struct val lw_store(struct lower *lw, struct place p, struct val v, unsigned flags)
{
	struct ir_insn *i;
	struct ir_val x;

	if (fe_is_agg(p.t)) {
		lw_copy(lw, p, v.v, flags);
		return v;
	}
	if (p.segment || p.t->opaque) {
		lw_havoc(lw, p, p.segment ? IR_R_ASM : fe_opaque_kind(p.t),
			 p.segment ? SEGMENT : p.t->opaque);
		return v;
	}
	x = low_bits(lw, p, v);
	i = lw_emit(lw, IR_STORE);
	access(i, &p);
	i->b = x;
	i->width = p.bits ? p.bits : p.t->t.width;
	i->flags |= (uint8_t)flags;
	return p.bits ? widen_bits(lw, x, p.t) : v;
}

void lw_havoc(struct lower *lw, struct place p, enum ir_reason_kind kind, const char *text)
{
	uint64_t width = p.bits ? p.bits : p.t->t.size;
	uint32_t reason = ir_reason_add(lw->u, kind, text, lw_loc(lw));
	struct ir_insn *i = lw_emit(lw, IR_HAVOC);

	access(i, &p);
	i->width = width <= 128 ? (uint8_t)width : 0;
	i->imm = reason;
}

void lw_copy(struct lower *lw, struct place to, struct ir_val from, unsigned flags)
{
	struct ir_insn *i;

	if (!to.t->t.size)
		return;
	if (to.segment) {
		lw_havoc(lw, to, IR_R_ASM, SEGMENT);
		return;
	}
	if (to.rec != IR_NONE)
		fe_record_filled(lw->fe, to.rec);
	i = lw_emit(lw, IR_MEMCPY);
	access(i, &to);
	i->b = from;
	i->c = lw_const(lw, to.t->t.size / 8, lw->u->ptr_width);
	i->flags |= (uint8_t)flags;
}

void lw_zero(struct lower *lw, struct place p)
{
	struct ir_insn *i;

	if (!p.t->t.size)
		return;
	i = lw_emit(lw, IR_MEMSET);
	access(i, &p);
	i->b = lw_const(lw, 0, 8);
	i->c = lw_const(lw, p.t->t.size / 8, lw->u->ptr_width);
	i->flags |= IR_F_INIT;
}

struct ir_val lw_rmw(struct lower *lw, struct place p, enum ir_rmw rmw, struct ir_val b,
		     struct ir_val c, struct ir_type t)
{
	struct ir_insn *i = lw_emit(lw, IR_RMW);

	access(i, &p);
	i->mark = IR_ATOMIC;
	i->imm = rmw;
	i->b = b;
	i->c = c;
	if (rmw == IR_RMW_CMPXCHG)
		i->flags |= IR_F_COND;
	return lw_dst(lw, i, t);
}
