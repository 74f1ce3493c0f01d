/* SPDX-License-Identifier: MIT */
/* The join of two states, cell by cell; and the widening at a loop head. */
#include "domain/plant.h"
#include "engine/interrupts.h"
#include "engine/lockset.h"
#include "engine/mark.h"
#include "engine/mention.h"
#include "engine/moved.h"

#include <string.h>

static bool is_fixed(bit_id b)
{
	return bit_same(b, BIT_0) || bit_same(b, BIT_1);
}

/*
 * Bits that are not the same on both sides become TOP. Fast: a bit that changes
 * above one that was unknown before is the carry of a counter. It would go on
 * through the constant bits above, one at each visit: it takes them all.
 */
static word_id word_widen(struct dom *d, word_id a, word_id b, enum widening how)
{
	uint8_t width = word_width(d, a);
	bool carry = false, open = false;
	bit_id bits[64];

	if (word_same(a, b))
		return a;
	for (unsigned i = 0; i < width; i++) {
		bool same;

		bits[i] = word_bit(d, a, i);
		same = bit_same(bits[i], word_bit(d, b, i));
		carry = is_fixed(bits[i]) && (carry || (!same && open));
		open = !is_fixed(bits[i]);
		if (!same || (carry && how == WIDEN_FAST))
			bits[i] = PLANT(106, BIT_TOP, bits[i]);
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

/* The value of one side that the join did not keep among its alternatives. */
static void lose_value(struct state *out, struct symbols *syms, word_id from, word_id to)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];

	if (!word_same(from, to) && !word_choices(syms->dom, to, alt, guard))
		state_lose_pointers(out, syms, from);
}

/* The object that a pointer leads into is lost with it, where n does not keep it. */
static void lose_moved(struct state *out, struct symbols *syms, const struct cell *c,
		       const struct cell *n)
{
	if (c->kind == CELL_WORD && !word_is_none(c->from) && !moved_is_in_one(syms, n->from))
		state_lose_pointers(out, syms, c->from);
}

/* The same of a cell, of which n is left. */
static void lose_cell(struct state *out, struct symbols *syms, const struct cell *c,
		      const struct cell *n)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];

	if (n->kind == CELL_WORD && (moved_is_in_one(syms, n->from) ||
				     word_choices(syms->dom, n->val, alt, guard)))
		return;
	if (c->kind == CELL_WORD && (n->kind != CELL_WORD || !word_same(c->val, n->val)))
		state_lose_pointers(out, syms, c->val);
	lose_moved(out, syms, c, n);
}

static word_id join_values(struct symbols *syms, struct join *j, word_id a, word_id b,
			   enum widening how)
{
	return how != WIDEN_NOT ? word_widen(syms->dom, a, b, how) : join_word(j, a, b);
}

static word_id join_value(struct state *out, struct symbols *syms, struct join *j, word_id a,
			  word_id b, enum widening how)
{
	word_id w = join_values(syms, j, a, b, how);

	lose_value(out, syms, a, w);
	lose_value(out, syms, b, w);
	return w;
}

/* The same with the value that a cell has where it is absent; first: w is of the first side. */
static word_id join_absent(struct symbols *syms, struct join *j, word_id w, word_id absent,
			   enum widening how, bool first)
{
	if (how != WIDEN_NOT)
		return word_widen(syms->dom, w, absent, how);
	return first ? join_word(j, w, absent) : join_word(j, absent, w);
}

static bool has_root(const struct state *s, sym_id root)
{
	uint32_t at = state_seek(s, root, INT64_MIN);

	return at < s->cells.n && s->cells.v[at].root.i == root.i;
}

#define UNSET_SITE ((uint64_t)1 << 41)	/* no instruction's */

/*
 * What a local holds that was not written yet, and that nobody else has the address of: some
 * value, the same as long as nobody writes it. WORD_NONE: it may have been written.
 */
