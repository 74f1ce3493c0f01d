/* SPDX-License-Identifier: MIT */
#include "rules/writer.h"

/* The bits of a record have some of the field, of an object that is asked for. */
static bool has_field(const struct ir_unit *u, const struct written *w, ir_rec rec, uint64_t off,
		      uint64_t width)
{
	return ir_span_in(u, ir_record_in(u, rec, w->in.rec) ? &w->field : &w->in, rec, off, width);
}

static const struct ir_type *type_of(const struct ir_func *f, struct ir_val v)
{
	return v.kind == IR_V_TEMP ? &f->temps.v[v.i].type : NULL;
}

/* It points to an object that has the field. */
static bool points_to_holder(const struct ir_unit *u, const struct ir_type *t,
			     const struct written *w)
{
	return t && t->kind == IR_T_PTR && has_field(u, w, t->rec, 0, UINT64_MAX);
}

static bool is_temp(struct ir_val v, uint32_t temp)
{
	return v.kind == IR_V_TEMP && v.i == temp;
}

/* The variable of the function, as its parameters are, that has the address; NULL for none. */
static const struct ir_local *local_at(const struct ir_func *f, struct ir_val address)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];

			if (n->op == IR_ADDR_LOCAL && is_temp(address, n->dst))
				return &f->locals.v[n->imm];
		}
	return NULL;
}

static bool does_more(const struct ir_func *f, const struct ir_insn *i)
{
	switch (i->op) {
	case IR_STORE:
		return !local_at(f, i->a);
	case IR_RMW: case IR_MEMSET: case IR_MEMCPY: case IR_HAVOC: case IR_CALL: case IR_ASM:
		return true;
	default:
		return false;
	}
}

/* It stores nothing, calls nobody and gives no pointer back, as IS_ERR() of any pointer. */
static bool only_looks(const struct ir_func *f)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (does_more(f, &f->blocks.v[b].insns.v[i]))
				return false;
	return f->state == IR_BODY_READY && f->ret.kind != IR_T_PTR;
}

/* The callee does not take the argument for that record. */
static bool loses_type(const struct ir_unit *u, const struct ir_insn *i, unsigned k,
		       const struct written *w)
{
	if (i->off & (IR_ARG_CONST(k) | IR_ARG_RECORD(k)))
		return false;
	if (i->op != IR_CALL || i->imm == IR_NONE || k >= u->funcs.v[i->imm].nparams)
		return true;
	return !points_to_holder(u, &u->funcs.v[i->imm].locals.v[k].type, w) &&
	       !only_looks(&u->funcs.v[i->imm]);
}

static bool gives_away(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		       const struct written *w)
{
	for (unsigned k = 0; k < i->nargs; k++)
		if (points_to_holder(u, type_of(f, f->args.v[i->args + k]), w) &&
		    loses_type(u, i, k, w))
			return true;
	return false;
}

/* The instruction only looks at the value, or gives it to a function that only looks. */
static bool uses_well(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		      uint32_t temp)
{
	bool used = is_temp(i->a, temp) || is_temp(i->b, temp) || is_temp(i->c, temp);

	if (used && i->op != IR_EQ && i->op != IR_NE && i->op != IR_TOBOOL)
		return false;
	for (unsigned k = 0; k < i->nargs; k++)
		if (is_temp(f->args.v[i->args + k], temp) && !(i->off & IR_ARG_CONST(k)) &&
		    (i->op != IR_CALL || i->imm == IR_NONE || !only_looks(&u->funcs.v[i->imm])))
			return false;
	return true;
}

/* A pointer without its type that goes nowhere, as the argument of IS_ERR() or kfree(). */
static bool goes_nowhere(const struct ir_unit *u, const struct ir_func *f, uint32_t temp)
{
	for (uint32_t b = 0; b < f->blocks.n; b++) {
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (!uses_well(u, f, &f->blocks.v[b].insns.v[i], temp))
				return false;
		if (is_temp(f->blocks.v[b].term.cond, temp))
			return false;
	}
	return true;
}

/* The bits that the address of a member leads to: all of the member, and of what it points to. */
static uint64_t extent(const struct ir_unit *u, ir_rec rec, uint64_t off, const struct ir_type *to)
{
	const struct ir_record *r = &u->records.v[rec];
	uint64_t all = to->elem_size ? to->elem_size : UINT64_MAX;

	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *m = &r->fields.v[i];

		if (m->off <= off && off < m->off + m->width && m->off + m->width - off > all)
			all = m->off + m->width - off;
	}
	return all;
}

/* The address of the field itself, or a pointer that is one to something else now. */
static bool makes_alias(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
			const struct written *w)
{
	const struct ir_type *from = type_of(f, i->a), *to = &f->temps.v[i->dst].type;
	uint64_t off = i->op == IR_PTROFF && i->off > 0 ? (uint64_t)i->off : 0;

	if (!points_to_holder(u, from, w) || points_to_holder(u, to, w))
		return false;
	return i->op == IR_COPY ? !goes_nowhere(u, f, i->dst) :
				  has_field(u, w, from->rec, off, extent(u, from->rec, off, to));
}

/* The type of what is stored to, as it is declared; NULL where that is not known. */
static const struct ir_type *target_type(const struct ir_unit *u, const struct ir_func *f,
					 const struct ir_insn *i)
{
	const struct ir_local *l = i->rec == IR_NONE ? local_at(f, i->a) : NULL;
	const struct ir_field *m;
	ir_rec inner;
	uint64_t off;

	if (l || i->rec == IR_NONE)
		return l ? &l->type : NULL;
	m = ir_field_at(u, i->rec, i->recoff, u->ptr_width, &inner, &off);
	return m ? &m->type : NULL;
}

/* The pointer itself is stored, where its type is lost. */
static bool puts_away(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		      const struct written *w)
{
	return points_to_holder(u, type_of(f, i->b), w) &&
	       !points_to_holder(u, target_type(u, f, i), w);
}

static bool writes(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		   const struct written *w)
{
	switch (i->op) {
	case IR_STORE:
	case IR_RMW:
		return has_field(u, w, i->rec, i->recoff, i->width) || puts_away(u, f, i, w);
	case IR_MEMSET:
	case IR_MEMCPY:
	case IR_HAVOC:
		return has_field(u, w, i->rec, 0, UINT64_MAX) ||
		       points_to_holder(u, type_of(f, i->a), w);
	case IR_PTROFF:
	case IR_COPY:
		return makes_alias(u, f, i, w);
	case IR_CALL:
	case IR_ASM:
		return gives_away(u, f, i, w);
	default:
		return false;
	}
}

bool writer_may(const struct ir_unit *u, const struct ir_func *f, const struct written *w)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (writes(u, f, &f->blocks.v[b].insns.v[i], w))
				return true;
	return false;
}
