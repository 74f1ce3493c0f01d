/* SPDX-License-Identifier: MIT */
#include "engine/cells.h"

#include "engine/moved.h"

uint32_t site_slot(sym_id root, int64_t off, unsigned k)
{
	return (uint32_t)hash_mix(root.i, (uint64_t)off * 8 + k) | 1u << 31;
}

/* ------------------------------------------------------------------ classes */

struct class mem_class(const struct fun *f, sym_id root, int64_t off, uint32_t width,
			     const struct access *a)
{
	const struct symbol *k = symbol_info(&f->e->syms, root);

	if (a && a->raw)
		return CLASS_ALL;
	if (a && a->rec != IR_NONE)
		return engine_class(f->e, a->rec, a->recoff, width);
	if (k->rec != IR_NONE && off >= 0)
		return engine_class(f->e, k->rec, (uint64_t)off, width);
	if (k->kind == SYM_K_LOCAL && k->fn == f->id) {
		const struct ir_local *l = &f->body->locals.v[k->a];

		if (l->type.kind == IR_T_AGG && l->type.rec != IR_NONE && off >= 0)
			return engine_class(f->e, l->type.rec, (uint64_t)off, width);
	}
	return (struct class){ IR_NONE, 0, width };
}

bool mem_is_init(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && (p->kind == POLICY_INIT || p->kind == POLICY_ONCE);
}

bool mem_is_once(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && p->kind == POLICY_ONCE;
}

/* Others may change it between two reads, and the rules say how. */
bool mem_is_changing(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && (p->kind == POLICY_MONO || p->kind == POLICY_GUARD);
}

bool mem_is_mono(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && p->kind == POLICY_MONO;
}

uint8_t mem_mono_of(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && p->kind == POLICY_MONO ? 1 + p->stable : 0;
}

/* -------------------------------------------------------------------- cells */

static bool cell_covers(const struct cell *c, sym_id root, int64_t at)
{
	return c->root.i == root.i && c->off <= at && at < c->off + (int64_t)c->width;
}

/* The cell that holds bit at, or NULL; *next is where the following cell starts. */
const struct cell *cell_find(const struct state *s, sym_id root, int64_t at, int64_t *next)
{
	uint32_t i = state_seek(s, root, at + 1);

	*next = i < s->cells.n && s->cells.v[i].root.i == root.i ? s->cells.v[i].off : INT64_MAX;
	return i > 0 && cell_covers(&s->cells.v[i - 1], root, at) ? &s->cells.v[i - 1] : NULL;
}

static void cell_piece(struct fun *f, struct cell *c, int64_t from, int64_t to)
{
	if (c->kind == CELL_WORD)
		c->val = word_extract(f->e->dom, c->val, PLANT(103, (unsigned)(from - c->off), 0),
				      (uint8_t)(to - from));
	if (!word_is_none(c->own))
		c->own = word_extract(f->e->dom, c->own, (unsigned)(from - c->off),
				      (uint8_t)(to - from));
	c->from = WORD_NONE;
	if (c->class.width != CLASS_ALL.width) {
		c->class.off += (uint64_t)(from - c->off);
		c->class.width = to - from > 64 ? 64 : (uint32_t)(to - from);
	}
	c->off = from;
	c->width = (uint64_t)(to - from);
}

/* Makes room: no cell of the root overlaps [off, end) any more. */
static void cells_cut(struct fun *f, struct state *s, sym_id root, int64_t off, int64_t end)
{
	uint32_t i = state_seek(s, root, off);

	if (i > 0 && cell_covers(&s->cells.v[i - 1], root, off))
		i--;
	while (i < s->cells.n && s->cells.v[i].root.i == root.i && s->cells.v[i].off < end) {
		struct cell c = s->cells.v[i], left = c, right = c;
		int64_t cend = c.off + (int64_t)c.width;

		state_remove(s, i, 1);
		if (c.kind == CELL_WORD && !word_is_none(c.from) && (c.off < off || cend > end))
			state_lose_pointers(s, &f->e->syms, c.from);
		if (c.off < off) {
			cell_piece(f, &left, c.off, off);
			state_insert(s, i++, &left);
		}
		if (cend > end) {
			cell_piece(f, &right, end, cend);
			state_insert(s, i++, &right);
		}
	}
}

