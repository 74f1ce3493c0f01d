/* SPDX-License-Identifier: MIT */
/* Where a block ends, and where the obligation is met. */
#include "engine/route.h"

#include <stdlib.h>

#define BINDINGS 4		/* objects that a name is tried for */
#define WAYS_MAX 128

void route_ask(struct route *r, const struct obligation *o, const struct cond *bad,
		const struct state *exit)
{
	struct replay_path *p;

	if (bad->unsat || bad->imprecise)
		return;
	p = xcalloc(1, sizeof(*p));
	p->o = o;
	p->bad = bad;
	p->exit = exit;
	p->numbers = r->now.numbers;
	for (const struct trail *t = r->now.trail; t && p->n < REPLAY_CLAUSES; t = t->up)
		p->clause[p->n++] = t->clause;
	if (p->n < REPLAY_CLAUSES)
		switch (r->r->reached(r->r->arg, p)) {
		case REPLAY_YES:
			r->found = true;
			break;
		case REPLAY_LATER:
			r->now.later = arena_memdup(&r->arena, o, sizeof(*o));
			break;
		default:
			r->now.passed++;
			break;
		}
	free(p);
}

struct binding { sym_id bound; word_id to; };

static word_id bound_word(void *arg, sym_id id)
{
	const struct binding *b = arg;

	return id.i == b->bound.i ? b->to : WORD_NONE;
}

/* An object that the place has no name for is one that a caller on the way has. */
static void ask_bound(struct route *r, const struct obligation *o)
{
	const struct engine_client *c = &r->e->client;
	word_id to[BINDINGS];
	unsigned n = 0;

	for (struct activation *a = r->now.at->up; a && !n; a = a->up)
		n = c->on_bind(c->arg, &a->f, r->state, o->unbound, o->pending.ptr, to, BINDINGS);
	for (unsigned i = 0; i < n && !r->found && !r->now.later; i++) {
		struct binding b = { o->unbound, to[i] };
		struct subst *s = subst_new(r->e->dom, bound_word, &b);
		struct obligation one = *o;

		one.unbound = SYM_NONE;
		one.bad = cond_subst(s, o->bad);
		for (unsigned k = 0; k < one.nfocus; k++)
			one.focus[k] = bit_subst(s, one.focus[k]);
		subst_free(s);
		route_ask(r, &one, one.bad, NULL);
	}
}

void route_oblige(struct fun *f, const struct obligation *o)
{
	struct route *r = f->route;
	const struct obligation *want = r->r->o;

	if (r->found || r->now.later || o->is_pending || o->nhops || o->rule != want->rule ||
	    o->fn != want->fn || o->loc != want->loc || r->now.at->hop)
		return;
	if (o->unbound.i)
		ask_bound(r, o);
	else
		route_ask(r, o, o->bad, NULL);
}

static void leave_return(struct fun *f, const struct ir_term *t, struct state *s)
{
	struct route *r = f->route;
	word_id ret = t->cond.kind == IR_V_NONE ? WORD_NONE : value_of(f, t->cond);

	r->e->client.on_return(r->e->client.arg, f, s, ret, t->loc);
	if (r->found || (r->now.at->hop != HOP_OFF && !r->now.later))
		return;
	if (r->now.at->up)
		route_return(r, s, ret);
	else
		route_ask(r, r->now.later, r->now.later->bad, s);
}

static void take_edge(struct fun *f, uint32_t to, const struct state *s, const struct cond *pc)
{
	struct state copy = { 0 };

	state_copy(&copy, s);
	copy.pc = pc;
	route_add_block(f->route, to, &copy);
}

/* One way out of a block. */
struct way { uint32_t to; const struct cond *pc; uint32_t far; };

static void add_way(struct fun *f, struct way *w, unsigned *n, uint32_t to, const struct cond *pc)
{
	const struct point *now = &f->route->now;
	uint32_t far = goal_distance(now->at->goals, to, now->later != NULL);

	if (*n < WAYS_MAX && !pc->unsat && !pc->imprecise && far != GOAL_NEVER)
		w[(*n)++] = (struct way){ to, pc, far };
}

static unsigned switch_ways(struct fun *f, const struct ir_term *t, const struct state *s,
			    struct way *w)
{
	struct dom *d = f->e->dom;
	word_id v = value_of(f, t->cond);
	const struct cond *rest = s->pc;
	unsigned n = 0;

	for (uint32_t i = 0; i < t->ncases; i++) {
		bit_id c = fixpoint_in_case(f, t, v, &t->cases[i]);

		add_way(f, w, &n, t->cases[i].block,
			cond_and(d, s->pc, c, engine_tag(f->e, f->id, t->loc, true)));
		rest = cond_and(d, rest, bit_not(d, c), engine_tag(f->e, f->id, t->loc, false));
	}
	add_way(f, w, &n, t->succ[0], rest);
	return n;
}

static unsigned ways_of(struct fun *f, const struct ir_term *t, const struct state *s,
			struct way *w)
{
	struct dom *d = f->e->dom;
	unsigned n = 0;
	bit_id c;

	if (t->kind == IR_SWITCH)
		return switch_ways(f, t, s, w);
	if (t->kind == IR_BR && !fixpoint_is_ignored(f, t->loc)) {
		c = word_bit(d, value_of(f, t->cond), 0);
		add_way(f, w, &n, t->succ[0],
			cond_and(d, s->pc, c, engine_tag(f->e, f->id, t->loc, true)));
		add_way(f, w, &n, t->succ[1],
			cond_and(d, s->pc, bit_not(d, c),
				 engine_tag(f->e, f->id, t->loc, false)));
		return n;
	}
	for (uint32_t i = 0; i < t->nsucc; i++)
		add_way(f, w, &n, t->succ[i], s->pc);
	return n;
}

/* The nearest last: it is gone first. */
static int by_distance(const void *a, const void *b)
{
	const struct way *x = a, *y = b;

	return (x->far < y->far) - (x->far > y->far);
}

/* The first try goes the nearest way everywhere, the others now and then another one. */
static void order_ways(struct route *r, struct way *w, unsigned n)
{
	qsort(w, n, sizeof(*w), by_distance);
	if (!r->chance || n < 2)
		return;
	r->chance ^= r->chance << 13;
	r->chance ^= r->chance >> 17;
	r->chance ^= r->chance << 5;
	if (!(r->chance >> 8 & 3)) {
		struct way last = w[n - 1];
		unsigned k = r->chance % (n - 1);

		w[n - 1] = w[k];
		w[k] = last;
	}
}

void route_leave(struct fun *f, uint32_t block, struct state *s)
{
	const struct ir_term *t = &f->body->blocks.v[block].term;
	struct way w[WAYS_MAX];
	unsigned n;

	if (t->kind == IR_RET) {
		leave_return(f, t, s);
	} else if (t->kind != IR_UNREACH && !f->route->found) {
		n = ways_of(f, t, s, w);
		order_ways(f->route, w, n);
		for (unsigned i = 0; i < n; i++)
			take_edge(f, w[i].to, s, w[i].pc);
	}
	state_release(s);
}
