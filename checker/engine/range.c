/* SPDX-License-Identifier: MIT */
/* Fills and copies: field by field where the type is known, else the content is unknown. */
#include "engine/cells.h"

#define RAW_MAX ((uint64_t)1 << 15)	/* bits of a union or an array that are taken piece by piece */
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

/*
 * Called for each scalar of a range, and for what has no type of its own (unions,
 * arrays, a field that is cut) in pieces: a->raw is set then, and a->rec is the
 * outermost record.
 */
typedef void (*leaf_fn)(struct fun *f, struct state *s, const struct access *a, void *arg);

struct walk {
	struct fun *f;
	struct state *s;
	const struct access *a;		/* of the range's first bit */
	ir_rec rec;			/* the outermost record */
	uint64_t from, to;		/* the range, in bits of the outermost record */
	ir_rec told;			/* the record that the range is said to be, told_off bits in it */
	uint64_t told_off;
	uint64_t raw_end;		/* up to here it was done in pieces: arms of a union overlap */
	leaf_fn leaf;
	void *arg;
};

static void walk_piece(const struct walk *w, uint64_t at, uint32_t width, ir_rec pointee, bool raw)
{
	struct access sub = *w->a;

	sub.off = w->a->off + (int64_t)(at - w->from);
	sub.recoff = w->a->recoff + (at - w->from);
	sub.width = width;
	sub.pointee = pointee;
	sub.raw = raw;
	if (raw) {
		sub.rec = w->rec;
		sub.recoff = at;
		sub.told = w->told;
		sub.told_off = w->told_off + (at - w->from);
	}
	w->leaf(w->f, w->s, &sub, w->arg);
}

/* False where there is too much of it. */
static bool walk_raw(struct walk *w, uint64_t at, uint64_t end)
{
	at = at > w->from ? at : w->from;
	at = at > w->raw_end ? at : w->raw_end;
	end = end < w->to ? end : w->to;
	if (at < end && end - at > RAW_MAX)
		return false;
	while (at < end) {
		uint64_t next = (at | 63) + 1;

		next = next < end ? next : end;
		walk_piece(w, at, (uint32_t)(next - at), IR_NONE, true);
		at = next;
	}
	w->raw_end = end > w->raw_end ? end : w->raw_end;
	return true;
}

/*
 * The members of unions that stand beside each other, from i on, as one: those of an arm alone
 * leave out what lies between them, which is a part of another arm's. Gives the next member.
 */
static uint32_t walk_unions(struct walk *w, const struct ir_record *r, uint32_t i, uint64_t base,
			    bool *ok)
{
	uint64_t from = UINT64_MAX, to = 0;

	for (; i < r->fields.n && r->fields.v[i].in_union; i++) {
		const struct ir_field *fd = &r->fields.v[i];

		from = fd->off < from ? fd->off : from;
		to = fd->off + fd->width > to ? fd->off + fd->width : to;
	}
	*ok = walk_raw(w, base + from, base + to);
	return i;
}

/* The record begins at base. False where the layout is not known or too large. */
static bool walk_record(struct walk *w, ir_rec rec, uint64_t base, unsigned depth)
{
	const struct ir_record *r = &w->f->e->unit->records.v[rec];
	uint32_t n = r->fields.n;

	if (!r->complete)
		return false;
	if (r->is_union || n > 64 || depth > 6)
		return walk_raw(w, base, base + r->size);
	for (uint32_t i = 0; i < n;) {
		struct ir_field fd = w->f->e->unit->records.v[rec].fields.v[i];
		uint64_t at = base + fd.off, end = at + fd.width;
		bool ok = true;

		if (fd.in_union) {
			i = walk_unions(w, &w->f->e->unit->records.v[rec], i, base, &ok);
			if (!ok)
				return false;
			continue;
		}
		i++;
		if (!fd.width || end <= w->from || at >= w->to)
			continue;
		if (at < w->from || end > w->to ||
		    (fd.type.kind == IR_T_AGG ? fd.type.rec == IR_NONE || fd.type.elem_size :
		     fd.width > 64))
			ok = walk_raw(w, at, end);
		else if (fd.type.kind == IR_T_AGG)
			ok = walk_record(w, fd.type.rec, at, depth + 1);
		else
			walk_piece(w, at, (uint32_t)fd.width,
				   fd.type.kind == IR_T_PTR ? fd.type.rec : IR_NONE, false);
		if (!ok)
			return false;
	}
	return true;
}

