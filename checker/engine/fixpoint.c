/* SPDX-License-Identifier: MIT */
/*
 * The fixpoint over the blocks of one function, loop by loop (order.c). The
 * state at a block is the join of what its edges bring; at a loop head, from
 * the second visit on, what still changes is widened. Obligations count only
 * once the states are final: what is in a loop is walked once more when the loop
 * is stable, and sends nothing then.
 */
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "engine/fun.h"
#include "engine/graph.h"
#include "engine/replay.h"
#include "engine/summary.h"
#include "ir/verify.h"

#define WIDEN_AFTER 2
#define HURRY_AFTER 3
#define SETTLE_AFTER 8
#define HEAD_SITE 0xfffffu	/* no block has that many instructions */

static double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct edge *edge_to(struct fun *f, uint32_t from, uint32_t to)
{
	for (uint32_t i = f->first_edge[from]; i < f->first_edge[from + 1]; i++)
		if (f->edges.v[i].to == to)
			return &f->edges.v[i];
	return NULL;
}

static void send(struct fun *f, uint32_t from, uint32_t to, const struct state *s)
{
	struct edge *e = edge_to(f, from, to);
	struct state copy = { 0 };

	if (s->pc->unsat || f->settled)
		return;
	state_copy(&copy, s);
	partitions_add(f, &e->out, &copy);
}

/* Sends the state along, under a condition. */
static void send_if(struct fun *f, uint32_t from, uint32_t to, const struct state *s, bit_id cond,
		    uint32_t tag)
{
	struct edge *e = edge_to(f, from, to);
	const struct cond *pc = cond_and(f->e->dom, s->pc, cond, tag);
	struct state copy = { 0 };

	if (pc->unsat)
		return;
	state_copy(&copy, s);
	copy.pc = pc;
	f->e->client.on_branch(f->e->client.arg, f, &copy, s->pc,
			       f->body->blocks.v[from].term.loc);
	if (f->settled)
		state_release(&copy);
	else
		partitions_add(f, &e->out, &copy);
}

static bool ends_in_path(const char *path, const char *file)
{
	size_t n = strlen(path), k = strlen(file);

	return n >= k && !strcmp(path + n - k, file) && (n == k || path[n - k - 1] == '/');
}

bool fixpoint_is_ignored(struct fun *f, ir_loc loc)
{
	const struct ir_place *p = &f->e->unit->locs.v[loc];
	bool is = false;

	for (unsigned i = 0; i < f->e->nignored; i++)
		if (f->e->ignored[i].line == p->line &&
		    ends_in_path(intern_get(&f->e->unit->names, p->file), f->e->ignored[i].file)) {
			f->e->stats.ignored |= (uint64_t)1 << i;
			is = true;
		}
	return is;
}

static void leave_branch(struct fun *f, uint32_t b, const struct ir_term *t, struct state *s)
{
	struct dom *d = f->e->dom;
	bit_id c = word_bit(d, value_of(f, t->cond), 0);

	if (f->e->nignored && fixpoint_is_ignored(f, t->loc)) {
		send(f, b, t->succ[0], s);
		send(f, b, t->succ[1], s);
		return;
	}
	send_if(f, b, t->succ[0], s, c, engine_tag(f->e, f->id, t->loc, true));
	send_if(f, b, t->succ[1], s, PLANT(107, bit_not(d, c), c),
		engine_tag(f->e, f->id, t->loc, false));
}

bit_id fixpoint_in_case(struct fun *f, const struct ir_term *t, word_id v, const struct ir_case *c)
{
	struct dom *d = f->e->dom;
	uint8_t width = word_width(d, v);
	enum ir_op le = PLANT(108, t->is_signed, false) ? IR_SLE : IR_ULE;

	if (c->lo == c->hi)
		return word_cmp(d, IR_EQ, v, word_const(d, c->lo, width));
	return bit_and(d, word_cmp(d, le, word_const(d, c->lo, width), v),
		       word_cmp(d, le, v, word_const(d, c->hi, width)));
}

static void leave_switch(struct fun *f, uint32_t b, const struct ir_term *t, struct state *s)
{
	struct dom *d = f->e->dom;
	word_id v = value_of(f, t->cond);
	const struct cond *rest = s->pc;

	for (uint32_t i = 0; i < t->ncases; i++) {
		bit_id c = fixpoint_in_case(f, t, v, &t->cases[i]);

		send_if(f, b, t->cases[i].block, s, c, engine_tag(f->e, f->id, t->loc, true));
		rest = cond_and(d, rest, PLANT(127, bit_not(d, c), c),
				engine_tag(f->e, f->id, t->loc, false));
	}
	s->pc = rest;
	send(f, b, t->succ[0], s);
}

