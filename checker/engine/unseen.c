/* SPDX-License-Identifier: MIT */
/*
 * Stores that no instruction shows: code without a body or a model gets a
 * pointer, and may write there. How far is told by the pointer's type: a record,
 * a scalar or the array that it stands in; through void * and char * it is all
 * that follows in the object.
 */
#include "engine/cells.h"

#include "base/buffer.h"

#define UNSEEN_SITE 6000u	/* what the arguments of one site are filled with */

/* Any value, with the reason. */
static sym_id unknown_value(struct fun *f, uint64_t site, unsigned k, const struct unseen *u)
{
	struct engine *e = f->e;
	sym_id id = site_symbol(f, site, UNSEEN_SITE + k, 64, ORIGIN_UNKNOWN, IR_NONE, u->loc);
	struct buffer b = BUFFER_INIT;

	if (!e->syms.v.v[id.i].reason) {
		buffer_printf(&b, u->sure ? "what %s stores is not known" :
			      "%s may write to what it is given, and what it does is not known", u->by);
		e->syms.v.v[id.i].reason = ir_reason_add(e->unit, IR_R_CONSTRUCT, buffer_str(&b),
							 u->loc);
		buffer_release(&b);
	}
	return id;
}

/* The bits that a pointer to scalars of so many bits, 0 for void, leads to. */
static uint64_t scalar_width(struct fun *f, const struct target *t, uint64_t elem)
{
	const struct symbol *k = symbol_info(&f->e->syms, symbol_object(&f->e->syms, t->root));
	const struct ir_field *fd = NULL;
	uint64_t off = (uint64_t)t->off, in = off;

	if (t->off >= 0 && k->rec != IR_NONE) {
		off = ir_element_off(f->e->unit, k->rec, off);
		fd = ir_field_at(f->e->unit, k->rec, off, 8, &(ir_rec){ 0 }, &in);
	}
	if (fd && fd->type.kind == IR_T_AGG && fd->type.elem_size && elem)
		return fd->off + fd->width - in;
	if (!elem || (fd && fd->width != elem && elem < fd->width) || (!fd && elem <= 8))
		return UINT32_MAX;
	return elem;
}

/* What the argument's type says of the memory that may be written. */
static void set_extent(struct fun *f, const struct ir_type *type, struct store_event *e,
		       const struct target *t)
{
	bool typed = type && type->kind == IR_T_PTR && type->rec != IR_NONE;
	uint64_t width;

	e->outer = typed ? type->rec : symbol_info(&f->e->syms, t->root)->rec;
	e->outer_off = typed ? 0 : (uint64_t)t->off;
	width = typed ? f->e->unit->records.v[type->rec].size :
		scalar_width(f, t, type && type->kind == IR_T_PTR ? type->elem_size : 0);
	e->width = width && width < UINT32_MAX ? (uint32_t)width : UINT32_MAX;
}

static const struct ir_type *argument_type(const struct fun *f, const struct ir_insn *i, unsigned k)
{
	struct ir_val v = f->body->args.v[i->args + k];

	return v.kind == IR_V_TEMP ? &f->body->temps.v[v.i].type : NULL;
}

/* A watched record, or a cookie that is one: what is done to its members is judged there. */
static bool is_whole(const struct fun *f, const struct ir_type *type, const struct target *t)
{
	if (type && type->kind == IR_T_PTR && type->rec != IR_NONE)
		return engine_watches(f->e, type->rec);
	return !t->off;
}

static void tell_argument(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site,
			  unsigned k, const struct unseen *u)
{
	const struct ir_type *type = argument_type(f, i, k);
	struct access a = { .ptr = value_of(f, f->body->args.v[i->args + k]), .width = 8,
			    .rec = IR_NONE, .site = site, .loc = u->loc, .pointee = IR_NONE };
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, &a, t);

	for (unsigned m = 0; m < n; m++) {
		struct store_event e = { .root = t[m].root, .off = t[m].off, .ptr = a.ptr,
					 .old = WORD_NONE, .loc = u->loc, .maybe = true,
					 .is_range = true, .is_any = true, .by = u->through,
					 .typed = i->off & IR_ARG_RECORD(k) };
		sym_id val = unknown_value(f, site, k, u);

		if ((!type || type->kind != IR_T_PTR) &&
		    symbol_info(&f->e->syms, t[m].root)->rec == IR_NONE)
			continue;
		set_extent(f, type, &e, &t[m]);
		e.class = (struct class){ IR_NONE, 0, e.width };
		if (u->sure || !is_whole(f, type, &t[m]))
			access_note_range(f, s, u->sure ? ACCESS_WRITE : ACCESS_UNSEEN, &t[m],
					  type && type->kind == IR_T_PTR ? type->rec : IR_NONE,
					  e.width, u->loc);
		e.val = word_sym(f->e->dom, val);
		e.unseen = u->sure ? 0 : symbol_info(&f->e->syms, val)->reason;
		f->e->client.on_store(f->e->client.arg, f, s, &e);
	}
}

/* A number leads somewhere only where it is known to have been a pointer. */
bool unseen_is_pointer(struct fun *f, const struct ir_insn *i, unsigned k)
{
	const struct ir_type *type = argument_type(f, i, k);
	word_id w = value_of(f, f->body->args.v[i->args + k]);
	int64_t delta;
	sym_id root;
	uint64_t c;

	if (word_is_none(w) || word_width(f->e->dom, w) != f->e->unit->ptr_width ||
	    word_is_const(f->e->dom, w, &c) || (type && type->is_func_ptr))
		return false;
	return (type && type->kind == IR_T_PTR) || word_as_symoff(f->e->dom, w, &root, &delta);
}

void unseen_stores(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site,
		   const struct unseen *u)
{
	for (unsigned k = 0; k < i->nargs; k++)
		if (!(i->off & (IR_ARG_CONST(k) | (u->sure ? 0 : IR_ARG_CONTEXT(k)))) &&
		    unseen_is_pointer(f, i, k))
			tell_argument(f, s, i, site, k, u);
}

void unseen_range(struct fun *f, struct state *s, const struct access *a, const uint64_t *bytes,
		  word_id val)
{
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	struct unseen u = { .by = "the copy", .sure = true, .loc = a->loc, .through = WORD_NONE };

	for (unsigned i = 0; i < n; i++) {
		const struct symbol *k = symbol_info(&f->e->syms, t[i].root);
		struct store_event e = { .root = t[i].root, .off = t[i].off, .ptr = a->ptr,
					 .old = WORD_NONE, .loc = a->loc, .is_range = true,
					 .is_any = true, .by = WORD_NONE };

		e.outer = a->rec != IR_NONE ? a->rec : k->rec;
		e.outer_off = a->rec != IR_NONE ? a->recoff : (uint64_t)t[i].off;
		e.width = bytes && *bytes < UINT32_MAX / 8 ? (uint32_t)(*bytes * 8) : UINT32_MAX;
		e.class = (struct class){ IR_NONE, 0, e.width };
		e.val = word_is_none(val) ?
			word_sym(f->e->dom, unknown_value(f, a->site, 0, &u)) : val;
		f->e->client.on_store(f->e->client.arg, f, s, &e);
	}
}
