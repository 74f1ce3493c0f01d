/* SPDX-License-Identifier: MIT */
#include "engine/state.h"

#include <string.h>

#include "base/buffer.h"
#include "domain/plant.h"
#include "engine/interrupts.h"
#include "engine/lockset.h"
#include "engine/mark.h"

void state_init(struct state *s, struct dom *d)
{
	*s = (struct state){ .pc = cond_true(d), .warned = BIT_0, .live = true };
}

void state_release(struct state *s)
{
	array_release(&s->cells);
	array_release(&s->clobbered);
	array_release(&s->published);
	array_release(&s->held);
	array_release(&s->unsure);
	array_release(&s->dropped);
	array_release(&s->given);
	interrupts_release(&s->irq);
	array_release(&s->freed);
	array_release(&s->marks);
	array_release(&s->temps);
	s->live = false;
}

#define copy_array(to, from) \
	(array_reserve((to), (from)->n), (to)->n = (from)->n, \
	 (void)((from)->n && memcpy((to)->v, (from)->v, (from)->n * sizeof(*(to)->v))))

void state_copy(struct state *to, const struct state *from)
{
	to->pc = from->pc;
	copy_array(&to->cells, &from->cells);
	copy_array(&to->clobbered, &from->clobbered);
	copy_array(&to->published, &from->published);
	copy_array(&to->held, &from->held);
	copy_array(&to->unsure, &from->unsure);
	copy_array(&to->dropped, &from->dropped);
	copy_array(&to->given, &from->given);
	interrupts_copy(&to->irq, &from->irq);
	copy_array(&to->freed, &from->freed);
	copy_array(&to->marks, &from->marks);
	copy_array(&to->temps, &from->temps);
	to->clobber_all = from->clobber_all;
	to->warned = from->warned;
	memcpy(to->monitor, from->monitor, sizeof(to->monitor));
	to->live = from->live;
}

static bool cell_same(const struct cell *a, const struct cell *b)
{
	return a->root.i == b->root.i && a->off == b->off && a->width == b->width &&
	       a->kind == b->kind && a->written == b->written && word_same(a->val, b->val) &&
	       word_same(a->own, b->own) && word_same(a->from, b->from);
}

word_id cell_own(struct dom *d, const struct cell *c)
{
	if (!word_is_none(c->own))
		return c->own;
	if (c->kind == CELL_WORD)
		return c->val;
	return c->kind == CELL_ZERO && c->width <= 64 ? word_const(d, 0, (uint8_t)c->width) :
	       WORD_NONE;
}

static bool cond_same(const struct cond *a, const struct cond *b)
{
	return a == b || (a->unsat == b->unsat && a->imprecise == b->imprecise &&
			  state_same_clauses(a, b));
}

static bool freed_same(const struct state *a, const struct state *b)
{
	if (a->freed.n != b->freed.n)
		return false;
	for (uint32_t i = 0; i < a->freed.n; i++)
		if (a->freed.v[i].object.i != b->freed.v[i].object.i ||
		    !bit_same(a->freed.v[i].when, b->freed.v[i].when))
			return false;
	return true;
}

bool state_equal(const struct state *a, const struct state *b)
{
	if (!cond_same(a->pc, b->pc) || a->cells.n != b->cells.n ||
	    a->clobbered.n != b->clobbered.n || a->clobber_all != b->clobber_all ||
	    a->published.n != b->published.n || a->temps.n != b->temps.n)
		return false;
	for (uint32_t i = 0; i < a->cells.n; i++)
		if (!cell_same(&a->cells.v[i], &b->cells.v[i]))
			return false;
	for (uint32_t i = 0; i < a->temps.n; i++)
		if (!word_same(a->temps.v[i], b->temps.v[i]))
			return false;
	return freed_same(a, b) && bit_same(a->warned, b->warned) && marks_equal(a, b) &&
	       a->irq.saved.n == b->irq.saved.n && lockset_same_rest(a, b) &&
	       state_same_key(a, b);
}

bool state_same_monitors(const struct state *a, const struct state *b)
{
	return !memcmp(a->monitor, b->monitor, sizeof(a->monitor));
}

bool state_same_key(const struct state *a, const struct state *b)
{
	return state_same_monitors(a, b) && lockset_same(a, b) && interrupts_same(a, b) &&
	       marks_same_key(a, b);
}

