/* SPDX-License-Identifier: MIT */
/*
 * A point of the search is an activation of a function, a block of it and the
 * state there; the points that are still to be gone from are a stack. What is
 * executed is what the fixpoint executes (transfer.c), but where a block ends
 * its successors become points in place of parts of a join, and a call of a
 * body becomes a point at the beginning of that body.
 */
#include "engine/replay.h"

#include <string.h>

#include "domain/confirm.h"
#include "engine/graph.h"
#include "engine/replay_goal.h"

#define TRIES_MAX 8		/* searches, each with another order */
#define STEPS_MAX 20000		/* instructions of one */
#define POINTS_MAX 500		/* points that are gone from in one */
#define DEPTH_MAX 24		/* calls below the sink's chain */
#define VISITS_MAX 4		/* of one block by one activation */
#define SETTLE_AT 24		/* clauses of a condition, from where on lone ones are put away */
#define BINDINGS 4		/* objects that a name is tried for */
#define HOP_OFF UINT32_MAX	/* the activation is none of the chain's */

/* Clauses that were put away; the nearest last decided first. */
struct trail {
	const struct trail *up;
	struct clause clause;
};

struct activation {
	struct fun f;
	struct activation *up;		/* the caller, or NULL */
	uint32_t block, insn;		/* of the call there */
	word_id *saved;			/* the caller's temporaries at the call */
	struct goal_map *goals;
	uint32_t hop;			/* calls between it and the sink; HOP_OFF */
	uint32_t depth;
	uint8_t *visits;		/* of the caller's blocks at the call */
};

struct point {
	struct activation *at;
	uint32_t block, insn;
	word_id *temps;			/* where insn is not the first; NULL: those of the state */
	uint8_t *visits;		/* by block */
	const struct trail *trail;
	struct numbers *numbers;	/* under which all of this holds */
	const struct obligation *later;	/* was met, and waits for the return */
	uint32_t passed;		/* so often was the place met in vain */
	struct state s;
};

struct route {
	const struct replay *r;
	struct engine *e;
	struct arena arena;
	Array(struct point) points;
	Array(struct activation *) activations;
	Array(struct numbers *) numbers;	/* all that there are */
	struct summary none;		/* what is noted for the callers, who are not asked */
	struct map goals;		/* function -> struct goal_map */
	struct point now;		/* without its state */
	struct state *state;		/* at the instruction that is executed */
	uint64_t turns, steps, gone;
	uint32_t chance;		/* a random number of this try; 0: in the first */
	uint32_t nactivations;
	bool found;
};

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

/* ------------------------------------------------------------------ activations */

static ir_fn chain_fn(const struct obligation *o, uint32_t hop)
{
	return hop ? o->hops[hop - 1].fn : o->fn;
}

static ir_loc chain_loc(const struct obligation *o, uint32_t hop)
{
	return hop ? o->hops[hop - 1].loc : o->loc;
}

static struct goal_map *goals_of(struct route *r, struct fun *f, uint32_t hop)
{
	uint64_t *slot = map_put(&r->goals, (uint64_t)f->id << 32 | hop);

	if (!*slot)
		*slot = (uintptr_t)goal_map_new(&r->arena, f,
						hop == HOP_OFF ? 0 : chain_loc(r->r->o, hop));
	return (struct goal_map *)(uintptr_t)*slot;
}

