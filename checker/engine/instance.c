/* SPDX-License-Identifier: MIT */
/*
 * A callee's symbols in the terms of one call: parameters become arguments,
 * entry cells are loaded in the caller's state at the call, what the callee
 * made gets a twin that belongs to the call site.
 */
#include "engine/cells.h"
#include "engine/moved.h"

#include <string.h>

static struct access cell_access(const struct inst *in, const struct symbol *k, word_id base)
{
	return (struct access){ .ptr = base, .off = (int64_t)k->a, .width = k->b,
				.rec = k->cell_rec, .recoff = k->cell_off, .site = in->site,
				.loc = in->loc, .pointee = k->rec,
				.untyped = k->rec == IR_NONE &&
					   k->width == in->f->e->unit->ptr_width,
				.elem = ELEM_UNKNOWN };
}

/* Where the value was read, in the caller's terms. */
static void set_read_of(struct inst *in, sym_id id)
{
	struct symbols *syms = &in->f->e->syms;
	sym_id from = syms->v.v[id.i].read_of, root;
	int64_t delta = 0;

	if (!from.i)
		return;
	if (!word_as_symoff(in->f->e->dom, inst_symbol(in, from), &root, &delta))
		root = SYM_NONE;
	syms->v.v[id.i].read_of = root;
	syms->v.v[id.i].read_off += delta * 8;
}

static void set_parents(struct inst *in, sym_id id, const struct symbol *k)
{
	for (uint8_t i = 0; i < k->nparents; i++) {
		word_id w = inst_symbol(in, k->parent[i]);
		int64_t delta;
		sym_id s;

		if (word_as_symoff(in->f->e->dom, w, &s, &delta))
			s = moved_parent(&in->f->e->syms, s, delta);
		else
			continue;
		symbol_add_parent(&in->f->e->syms.v.v[id.i], s);
	}
}

/*
 * Where the twins come from. In a loop two values can come from each other: so this
 * is no part of making them, and a twin stands in the memo before its parents do.
 */
static void set_origins(struct inst *in)
{
	while (in->twins.n) {
		struct twin t = array_pop(&in->twins);
		struct symbol k = *symbol_info(&in->f->e->syms, t.of);

		if (t.is_new)
			set_read_of(in, t.id);
		set_parents(in, t.id, &k);
	}
}

/* The callee's own symbol, made anew at this call. */
static word_id twin(struct inst *in, sym_id id, const struct symbol *k)
{
	struct symbols *syms = &in->f->e->syms;
	struct twin t = { .of = id };
	struct symbol key = *k;
	uint32_t before = syms->v.n;

	key.kind = SYM_K_CALLEE;
	key.heap_of = symbol_is_heap(syms, id) && k->kind != SYM_K_ELEM;
	key.fn = in->f->id;
	key.base = id;
	key.a = in->site;
	key.b = 0;
	key.nparents = 0;
	t.id = symbol_get(syms, &key);
	t.is_new = t.id.i >= before;
	if (k->nparents || k->read_of.i)
		array_push(&in->twins, t);
	return word_sym(in->f->e->dom, t.id);
}

/*
 * The final content of a cell of each object that base may be. Nothing is
 * known of it where base is no object that can be named; what the cell holds
 * now says nothing about what it will hold.
 */
static word_id final_cell(struct inst *in, sym_id id, const struct symbol *k, word_id base)
{
	struct dom *d = in->f->e->dom;
	word_id alt[WORD_CHOICES], w = WORD_NONE;
	bit_id guard[WORD_CHOICES];
	unsigned n = word_choices(d, base, alt, guard);

	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id root;
		word_id cell;

		if (!word_as_symoff(d, alt[i], &root, &delta))
			continue;
		cell = word_sym(d, symbol_cell(&in->f->e->syms, SYM_K_FINAL, root,
					       delta * 8 + (int64_t)k->a, (uint8_t)k->b,
					       k->cell_rec, k->cell_off));
		w = word_is_none(w) ? cell : word_ite(d, guard[i], cell, w);
	}
	return word_is_none(w) ? twin(in, id, k) : w;
}

/* A pointer that the caller has moved has a name at the call. */
static word_id named(struct inst *in, const struct access *a, word_id w)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	struct target t[MEM_TARGETS];

	if (!a->untyped || word_choices(in->f->e->dom, w, alt, guard) ||
	    mem_targets(in->f, in->s, a, t) != 1 ||
	    word_is_none(cells_from(in->s, t[0].root, t[0].off, a->width)))
		return w;
	return moved_name(in->f, in->s, a, w, &t[0], site_slot(t[0].root, t[0].off, 6));
}

static word_id cell_value(struct inst *in, sym_id id, const struct symbol *k, word_id base)
{
	struct access a = cell_access(in, k, base);

	if (k->kind == SYM_K_FINAL || (k->kind == SYM_K_INIT && in->final))
		return final_cell(in, id, k, base);
	a.off = PLANT(123, a.off, a.off & 63);
	/* What is not set yet may be when the callee reads it, if others find the object by then. */
	if (k->kind == SYM_K_INIT)
		return mem_load_end(in->f, in->s, &a);
	return named(in, &a, mem_load(in->f, in->s, &a));
}