bool cells_written(const struct state *s, sym_id root, int64_t off, int64_t end)
{
	uint32_t i = state_seek(s, root, off);

	if (i > 0 && cell_covers(&s->cells.v[i - 1], root, off))
		i--;
	for (; i < s->cells.n && s->cells.v[i].root.i == root.i && s->cells.v[i].off < end; i++)
		if (s->cells.v[i].written)
			return true;
	return false;
}

/* The cell that is just this range, or NULL. */
static struct cell *cell_exact(const struct state *s, sym_id root, int64_t off, uint64_t width)
{
	uint32_t i = state_seek(s, root, off);
	struct cell *c = i < s->cells.n ? &s->cells.v[i] : NULL;

	return c && c->root.i == root.i && c->off == off && c->width == width ? c : NULL;
}

bool cells_word(const struct fun *f, const struct state *s, sym_id root, int64_t off,
		uint32_t width, word_id *out)
{
	const struct cell *c = cell_exact(s, root, off, width);

	if (!c || c->kind != CELL_WORD || word_is_none(c->val) || word_has_top(f->e->dom, c->val))
		return false;
	*out = c->val;
	return true;
}

word_id cells_own(const struct state *s, sym_id root, int64_t off, uint32_t width)
{
	const struct cell *c = cell_exact(s, root, off, width);

	return c ? c->own : WORD_NONE;
}

word_id cells_from(const struct state *s, sym_id root, int64_t off, uint32_t width)
{
	const struct cell *c = cell_exact(s, root, off, width);

	return c ? c->from : WORD_NONE;
}

void cells_set_word(struct state *s, sym_id root, int64_t off, uint32_t width, word_id w)
{
	struct cell *c = cell_exact(s, root, off, width);

	if (c && c->kind == CELL_WORD)
		c->val = w;
}

void cells_set_from(struct state *s, sym_id root, int64_t off, uint32_t width, word_id from)
{
	cell_exact(s, root, off, width)->from = from;
}

void cells_set_own(struct state *s, sym_id root, int64_t off, uint32_t width, word_id own)
{
	cell_exact(s, root, off, width)->own = own;
}

void cell_set(struct fun *f, struct state *s, struct cell c)
{
	cells_cut(f, s, c.root, c.off, c.off + (int64_t)c.width);
	state_insert(s, state_seek(s, c.root, c.off), &c);
}

bool mem_is_maybe_callers(const struct fun *f, const struct state *s, sym_id root)
{
	uint8_t kind = symbol_info(&f->e->syms, root)->kind;
	uint32_t at;

	if (kind != SYM_K_PARAM && kind != SYM_K_CELL)
		return false;
	at = state_publication(s, root);
	return at == s->published.n || s->published.v[at].object.i != root.i;
}

/* A pointer may be what it was still. */
static void keep_from(const struct fun *f, struct cell *c)
{
	if (c->kind == CELL_WORD && c->width == f->e->unit->ptr_width && word_is_none(c->from))
		c->from = c->val;
}

void cell_lose(const struct fun *f, struct cell *c)
{
	keep_from(f, c);
	c->kind = CELL_UNKNOWN;
	c->own = WORD_NONE;
}

void cell_lose_to_others(struct fun *f, const struct state *s, struct cell *c)
{
	c->own = c->written && mem_is_maybe_callers(f, s, c->root) ? cell_own(f->e->dom, c) : WORD_NONE;
	keep_from(f, c);
	c->kind = CELL_UNKNOWN;
}

/* ------------------------------------------------------------------ loading */

static word_id initial_value(struct fun *f, sym_id root, int64_t off, uint32_t width)
{
	const struct symbol *k = symbol_info(&f->e->syms, root);
	const struct ir_global *g;
	struct symbol fk;

	if (k->kind != SYM_K_GLOBAL || off < 0)
		return WORD_NONE;
	g = &f->e->unit->globals.v[k->a];
	if (!g->is_const || g->is_extern || g->init_unknown || g->bytes)
		return WORD_NONE;
	for (uint32_t i = 0; i < g->inits.n; i++) {
		const struct ir_init *in = &g->inits.v[i];

		if (in->off + in->width <= (uint64_t)off || in->off >= (uint64_t)off + width)
			continue;
		if (in->off != (uint64_t)off || in->width != width || in->glob != IR_NONE)
			return WORD_NONE;
		if (in->fn == IR_NONE)
			return word_const(f->e->dom, in->value, (uint8_t)width);
		fk = symbol_key(SYM_K_FUNC, IR_NONE, (uint8_t)width);
		fk.a = in->fn;
		return word_sym(f->e->dom, symbol_get(&f->e->syms, &fk));
	}
	return word_const(f->e->dom, 0, (uint8_t)width);
}