static word_id unset_value(struct symbols *syms, const struct cell *c, const struct state *other)
{
	uint32_t at = state_publication(other, c->root);
	struct symbol key = symbol_key(SYM_K_SITE, syms->current, (uint8_t)c->width);

	if (c->kind != CELL_WORD || symbol_info(syms, c->root)->kind != SYM_K_LOCAL ||
	    has_root(other, c->root) ||
	    (at < other->published.n && other->published.v[at].object.i == c->root.i))
		return WORD_NONE;
	key.a = UNSET_SITE | c->root.i;
	key.b = (uint32_t)c->off;
	key.origin = ORIGIN_UNKNOWN;
	return word_sym(syms->dom, symbol_get(syms, &key));
}

static word_id entry_value(struct symbols *syms, const struct cell *c)
{
	return word_sym(syms->dom, symbol_cell(syms, SYM_K_CELL, c->root, c->off, (uint8_t)c->width,
					       c->class.rec, c->class.off));
}

/*
 * What a pointer that one side has began as: on the other side it is what it was at entry, or
 * lost too.
 */
static word_id lone_from(struct symbols *syms, const struct cell *c, bool lost,
			 const struct cell *now)
{
	struct cell entry = *c;

	if (c->width != syms->unit->ptr_width)
		return WORD_NONE;
	entry.kind = lost ? CELL_UNKNOWN : CELL_WORD;
	entry.val = entry.from = symbol_is_object(syms, c->root) ? WORD_NONE : entry_value(syms, c);
	return moved_from(syms, &entry, c, now);
}

/*
 * The cell holds the name that its content got where it was read, when it was not known. The other
 * side has not read it, and nothing there depends on that name: its content may have it too.
 */
static bool names_content(struct symbols *syms, const struct cell *c, const struct state *other)
{
	const struct symbol *k;
	const sym_id *in;
	uint32_t n;

	in = word_mentions(syms->dom, c->val, &n);
	if (n != 1 || !word_same(c->val, word_sym(syms->dom, in[0])))
		return false;
	k = symbol_info(syms, in[0]);
	return k->kind == SYM_K_SITE && k->read_of.i == c->root.i && k->read_off == c->off &&
	       k->width == c->width && k->width < syms->unit->ptr_width &&
	       !state_mentions(other, syms, in[0]);
}

/*
 * A cell that only one side has. What an absent cell means depends on the
 * other side: nothing, for an object that does not exist there; some value,
 * for one that is not written yet or whose class was clobbered; else the
 * content at entry. first: the cell is of the join's first side.
 */
static void join_lone(struct state *out, const struct cell *c, const struct state *other,
		      struct symbols *syms, struct join *j, enum widening how, bool first)
{
	struct dom *d = syms->dom;
	struct cell n = *c;
	word_id absent;

	n.own = WORD_NONE;
	if (symbol_is_heap(syms, c->root) && !has_root(other, c->root)) {
		array_push(&out->cells, n);
		return;
	}
	n.from = WORD_NONE;
	absent = unset_value(syms, c, other);
	if (!word_is_none(absent)) {
		n.val = join_absent(syms, j, c->val, absent, how, first);
		n.from = lone_from(syms, c, true, &n);
		lose_moved(out, syms, c, &n);
	} else if (c->kind != CELL_WORD || symbol_is_object(syms, c->root)) {
		n.kind = CELL_UNKNOWN;
		n.from = lone_from(syms, c, true, &n);
		lose_cell(out, syms, c, &n);
	} else if (PLANT(132, state_is_clobbered(other, syms, c->root, c->off, c->class), false)) {
		if (how != WIDEN_NOT || !names_content(syms, c, other))
			n.val = word_top(d, (uint8_t)c->width);
		n.from = lone_from(syms, c, true, &n);
		lose_moved(out, syms, c, &n);
	} else {
		absent = entry_value(syms, c);
		n.val = join_absent(syms, j, c->val, absent, how, first);
		n.from = lone_from(syms, c, false, &n);
		lose_moved(out, syms, c, &n);
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
			 const struct cell *y, struct dom *d, struct join *j, enum widening how)
{
	word_id w = how != WIDEN_NOT ? word_widen(d, x->val, y->val, how) :
		    join_word(j, x->val, y->val);

	if (!word_has_top(d, w))
		return w;
	if (is_bound(d, x, x->val, y->val, b->pc))
		return x->val;
	return is_bound(d, x, y->val, x->val, a->pc) ? y->val : w;
}

/* The first place inside the range where a cell of the other side begins or ends. */
static bool find_cut(const struct state *other, const struct cell *c, int64_t *cut)
{
	int64_t end = c->off + (int64_t)c->width;
	uint32_t i = state_seek(other, c->root, c->off);

	if (i > 0 && other->cells.v[i - 1].root.i == c->root.i)
		i--;
	for (; i < other->cells.n && other->cells.v[i].root.i == c->root.i; i++) {
		int64_t from = other->cells.v[i].off;
		int64_t to = from + (int64_t)other->cells.v[i].width;

		*cut = from > c->off ? from : to;
		if (*cut > c->off)
			return *cut < end;
	}
	return false;
}

/* Ranges are cut where the other side has other cells, so that the two meet piece by piece. */
static void align_ranges(struct state *s, const struct state *other)
{
	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell left = s->cells.v[i], right = left;
		int64_t cut;

		if (left.kind == CELL_WORD || !find_cut(other, &left, &cut))
			continue;
		left.width = (uint64_t)(cut - left.off);
		left.class.width = left.width > 64 ? 64 : (uint32_t)left.width;
		right.off = cut;
		right.width -= left.width;
		right.class.off += left.width;
		right.class.width = right.width > 64 ? 64 : (uint32_t)right.width;
		left.own = right.own = WORD_NONE;
		s->cells.v[i] = left;
		state_insert(s, i + 1, &right);
	}
}

