/* SPDX-License-Identifier: MIT */
/* Fills and copies: field by field where the type is known, else the content is unknown. */
#include "engine/cells.h"

#define BYTES_MAX ((uint64_t)1 << 36)	/* of a range whose size is taken as known */

/* The record that a range access works on, and where in it. */
static ir_rec range_record(struct fun *f, const struct access *a, const struct target *t,
			   uint64_t *off)
{
	const struct symbol *k = symbol_info(&f->e->syms, t->root);

	*off = a->recoff;
	if (a->rec != IR_NONE)
		return a->rec;
	*off = (uint64_t)t->off;
	return t->off >= 0 ? k->rec : IR_NONE;
}

/*
 * What a points to is unknown: so many bytes, NULL for the whole of the objects;
 * and anything else if they are shared.
 */
static void range_unknown(struct fun *f, struct state *s, const struct access *a,
			  const uint64_t *bytes)
{
	struct class any = { IR_NONE, 0, 0 };
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);

	for (unsigned i = 0; i < n; i++) {
		if (bytes && symbol_info(&f->e->syms, t[i].root)->kind != SYM_K_ELEM)
			mem_write(f, s, t[i].root, t[i].off, *bytes * 8, CELL_UNKNOWN, WORD_NONE,
				  any);
		else
			mem_clobber_object(f, s, t[i].root);
		if (!mem_is_private(f, s, t[i].root))
			mem_clobber(f, s);
	}
}

typedef void (*leaf_fn)(struct fun *f, struct state *s, const struct access *a, void *arg);

/*
 * Calls leaf for each scalar of the record inside [from, to), with an access
 * relative to a. False where the layout is not known or too large.
 */
static bool each_leaf(struct fun *f, struct state *s, const struct access *a, ir_rec rec,
		      uint64_t base, uint64_t from, uint64_t to, leaf_fn leaf, void *arg,
		      unsigned depth)
{
	const struct ir_record *r;
	uint32_t n;

	if (rec == IR_NONE || depth > 6)
		return false;
	r = &f->e->unit->records.v[rec];
	n = r->fields.n;
	if (!r->complete || r->is_union || n > 64)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct ir_field fd = f->e->unit->records.v[rec].fields.v[i];
		uint64_t at = base + fd.off;
		struct access sub = *a;

		if (at + fd.width <= from || at >= to)
			continue;
		if (at < from || at + fd.width > to || fd.in_union || !fd.width)
			return false;
		if (fd.type.kind == IR_T_AGG) {
			if (fd.type.elem_size ||
			    !each_leaf(f, s, a, fd.type.rec, at, from, to, leaf, arg, depth + 1))
				return false;
			continue;
		}
		if (fd.width > 64)
			return false;
		sub.off = a->off + (int64_t)(at - from);
		sub.recoff = a->recoff + (at - from);
		sub.width = (uint32_t)fd.width;
		sub.pointee = fd.type.kind == IR_T_PTR ? fd.type.rec : IR_NONE;
		leaf(f, s, &sub, arg);
	}
	return true;
}

/* arg: the byte, or NULL where it is not known. A bit-field may begin within a byte. */
static void leaf_fill(struct fun *f, struct state *s, const struct access *a, void *arg)
{
	const uint64_t *byte = arg;
	unsigned at = PLANT(112, (unsigned)a->off & 7, 0);
	uint64_t bits = byte ? (*byte & 0xff) * 0x0101010101010101u : 0;
	word_id w = word_top(f->e->dom, (uint8_t)a->width);

	bits = at ? bits >> at | bits << (64 - at) : bits;
	if (byte)
		w = word_const(f->e->dom, bits, (uint8_t)a->width);
	mem_store(f, s, a, w, false);
}

/* Shared memory is filled: field by field where its type is known, the first of an array. */
static void fill_shared(struct fun *f, struct state *s, const struct access *a, ir_rec rec,
			uint64_t off, const uint64_t *bytes, uint64_t *byte)
{
	uint64_t size = rec == IR_NONE ? 0 : f->e->unit->records.v[rec].size;
	uint64_t end = bytes ? off + *bytes * 8 : size;

	if (off < size && end > size)
		end = size;
	if (!each_leaf(f, s, a, rec, 0, off, end, leaf_fill, byte, 0) || !bytes ||
	    end != off + *bytes * 8)
		range_unknown(f, s, a, bytes);
}

void mem_set(struct fun *f, struct state *s, const struct access *a, word_id byte, word_id size)
{
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	uint64_t value, bytes, off;
	struct class any = { IR_NONE, 0, 0 };
	bool known = word_is_const(f->e->dom, byte, &value);
	bool sized = word_is_const(f->e->dom, size, &bytes) && bytes <= BYTES_MAX;
	ir_rec rec;

	if (sized && !bytes)
		return;
	rec = range_record(f, a, &t[0], &off);
	if (n != 1)
		range_unknown(f, s, a, sized ? &bytes : NULL);
	else if (!mem_is_private(f, s, t[0].root))
		fill_shared(f, s, a, rec, off, sized ? &bytes : NULL, known ? &value : NULL);
	else if (known && PLANT(126, !value, true) && sized)
		mem_write(f, s, t[0].root, t[0].off, bytes * 8, CELL_ZERO, WORD_NONE, any);
	else
		range_unknown(f, s, a, sized ? &bytes : NULL);
}

struct leaf_copy { word_id from; int64_t to_off; };

static void leaf_move(struct fun *f, struct state *s, const struct access *a, void *arg)
{
	const struct leaf_copy *c = arg;
	struct access from = *a;

	from.ptr = c->from;
	from.off = a->off - PLANT(113, c->to_off, 0);
	mem_store(f, s, a, mem_load(f, s, &from), false);
}

void mem_copy(struct fun *f, struct state *s, const struct access *to, word_id from,
	      word_id size)
{
	struct leaf_copy c = { from, to->off };
	struct target t[MEM_TARGETS];
	uint64_t bytes, off;
	bool sized;
	ir_rec rec;

	sized = word_is_const(f->e->dom, size, &bytes) && bytes <= BYTES_MAX;
	if (sized && !bytes)
		return;
	mem_targets(f, s, to, t);
	rec = range_record(f, to, &t[0], &off);
	if (!sized || bytes > 4096 ||
	    !each_leaf(f, s, to, rec, 0, off, off + bytes * 8, leaf_move, &c, 0)) {
		mem_publish(f, s, from, SYM_NONE);
		range_unknown(f, s, to, sized ? &bytes : NULL);
	}
}
