/* SPDX-License-Identifier: MIT */
#include "engine/lockset.h"

#include <string.h>

#include "base/buffer.h"
#include "engine/fun.h"
#include "engine/lock_alias.h"

#define LOCK_NESTING 8	/* of records inside records */
#define NO_OBJECT 0x100000	/* bytes at both ends of the address space */
#define LOCK_DEPTH 3	/* of a lock that is taken again; deeper, it counts as released early */

/* Where the lock begins that has the bit at off of the record inside; -1: it is in none. */
static int64_t lock_around(struct engine *e, ir_rec rec, int64_t off, unsigned depth)
{
	const struct ir_record *r = &e->unit->records.v[rec];

	if (engine_is_lock_record(e, rec))
		return 0;
	for (uint32_t i = 0; depth < LOCK_NESTING && i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];
		int64_t at = off - (int64_t)f->off, begin, index = 0;

		if (f->type.kind != IR_T_AGG || f->type.rec == IR_NONE || at < 0 ||
		    at >= (int64_t)f->width)
			continue;
		if (f->type.elem_size) {
			index = at / (int64_t)f->type.elem_size * (int64_t)f->type.elem_size;
			at -= index;
		}
		begin = lock_around(e, f->type.rec, at, depth + 1);
		if (begin >= 0)
			return (int64_t)f->off + index + begin;
	}
	return -1;
}

void lock_settle(struct fun *f, struct lock_ref *ref)
{
	ir_rec rec = symbol_info(&f->e->syms, ref->root)->rec;
	struct container c;
	int64_t base = 0, begin;

	if (engine_container(f->e, ref->root, &c)) {
		rec = c.rec;
		base = c.base;
	}
	if (rec == IR_NONE || ref->off < base ||
	    ref->off - base >= (int64_t)f->e->unit->records.v[rec].size)
		return;
	begin = lock_around(f->e, rec, ref->off - base, 0);
	if (begin >= 0)
		ref->off = base + begin;
}

bool lock_of_word(struct fun *f, word_id ptr, struct lock_ref *out)
{
	return lock_at_word(f, ptr, 0, out);
}

bool lock_at_word(struct fun *f, word_id ptr, int64_t off, struct lock_ref *out)
{
	int64_t delta;

	if (word_is_none(ptr) || !word_as_symoff(f->e->dom, ptr, &out->root, &delta))
		return false;
	out->off = delta * 8 + off;
	lock_settle(f, out);
	return true;
}

static bool ref_same(struct lock_ref a, struct lock_ref b)
{
	return a.root.i == b.root.i && a.off == b.off;
}

static bool ref_before(struct lock_ref a, struct lock_ref b)
{
	return a.root.i != b.root.i ? a.root.i < b.root.i : a.off < b.off;
}

static struct lock *find(const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->held.n; i++)
		if (ref_same(s->held.v[i].ref, ref))
			return &s->held.v[i];
	return NULL;
}

const struct lock *lockset_find(const struct state *s, struct lock_ref ref)
{
	return find(s, ref);
}

static void held_insert(struct state *s, const struct lock *l)
{
	struct lock copy = *l;
	uint32_t at = s->held.n;

	array_push(&s->held, copy);
	for (; at > 0 && ref_before(copy.ref, s->held.v[at - 1].ref); at--)
		s->held.v[at] = s->held.v[at - 1];
	s->held.v[at] = copy;
}

static void held_remove(struct state *s, struct lock_ref ref)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->held.n; i++)
		if (!ref_same(s->held.v[i].ref, ref))
			s->held.v[kept++] = s->held.v[i];
	s->held.n = kept;
}

static void drop(struct state *s, struct lock_ref ref)
{
	uint32_t at;

	for (at = 0; at < s->dropped.n; at++)
		if (ref_same(s->dropped.v[at], ref))
			return;
	array_push(&s->dropped, ref);
	for (; at > 0 && ref_before(ref, s->dropped.v[at - 1]); at--)
		s->dropped.v[at] = s->dropped.v[at - 1];
	s->dropped.v[at] = ref;
}

const struct unsure_lock *lockset_unsure(const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->unsure.n; i++)
		if (ref_same(s->unsure.v[i].ref, ref))
			return &s->unsure.v[i];
	return NULL;
}

