/* SPDX-License-Identifier: MIT */
/* Template publish-then-read: what is said of who changes the setting. */
#include "rules/publish.h"

void publish_report(struct judge *j, struct docket *d, const struct publish_fault *x)
{
	const struct mark *m = x->m;
	struct arena *a = &j->report->arena;
	struct place at = witness_place(j, m->loc);
	struct finding *f;

	*map_put(&d->sinks, m->loc) = 1;
	*map_put(&d->doubts, m->loc) = DOUBT_NONE;
	*map_put(&d->doubts, m->then_loc) = DOUBT_NONE;
	if (witness_is_known(j, d, x->entry, &at))
		return;
	f = report_add(j->report, d->bound.rule,
		       x->exact ? VERDICT_VIOLATION_EXACT : VERDICT_VIOLATION_MAY);
	f->place = at;
	f->function = witness_function(j, m->fn);
	f->callee = at.macro;
	f->subject = x->subject;
	f->message = x->message;
	f->why = d->bound.rule->why;
	f->reach = arena_printf(a, "reached from '%s'", witness_function(j, x->entry));
	f->steps = arena_new_array(a, struct step, 2);
	if (m->then_loc && x->before)
		f->steps[f->nsteps++] = witness_step(j, m->then_fn, m->then_loc, STEP_CALL, x->then,
						     x->then_state);
	f->steps[f->nsteps++] = witness_step(j, m->fn, m->loc, STEP_CALL | STEP_DANGER, x->step,
					     x->state);
	if (m->then_loc && !x->before)
		f->steps[f->nsteps++] = witness_step(j, m->then_fn, m->then_loc, STEP_CALL, x->then,
						     x->then_state);
	f->quiet = x->quiet;
	d->findings++;
	*(x->exact ? &d->violated : &d->may) = true;
	if (!x->exact)
		witness_uncertain(j, f, WITNESS_PATH);
}

const char *publish_called(struct judge *j, const char *const *names, unsigned n, ir_fn fn,
			   ir_loc loc)
{
	const struct ir_func *f = &j->e.unit->funcs.v[fn];

	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *in = &f->blocks.v[b].insns.v[i];

			if (in->op == IR_CALL && in->loc == loc && in->imm != IR_NONE &&
			    publish_lists(j, names, n, in->imm))
				return witness_function(j, in->imm);
		}
	return names[0];
}

static void report_failed(struct judge *j, struct docket *d, ir_fn entry, const struct mark *m,
			  bool exact)
{
	struct arena *a = &j->report->arena;
	const struct rule_locking *l = &d->bound.rule->locking;
	struct publish_fault x = { .entry = entry, .m = m, .subject = l->flag.field,
				   .exact = exact };
	bool ignored = docket_mark_kind(m) == IGNORED, kept = m->then_loc && !ignored;
	const char *apply = publish_called(j, l->apply, l->napply, m->fn, m->loc);

	x.step = arena_printf(a, "'%s' fails for a member", apply);
	x.state = arena_printf(a, "'%s'=failed", apply);
	x.before = kept;
	x.then = arena_printf(a, "'%s' is changed %s", l->flag.field, ignored ? "all the same" :
			      "before the members are");
	x.then_state = arena_printf(a, "'%s'=changed", l->flag.field);
	x.message = ignored ?
		arena_printf(a, "'%s' is changed although '%s' failed for a member of '%s', which "
			     "keeps the old setting.", l->flag.field, apply, l->list.field) :
		kept ?
		arena_printf(a, "'%s' fails for a member of '%s', and '%s', which was changed before, "
			     "stays as it is.", apply, l->list.field, l->flag.field) :
		arena_printf(a, "'%s' fails for a member of '%s', and nothing takes back what those "
			     "before it got, while '%s' stays as it was.", apply,
			     l->list.field, l->flag.field);
	publish_report(j, d, &x);
}

static void report_missed(struct judge *j, struct docket *d, ir_fn entry, const struct mark *m,
			  bool exact)
{
	struct arena *a = &j->report->arena;
	const struct rule_locking *l = &d->bound.rule->locking;
	struct publish_fault x = {
		.entry = entry, .m = m, .subject = l->flag.field,
		.exact = exact && publish_is_apply(j, d, m->fn),
		.message = arena_printf(a, "'%s' passes over a member without an error, and '%s' is "
					"changed only afterwards: the member keeps the old setting.",
					witness_function(j, m->fn), l->flag.field),
		.step = publish_is_apply(j, d, m->fn) ?
			"success, and nothing was done for the member" :
			"on another way round the loop nothing is called for the member",
		.quiet = !publish_is_apply(j, d, m->fn),
		.state = "'entry'=as before",
		.then = arena_printf(a, "'%s' is changed", l->flag.field),
		.then_state = arena_printf(a, "'%s'=changed", l->flag.field),
	};

	publish_report(j, d, &x);
}

/* In some case the entry point changes the setting: to take back is its own affair. */
static bool is_updater(const struct docket *d, const struct summary *sum)
{
	for (uint32_t i = 0; i < sum->ncases; i++)
		for (uint32_t k = 0; k < sum->cases[i].exit.marks.n; k++)
			if (sum->cases[i].exit.marks.v[k].key == docket_mark(d, CHANGED))
				return true;
	return false;
}

