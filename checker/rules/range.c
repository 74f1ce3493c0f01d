/* SPDX-License-Identifier: MIT */
/*
 * What stands in a range of memory that is written as one: by the type of the
 * pointer that is used, and by what it is known to point to.
 */
#include "rules/judge.h"

#define DEPTH 8

/* The bits [from, to) of the record have some of the field; records in it are entered. */
static bool record_covers(const struct ir_unit *u, ir_rec rec, uint64_t from, uint64_t to,
			  const struct class *field, unsigned depth)
{
	const struct ir_record *r;

	if (rec == IR_NONE || depth > DEPTH)
		return false;
	if (rec == field->rec && from < field->off + field->width && field->off < to)
		return true;
	r = &u->records.v[rec];
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];
		bool is_array = f->type.elem_size != 0;

		if (f->type.kind != IR_T_AGG || f->off >= to || f->off + f->width <= from)
			continue;
		/* Of an array some element is in the range, and it is not told which. */
		if (record_covers(u, f->type.rec, is_array || from < f->off ? 0 : from - f->off,
				  is_array ? UINT64_MAX : to - f->off, field, depth + 1))
			return true;
	}
	return false;
}

static bool covers(const struct judge *j, ir_rec rec, uint64_t off, uint32_t width,
		   const struct class *field)
{
	uint64_t size;

	if (rec == IR_NONE)
		return false;
	size = j->e.unit->records.v[rec].size;
	off = ir_element_off(j->e.unit, rec, off);
	/* Behind the record comes the next element. */
	if (size && off < size && width != UINT32_MAX && off + width > size)
		off = 0;
	return record_covers(j->e.unit, rec, off, off + width, field, 0);
}

/* A record of this type begins at the bit. */
static bool begins(const struct ir_unit *u, ir_rec rec, uint64_t off, ir_rec type, unsigned depth)
{
	const struct ir_record *r;

	if (rec == type && !off)
		return true;
	if (rec == IR_NONE || depth > DEPTH)
		return false;
	r = &u->records.v[rec];
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];
		uint64_t in = off - f->off;

		if (f->type.kind != IR_T_AGG || off < f->off || in >= f->width)
			continue;
		if (f->type.elem_size)
			in %= f->type.elem_size;
		if (begins(u, f->type.rec, in, type, depth + 1))
			return true;
	}
	return false;
}

static bool is_of_type(const struct ir_unit *u, ir_rec rec, uint64_t off, ir_rec type)
{
	return rec != IR_NONE && begins(u, rec, ir_element_off(u, rec, off), type, 0);
}

bool range_covers(const struct judge *j, const struct store_event *e, const struct class *field)
{
	const struct symbol *k = symbol_info(&j->e.syms, e->root);
	uint64_t off = (uint64_t)e->off;

	while (k->rec == IR_NONE && k->kind == SYM_K_ELEM)
		k = symbol_info(&j->e.syms, k->base);
	if (covers(j, e->outer, e->outer_off, e->width, field))
		return true;
	/* The pointer's type says it all, where it is the type of what is there. */
	if (e->off < 0 || (e->outer != IR_NONE && (e->typed || !e->is_any ||
	    is_of_type(j->e.unit, k->rec, off - e->outer_off, e->outer))))
		return false;
	return covers(j, k->rec, off, e->width, field);
}