static struct activation *activation_new(struct route *r, ir_fn fn, uint32_t hop,
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

static word_id *words_copy(struct route *r, const word_id *w, uint32_t n)
{
	return n ? arena_memdup(&r->arena, w, n * sizeof(*w)) : arena_new(&r->arena, word_id);
}

/* The state has a place for each temporary that lives across blocks. */
static void set_slots(struct fun *f, struct state *s, const word_id *temps)
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

/*
 * There are numbers for all that was decided. Those from before are kept as long as they
 * will do, so that a way is not gone whose conditions the solver only seems to understand.
 */
static bool has_numbers(struct route *r, struct point *p)
{
	bit_id bits[REPLAY_CLAUSES];
	unsigned n = all_bits(p, bits);

	if (p->s.pc->unsat || p->s.pc->imprecise || n == REPLAY_CLAUSES)
		return false;
	if (p->numbers && numbers_hold(p->numbers, bits, p->s.pc->n))
		return true;
	p->numbers = numbers_find(r->e->dom, bits, n, p->numbers);
	if (p->numbers)
		array_push(&r->numbers, p->numbers);
	return p->numbers != NULL;
}

/* The state is used up. */
static void add_point(struct route *r, struct point *p)
{
	if (!has_numbers(r, p)) {
		state_release(&p->s);
		return;
	}
	settle(r, p);
	array_push(&r->points, *p);
}

/* The point where the block begins, with the state *s, which is used up. */
static void add_block(struct route *r, uint32_t block, struct state *s)
{
	struct point p = r->now;

	p.block = block;
	p.insn = 0;
	p.temps = NULL;
	p.s = *s;
	p.visits = arena_memdup(&r->arena, p.visits, p.at->f.body->blocks.n);
	if (p.visits[block]++ < VISITS_MAX)
		add_point(r, &p);
	else
		state_release(&p.s);
	*s = (struct state){ 0 };
}

static void enter(struct route *r, struct activation *a, struct state *s)
{
	struct point p = r->now;

	set_slots(&a->f, s, NULL);
	p.at = a;
	p.block = p.insn = 0;
	p.temps = NULL;
	p.visits = arena_new_array(&r->arena, uint8_t, a->f.body->blocks.n + 1);
	p.visits[0] = 1;
	p.s = *s;
	add_point(r, &p);
}

/* ------------------------------------------------------------------------ calls */

static bool fits(const struct call_site *c, const struct ir_func *f)
{
	if (c->nargs < f->nparams + (f->ret.kind == IR_T_AGG))
		return false;
	for (uint32_t b = 0, i = 0; i < f->blocks.v[b].insns.n; i++) {
		const struct ir_insn *p = &f->blocks.v[b].insns.v[i];

		if (p->op == IR_PARAM &&
		    (p->imm >= c->nargs || word_width(c->f->e->dom, c->args[p->imm]) != p->width))
			return false;
	}
	return true;
}

static void enter_call(const struct call_site *c, uint32_t hop)
{
	struct route *r = c->f->route;
	struct activation *up = r->now.at;
	struct activation *a = activation_new(r, c->callee, hop, up);
	struct state s = { 0 };

	c->f->body = &r->e->unit->funcs.v[c->f->id];
	a->block = (uint32_t)(c->site >> 20 & 0xfffff);
	a->insn = (uint32_t)(c->site & 0xfffff);
	a->saved = words_copy(r, c->f->temps, c->f->ntemps);
	a->f.args = words_copy(r, c->args, c->nargs);
	a->visits = r->now.visits;
	state_copy(&s, c->s);
	enter(r, a, &s);
}

bool route_enter(const struct call_site *c)
{
	struct route *r = c->f->route;
	uint32_t hop = r->now.at->hop;
	const struct ir_func *f = ir_func_body(r->e->unit, c->callee);
	bool on_chain = hop != HOP_OFF && hop && !r->now.later &&
			chain_loc(r->r->o, hop) == c->i->loc &&
			chain_fn(r->r->o, hop - 1) == c->callee;

	c->f->body = &r->e->unit->funcs.v[c->f->id];
	if (!f || r->e->unit->funcs.v[c->callee].flags & IR_FN_WEAK || !fits(c, f) ||
	    r->now.at->depth >= DEPTH_MAX + r->r->o->nhops)
		return false;
	enter_call(c, HOP_OFF);
	if (on_chain)
		enter_call(c, hop - 1);
	return true;
}

/* Behind the call in the caller, with the result. */
static void leave_call(struct route *r, struct state *s, word_id ret)
{
	struct activation *a = r->now.at;
	struct fun *f = &a->up->f;
	const struct ir_insn *i;
	struct point p = r->now;

	f->body = &r->e->unit->funcs.v[f->id];
	i = &f->body->blocks.v[a->block].insns.v[a->insn];
	p.at = a->up;
	p.block = a->block;
	p.insn = a->insn + 1;
	p.temps = words_copy(r, a->saved, f->ntemps);
	if (i->dst != IR_NONE)
		p.temps[i->dst] = ret;
	p.visits = a->visits;
	set_slots(f, s, p.temps);
	p.s = *s;
	*s = (struct state){ 0 };
	add_point(r, &p);
}

/* ----------------------------------------------------------------------- leaving */

static void ask(struct route *r, const struct obligation *o, const struct cond *bad,
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
		ask(r, &one, one.bad, NULL);
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
		ask(r, o, o->bad, NULL);
}

static void leave_return(struct fun *f, const struct ir_term *t, struct state *s)
{
	struct route *r = f->route;
	word_id ret = t->cond.kind == IR_V_NONE ? WORD_NONE : value_of(f, t->cond);

	r->e->client.on_return(r->e->client.arg, f, s, ret, t->loc);
	if (r->found || (r->now.at->hop != HOP_OFF && !r->now.later))
		return;
	if (r->now.at->up)
		leave_call(r, s, ret);
	else
		ask(r, r->now.later, r->now.later->bad, s);
}

static void take_edge(struct fun *f, uint32_t to, const struct state *s, const struct cond *pc)
{
	struct state copy = { 0 };

	state_copy(&copy, s);
	copy.pc = pc;
	add_block(f->route, to, &copy);
}

/* One way out of a block. */
struct way { uint32_t to; const struct cond *pc; uint32_t far; };

#define WAYS_MAX 128

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

/* ----------------------------------------------------------------------- search */

static void go(struct route *r, struct point *p)
{
	struct fun *f = &p->at->f;

	f->body = &r->e->unit->funcs.v[f->id];
	f->steps = 0;
	r->now = *p;
	r->now.s = (struct state){ 0 };
	if (p->temps)
		transfer_resume(f, p->block, p->insn, p->temps, &p->s);
	else
		transfer_block(f, p->block, &p->s);
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
	while (r->points.n && !r->found && r->steps < STEPS_MAX && r->gone++ < POINTS_MAX) {
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
	enter(r, activation_new(r, r->r->entry, r->r->o->nhops, NULL), &s);
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
	arena_release(&r->arena);
}

static bool search_once(struct engine *e, const struct replay *r, uint32_t try, uint64_t *turns)
{
	struct route route = { .r = r, .e = e, .chance = try * 0x9e3779b1u, .turns = *turns };

	start(&route);
	search(&route);
	route_release(&route);
	*turns = route.turns;
	return route.found;
}

bool replay_run(struct engine *e, const struct replay *r)
{
	uint64_t turns = 0;
	bool found = false;
	ir_fn outer = e->syms.current;

	if (!ir_func_body(e->unit, r->entry) || r->assume->unsat)
		return false;
	e->syms.current = r->entry;
	for (uint32_t try = 0; try < TRIES_MAX && !found; try++)
		found = search_once(e, r, try, &turns);
	e->syms.current = outer;
	return found;
}
