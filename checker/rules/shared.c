/* SPDX-License-Identifier: MIT */
#include "rules/shared.h"

#include <string.h>

/* -------------------------------------------------------------- collecting */

static void collect_entry(struct judge *j, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->accesses.n; i++) {
		const struct shared_access *a = &sum->accesses.v[i];
		struct shared x = { a, fn, a->teardown };

		if (a->rec == IR_NONE || !engine_watches(&j->e, a->rec))
			continue;
		if (a->pc->unsat || cond_unsat(j->e.dom, a->pc, NULL, 0))
			continue;
		if (a->kind == ACCESS_UNSEEN)
			array_push(&j->unseen, x);
		else
			array_push(&j->shared, x);
	}
	if (sum->lost_accesses)
		j->lost_accesses = witness_function(j, fn);
}

void shared_collect(struct judge *j)
{
	for (ir_fn fn = 0; j->e.watched.n && fn < j->nfuncs; fn++)
		if (relevant_has(j, fn) && relevant_is_entry(j, fn))
			collect_entry(j, fn);
}

/* ------------------------------------------------------------------ fields */

bool shared_part_fits(const struct judge *j, const struct shared_access *a, uint64_t off,
		      uint64_t width)
{
	uint64_t begin = a->off - a->part_off;

	return a->part == IR_NONE || a->part_off > a->off ||
	       (begin >= off && begin + j->e.unit->records.v[a->part].size <= off + width);
}

/* The record begins at bit base of the one that was accessed; another rule may watch that. */
static bool touches_in(const struct judge *j, const struct shared_access *a, ir_rec rec,
		       uint64_t base, const struct bound_field *f, uint64_t *where)
{
	const struct ir_record *r = &j->e.unit->records.v[rec];

	*where = base + f->off;
	if (rec == f->rec)
		return a->off < base + f->off + f->width && base + f->off < a->off + a->width &&
		       shared_part_fits(j, a, base + f->off, f->width);
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *in = &r->fields.v[i];
		uint64_t at = base + in->off;

		if (in->type.kind != IR_T_AGG || in->type.rec == IR_NONE ||
		    a->off >= at + in->width || at >= a->off + a->width)
			continue;
		if (in->type.elem_size && a->off > at)
			at += (a->off - at) / in->type.elem_size * in->type.elem_size;
		if (touches_in(j, a, in->type.rec, at, f, where))
			return true;
	}
	return false;
}

bool shared_touches_at(const struct judge *j, const struct shared *x, const struct bound_field *f,
		       uint64_t *at)
{
	return touches_in(j, x->a, x->a->rec, 0, f, at);
}

bool shared_touches(const struct judge *j, const struct shared *x, const struct bound_field *f)
{
	uint64_t at;

	return shared_touches_at(j, x, f, &at);
}

struct shared shared_inside(struct judge *j, const struct shared *x, const struct bound_field *f)
{
	struct shared in = *x;
	struct shared_access *a;
	uint64_t at;

	if (x->a->rec == f->rec || !shared_touches_at(j, x, f, &at))
		return in;
	at -= f->off;
	a = arena_new(&j->report->arena, struct shared_access);
	*a = *x->a;
	a->rec = f->rec;
	a->base += (int64_t)at;
	a->off = x->a->off > at ? x->a->off - at : 0;
	a->width -= at > x->a->off ? at - x->a->off : 0;
	in.a = a;
	return in;
}

bool shared_stores_only(struct judge *j, const struct shared *x, bool to)
{
	struct dom *d = j->e.dom;
	bit_id b;

	if (word_is_none(x->a->val))
		return false;
	b = word_nonzero(d, x->a->val);
	return cond_entails(d, x->a->pc, to ? b : bit_not(d, b));
}

/* ------------------------------------------------------------------- locks */

static enum held held_mode(const struct lock *l)
{
	return l->mode == MODEL_LOCK_EXCLUSIVE ? HELD_EXCLUSIVE : HELD_SHARED;
}

/* What was stored in the member of the object at off, or NULL. */
static const struct access_link *link_at(const struct shared *x, int64_t off)
{
	for (uint32_t i = 0; i < x->a->nlinks; i++)
		if (x->a->links[i].off == off)
			return &x->a->links[i];
	return NULL;
}

/* The pointer was the content of a member: *root and *off become the place. */
static bool read_from(const struct symbols *syms, sym_id *root, int64_t *off)
{
	const struct symbol *k = symbol_info(syms, *root);
	bool entry = k->kind == SYM_K_CELL || k->kind == SYM_K_INIT;

	*off = entry ? (int64_t)k->a : k->read_off;
	*root = entry ? k->base : k->read_of;
	return root->i != 0;
}

