/* SPDX-License-Identifier: MIT */
#include "rules/shared.h"

#include <string.h>

#include "base/buffer.h"

#define STEPS_MAX 60

/* -------------------------------------------------------------- collecting */

static bool is_freed(const struct summary *sum, sym_id root)
{
	for (uint32_t i = 0; i < sum->ncases; i++) {
		const struct state *exit = &sum->cases[i].exit;
		bool freed = bit_same(exit->warned, BIT_1);

		for (uint32_t k = 0; k < exit->freed.n; k++)
			freed |= exit->freed.v[k].i == root.i;
		if (!freed)
			return false;
	}
	return sum->ncases > 0;
}

static void collect_entry(struct judge *j, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->accesses.n; i++) {
		const struct shared_access *a = &sum->accesses.v[i];
		struct shared x = { a, fn, is_freed(sum, a->root) };

		if (a->rec == IR_NONE || !engine_watches(&j->e, a->rec))
			continue;

		if (!a->pc->unsat && !cond_unsat(j->e.dom, a->pc, NULL, 0))
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

/* The record that was accessed begins in the field and ends there. */
static bool part_fits(const struct judge *j, const struct shared_access *a, uint64_t off,
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
		       part_fits(j, a, base + f->off, f->width);
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

/* The held lock is of the object that the steps lead to from (root, base). */
static bool is_reached(const struct symbols *syms, const struct shared *x,
		       const struct bound_lock *b, const struct lock *l)
{
	sym_id root = l->ref.root;
	int64_t from = x->a->base;

	if (l->ref.off - (b->nsteps ? 0 : from) != (int64_t)b->off)
		return false;
	for (unsigned i = b->nsteps; i-- > 0;) {
		const struct symbol *k = symbol_info(syms, root);

		if (k->kind != SYM_K_CELL && k->kind != SYM_K_INIT)
			return false;
		if ((int64_t)k->a - (i ? 0 : from) != (int64_t)b->step[i])
			return false;
		root = k->base;
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
	return rec == IR_NONE || (rec == b->rec && off == (int64_t)b->off);
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

		if (b->is_global ? is_global_lock(&j->e.syms, b, l) :
		    is_reached(&j->e.syms, x, b, l))
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

	if (b->is_global || b->nsteps)
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

		if (b->is_global ? is_global_lock(&j->e.syms, b, &l) :
		    is_reached(&j->e.syms, x, b, &l) || is_namesake(j, x, b, &l))
			return true;
	}
	return false;
}

/* The same lock: global, or of the accessed object at the same place. */
static bool same_lock(const struct judge *j, const struct shared *x, const struct lock *a,
		      const struct shared *y, const struct lock *b)
{
	uint8_t kind = symbol_info(&j->e.syms, a->ref.root)->kind;

	if (kind == SYM_K_GLOBAL)
		return a->ref.root.i == b->ref.root.i && a->ref.off == b->ref.off;
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
	uint8_t kind = symbol_info(&j->e.syms, x->a->root)->kind;

	for (uint32_t i = 0; i < x->a->nheld; i++)
		if (is_unknown_lock(j, &x->a->held[i]))
			return false;
	return !x->a->may && (x->a->named || kind == SYM_K_PARAM || kind == SYM_K_CELL || kind == SYM_K_INIT ||
			      kind == SYM_K_GLOBAL || symbol_is_heap(&j->e.syms, x->a->root));
}

/* ------------------------------------------------------------------- names */

static const char *taken(struct judge *j, struct buffer *b)
{
	const char *text = arena_strdup(&j->report->arena, buffer_str(b));

	buffer_release(b);
	return text;
}

/* What only the analysis has a number for is "some dmar_domain". */
static void object_name(struct judge *j, sym_id root, ir_rec rec, struct buffer *out)
{
	struct buffer b = BUFFER_INIT;

	symbol_plain_name(&j->e.syms, root, &b);
	if (!strstr(buffer_str(&b), "<value"))
		buffer_puts(out, buffer_str(&b));
	else if (rec == IR_NONE)
		buffer_puts(out, "some object");
	else
		buffer_printf(out, "some %s", intern_get(&j->e.unit->names,
							 j->e.unit->records.v[rec].tag));
	buffer_release(&b);
}

const char *shared_object(struct judge *j, const struct shared *x)
{
	struct buffer b = BUFFER_INIT;

	object_name(j, x->a->root, x->a->rec, &b);
	return taken(j, &b);
}

/* The member of the object, not of the record that it is itself. */
static const struct ir_field *outer_field(const struct judge *j, ir_rec rec, int64_t off)
{
	const struct ir_record *r = rec == IR_NONE ? NULL : &j->e.unit->records.v[rec];

	for (uint32_t i = 0; r && off >= 0 && i < r->fields.n; i++)
		if (r->fields.v[i].off <= (uint64_t)off &&
		    (uint64_t)off < r->fields.v[i].off + r->fields.v[i].width)
			return &r->fields.v[i];
	return NULL;
}

const char *shared_lock_name(struct judge *j, const struct lock *l)
{
	struct buffer b = BUFFER_INIT;
	const struct ir_field *f;
	int64_t off;
	ir_rec rec;

	if (!l->ref.root.i)
		return "interrupts";
	shared_place(j, l->ref, &rec, &off);
	/* A lock that stands by itself is no member of itself. */
	f = rec != IR_NONE && engine_is_lock_record(&j->e, rec) ? NULL : outer_field(j, rec, off);
	object_name(j, l->ref.root, rec, &b);
	if (f)
		buffer_printf(&b, "->%s", intern_get(&j->e.unit->names, f->name));
	return taken(j, &b);
}

const char *shared_locks_text(struct judge *j, const struct shared *x)
{
	struct buffer b = BUFFER_INIT;

	if (!x->a->nheld)
		return "without any lock";
	for (uint32_t i = 0; i < x->a->nheld; i++)
		buffer_printf(&b, "%s'%s'%s", i ? " and " : "holding ",
			      shared_lock_name(j, &x->a->held[i]),
			      x->a->held[i].mode == MODEL_LOCK_SHARED ? " (shared)" : "");
	return taken(j, &b);
}

const char *shared_field_name(struct judge *j, const struct shared *x)
{
	const struct ir_field *f = outer_field(j, x->a->rec, (int64_t)x->a->off);
	const struct ir_record *r = &j->e.unit->records.v[x->a->rec];

	for (uint32_t i = 0; x->a->part != IR_NONE && i < r->fields.n; i++)
		if (r->fields.v[i].type.rec == x->a->part &&
		    part_fits(j, x->a, r->fields.v[i].off, r->fields.v[i].width))
			f = &r->fields.v[i];
	return f ? intern_get(&j->e.unit->names, f->name) : "?";
}

/* -------------------------------------------------------------------- path */

#define NO_LOCKS "none"

static void add_step(struct judge *j, struct shared_path *p, ir_fn fn, ir_loc loc,
		     uint32_t nesting, unsigned kinds, unsigned thread, const char *text)
{
	struct step s = witness_step(j, fn, loc, kinds, text,
				     arena_printf(&j->report->arena, "locks held=%s", p->locks));

	s.nesting = nesting;
	s.thread = (uint8_t)thread;
	if (p->steps.n < STEPS_MAX && s.place.line)
		array_push(&p->steps, s);
}

/* The locks that were taken in this function, before what it calls next. */
static void add_locks(struct judge *j, struct shared_path *p, const struct shared *x, ir_fn fn,
		      uint32_t nesting, unsigned thread)
{
	for (uint32_t i = 0; i < x->a->nheld; i++) {
		const struct lock *l = &x->a->held[i];
		const char *name = shared_lock_name(j, l);

		if (l->fn != fn)
			continue;
		p->locks = strcmp(p->locks, NO_LOCKS) ?
			   arena_printf(&j->report->arena, "%s and %s", p->locks, name) : name;
		add_step(j, p, fn, l->loc, nesting, STEP_ACQUIRE | STEP_LOCK, thread,
			 arena_printf(&j->report->arena, "%s '%s'",
				      l->assumed ? "takes for granted that it holds" : "takes", name));
	}
}

void shared_path_add(struct judge *j, struct shared_path *p, const struct shared *x,
		     const char *what, unsigned thread)
{
	const struct shared_access *a = x->a;
	struct arena *arena = &j->report->arena;
	uint32_t depth = 0;

	p->locks = NO_LOCKS;
	add_step(j, p, x->entry, j->e.unit->funcs.v[x->entry].loc, 0, STEP_ENTER, thread,
		 arena_printf(arena, "'%s' can be called from outside of this unit",
			      witness_function(j, x->entry)));
	for (uint32_t i = a->nhops; i-- > 0; depth++) {
		ir_fn callee = i ? a->hops[i - 1].fn : a->fn;

		add_locks(j, p, x, a->hops[i].fn, depth, thread);
		add_step(j, p, a->hops[i].fn, a->hops[i].loc, depth, STEP_CALL, thread,
			 arena_printf(arena, "calls '%s'", witness_function(j, callee)));
	}
	add_locks(j, p, x, a->fn, depth, thread);
	add_step(j, p, a->fn, a->loc, depth, STEP_DANGER, thread,
		 arena_printf(arena, "%s, %s", what, shared_locks_text(j, x)));
}

void shared_path_end(struct judge *j, struct shared_path *p, struct finding *f)
{
	f->steps = arena_memdup(&j->report->arena, p->steps.v, p->steps.n * sizeof(*p->steps.v));
	f->nsteps = p->steps.n;
	array_release(&p->steps);
}

/* ---------------------------------------------------------------- findings */

/* What was not sure before, and is now: it is the same finding. */
static struct finding *quiet_at(struct judge *j, const struct docket *d, const struct place *at)
{
	for (uint32_t i = 0; i < j->report->findings.n; i++) {
		struct finding *f = &j->report->findings.v[i];
		struct report *r = j->report;

		if (f->rule != d->bound.rule || !f->quiet || f->place.line != at->line ||
		    f->place.col != at->col || strcmp(f->place.file, at->file))
			continue;
		for (uint32_t k = i + 1; k < r->findings.n; k++)
			r->findings.v[k - 1] = r->findings.v[k];
		r->findings.n--;
		return report_add(r, d->bound.rule, VERDICT_VIOLATION_EXACT);
	}
	return NULL;
}

struct finding *shared_finding(struct judge *j, struct docket *d, const struct shared *x,
			       bool exact)
{
	struct place at = witness_place(j, x->a->loc);
	struct finding *f;

	f = exact ? quiet_at(j, d, &at) : NULL;
	if (!f && witness_is_known(j, d, x->entry, &at))
		return NULL;
	if (!f)
		f = report_add(j->report, d->bound.rule,
			       exact ? VERDICT_VIOLATION_EXACT : VERDICT_VIOLATION_MAY);
	f->place = at;
	f->function = witness_function(j, x->a->fn);
	f->callee = at.macro;
	f->why = d->bound.rule->why;
	d->findings++;
	f->quiet = !exact;
	if (!exact)
		witness_uncertain(j, f, "the object, a lock or a condition on the way is not known "
				  "for sure");
	if (exact)
		d->violated = true;
	else
		d->may = true;
	return f;
}