/* A range that is just one member of record type is one of that type. */
static void narrow(const struct ir_unit *u, uint64_t from, uint64_t to, ir_rec *rec, uint64_t *off)
{
	const struct ir_record *r = &u->records.v[*rec];
	uint64_t at = 0;
	uint32_t i = 0;

	while (i < r->fields.n) {
		const struct ir_field *f = &r->fields.v[i++];

		if (f->type.kind != IR_T_AGG || f->type.rec == IR_NONE || at + f->off > from ||
		    at + f->off + f->width < to || f->type.elem_size)
			continue;
		*rec = f->type.rec;
		at += f->off;
		*off = from - at;
		r = &u->records.v[*rec];
		i = 0;
	}
}

/*
 * Calls leaf for the range [from, to) of the record, with accesses relative to a,
 * which is at from. False where that cannot be done; some of it may be.
 */
static bool each_leaf(struct fun *f, struct state *s, const struct access *a, ir_rec rec,
		      uint64_t from, uint64_t to, leaf_fn leaf, void *arg)
{
	struct walk w = { .f = f, .s = s, .a = a, .rec = rec, .from = from, .to = to,
			  .told = rec, .told_off = from, .leaf = leaf, .arg = arg };

	if (rec != IR_NONE)
		narrow(f->e->unit, from, to, &w.told, &w.told_off);
	return rec != IR_NONE && walk_record(&w, rec, 0, 0);
}

#define CLASSES 24

struct classes {
	struct class v[CLASSES];
	unsigned n;
};

static void add_class(struct classes *out, struct class c)
{
	for (unsigned i = 0; i < out->n; i++)
		if (class_overlaps(out->v[i], c) && out->v[i].width >= c.width)
			return;
	/* With too many, or one that is not known, it is any. */
	if (out->n == CLASSES || c.width == CLASS_ALL.width)
		out->v[0] = CLASS_ALL;
	else
		out->v[out->n++] = c;
}

static void add_classes(const struct fun *f, ir_rec rec, uint64_t base, uint64_t from, uint64_t to,
			unsigned depth, struct classes *out);

/* An element of an array that is reached by a pointer to it has its width alone. */
static void add_field(const struct fun *f, ir_rec rec, const struct ir_field *fd, uint64_t base,
		      uint64_t from, uint64_t to, unsigned depth, struct classes *out)
{
	bool is_array = fd->type.kind == IR_T_AGG && fd->type.elem_size;

	if (fd->type.kind == IR_T_AGG && fd->type.rec != IR_NONE) {
		add_classes(f, fd->type.rec, is_array ? 0 : base + fd->off, is_array ? 0 : from,
			    is_array ? UINT64_MAX : to, depth + 1, out);
		return;
	}
	add_class(out, fd->type.kind == IR_T_AGG && !is_array ? CLASS_ALL :
		  (struct class){ rec, fd->off, (uint32_t)fd->width });
	if (is_array)
		add_class(out, (struct class){ IR_NONE, 0, (uint32_t)fd->type.elem_size });
}

/* The classes of the scalars of the record, which begins at base, that have bits in [from, to). */
static void add_classes(const struct fun *f, ir_rec rec, uint64_t base, uint64_t from, uint64_t to,
			unsigned depth, struct classes *out)
{
	const struct ir_record *r = &f->e->unit->records.v[rec];

	if (!r->complete || depth > 8)
		add_class(out, CLASS_ALL);
	for (uint32_t i = 0; i < r->fields.n && depth <= 8; i++) {
		const struct ir_field *fd = &r->fields.v[i];

		if (base + fd->off + fd->width > from && base + fd->off < to)
			add_field(f, rec, fd, base, from, to, depth, out);
	}
}

static void store_piece(struct fun *f, struct state *s, const struct access *a, word_id w)
{
	struct target t[MEM_TARGETS];
	struct classes classes = { .n = 0 };
	unsigned n = mem_targets(f, s, a, t);

	if (!a->raw || n != 1 || mem_is_private(f, s, t[0].root)) {
		mem_store(f, s, a, w, false);
		return;
	}
	add_classes(f, a->rec, 0, a->recoff, a->recoff + a->width, 0, &classes);
	mem_tell_store(f, s, a, &t[0], w, false);
	mem_publish(f, s, w, t[0].root);
	mem_write_raw(f, s, &t[0], a->width, CELL_WORD, w, classes.v, classes.n);
}