bool shared_leads_to(const struct judge *j, const struct shared *x, sym_id root, int64_t *step)
{
	for (uint32_t i = 0; i < x->a->nlinks; i++) {
		*step = x->a->links[i].off - x->a->base;
		if (x->a->links[i].to.root.i == root.i && !x->a->links[i].to.off)
			return true;
	}
	if (!read_from(&j->e.syms, &root, step) || root.i != x->a->root.i || link_at(x, *step))
		return false;
	*step -= x->a->base;
	return true;
}

/* The held lock is of the object that the steps lead to from (root, base). */
static bool is_reached(const struct symbols *syms, const struct shared *x,
		       const struct bound_lock *b, const struct lock *l)
{
	sym_id root = l->ref.root;
	int64_t from = x->a->base;
	const struct access_link *link = b->nsteps ? link_at(x, from + (int64_t)b->step[0]) : NULL;

	if (link && b->nsteps == 1)
		return link->to.root.i == root.i &&
		       l->ref.off - link->to.off == (int64_t)b->off;
	if (link)
		return false;
	if (l->ref.off - (b->nsteps ? 0 : from) != (int64_t)b->off)
		return false;
	for (unsigned i = b->nsteps; i-- > 0;) {
		int64_t off;

		if (!read_from(syms, &root, &off) || off - (i ? 0 : from) != (int64_t)b->step[i])
			return false;
	}
	return root.i == x->a->root.i;
}

static bool is_global_lock(const struct symbols *syms, const struct bound_lock *b,
			   const struct lock *l)
{
	const struct symbol *k = symbol_info(syms, l->ref.root);

	return k->kind == SYM_K_GLOBAL && k->a == b->glob && l->ref.off == (int64_t)b->off;
}

void shared_place(const struct judge *j, struct lock_ref ref, ir_rec *rec, int64_t *off)
{
	struct container c;

	*rec = symbol_info(&j->e.syms, ref.root)->rec;
	*off = ref.off;
	if (engine_container(&j->e, ref.root, &c)) {
		*rec = c.rec;
		*off -= c.base;
	}
}

bool shared_is_at(const struct judge *j, struct lock_ref ref, ir_rec rec, int64_t off)
{
	int64_t at, size;
	ir_rec of;

	shared_place(j, ref, &of, &at);
	if (of == IR_NONE || of == rec)
		return of == rec && at == off;
	size = (int64_t)j->e.unit->records.v[of].size;
	if (at >= 0 && at < size)
		return ir_record_at(j->e.unit, rec, of, at - off);
	return ir_record_at(j->e.unit, of, rec, off - at);
}

/* It is the lock that the rule asks for. */
static bool is_asked(const struct judge *j, const struct shared *x, const struct bound_lock *b,
		     const struct lock *l)
{
	if (b->is_any)
		return shared_is_at(j, l->ref, b->rec, (int64_t)b->off);
	return b->is_global ? is_global_lock(&j->e.syms, b, l) : is_reached(&j->e.syms, x, b, l);
}

/*
 * A lock at the same place of an object of the same kind, which may be the same
 * object by another name. Another lock of the accessed object is none.
 */
static bool is_namesake(const struct judge *j, const struct shared *x, const struct bound_lock *b,
			const struct lock *l)
{
	const struct symbol *k = symbol_info(&j->e.syms, l->ref.root);
	ir_rec rec;
	int64_t off;

	if (b->is_global || k->kind == SYM_K_TOKEN || k->kind == SYM_K_GLOBAL ||
	    l->ref.root.i == x->a->root.i)
		return false;
	shared_place(j, l->ref, &rec, &off);
	return rec == IR_NONE || (!b->is_any && shared_is_at(j, l->ref, b->rec, (int64_t)b->off));
}

/* The path says that the object with the lock is the one that is accessed. */
static bool is_equal(const struct judge *j, const struct shared *x, const struct bound_lock *b,
		     const struct lock *l)
{
	struct dom *d = j->e.dom;

	return !b->nsteps && l->ref.off - x->a->base == (int64_t)b->off &&
	       cond_entails(d, x->a->pc, word_cmp(d, IR_EQ, word_sym(d, l->ref.root),
						  word_sym(d, x->a->root)));
}

enum held shared_held(const struct judge *j, const struct shared *x, const struct bound_lock *b,
		      const struct lock **which)
{
	enum held best = HELD_NOT;

	*which = NULL;
	for (uint32_t i = 0; i < x->a->nheld; i++) {
		const struct lock *l = &x->a->held[i];
		enum held h = HELD_NOT;

		if (is_asked(j, x, b, l))
			h = held_mode(l);
		else if (is_namesake(j, x, b, l))
			h = is_equal(j, x, b, l) ? held_mode(l) : HELD_OTHER;
		if (h > best) {
			best = h;
			*which = l;
		}
	}
	return best;
}

