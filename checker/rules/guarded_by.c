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

/* The number of the rule's field that is accessed; RULE_MAX_FIELDS: none. */
static unsigned guarded_number(const struct judge *j, const struct bound_rule *b,
			       const struct shared *x)
{
	for (unsigned i = 0; i < b->rule->locking.nfields; i++)
		if (shared_touches(j, x, &b->fields[i]))
			return i;
	return RULE_MAX_FIELDS;
}

static const struct rule_field *guarded_field(const struct judge *j, const struct bound_rule *b,
					      const struct shared *x)
{
	return &b->rule->locking.fields[guarded_number(j, b, x)];
}

struct text { struct judge *j; const struct docket *d; const struct shared *x; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->x->a->fn);
	if (!strcmp(name, "field"))
		return guarded_field(t->j, &t->d->bound, t->x)->field;
	if (!strcmp(name, "object"))
		return shared_object(t->j, t->x);
	if (!strcmp(name, "lock"))
		return t->d->bound.rule->locking.lock.text;
	if (!strcmp(name, "access"))
		return shared_writes(t->x) ? "written" : "read";
	return NULL;
}

static const char *how(struct judge *j, const struct shared *x, enum held h,
		       const struct lock *which)
{
	if (h == HELD_OTHER)
		return arena_printf(&j->report->arena, "'%s' is held, which is not known to be the "
				    "lock of this object", shared_lock_name(j, which));
	if (h == HELD_SHARED)
		return arena_printf(&j->report->arena, "'%s' is held for reading only",
				    shared_lock_name(j, which));
	return arena_printf(&j->report->arena, "the access is made %s", shared_locks_text(j, x));
}

static void report(struct judge *j, struct docket *d, const struct shared *x, enum held h,
		   const struct lock *which)
{
	struct text t = { j, d, x };
	const struct bound_field *field = &d->bound.fields[guarded_number(j, &d->bound, x)];
	const struct shared *other, in = shared_inside(j, x, field);
	struct shared_path p = { 0 };
	bool exact = (h != HELD_OTHER || shared_is_others(j, &in, &d->bound.lock, which)) &&
		     !shared_may_hold(j, &in, &d->bound.lock) && shared_is_exact(j, x);
	struct finding *f = shared_finding(j, d, x, exact);

	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value, &t);
	f->subject = arena_printf(&j->report->arena, "%s.%s",
				  d->bound.rule->locking.fields[0].record,
				  guarded_field(j, &d->bound, x)->field);
	other = shared_conflict(j, x, field);
	f->reach = arena_printf(&j->report->arena, "reached from '%s'; %s%s",
				witness_function(j, x->entry), how(j, x, h, which),
				other ? "" : "; who changes it meanwhile is in another unit");
	shared_path_add(j, &p, x, shared_writes(x) ? "the field is written" : "the field is read", 0);
	shared_path_other(j, &p, x, other, f);
	shared_path_end(j, &p, f);
}

void guarded_by_judge(struct judge *j, struct docket *d)
{
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];
		unsigned n = guarded_number(j, &d->bound, x);
		const struct lock *which;
		enum held want, have;
		struct shared in;

		if (x->a->kind > ACCESS_UPDATE || n == RULE_MAX_FIELDS ||
		    !shared_is_covered(j, d, x))
			continue;
		*map_put(&d->sinks, x->a->loc) = 1;
		want = needed(&d->bound.rule->locking, shared_writes(x));
		if (want == HELD_NOT || (x->teardown && is_own_lock(&d->bound.lock)))
			continue;
		in = shared_inside(j, x, &d->bound.fields[n]);
		have = shared_held(j, &in, &d->bound.lock, &which);
		if (have < want)
			report(j, d, x, have, which);
	}
}
