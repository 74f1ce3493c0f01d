/* SPDX-License-Identifier: MIT */
/* The steps of a witness: calls, the branches that matter, the place. */
#include "rules/witness_parts.h"

#define STEPS_MAX 90

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
void witness_calls(struct path *p, ir_fn entry)
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

const char *witness_reach(struct judge *j, ir_fn entry, const struct obligation *o)
{
	struct buffer b = BUFFER_INIT;

	buffer_printf(&b, "reached from '%s'", witness_function(j, entry));
	for (uint32_t i = o->nhops; i-- > 0;)
		buffer_printf(&b, "%s '%s'", i + 1 == o->nhops ? " through" : ",",
			      witness_function(j, i ? o->hops[i - 1].fn : o->fn));
	return witness_taken(j, &b);
}
