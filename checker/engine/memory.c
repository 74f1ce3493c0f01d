/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores. Two cells of different roots may be the same memory where
 * their classes overlap, unless one of the roots is an object that nobody else
 * can reach. INIT cells of shared objects are symbols that nothing changes;
 * MONO cells keep the last known value as a lower bound.
 */
#include "engine/fun.h"

#include <string.h>

#define WHOLE ((uint64_t)1 << 40)	/* more bits than any object has */

#define OWNERS 8	/* of owners of an object; deeper, it counts as published */

static bool is_private(const struct fun *f, const struct state *s, sym_id object, unsigned depth)
{
	if (!symbol_is_object(&f->e->syms, object) || depth > OWNERS)
		return false;
	for (uint32_t i = 0; i < s->published.n; i++) {
		const struct publication *p = &s->published.v[i];

		if (p->object.i == object.i && p->into.i != object.i &&
		    (!p->into.i || !is_private(f, s, p->into, depth + 1)))
			return false;
	}
	return true;
}

bool mem_is_private(const struct fun *f, const struct state *s, sym_id root)
{
	return is_private(f, s, symbol_object(&f->e->syms, root), 0);
}

/* One site may make many values: each is told apart by the cell that it is for. */
static uint32_t site_slot(sym_id root, int64_t off, unsigned k)
{
	return (uint32_t)hash_mix(root.i, (uint64_t)off * 4 + k) | 1u << 31;
}

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

	if (*seen) {
		state_forget_site(s, &f->e->syms, f->id, site);
		for (uint32_t i = 0; i < f->ntemps; i++)
			if (!word_is_none(f->temps[i]))
				f->temps[i] = word_forget_site(&f->e->syms, f->temps[i], f->id, site);
	}
	*seen = 1;
}

/* The pointers that a word was computed from: what it mentions and their parents. */
static void add_parent(struct symbol *k, sym_id id)
{
	for (uint8_t i = 0; i < k->nparents; i++)
		if (k->parent[i].i == id.i)
			return;
	if (k->nparents < 4)
		k->parent[k->nparents++] = id;
}

void mem_parents(struct fun *f, word_id w, struct symbol *k)
{
	struct dom *d = f->e->dom;
	uint8_t width = word_width(d, w);
	atom_id atoms[BIT_ATOMS];
	int64_t delta;
	sym_id s;

	if (word_as_symoff(d, w, &s, &delta)) {
		add_parent(k, s);
		return;
	}
	for (unsigned i = 0; i < width && k->nparents < 4; i++) {
		unsigned n = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned j = 0; j < n; j++)
			add_parent(k, atom_sym(atoms[j]));
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

	(void)s;
	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id root;

		/* A constant is the null pointer or an address that no object has. */
		if (!word_as_symoff(d, alt[i], &root, &delta))
			continue;
		out[k++] = (struct target){ root, delta * 8 + a->off, guard[i] };
	}
	/* The others are null: who comes here has the one that is an object. */
	if (k == 1)
		out[0].guard = BIT_1;
	if (k)
		return k;
	out[0] = (struct target){ unknown_root(f, a), a->off, BIT_1 };
	return 1;
}

/* ------------------------------------------------------------------ classes */