static void unsure_remove(struct state *s, struct lock_ref ref)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->unsure.n; i++)
		if (!ref_same(s->unsure.v[i].ref, ref))
			s->unsure.v[kept++] = s->unsure.v[i];
	s->unsure.n = kept;
}

void lockset_doubt(struct state *s, struct unsure_lock l)
{
	const struct unsure_lock *have = lockset_unsure(s, l.ref);
	uint32_t at;

	if (find(s, l.ref))
		return;
	l.other_name |= have && have->other_name;
	unsure_remove(s, l.ref);
	array_push(&s->unsure, l);
	for (at = s->unsure.n - 1; at > 0 && ref_before(l.ref, s->unsure.v[at - 1].ref); at--)
		s->unsure.v[at] = s->unsure.v[at - 1];
	s->unsure.v[at] = l;
}

const struct given *lockset_given(const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->given.n; i++)
		if (ref_same(s->given.v[i].ref, ref))
			return &s->given.v[i];
	return NULL;
}

static void given_remove(struct state *s, struct lock_ref ref)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->given.n; i++)
		if (!ref_same(s->given.v[i].ref, ref))
			s->given.v[kept++] = s->given.v[i];
	s->given.n = kept;
}

void lockset_give(struct state *s, struct given g)
{
	uint32_t at;

	given_remove(s, g.ref);
	array_push(&s->given, g);
	for (at = s->given.n - 1; at > 0 && ref_before(g.ref, s->given.v[at - 1].ref); at--)
		s->given.v[at] = s->given.v[at - 1];
	s->given.v[at] = g;
}

enum lock_fault lockset_acquire(struct state *s, const struct lock *l, struct lock *before)
{
	struct lock *have = find(s, l->ref);

	given_remove(s, l->ref);
	unsure_remove(s, l->ref);
	if (!have) {
		held_insert(s, l);
		return LOCK_OK;
	}
	*before = *have;
	if (have->depth < LOCK_DEPTH)
		have->depth++;
	return l->mode == MODEL_LOCK_EXCLUSIVE || have->mode == MODEL_LOCK_EXCLUSIVE ? LOCK_DOUBLE :
	       LOCK_OK;
}

bool lockset_doubt_same(struct state *s, const struct engine *e, struct lock_ref ref)
{
	uint32_t n = s->held.n, kept = 0;
	struct lock *held = s->held.v;

	s->held.n = 0;
	for (uint32_t i = 0; i < n; i++)
		if (lock_may_be_same(e, held[i].ref, ref)) {
			if (held[i].assumed)
				drop(s, held[i].ref);
			lockset_doubt(s, (struct unsure_lock){ held[i].ref, true });
		} else {
			held[kept++] = held[i];
		}
	s->held.n = kept;
	return kept < n;
}

bool lockset_is_callers(const struct symbols *syms, sym_id root)
{
	uint8_t kind = symbol_info(syms, root)->kind;

	return kind == SYM_K_PARAM || kind == SYM_K_CELL || kind == SYM_K_INIT ||
	       kind == SYM_K_GLOBAL || kind == SYM_K_TOKEN;
}

/*
 * A lock that is not in the set under this name may be one that is, read from
 * memory a second time, or one that the caller holds: neither is sure to be held.
 */
static enum lock_fault release_other(struct state *s, const struct engine *e, struct lock_ref ref)
{
	bool found = lockset_unsure(s, ref) != NULL;

	found |= lockset_doubt_same(s, e, ref);
	unsure_remove(s, ref);
	if (!found || lockset_is_callers(&e->syms, ref.root))
		drop(s, ref);
	return found ? LOCK_OK : LOCK_NOT_HELD;
}

/* A reader may hold it a second time, for a caller. */
static bool is_gone(const struct given *g)
{
	return g && g->mode == MODEL_LOCK_EXCLUSIVE;
}

bool lockset_is_gone(const struct state *s, struct lock_ref ref)
{
	const struct given *g = find(s, ref) ? NULL : lockset_given(s, ref);

	return is_gone(g) && !g->doubtful;
}

