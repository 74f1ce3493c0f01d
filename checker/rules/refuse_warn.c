/* SPDX-License-Identifier: MIT */
/*
 * Template refuse-warn: who refuses because of the guard says so.
 *
 * Two monitor bytes per rule. The first: the path condition entails the guard
 * (GUARDED), a function returned a failure in that state (REFUSED), and the
 * flavours of the reports that were made, while the guard held (OWN) or where
 * that could not be told (OTHER; a caller may know). The second: the number
 * of the branch, then of the refusal. Where ways are joined it is the worst of
 * both: guarded or refused, and reported only where both are.
 */
#include <string.h>

#include "rules/judge.h"

#define GUARDED 1u
#define REFUSED 2u
#define OWN(flavour) (4u << (flavour))
#define OTHER(flavour) (32u << (flavour))
#define OWN_ALL (OWN(0) | OWN(1) | OWN(2))
#define OTHER_ALL (OTHER(0) | OTHER(1) | OTHER(2))
#define CANDIDATES 4

/* Which gates are open in the state: what is reported now has their flavour too; and shut ones. */
#define GATES (STATE_MONITORS - 1)
#define OPEN(flavour) (1u << (flavour))
#define SHUT(flavour) (8u << (flavour))
#define OPEN_ALL (OPEN(0) | OPEN(1) | OPEN(2))
#define SHUT_ALL (SHUT(0) | SHUT(1) | SHUT(2))
#define JOINED 64u	/* with the gates: of several ways the worst, which need not be one way */

static bool is_active(const struct docket *d)
{
	return d->bound.usable && d->bound.rule->template == RULE_REFUSE_WARN;
}

struct entailment {
	struct judge *j;
	const struct state *s;	/* its condition grows while the expression loads */
	bool holds, seen;
};

static void look(void *arg, const struct cond *pc, word_id ret)
{
	struct entailment *en = arg;
	struct dom *d = en->j->e.dom;
	bit_id no = bit_not(d, word_nonzero(d, ret));

	pc = cond_and_all(d, en->s->pc, pc);
	if (pc->unsat)
		return;
	en->seen = true;
	if (no.i == BIT_TOP.i || !cond_unsat(d, pc, &no, 1))
		en->holds = false;
}

/* The names of the rule have values here. */
static bool can_bind(const struct docket *d, struct fun *f, struct state *s)
{
	word_id any[CANDIDATES];

	for (unsigned i = 0; i < d->bound.rule->nbind; i++)
		if (!bind_values(&d->bound, i, f, s, WORD_NONE, any, CANDIDATES))
			return false;
	return true;
}

static bool guard_true(struct judge *j, struct docket *d, struct fun *f, const struct state *s,
		       const word_id *args)
{
	struct state copy = { 0 };
	struct entailment en = { j, &copy, true, false };

	state_copy(&copy, s);
	engine_eval(f, &copy, d->bound.guard, args, d->bound.rule->nbind + 1, false, look, &en);
	state_release(&copy);
	return en.seen && en.holds;
}

/* For some choice of values for the names from k on, the path condition makes the guard true. */
static bool guard_holds(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			word_id *args, unsigned k)
{
	word_id any[CANDIDATES];
	unsigned n;

	if (k == d->bound.rule->nbind)
		return guard_true(j, d, f, s, args);
	n = bind_values(&d->bound, k, f, s, WORD_NONE, any, CANDIDATES);
	for (unsigned i = 0; i < n; i++) {
		args[k + 1] = any[i];
		if (guard_holds(j, d, f, s, args, k + 1))
			return true;
	}
	return false;
}

/* The guard is true here, whatever made it so. */
static bool guard_is_true(struct judge *j, struct docket *d, struct fun *f, struct state *s)
{
	word_id args[BOUND_NAMES + 1];

	args[0] = word_const(j->e.dom, 0, 32);
	return guard_holds(j, d, f, s, args, 0);
}

/* The branch made the guard true: it was not before, by what the function itself did. */
static bool branch_decides(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			   const struct cond *before)
{
	const struct cond *after = s->pc;
	word_id args[BOUND_NAMES + 1];
	bool was;

	args[0] = word_const(j->e.dom, 0, 32);
	if (!guard_holds(j, d, f, s, args, 0))
		return false;
	s->pc = before;
	was = guard_true(j, d, f, s, args);
	s->pc = after;
	return !was;
}

static uint8_t branch_number(struct docket *d, ir_fn fn, ir_loc loc)
{
	for (uint32_t i = 0; i < d->branches.n; i++)
		if (d->branches.v[i].fn == fn && d->branches.v[i].loc == loc)
			return (uint8_t)(i + 1);
	if (d->branches.n < UINT8_MAX)
		array_push(&d->branches, (struct guard_branch){ fn, loc, false });
	return (uint8_t)d->branches.n;
}

