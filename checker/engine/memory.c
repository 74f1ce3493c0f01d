/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores. Two cells of different roots may be the same memory where
 * their classes overlap, unless one of the roots is an object that nobody else
 * can reach. INIT cells of shared objects are symbols that nothing changes;
 * MONO cells keep the last known value as a lower bound.
 */
#include "engine/cells.h"

#define WHOLE ((uint64_t)1 << 40)	/* more bits than any object has */

sym_id site_symbol(struct fun *f, uint64_t site, uint32_t n, uint8_t width,
		   enum sym_origin origin, ir_rec rec, ir_loc loc)
{
	struct symbol key = symbol_key(SYM_K_SITE, f->id, width);

	key.a = site;
	key.b = n;
	key.origin = (uint8_t)origin;
	key.rec = rec;
	key.loc = loc;
	return symbol_get(&f->e->syms, &key);
}

word_id site_complete(struct fun *f, uint64_t site, sym_id root, int64_t off, word_id w)
{
	struct dom *d = f->e->dom;
	uint8_t width = word_width(d, w);
	sym_id s = site_symbol(f, site, site_slot(root, off, 3), width, ORIGIN_UNKNOWN, IR_NONE, 0);
	bit_id bits[64];

	for (unsigned i = 0; i < width; i++) {
		bits[i] = word_bit(d, w, i);
		if (bits[i].i == BIT_TOP.i)
			bits[i] = bit_atom(d, atom_make(s, i));
	}
	return word_from_bits(d, bits, width);
}

void site_enter(struct fun *f, struct state *s, uint64_t site)
{
	uint64_t *seen = map_put(&f->executed, site);

	if (*seen && symbol_is_made_at(&f->e->syms, f->id, site)) {
		state_forget_site(s, &f->e->syms, f->id, site);
		for (uint32_t i = 0; i < f->ntemps; i++)
			if (!word_is_none(f->temps[i]))
				f->temps[i] = word_forget_site(&f->e->syms, f->temps[i], f->id, site);
	}
	*seen = 1;
}

void mem_parents(struct fun *f, word_id w, struct symbol *k)
{
	struct dom *d = f->e->dom;
	uint8_t width = word_width(d, w);
	atom_id atoms[BIT_ATOMS];
	int64_t delta;
	sym_id s;

	if (word_as_symoff(d, w, &s, &delta)) {
		symbol_add_parent(k, s);
		return;
	}
	for (unsigned i = 0; i < width && k->nparents < 4; i++) {
		unsigned n = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned j = 0; j < n; j++)
			symbol_add_parent(k, atom_sym(atoms[j]));
	}
}

static sym_id unknown_root(struct fun *f, const struct access *a)
{
	struct symbol key = symbol_key(SYM_K_SITE, f->id, 64);

	key.a = a->site;
	key.b = (uint32_t)hash_mix(a->ptr.i, 3) | 1u << 31;
	key.rec = a->rec;
	key.origin = ORIGIN_INTERFERE;
	key.loc = a->loc;
	mem_parents(f, a->ptr, &key);
	return symbol_get(&f->e->syms, &key);
}

unsigned mem_targets(struct fun *f, struct state *s, const struct access *a,
		     struct target out[MEM_TARGETS])
{
	struct dom *d = f->e->dom;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_choices(d, a->ptr, alt, guard), k = 0;

	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id root;

		/* A constant is the null pointer or an address that no object has. */
		if (!word_as_symoff(d, alt[i], &root, &delta))
			continue;
		out[k++] = (struct target){ root, delta * 8 + a->off, PLANT(130, guard[i], BIT_1) };
	}
	/* The others are null: who comes here has the one that is an object. */
	if (k == 1)
		out[0].guard = BIT_1;
	if (k)
		return k;
	state_lose_pointers(s, &f->e->syms, a->ptr);
	out[0] = (struct target){ unknown_root(f, a), a->off, BIT_1 };
	return 1;
}

/* An allocation has the type that it is first accessed with. */
static void learn_type(struct fun *f, sym_id root, int64_t off, const struct access *a)
{
	struct symbol *k;

	if (!a || a->rec == IR_NONE || !symbol_is_heap(&f->e->syms, root))
		return;
	k = &f->e->syms.v.v[root.i];
	if (k->rec == IR_NONE && off >= 0 && a->recoff == (uint64_t)off)
		k->rec = a->rec;
}

/* All that an expression of a rule reads it reads at once, where it is asked. */
static bool is_expression(const struct fun *f)
{
	return f->e->unit->funcs.v[f->id].flags & IR_FN_EXPR;
}