enum lock_fault lockset_release(struct state *s, const struct engine *e, const struct lock *l,
				struct lock *before)
{
	struct given g = { l->ref, l->mode, l->irq, false, l->fn, l->loc };
	struct lock *have = find(s, l->ref);
	enum lock_fault fault;

	if (!have) {
		const struct given *gone = lockset_given(s, l->ref);

		fault = is_gone(gone) ? LOCK_GONE : LOCK_NOT_HELD;
		before->doubtful = gone && gone->doubtful;
		if (release_other(s, e, l->ref) == LOCK_OK)
			fault = LOCK_OK;
		lockset_give(s, g);
		return fault;
	}
	*before = *have;
	if (have->depth) {
		have->depth--;
		return LOCK_OK;
	}
	lockset_give(s, g);
	if (have->assumed)
		drop(s, l->ref);
	held_remove(s, l->ref);
	if (before->assumed)
		return LOCK_OK;
	if (before->mode != l->mode && l->mode != UINT8_MAX)
		return LOCK_WRONG_MODE;
	return before->irq != l->irq && l->irq != UINT8_MAX ? LOCK_WRONG_IRQ : LOCK_OK;
}

void lockset_release_unknown(struct state *s)
{
	uint32_t n = s->held.n;

	s->held.n = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct lock l = s->held.v[i];

		if (l.assumed)
			drop(s, l.ref);
		lockset_doubt(s, (struct unsure_lock){ l.ref, true });
	}
	lockset_doubt_given(s);
}

void lockset_doubt_given(struct state *s)
{
	for (uint32_t i = 0; i < s->given.n; i++)
		s->given.v[i].doubtful = true;
}

/* See sym_set_address(): one comparison says that it is not near to null, nor to the errors. */
static bit_id is_object_at(struct dom *d, sym_id root)
{
	word_id inside = word_symoff(d, root, -NO_OBJECT);
	word_id end = word_const(d, (uint64_t)-NO_OBJECT * 2, word_width(d, inside));

	return word_cmp(d, IR_ULT, inside, end);
}

bool lockset_is_real(struct dom *d, const struct state *s)
{
	for (uint32_t i = 0; i < s->held.n; i++) {
		bit_id object = is_object_at(d, s->held.v[i].ref.root);

		if (cond_unsat(d, s->pc, &object, 1))
			return false;
	}
	return true;
}

static bool given_same(const struct given *a, const struct given *b)
{
	return ref_same(a->ref, b->ref) && a->mode == b->mode && a->irq == b->irq &&
	       a->doubtful == b->doubtful;
}

bool lockset_same_rest(const struct state *a, const struct state *b)
{
	if (a->given.n != b->given.n || a->unsure.n != b->unsure.n)
		return false;
	for (uint32_t i = 0; i < a->unsure.n; i++)
		if (!ref_same(a->unsure.v[i].ref, b->unsure.v[i].ref) ||
		    a->unsure.v[i].other_name != b->unsure.v[i].other_name)
			return false;
	for (uint32_t i = 0; i < a->given.n; i++)
		if (!given_same(&a->given.v[i], &b->given.v[i]))
			return false;
	return true;
}

bool lockset_same(const struct state *a, const struct state *b)
{
	if (a->held.n != b->held.n || a->dropped.n != b->dropped.n)
		return false;
	for (uint32_t i = 0; i < a->held.n; i++)
		if (!ref_same(a->held.v[i].ref, b->held.v[i].ref) ||
		    a->held.v[i].mode != b->held.v[i].mode ||
		    a->held.v[i].depth != b->held.v[i].depth ||
		    a->held.v[i].assumed != b->held.v[i].assumed)
			return false;
	for (uint32_t i = 0; i < a->dropped.n; i++)
		if (!ref_same(a->dropped.v[i], b->dropped.v[i]))
			return false;
	return true;
}

static void meet_given(struct state *out, const struct state *a, const struct state *b)
{
	for (uint32_t i = 0; i < a->given.n; i++) {
		const struct given *other = lockset_given(b, a->given.v[i].ref);
		struct given g = a->given.v[i];

		if (!other)
			continue;
		if (other->mode != g.mode)
			g.mode = UINT8_MAX;
		if (other->irq != g.irq)
			g.irq = UINT8_MAX;
		g.doubtful |= other->doubtful;
		array_push(&out->given, g);
	}
}

