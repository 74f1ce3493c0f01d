/* SPDX-License-Identifier: MIT */
/*
 * From an obligation that holds at an entry point to a finding: the values of
 * a model, the calls from the entry point to the sink, and the branches whose
 * conditions matter.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "domain/confirm.h"
#include "rules/judge.h"

#define VALUES_MAX 5
#define STEPS_MAX 90
#define DEPTH_MAX 64
#define REPLAYS_LOST 50	/* ways that led nowhere; then no more are followed */
#define ORIGINS 8	/* entry points that a value from memory may come from */
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

/* -------------------------------------------------------------------- symbols */

struct symbols_of {
	struct judge *j;
	sym_id v[64];
	unsigned n;
	struct map seen;		/* derived ones, which may be shared */
};

static void add_symbol(struct symbols_of *s, sym_id id, unsigned depth);

static void add_word(struct symbols_of *s, word_id w, unsigned depth)
{
	struct dom *d = s->j->e.dom;
	atom_id atoms[BIT_ATOMS];
	int64_t delta;
	sym_id id;

	if (word_is_none(w) || depth > DEPTH_MAX)
		return;
	if (word_as_symoff(d, w, &id, &delta)) {
		add_symbol(s, id, depth);
		return;
	}
	for (unsigned i = 0; i < word_width(d, w); i++) {
		unsigned n = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned k = 0; k < n; k++)
			add_symbol(s, atom_sym(atoms[k]), depth);
	}
}

/* A derived symbol stands for the symbols that it is defined by. */
static void add_symbol(struct symbols_of *s, sym_id id, unsigned depth)
{
	enum ir_op op;
	word_id a, b;

	if (sym_def(s->j->e.dom, id, &op, &a, &b)) {
		uint64_t *seen = map_put(&s->seen, id.i);

		if (*seen)
			return;
		*seen = 1;
		add_word(s, a, depth + 1);
		add_word(s, b, depth + 1);
		return;
	}
	for (unsigned i = 0; i < s->n; i++)
		if (s->v[i].i == id.i)
			return;
	if (s->n < 64)
		s->v[s->n++] = id;
}

static void symbols_of_cond(struct symbols_of *s, const struct cond *c)
{
	atom_id atoms[BIT_ATOMS];

	for (uint32_t i = 0; i < c->n; i++) {
		unsigned n = bit_support(s->j->e.dom, c->c[i].bit, atoms);

		for (unsigned k = 0; k < n; k++)
			add_symbol(s, atom_sym(atoms[k]), 0);
	}
}

/* --------------------------------------------------------------------- values */

static bool is_value(const struct symbol *k)
{
	return k->kind == SYM_K_PARAM || k->kind == SYM_K_CELL || k->kind == SYM_K_INIT ||
	       k->kind == SYM_K_FINAL;
}

static const char *taken(struct judge *j, struct buffer *b)
{
	const char *text = b->n ? arena_strdup(&j->report->arena, b->s) : NULL;

	buffer_release(b);
	return text;
}

/* As symbol_name(), but an object that only a rule has a name for has that. */
static void value_name(struct judge *j, sym_id id, struct buffer *out)
{
	static const char object[] = "<object ";
	struct buffer b = BUFFER_INIT;
	const char *s, *at;

	symbol_name(&j->e.syms, id, &b);
	for (s = buffer_str(&b); (at = strstr(s, object)); s = strchr(at, '>') + 1) {
		unsigned long key = strtoul(at + strlen(object), NULL, 10);

		buffer_add(out, s, (size_t)(at - s));
		buffer_puts(out, j->dockets[key >> 8].bound.rule->bind[key & 0xff].name);
	}
	buffer_puts(out, s);
	buffer_release(&b);
}

/* The numbers of a finding: those of a replay, or what the solver says. */
struct values {
	struct dom *d;
	const struct valuation *model;
	struct numbers *numbers;	/* of a replay, or NULL */
};

static uint64_t value_of_symbol(const struct values *v, sym_id id)
{
	return v->numbers ? numbers_value(v->numbers, id) :
			    model_word(v->d, v->model, word_sym(v->d, id));
}