static word_id init_cell(struct fun *f, sym_id root, int64_t off, uint32_t width,
			 struct class class)
{
	return word_sym(f->e->dom, symbol_cell(&f->e->syms, SYM_K_INIT, root, off, (uint8_t)width,
					       class.rec, class.off));
}

/* Others do not change it: it is init-only, or set once and set. */
static bool cell_stays(const struct fun *f, const struct state *s, const struct cell *c)
{
	if (!mem_is_once(f, c->class))
		return mem_is_init(f, c->class);
	return c->kind == CELL_WORD &&
	       cond_entails(f->e->dom, s->pc, word_nonzero(f->e->dom, c->val));
}

/* w where it is not 0, else the other. */
static word_id or_else(struct fun *f, const struct state *s, word_id w, word_id other)
{
	bit_id is = word_nonzero(f->e->dom, w);

	return cond_entails(f->e->dom, s->pc, is) ? w : word_ite(f->e->dom, is, w, other);
}

/*
 * A field that is set once, of an object that others can reach. What it is in the end is the
 * symbol of an init-only field; a read gives that, or 0 where it comes too early. What was
 * read, or stored, stays if it was not 0.
 */
static word_id load_once(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
			 struct class class, const struct access *a)
{
	struct dom *d = f->e->dom;
	word_id end = init_cell(f, root, off, width, class);
	sym_id set = site_symbol(f, a ? a->site : 0, site_slot(root, off, 5), 1, ORIGIN_SET,
				 IR_NONE, a ? a->loc : 0);
	word_id now = word_ite(d, bit_atom(d, atom_make(set, 0)), end,
			       word_const(d, 0, (uint8_t)width));
	word_id old;

	f->e->syms.v.v[set.i].read_of = root;
	f->e->syms.v.v[set.i].read_off = off;
	if (cells_word(f, s, root, off, width, &old))
		now = or_else(f, s, old, now);
	cell_set(f, s, (struct cell){ root, off, width, now, class, CELL_WORD, 0,
				      cells_written(s, root, off, off + width),
				      cells_own(s, root, off, width), WORD_NONE });
	return now;
}

/* A part of a word that is known as a whole, and stays one: to cut it would be to forget that. */
static bool is_part(const struct state *s, sym_id root, int64_t off, uint32_t width)
{
	int64_t next;
	const struct cell *c = cell_find(s, root, off, &next);

	return c && c->kind == CELL_WORD && word_is_none(c->from) && c->width > width &&
	       off + (int64_t)width <= c->off + (int64_t)c->width;
}

word_id mem_load_root(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
		      const struct access *a)
{
	struct class class = mem_class(f, root, off, width, a);
	bool private = mem_is_private(f, s, root);
	bool is_heap = symbol_is_heap(&f->e->syms, root);
	word_id w;

	learn_type(f, root, off, a);
	if (!private && mem_is_once(f, class) && !is_expression(f))
		return load_once(f, s, root, off, width, class, a);
	if (!private && !is_heap && mem_is_init(f, class))
		return init_cell(f, root, off, width, class);
	if (!private && mem_is_changing(f, class) && !is_expression(f))
		return mem_load_changing(f, s, root, off, width, class, a);
	w = cells_load(f, s, root, off, width, class, a);
	if (is_part(s, root, off, width))
		return w;
	cell_set(f, s, (struct cell){ root, off, width, w, class, CELL_WORD, mem_mono_of(f, class),
				      cells_written(s, root, off, off + width),
				      cells_own(s, root, off, width),
				      cells_from(s, root, off, width) });
	return w;
}

word_id mem_load_final(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
		       const struct access *a)
{
	struct class class = mem_class(f, root, off, width, a);
	word_id w = mem_load_root(f, s, root, off, width, a);

	return mem_is_once(f, class) ? or_else(f, s, w, init_cell(f, root, off, width, class)) : w;
}

void mem_give_away(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width)
{
	struct class class = mem_class(f, root, off, width, NULL);
	word_id w = mem_load_final(f, s, root, off, width, NULL);

	cell_set(f, s, (struct cell){ root, off, width, w, class, CELL_WORD, 0,
				      cells_written(s, root, off, off + width), WORD_NONE,
				      WORD_NONE });
}

typedef word_id (*load_fn)(struct fun *f, struct state *s, sym_id root, int64_t off,
			   uint32_t width, const struct access *a);

static word_id load_by(struct fun *f, struct state *s, const struct access *a, load_fn load)
{
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	word_id w = load(f, s, t[0].root, t[0].off, a->width, a);

	for (unsigned i = 1; i < PLANT(121, n, 1); i++)
		w = word_ite(f->e->dom, t[i].guard, load(f, s, t[i].root, t[i].off, a->width, a), w);
	return w;
}