/* An element is one of the object that the base is here, at a place that may be known now. */
static word_id twin_elem(struct inst *in, sym_id id, const struct symbol *k)
{
	struct dom *d = in->f->e->dom;
	word_id base = word_bin(d, IR_ADD, inst_symbol(in, k->base),
				word_const(d, (uint64_t)k->delta, k->width));
	struct symbol key = *k;
	word_id w;

	key.fn = in->f->id;
	key.a = in->site;
	key.b = id.i;
	key.index = inst_word(in, k->index);
	w = element_at(in->f, base, &key);
	return word_is_none(w) ? twin(in, id, k) : w;
}

/* Whether the caller's caller holds the lock, or the caller itself. */
static word_id held_value(struct inst *in, const struct symbol *k)
{
	struct lock_ref ref;

	if (!lock_at_word(in->f, inst_symbol(in, k->base), (int64_t)k->a, &ref))
		return word_const(in->f->e->dom, 0, 1);
	return word_bool(in->f->e->dom, locking_held(in->f, in->s, ref));
}

/*
 * What is set once was set when it was read: in the end it is, and of an object that nobody
 * else can reach it is what the caller knows.
 */
static bool was_set(struct inst *in, const struct symbol *k)
{
	word_id base = k->read_of.i ? inst_symbol(in, k->read_of) : WORD_NONE, alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_is_none(base) ? 0 : word_choices(in->f->e->dom, base, alt, guard);
	int64_t delta;
	sym_id root;

	for (unsigned i = 0; i < n && !in->final; i++)
		if (!word_as_symoff(in->f->e->dom, alt[i], &root, &delta) ||
		    !mem_is_private(in->f, in->s, root))
			return false;
	return in->final || n;
}

static word_id replace(struct inst *in, sym_id id, const struct symbol *k)
{
	switch (k->kind) {
	case SYM_K_PARAM:
		if (k->fn == in->callee && k->a < in->nargs)
			return in->args[PLANT(122, k->a, 0)];
		return twin(in, id, k);
	case SYM_K_CELL:
	case SYM_K_INIT:
	case SYM_K_FINAL:
		return cell_value(in, id, k, inst_symbol(in, k->base));
	case SYM_K_HELD:
		return held_value(in, k);
	case SYM_K_BOUND:
		return id.i == in->bound.i ? in->bound_to : WORD_NONE;
	case SYM_K_ELEM:
		return twin_elem(in, id, k);
	case SYM_K_LOCAL:
	case SYM_K_HEAP:
		return twin(in, id, k);
	case SYM_K_SITE:
	case SYM_K_CALLEE:
		return k->origin == ORIGIN_SET && was_set(in, k) ?
		       word_const(in->f->e->dom, 1, 1) : twin(in, id, k);
	default:
		return WORD_NONE;
	}
}

static word_id instance_of(struct inst *in, sym_id id)
{
	struct symbol k = *symbol_info(&in->f->e->syms, id);
	uint64_t *memo = map_get(&in->memo, id.i);
	word_id w;

	if (memo)
		return (word_id){ (uint32_t)*memo };
	if (k.kind == SYM_K_NONE)
		return word_subst(in->subst, word_sym(in->f->e->dom, id));
	w = replace(in, id, &k);
	if (word_is_none(w))
		w = word_sym(in->f->e->dom, id);
	/* A call through a pointer of another type: the value is not the parameter's. */
	if (word_width(in->f->e->dom, w) != k.width)
		w = twin(in, id, &k);
	*map_put(&in->memo, id.i) = w.i;
	return w;
}

word_id inst_symbol(struct inst *in, sym_id id)
{
	word_id w;

	in->depth++;
	w = instance_of(in, id);
	if (in->depth == 1)
		set_origins(in);
	in->depth--;
	return w;
}

static word_id inst_map(void *arg, sym_id id)
{
	return inst_symbol(arg, id);
}

void inst_begin(struct inst *in, struct fun *f, struct state *s, ir_fn callee,
		const word_id *args, unsigned nargs, uint64_t site, ir_loc loc)
{
	*in = (struct inst){ .f = f, .s = s, .callee = callee, .args = args, .nargs = nargs,
			     .site = site, .loc = loc };
	in->subst = subst_new(f->e->dom, inst_map, in);
}

void inst_end(struct inst *in)
{
	subst_free(in->subst);
	map_release(&in->memo);
	array_release(&in->twins);
}

word_id inst_word(struct inst *in, word_id w)
{
	return word_is_none(w) ? w : word_subst(in->subst, w);
}

const struct cond *inst_cond(struct inst *in, const struct cond *c)
{
	return cond_subst(in->subst, c);
}