static struct class class_of(const struct fun *f, sym_id root, int64_t off, uint32_t width,
			     const struct access *a)
{
	const struct symbol *k = symbol_info(&f->e->syms, root);

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

static bool is_init(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && p->kind == POLICY_INIT;
}

static const struct field_policy *guard_of(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && p->kind == POLICY_GUARD ? p : NULL;
}

static bool is_mono(const struct fun *f, struct class c)
{
	const struct field_policy *p = engine_policy(f->e, c);

	return p && p->kind == POLICY_MONO;
}

static uint8_t mono_of(const struct fun *f, struct class c)
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
static const struct cell *cell_find(const struct state *s, sym_id root, int64_t at, int64_t *next)
{
	uint32_t i = state_seek(s, root, at + 1);

	*next = i < s->cells.n && s->cells.v[i].root.i == root.i ? s->cells.v[i].off : INT64_MAX;
	return i > 0 && cell_covers(&s->cells.v[i - 1], root, at) ? &s->cells.v[i - 1] : NULL;
}

static void cell_piece(struct fun *f, struct cell *c, int64_t from, int64_t to)
{
	if (c->kind == CELL_WORD)
		c->val = word_extract(f->e->dom, c->val, (unsigned)(from - c->off),
				      (uint8_t)(to - from));
	c->class.off += (uint64_t)(from - c->off);
	c->class.width = to - from > 64 ? 64 : (uint32_t)(to - from);
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

static bool cells_written(const struct state *s, sym_id root, int64_t off, int64_t end)
{
	uint32_t i = state_seek(s, root, off);

	if (i > 0 && cell_covers(&s->cells.v[i - 1], root, off))
		i--;
	for (; i < s->cells.n && s->cells.v[i].root.i == root.i && s->cells.v[i].off < end; i++)
		if (s->cells.v[i].written)
			return true;
	return false;
}

static void cell_set(struct fun *f, struct state *s, struct cell c)
{
	cells_cut(f, s, c.root, c.off, c.off + (int64_t)c.width);
	state_insert(s, state_seek(s, c.root, c.off), &c);
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

/* The content of memory that the store does not know. */
static word_id absent_value(struct fun *f, struct state *s, sym_id root, int64_t off,
			    uint32_t width, struct class class, const struct access *a)
{
	struct dom *d = f->e->dom;
	word_id w = initial_value(f, root, off, width);
	uint64_t site = a ? a->site : 0;
	ir_rec pointee = a && width == f->e->unit->ptr_width ? a->pointee : IR_NONE;

	if (!word_is_none(w))
		return w;
	if (symbol_is_object(&f->e->syms, root))
		return word_sym(d, site_symbol(f, site, site_slot(root, off, 0),
					       (uint8_t)width, ORIGIN_UNKNOWN, pointee,
					       a ? a->loc : 0));
	if (state_is_clobbered(s, class))
		return word_sym(d, site_symbol(f, site, site_slot(root, off, 0),
					       (uint8_t)width, ORIGIN_INTERFERE, pointee,
					       a ? a->loc : 0));
	return word_sym(d, symbol_cell(&f->e->syms, SYM_K_CELL, root, off, (uint8_t)width, class.rec,
				       class.off));
}

static word_id piece_value(struct fun *f, struct state *s, const struct cell *c, sym_id root,
			   int64_t from, int64_t to, struct class class, const struct access *a)
{
	struct dom *d = f->e->dom;
	uint8_t width = (uint8_t)(to - from);

	if (!c)
		return absent_value(f, s, root, from, width, class, a);
	if (c->kind == CELL_WORD)
		return word_extract(d, c->val, (unsigned)(from - c->off), width);
	if (c->kind == CELL_ZERO)
		return word_const(d, 0, width);
	return word_sym(d, site_symbol(f, a ? a->site : 0, site_slot(root, from, 1), width,
				       ORIGIN_UNKNOWN, a ? a->pointee : IR_NONE, a ? a->loc : 0));
}

static word_id load_cells(struct fun *f, struct state *s, sym_id root, int64_t off,
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

/* Another thread may have raised the value since: the new one is at least the old. */
static word_id load_mono(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
			 struct class class, const struct access *a)
{
	const struct field_policy *p = engine_policy(f->e, class);
	struct dom *d = f->e->dom;
	word_id old = load_cells(f, s, root, off, width, class, a), now;
	bit_id was = word_nonzero(d, old), is;

	if (!p->stable)
		was = bit_not(d, was);
	if (bit_same(was, BIT_1))
		return old;
	now = word_sym(d, site_symbol(f, a ? a->site : 0, site_slot(root, off, 2), (uint8_t)width,
				      ORIGIN_INTERFERE, IR_NONE, a ? a->loc : 0));
	is = word_nonzero(d, now);
	if (!p->stable)
		is = bit_not(d, is);
	s->pc = cond_and(d, s->pc, bit_or(d, bit_not(d, was), is), 0);
	return now;
}

/* The lock of the object that the cell is a part of. */
static struct lock_ref lock_of_cell(const struct field_policy *p, sym_id root, int64_t off,
				    struct class class)
{
	return (struct lock_ref){ root, off - (int64_t)class.off + (int64_t)p->lock_off };
}

static bit_id same_truth(struct dom *d, word_id a, word_id b)
{
	if (word_width(d, a) == 1)
		return bit_not(d, bit_xor(d, word_bit(d, a, 0), word_bit(d, b, 0)));
	return bit_not(d, bit_xor(d, word_nonzero(d, a), word_nonzero(d, b)));
}

/*
 * What is known of a guarded field lasts while its lock is held. Where only the
 * callers can hold it, the field has its old value if they do.
 */
static word_id load_guarded(struct fun *f, struct state *s, sym_id root, int64_t off,
			    uint32_t width, struct class class, const struct access *a)
{
	const struct field_policy *p = guard_of(f, class);
	struct dom *d = f->e->dom;
	bit_id held = locking_held(f, s, lock_of_cell(p, root, off, class));
	word_id old = load_cells(f, s, root, off, width, class, a), now;

	if (bit_same(held, BIT_1)) {
		cell_set(f, s, (struct cell){ root, off, width, old, class, CELL_WORD, 0,
					      cells_written(s, root, off, off + width) });
		return old;
	}
	now = word_sym(d, site_symbol(f, a ? a->site : 0, site_slot(root, off, 2), (uint8_t)width,
				      ORIGIN_INTERFERE, IR_NONE, a ? a->loc : 0));
	s->pc = cond_and(d, s->pc, bit_or(d, bit_not(d, held), same_truth(d, old, now)), 0);
	return now;
}

/*
 * The lock was taken or given: others may have changed what it guards. ref.root
 * SYM_NONE: whose lock it was is not known.
 */
void mem_forget_guarded(struct fun *f, struct state *s, struct lock_ref ref)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];
		const struct field_policy *p = guard_of(f, c.class);

		if (p && !mem_is_private(f, s, c.root) &&
		    (!ref.root.i || (ref.root.i == c.root.i &&
				     lock_of_cell(p, c.root, c.off, c.class).off == ref.off))) {
			if (!c.written)
				continue;
			c.kind = CELL_UNKNOWN;
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	for (uint32_t i = 0; i < f->e->policies.n; i++) {
		const struct field_policy *p = &f->e->policies.v[i];

		if (p->kind == POLICY_GUARD && !mem_is_private(f, s, ref.root))
			state_clobber_class(s, (struct class){ p->rec, p->off, (uint32_t)p->width });
	}
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

word_id mem_load_root(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
		      const struct access *a)
{
	struct class class = class_of(f, root, off, width, a);
	bool private = mem_is_private(f, s, root);
	bool is_heap = symbol_is_heap(&f->e->syms, root);
	word_id w;

	learn_type(f, root, off, a);
	if (!private && !is_heap && is_init(f, class))
		return word_sym(f->e->dom, symbol_cell(&f->e->syms, SYM_K_INIT, root, off,
						       (uint8_t)width, class.rec, class.off));
	if (!private && guard_of(f, class))
		return load_guarded(f, s, root, off, width, class, a);
	if (!private && is_mono(f, class))
		w = load_mono(f, s, root, off, width, class, a);
	else
		w = load_cells(f, s, root, off, width, class, a);
	cell_set(f, s, (struct cell){ root, off, width, w, class, CELL_WORD, mono_of(f, class),
				      cells_written(s, root, off, off + width) });
	return w;
}

word_id mem_load(struct fun *f, struct state *s, const struct access *a)
{
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	word_id w = mem_load_root(f, s, t[0].root, t[0].off, a->width, a);

	for (unsigned i = 1; i < n; i++)
		w = word_ite(f->e->dom, t[i].guard,
			     mem_load_root(f, s, t[i].root, t[i].off, a->width, a), w);
	return w;
}

/* ------------------------------------------------------------------ storing */

/* Cells of other roots that may be the same memory as (root, class). */
static void drop_aliases(struct fun *f, struct state *s, sym_id root, struct class class)
{
	struct symbols *syms = &f->e->syms;
	sym_id object = symbol_object(syms, root);
	bool private = mem_is_private(f, s, root);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];
		bool same_object = symbol_object(syms, c.root).i == object.i;
		bool may = c.root.i != root.i &&
			   (same_object || (!private && !mem_is_private(f, s, c.root))) &&
			   (class_overlaps(c.class, class) || c.kind != CELL_WORD || same_object);

		if (may && !is_init(f, c.class) && !is_mono(f, c.class)) {
			if (!c.written && !symbol_is_object(syms, c.root))
				continue;
			c.kind = CELL_UNKNOWN;
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	if (!private)
		state_clobber_class(s, class);
}

void mem_write(struct fun *f, struct state *s, sym_id root, int64_t off, uint64_t width,
	       enum cell_kind kind, word_id val, struct class class)
{
	drop_aliases(f, s, root, class);
	cell_set(f, s, (struct cell){ root, off, width, val, class, (uint8_t)kind,
				      mono_of(f, class), true });
}

/*
 * Fields that do not change after publication get a cell of their own, where
 * their value is known: what happens to the rest of the object does not touch
 * them.
 */
static void keep_init_fields(struct fun *f, struct state *s, sym_id root)
{
	for (uint32_t i = 0; i < f->e->policies.n; i++) {
		const struct field_policy *p = &f->e->policies.v[i];
		struct class class = { p->rec, p->off, (uint32_t)p->width };
		const struct cell *c;
		int64_t next;

		if (p->kind != POLICY_INIT || p->width > 64 ||
		    symbol_info(&f->e->syms, root)->rec != p->rec)
			continue;
		c = cell_find(s, root, (int64_t)p->off, &next);
		if (c && c->kind == CELL_ZERO &&
		    c->off + (int64_t)c->width >= (int64_t)(p->off + p->width))
			cell_set(f, s, (struct cell){ root, (int64_t)p->off, p->width,
						      word_const(f->e->dom, 0, (uint8_t)p->width),
						      class, CELL_WORD, 0, true });
	}
}

/* What the object's cells point to is as public as itself. */
static void publish_reachable(struct fun *f, struct state *s, sym_id object)
{
	for (uint32_t i = 0; i < s->cells.n; i++) {
		const struct cell *c = &s->cells.v[i];

		if (c->kind == CELL_WORD && symbol_object(&f->e->syms, c->root).i == object.i)
			mem_publish(f, s, c->val, object);
	}
}

static bool is_public(const struct state *s, sym_id object)
{
	for (uint32_t i = 0; i < s->published.n; i++)
		if (s->published.v[i].object.i == object.i && !s->published.v[i].into.i)
			return true;
	return false;
}

static bool has_publication(const struct state *s, struct publication p)
{
	for (uint32_t i = 0; i < s->published.n; i++)
		if (s->published.v[i].object.i == p.object.i && s->published.v[i].into.i == p.into.i)
			return true;
	return false;
}

/* The object was private; what it owns goes with it. */
static void leave_private(struct fun *f, struct state *s, sym_id object, unsigned depth)
{
	if (symbol_is_heap(&f->e->syms, object))
		keep_init_fields(f, s, object);
	for (uint32_t i = 0; i < s->published.n && depth < OWNERS; i++)
		if (s->published.v[i].into.i == object.i)
			leave_private(f, s, s->published.v[i].object, depth + 1);
}

static void publish_object(struct fun *f, struct state *s, sym_id root, sym_id into)
{
	struct publication p = { symbol_object(&f->e->syms, root), into };
	bool was_private = mem_is_private(f, s, p.object);

	if (p.object.i == into.i || is_public(s, p.object) || has_publication(s, p))
		return;
	state_publish(s, p);
	if (was_private && !mem_is_private(f, s, p.object))
		leave_private(f, s, p.object, 0);
	publish_reachable(f, s, p.object);
}

/* Who can be told apart from everybody: a new object, and one that the caller may own. */
static sym_id owner_of(struct fun *f, const struct state *s, sym_id into)
{
	sym_id object = symbol_object(&f->e->syms, into);
	uint8_t kind = symbol_info(&f->e->syms, object)->kind;

	if (!symbol_is_heap(&f->e->syms, object) && kind != SYM_K_PARAM && kind != SYM_K_CELL)
		return SYM_NONE;
	return is_public(s, object) ? SYM_NONE : object;
}

void mem_publish(struct fun *f, struct state *s, word_id w, sym_id into)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n;

	if (word_width(f->e->dom, w) != f->e->unit->ptr_width)
		return;
	if (symbol_info(&f->e->syms, into)->kind == SYM_K_LOCAL && mem_is_private(f, s, into))
		return;
	if (into.i)
		into = owner_of(f, s, into);
	n = word_choices(f->e->dom, w, alt, guard);
	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id root;

		if (word_as_symoff(f->e->dom, alt[i], &root, &delta))
			publish_object(f, s, root, into);
	}
}

static void store_event(struct fun *f, struct state *s, const struct access *a,
			const struct target *t, word_id val, bool maybe)
{
	const struct symbol *k = symbol_info(&f->e->syms, t->root);
	struct store_event e = {
		.root = t->root, .off = t->off, .width = a->width, .ptr = a->ptr, .val = val,
		.class = class_of(f, t->root, t->off, a->width, a),
		.outer = a->rec != IR_NONE ? a->rec : k->rec,
		.outer_off = a->rec != IR_NONE ? a->recoff : (uint64_t)t->off,
		.loc = a->loc, .maybe = maybe,
	};

	e.old = mem_load_root(f, s, t->root, t->off, a->width, a);
	f->e->client.on_store(f->e->client.arg, f, s, &e);
}

void mem_store(struct fun *f, struct state *s, const struct access *a, word_id val, bool maybe)
{
	struct dom *d = f->e->dom;
	struct target t[MEM_TARGETS];
	unsigned n = mem_targets(f, s, a, t);
	bit_id happens = BIT_1;

	if (maybe)
		happens = word_bit(d, word_sym(d, site_symbol(f, a->site, 5000, 1, ORIGIN_ENV,
							      IR_NONE, a->loc)), 0);
	for (unsigned i = 0; i < n; i++) {
		struct class class = class_of(f, t[i].root, t[i].off, a->width, a);
		bit_id g = bit_and(d, t[i].guard, happens);
		word_id now = val;

		learn_type(f, t[i].root, t[i].off, a);
		store_event(f, s, a, &t[i], val, maybe);
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
	drop_aliases(f, s, SYM_NONE, c);
}

void mem_clobber(struct fun *f, struct state *s)
{
	struct symbols *syms = &f->e->syms;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];

		if (!mem_is_private(f, s, c.root) && !is_init(f, c.class) && !is_mono(f, c.class)) {
			if (!c.written && !symbol_is_object(syms, c.root))
				continue;
			c.kind = CELL_UNKNOWN;
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	s->clobber_all = true;
	array_clear(&s->clobbered);
}

/* -------------------------------------------------------------- whole ranges */

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

/* arg: the byte, or NULL where it is not known. */
static void leaf_fill(struct fun *f, struct state *s, const struct access *a, void *arg)
{
	const uint64_t *byte = arg;
	word_id w = byte ? word_const(f->e->dom, *byte * 0x0101010101010101u, (uint8_t)a->width) :
		    word_top(f->e->dom, (uint8_t)a->width);

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
	bool sized = word_is_const(f->e->dom, size, &bytes) && bytes <= WHOLE / 16;
	ir_rec rec;

	if (sized && !bytes)
		return;
	rec = range_record(f, a, &t[0], &off);
	if (n != 1)
		range_unknown(f, s, a, sized ? &bytes : NULL);
	else if (!mem_is_private(f, s, t[0].root))
		fill_shared(f, s, a, rec, off, sized ? &bytes : NULL, known ? &value : NULL);
	else if (known && !value && sized)
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
	from.off = a->off - c->to_off;
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

	sized = word_is_const(f->e->dom, size, &bytes) && bytes <= WHOLE / 16;
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