void refuse_warn_branch(struct judge *j, struct fun *f, struct state *s,
			const struct cond *before, ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];

		if (!is_active(d) || *m & GUARDED || !docket_covers(j, d, f->id) ||
		    !can_bind(d, f, s))
			continue;
		if (f->emitting && !(f->body->flags & IR_FN_EXPR))
			*map_put(&d->sinks, f->body->loc) = 1;
		if (!(*m & REFUSED) && branch_decides(j, d, f, s, before)) {
			*m |= GUARDED;
			m[1] = branch_number(d, f->id, loc);
		}
	}
}

static void add_report(struct judge *j, struct fun *f, struct state *s, unsigned flavour)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];

		if (!is_active(d))
			continue;
		if (*m & (GUARDED | REFUSED))
			*m |= (uint8_t)OWN(flavour);
		else if (!can_bind(d, f, s))
			*m |= (uint8_t)OTHER(flavour);
	}
}

/* The report is made though the gate was shut: it limits nothing. */
static void take_back(struct judge *j, struct state *s, unsigned flavour)
{
	for (uint32_t i = 0; i < j->ndockets; i++)
		if (is_active(&j->dockets[i]))
			s->monitor[j->dockets[i].bound.monitor] &=
				(uint8_t)~(OWN(flavour) | OTHER(flavour));
	s->monitor[GATES] &= (uint8_t)~SHUT(flavour);
}

void refuse_warn_report(struct judge *j, struct fun *f, struct state *s, unsigned flavour)
{
	uint8_t gates = s->monitor[GATES];

	for (unsigned gate = 0; gate < 3; gate++)
		if (flavour == MODEL_PLAIN && !(gates & OPEN_ALL) && gates & SHUT(gate))
			take_back(j, s, gate);
	add_report(j, f, s, flavour);
	for (unsigned gate = 0; gate < 3; gate++)
		if (gates & OPEN(gate))
			add_report(j, f, s, gate);
}

/* A gate that stays shut has let the report through before: it counts as made. */
void refuse_warn_gate(struct judge *j, struct fun *f, struct state *s, unsigned flavour, bool open)
{
	bool active = false;

	for (uint32_t i = 0; i < j->ndockets; i++)
		active |= is_active(&j->dockets[i]);
	if (!active)
		return;
	s->monitor[GATES] |= (uint8_t)(open ? OPEN(flavour) : SHUT(flavour));
	if (!open)
		add_report(j, f, s, flavour);
}

static bool is_refusal(struct judge *j, const struct rule *r, struct fun *f, struct state *s,
		       word_id ret)
{
	const struct ir_type *t = &f->body->ret;
	struct dom *d = j->e.dom;
	uint8_t width;
	bool zero;

	if (word_is_none(ret))
		return false;
	width = word_width(d, ret);
	zero = (r->returns & RETURN_NULL && t->kind == IR_T_PTR) ||
	       (r->returns & RETURN_FALSE && t->kind == IR_T_BOOL);
	if (zero && cond_entails(d, s->pc, bit_not(d, word_nonzero(d, ret))))
		return true;
	if (!(r->returns & (t->kind == IR_T_PTR ? RETURN_ERRPTR : RETURN_ERRNO)) || width < 32)
		return false;
	return cond_entails(d, s->pc, word_bit(d, ret, width - 1u));
}

static uint8_t refusal_number(struct docket *d, ir_fn fn, ir_loc loc, uint8_t branch)
{
	for (uint32_t i = 0; i < d->refusals.n; i++)
		if (d->refusals.v[i].fn == fn && d->refusals.v[i].loc == loc &&
		    d->refusals.v[i].branch == branch)
			return (uint8_t)(i + 1);
	if (d->refusals.n < UINT8_MAX)
		array_push(&d->refusals, (struct refusal){ fn, loc, branch });
	return (uint8_t)d->refusals.n;
}

void refuse_warn_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];

		s->monitor[GATES] &= JOINED;
		if (!is_active(d) || !(*m & (GUARDED | REFUSED)))
			continue;
		if (*m & GUARDED && is_refusal(j, d->bound.rule, f, s, ret)) {
			m[1] = refusal_number(d, f->id, loc, m[1]);
			*m |= REFUSED;
		} else if (*m & GUARDED && !(s->monitor[GATES] & JOINED)) {
			d->branches.v[m[1] - 1].accepts = true;
		}
		*m &= (uint8_t)~GUARDED;
		if (!(*m & REFUSED))
			m[0] = m[1] = 0;
	}
}

/*
 * What a helper reported that cannot know the guard counts where the case of
 * the helper's summary makes the guard true: it reported on its way to a refusal.
 */
