/* SPDX-License-Identifier: MIT */
/*
 * From an obligation that holds at an entry point to a finding: the values of
 * a model, the calls from the entry point to the sink, and the branches whose
 * conditions matter.
 */
#include <stdlib.h>
#include <string.h>

#include "rules/witness_parts.h"

/* What the replays may cost in all: of the best way of each place, and of the others. */
#define BEST_EFFORT 20000000	/* numbers_effort() */
#define OTHERS_EFFORT 3000000
#define OTHERS_LOST 50		/* ways that led nowhere */
#define REPLAY_REACHED "reached"

struct place witness_place(struct judge *j, ir_loc loc)
{
	const struct ir_place *p = &j->e.unit->locs.v[loc];
	struct intern *t = &j->e.unit->names;
	struct arena *a = &j->report->arena;

	if (!loc)
		return (struct place){ 0 };
	return (struct place){
		.file = arena_strdup(a, intern_get(t, p->file)), .line = p->line, .col = p->col,
		.end_line = p->end_line, .end_col = p->end_col,
		.macro = p->macro ? arena_strdup(a, intern_get(t, p->macro)) : NULL,
		.spell_file = p->spell_line ? arena_strdup(a, intern_get(t, p->spell_file)) : NULL,
		.spell_line = p->spell_line, .spell_col = p->spell_col,
	};
}

const char *witness_function(struct judge *j, ir_fn fn)
{
	return arena_strdup(&j->report->arena,
			    intern_get(&j->e.unit->names, j->e.unit->funcs.v[fn].name));
}

void witness_uncertain(struct judge *j, struct finding *f, const char *why)
{
	f->reasons = arena_new_array(&j->report->arena, const char *, 1);
	f->reasons[0] = arena_strdup(&j->report->arena, why);
	f->nreasons = 1;
}

struct step witness_step(struct judge *j, ir_fn fn, ir_loc loc, unsigned kinds, const char *text,
			 const char *state)
{
	return (struct step){ .place = witness_place(j, loc), .function = witness_function(j, fn),
			      .text = text, .kinds = (uint16_t)kinds, .state = state,
			      .importance = STEP_ESSENTIAL };
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->line == b->line && a->col == b->col && a->file && b->file &&
	       !strcmp(a->file, b->file);
}

static struct finding *known_finding(struct judge *j, struct docket *d, const struct place *at)
{
	for (uint32_t i = 0; i < j->report->findings.n; i++) {
		struct finding *f = &j->report->findings.v[i];

		if (f->rule == d->bound.rule && same_place(&f->place, at))
			return f;
	}
	return NULL;
}

static void add_related(struct judge *j, struct finding *f, const struct place *at,
			const char *text)
{
	struct related *r;

	for (unsigned i = 0; i < f->nrelated; i++)
		if (!strcmp(f->related[i].text, text))
			return;
	r = arena_new_array(&j->report->arena, struct related, f->nrelated + 1);
	if (f->nrelated)
		memcpy(r, f->related, f->nrelated * sizeof(*r));
	r[f->nrelated++] = (struct related){ *at, text };
	f->related = r;
}

static void add_way(struct judge *j, struct finding *f, const char *function,
		    const struct place *at)
{
	const char *text = arena_printf(&j->report->arena, "also reached from '%s'", function);
	const char *own = f->entry ? f->entry : f->nsteps ? f->steps[0].function : NULL;

	if (!own || strcmp(own, function))
		add_related(j, f, at, text);
}

static void drop_way(struct judge *j, struct finding *f, const char *function)
{
	const char *text = arena_printf(&j->report->arena, "also reached from '%s'", function);
	unsigned n = f->nrelated;

	f->nrelated = 0;
	for (unsigned k = 0; k < n; k++)
		if (strcmp(f->related[k].text, text))
			f->related[f->nrelated++] = f->related[k];
}

/* One result per sink; the other ways to it are related places. */
bool witness_is_known(struct judge *j, struct docket *d, ir_fn entry, const struct place *at)
{
	struct finding *f = known_finding(j, d, at);
	struct place there;

	if (!f)
		return false;
	there = witness_place(j, j->e.unit->funcs.v[entry].loc);
	add_way(j, f, witness_function(j, entry), &there);
	return true;
}

/* The sink that the obligation is about; the first where there is none. */
static const char *subject_of(struct judge *j, const struct docket *d, const struct obligation *o)
{
	const struct rule_at *at = d->bound.rule->nat ? &d->bound.rule->at[0] : NULL;

	for (unsigned i = 0; o && i < d->bound.nsinks; i++)
		if (d->bound.sinks[i].class.rec == o->pending.class.rec &&
		    d->bound.sinks[i].class.off == o->pending.class.off)
			at = d->bound.sinks[i].at;
	if (!at)
		return NULL;
	if (at->kind == AT_CALL)
		return at->function;
	return arena_printf(&j->report->arena, "%s.%s", at->record ? at->record : at->from_record,
			    at->record ? at->field : at->from_field);
}

