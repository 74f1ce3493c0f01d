/* SPDX-License-Identifier: MIT */
/*
 * Who can reach an object: nobody but the function, as long as no pointer to it
 * was stored where others look. An object of the function's own, or one that the
 * caller may own, is looked through.
 */
#include "engine/cells.h"

#define ADDRESS_BITS 12	/* that are not known; a word with fewer is no address */
#define OWNERS 8	/* of owners of an object; deeper, it counts as published */

/* Objects that are asked for, each for one that it owns. */
struct asked { sym_id object; const struct asked *by; unsigned depth; };

static bool is_asked(const struct asked *a, sym_id object)
{
	for (; a; a = a->by)
		if (a->object.i == object.i)
			return true;
	return false;
}

/* Objects that only own each other are nobody else's. */
static bool is_private(const struct fun *f, const struct state *s, sym_id object,
		       const struct asked *by)
{
	const struct asked here = { object, by, by ? by->depth + 1 : 0 };

	if (is_asked(by, object))
		return true;
	if (!symbol_is_object(&f->e->syms, object) || here.depth > OWNERS)
		return false;
	for (uint32_t i = state_publication(s, object);
	     i < s->published.n && s->published.v[i].object.i == object.i; i++) {
		const struct publication *p = &s->published.v[i];

		if (!p->into.i || !is_private(f, s, p->into, &here))
			return false;
	}
	return true;
}

bool mem_is_private(const struct fun *f, const struct state *s, sym_id root)
{
	return is_private(f, s, symbol_object(&f->e->syms, root), NULL);
}

bool mem_is_made_public(const struct fun *f, const struct state *s, sym_id root, sym_id *into)
{
	sym_id object = symbol_object(&f->e->syms, root);
	uint32_t i = state_publication(s, object), n = 0;
	const struct asked here = { object, NULL, 0 };

	*into = SYM_NONE;
	for (; i < s->published.n && s->published.v[i].object.i == object.i; i++) {
		const struct publication *p = &s->published.v[i];

		if (p->into.i && is_private(f, s, p->into, &here))
			continue;
		*into = n ? SYM_NONE : p->into;
		n++;
	}
	return n > 0;
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

		if ((p->kind != POLICY_INIT && p->kind != POLICY_ONCE) || p->width > 64 ||
		    symbol_info(&f->e->syms, root)->rec != p->rec)
			continue;
		c = cell_find(s, root, (int64_t)p->off, &next);
		if (c && c->kind == CELL_ZERO &&
		    c->off + (int64_t)c->width >= (int64_t)(p->off + p->width))
			cell_set(f, s, (struct cell){ root, (int64_t)p->off, p->width,
						      word_const(f->e->dom, 0, (uint8_t)p->width),
						      class, CELL_WORD, 0, true, WORD_NONE,
						      WORD_NONE });
	}
}

/* Everybody can reach it: that stands first. */
static bool is_public(const struct state *s, sym_id object)
{
	uint32_t i = state_publication(s, object);

	return i < s->published.n && s->published.v[i].object.i == object.i &&
	       !s->published.v[i].into.i;
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

/* Objects that became public: what they lead to does so too. */
struct publishing {
	struct fun *f;
	struct state *s;
	Array(sym_id) work;
};

/* A new object, or one that the caller may own; all else others can reach anyway. */
static bool may_be_owned(const struct symbols *syms, sym_id object)
{
	uint8_t kind = symbol_info(syms, object)->kind;

	return kind == SYM_K_PARAM || kind == SYM_K_CELL || symbol_is_object(syms, object);
}

static void publish_object(struct publishing *w, sym_id root, sym_id into)
{
	struct fun *f = w->f;
	struct state *s = w->s;
	struct publication p = { symbol_object(&f->e->syms, root), into };
	bool was_private = mem_is_private(f, s, p.object);

	if (!may_be_owned(&f->e->syms, p.object))
		return;
	if (p.object.i == into.i || is_public(s, p.object) || state_is_published(s, p))
		return;
	if (PLANT(124, true, false))
		state_publish(s, p);
	if (was_private && !mem_is_private(f, s, p.object))
		leave_private(f, s, p.object, 0);
	array_push(&w->work, p.object);
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

/*
 * An address that something was done to (a tag in its low bits, an index that is added) can be
 * brought back. Of a word with a few bits only, as a comparison gives, it cannot.
 */
static void publish_bases(struct publishing *p, word_id w, sym_id into)
{
	unsigned open = 0;
	const sym_id *bases;
	uint32_t n;

	for (unsigned i = 0; i < p->f->e->unit->ptr_width; i++) {
		bit_id b = word_bit(p->f->e->dom, w, i);

		open += !bit_same(b, BIT_0) && !bit_same(b, BIT_1);
	}
	if (open < ADDRESS_BITS)
		return;
	bases = word_bases(p->f->e->dom, w, &n);
	for (uint32_t i = 0; i < n; i++)
		if (symbol_is_object(&p->f->e->syms, bases[i]) ||
		    symbol_info(&p->f->e->syms, bases[i])->rec != IR_NONE)
			publish_object(p, bases[i], into);
}

static void publish_word(struct publishing *p, word_id w, sym_id into)
{
	struct fun *f = p->f;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n;

	if (word_width(f->e->dom, w) != f->e->unit->ptr_width)
		return;
	if (symbol_info(&f->e->syms, into)->kind == SYM_K_LOCAL && mem_is_private(f, p->s, into))
		return;
	if (into.i)
		into = owner_of(f, p->s, into);
	n = word_choices(f->e->dom, w, alt, guard);
	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id root;

		if (!word_as_symoff(f->e->dom, alt[i], &root, &delta))
			continue;
		if (sym_def(f->e->dom, root, &(enum ir_op){ 0 }, &(word_id){ 0 }, &(word_id){ 0 }))
			publish_bases(p, alt[i], into);
		else
			publish_object(p, root, into);
	}
	if (!n)
		publish_bases(p, w, into);
}

/* What the object's cells point to is as public as itself. */
static void publish_reachable(struct publishing *p, sym_id object)
{
	for (uint32_t i = 0; i < p->s->cells.n; i++) {
		const struct cell c = p->s->cells.v[i];

		if (symbol_object(&p->f->e->syms, c.root).i != object.i)
			continue;
		if (c.kind == CELL_WORD)
			publish_word(p, c.val, object);
		if (!word_is_none(c.own))
			publish_word(p, c.own, object);
		if (c.kind == CELL_WORD && !word_is_none(c.from))
			publish_word(p, c.from, object);
	}
}

void mem_publish(struct fun *f, struct state *s, word_id w, sym_id into)
{
	struct publishing p = { .f = f, .s = s };

	publish_word(&p, w, into);
	while (p.work.n)
		publish_reachable(&p, array_pop(&p.work));
	array_release(&p.work);
}
