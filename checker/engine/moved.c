/* SPDX-License-Identifier: MIT */
#include "engine/moved.h"

#include "engine/cells.h"
#include "engine/replay.h"

#define STARTS 4	/* as many as a symbol has parents */
#define AMONG_SITE ((uint64_t)1 << 42)	/* no instruction's */

/* Where a pointer can have begun. */
struct starts {
	struct start { sym_id root; int64_t delta; } v[STARTS];
	unsigned n;
	bool others;		/* and elsewhere, or nowhere */
};

/* Some element of what a pointer to scalars leads to. */
static bool is_some_scalar(const struct symbol *k)
{
	return k->kind == SYM_K_ELEM && k->rec == IR_NONE;
}

static bool is_among(const struct symbols *syms, sym_id id)
{
	const struct symbol *k = symbol_info(syms, id);

	while (k->kind == SYM_K_CALLEE)
		k = symbol_info(syms, k->base);
	return k->kind == SYM_K_SITE && k->a == AMONG_SITE;
}

void moved_place(const struct symbols *syms, sym_id *root, int64_t *delta)
{
	const struct symbol *k;

	for (k = symbol_info(syms, *root); is_some_scalar(k); k = symbol_info(syms, *root)) {
		*root = k->base;
		*delta += k->delta;
	}
}

sym_id moved_parent(struct symbols *syms, sym_id root, int64_t delta)
{
	struct symbol key = symbol_key(SYM_K_ELEM, syms->current, syms->unit->ptr_width);

	if (!delta || symbol_info(syms, root)->width != syms->unit->ptr_width)
		return root;
	key.base = root;
	key.delta = delta;
	key.a = AMONG_SITE;
	return symbol_get(syms, &key);
}

static void add(struct starts *s, sym_id root, int64_t delta)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->v[i].root.i == root.i)
			return;
	if (s->n < STARTS)
		s->v[s->n++] = (struct start){ root, delta };
	else
		s->others = true;
}

static void add_word(struct starts *s, const struct symbols *syms, word_id w)
{
	const struct symbol *k;
	int64_t delta;
	sym_id root;

	if (!word_as_symoff(syms->dom, w, &root, &delta)) {
		s->others = true;
		return;
	}
	moved_place(syms, &root, &delta);
	if (!is_among(syms, root)) {
		add(s, root, delta);
		return;
	}
	s->others = true;
	k = symbol_info(syms, root);
	for (uint8_t i = 0; i < k->nparents; i++) {
		root = k->parent[i];
		delta = 0;
		moved_place(syms, &root, &delta);
		add(s, root, delta);
	}
}

static void add_choices(struct starts *s, const struct symbols *syms, word_id w)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_is_none(w) ? 0 : word_choices(syms->dom, w, alt, guard);

	for (unsigned i = 0; i < n; i++)
		add_word(s, syms, alt[i]);
	s->others |= !n;
}

static void add_cell(struct starts *s, const struct symbols *syms, const struct cell *c)
{
	add_choices(s, syms, !word_is_none(c->from) || c->kind != CELL_WORD ? c->from : c->val);
	s->others |= c->kind != CELL_WORD;
}

/* A symbol that stands for a pointer to one of them, or to something else. */
static word_id among(struct symbols *syms, const struct starts *s)
{
	struct symbol key = symbol_key(SYM_K_SITE, syms->current, syms->unit->ptr_width);
	uint64_t h = s->n;

	for (unsigned i = 0; i < s->n; i++)
		h = hash_mix(hash_mix(h, s->v[i].root.i), (uint64_t)s->v[i].delta);
	key.a = AMONG_SITE;
	key.b = (uint32_t)h;
	key.origin = ORIGIN_UNKNOWN;
	for (unsigned i = 0; i < s->n; i++)
		symbol_add_parent(&key, moved_parent(syms, s->v[i].root, s->v[i].delta));
	return word_sym(syms->dom, symbol_get(syms, &key));
}

static bool is_known(struct symbols *syms, const struct cell *c)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];

	return c->kind == CELL_ZERO ||
	       (c->kind == CELL_WORD && word_choices(syms->dom, c->val, alt, guard));
}

word_id moved_from(struct symbols *syms, const struct cell *a, const struct cell *b,
		   const struct cell *now)
{
	struct starts s = { .n = 0 };

	if (now->width != syms->unit->ptr_width || is_known(syms, now))
		return WORD_NONE;
	add_cell(&s, syms, a);
	add_cell(&s, syms, b);
	if (!s.n)
		return WORD_NONE;
	return s.n == 1 && !s.others ? word_symoff(syms->dom, s.v[0].root, s.v[0].delta) :
	       among(syms, &s);
}

bool moved_is_in_one(const struct symbols *syms, word_id from)
{
	int64_t delta;
	sym_id root;

	return !word_is_none(from) && word_as_symoff(syms->dom, from, &root, &delta) &&
	       !is_among(syms, root);
}

/* Some element of the object that it leads into; WORD_NONE where that is none, or several. */
static word_id element(struct fun *f, const struct access *a, word_id from, uint32_t slot)
{
	struct symbol key = symbol_key(SYM_K_ELEM, f->id, f->e->unit->ptr_width);
	int64_t delta;

	if (!a->untyped || !a->elem || !moved_is_in_one(&f->e->syms, from))
		return WORD_NONE;
	word_as_symoff(f->e->dom, from, &key.base, &delta);
	key.a = a->site;
	key.b = slot;
	key.scale = (int64_t)a->elem;
	key.loc = a->loc;
	return word_symoff(f->e->dom, symbol_get(&f->e->syms, &key), delta);
}

word_id moved_name(struct fun *f, struct state *s, const struct access *a, word_id w,
		   const struct target *t, uint32_t slot)
{
	uint8_t width = word_width(f->e->dom, w);
	word_id from = cells_from(s, t->root, t->off, width), now = element(f, a, from, slot);
	sym_id fresh;

	if (word_is_none(now)) {
		fresh = site_symbol(f, a->site, slot, width, ORIGIN_UNKNOWN, a->pointee, a->loc);
		mem_parents(f, w, &f->e->syms.v.v[fresh.i]);
		if (a->untyped)
			moved_add_parents(&f->e->syms, fresh, from);
		f->e->syms.v.v[fresh.i].found = origin_is_found(f, t->root);
		state_lose_pointers(s, &f->e->syms, w);
		if (!word_is_none(from))
			state_lose_pointers(s, &f->e->syms, from);
		if (f->route)
			route_renamed(f, s, w, fresh);
		now = word_sym(f->e->dom, fresh);
	}
	cells_set_word(s, t->root, t->off, width, now);
	return now;
}

void moved_add_parents(struct symbols *syms, sym_id id, word_id from)
{
	struct starts s = { .n = 0 };

	if (word_is_none(from))
		return;
	add_choices(&s, syms, from);
	for (unsigned i = 0; i < s.n; i++) {
		sym_id parent = moved_parent(syms, s.v[i].root, s.v[i].delta);

		symbol_add_parent(&syms->v.v[id.i], parent);
	}
}

unsigned moved_targets(const struct symbols *syms, sym_id root, const struct target *t,
		       struct target out[MADE_OF])
{
	const struct symbol *k = symbol_info(syms, root);
	unsigned n = 0;

	if (k->kind != SYM_K_SITE && k->kind != SYM_K_CALLEE)
		return 0;
	for (; n < k->nparents; n++) {
		int64_t delta = 0;

		out[n].root = k->parent[n];
		moved_place(syms, &out[n].root, &delta);
		out[n].off = t->off + delta * 8;
		out[n].guard = t->guard;
	}
	return n;
}
