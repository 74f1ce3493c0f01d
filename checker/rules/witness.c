/* SPDX-License-Identifier: MIT */
/*
 * From an obligation that holds at an entry point to a finding: the values of
 * a model, the calls from the entry point to the sink, and the branches whose
 * conditions matter.
 */
#include <string.h>

#include "rules/witness_parts.h"

#define REPLAYS_LOST 50	/* ways that led nowhere; then no more are followed */
#define REPLAYS_EFFORT 20000000	/* numbers_effort(); the same */
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
	if (p->j->lost_replays < REPLAYS_LOST &&
	    numbers_effort(p->j->e.dom) < REPLAYS_EFFORT &&
	    replay_obligation(p->j, entry, o, bad, out)) {
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

/* What of memory matters to the finding: who stores that is asked, or told when it is known. */
static enum verdict trace_origins(struct path *p, const struct symbols_of *syms, enum verdict v,
				  const char **reason)
{
	struct judge *j = p->j;

	for (unsigned i = 0; !j->in.fe && i < syms->n && !p->norigins; i++) {
		if (!origin_field_of(j, syms->v[i], &p->field))
			continue;
		p->norigins = origin_find(j, syms->v[i], p->why, p->origin, WITNESS_ORIGINS);
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

/* Who calls the entry point shows more of the way. */
static bool is_inner(const struct judge *j, ir_fn entry)
{
	return !j->in.fe && map_get(&j->called, entry) != NULL;
}

/* The finding that is told, and to which the path and what is known on it go. */
static void tell(struct path *p, struct docket *d, ir_fn entry, const struct place *at,
		 struct finding *f)
{
	struct judge *j = p->j;
	const struct obligation *o = p->o;

	witness_calls(p, entry);
	f->entry = witness_function(j, entry);
	f->entry_inner = is_inner(j, entry);
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

void witness_finding(struct judge *j, struct docket *d, ir_fn entry,
		     const struct obligation *found, const struct cond *bad)
{
	struct obligation trimmed = outside_headers(j, found), *o = &trimmed;
	struct path p = { .j = j, .o = o, .rule = d->bound.rule };
	struct symbols_of syms = { .j = j };
	struct place at = witness_place(j, o->loc);
	struct finding *known = known_finding(j, d, &at), *f;
	struct witness_replay replay = { .why = NULL };
	const char *reason = NULL;
	enum verdict v;

	if (known && is_settled(known, is_inner(j, entry))) {
		witness_is_known(j, d, entry, &at);
		return;
	}
	p.why = o->nfocus ? cond_relevant(j->e.dom, bad, o->focus, o->nfocus) : bad;
	if (!p.why->n)
		p.why = bad;
	witness_symbols(&syms, p.why);
	v = witness_quality(j, &syms, o, bad, &reason);
	if (!o->unseen)
		v = replayed(&p, &syms, found, entry, bad, v, &replay, &reason);
	v = trace_origins(&p, &syms, v, &reason);
	if (known && (!replay.numbers || v > (enum verdict)known->verdict)) {
		witness_is_known(j, d, entry, &at);
		numbers_free(replay.numbers);
		map_release(&syms.seen);
		return;
	}
	f = finding_of(j, d, entry, known, v, replay.numbers);
	f->replay = replay.numbers ? REPLAY_REACHED : "not reached";
	witness_values(&syms, d->bound.rule, bad, replay.numbers, &f->values, &p.state);
	numbers_free(replay.numbers);
	map_release(&syms.seen);
	tell(&p, d, entry, &at, f);
	if (reason)
		witness_uncertain(j, f, reason);
	d->violated |= v == VERDICT_VIOLATION_EXACT;
	d->may |= v == VERDICT_VIOLATION_MAY;
	d->undecided |= v == VERDICT_INCOMPLETE;
	array_release(&p.steps);
}
