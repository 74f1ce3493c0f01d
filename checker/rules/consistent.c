/* SPDX-License-Identifier: MIT */
/*
 * Template consistent-lock: where nobody declares the discipline of a field, its
 * accesses do. Where all places but very few hold one lock of the object, those
 * that do not are the exception, and are reported.
 *
 * A place is an access in the source; it holds a lock where every entry point that
 * reaches it does. What is written or read without a lock on purpose says so
 * (READ_ONCE(), an atomic operation) and is no evidence. A number that is only looked
 * at without the lock is none either: that a look is enough is common.
 */
#include <string.h>

#include "rules/field_use.h"

#define MOST 4		/* places that hold the lock, for each that does not */

struct evidence {
	struct field_use use;
	struct use_count most;		/* the lock that most places hold */
};

/* ------------------------------------------------------------------- evidence */

static void find_lock(struct evidence *e)
{
	struct use_count counts[USE_LOCKS];
	unsigned n = field_use_count(&e->use, counts);

	/* A lock of the whole subsystem may be held for other reasons. */
	for (unsigned i = 0; i < n; i++)
		if (counts[i].lock.glob == IR_NONE &&
		    counts[i].writes + counts[i].reads > e->most.writes + e->most.reads)
			e->most = counts[i];
}

/* A place without the lock that does what needs one. */
static bool is_exception(const struct evidence *e, const struct use_place *p)
{
	return !field_use_holds(p, &e->most.lock) &&
	       (p->writes || e->use.field->type.kind == IR_T_AGG);
}

static unsigned count_exceptions(const struct evidence *e)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < e->use.places.n; i++)
		n += is_exception(e, &e->use.places.v[i]);
	return n;
}

static bool is_strong(const struct rule_locking *l, const struct evidence *e)
{
	unsigned held = e->most.writes + e->most.reads;

	return e->most.writes && held >= l->least && count_exceptions(e) * MOST <= held;
}

/* ------------------------------------------------------------------- findings */

struct text { struct judge *j; const struct evidence *e; const struct shared *x; };

static const char *lock_name(const struct text *t)
{
	return field_use_lock_name(t->j, t->e->use.bound.rec, &t->e->most.lock);
}

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->x->a->fn);
	if (!strcmp(name, "field"))
		return intern_get(&t->j->e.unit->names, t->e->use.field->name);
	if (!strcmp(name, "object"))
		return shared_object(t->j, t->x);
	if (!strcmp(name, "lock"))
		return lock_name(t);
	if (!strcmp(name, "access"))
		return shared_writes(t->x) ? "written" : "read";
	return NULL;
}

/* Another object's lock of that name may be this object's. */
static bool holds_namesake(struct judge *j, const struct evidence *e, const struct shared *x)
{
	struct bound_lock l = field_use_bound(&e->use, &e->most.lock);
	struct shared in = shared_inside(j, x, &e->use.bound);
	const struct lock *which;

	return shared_held(j, &in, &l, &which) != HELD_NOT || shared_may_hold(j, &in, &l);
}

static void report(struct judge *j, struct docket *d, const struct evidence *e,
		   const struct shared *x)
{
	struct text t = { j, e, x };
	struct shared_path p = { 0 };
	struct finding *f = shared_finding(j, d, x, shared_is_exact(j, x) &&
					   !holds_namesake(j, e, x));

	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value, &t);
	f->subject = arena_printf(&j->report->arena, "%s.%s", d->bound.rule->locking.record,
				  intern_get(&j->e.unit->names, e->use.field->name));
	f->reach = arena_printf(&j->report->arena, "%u places that access it hold '%s', %u of them "
				"write it; this one is reached from '%s', %s",
				e->most.writes + e->most.reads, lock_name(&t), e->most.writes,
				witness_function(j, x->entry), shared_locks_text(j, x));
	shared_path_add(j, &p, x, shared_writes(x) ? "the field is written" : "the field is read", 0);
	shared_path_other(j, &p, x, shared_conflict(j, x, &e->use.bound), f);
	shared_path_end(j, &p, f);
}

/* ---------------------------------------------------------------- the record */

static bool overlaps(const struct bound_field *a, ir_rec rec, uint64_t off, uint64_t width)
{
	return a->rec == rec && a->off < off + width && off < a->off + a->width;
}

/* Another rule says how the field is used. */
static bool is_declared(const struct judge *j, const struct bound_field *f)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		const struct bound_rule *b = &j->dockets[i].bound;
		const struct rule_locking *l = &b->rule->locking;

		if (!b->usable)
			continue;
		for (unsigned k = 0; k < l->nfields && b->rule->template != RULE_LOST_BIT; k++)
			if (overlaps(f, b->fields[k].rec, b->fields[k].off, b->fields[k].width))
				return true;
		for (unsigned k = 0; k < b->nguards; k++)
			if (overlaps(f, b->guards[k].field.rec, b->guards[k].field.off,
				     b->guards[k].field.width))
				return true;
		for (unsigned k = 0; k < b->rule->npolicy; k++)
			if (overlaps(f, b->policies[k].rec, b->policies[k].off,
				     b->policies[k].width))
				return true;
	}
	return false;
}

static void judge_field(struct judge *j, struct docket *d, const struct ir_field *field)
{
	struct evidence e = { .use = { .field = field, .bound = { d->bound.record, field->off,
								  (uint32_t)field->width } } };

	field_use_collect(j, d, &e.use, false);
	find_lock(&e);
	for (uint32_t i = 0; i < e.use.places.n; i++) {
		const struct use_place *p = &e.use.places.v[i];

		*map_put(&d->sinks, p->x->a->loc) = 1;
		if (is_strong(&d->bound.rule->locking, &e) && is_exception(&e, p))
			report(j, d, &e, p->x);
	}
	field_use_release(&e.use);
}

void consistent_lock_judge(struct judge *j, struct docket *d)
{
	uint32_t n = j->e.unit->records.v[d->bound.record].fields.n;

	for (uint32_t i = 0; i < n; i++) {
		const struct ir_field *f = &j->e.unit->records.v[d->bound.record].fields.v[i];
		struct bound_field bound = { d->bound.record, f->off, (uint32_t)f->width };

		/* Of the arms of a union it is not always known which one is meant. */
		if (f->in_union || f->name == 0 || is_declared(j, &bound) ||
		    (f->type.kind == IR_T_AGG && f->type.rec != IR_NONE &&
		     engine_is_lock_record(&j->e, f->type.rec)))
			continue;
		judge_field(j, d, f);
	}
}
