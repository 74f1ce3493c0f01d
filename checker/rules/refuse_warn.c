/* SPDX-License-Identifier: MIT */
/*
 * Template refuse-warn: who refuses because of the guard says so.
 *
 * Two monitor bytes per rule. The first: the path condition entails the guard
 * (GUARDED), a function returned a failure in that state (REFUSED), and the
 * flavours of the reports that were made, while the guard held (OWN) or where
 * that could not be told (OTHER; a caller may know). The second: the number
 * of the refusal.
 */
#include <string.h>

#include "rules/judge.h"

#define GUARDED 1u
#define REFUSED 2u
#define OWN(flavour) (4u << (flavour))
#define OTHER(flavour) (32u << (flavour))
#define OWN_ALL (OWN(0) | OWN(1) | OWN(2))
#define OTHER_ALL (OTHER(0) | OTHER(1) | OTHER(2))

static bool is_active(const struct docket *d)
{
	return d->bound.usable && d->bound.rule->template == RULE_REFUSE_WARN;
}

struct entailment { struct judge *j; bool holds, seen; };

static void look(void *arg, const struct cond *pc, word_id ret)
{
	struct entailment *en = arg;
	struct dom *d = en->j->e.dom;
	bit_id no = bit_not(d, word_nonzero(d, ret));

	en->seen = true;
	if (no.i == BIT_TOP.i || !cond_unsat(d, pc, &no, 1))
		en->holds = false;
}

/* The names of the rule have values here. */
static bool bind_all(const struct docket *d, struct fun *f, struct state *s, word_id *args)
{
	for (unsigned i = 0; i < d->bound.rule->nbind; i++)
		if (bind_values(&d->bound, i, f, s, WORD_NONE, &args[i], 1) != 1)
			return false;
	return true;
}

/* The names of the rule have values here, and the path condition makes the guard true. */
static bool guard_holds(struct judge *j, struct docket *d, struct fun *f, struct state *s)
{
	struct entailment en = { j, true, false };
	word_id args[BOUND_NAMES + 1];
	struct state copy = { 0 };

	args[0] = word_const(j->e.dom, 0, 32);
	if (!bind_all(d, f, s, args + 1))
		return false;
	if (f->emitting)
		*map_put(&d->sinks, f->body->loc) = 1;
	state_copy(&copy, s);
	engine_eval(f, &copy, d->bound.guard, args, d->bound.rule->nbind + 1, false, look, &en);
	state_release(&copy);
	return en.seen && en.holds;
}

void refuse_warn_branch(struct judge *j, struct fun *f, struct state *s)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		if (is_active(d) && !(s->monitor[d->bound.monitor] & GUARDED) &&
		    guard_holds(j, d, f, s))
			s->monitor[d->bound.monitor] |= GUARDED;
	}
}

void refuse_warn_report(struct judge *j, struct fun *f, struct state *s, unsigned flavour)
{
	word_id args[BOUND_NAMES];

	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];

		if (!is_active(d))
			continue;
		if (*m & (GUARDED | REFUSED))
			*m |= (uint8_t)OWN(flavour);
		else if (!bind_all(d, f, s, args))
			*m |= (uint8_t)OTHER(flavour);
	}
}

static bool is_refusal(struct judge *j, const struct rule *r, struct state *s, word_id ret)
{
	struct dom *d = j->e.dom;
	uint8_t width;
	bit_id nz;

	if (word_is_none(ret))
		return false;
	width = word_width(d, ret);
	nz = word_nonzero(d, ret);
	if (r->returns & (RETURN_NULL | RETURN_FALSE) && cond_entails(d, s->pc, bit_not(d, nz)))
		return true;
	return r->returns & (RETURN_ERRNO | RETURN_ERRPTR) && width >= 32 &&
	       cond_entails(d, s->pc, word_bit(d, ret, width - 1u));
}

static uint8_t refusal_number(struct docket *d, ir_fn fn, ir_loc loc, bool reported)
{
	for (uint32_t i = 0; i < d->refusals.n; i++)
		if (d->refusals.v[i].fn == fn && d->refusals.v[i].loc == loc) {
			d->refusals.v[i].reported |= reported;
			return (uint8_t)(i + 1);
		}
	if (d->refusals.n < UINT8_MAX)
		array_push(&d->refusals, (struct refusal){ fn, loc, reported });
	return (uint8_t)d->refusals.n;
}

void refuse_warn_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];

		if (!is_active(d) || !(*m & (GUARDED | REFUSED)))
			continue;
		if (*m & GUARDED && !(*m & REFUSED) && is_refusal(j, d->bound.rule, s, ret)) {
			m[1] = refusal_number(d, f->id, loc, *m & OWN_ALL);
			*m |= REFUSED;
		}
		*m &= (uint8_t)~GUARDED;
		if (!(*m & REFUSED))
			*m = 0;
	}
}

void refuse_warn_case(struct judge *j, struct fun *f, struct state *s, const uint8_t *callee)
{
	word_id args[BOUND_NAMES];

	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		uint8_t *m = &s->monitor[d->bound.monitor];
		uint8_t from = callee[d->bound.monitor];

		if (!is_active(d))
			continue;
		*m |= from & (OWN_ALL | REFUSED);
		if (from & REFUSED)
			m[1] = callee[d->bound.monitor + 1];
		if (*m & (GUARDED | REFUSED))
			*m |= (uint8_t)((from & OTHER_ALL) / 8);
		else if (from & OTHER_ALL && !bind_all(d, f, s, args))
			*m |= from & OTHER_ALL;
	}
}

static void silent_refusal(struct judge *j, struct docket *d, const struct summary_case *c,
			   const uint8_t *m)
{
	const struct refusal *r = &d->refusals.v[m[1] - 1];
	struct finding *f;

	for (uint32_t i = 0; i < j->report->findings.n; i++) {
		const struct finding *g = &j->report->findings.v[i];

		if (g->rule == d->bound.rule && g->place.line == j->e.unit->locs.v[r->loc].line)
			return;
	}
	(void)c;
	f = report_add(j->report, d->bound.rule, VERDICT_VIOLATION_EXACT);
	f->place = witness_place(j, r->loc);
	f->function = witness_function(j, r->fn);
	f->subject = f->function;
	f->message = rule_format(&j->report->arena, d->bound.rule, NULL, NULL);
	f->why = d->bound.rule->why;
	f->reach = m[0] & OWN_ALL ? "the refusal is reported, but neither once nor rate limited" :
		   "no report is made on the path to this return";
	d->findings++;
	d->violated = true;
}

void refuse_warn_entry(struct judge *j, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t n = 0; n < j->ndockets; n++) {
		struct docket *d = &j->dockets[n];

		for (uint32_t i = 0; is_active(d) && i < sum->ncases; i++) {
			const uint8_t *m = &sum->cases[i].exit.monitor[d->bound.monitor];
			unsigned own = (*m & OWN_ALL) / OWN(0);

			if (*m & REFUSED && m[1] && !(own & d->bound.rule->report_flavours))
				silent_refusal(j, d, &sum->cases[i], m);
		}
	}
}
