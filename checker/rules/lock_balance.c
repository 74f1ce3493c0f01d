/* SPDX-License-Identifier: MIT */
/*
 * Template lock-balance: a function leaves each lock as it found it, or does
 * the same to it on every way to a return of one class.
 *
 * What is taken on all ways to a class of return, and on none to another, is a
 * function that takes a lock and says by its result whether it did. An entry
 * point that returns an error with a lock held, which it does not hold where it
 * succeeds, has forgotten it.
 */
#include <string.h>

#include "base/buffer.h"
#include "engine/lock_alias.h"
#include "rules/lock_balance.h"
#include "rules/shared.h"

/* ------------------------------------------------------------------- names */

bool lock_is_concerned(const struct judge *j, const struct docket *d, struct lock_ref ref)
{
	for (unsigned i = 0; i < d->bound.rule->locking.nlocks; i++)
		if (shared_is_at(j, ref, d->bound.locks[i].rec, (int64_t)d->bound.locks[i].off))
			return true;
	return !d->bound.rule->locking.nlocks;
}

struct text { struct judge *j; ir_fn fn; const char *lock, *fault; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->fn);
	if (!strcmp(name, "lock"))
		return t->lock;
	return !strcmp(name, "fault") ? t->fault : NULL;
}

void lock_report(struct judge *j, struct docket *d, ir_fn fn, const struct lock *l, ir_loc from,
		 ir_loc loc, bool held, const char *fault, bool exact)
{
	struct text t = { j, fn, shared_lock_name(j, l), fault };
	struct arena *a = &j->report->arena;
	struct place at = witness_place(j, loc);
	struct finding *f;

	if (witness_is_known(j, d, fn, &at))
		return;
	f = report_add(j->report, d->bound.rule,
		       exact ? VERDICT_VIOLATION_EXACT : VERDICT_VIOLATION_MAY);
	f->place = at;
	f->function = witness_function(j, fn);
	f->subject = t.lock;
	f->callee = at.macro;
	f->message = rule_format(a, d->bound.rule, text_value, &t);
	f->why = d->bound.rule->why;
	f->steps = arena_new_array(a, struct step, 2);
	if (from)
		f->steps[f->nsteps++] = witness_step(j, l->fn, from, STEP_ACQUIRE | STEP_LOCK,
						     arena_printf(a, "'%s' is taken here", t.lock),
						     arena_printf(a, "locks held=%s", t.lock));
	f->steps[f->nsteps++] = witness_step(j, fn, loc, STEP_DANGER, fault,
					     arena_printf(a, "locks held=%s",
							  held ? t.lock : "none"));
	d->findings++;
	f->quiet = !exact;
	if (!exact)
		witness_uncertain(j, f, "the lock, or a condition on the way, is not known for sure");
	*(exact ? &d->violated : &d->may) = true;
}

/* ------------------------------------------------------------------ events */

/*
 * A lock that was taken with interrupts off may be given and taken again while
 * they stay off, and they may be switched by themselves: only two treatments
 * that contradict each other are a fault.
 */
static bool is_plain(const struct lock_event *e)
{
	return e->lock.irq == MODEL_IRQ_NONE || e->before.irq == MODEL_IRQ_NONE;
}

static const char *gone_text(const struct lock_event *e)
{
	switch (e->op) {
	case MODEL_LOCK_RELEASE:
		return "is given back although it is not held any more";
	case MODEL_LOCK_HELD:
		return "is not held at a return, as the declaration says";
	default:
		return e->by_callee ? "is not held any more, and what is called needs it" :
				      "is taken for held, and was given back before";
	}
}

static const char *fault_text(const struct lock_event *e)
{
	switch (e->fault) {
	case LOCK_DOUBLE:
		return e->op == MODEL_LOCK_FREE ?
		       "is held at a return, and the declaration says that it is given back" :
		       "is taken although it is held already";
	case LOCK_GONE: return gone_text(e);
	case LOCK_IRQS_IN: return "was taken with interrupts off and is still held where they come in";
	case LOCK_WRONG_MODE: return "is given back in another mode than it was taken in";
	case LOCK_WRONG_IRQ: return is_plain(e) ? NULL :
				    "is given back with another treatment of interrupts than it was "
				    "taken with";
	default: return NULL;
	}
}

static bool is_sure_event(const struct lock_event *e)
{
	return !e->may && !e->before.doubtful;
}

/* What is wrong with what the function leaves is said, and where. */
static bool is_unbalanced(const struct lock_event *e)
{
	return e->fault != LOCK_OK &&
	       (e->op == MODEL_LOCK_HELD || e->op == MODEL_LOCK_FREE ||
		(e->op == MODEL_LOCK_RELEASE && e->fault == LOCK_GONE));
}

