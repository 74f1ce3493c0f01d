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

#include "rules/shared.h"

#define LOCKS_MAX 8
#define MOST 4		/* places that hold the lock, for each that does not */

struct place_of {
	const struct shared *x;		/* the clearest of its accesses */
	bool writes;
	int64_t locks[LOCKS_MAX];	/* bits from the start of the record */
	unsigned nlocks;
};

struct field_use {
	const struct ir_field *field;
	struct bound_field bound;
	Array(struct place_of) places;
	int64_t lock;			/* that most places hold */
	unsigned held, written;		/* places that hold it; of these, what writes */
};

/* ------------------------------------------------------------------- evidence */

static unsigned own_locks(const struct shared *x, int64_t out[LOCKS_MAX])
{
	unsigned n = 0;

	for (uint32_t i = 0; i < x->a->nheld && n < LOCKS_MAX; i++) {
		const struct lock *l = &x->a->held[i];

		if (l->ref.root.i == x->a->root.i &&
		    (!shared_writes(x) || l->mode == MODEL_LOCK_EXCLUSIVE))
			out[n++] = l->ref.off - x->a->base;
	}
	return n;
}

static bool has(const int64_t *v, unsigned n, int64_t off)
{
	for (unsigned i = 0; i < n; i++)
		if (v[i] == off)
			return true;
	return false;
}

static void keep_common(struct place_of *p, const struct shared *x)
{
	int64_t locks[LOCKS_MAX];
	unsigned n = own_locks(x, locks), kept = 0;

	for (unsigned i = 0; i < p->nlocks; i++)
		if (has(locks, n, p->locks[i]))
			p->locks[kept++] = p->locks[i];
	/* Who holds fewest shows best what is wrong; of a read and a write, the write does. */
	if (n < p->nlocks || (n == p->nlocks && shared_writes(x) && !shared_writes(p->x)))
		p->x = x;
	p->nlocks = kept;
}

static void add_access(struct field_use *u, const struct shared *x)
{
	struct place_of p = { .x = x, .writes = shared_writes(x) };

	for (uint32_t i = 0; i < u->places.n; i++) {
		struct place_of *have = &u->places.v[i];

		if (have->x->a->loc != x->a->loc || have->x->a->fn != x->a->fn)
			continue;
		keep_common(have, x);
		have->writes |= p.writes;
		return;
	}
	p.nlocks = own_locks(x, p.locks);
	array_push(&u->places, p);
}

static void collect(struct judge *j, struct field_use *u)
{
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];
		bool meant = x->a->kind == ACCESS_UPDATE || x->a->mark != IR_PLAIN;
		int64_t locks[LOCKS_MAX];

		if (x->teardown || !shared_touches(j, x, &u->bound) ||
		    (meant && !own_locks(x, locks)))
			continue;
		add_access(u, x);
	}
}

static void find_lock(struct field_use *u)
{
	for (uint32_t i = 0; i < u->places.n; i++)
		for (unsigned k = 0; k < u->places.v[i].nlocks; k++) {
			int64_t lock = u->places.v[i].locks[k];
			unsigned held = 0, written = 0;

			for (uint32_t m = 0; m < u->places.n; m++) {
				const struct place_of *p = &u->places.v[m];
				bool holds = has(p->locks, p->nlocks, lock);

				held += holds;
				written += holds && p->writes;
			}
			if (held <= u->held)
				continue;
			u->lock = lock;
			u->held = held;
			u->written = written;
		}
}

/* A place without the lock that does what needs one. */
static bool is_exception(const struct field_use *u, const struct place_of *p)
{
	return !has(p->locks, p->nlocks, u->lock) &&
	       (p->writes || u->field->type.kind == IR_T_AGG);
}

static unsigned count_exceptions(const struct field_use *u)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < u->places.n; i++)
		n += is_exception(u, &u->places.v[i]);
	return n;
}

static bool is_strong(const struct rule_locking *l, const struct field_use *u)
{
	return u->written && u->held >= l->least && count_exceptions(u) * MOST <= u->held;
}

/* ------------------------------------------------------------------- findings */

struct text { struct judge *j; const struct field_use *u; const struct shared *x; };

static const char *lock_name(const struct text *t)
{
	const struct ir_record *r = &t->j->e.unit->records.v[t->u->bound.rec];

	for (uint32_t i = 0; i < r->fields.n; i++)
		if ((int64_t)r->fields.v[i].off <= t->u->lock &&
		    t->u->lock < (int64_t)(r->fields.v[i].off + r->fields.v[i].width))
			return intern_get(&t->j->e.unit->names, r->fields.v[i].name);
	return "?";
}

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->x->a->fn);
	if (!strcmp(name, "field"))
		return intern_get(&t->j->e.unit->names, t->u->field->name);
	if (!strcmp(name, "object"))
		return shared_object(t->j, t->x);
	if (!strcmp(name, "lock"))
		return lock_name(t);
	if (!strcmp(name, "access"))
		return shared_writes(t->x) ? "written" : "read";
	return NULL;
}

/* Another object's lock of that name may be this object's. */
static bool holds_namesake(struct judge *j, const struct field_use *u, const struct shared *x)
{
	struct bound_lock l = { .glob = IR_NONE, .rec = u->bound.rec, .off = (uint64_t)u->lock };
	const struct lock *which;

	return shared_held(j, x, &l, &which) != HELD_NOT || shared_may_hold(j, x, &l);
}

static void report(struct judge *j, struct docket *d, const struct field_use *u,
		   const struct shared *x)
{
	struct text t = { j, u, x };
	struct shared_path p = { 0 };
	struct finding *f = shared_finding(j, d, x, shared_is_exact(j, x) &&
					   !holds_namesake(j, u, x));

	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value, &t);
	f->subject = arena_printf(&j->report->arena, "%s.%s", d->bound.rule->locking.record,
				  intern_get(&j->e.unit->names, u->field->name));
	f->reach = arena_printf(&j->report->arena, "%u places that access it hold '%s', %u of them "
				"write it; this one is reached from '%s', %s", u->held, lock_name(&t),
				u->written, witness_function(j, x->entry), shared_locks_text(j, x));
	shared_path_add(j, &p, x, shared_writes(x) ? "the field is written" : "the field is read", 0);
	shared_path_other(j, &p, x, shared_conflict(j, x, &u->bound), f);
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
		for (unsigned k = 0; k < b->rule->npolicy; k++)
			if (overlaps(f, b->policies[k].rec, b->policies[k].off,
				     b->policies[k].width))
				return true;
	}
	return false;
}

static void judge_field(struct judge *j, struct docket *d, const struct ir_field *field)
{
	struct field_use u = { .field = field, .bound = { d->bound.record, field->off,
							  (uint32_t)field->width } };

	collect(j, &u);
	find_lock(&u);
	for (uint32_t i = 0; i < u.places.n; i++) {
		const struct place_of *p = &u.places.v[i];

		*map_put(&d->sinks, p->x->a->loc) = 1;
		if (is_strong(&d->bound.rule->locking, &u) && is_exception(&u, p))
			report(j, d, &u, p->x);
	}
	array_release(&u.places);
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