/* Zero bits that meet a word are a word. */
static struct cell zero_word(struct dom *d, const struct cell *zero, const struct cell *word)
{
	struct cell n = *word;

	n.val = word_const(d, 0, (uint8_t)word->width);
	n.written = zero->written;
	return n;
}

/* What the two hold of an object of the caller's own, which one of them may have lost to others. */
static word_id join_own(struct state *out, struct symbols *syms, struct join *j,
			const struct cell *x, const struct cell *y, enum widening how)
{
	word_id a, b;

	if ((word_is_none(x->own) && word_is_none(y->own)) || x->width != y->width)
		return WORD_NONE;
	a = cell_own(syms->dom, x);
	b = cell_own(syms->dom, y);
	return word_is_none(a) || word_is_none(b) ? WORD_NONE :
	       join_value(out, syms, j, a, b, how);
}

static void join_pair(struct state *out, struct state *a, const struct state *b,
		      const struct cell *x, const struct cell *y, struct symbols *syms,
		      struct join *j, enum widening how)
{
	struct dom *d = syms->dom;
	struct cell n, zero;

	if (x->width == y->width && x->kind == CELL_ZERO && y->kind == CELL_WORD) {
		zero = zero_word(d, x, y);
		x = &zero;
	} else if (x->width == y->width && x->kind == CELL_WORD && y->kind == CELL_ZERO) {
		zero = zero_word(d, y, x);
		y = &zero;
	}
	n = *x;
	n.from = WORD_NONE;
	n.written |= y->written;
	n.own = join_own(out, syms, j, x, y, how);
	if (x->width != y->width) {
		n.width = x->width > y->width ? x->width : y->width;
		n.kind = CELL_UNKNOWN;
	} else if (x->kind != y->kind) {
		n.kind = CELL_UNKNOWN;
	} else if (x->kind == CELL_WORD && x->mono) {
		n.val = join_mono(a, b, x, y, d, j, how);
	} else if (x->kind == CELL_WORD) {
		n.val = join_values(syms, j, x->val, PLANT(104, y->val, x->val), how);
	}
	n.from = moved_from(syms, x, y, &n);
	lose_cell(out, syms, x, &n);
	lose_cell(out, syms, y, &n);
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
			last->own = WORD_NONE;
			last->written |= c.written;
			continue;
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
}

static bool has_ranges(const struct state *s)
{
	for (uint32_t i = 0; i < s->cells.n; i++)
		if (s->cells.v[i].kind != CELL_WORD)
			return true;
	return false;
}

static void join_aligned(struct state *out, struct state *a, const struct state *b,
			 struct symbols *syms, struct join *j, enum widening how)
{
	uint32_t x = 0, y = 0;