/* "A EQUALS v SEPARATOR B EQUALS v" of the symbols. */
static const char *values_text(const struct symbols_of *s, const struct values *numbers,
			       const char *separator, const char *equals)
{
	struct judge *j = s->j;
	struct buffer b = BUFFER_INIT;
	unsigned shown = 0;

	for (unsigned i = 0; i < s->n && shown < VALUES_MAX; i++) {
		uint64_t v;

		if (!is_value(symbol_info(&j->e.syms, s->v[i])))
			continue;
		v = value_of_symbol(numbers, s->v[i]);
		buffer_puts(&b, shown++ ? separator : "");
		value_name(j, s->v[i], &b);
		buffer_printf(&b, v < 10 ? "%s%llu" : "%s0x%llx", equals, (unsigned long long)v);
	}
	return taken(j, &b);
}

/*
 * What holds on the whole way: symbols are fixed words, so that their values are
 * those at the entry point. Who calls that holds no lock.
 */
static void describe_model(const struct symbols_of *s, const struct rule *rule,
			   const struct cond *bad, struct numbers *numbers, const char **values,
			   const char **state)
{
	struct valuation *m = xcalloc(1, sizeof(*m));
	struct values v = { s->j->e.dom, m, numbers };
	struct arena *a = &s->j->report->arena;

	*values = *state = NULL;
	if (numbers || cond_model(s->j->e.dom, bad, NULL, 0, m)) {
		*values = values_text(s, &v, " and ", " = ");
		*state = values_text(s, &v, ", ", "=");
	}
	if (*values)
		*values = arena_printf(a, "with %s", *values);
	if (rule->template == RULE_TWO_SIDED)
		*state = arena_printf(a, "locks of the callers=none%s%s", *state ? ", " : "",
				      *state ? *state : "");
	if (!*state)
		*state = bad->imprecise ? "val=not known" : "val=as it is written";
	free(m);
}

/* ---------------------------------------------------------------------- steps */

struct path {
	struct judge *j;
	const struct rule *rule;
	const struct obligation *o;
	const struct cond *why;		/* the clauses that matter */
	const char *state;		/* what is known at each step */
	struct origin origin[ORIGINS];	/* who stores what is read on the way, and to which field */
	unsigned norigins;
	struct class field;
	Array(struct step) steps;
};

static void add_step(struct path *p, ir_fn fn, ir_loc loc, uint32_t nesting, unsigned kinds,
		     enum step_importance importance, const char *text)
{
	struct step s = witness_step(p->j, fn, loc, kinds, text, p->state);

	s.nesting = nesting;
	s.importance = (uint8_t)importance;
	if (p->steps.n < STEPS_MAX && s.place.line)
		array_push(&p->steps, s);
}

static bool clause_follows(struct path *p, uint32_t a, uint32_t b)
{
	const struct tag *x = &p->j->e.tags.v[p->why->c[a].tag];
	const struct tag *y = &p->j->e.tags.v[p->why->c[b].tag];

	return x->loc != y->loc ? x->loc > y->loc : a > b;
}

/* The branches of one function that matter, in the order of their places. */
static void add_branches(struct path *p, ir_fn fn, uint32_t nesting)
{
	bool done[COND_CLAUSES + 1] = { false };

	for (;;) {
		uint32_t next = UINT32_MAX;
		const struct tag *t;

		for (uint32_t i = 0; i < p->why->n && i < COND_CLAUSES; i++) {
			uint32_t tag = p->why->c[i].tag;

			if (tag && !done[i] && p->j->e.tags.v[tag].fn == fn &&
			    (next == UINT32_MAX || clause_follows(p, next, i)))
				next = i;
		}
		if (next == UINT32_MAX)
			return;
		done[next] = true;
		t = &p->j->e.tags.v[p->why->c[next].tag];
		add_step(p, fn, t->loc, nesting,
			 STEP_BRANCH | (t->taken ? STEP_TRUE : STEP_FALSE), STEP_IMPORTANT,
			 t->taken ? "assuming that the condition is true" :
			 "assuming that the condition is false");
	}
}

static const char *end_text(const struct rule *r)
{
	if (r->template == RULE_COUPLING)
		return "the object is given away here";
	return r->nat && r->at[0].kind == AT_CALL ? "the value is passed here" :
						    "the value is stored here";
}

