/* SPDX-License-Identifier: MIT */
/*
 * Template guarded-by: each access to the fields is made under the lock.
 *
 * The accesses are those of shared.h: an object that nobody else can reach yet
 * is not among them. What an entry point gives back at its end is exempt.
 */
#include <string.h>

#include "rules/shared.h"

static enum held needed(const struct rule_locking *l, bool writes)
{
	static const enum held by_need[] = { HELD_NOT, HELD_SHARED, HELD_EXCLUSIVE };

	return by_need[writes ? l->write : l->read];
}

/* Who gives an object back needs none of its locks; that of a list it is in is another matter. */
static bool is_own_lock(const struct bound_lock *l)
{
	return !l->nsteps && !l->is_global && !l->is_any;
}

/* What guards the field that is accessed; NULL: it is none of the rule's. */
static const struct bound_guard *guard_of(const struct judge *j, const struct bound_rule *b,
					  const struct shared *x)
{
	for (unsigned i = 0; i < b->nguards; i++)
		if (shared_touches(j, x, &b->guards[i].field))
			return &b->guards[i];
	return NULL;
}

/* An access, and how the lock is held there that is held least of those which are needed. */
struct hold {
	const struct shared *x;
	const struct bound_guard *guard;
	const struct bound_lock *lock;
	const struct lock *which;	/* the entry of the lockset, or NULL */
	struct shared inside;		/* x as an access to the record of the field */
	enum held have;
};

struct text { struct judge *j; const struct hold *h; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;
	const struct hold *h = t->h;

	if (!strcmp(name, "function"))
		return witness_function(t->j, h->x->a->fn);
	if (!strcmp(name, "field"))
		return h->guard->name;
	if (!strcmp(name, "object"))
		return shared_object(t->j, h->x);
	if (!strcmp(name, "lock"))
		return h->guard->text;
	if (!strcmp(name, "access"))
		return shared_writes(h->x) ? "written" :
		       h->x->a->kind == ACCESS_READ ? "read" : "given to code that is not seen";
	return NULL;
}

static const char *how(struct judge *j, const struct hold *h)
{
	if (h->have == HELD_OTHER)
		return arena_printf(&j->report->arena, "'%s' is held, which is not known to be the "
				    "lock of this object", shared_lock_name(j, h->which));
	if (h->have == HELD_SHARED)
		return arena_printf(&j->report->arena, "'%s' is held for reading only",
				    shared_lock_name(j, h->which));
	return arena_printf(&j->report->arena, "the access is made %s", shared_locks_text(j, h->x));
}

static const char *access_text(const struct shared *x)
{
	return shared_writes(x) ? "the field is written" : x->a->kind == ACCESS_READ ?
	       "the field is read" : "code that is not seen is given the field";
}

static void report(struct judge *j, struct docket *d, const struct hold *h)
{
	const struct bound_field *field = &h->guard->field;
	const struct shared *other, *x = h->x;
	struct shared_path p = { 0 };
	bool exact = (h->have != HELD_OTHER || shared_is_others(j, &h->inside, h->lock, h->which)) &&
		     !shared_may_hold(j, &h->inside, h->lock) && shared_is_exact(j, x) &&
		     x->a->kind != ACCESS_UNSEEN;
	struct finding *f = shared_finding(j, d, x, exact);

	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value,
				 &(struct text){ j, h });
	f->subject = arena_printf(&j->report->arena, "%s.%s",
				  intern_get(&j->e.unit->names, j->e.unit->records.v[field->rec].tag),
				  h->guard->name);
	other = shared_conflict(j, x, field);
	f->reach = arena_printf(&j->report->arena, "reached from '%s'; %s%s",
				witness_function(j, x->entry), how(j, h),
				other ? "" : "; who changes it meanwhile is in another unit");
	shared_path_add(j, &p, x, access_text(x), 0);
	shared_path_other(j, &p, x, other, f);
	shared_path_end(j, &p, f);
}

/* A write needs each lock, a read the one that is held best. */
static void look_up(struct judge *j, struct hold *h)
{
	h->inside = shared_inside(j, h->x, &h->guard->field);
	for (unsigned i = 0; i < h->guard->nlocks; i++) {
		const struct lock *which;
		enum held have = shared_held(j, &h->inside, &h->guard->locks[i], &which);

		if (i && (shared_writes(h->x) ? have >= h->have : have <= h->have))
			continue;
		h->lock = &h->guard->locks[i];
		h->which = which;
		h->have = have;
	}
}

static void unread(struct judge *j, struct docket *d, const struct bound_guard *g)
{
	docket_reason(j, d, arena_printf(&j->report->arena, "'%s.%s': the lock '%s' that it is "
					 "declared with was not found", d->bound.rule->locking.record,
					 g->name, g->text));
}

/* The source says that it does not keep to what the field is declared with. */
static bool is_excepted(const struct judge *j, const struct docket *d, const struct shared *x)
{
	const struct ir_unit *u = j->e.unit;
	str_id macro = u->locs.v[x->a->loc].macro;

	return d->bound.rule->locking.declared &&
	       (u->funcs.v[x->a->fn].flags & IR_FN_UNGUARDED ||
		(macro && model_has_name(&j->e.model->unguarded_macros,
					 intern_get(&u->names, macro))));
}

static void judge_access(struct judge *j, struct docket *d, const struct shared *x)
{
	struct hold h = { .x = x, .guard = guard_of(j, &d->bound, x) };
	enum held want;

	if (!h.guard || !shared_is_covered(j, d, x) ||
	    is_excepted(j, d, x))
		return;
	*map_put(&d->sinks, x->a->loc) = 1;
	want = needed(&d->bound.rule->locking, x->a->kind != ACCESS_READ);
	if (want == HELD_NOT)
		return;
	if (!h.guard->nlocks) {
		unread(j, d, h.guard);
		return;
	}
	look_up(j, &h);
	if (h.have < want && !(x->teardown && is_own_lock(h.lock)))
		report(j, d, &h);
}

void guarded_by_judge(struct judge *j, struct docket *d)
{
	for (uint32_t i = 0; i < j->shared.n; i++)
		judge_access(j, d, &j->shared.v[i]);
	for (uint32_t i = 0; i < j->unseen.n; i++)
		judge_access(j, d, &j->unseen.v[i]);
}