/* 64 bits of memory that is filled with the byte, from that bit on. */
static word_id pattern(struct fun *f, int64_t off, uint64_t byte)
{
	uint64_t bits = (byte & 0xff) * 0x0101010101010101u;
	unsigned at = (unsigned)off & 7;

	return word_const(f->e->dom, at ? bits >> at | bits << (64 - at) : bits, 64);
}

/* arg: the byte, or NULL where it is not known. A bit-field may begin within a byte. */
static void leaf_fill(struct fun *f, struct state *s, const struct access *a, void *arg)
{
	const uint64_t *byte = arg;
	unsigned at = PLANT(112, (unsigned)a->off & 7, 0);
	word_id w = word_top(f->e->dom, (uint8_t)a->width);

	if (byte)
		w = word_conv(f->e->dom, IR_TRUNC, (uint8_t)a->width, pattern(f, at, *byte));
	store_piece(f, s, a, w);
}

/* Shared memory is filled: field by field where its type is known, the first of an array. */
static void fill_shared(struct fun *f, struct state *s, const struct access *a, ir_rec rec,
			uint64_t off, const uint64_t *bytes, uint64_t *byte)
{
	uint64_t size = rec == IR_NONE ? 0 : f->e->unit->records.v[rec].size;
	uint64_t end = bytes ? off + *bytes * 8 : size;

	if (off < size && end > size)
		end = size;
	if (each_leaf(f, s, a, rec, off, end, leaf_fill, byte)) {
		if (!bytes || end != off + *bytes * 8)
			range_unknown(f, s, a, bytes);
		return;
	}
	unseen_range(f, s, a, bytes, byte ? pattern(f, a->off, *byte) : WORD_NONE);
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
	if (n != 1 || mem_is_private(f, s, t[0].root))
		unseen_range(f, s, a, sized ? &bytes : NULL,
			     known ? pattern(f, a->off, value) : WORD_NONE);
	if (n != 1)
		range_unknown(f, s, a, sized ? &bytes : NULL);
	else if (!mem_is_private(f, s, t[0].root))
		fill_shared(f, s, a, rec, off, sized ? &bytes : NULL, known ? &value : NULL);
	else if (known && PLANT(126, !value, true) && sized)
		mem_write(f, s, t[0].root, t[0].off, bytes * 8, CELL_ZERO, WORD_NONE, any);
	else
		range_unknown(f, s, a, sized ? &bytes : NULL);
}

struct moved { struct access to; word_id val; };

struct leaf_copy {
	word_id from;
	int64_t to_off;
	Array(struct moved) all;
};

/* All is read before anything is stored: the two ranges may overlap. */
static void leaf_read(struct fun *f, struct state *s, const struct access *a, void *arg)
{
	struct leaf_copy *c = arg;
	struct access from = *a;
	word_id val;

	from.ptr = c->from;
	from.off = a->off - PLANT(113, c->to_off, 0);
	val = mem_load(f, s, &from);
	array_push(&c->all, (struct moved){ *a, val });
}

/* A copy that ends behind the record is one of several elements. */
static bool is_within(const struct fun *f, ir_rec rec, uint64_t off, uint64_t bytes)
{
	return rec != IR_NONE && off + bytes * 8 <= f->e->unit->records.v[rec].size;
}

void mem_copy(struct fun *f, struct state *s, const struct access *to, word_id from,
	      word_id size)
{
	struct leaf_copy c = { .from = from, .to_off = to->off };
	struct target t[MEM_TARGETS];
	uint64_t bytes, off;
	bool sized;
	ir_rec rec;

	sized = word_is_const(f->e->dom, size, &bytes) && bytes <= BYTES_MAX;
	if (sized && !bytes)
		return;
	mem_targets(f, s, to, t);
	rec = range_record(f, to, &t[0], &off);
	if (sized && bytes <= 4096 && is_within(f, rec, off, bytes) &&
	    each_leaf(f, s, to, rec, off, off + bytes * 8, leaf_read, &c)) {
		for (uint32_t i = 0; i < c.all.n; i++)
			store_piece(f, s, &c.all.v[i].to, c.all.v[i].val);
	} else {
		mem_publish(f, s, from, SYM_NONE);
		unseen_range(f, s, to, sized ? &bytes : NULL, WORD_NONE);
		range_unknown(f, s, to, sized ? &bytes : NULL);
	}
	array_release(&c.all);
}