void refuse_warn_case(struct judge *j, struct fun *f, struct state *s, const uint8_t *callee)
{
	s->monitor[GATES] |= callee[GATES] & JOINED;
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];
		uint8_t from = callee[d->bound.monitor];

		if (!is_active(d))
			continue;
		*m |= from & (OWN_ALL | REFUSED);
		if (from & REFUSED)
			m[1] = callee[d->bound.monitor + 1];
		if (*m & (GUARDED | REFUSED) ||
		    (from & OTHER_ALL && guard_is_true(j, d, f, s)))
			*m |= (uint8_t)((from & OTHER_ALL) / 8);
		else if (from & OTHER_ALL && !can_bind(d, f, s))
			*m |= from & OTHER_ALL;
	}
}

/* How far the way has come to a refusal. */
static uint8_t stage(uint8_t m)
{
	return m & REFUSED ? REFUSED : m & GUARDED;
}

/*
 * Reports that are made on both ways; of one that has nothing to report yet its own say nothing.
 * It only ever gets less, so that a loop comes to an end.
 */
static uint8_t join_reports(uint8_t a, uint8_t b)
{
	uint8_t other = a & b & OTHER_ALL;

	if (!stage(b))
		return (a & OWN_ALL) | other;
	return (stage(a) ? a & b & OWN_ALL : b & OWN_ALL) | other;
}

void refuse_warn_merge(const struct judge *j, uint8_t *into, const uint8_t *from)
{
	uint8_t a = into[GATES], b = from[GATES], joined = (a | b) & JOINED;

	for (uint32_t i = 0; i < j->ndockets; i++) {
		const uint8_t at = j->dockets[i].bound.monitor;
		uint8_t x = into[at], y = from[at];

		if (!is_active(&j->dockets[i]) || (x == y && into[at + 1] == from[at + 1]))
			continue;
		if (stage(y) > stage(x))
			into[at + 1] = from[at + 1];
		into[at] = (stage(y) > stage(x) ? stage(y) : stage(x)) | join_reports(x, y);
		if (stage(into[at]) || (x ^ y) & OTHER_ALL)
			joined = JOINED;
	}
	into[GATES] = (a & b & OPEN_ALL) | ((a | b) & SHUT_ALL) | joined;
}

/* From the entry point over the branch that decides to the return. */
static void add_path(struct judge *j, struct finding *f, ir_fn entry, const struct refusal *r,
		     const struct guard_branch *b, bool reported)
{
	const char *state = reported ? "reported=without a limit" : "reported=no";
	struct step *s = arena_new_array(&j->report->arena, struct step, 3);

	s[0] = witness_step(j, entry, j->e.unit->funcs.v[entry].loc, STEP_ENTER,
			    arena_printf(&j->report->arena,
					 "'%s' can be called from outside of this unit",
					 witness_function(j, entry)), "reported=no");
	s[1] = witness_step(j, b->fn, b->loc, STEP_BRANCH, "the branch that leads to the refusal",
			    "reported=no");
	s[2] = witness_step(j, r->fn, r->loc, STEP_DANGER, "the error is returned here", state);
	f->steps = s;
	f->nsteps = 3;
}

static void silent_refusal(struct judge *j, struct docket *d, ir_fn entry, const uint8_t *m,
			   bool joined)
{
	const struct refusal *r = &d->refusals.v[m[1] - 1];
	bool reported = m[0] & OWN_ALL;
	struct finding *f;

	for (uint32_t i = 0; i < j->report->findings.n; i++) {
		const struct finding *g = &j->report->findings.v[i];

		if (g->rule == d->bound.rule && g->place.line == j->e.unit->locs.v[r->loc].line)
			return;
	}
	f = report_add(j->report, d->bound.rule, joined ? VERDICT_VIOLATION_MAY :
							  VERDICT_VIOLATION_EXACT);
	f->place = witness_place(j, r->loc);
	f->function = witness_function(j, r->fn);
	f->subject = f->function;
	f->message = witness_message(j, d, NULL, r->fn);
	f->why = d->bound.rule->why;
	f->reach = arena_printf(&j->report->arena, "reached from '%s': %s",
				witness_function(j, entry), reported ?
				"the refusal is reported, but neither once nor rate limited" :
				"no report is made on the path to this return");
	add_path(j, f, entry, r, &d->branches.v[r->branch - 1], reported);
	if (joined)
		witness_uncertain(j, f, "more ways than are kept apart were joined, so that the "
				  "report may be on another one");
	d->findings++;
	d->violated |= !joined;
	d->may |= joined;
}

void refuse_warn_entry(struct judge *j, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t n = 0; n < j->ndockets; n++) {
		struct docket *d = &j->dockets[n];

		for (uint32_t i = 0; is_active(d) && i < sum->ncases; i++) {
			const uint8_t *m = &sum->cases[i].exit.monitor[d->bound.monitor];
			unsigned own = (*m & OWN_ALL) / OWN(0);

			if (*m & REFUSED && m[1] && !(own & d->bound.rule->report_flavours) &&
			    !d->branches.v[d->refusals.v[m[1] - 1].branch - 1].accepts)
				silent_refusal(j, d, fn, m,
					       sum->cases[i].exit.monitor[GATES] & JOINED);
		}
	}
}