struct message {
	struct judge *j;
	const struct docket *d;
	const struct obligation *o;
	ir_fn fn;
};

static const char *message_value(void *ctx, const char *name)
{
	const struct message *m = ctx;

	if (!strcmp(name, "function"))
		return witness_function(m->j, m->fn);
	if (!strcmp(name, "sink"))
		return subject_of(m->j, m->d, m->o);
	return NULL;
}

const char *witness_message(struct judge *j, const struct docket *d, const struct obligation *o,
			    ir_fn fn)
{
	struct message m = { j, d, o, fn };

	return rule_format(&j->report->arena, d->bound.rule, message_value, &m);
}

/* A primitive of a public header is no place to look at: its caller is. */
static struct obligation outside_headers(struct judge *j, const struct obligation *o)
{
	struct obligation n = *o;

	while (n.nhops && j->e.unit->funcs.v[n.fn].flags & IR_FN_HEADER) {
		n.fn = n.hops[0].fn;
		n.loc = n.hops[0].loc;
		n.hops++;
		n.nhops--;
	}
	return n;
}

/*
 * What is found again on one way alone is certain, whatever was lost where ways met;
 * what is not is no more than possible.
 */
static enum verdict replayed(struct path *p, struct symbols_of *syms, const struct obligation *o,
			     ir_fn entry, const struct cond *bad, enum verdict v,
			     struct witness_replay *out, const char **reason)
{
	*out = (struct witness_replay){ .why = NULL };
	if (replay_obligation(p->j, entry, o, bad, out)) {
		p->why = out->why;
		syms->n = 0;
		map_clear(&syms->seen);
		witness_symbols(syms, p->why);
		*reason = NULL;
		return VERDICT_VIOLATION_EXACT;
	}
	p->j->lost_replays++;
	if (v != VERDICT_VIOLATION_EXACT)
		return v;
	*reason = "the way there was not found again when it was followed by itself, so it may be "
		  "impossible";
	return VERDICT_VIOLATION_MAY;
}

static enum verdict not_followed(enum verdict v, const char **reason)
{
	if (v != VERDICT_VIOLATION_EXACT)
		return v;
	*reason = "there was no time to follow the way there by itself, so it may be impossible";
	return VERDICT_VIOLATION_MAY;
}

/* What of memory matters to the finding: who stores that is asked, or told when it is known. */
static enum verdict trace_origins(struct path *p, const struct symbols_of *syms,
				  const uint64_t *first, enum verdict v, const char **reason)
{
	struct judge *j = p->j;

	for (unsigned i = 0; !j->in.fe && i < syms->n && !p->norigins; i++) {
		if (!origin_field_of(j, syms->v[i], &p->field))
			continue;
		p->norigins = origin_find(j, syms->v[i], p->why, first, p->origin,
					   WITNESS_ORIGINS);
		if (!origin_is_asked(j, p->field)) {
			origin_want(j, p->field);
		} else if (!p->norigins && v == VERDICT_VIOLATION_EXACT) {
			*reason = arena_printf(&j->report->arena, "nobody is seen to store such a "
					       "value to '%s'", origin_name(j, p->field));
			v = VERDICT_VIOLATION_MAY;
		}
	}
	return v;
}

/* A replay has other names for what came up on the way: the finding's condition knows its own. */
static void keep_common(struct symbols_of *s, const struct symbols_of *with)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		for (unsigned k = 0; k < with->n; k++)
			if (with->v[k].i == s->v[i].i) {
				s->v[n++] = s->v[i];
				break;
			}
	s->n = n;
}

/* First of what the rule asks for, then of all that matters to it. */
static enum verdict trace_origins_of(struct path *p, const struct symbols_of *syms,
				     const uint64_t *first, enum verdict v, const char **reason)
{
	struct symbols_of asked = { .j = p->j };

	for (unsigned i = 0; i < p->o->nfocus; i++)
		witness_symbols_of_bit(&asked, p->o->focus[i]);
	keep_common(&asked, syms);
	v = trace_origins(p, &asked, first, v, reason);
	map_release(&asked.seen);
	return trace_origins(p, syms, first, v, reason);
}

/* "WITH; 'f' stores it to 'struct s.m' with flags = 1" */
static const char *values_of_origin(struct path *p, const char *with)
{
	struct arena *a = &p->j->report->arena;
	struct symbols_of syms = { .j = p->j };
	const char *values, *state;

	witness_symbols(&syms, p->origin[0].why);
	witness_values(&syms, p->rule, p->origin[0].when, NULL, &values, &state);
	map_release(&syms.seen);
	return arena_printf(a, "%s%s'%s' stores it to '%s'%s%s", with ? with : "", with ? "; " : "",
			    witness_function(p->j, p->origin[0].entry), origin_name(p->j, p->field),
			    values ? " " : "", values ? values : "");
}