static void leave_return(struct fun *f, uint32_t b, const struct ir_term *t, struct state *s)
{
	word_id ret = t->cond.kind == IR_V_NONE ? WORD_NONE : value_of(f, t->cond);

	f->e->client.on_return(f->e->client.arg, f, s, ret, t->loc);
	if (f->settled)
		return;
	array_push(&s->temps, ret);
	partitions_add(f, &f->exits[b], s);
}

void fixpoint_leave(struct fun *f, uint32_t block, struct state *s)
{
	const struct ir_term *t = &f->body->blocks.v[block].term;

	if (f->route) {
		route_leave(f, block, s);
		return;
	}
	switch (t->kind) {
	case IR_BR:
		leave_branch(f, block, t, s);
		break;
	case IR_SWITCH:
		leave_switch(f, block, t, s);
		break;
	case IR_RET:
		leave_return(f, block, t, s);
		break;
	case IR_UNREACH:
		break;
	default:
		for (uint32_t i = 0; i < t->nsucc; i++)
			send(f, block, t->succ[i], s);
	}
	state_release(s);
	if (f->e->deadline > 0 && now_seconds() > f->e->deadline) {
		f->lost = true;
		f->why = "the time for the unit ran out";
	}
}

/* The join of what the edges into the block bring. */
static void gather(struct fun *f, uint32_t b, struct partitions *out)
{
	for (uint32_t i = 0; i < f->edges.n; i++) {
		const struct edge *e = &f->edges.v[i];

		for (uint32_t k = 0; e->to == b && k < e->out.v.n; k++) {
			struct state copy = { 0 };

			state_copy(&copy, &e->out.v.v[k]);
			partitions_add(f, out, &copy);
		}
	}
}

static const struct state *same_key(const struct partitions *p, const struct state *s)
{
	for (uint32_t i = 0; i < p->v.n; i++)
		if (state_same_key(&p->v.v[i], s))
			return &p->v.v[i];
	return NULL;
}

/*
 * What the widening gave up becomes a value of the loop head, so that the body
 * can still relate it to itself. Older values of that name are forgotten.
 */
static void name_unknowns(struct fun *f, uint32_t head, struct state *s)
{
	uint64_t site = site_of(head, HEAD_SITE);
	struct dom *d = f->e->dom;

	state_forget_site(s, &f->e->syms, f->id, site);
	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell *c = &s->cells.v[i];

		if (c->kind == CELL_WORD && word_has_top(d, c->val) && !word_is_top(d, c->val))
			c->val = site_complete(f, site, c->root, c->off, c->val);
	}
}

/*
 * Where there are more states than partitions, the same ones need not meet again at the next
 * visit, and the head would never be stable: it keeps what it had.
 */
static void settle(struct fun *f, const struct partitions *old, struct partitions *now)
{
	struct partitions all = { 0 };

	for (uint32_t i = 0; i < old->v.n + now->v.n; i++) {
		struct state copy = { 0 };

		state_copy(&copy, i < old->v.n ? &old->v.v[i] : &now->v.v[i - old->v.n]);
		partitions_add(f, &all, &copy);
	}
	partitions_release(now);
	*now = all;
}

static void widen(struct fun *f, uint32_t head, const struct partitions *old,
		  struct partitions *now)
{
	enum widening how = f->visits[head] < HURRY_AFTER ? WIDEN_BITS : WIDEN_FAST;

	if (f->visits[head] >= SETTLE_AFTER)
		settle(f, old, now);
	for (uint32_t i = 0; i < now->v.n; i++) {
		const struct state *was = same_key(old, &now->v.v[i]);
		struct state copy = { 0 };

		if (!was || state_equal(was, &now->v.v[i]))
			continue;
		state_copy(&copy, was);
		state_join(&copy, &now->v.v[i], &f->e->syms, how);
		name_unknowns(f, head, &copy);
		state_release(&now->v.v[i]);
		now->v.v[i] = copy;
	}
}

static bool unchanged(const struct partitions *old, const struct partitions *now)
{
	if (old->v.n != now->v.n)
		return false;
	for (uint32_t i = 0; i < now->v.n; i++) {
		const struct state *was = same_key(old, &now->v.v[i]);

		if (!was || !state_equal(was, &now->v.v[i]))
			return false;
	}
	return true;
}

static void run_block(struct fun *f, uint32_t b)
{
	for (uint32_t i = f->first_edge[b]; i < f->first_edge[b + 1]; i++)
		partitions_release(&f->edges.v[i].out);
	partitions_release(&f->exits[b]);
	for (uint32_t i = 0; i < f->in[b].v.n && !f->lost; i++)
		walk_block(f, b, &f->in[b].v.v[i]);
	for (uint32_t i = f->first_edge[b]; i < f->first_edge[b + 1]; i++)
		f->queued[f->edges.v[i].to] = true;
}