uint32_t state_seek(const struct state *s, sym_id root, int64_t off)
{
	uint32_t lo = 0, hi = s->cells.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct cell *c = &s->cells.v[mid];

		if (c->root.i < root.i || (c->root.i == root.i && c->off < off))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void state_insert(struct state *s, uint32_t at, const struct cell *c)
{
	struct cell copy = *c;

	array_push(&s->cells, copy);
	memmove(&s->cells.v[at + 1], &s->cells.v[at], (s->cells.n - 1 - at) * sizeof(copy));
	s->cells.v[at] = copy;
}

void state_remove(struct state *s, uint32_t at, uint32_t n)
{
	memmove(&s->cells.v[at], &s->cells.v[at + n],
		(s->cells.n - at - n) * sizeof(*s->cells.v));
	s->cells.n -= n;
}

static bool is_at(const struct state *s, uint32_t at, struct publication p)
{
	return at < s->published.n && s->published.v[at].object.i == p.object.i &&
	       s->published.v[at].into.i == p.into.i;
}

/* Where the publication stands, or would. */
static uint32_t seek_publication(const struct state *s, struct publication p)
{
	uint32_t at = state_publication(s, p.object);

	while (at < s->published.n && s->published.v[at].object.i == p.object.i &&
	       s->published.v[at].into.i < p.into.i)
		at++;
	return at;
}

bool state_is_published(const struct state *s, struct publication p)
{
	return is_at(s, seek_publication(s, p), p);
}

void state_publish(struct state *s, struct publication p)
{
	uint32_t at = seek_publication(s, p);

	if (is_at(s, at, p))
		return;
	array_push(&s->published, p);
	memmove(&s->published.v[at + 1], &s->published.v[at],
		(s->published.n - 1 - at) * sizeof(p));
	s->published.v[at] = p;
}

uint32_t state_publication(const struct state *s, sym_id object)
{
	uint32_t lo = 0, hi = s->published.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (s->published.v[mid].object.i < object.i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void lose_object(struct state *s, struct symbols *syms, sym_id root)
{
	if (symbol_is_object(syms, root))
		state_publish(s, (struct publication){ symbol_object(syms, root), SYM_NONE });
}

void state_lose_pointers(struct state *s, struct symbols *syms, word_id from)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	atom_id atoms[BIT_ATOMS];
	struct dom *d = syms->dom;
	uint8_t width = word_width(d, from);
	unsigned n = width == syms->unit->ptr_width ? word_choices(d, from, alt, guard) : 0;
	int64_t delta;
	sym_id root;

	for (unsigned i = 0; i < n; i++)
		if (word_as_symoff(d, alt[i], &root, &delta))
			lose_object(s, syms, root);
	/* What was made of a pointer's bits. */
	for (unsigned i = 0; !n && width == syms->unit->ptr_width && i < width; i++) {
		unsigned k = bit_support(d, word_bit(d, from, i), atoms);

		for (unsigned m = 0; m < k; m++)
			lose_object(s, syms, atom_sym(atoms[m]));
	}
}

void state_lose_cell(struct state *s, struct symbols *syms, const struct cell *c)
{
	if (c->kind == CELL_WORD)
		state_lose_pointers(s, syms, c->val);
	if (!word_is_none(c->own))
		state_lose_pointers(s, syms, c->own);
	if (c->kind == CELL_WORD && !word_is_none(c->from))
		state_lose_pointers(s, syms, c->from);
}

void state_free(struct state *s, sym_id root)
{
	for (uint32_t i = 0; i < s->freed.n; i++) {
		if (s->freed.v[i].object.i != root.i)
			continue;
		s->freed.v[i].when = BIT_1;
		return;
	}
	array_push(&s->freed, ((struct freed){ root, BIT_1 }));
}

bool state_is_freed(struct dom *d, const struct state *s, sym_id root, const struct cond *pc)
{
	for (uint32_t i = 0; i < s->freed.n; i++)
		if (s->freed.v[i].object.i == root.i)
			return cond_entails(d, cond_and_all(d, s->pc, pc),
					    bit_or(d, s->freed.v[i].when, s->warned));
	return false;
}

bool class_overlaps(struct class a, struct class b)
{
	if (a.width == CLASS_ALL.width || b.width == CLASS_ALL.width)
		return true;
	if (a.rec == IR_NONE || b.rec == IR_NONE)
		return a.width == b.width;
	return a.rec == b.rec && a.off < b.off + b.width && b.off < a.off + a.width;
}

/* The array of such elements in the record that has the bits, a member of a union maybe. */
static const struct ir_field *array_at_offset(const struct ir_record *r, uint64_t off,
					      uint64_t width, uint64_t scale)
{
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		if (f->type.elem_size == scale && f->off <= off && off + width <= f->off + f->width)
			return f;
	}
	return NULL;
}

/*
 * An index that can be too large for the array at the beginning of a record:
 * more likely the record itself is seen as an array, by a cast.
 */
static bool leaves_array(const struct symbols *s, const struct symbol *k, const struct ir_field *f,
			 uint64_t at)
{
	unsigned bits;

	if (word_is_none(k->index))
		return false;
	bits = word_width(s->dom, k->index);
	while (bits && bit_same(word_bit(s->dom, k->index, bits - 1), BIT_0))
		bits--;
	return !at && bits < 32 && ((uint64_t)1 << bits) * (uint64_t)k->scale > f->width;
}

struct class class_member(const struct symbols *s, sym_id root, int64_t off, struct class c)
{
	const struct symbol *k = symbol_info(s, root), *base = symbol_info(s, k->base);
	const struct ir_field *f = NULL;
	ir_rec inner = IR_NONE;
	uint64_t at;

	if (PLANT(131, k->kind != SYM_K_ELEM, true) || c.rec != IR_NONE)
		return c;
	off += k->delta * 8;
	if (base->rec != IR_NONE && off >= 0 &&
	    ir_field_at(s->unit, base->rec, (uint64_t)off, c.width, &inner, &at))
		f = array_at_offset(&s->unit->records.v[inner], at, c.width, (uint64_t)k->scale);
	if (f && !leaves_array(s, k, f, at))
		return (struct class){ inner, f->off, (uint32_t)f->width };
	while (base->rec == IR_NONE && base->kind == SYM_K_ELEM)
		base = symbol_info(s, base->base);
	return base->rec == IR_NONE ? c : CLASS_ALL;
}

bool state_is_clobbered(const struct state *s, const struct symbols *syms, sym_id root,
			int64_t off, struct class c)
{
	struct class member = class_member(syms, root, off, c);

	if (s->clobber_all)
		return true;
	for (uint32_t i = 0; i < s->clobbered.n; i++)
		if (class_overlaps(s->clobbered.v[i], c) ||
		    class_overlaps(s->clobbered.v[i], member))
			return true;
	return false;
}

void state_clobber_class(struct state *s, struct class c)
{
	for (uint32_t i = 0; i < s->clobbered.n; i++) {
		struct class have = s->clobbered.v[i];

		if (have.rec == c.rec && have.off == c.off && have.width == c.width)
			return;
	}
	array_push(&s->clobbered, c);
}

struct forget { struct symbols *syms; ir_fn fn; uint64_t site; };

static bool is_made_at(const struct symbol *k, const struct forget *f)
{
	return (k->kind == SYM_K_SITE || k->kind == SYM_K_HEAP || k->kind == SYM_K_ELEM ||
		k->kind == SYM_K_CALLEE) && k->fn == f->fn && k->a == f->site;
}

/* A cell or element symbol goes with the root that it is based on. */
static bool is_forgotten(void *arg, sym_id s)
{
	const struct forget *f = arg;

	for (unsigned depth = 0; s.i && depth < 8; depth++) {
		const struct symbol *k = symbol_info(f->syms, s);

		if (is_made_at(k, f))
			return true;
		if (k->kind == SYM_K_CALLEE)
			return false;
		s = k->base;
	}
	return false;
}

static void freed_forget(struct state *s, struct dom *d, struct forget *f)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->freed.n; i++) {
		struct freed x = s->freed.v[i];

		x.when = bit_forget(d, x.when, is_forgotten, f);
		if (!is_forgotten(f, x.object) && !bit_same(x.when, BIT_TOP))
			s->freed.v[kept++] = x;
	}
	s->freed.n = kept;
}