static void add_origins(struct path *p, struct finding *f)
{
	f->values = values_of_origin(p, f->values);
	for (unsigned i = 1; i < p->norigins; i++) {
		ir_fn entry = p->origin[i].entry;
		struct place at = witness_place(p->j, p->j->e.unit->funcs.v[entry].loc);

		add_related(p->j, f, &at,
			    arena_printf(&p->j->report->arena, "'%s' stores such a value too",
					 witness_function(p->j, entry)));
	}
}

/* The finding that is told, and to which the path and what is known on it go. */
static void tell(struct path *p, struct docket *d, ir_fn entry, const struct place *at,
		 struct finding *f)
{
	struct judge *j = p->j;
	const struct obligation *o = p->o;

	witness_calls(p, entry);
	f->entry = witness_function(j, entry);
	f->entry_inner = relevant_is_inner(j, entry);
	f->entry_place = witness_place(j, j->e.unit->funcs.v[entry].loc);
	f->place = *at;
	f->function = witness_function(j, o->fn);
	f->subject = subject_of(j, d, o);
	f->callee = at->macro;
	f->message = witness_message(j, d, o, o->fn);
	f->why = d->bound.rule->why;
	f->reach = witness_reach(j, entry, o);
	f->steps = arena_memdup(&j->report->arena, p->steps.v, p->steps.n * sizeof(*p->steps.v));
	f->nsteps = p->steps.n;
	f->reasons = NULL;
	f->nreasons = 0;
	if (p->norigins)
		add_origins(p, f);
}

/*
 * A new finding; or the one that there is of the place gets this witness, since its own led
 * nowhere. What was its beginning is one of the other ways then.
 */
static struct finding *finding_of(struct judge *j, struct docket *d, ir_fn entry,
				  struct finding *known, enum verdict v, bool reached)
{
	const char *begins = witness_function(j, entry), *before;
	struct place there;

	if (!known) {
		j->replays++;
		j->not_replayed += !reached;
		d->findings++;
		return report_add(j->report, d->bound.rule, v);
	}
	j->not_replayed -= strcmp(known->replay, REPLAY_REACHED) != 0;
	before = known->entry;
	there = known->entry_place;
	drop_way(j, known, begins);
	known->entry = begins;
	add_way(j, known, before, &there);
	report_set_verdict(known, v);
	return known;
}

/*
 * Of a place that has a finding only a witness that leads there is worth another look, or one
 * from where nobody leads.
 */
static bool is_settled(const struct finding *known, bool inner)
{
	return !known->replay || (!strcmp(known->replay, REPLAY_REACHED) &&
				  (!known->entry_inner || inner));
}

static const struct cond *that_matters(struct judge *j, const struct obligation *o,
				       const struct cond *bad)
{
	const struct cond *why = o->nfocus ? cond_relevant(j->e.dom, bad, o->focus, o->nfocus) : bad;

	return why->n ? why : bad;
}

/* The way becomes the finding of its place, or the better one of the place's finding. */
static void tell_finding(struct path *p, const struct way *w, const struct symbols_of *syms,
			 struct finding *known, enum verdict v, struct numbers *numbers,
			 const char *reason)
{
	struct judge *j = p->j;
	struct place at = witness_place(j, p->o->loc);
	struct finding *f = finding_of(j, w->d, w->entry, known, v, numbers);

	f->replay = numbers ? REPLAY_REACHED : "not reached";
	witness_values(syms, w->d->bound.rule, w->bad, numbers, &f->values, &p->state);
	tell(p, w->d, w->entry, &at, f);
	if (reason)
		witness_uncertain(j, f, reason);
	w->d->violated |= v == VERDICT_VIOLATION_EXACT;
	w->d->may |= v == VERDICT_VIOLATION_MAY;
	w->d->undecided |= v == VERDICT_INCOMPLETE;
}

static void finding_from(struct judge *j, const struct way *w)
{
	struct obligation o = outside_headers(j, w->o);
	struct path p = { .j = j, .o = &o, .rule = w->d->bound.rule };
	struct symbols_of syms = { .j = j };
	struct place at = witness_place(j, o.loc);
	struct finding *known = known_finding(j, w->d, &at);
	struct witness_replay replay = { .why = NULL };
	const char *reason = NULL;
	enum verdict v;

	if (known && is_settled(known, w->inner)) {
		witness_is_known(j, w->d, w->entry, &at);
		return;
	}
	p.why = that_matters(j, &o, w->bad);
	witness_symbols(&syms, p.why);
	v = witness_quality(j, &syms, &o, w->bad, &reason);
	if (!o.unseen)
		v = w->followed ?
		    replayed(&p, &syms, w->o, w->entry, w->bad, v, &replay, &reason) :
		    not_followed(v, &reason);
	if (!known || replay.numbers)
		v = trace_origins_of(&p, &syms, w->d->setters, v, &reason);
	if (known && (!replay.numbers || v > (enum verdict)known->verdict))
		witness_is_known(j, w->d, w->entry, &at);
	else
		tell_finding(&p, w, &syms, known, v, replay.numbers, reason);
	numbers_free(replay.numbers);
	map_release(&syms.seen);
	array_release(&p.steps);
}