/* In apply, of which no caller is seen that changes the setting. */
static void report_skipped(struct judge *j, struct docket *d, ir_fn fn, bool sure)
{
	docket_reason(j, d, arena_printf(&j->report->arena, sure ?
		      "function '%s': it can pass over a member without an error, and whether the "
		      "setting is changed only afterwards is not known" :
		      "function '%s': whether it passes over a member without an error is not known",
		      witness_function(j, fn)));
}

void publish_update_left(struct judge *j, struct docket *d, ir_fn fn, const struct summary *sum,
			 const struct state *exit, const struct mark *m)
{
	const uint64_t *walked = map_get(&d->walked, m->loc);
	bool kept = docket_mark_kind(m) == FAILED || m->then_loc;

	switch (docket_mark_kind(m)) {
	case IGNORED:
		report_failed(j, d, fn, m, m->sure);
		break;
	case MISSED:
		report_missed(j, d, fn, m, m->sure);
		break;
	case FAILED:
	case TRIED:
		if (!kept || !m->ref.root.i || !is_updater(d, sum))
			break;
		if (m->sure)
			report_failed(j, d, fn, m, !exit->pc->imprecise);
		else
			publish_doubt(d, DOUBT_TAKEN_BACK, fn, m->loc);
		break;
	case UNWALKED:
		if (walked && *walked)
			publish_doubt(d, DOUBT_WALKED, fn, m->loc);
		break;
	case SKIPPED:
		if (publish_is_apply(j, d, fn) && !map_get(&j->called, fn))
			report_skipped(j, d, fn, m->sure);
		break;
	default:
		break;
	}
}

void publish_doubt(struct docket *d, enum publish_doubt why, ir_fn fn, ir_loc loc)
{
	if (!map_get(&d->doubts, loc))
		*map_put(&d->doubts, loc) = (uint64_t)fn << 8 | why;
}

/* Where nothing was found either. */
static void tell_doubts(struct judge *j, struct docket *d)
{
	static const char *const texts[] = {
		[DOUBT_WALKED] = "all members get the setting on each way on which it is changed",
		[DOUBT_IGNORED] = "a member has failed before the setting is changed",
		[DOUBT_MISSED] = "a member was passed over before the setting is changed",
		[DOUBT_TAKEN_BACK] = "what members got is taken back where one fails",
	};

	for (uint32_t i = 0; i < d->doubts.entries.n; i++) {
		uint64_t v = d->doubts.entries.v[i].value;

		if ((v & 0xff) != DOUBT_NONE)
			docket_reason(j, d, arena_printf(&j->report->arena, "function '%s': whether "
							 "%s is not known",
							 witness_function(j, (ir_fn)(v >> 8)),
							 texts[v & 0xff]));
	}
}

/* Whether the access, or a call on the way to it, is a change whose members get it; or NULL. */
static const uint64_t *find_change(const struct docket *d, const struct shared_access *a)
{
	const uint64_t *found = map_get(&d->walked, a->loc);

	for (uint32_t i = 0; !found && i < a->nhops; i++)
		found = map_get(&d->walked, a->hops[i].loc);
	return found;
}

/* A change of the setting without the lock, or in a section without a walk of the list. */
static void judge_change(struct judge *j, struct docket *d, const struct shared *x)
{
	const struct rule_locking *l = &d->bound.rule->locking;
	struct arena *a = &j->report->arena;
	struct shared in = shared_inside(j, x, &d->bound.flag);
	struct shared_path p = { 0 };
	const struct lock *which;
	enum held have = shared_held(j, &in, &d->bound.lock, &which);
	const uint64_t *walked = find_change(d, x->a);
	bool locked = have == HELD_EXCLUSIVE;
	struct finding *f;

	if (!walked || (locked && *walked))
		return;
	*map_put(&d->doubts, x->a->loc) = DOUBT_NONE;
	f = shared_finding(j, d, x, shared_is_exact(j, x) && have != HELD_OTHER &&
			   !shared_may_hold(j, &in, &d->bound.lock));
	if (!f)
		return;
	f->message = locked ?
		arena_printf(a, "'%s' changes '%s' and does not go through '%s' in the same section of "
			     "'%s': the members keep the old setting.",
			     witness_function(j, x->a->fn), l->flag.field, l->list.field,
			     l->lock.text) :
		arena_printf(a, "'%s' changes '%s' without '%s', under which a member of '%s' is put "
			     "there.", witness_function(j, x->a->fn), l->flag.field, l->lock.text,
			     l->list.field);
	f->subject = l->flag.field;
	f->reach = arena_printf(a, "reached from '%s'", witness_function(j, x->entry));
	shared_path_add(j, &p, x, "the setting is changed", 0);
	shared_path_end(j, &p, f);
}

void publish_update_judge(struct judge *j, struct docket *d)
{
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];

		if (shared_writes(x) && !x->teardown && shared_touches(j, x, &d->bound.flag) &&
		    shared_is_covered(j, d, x))
			judge_change(j, d, x);
	}
	tell_doubts(j, d);
}