/* The last place of the function that reads the field, if it does. */
static void add_read(struct path *p, ir_fn fn, uint32_t depth)
{
	const struct ir_func *f = ir_func_body(p->j->e.unit, fn);
	ir_loc loc = 0;

	for (uint32_t b = 0; p->norigins && f && b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];
			struct class c;

			if (n->op != IR_LOAD || n->rec == IR_NONE)
				continue;
			c = engine_class(&p->j->e, n->rec, n->recoff, n->width);
			if (c.rec == p->field.rec && c.off == p->field.off)
				loc = n->loc;
		}
	if (loc)
		add_step(p, fn, loc, depth, STEP_VALUE, STEP_ESSENTIAL,
			 arena_printf(&p->j->report->arena, "reads '%s'",
				      origin_name(p->j, p->field)));
}

/* From an entry point along the calls of the obligation to its place. */
static void add_way_to(struct path *p, ir_fn entry, const struct obligation *o, unsigned kinds,
		       const char *end)
{
	struct arena *a = &p->j->report->arena;
	uint32_t depth = 0;

	add_step(p, entry, p->j->e.unit->funcs.v[entry].loc, 0, STEP_ENTER, STEP_ESSENTIAL,
		 arena_printf(a, relevant_is_unused(p->j, entry) ?
			      "'%s' is for whoever includes it" :
			      "'%s' can be called from outside of this unit",
			      witness_function(p->j, entry)));
	for (uint32_t i = o->nhops; i-- > 0; depth++) {
		ir_fn callee = i ? o->hops[i - 1].fn : o->fn;

		add_branches(p, o->hops[i].fn, depth);
		if (kinds == STEP_DANGER)
			add_read(p, o->hops[i].fn, depth);
		add_step(p, o->hops[i].fn, o->hops[i].loc, depth, STEP_CALL, STEP_ESSENTIAL,
			 arena_printf(a, "calls '%s'", witness_function(p->j, callee)));
	}
	add_branches(p, o->fn, depth);
	if (kinds == STEP_DANGER)
		add_read(p, o->fn, depth);
	add_step(p, o->fn, o->loc, depth, kinds, STEP_ESSENTIAL, end);
}

/* First how the value came to where it is read, then the way from there. */
static void add_calls(struct path *p, ir_fn entry)
{
	const struct cond *why = p->why;

	if (p->norigins) {
		p->why = p->origin[0].why;
		add_way_to(p, p->origin[0].entry, p->origin[0].o, STEP_VALUE,
			   arena_printf(&p->j->report->arena, "stores it to '%s'",
					origin_name(p->j, p->field)));
		p->why = why;
	}
	add_way_to(p, entry, p->o, STEP_DANGER, end_text(p->rule));
}

static const char *reach_text(struct judge *j, ir_fn entry, const struct obligation *o)
{
	struct buffer b = BUFFER_INIT;

	buffer_printf(&b, "reached from '%s'", witness_function(j, entry));
	for (uint32_t i = o->nhops; i-- > 0;)
		buffer_printf(&b, "%s '%s'", i + 1 == o->nhops ? " through" : ",",
			      witness_function(j, i ? o->hops[i - 1].fn : o->fn));
	return taken(j, &b);
}

/* -------------------------------------------------------------------- verdict */

/* Unit propagation: the bits where all clauses of c hold that are one atom, or become it. */
static void propagate_units(struct dom *d, const struct cond *c, bit_id *bits, unsigned n)
{
	bit_id clause[COND_CLAUSES];
	bool done[COND_CLAUSES] = { false }, again = true;
	atom_id a[BIT_ATOMS];

	for (uint32_t i = 0; i < c->n; i++)
		clause[i] = c->c[i].bit;
	while (again) {
		again = false;
		for (uint32_t i = 0; i < c->n; i++) {
			bool value;

			if (done[i] || bit_support(d, clause[i], a) != 1)
				continue;
			done[i] = again = true;
			value = bit_same(bit_cofactor(d, clause[i], a[0], true), BIT_1);
			for (uint32_t k = 0; k < c->n; k++)
				if (!done[k])
					clause[k] = bit_cofactor(d, clause[k], a[0], value);
			for (unsigned k = 0; k < n; k++)
				bits[k] = bit_cofactor(d, bits[k], a[0], value);
		}
	}
}