/*
 * The object that is made anew is nobody's yet. The one before has no name any more: who
 * was reached through it alone may be reached by anybody.
 */
static void publications_forget(struct state *s, struct forget *f)
{
	struct state old = { .published = s->published };
	bool any = false;

	for (uint32_t i = 0; i < s->published.n; i++)
		any |= is_forgotten(f, s->published.v[i].object) ||
		       is_forgotten(f, s->published.v[i].into);
	if (!any)
		return;
	memset(&s->published, 0, sizeof(s->published));
	for (uint32_t i = 0; i < old.published.n; i++) {
		struct publication p = old.published.v[i];

		if (is_forgotten(f, p.object))
			continue;
		if (is_forgotten(f, p.into))
			p.into = SYM_NONE;
		state_publish(s, p);
	}
	array_release(&old.published);
}

/* A pointer to an element that has no name any more leads into the object still. */
static void keep_object(struct state *s, struct cell *c, struct forget *f)
{
	int64_t delta;
	sym_id root;

	if (c->kind != CELL_WORD || !word_as_symoff(f->syms->dom, c->val, &root, &delta) ||
	    symbol_info(f->syms, root)->kind != SYM_K_ELEM || !is_forgotten(f, root))
		return;
	for (const struct symbol *k; is_forgotten(f, root); root = k->base) {
		k = symbol_info(f->syms, root);
		if (k->kind != SYM_K_ELEM) {
			state_lose_pointers(s, f->syms, c->val);
			return;
		}
		delta += k->delta;
	}
	c->from = word_symoff(f->syms->dom, root, delta);
}