/* The loop starts anew from another state at its head: nothing of the old one is left. */
static void reset_body(struct fun *f, uint32_t head)
{
	for (uint32_t i = f->position[head] + 1; i < f->loop_end[head]; i++) {
		uint32_t b = f->order[i];

		partitions_release(&f->in[b]);
		partitions_release(&f->exits[b]);
		for (uint32_t e = f->first_edge[b]; e < f->first_edge[b + 1]; e++)
			partitions_release(&f->edges.v[e].out);
		f->visits[b] = 0;
		f->queued[b] = false;
	}
}

static void visit(struct fun *f, uint32_t b)
{
	struct partitions now = { 0 };

	f->queued[b] = false;
	if (f->position[b] == 0 && !f->visits[b]) {
		f->visits[b] = 1;
		run_block(f, b);
		return;
	}
	gather(f, b, &now);
	if (f->is_head[b] && f->visits[b] >= WIDEN_AFTER)
		widen(f, b, &f->in[b], &now);
	if (f->visits[b] && unchanged(&f->in[b], &now)) {
		partitions_release(&now);
		return;
	}
	partitions_release(&f->in[b]);
	f->in[b] = now;
	if (f->visits[b]++)
		reset_body(f, b);
	run_block(f, b);
}

/* The states of a loop are final: once more through its blocks, to collect what they oblige. */
static void emit_loop(struct fun *f, uint32_t from, uint32_t to)
{
	f->emitting = f->settled = true;
	for (uint32_t i = from; i < to && !f->lost; i++) {
		uint32_t b = f->order[i];

		for (uint32_t k = 0; k < f->in[b].v.n && !f->lost; k++)
			walk_block(f, b, &f->in[b].v.v[k]);
	}
	f->settled = false;
}

/* A loop is gone through until its head is stable; only then what follows it. */
static void iterate(struct fun *f)
{
	Array(uint32_t) open = { 0 };	/* the heads of the loops around position i */

	for (uint32_t i = 0; i < f->norder && !f->lost;) {
		uint32_t b = f->order[i];

		f->emitting = !f->repeats[b];
		if (f->queued[b])
			visit(f, b);
		if (f->is_head[b] && (!open.n || open.v[open.n - 1] != b))
			array_push(&open, b);
		i++;
		while (open.n && i == f->loop_end[open.v[open.n - 1]]) {
			uint32_t head = open.v[open.n - 1];

			if (f->queued[head]) {
				i = f->position[head];
				break;
			}
			if (!--open.n)
				emit_loop(f, f->position[head], i);
		}
	}
	array_release(&open);
}

static void dump_states(struct fun *f)
{
	struct engine *e = f->e;
	const char *name = intern_get(&e->unit->names, f->body->name);

	if (!e->dump || (e->dump_function && strcmp(e->dump_function, name)))
		return;
	buffer_printf(e->dump, "state %s\n", name);
	for (uint32_t i = 0; i < f->norder; i++) {
		uint32_t b = f->order[i];

		for (uint32_t k = 0; k < f->in[b].v.n; k++) {
			buffer_printf(e->dump, "  b%u:\n", b);
			state_print(&f->in[b].v.v[k], &e->syms, e->dump);
		}
	}
}

static void enter(struct fun *f)
{
	struct state s = { 0 };

	state_init(&s, f->e->dom);
	for (uint32_t i = 0; i < f->nslots; i++)
		array_push(&s.temps, WORD_NONE);
	array_push(&f->in[0].v, s);
	f->queued[0] = true;
}

void fun_analyse(struct engine *e, ir_fn fn, struct summary *out)
{
	struct fun f = { .e = e, .id = fn, .summary = out };
	ir_fn outer = e->syms.current;

	f.body = ir_func_body(e->unit, fn);
	if (!f.body) {
		out->anything = true;
		out->why = intern_get(&e->unit->names,
				      e->unit->reasons.v[e->unit->funcs.v[fn].reason].text);
		e->client.on_lost(e->client.arg, fn, out->why);
		return;
	}
	ir_check(e->unit, fn, "what came before the engine");
	e->syms.current = fn;
	graph_init(&f);
	enter(&f);
	iterate(&f);
	e->stats.steps += f.steps;
	if (f.lost) {
		out->anything = true;
		out->why = f.why;
		e->client.on_lost(e->client.arg, fn, f.why);
	} else {
		dump_states(&f);
		summary_build(&f, out);
	}
	graph_release(&f);
	e->syms.current = outer;
}