/* What the access says of a pointer: of the members of a union only it knows which one it is. */
static sym_id with_pointee(struct fun *f, sym_id id, ir_rec pointee)
{
	if (pointee != IR_NONE)
		f->e->syms.v.v[id.i].rec = pointee;
	return id;
}

/* A value that the cell has now, of which nothing is known. */
static word_id read_value(struct fun *f, sym_id root, int64_t off, uint32_t width, uint32_t slot,
			  enum sym_origin origin, const struct access *a)
{
	ir_rec pointee = a && width == f->e->unit->ptr_width ? a->pointee : IR_NONE;
	sym_id id = site_symbol(f, a ? a->site : 0, site_slot(root, off, slot), (uint8_t)width,
				origin, pointee, a ? a->loc : 0);

	f->e->syms.v.v[id.i].read_of = root;
	f->e->syms.v.v[id.i].read_off = off;
	return word_sym(f->e->dom, id);
}

/* A pointer to scalars, which may be this one still. */
static void may_be(struct fun *f, word_id now, word_id was, const struct access *a)
{
	int64_t delta;
	sym_id id;

	if (a && a->untyped && word_as_symoff(f->e->dom, now, &id, &delta))
		moved_add_parents(&f->e->syms, id, was);
}

static word_id entry_value(struct fun *f, sym_id root, int64_t off, uint32_t width,
			   struct class class, ir_rec pointee)
{
	sym_id id = symbol_cell(&f->e->syms, SYM_K_CELL, root, off, (uint8_t)width, class.rec,
				class.off);

	return word_sym(f->e->dom, with_pointee(f, id, pointee));
}

/* The content of memory that the store does not know. */
static word_id absent_value(struct fun *f, struct state *s, sym_id root, int64_t off,
			    uint32_t width, struct class class, const struct access *a)
{
	word_id w = initial_value(f, root, off, width);
	ir_rec pointee = a && width == f->e->unit->ptr_width ? a->pointee : IR_NONE;

	if (!word_is_none(w))
		return w;
	if (symbol_is_object(&f->e->syms, root))
		return read_value(f, root, off, width, 0, ORIGIN_UNKNOWN, a);
	if (!PLANT(101, state_is_clobbered(s, &f->e->syms, root, off, class), false))
		return entry_value(f, root, off, width, class, pointee);
	w = read_value(f, root, off, width, 0, ORIGIN_INTERFERE, a);
	if (a && a->untyped && a->elem != ELEM_UNKNOWN)
		may_be(f, w, entry_value(f, root, off, width, class, pointee), a);
	return w;
}

static word_id piece_value(struct fun *f, struct state *s, const struct cell *c, sym_id root,
			   int64_t from, int64_t to, struct class class, const struct access *a)
{
	struct dom *d = f->e->dom;
	uint8_t width = (uint8_t)(to - from);
	word_id w;

	if (!c)
		return absent_value(f, s, root, from, width, class, a);
	if (c->kind == CELL_WORD)
		return word_extract(d, c->val, (unsigned)(from - c->off), width);
	if (c->kind == CELL_ZERO)
		return word_const(d, 0, width);
	w = read_value(f, root, from, width, 1, ORIGIN_UNKNOWN, a);
	may_be(f, w, c->from, a);
	return w;
}

word_id cells_load(struct fun *f, struct state *s, sym_id root, int64_t off,
			  uint32_t width, struct class class, const struct access *a)
{
	int64_t at = off, end = off + width;
	word_id w = WORD_NONE;

	while (at < end) {
		int64_t next, to;
		const struct cell *c = cell_find(s, root, at, &next);
		word_id part;

		to = c ? c->off + (int64_t)c->width : next;
		if (to > end)
			to = end;
		part = piece_value(f, s, c, root, at, to, class, a);
		w = word_is_none(w) ? part : word_concat(f->e->dom, w, part);
		at = to;
	}
	return w;
}