/* ------------------------------------------------------------------- the ways */

#define WAYS_FOLLOWED 4		/* of one entry point to one place */

static unsigned count_unknown(struct judge *j, const struct symbols_of *syms)
{
	unsigned n = 0;

	for (unsigned i = 0; i < syms->n; i++)
		n += symbol_info(&j->e.syms, syms->v[i])->origin == ORIGIN_UNKNOWN;
	return n;
}

void witness_way(struct judge *j, struct docket *d, ir_fn entry, const struct obligation *o,
		 const struct cond *bad)
{
	struct way w = { .d = d, .entry = entry, .o = o, .bad = bad, .number = j->ways.n,
			 .at = outside_headers(j, o).loc, .inner = relevant_is_inner(j, entry) };
	struct symbols_of syms = { .j = j };
	const char *reason = NULL;

	if (!d->setters)
		d->setters = relevant_setters(j, &d->bound);
	w.sets = d->setters[entry / 64] >> (entry % 64) & 1;
	witness_symbols(&syms, that_matters(j, o, bad));
	w.verdict = (uint8_t)witness_quality(j, &syms, o, bad, &reason);
	w.unknown = count_unknown(j, &syms);
	map_release(&syms.seen);
	array_push(&j->ways, w);
}

/*
 * By rule and place. Of the ways there: those that decide anything, those from where
 * nobody leads, those from where the flag that makes it a violation can be set as well,
 * what is certain, what depends on the fewest things that are not known, the shortest.
 */
static int by_quality(const void *a, const void *b)
{
	const struct way *x = a, *y = b;

	if (x->d != y->d)
		return x->d > y->d ? 1 : -1;
	if (x->at != y->at)
		return x->at > y->at ? 1 : -1;
	if ((x->verdict == VERDICT_INCOMPLETE) != (y->verdict == VERDICT_INCOMPLETE))
		return x->verdict == VERDICT_INCOMPLETE ? 1 : -1;
	if (x->inner != y->inner)
		return x->inner - y->inner;
	if (x->sets != y->sets)
		return y->sets - x->sets;
	if (x->verdict != y->verdict)
		return x->verdict - y->verdict;
	if (x->unknown != y->unknown)
		return x->unknown > y->unknown ? 1 : -1;
	if (x->o->nhops != y->o->nhops)
		return x->o->nhops > y->o->nhops ? 1 : -1;
	return x->number > y->number ? 1 : -1;
}

/* No more than some ways of each entry point are followed, so that there is time for others. */
static bool is_worth(const struct judge *j, uint32_t way)
{
	const struct way *w = &j->ways.v[way];
	unsigned before = 0;

	for (uint32_t i = way; i-- > 0 && before < WAYS_FOLLOWED;) {
		const struct way *x = &j->ways.v[i];

		if (x->d != w->d || x->at != w->at)
			break;
		before += x->entry == w->entry;
	}
	return before < WAYS_FOLLOWED;
}

static bool is_best(const struct judge *j, uint32_t way)
{
	const struct way *w = &j->ways.v[way];

	return !way || w[-1].d != w->d || w[-1].at != w->at;
}

/* The best way of each place, or the others; no more are followed once that much was in vain. */
static void follow(struct judge *j, bool best, uint64_t effort, uint32_t lost)
{
	const uint64_t end = numbers_effort(j->e.dom) + effort;

	lost += j->lost_replays;
	for (uint32_t i = 0; i < j->ways.n; i++) {
		struct way *w = &j->ways.v[i];

		if (is_best(j, i) != best)
			continue;
		w->followed = numbers_effort(j->e.dom) < end && j->lost_replays < lost &&
			      is_worth(j, i);
		j->e.syms.current = w->entry;
		finding_from(j, w);
	}
}

/* The best of each place first: no place takes the time of another's. */
void witness_findings(struct judge *j)
{
	if (j->ways.n)
		qsort(j->ways.v, j->ways.n, sizeof(*j->ways.v), by_quality);
	follow(j, true, BEST_EFFORT, j->ways.n);
	follow(j, false, OTHERS_EFFORT, OTHERS_LOST);
	j->e.syms.current = IR_NONE;
}