/* Who reads a pointer that has moved otherwise than as one does not know where it leads. */
static void lose_moved(struct fun *f, struct state *s, const struct access *a)
{
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	int64_t next;

	for (unsigned i = 0; i < n; i++) {
		const struct cell *c = cell_find(s, t[i].root, t[i].off, &next);

		if (c && c->kind == CELL_WORD && !word_is_none(c->from))
			state_lose_pointers(s, &f->e->syms, c->from);
	}
}

word_id mem_load(struct fun *f, struct state *s, const struct access *a)
{
	word_id w = load_by(f, s, a, mem_load_root), alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];

	if (!a->untyped && a->width == f->e->unit->ptr_width &&
	    !word_choices(f->e->dom, w, alt, guard))
		lose_moved(f, s, a);
	return w;
}

word_id mem_load_end(struct fun *f, struct state *s, const struct access *a)
{
	return load_by(f, s, a, mem_load_final);
}

/* ------------------------------------------------------------------ storing */

/* The cell may be memory of one of the classes. */
static bool is_alias(const struct fun *f, const struct cell *c, struct class class,
		     struct class member)
{
	struct class own;

	/* A range may be of any class; a cell of the caller's own has that of what was stored. */
	if (c->kind != CELL_WORD && (word_is_none(c->own) || c->class.rec == IR_NONE))
		return true;
	if (class_overlaps(c->class, class) || class_overlaps(c->class, member))
		return true;
	own = class_member(&f->e->syms, c->root, c->off, c->class);
	return class_overlaps(own, class) || class_overlaps(own, member);
}

/* What a write to one root means for the cells of another; those stand together. */
struct other_root {
	sym_id root;
	bool same_object, asked, private;
};

static bool is_others(const struct fun *f, const struct state *s, struct other_root *o)
{
	if (!o->asked)
		o->private = mem_is_private(f, s, o->root);
	o->asked = true;
	return !o->private;
}

/*
 * Cells of other roots that may be the same memory as (root, class); member is
 * its class_member().
 */
static void drop_aliases(struct fun *f, struct state *s, sym_id root, struct class class,
			 struct class member)
{
	struct symbols *syms = &f->e->syms;
	sym_id object = symbol_object(syms, root);
	bool private = mem_is_private(f, s, root);
	struct other_root o = { SYM_NONE, false, false, false };
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];
		bool may;

		/* Nothing is known of it that could be lost. */
		if (c.kind == CELL_UNKNOWN && c.written && word_is_none(c.own)) {
			s->cells.v[kept++] = c;
			continue;
		}
		if (c.root.i != o.root.i)
			o = (struct other_root){ c.root, symbol_object(syms, c.root).i == object.i,
						 false, false };
		may = PLANT(102, c.root.i != root.i, false) &&
		      (o.same_object || (!private && is_alias(f, &c, class, member) &&
					 is_others(f, s, &o)));
		if (may && !cell_stays(f, s, &c) && !mem_is_mono(f, c.class)) {
			if (!c.written && !symbol_is_object(syms, c.root))
				continue;
			state_lose_cell(s, syms, &c);
			/* What was lost may be a pointer to this root. */
			o.asked = false;
			cell_lose(f, &c);
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	if (!private && class.width) {
		state_clobber_class(s, class);
		state_clobber_class(s, member);
	}
}

void mem_write(struct fun *f, struct state *s, sym_id root, int64_t off, uint64_t width,
	       enum cell_kind kind, word_id val, struct class class)
{
	drop_aliases(f, s, root, class, class_member(&f->e->syms, root, off, class));
	cell_set(f, s, (struct cell){ root, off, width, val, class, (uint8_t)kind,
				      mem_mono_of(f, class), true, WORD_NONE, WORD_NONE });
}

bool mem_has_elements(const struct fun *f, const struct state *s)
{
	sym_id last = SYM_NONE;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		sym_id root = s->cells.v[i].root;

		if (root.i != last.i && symbol_info(&f->e->syms, root)->kind == SYM_K_ELEM)
			return true;
		last = root;
	}
	return false;
}

void mem_drop_elements(struct fun *f, struct state *s, sym_id root)
{
	struct symbols *syms = &f->e->syms;
	sym_id object = symbol_object(syms, root);
	sym_id last = root;
	bool meets = false;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell *c = &s->cells.v[i];

		if (c->root.i != last.i)
			meets = c->root.i != root.i && symbol_object(syms, c->root).i == object.i;
		last = c->root;
		if (!meets || cell_stays(f, s, c) || mem_is_mono(f, c->class))
			continue;
		state_lose_cell(s, syms, c);
		cell_lose(f, c);
	}
}

