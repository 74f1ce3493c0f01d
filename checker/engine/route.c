/* SPDX-License-Identifier: MIT */
#include "engine/route.h"

#include <string.h>

#include "engine/graph.h"

#define SETTLE_AT 24		/* clauses of a condition, from where on lone ones are put away */
#define VISITS_MAX 12		/* of one block by one activation */

uint64_t route_turn(struct route *r)
{
	return ++r->turns;
}

void route_at(struct route *r, struct state *s)
{
	r->state = s;
}

void route_access(struct fun *f, struct state *s, word_id ptr)
{
	struct dom *d = f->e->dom;
	int64_t delta;
	sym_id root;

	if (word_as_symoff(d, ptr, &root, &delta))
		s->pc = cond_and(d, s->pc, word_nonzero(d, word_sym(d, root)), 0);
}

void route_renamed(struct fun *f, struct state *s, word_id w, sym_id name)
{
	struct dom *d = f->e->dom;

	if (word_has_top(d, w))
		*map_put(&f->route->lost, name.i) = 1;
	else
		s->pc = cond_and(d, s->pc, word_cmp(d, IR_EQ, w, word_sym(d, name)), 0);
}

/* ------------------------------------------------------------------ activations */

ir_fn route_chain_fn(const struct obligation *o, uint32_t hop)
{
	return hop ? o->hops[hop - 1].fn : o->fn;
}

ir_loc route_chain_loc(const struct obligation *o, uint32_t hop)
{
	return hop ? o->hops[hop - 1].loc : o->loc;
}

static struct goal_map *goals_of(struct route *r, struct fun *f, uint32_t hop)
{
	uint64_t *slot = map_put(&r->goals, (uint64_t)f->id << 32 | hop);

	if (!*slot)
		*slot = (uintptr_t)goal_map_new(&r->arena, f,
						hop == HOP_OFF ? 0 : route_chain_loc(r->r->o, hop));
	return (struct goal_map *)(uintptr_t)*slot;
}

struct activation *route_activation(struct route *r, ir_fn fn, uint32_t hop,
					 struct activation *up)
{
	struct activation *a = arena_new(&r->arena, struct activation);

	a->f = (struct fun){ .e = r->e, .id = fn, .summary = &r->none, .route = r, .emitting = true,
			     .activation = ++r->nactivations };
	a->f.body = ir_func_body(r->e->unit, fn);
	a->up = up;
	a->hop = hop;
	a->depth = up ? up->depth + 1 : 0;
	graph_init(&a->f);
	a->goals = goals_of(r, &a->f, hop);
	array_push(&r->activations, a);
	return a;
}

word_id *route_words(struct route *r, const word_id *w, uint32_t n)
{
	return n ? arena_memdup(&r->arena, w, n * sizeof(*w)) : arena_new(&r->arena, word_id);
}

/* The state has a place for each temporary that lives across blocks. */
void route_set_slots(struct fun *f, struct state *s, const word_id *temps)
{
	array_clear(&s->temps);
	for (uint32_t i = 0; i < f->nslots; i++)
		array_push(&s->temps, WORD_NONE);
	for (uint32_t t = 0; temps && t < f->ntemps; t++)
		if (f->slot[t] != IR_NONE)
			s->temps.v[f->slot[t]] = temps[t];
}

/* ----------------------------------------------------------------------- points */

/* Clauses that no other one speaks about make room: a state has only so many. */
static void settle(struct route *r, struct point *p)
{
	struct clause lone[COND_CLAUSES];
	uint32_t n = 0;

	if (p->s.pc->n < SETTLE_AT)
		return;
	p->s.pc = cond_without_lone(r->e->dom, p->s.pc, lone, &n);
	for (uint32_t i = 0; i < n; i++) {
		struct trail *t = arena_new(&r->arena, struct trail);

		*t = (struct trail){ p->trail, lone[i] };
		p->trail = t;
	}
}

static unsigned all_bits(const struct point *p, bit_id out[REPLAY_CLAUSES])
{
	unsigned n = 0;

	for (uint32_t i = 0; i < p->s.pc->n; i++)
		out[n++] = p->s.pc->c[i].bit;
	for (const struct trail *t = p->trail; t && n < REPLAY_CLAUSES; t = t->up)
		out[n++] = t->clause.bit;
	return n;
}

/* Something was decided by bits that were lost: the way may be impossible. */
static bool rests_on_lost(struct route *r, const struct cond *c)
{
	atom_id a[BIT_ATOMS];

	for (uint32_t i = 0; r->lost.entries.n && i < c->n; i++) {
		unsigned n = bit_support(r->e->dom, c->c[i].bit, a);

		for (unsigned k = 0; k < n; k++) {
			word_id w = word_sym(r->e->dom, atom_sym(a[k]));
			uint32_t nbases;
			const sym_id *s = word_bases(r->e->dom, w, &nbases);

			for (uint32_t b = 0; b < nbases; b++)
				if (map_get(&r->lost, s[b].i))
					return true;
		}
	}
	return false;
}

/*
 * There are numbers for all that was decided. Those from before are kept as long as they
 * will do, so that a way is not gone whose conditions the solver only seems to understand.
 */
static bool has_numbers(struct route *r, struct point *p)
{
	bit_id bits[REPLAY_CLAUSES];
	unsigned n = all_bits(p, bits);

	if (p->s.pc->unsat || p->s.pc->imprecise || n == REPLAY_CLAUSES ||
	    rests_on_lost(r, p->s.pc))
		return false;
	if (p->numbers && numbers_hold(p->numbers, bits, p->s.pc->n))
		return true;
	p->numbers = numbers_find(r->e->dom, bits, n, p->numbers);
	if (p->numbers)
		array_push(&r->numbers, p->numbers);
	return p->numbers != NULL;
}

/* The state is used up. */
void route_add_point(struct route *r, struct point *p)
{
	if (!has_numbers(r, p)) {
		state_release(&p->s);
		return;
	}
	settle(r, p);
	array_push(&r->points, *p);
}

/* The point where the block begins, with the state *s, which is used up. */
void route_add_block(struct route *r, uint32_t block, struct state *s)
{
	struct point p = r->now;

	p.block = block;
	p.insn = 0;
	p.temps = NULL;
	p.s = *s;
	p.visits = arena_memdup(&r->arena, p.visits, p.at->f.body->blocks.n);
	if (p.visits[block]++ < VISITS_MAX)
		route_add_point(r, &p);
	else
		state_release(&p.s);
	*s = (struct state){ 0 };
}

void route_add_body(struct route *r, struct activation *a, struct state *s)
{
	struct point p = r->now;

	route_set_slots(&a->f, s, NULL);
	p.at = a;
	p.block = p.insn = 0;
	p.temps = NULL;
	p.visits = arena_new_array(&r->arena, uint8_t, a->f.body->blocks.n + 1);
	p.visits[0] = 1;
	p.s = *s;
	route_add_point(r, &p);
}