/* A member of the object at base points to root. */
static bool points_to(const struct symbols *syms, sym_id base, sym_id root)
{
	const struct symbol *k = symbol_info(syms, root);

	return k->read_of.i == base.i ||
	       ((k->kind == SYM_K_CELL || k->kind == SYM_K_INIT) && k->base.i == base.i);
}

bool shared_is_others(struct judge *j, const struct shared *x, const struct bound_lock *b,
		      const struct lock *l)
{
	const struct symbols *syms = &j->e.syms;
	sym_id own = x->a->root, other = l->ref.root;
	struct dom *d = j->e.dom;
	bool apart;

	/* What a loop has found may be the head of the list too: the object itself. */
	if (b->is_global || b->is_any || b->nsteps || symbol_info(syms, own)->found ||
	    symbol_info(syms, other)->found)
		return false;
	apart = points_to(syms, own, other) || points_to(syms, other, own) ||
		(symbol_info(syms, own)->kind == SYM_K_PARAM &&
		 symbol_info(syms, other)->kind == SYM_K_PARAM);
	return apart && !cond_entails(d, x->a->pc, word_cmp(d, IR_EQ, word_sym(d, own),
							    word_sym(d, other)));
}

bool shared_may_hold(const struct judge *j, const struct shared *x, const struct bound_lock *b)
{
	for (uint32_t i = 0; i < x->a->nunsure; i++) {
		struct lock l = { .ref = x->a->unsure[i].ref };

		if (is_asked(j, x, b, &l) || is_namesake(j, x, b, &l))
			return true;
	}
	return false;
}

/* The same lock: global, or of the accessed object at the same place. */
static bool same_lock(const struct judge *j, const struct shared *x, const struct lock *a,
		      const struct shared *y, const struct lock *b)
{
	uint8_t kind = symbol_info(&j->e.syms, a->ref.root)->kind;

	if (kind == SYM_K_GLOBAL && a->ref.root.i == b->ref.root.i)
		return a->ref.off == b->ref.off;
	return a->ref.root.i == x->a->root.i && b->ref.root.i == y->a->root.i &&
	       a->ref.off - x->a->base == b->ref.off - y->a->base;
}

bool shared_ordered(const struct judge *j, const struct shared *x, const struct shared *y)
{
	for (uint32_t i = 0; i < x->a->nheld; i++)
		for (uint32_t k = 0; k < y->a->nheld; k++) {
			const struct lock *a = &x->a->held[i], *b = &y->a->held[k];

			if (same_lock(j, x, a, y, b) &&
			    (a->mode == MODEL_LOCK_EXCLUSIVE || b->mode == MODEL_LOCK_EXCLUSIVE))
				return true;
		}
	return false;
}

/* Some lock is held, and nobody knows which. */
static bool is_unknown_lock(const struct judge *j, const struct lock *l)
{
	const struct symbol *k = symbol_info(&j->e.syms, l->ref.root);

	return k->kind == SYM_K_TOKEN &&
	       !strcmp(intern_get(&j->e.unit->names, (str_id)k->a), LOCK_UNKNOWN);
}

bool shared_is_exact(const struct judge *j, const struct shared *x)
{
	for (uint32_t i = 0; i < x->a->nheld; i++)
		if (is_unknown_lock(j, &x->a->held[i]))
			return false;
	return !x->a->may && (x->a->named || symbol_is_found(&j->e.syms, x->a->root) ||
			      symbol_is_heap(&j->e.syms, x->a->root));
}

/* ----------------------------------------------------------------- conflicts */

/* Of two that another thread may do at the same time, the one that shows the race best. */
static unsigned worth(const struct judge *j, const struct shared *x, const struct shared *y)
{
	unsigned exclusive = 0;

	for (uint32_t i = 0; i < y->a->nheld; i++)
		exclusive |= y->a->held[i].mode == MODEL_LOCK_EXCLUSIVE;
	return 8 * shared_is_exact(j, y) + 4 * (y->a->fn != x->a->fn) + 2 * exclusive +
	       shared_writes(y);
}

static bool are_ordered(struct judge *j, const struct shared *x, const struct shared *y,
			const struct bound_field *f)
{
	struct shared a = shared_inside(j, x, f), b = shared_inside(j, y, f);

	return shared_ordered(j, &a, &b);
}

const struct shared *shared_conflict(struct judge *j, const struct shared *x,
				     const struct bound_field *f)
{
	const struct shared *best = shared_writes(x) ? x : NULL;

	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *y = &j->shared.v[i];

		if (y == x || y->teardown || !shared_touches(j, y, f) ||
		    !(shared_writes(x) || shared_writes(y)) || are_ordered(j, x, y, f))
			continue;
		if (!best || best == x || worth(j, x, y) > worth(j, x, best))
			best = y;
	}
	return best;
}
