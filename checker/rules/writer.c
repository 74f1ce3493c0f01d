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

/* A void pointer; one to a scalar leads to the field that is one. */
static bool is_untyped(const struct ir_type *t)
{
	return t && t->kind == IR_T_PTR && t->rec == IR_NONE && !t->is_func_ptr && !t->elem_size;
}

/* A pointer that has a type only from here on. */
static bool gives_type(const struct ir_func *f, const struct ir_insn *i)
{
	const struct ir_type *from = type_of(f, i->a), *to = &f->temps.v[i->dst].type;

	return to->kind == IR_T_PTR && to->rec != IR_NONE &&
	       (!from || from->kind != IR_T_PTR || is_untyped(from));
}

static bool passes_untyped(const struct ir_func *f, const struct ir_insn *i)
{
	for (unsigned k = 0; k < i->nargs; k++)
		if (is_untyped(type_of(f, f->args.v[i->args + k])) && !(i->off & IR_ARG_CONST(k)))
			return true;
	return false;
}

static bool looks_untyped_at(const struct ir_func *f, const struct ir_insn *i)
{
	switch (i->op) {
	case IR_LOAD: case IR_STORE: case IR_RMW: case IR_HAVOC: case IR_MEMSET: case IR_MEMCPY:
		return i->rec == IR_NONE && !local_at(f, i->a);
	case IR_COPY: case IR_PTROFF: case IR_PTRADD:
		return gives_type(f, i);
	case IR_CALL: case IR_ASM:
		return passes_untyped(f, i);
	default:
		return false;
	}
}

/* It may look at what a pointer leads to that has come without the type: more than to keep it. */
static bool looks_untyped(const struct ir_func *f)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (looks_untyped_at(f, &f->blocks.v[b].insns.v[i]))
				return true;
	return f->state != IR_BODY_READY;
}

/* A function that nobody sees keeps an object as a cookie, unless a model says that it writes. */
static bool takes_cookie(const struct ir_unit *u, const struct ir_func *callee,
			 const struct written *w)
{
	const struct model_func *m = model_func(w->model, intern_get(&u->names, callee->name));

	return !m || m->effect != MODEL_EFFECT_ARGS;
}

/*
 * What the callee does with a pointer of that type, which leads to a record from, is nothing
 * that is asked for.
 */
static bool only_keeps(const struct ir_unit *u, const struct ir_func *callee,
		       const struct ir_type *type, ir_rec from, const struct written *w)
{
	if (only_looks(callee))
		return true;
	if (w->asks != WRITER_ACCESSES)
		return false;
	return callee->flags & IR_FN_HAS_BODY ? is_untyped(type) && !looks_untyped(callee) :
						from == w->field.rec && takes_cookie(u, callee, w);
}

/* The callee does not take the argument for that record. */
static bool loses_type(const struct ir_unit *u, const struct ir_insn *i, unsigned k, ir_rec from,
		       const struct written *w)
{
	const struct ir_func *callee;
	const struct ir_type *type;

	if (i->off & (IR_ARG_CONST(k) | IR_ARG_RECORD(k)))
		return false;
	if (i->op != IR_CALL || i->imm == IR_NONE)
		return true;
	callee = &u->funcs.v[i->imm];
	type = k < callee->nparams ? &callee->locals.v[k].type : NULL;
	return !points_to_holder(u, type, w) && !only_keeps(u, callee, type, from, w);
}

static bool gives_away(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		       const struct written *w)
{
	for (unsigned k = 0; k < i->nargs; k++) {
		const struct ir_type *t = type_of(f, f->args.v[i->args + k]);

		if (points_to_holder(u, t, w) && loses_type(u, i, k, t->rec, w))
			return true;
	}
	return false;
}

/* A pointer to an object of a record whose type is another one now. */
struct alias {
	const struct ir_unit *u;
	const struct ir_func *f;
	const struct written *w;
	uint32_t temp;
	ir_rec from;
};

/* The instruction looks at the value of the pointer; or puts it away, where that is nothing. */
static bool uses_value(const struct alias *a, const struct ir_insn *i)
{
	if (i->op == IR_STORE && !is_temp(i->a, a->temp))
		return a->w->asks == WRITER_ACCESSES && is_untyped(&a->f->temps.v[a->temp].type);
	return i->op == IR_EQ || i->op == IR_NE || i->op == IR_TOBOOL;
}

/* That, or it gives it to a function that does no more. */
static bool uses_well(const struct alias *a, const struct ir_insn *i)
{
	bool used = is_temp(i->a, a->temp) || is_temp(i->b, a->temp) || is_temp(i->c, a->temp);

	if (used && !uses_value(a, i))
		return false;
	for (unsigned k = 0; k < i->nargs; k++)
		if (is_temp(a->f->args.v[i->args + k], a->temp) && !(i->off & IR_ARG_CONST(k)) &&
		    (i->op != IR_CALL || i->imm == IR_NONE ||
		     !only_keeps(a->u, &a->u->funcs.v[i->imm], &a->f->temps.v[a->temp].type, a->from,
				 a->w)))
			return false;
	return true;
}

/* A pointer without its type that goes nowhere, as the argument of IS_ERR() or kfree(). */
static bool goes_nowhere(const struct alias *a)
{
	const struct ir_func *f = a->f;

	for (uint32_t b = 0; b < f->blocks.n; b++) {
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (!uses_well(a, &f->blocks.v[b].insns.v[i]))
				return false;
		if (is_temp(f->blocks.v[b].term.cond, a->temp))
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
	return i->op == IR_COPY ? !goes_nowhere(&(struct alias){ u, f, w, i->dst, from->rec }) :
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
	return w->asks == WRITER_WRITES && points_to_holder(u, type_of(f, i->b), w) &&
	       !points_to_holder(u, target_type(u, f, i), w);
}

static bool reads(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		  const struct written *w)
{
	if (w->asks == WRITER_WRITES)
		return false;
	return i->op == IR_MEMCPY ? points_to_holder(u, type_of(f, i->b), w) :
		i->op == IR_LOAD && has_field(u, w, i->rec, i->recoff, i->width);
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
			if (reads(u, f, &f->blocks.v[b].insns.v[i], w) ||
			    writes(u, f, &f->blocks.v[b].insns.v[i], w))
				return true;
	return false;
}