void mem_write_applied(struct fun *f, struct state *s, const struct target *t,
		       const struct cell *cell, enum cell_kind kind, word_id val)
{
	cell_set(f, s, (struct cell){ t->root, t->off, cell->width, val, cell->class,
				      (uint8_t)kind, mem_mono_of(f, cell->class), true, WORD_NONE,
				      WORD_NONE });
}

void mem_write_raw(struct fun *f, struct state *s, const struct target *t, uint64_t width,
		   enum cell_kind kind, word_id val, const struct class *classes, unsigned n)
{
	mem_drop_elements(f, s, t->root);
	for (unsigned i = 0; i < n; i++)
		drop_aliases(f, s, t->root, classes[i],
			     class_member(&f->e->syms, t->root, t->off, classes[i]));
	cell_set(f, s, (struct cell){ t->root, t->off, width, val, CLASS_ALL, (uint8_t)kind, 0,
				      true, WORD_NONE, WORD_NONE });
}

/* One of several places: the way leads there only where the pointer is that one. */
static void store_on_route(struct fun *f, const struct state *s, bit_id guard,
			   const struct store_event *e)
{
	struct state there = { 0 };

	state_copy(&there, s);
	there.pc = cond_and(f->e->dom, s->pc, guard, 0);
	if (!there.pc->unsat)
		f->e->client.on_store(f->e->client.arg, f, &there, e);
	state_release(&there);
}

void mem_tell_store(struct fun *f, struct state *s, const struct access *a,
		    const struct target *t, word_id val, bool maybe)
{
	const struct symbol *k = symbol_info(&f->e->syms, t->root);
	struct store_event e = {
		.root = t->root, .off = t->off, .width = a->width, .ptr = a->ptr, .val = val,
		.class = mem_class(f, t->root, t->off, a->width, a),
		.outer = a->rec != IR_NONE ? a->rec : k->rec,
		.outer_off = a->rec != IR_NONE ? a->recoff : (uint64_t)t->off,
		.loc = a->loc, .maybe = maybe, .is_range = a->raw,
		.by = WORD_NONE,
	};

	if (a->raw && a->told != IR_NONE) {
		e.outer = a->told;
		e.outer_off = a->told_off;
	}
	e.old = mem_load_root(f, s, t->root, t->off, a->width, a);
	if (f->route && !bit_same(t->guard, BIT_1))
		store_on_route(f, s, t->guard, &e);
	else
		f->e->client.on_store(f->e->client.arg, f, s, &e);
}

void mem_store(struct fun *f, struct state *s, const struct access *a, word_id val, bool maybe)
{
	struct dom *d = f->e->dom;
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	bit_id happens = BIT_1;

	if (PLANT(117, maybe, false))
		happens = word_bit(d, word_sym(d, site_symbol(f, a->site, 5000, 1, ORIGIN_ENV,
							      IR_NONE, a->loc)), 0);
	for (unsigned i = 0; i < n; i++) {
		struct class class = mem_class(f, t[i].root, t[i].off, a->width, a);
		bit_id g = bit_and(d, t[i].guard, happens);
		word_id now = val;

		learn_type(f, t[i].root, t[i].off, a);
		mem_tell_store(f, s, a, &t[i], val, maybe);
		if (!bit_same(g, BIT_1))
			now = word_ite(d, g, val, mem_load_root(f, s, t[i].root, t[i].off,
								a->width, a));
		mem_publish(f, s, val, t[i].root);
		mem_write(f, s, t[i].root, t[i].off, a->width, CELL_WORD, now, class);
	}
}

void mem_clobber_object(struct fun *f, struct state *s, sym_id root)
{
	struct class any = { IR_NONE, 0, 0 };
	sym_id object = symbol_object(&f->e->syms, root);

	mem_write(f, s, object, -(int64_t)WHOLE / 2, WHOLE, CELL_UNKNOWN, WORD_NONE, any);
}

void mem_clobber_class(struct fun *f, struct state *s, struct class c)
{
	drop_aliases(f, s, SYM_NONE, c, c);
}

void mem_clobber(struct fun *f, struct state *s)
{
	struct symbols *syms = &f->e->syms;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];

		if (PLANT(115, !mem_is_private(f, s, c.root), false) && !cell_stays(f, s, &c) &&
		    !mem_is_mono(f, c.class)) {
			if (!c.written && !symbol_is_object(syms, c.root))
				continue;
			cell_lose_to_others(f, s, &c);
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	s->clobber_all = PLANT(114, true, s->clobber_all);
	array_clear(&s->clobbered);
}
