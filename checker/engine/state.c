/* SPDX-License-Identifier: MIT */
#include "engine/state.h"

#include <string.h>

#include "base/buffer.h"

void state_init(struct state *s, struct dom *d)
{
	*s = (struct state){ .pc = cond_true(d), .live = true };
}

void state_release(struct state *s)
{
	array_release(&s->cells);
	array_release(&s->clobbered);
	array_release(&s->published);
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
	copy_array(&to->temps, &from->temps);
	to->clobber_all = from->clobber_all;
	memcpy(to->monitor, from->monitor, sizeof(to->monitor));
	to->live = from->live;
}

static bool cell_same(const struct cell *a, const struct cell *b)
{
	return a->root.i == b->root.i && a->off == b->off && a->width == b->width &&
	       a->kind == b->kind && a->written == b->written && word_same(a->val, b->val);
}

static bool cond_same(const struct cond *a, const struct cond *b)
{
	if (a == b)
		return true;
	if (a->n != b->n || a->unsat != b->unsat || a->imprecise != b->imprecise)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!bit_same(a->c[i].bit, b->c[i].bit))
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
	return !memcmp(a->monitor, b->monitor, sizeof(a->monitor));
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

bool state_is_published(const struct state *s, sym_id root)
{
	for (uint32_t i = 0; i < s->published.n; i++)
		if (s->published.v[i].i == root.i)
			return true;
	return false;
}

void state_publish(struct state *s, sym_id root)
{
	if (!state_is_published(s, root))
		array_push(&s->published, root);
}

bool class_overlaps(struct class a, struct class b)
{
	if (a.rec == IR_NONE || b.rec == IR_NONE)
		return a.width == b.width;
	return a.rec == b.rec && a.off < b.off + b.width && b.off < a.off + a.width;
}