/* Locks at one place of objects of one type, in one function, are one: a second name is likely. */
static uint64_t lock_key(const struct judge *j, ir_fn fn, struct lock_ref ref)
{
	uint64_t h = (uint64_t)fn * 0x9e3779b97f4a7c15u;
	int64_t off;
	ir_rec rec;

	shared_place(j, ref, &rec, &off);
	h = (h ^ (rec != IR_NONE ? rec : ~(uint64_t)ref.root.i)) * 0xff51afd7ed558ccdu;
	return h ^ (uint64_t)off;
}

static void note_use(struct judge *j, struct docket *d, ir_fn fn, const struct lock_event *e)
{
	if (e->by_callee)
		return;
	if (e->op == MODEL_LOCK_ACQUIRE)
		*map_put(&d->taken, lock_key(j, fn, e->lock.ref)) = 1;
	if (e->op == MODEL_LOCK_RELEASE)
		*map_put(&d->given, lock_key(j, fn, e->lock.ref)) = 1;
}

void lock_balance_event(struct judge *j, struct fun *f, struct state *s,
			const struct lock_event *e)
{
	const char *text = fault_text(e);

	if (!f->emitting)
		return;
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		if (!d->bound.usable || d->bound.rule->template != RULE_LOCK_BALANCE ||
		    !lock_is_concerned(j, d, e->lock.ref) || !docket_covers(j, d, f->id))
			continue;
		*map_put(&d->sinks, e->loc) = 1;
		note_use(j, d, f->id, e);
		if (is_unbalanced(e))
			*map_put(&d->gone, f->id) = 1;
		if (text && !(j->e.unit->funcs.v[f->id].flags & IR_FN_HEADER) &&
		    !cond_unsat(j->e.dom, s->pc, NULL, 0))
			lock_report(j, d, f->id, &e->lock, e->before.loc, e->loc,
			       e->fault != LOCK_GONE, text,
			       is_sure_event(e) && !s->pc->imprecise);
	}
}

/* ----------------------------------------------------------------- returns */

static bool gave(const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->dropped.n; i++)
		if (s->dropped.v[i].root.i == ref.root.i && s->dropped.v[i].off == ref.off)
			return true;
	return false;
}

/* 1: taken, -1: given, 0: as at the entry; a lock that was given and taken again is that too. */
static int effect(const struct state *s, struct lock_ref ref)
{
	const struct lock *l = lockset_find(s, ref);

	return (l && !l->assumed) - gave(s, ref);
}

/* Of ways with the lock and without it one state was made: nothing is known of it. */
static bool was_merged(const struct state *s, struct lock_ref ref)
{
	const struct unsure_lock *u = lockset_unsure(s, ref);

	return u && !u->other_name;
}

/* By what the path says, it is a lock that is held by another name. */
static bool is_equal_to_one(struct judge *j, const struct state *s, struct lock_ref ref)
{
	struct dom *d = j->e.dom;
	bit_id same;

	for (uint32_t i = 0; i < s->held.n; i++) {
		struct lock_ref other = s->held.v[i].ref;

		if (other.root.i == ref.root.i || other.off != ref.off)
			continue;
		same = word_cmp(d, IR_EQ, word_sym(d, other.root), word_sym(d, ref.root));
		if (cond_entails(d, s->pc, same))
			return true;
	}
	return false;
}

bool lock_must_agree(const struct summary_case *a, const struct summary_case *b)
{
	if (a->ret_class == b->ret_class)
		return a->ret_class != RET_NONZERO && a->ret_class != RET_OTHER;
	return a->ret_class == RET_ERRNO && b->ret_class == RET_ZERO;
}

/* What an unknown function returned, as it is: by convention an error. */
static bool is_passed_on(const struct judge *j, word_id ret)
{
	int64_t delta;
	sym_id s;

	return !word_is_none(ret) && word_as_symoff(j->e.dom, ret, &s, &delta) && !delta &&
	       symbol_info(&j->e.syms, s)->kind == SYM_K_SITE &&
	       symbol_info(&j->e.syms, s)->origin == ORIGIN_UNKNOWN;
}

/*
 * An entry point that keeps the lock in one case and not in the other, and does not say by its
 * result which: a number that is not zero may be a count or an error, and a pointer that
 * is none and a false are no success. It may be meant, where its callers know.
 */
static bool may_have_to_agree(const struct judge *j, ir_fn fn, const struct summary_case *a,
			      const struct summary_case *b)
{
	const struct ir_type *t = &j->e.unit->funcs.v[fn].ret;
	bool number = t->kind == IR_T_INT && t->width > 1;

	if (!relevant_is_entry(j, fn) || a->ret_class == RET_VOID)
		return false;
	if (a->ret_class == RET_ZERO)
		return number ? b->ret_class == RET_OTHER : b->ret_class != RET_ZERO;
	return number || b->ret_class != RET_ZERO;
}

/* Another name for the lock, or one for another lock: which of them was given is not known. */
static bool is_doubted(const struct judge *j, const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->unsure.n; i++)
		if (lock_may_be_same(&j->e, s->unsure.v[i].ref, ref))
			return true;
	return false;
}

