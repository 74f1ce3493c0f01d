/* SPDX-License-Identifier: MIT */
/* What is said of shared accesses: names, the threads of a race, findings. */
#include "rules/shared.h"

#include <string.h>

#include "base/buffer.h"

#define STEPS_MAX 60

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
		    shared_part_fits(j, x->a, r->fields.v[i].off, r->fields.v[i].width))
			f = &r->fields.v[i];
	if (f && x->a->part == IR_NONE && x->a->off + x->a->width > f->off + f->width)
		return "several members";
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

void shared_path_other(struct judge *j, struct shared_path *p, const struct shared *x,
		       const struct shared *y, struct finding *f)
{
	struct arena *arena = &j->report->arena;
	const char *done;

	if (!y)
		return;
	done = shared_writes(y) ? "written" : "read";
	shared_path_add(j, p, y, y == x ? "and by a second call at the same time" :
			arena_printf(arena, "at the same time the field is %s here", done), 1);
	if (y == x)
		return;
	f->related = arena_new_array(arena, struct related, 1);
	f->related[f->nrelated++] = (struct related){ witness_place(j, y->a->loc),
		arena_printf(arena, "'%s' is %s by '%s' at the same time, %s",
			     shared_field_name(j, y), done, witness_function(j, y->a->fn),
			     shared_locks_text(j, y)) };
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