/* What the rule asks of the fields is known, whatever is not of the way there. */
static bool is_answer_known(struct judge *j, const struct obligation *o, const struct cond *bad)
{
	struct symbols_of s = { .j = j };
	bit_id focus[OBLIGATION_FOCUS];
	atom_id atoms[BIT_ATOMS];
	bool known = true;

	memcpy(focus, o->focus, o->nfocus * sizeof(*focus));
	propagate_units(j->e.dom, bad, focus, o->nfocus);
	for (unsigned i = 0; i < o->nfocus; i++) {
		unsigned n = bit_support(j->e.dom, focus[i], atoms);

		known &= focus[i].i != BIT_TOP.i;
		for (unsigned k = 0; k < n; k++)
			add_symbol(&s, atom_sym(atoms[k]), 0);
	}
	for (unsigned i = 0; i < s.n; i++)
		if (symbol_info(&j->e.syms, s.v[i])->origin == ORIGIN_UNKNOWN)
			known = false;
	map_release(&s.seen);
	return known;
}

static enum verdict quality(struct judge *j, const struct symbols_of *s,
			    const struct obligation *o, const struct cond *bad,
			    const char **reason)
{
	unsigned unknown = 0;

	for (unsigned i = 0; i < s->n; i++) {
		const struct symbol *k = symbol_info(&j->e.syms, s->v[i]);

		if (k->origin != ORIGIN_UNKNOWN)
			continue;
		unknown++;
		if (k->reason)
			*reason = intern_get(&j->e.unit->names,
					     j->e.unit->reasons.v[k->reason].text);
	}
	if (o->unseen)
		*reason = intern_get(&j->e.unit->names, j->e.unit->reasons.v[o->unseen].text);
	if (o->unseen || (unknown && unknown == s->n && *reason))
		return VERDICT_INCOMPLETE;
	if (unknown && j->dockets[o->rule].bound.rule->template == RULE_COUPLING &&
	    !is_answer_known(j, o, bad)) {
		*reason = j->in.fe ?
			  "pending the link: what other units do with the object is not known here" :
			  "what the fields hold by then is not known";
		return VERDICT_INCOMPLETE;
	}
	if (!unknown && (o->may || bad->imprecise))
		*reason = WITNESS_PATH;
	else if (!unknown && o->unbound.i)
		*reason = "which object the rule is to look at is not known";
	else if (!unknown)
		return VERDICT_VIOLATION_EXACT;
	else if (!*reason)
		*reason = "a value on the way is not known";
	return VERDICT_VIOLATION_MAY;
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
	if (p->j->lost_replays < REPLAYS_LOST && replay_obligation(p->j, entry, o, bad, out)) {
		p->why = out->why;
		syms->n = 0;
		map_clear(&syms->seen);
		symbols_of_cond(syms, p->why);
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
		p->norigins = origin_find(j, syms->v[i], p->why, p->origin, ORIGINS);
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

	symbols_of_cond(&syms, p->origin[0].why);
	describe_model(&syms, p->rule, p->origin[0].when, NULL, &values, &state);
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

	add_calls(p, entry);
	f->entry = witness_function(j, entry);
	f->entry_inner = is_inner(j, entry);
	f->entry_place = witness_place(j, j->e.unit->funcs.v[entry].loc);
	f->place = *at;
	f->function = witness_function(j, o->fn);
	f->subject = subject_of(j, d, o);
	f->callee = at->macro;
	f->message = witness_message(j, d, o, o->fn);
	f->why = d->bound.rule->why;
	f->reach = reach_text(j, entry, o);
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
	struct witness_replay replay;
	const char *reason = NULL;
	enum verdict v;

	if (known && is_settled(known, is_inner(j, entry))) {
		witness_is_known(j, d, entry, &at);
		return;
	}
	p.why = o->nfocus ? cond_relevant(j->e.dom, bad, o->focus, o->nfocus) : bad;
	if (!p.why->n)
		p.why = bad;
	symbols_of_cond(&syms, p.why);
	v = quality(j, &syms, o, bad, &reason);
	v = replayed(&p, &syms, found, entry, bad, v, &replay, &reason);
	v = trace_origins(&p, &syms, v, &reason);
	if (known && !replay.numbers) {
		witness_is_known(j, d, entry, &at);
		return;
	}
	f = finding_of(j, d, entry, known, v, replay.numbers);
	f->replay = replay.numbers ? REPLAY_REACHED : "not reached";
	describe_model(&syms, d->bound.rule, bad, replay.numbers, &f->values, &p.state);
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