/* What one of them holds, or may hold, and not both. */
static void meet_unsure(struct state *out, const struct state *a)
{
	for (uint32_t i = 0; i < a->held.n; i++)
		if (!a->held.v[i].assumed)
			lockset_doubt(out, (struct unsure_lock){ a->held.v[i].ref, false });
	for (uint32_t i = 0; i < a->unsure.n; i++)
		lockset_doubt(out, a->unsure.v[i]);
}

void lockset_meet(struct state *out, const struct state *a, const struct state *b)
{
	for (uint32_t i = 0; i < a->held.n; i++) {
		const struct lock *other = find(b, a->held.v[i].ref);
		struct lock l = a->held.v[i];

		if (!other)
			continue;
		if (other->mode != MODEL_LOCK_EXCLUSIVE)
			l.mode = other->mode;
		if (other->depth < l.depth)
			l.depth = other->depth;
		l.assumed |= other->assumed;
		l.dominates &= other->dominates;
		l.doubtful |= other->doubtful;
		held_insert(out, &l);
	}
	for (uint32_t i = 0; i < a->dropped.n; i++)
		drop(out, a->dropped.v[i]);
	for (uint32_t i = 0; i < b->dropped.n; i++)
		drop(out, b->dropped.v[i]);
	meet_given(out, a, b);
	meet_unsure(out, a);
	meet_unsure(out, b);
}

void lockset_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->held.n; i++)
		if (!pred(arg, s->held.v[i].ref.root))
			s->held.v[kept++] = s->held.v[i];
	s->held.n = kept;
	kept = 0;
	for (uint32_t i = 0; i < s->unsure.n; i++)
		if (!pred(arg, s->unsure.v[i].ref.root))
			s->unsure.v[kept++] = s->unsure.v[i];
	s->unsure.n = kept;
	kept = 0;
	for (uint32_t i = 0; i < s->dropped.n; i++)
		if (!pred(arg, s->dropped.v[i].root))
			s->dropped.v[kept++] = s->dropped.v[i];
	s->dropped.n = kept;
	kept = 0;
	for (uint32_t i = 0; i < s->given.n; i++)
		if (!pred(arg, s->given.v[i].ref.root))
			s->given.v[kept++] = s->given.v[i];
	s->given.n = kept;
}

bool lockset_mentions(const struct state *s, bool (*pred)(void *, sym_id), void *arg)
{
	bool any = false;

	for (uint32_t i = 0; i < s->held.n; i++)
		any |= pred(arg, s->held.v[i].ref.root);
	for (uint32_t i = 0; i < s->unsure.n; i++)
		any |= pred(arg, s->unsure.v[i].ref.root);
	for (uint32_t i = 0; i < s->dropped.n; i++)
		any |= pred(arg, s->dropped.v[i].root);
	for (uint32_t i = 0; i < s->given.n; i++)
		any |= pred(arg, s->given.v[i].ref.root);
	return any;
}

void lockset_print(const struct state *s, struct symbols *syms, struct buffer *out)
{
	static const char *const modes[] = { "", " shared", " rcu" };

	for (uint32_t i = 0; i < s->held.n; i++) {
		const struct lock *l = &s->held.v[i];

		buffer_puts(out, "    holds ");
		symbol_cell_name(syms, l->ref.root, l->ref.off, 1, out);
		buffer_printf(out, "%s%s\n", modes[l->mode], l->assumed ? " (assumed)" : "");
	}
	for (uint32_t i = 0; i < s->unsure.n; i++) {
		buffer_puts(out, "    may hold ");
		symbol_cell_name(syms, s->unsure.v[i].ref.root, s->unsure.v[i].ref.off, 1, out);
		buffer_puts(out, "\n");
	}
	for (uint32_t i = 0; i < s->dropped.n; i++) {
		buffer_puts(out, "    released ");
		symbol_cell_name(syms, s->dropped.v[i].root, s->dropped.v[i].off, 1, out);
		buffer_puts(out, "\n");
	}
}