/* One that may be it was given for the caller: what is held was perhaps its own before. */
static bool is_exchanged(const struct judge *j, const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->dropped.n; i++)
		if (lock_may_be_same(&j->e, s->dropped.v[i], ref))
			return true;
	return false;
}

/*
 * A function that takes a lock and gives it, and not always both. What leads there is
 * known; and where every way to the return takes it, only that it is given on the way
 * could be missed.
 */
static bool is_surely_held(const struct judge *j, const struct docket *d, ir_fn fn,
			   const struct summary_case *c, const struct lock *l)
{
	return (l->dominates || !c->imprecise) && !l->doubtful &&
	       !is_exchanged(j, &c->exit, l->ref) && map_get(&d->given, lock_key(j, fn, l->ref));
}

/* Of one that others call an argument may tell whether it gives the lock. */
static bool is_surely_given(struct judge *j, const struct docket *d, ir_fn fn,
			    const struct summary_case *a, const struct summary_case *b,
			    struct lock_ref ref)
{
	return !a->imprecise && !b->imprecise && !is_doubted(j, &a->exit, ref) &&
	       !is_doubted(j, &b->exit, ref) && lockset_is_callers(&j->e.syms, ref.root) &&
	       map_get(&d->taken, lock_key(j, fn, ref)) && relevant_is_entry(j, fn);
}

static void report_given(struct judge *j, struct docket *d, ir_fn fn,
			 const struct summary_case *c, const struct summary_case *other,
			 struct lock *l)
{
	const struct given *g = lockset_given(&c->exit, l->ref);

	lock_report(j, d, g ? g->fn : fn, l, 0, g ? g->loc : j->e.unit->funcs.v[fn].loc, false,
	       "is given back on some ways to a return, and not on all of that kind",
	       g && is_surely_given(j, d, fn, c, other, l->ref));
}

static void judge_lock(struct judge *j, struct docket *d, ir_fn fn, const struct summary *sum,
		       const struct summary_case *c, struct lock *l, int has)
{
	const struct summary_case *suspect = NULL;

	for (uint32_t i = 0; i < sum->ncases; i++) {
		const struct summary_case *other = &sum->cases[i];

		if (effect(&other->exit, l->ref) == has || was_merged(&other->exit, l->ref) ||
		    is_equal_to_one(j, &other->exit, l->ref))
			continue;
		if (!lock_must_agree(c, other)) {
			if (has > 0 && may_have_to_agree(j, fn, c, other) &&
			    (!suspect || other->ret_class == RET_ZERO))
				suspect = other;
			continue;
		}
		if (has > 0)
			lock_report(j, d, fn, l, 0, l->loc, true,
			       "is still held at a return, and not at another of the same kind",
			       is_surely_held(j, d, fn, c, l));
		else if (!map_get(&d->gone, fn))
			report_given(j, d, fn, c, other, l);
		return;
	}
	if (suspect && !map_get(&d->gone, fn))
		lock_report(j, d, fn, l, 0, l->loc, true,
			    "is still held at a return, and not at another",
			    is_passed_on(j, c->ret) && suspect->ret_class == RET_ZERO &&
			    is_surely_held(j, d, fn, c, l));
}

static void judge_function(struct judge *j, struct docket *d, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->ncases; i++) {
		const struct summary_case *c = &sum->cases[i];
		struct lock given = { .fn = fn };

		for (uint32_t k = 0; k < c->exit.held.n; k++) {
			struct lock l = c->exit.held.v[k];

			if (effect(&c->exit, l.ref) > 0 && lock_is_concerned(j, d, l.ref))
				judge_lock(j, d, fn, sum, c, &l, 1);
		}
		for (uint32_t k = 0; k < c->exit.dropped.n; k++) {
			given.ref = c->exit.dropped.v[k];
			if (effect(&c->exit, given.ref) < 0 && lock_is_concerned(j, d, given.ref))
				judge_lock(j, d, fn, sum, c, &given, -1);
		}
	}
}

/* What of its locks a caller holds already, or has given, is not known then. */
static void tell_lost_uses(struct judge *j, struct docket *d, ir_fn fn)
{
	if (engine_summary(&j->e, fn)->lost_uses)
		docket_reason(j, d, arena_printf(&j->report->arena, "function '%s': it uses more locks "
						 "of its callers than are kept",
						 witness_function(j, fn)));
}

void lock_balance_judge(struct judge *j, struct docket *d)
{
	for (ir_fn fn = 0; fn < j->nfuncs; fn++) {
		if (!relevant_has(j, fn) ||
		    j->e.unit->funcs.v[fn].flags & (IR_FN_HEADER | IR_FN_EXPR) ||
		    !docket_covers(j, d, fn))
			continue;
		judge_function(j, d, fn);
		tell_lost_uses(j, d, fn);
		if (relevant_is_entry(j, fn))
			lock_irq_judge(j, d, fn);
	}
}