bool state_is_clobbered(const struct state *s, struct class c)
{
	if (s->clobber_all)
		return true;
	for (uint32_t i = 0; i < s->clobbered.n; i++)
		if (class_overlaps(s->clobbered.v[i], c))
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

void state_forget_site(struct state *s, struct symbols *syms, ir_fn fn, uint64_t site)
{
	struct forget f = { syms, fn, site };
	struct dom *d = syms->dom;
	uint32_t kept = 0;

	s->pc = cond_forget(d, s->pc, is_forgotten, &f);
	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];

		if (is_forgotten(&f, c.root))
			continue;
		if (c.kind == CELL_WORD)
			c.val = word_forget(d, c.val, is_forgotten, &f);
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

/* Bits that are not the same on both sides become TOP. */
static word_id word_widen(struct dom *d, word_id a, word_id b)
{
	uint8_t width = word_width(d, a);
	bit_id bits[64];

	if (word_same(a, b))
		return a;
	for (unsigned i = 0; i < width; i++) {
		bits[i] = word_bit(d, a, i);
		if (!bit_same(bits[i], word_bit(d, b, i)))
			bits[i] = BIT_TOP;
	}
	return word_from_bits(d, bits, width);
}

static const struct cond *cond_widen(struct dom *d, const struct cond *a, const struct cond *b)
{
	const struct cond *r = cond_true(d);

	for (uint32_t i = 0; i < a->n; i++)
		if (cond_entails(d, b, a->c[i].bit))
			r = cond_and(d, r, a->c[i].bit, a->c[i].tag);
	return r;
}

static bool has_root(const struct state *s, sym_id root)
{
	uint32_t at = state_seek(s, root, INT64_MIN);

	return at < s->cells.n && s->cells.v[at].root.i == root.i;
}

/*
 * A cell that only one side has. What an absent cell means depends on the
 * other side: nothing, for an object that does not exist there; some value,
 * for one that is not written yet or whose class was clobbered; else the
 * content at entry. first: the cell is of the join's first side.
 */
static void join_lone(struct state *out, const struct cell *c, const struct state *other,
		      struct symbols *syms, struct join *j, bool widen, bool first)
{
	struct dom *d = syms->dom;
	struct cell n = *c;
	word_id absent;

	if (symbol_is_heap(syms, c->root) && !has_root(other, c->root)) {
		array_push(&out->cells, n);
		return;
	}
	if (c->kind != CELL_WORD || symbol_is_object(syms, c->root)) {
		n.kind = CELL_UNKNOWN;
	} else if (state_is_clobbered(other, c->class)) {
		n.val = word_top(d, (uint8_t)c->width);
	} else {
		absent = word_sym(d, symbol_cell(syms, SYM_K_CELL, c->root, c->off,
						 (uint8_t)c->width, c->class.rec, c->class.off));
		n.val = widen ? word_widen(d, c->val, absent) :
			first ? join_word(j, c->val, absent) : join_word(j, absent, c->val);
	}
	array_push(&out->cells, n);
}

static int cell_order(const struct cell *a, const struct cell *b)
{
	if (a->root.i != b->root.i)
		return a->root.i < b->root.i ? -1 : 1;
	return a->off < b->off ? -1 : a->off > b->off;
}

/* The field of side a has reached its final value only where side b's has, or not at all. */
static bool is_bound(struct dom *d, const struct cell *a, word_id bound, word_id now,
		     const struct cond *pc)
{
	bit_id x = word_nonzero(d, bound), y = word_nonzero(d, now);

	if (a->mono == 1) {
		x = bit_not(d, x);
		y = bit_not(d, y);
	}
	return cond_entails(d, pc, bit_or(d, bit_not(d, x), y));
}

/*
 * The cell of a monotone field is a lower bound of what it holds: the older
 * bound of the one side is right for the other where that has come further.
 */
static word_id join_mono(struct state *a, const struct state *b, const struct cell *x,
			 const struct cell *y, struct dom *d, struct join *j, bool widen)
{
	word_id w = widen ? word_widen(d, x->val, y->val) : join_word(j, x->val, y->val);

	if (!word_has_top(d, w))
		return w;
	if (is_bound(d, x, x->val, y->val, b->pc))
		return x->val;
	return is_bound(d, x, y->val, x->val, a->pc) ? y->val : w;
}

static void join_pair(struct state *out, struct state *a, const struct state *b,
		      const struct cell *x, const struct cell *y, struct dom *d, struct join *j,
		      bool widen)
{
	struct cell n = *x;

	n.written |= y->written;
	if (x->width != y->width) {
		n.width = x->width > y->width ? x->width : y->width;
		n.kind = CELL_UNKNOWN;
	} else if (x->kind != y->kind) {
		n.kind = CELL_UNKNOWN;
	} else if (x->kind == CELL_WORD && x->mono) {
		n.val = join_mono(a, b, x, y, d, j, widen);
	} else if (x->kind == CELL_WORD) {
		n.val = widen ? word_widen(d, x->val, y->val) : join_word(j, x->val, y->val);
	}
	array_push(&out->cells, n);
}

/* Overlaps that the cell-by-cell merge left: the union of the two is unknown. */
static void cells_normalise(struct state *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell *last = kept ? &s->cells.v[kept - 1] : NULL;
		struct cell c = s->cells.v[i];

		if (last && last->root.i == c.root.i && last->off + (int64_t)last->width > c.off) {
			int64_t end = c.off + (int64_t)c.width;

			if (end > last->off + (int64_t)last->width)
				last->width = (uint64_t)(end - last->off);
			last->kind = CELL_UNKNOWN;
			last->written |= c.written;
			continue;
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
}

static void join_cells(struct state *out, struct state *a, const struct state *b,
		       struct symbols *syms, struct join *j, bool widen)
{
	uint32_t x = 0, y = 0;

	while (x < a->cells.n || y < b->cells.n) {
		int order = x >= a->cells.n ? 1 : y >= b->cells.n ? -1 :
			    cell_order(&a->cells.v[x], &b->cells.v[y]);

		if (order < 0)
			join_lone(out, &a->cells.v[x++], b, syms, j, widen, true);
		else if (order > 0)
			join_lone(out, &b->cells.v[y++], a, syms, j, widen, false);
		else
			join_pair(out, a, b, &a->cells.v[x++], &b->cells.v[y++], syms->dom, j,
				  widen);
	}
	cells_normalise(out);
}

void state_join(struct state *a, const struct state *b, struct symbols *syms, bool widen)
{
	struct dom *d = syms->dom;
	struct join *j = join_begin(d, a->pc, b->pc);
	struct state out;

	state_init(&out, d);
	join_cells(&out, a, b, syms, j, widen);
	for (uint32_t i = 0; i < a->temps.n; i++) {
		word_id x = a->temps.v[i], y = b->temps.v[i];

		if (word_is_none(x) || word_is_none(y))
			x = WORD_NONE;
		else
			x = widen ? word_widen(d, x, y) : join_word(j, x, y);
		array_push(&out.temps, x);
	}
	out.pc = widen ? cond_widen(d, a->pc, b->pc) : join_cond(j);
	join_end(j);
	copy_array(&out.clobbered, &a->clobbered);
	copy_array(&out.published, &a->published);
	for (uint32_t i = 0; i < b->clobbered.n; i++)
		state_clobber_class(&out, b->clobbered.v[i]);
	for (uint32_t i = 0; i < b->published.n; i++)
		state_publish(&out, b->published.v[i]);
	out.clobber_all = a->clobber_all || b->clobber_all;
	memcpy(out.monitor, a->monitor, sizeof(out.monitor));
	state_release(a);
	*a = out;
}

void state_print(const struct state *s, struct symbols *syms, struct buffer *out)
{
	buffer_puts(out, "    pc: ");
	cond_print(syms->dom, s->pc, symbol_name, syms, out);
	buffer_puts(out, "\n");
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
		buffer_puts(out, "\n");
	}
}
