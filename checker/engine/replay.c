/* SPDX-License-Identifier: MIT */
/*
 * A point of the search is an activation of a function, a block of it and the
 * state there; the points that are still to be gone from are a stack. What is
 * executed is what the fixpoint executes (transfer.c), but where a block ends
 * its successors become points in place of parts of a join, and a call of a
 * body becomes a point at the beginning of that body.
 */
#include "engine/route.h"

#include <string.h>

#include "engine/graph.h"

#define TRIES_MAX 8		/* searches, each with another order */
#define STEPS_MAX 20000		/* instructions of one */
#define POINTS_MAX 500		/* points that are gone from in one */
#define EFFORT_MAX 4000000	/* definitions that are computed in all of them */

static void go(struct route *r, struct point *p)
{
	struct fun *f = &p->at->f;

	f->body = &r->e->unit->funcs.v[f->id];
	f->steps = 0;
	r->now = *p;
	r->now.s = (struct state){ 0 };
	if (p->temps)
		walk_resume(f, p->block, p->insn, p->temps, &p->s);
	else
		walk_block(f, p->block, &p->s);
	r->steps += f->steps;
}

/* The last one that was added, of those that met the place the least often in vain. */
static struct point next_point(struct route *r)
{
	uint32_t best = r->points.n - 1;
	struct point p;

	for (uint32_t i = best; i-- > 0;)
		if (r->points.v[i].passed < r->points.v[best].passed)
			best = i;
	p = r->points.v[best];
	memmove(&r->points.v[best], &r->points.v[best + 1],
		(r->points.n - best - 1) * sizeof(*r->points.v));
	r->points.n--;
	return p;
}

static void search(struct route *r)
{
	while (r->points.n && !r->found && r->steps < STEPS_MAX && r->gone++ < POINTS_MAX &&
	       numbers_effort(r->e->dom) < r->effort) {
		struct point p = next_point(r);

		go(r, &p);
		state_release(&p.s);
	}
}

static void start(struct route *r)
{
	struct state s = { 0 };

	state_init(&s, r->e->dom);
	s.pc = r->r->assume;
	route_add_body(r, route_activation(r, r->r->entry, r->r->o->nhops, NULL), &s);
}

static void route_release(struct route *r)
{
	for (uint32_t i = 0; i < r->points.n; i++)
		state_release(&r->points.v[i].s);
	for (uint32_t i = 0; i < r->activations.n; i++) {
		struct fun *f = &r->activations.v[i]->f;

		f->body = &r->e->unit->funcs.v[f->id];
		graph_release(f);
	}
	for (uint32_t i = 0; i < r->numbers.n; i++)
		numbers_free(r->numbers.v[i]);
	array_release(&r->numbers);
	array_release(&r->points);
	array_release(&r->activations);
	array_release(&r->none.accesses);
	array_release(&r->none.uses);
	array_release(&r->none.obligations);
	map_release(&r->goals);
	map_release(&r->lost);
	arena_release(&r->arena);
}

static bool search_once(struct engine *e, const struct replay *r, uint32_t try, uint64_t effort,
			uint64_t *turns)
{
	struct route route = { .r = r, .e = e, .chance = try * 0x9e3779b1u, .turns = *turns,
			       .effort = effort };

	start(&route);
	search(&route);
	route_release(&route);
	*turns = route.turns;
	return route.found;
}

bool replay_run(struct engine *e, const struct replay *r)
{
	uint64_t turns = 0, effort = numbers_effort(e->dom) + EFFORT_MAX;
	bool found = false;
	ir_fn outer = e->syms.current;

	if (!ir_func_body(e->unit, r->entry) || r->assume->unsat)
		return false;
	e->syms.current = r->entry;
	for (uint32_t try = 0; try < TRIES_MAX && !found; try++)
		found = search_once(e, r, try, effort, &turns);
	e->syms.current = outer;
	return found;
}