void state_forget_site(struct state *s, struct symbols *syms, ir_fn fn, uint64_t site)
{
	struct forget f = { syms, fn, site };
	struct dom *d = syms->dom;
	uint32_t kept = 0;

	s->pc = cond_forget(d, s->pc, is_forgotten, &f);
	s->warned = bit_forget(d, s->warned, is_forgotten, &f);
	lockset_forget(s, is_forgotten, &f);
	interrupts_forget(s, is_forgotten, &f);
	marks_forget(s, is_forgotten, &f);
	freed_forget(s, d, &f);
	publications_forget(s, &f);
	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];

		if (is_forgotten(&f, c.root))
			continue;
		keep_object(s, &c, &f);
		if (c.kind == CELL_WORD)
			c.val = word_forget(d, c.val, is_forgotten, &f);
		if (!word_is_none(c.own))
			c.own = word_forget(d, c.own, is_forgotten, &f);
		if (!word_is_none(c.from) &&
		    word_has_top(d, word_forget(d, c.from, is_forgotten, &f)))
			c.from = WORD_NONE;
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	for (uint32_t i = 0; i < s->temps.n; i++)
		if (!word_is_none(s->temps.v[i]))
			s->temps.v[i] = word_forget(d, s->temps.v[i], is_forgotten, &f);
}

word_id word_forget_site(struct symbols *syms, word_id w, ir_fn fn, uint64_t site)
{
	struct forget f = { syms, fn, site };

	return word_forget(syms->dom, w, is_forgotten, &f);
}

static void print_published(const struct state *s, struct symbols *syms, struct buffer *out)
{
	for (uint32_t i = 0; i < s->published.n; i++) {
		const struct publication *p = &s->published.v[i];

		buffer_puts(out, "    published: ");
		symbol_name(syms, p->object, out);
		if (p->into.i) {
			buffer_puts(out, " into ");
			symbol_name(syms, p->into, out);
		}
		buffer_puts(out, "\n");
	}
}

static void print_clobbered(const struct state *s, const struct symbols *syms, struct buffer *out)
{
	for (uint32_t i = 0; i < s->clobbered.n; i++) {
		const struct class *c = &s->clobbered.v[i];

		buffer_printf(out, "    clobbered: %s, %u bits at %llu\n", c->rec == IR_NONE ?
			      c->width == CLASS_ALL.width ? "anything" : "scalars" :
			      intern_get(&syms->unit->names, syms->unit->records.v[c->rec].tag),
			      c->width, (unsigned long long)c->off);
	}
}

void state_print(const struct state *s, struct symbols *syms, struct buffer *out)
{
	buffer_puts(out, "    pc: ");
	cond_print(syms->dom, s->pc, symbol_name, syms, out);
	buffer_puts(out, "\n");
	lockset_print(s, syms, out);
	interrupts_print(s, syms, out);
	marks_print(s, syms, out);
	print_published(s, syms, out);
	print_clobbered(s, syms, out);
	for (uint32_t i = 0; i < s->cells.n; i++) {
		const struct cell *c = &s->cells.v[i];

		buffer_puts(out, "    ");
		symbol_cell_name(syms, c->root, c->off, (uint32_t)c->width, out);
		if (c->kind == CELL_WORD) {
			buffer_puts(out, " = ");
			word_print(syms->dom, c->val, symbol_name, syms, out);
		} else {
			buffer_printf(out, " (%llu bits) %s", (unsigned long long)c->width,
				      c->kind == CELL_ZERO ? "= 0" : "unknown");
		}
		if (!word_is_none(c->own)) {
			buffer_puts(out, ", of an object of the caller's own ");
			word_print(syms->dom, c->own, symbol_name, syms, out);
		}
		buffer_puts(out, "\n");
	}
}