	while (x < a->cells.n || y < b->cells.n) {
		int order = x >= a->cells.n ? 1 : y >= b->cells.n ? -1 :
			    cell_order(&a->cells.v[x], &b->cells.v[y]);

		if (order < 0)
			join_lone(out, &a->cells.v[x++], b, syms, j, how, true);
		else if (order > 0)
			join_lone(out, &b->cells.v[y++], a, syms, j, how, false);
		else
			join_pair(out, a, b, &a->cells.v[x++], &b->cells.v[y++], syms, j,
				  how);
	}
	cells_normalise(out);
}

static void join_cells(struct state *out, struct state *a, const struct state *b,
		       struct symbols *syms, struct join *j, enum widening how)
{
	struct state copy = { 0 };

	if (!has_ranges(a) && !has_ranges(b)) {
		join_aligned(out, a, b, syms, j, how);
		return;
	}
	state_copy(&copy, b);
	align_ranges(a, &copy);
	align_ranges(&copy, a);
	join_aligned(out, a, &copy, syms, j, how);
	state_release(&copy);
}

static bool is_meant(struct dom *d, const struct state *s)
{
	return bit_same(s->warned, BIT_0) || bit_same(s->warned, BIT_TOP) ||
	       !cond_entails(d, s->pc, s->warned);
}

/* When the object is freed in the state; a side that has warned does not count. */
static bit_id when_freed(struct dom *d, const struct state *s, sym_id object)
{
	if (!is_meant(d, s))
		return BIT_1;
	for (uint32_t i = 0; i < s->freed.n; i++)
		if (s->freed.v[i].object.i == object.i)
			return s->freed.v[i].when;
	return BIT_0;
}

static bool has_freed(const struct state *s, sym_id object)
{
	for (uint32_t i = 0; i < s->freed.n; i++)
		if (s->freed.v[i].object.i == object.i)
			return true;
	return false;
}

/* j: NULL where only what is the same on both sides stays. */
static void join_freed(struct dom *d, struct join *j, struct state *out, const struct state *a,
		       const struct state *b)
{
	for (uint32_t i = 0; i < a->freed.n + b->freed.n; i++) {
		sym_id object = i < a->freed.n ? a->freed.v[i].object :
				b->freed.v[i - a->freed.n].object;
		bit_id x, y, when;

		if (has_freed(out, object))
			continue;
		x = when_freed(d, a, object);
		y = when_freed(d, b, object);
		when = bit_same(x, y) ? x : j ? join_bit(j, x, y) : BIT_TOP;
		if (!bit_same(when, BIT_0) && !bit_same(when, BIT_TOP))
			array_push(&out->freed, ((struct freed){ object, when }));
	}
}

static void join_sets(struct state *out, const struct state *from)
{
	for (uint32_t i = 0; i < from->clobbered.n; i++)
		state_clobber_class(out, from->clobbered.v[i]);
	for (uint32_t i = 0; i < from->published.n; i++)
		state_publish(out, from->published.v[i]);
}

void state_join(struct state *a, const struct state *b, struct symbols *syms, enum widening how)
{
	struct dom *d = syms->dom;
	struct join *j = how == WIDEN_NOT ? join_begin(d, a->pc, b->pc) : NULL;
	struct state out;

	state_init(&out, d);
	join_cells(&out, a, b, syms, j, how);
	for (uint32_t i = 0; i < a->temps.n; i++) {
		word_id x = a->temps.v[i], y = b->temps.v[i];

		if (word_is_none(x) || word_is_none(y))
			x = WORD_NONE;
		else
			x = join_value(&out, syms, j, x, y, how);
		array_push(&out.temps, x);
	}
	out.warned = bit_same(a->warned, b->warned) ? a->warned :
		     how != WIDEN_NOT ? BIT_TOP : join_bit(j, a->warned, b->warned);
	join_freed(d, j, &out, a, b);
	out.pc = how != WIDEN_NOT ? cond_widen(d, a->pc, b->pc) : PLANT(105, join_cond(j), a->pc);
	join_end(j);
	lockset_meet(&out, a, b);
	interrupts_join(&out.irq, &a->irq, &b->irq);
	marks_join(&out, a, b);
	join_sets(&out, a);
	join_sets(&out, b);
	out.clobber_all = a->clobber_all || b->clobber_all;
	memcpy(out.monitor, a->monitor, sizeof(out.monitor));
	state_release(a);
	*a = out;
}
