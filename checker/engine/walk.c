/* SPDX-License-Identifier: MIT */
/*
 * A block, instruction by instruction. A call may split the state: then the rest of
 * the block is walked for each part.
 */
#include "engine/fun.h"
#include "engine/replay.h"

#include <string.h>

#define SPLITS 6	/* calls of a block that split the state, one behind the other */

struct walk {
	struct fun *f;
	uint32_t block;
	unsigned splits;
};

static void note_point(const struct walk *w, const struct state *s, uint32_t insn)
{
	const struct engine_client *c = &w->f->e->client;

	if (c->on_point && w->f->emitting)
		c->on_point(c->arg, w->f, s, w->block, insn);
}

static void finish(struct walk *w, struct state *s)
{
	struct fun *f = w->f;

	note_point(w, s, f->body->blocks.v[w->block].insns.n);
	for (uint32_t t = 0; t < f->ntemps; t++)
		if (f->slot[t] != IR_NONE && !word_is_none(f->temps[t]))
			s->temps.v[f->slot[t]] = f->temps[t];
	fixpoint_leave(f, w->block, s);
}

static void walk_from(struct walk *w, uint32_t n, struct state *s);

static void give_result(struct fun *f, const struct ir_insn *call, struct state *s)
{
	word_id ret = array_pop(&s->temps);

	if (call->dst == IR_NONE)
		return;
	f->temps[call->dst] = value_as(f, call->dst, ret);
	if (f->e->watched.n)
		access_learn(f, call);
}

/* Of a route, which is one way, nothing is merged: it is not followed further. */
static void join_parts(struct fun *f, struct partitions *parts)
{
	if (f->route)
		partitions_release(parts);
	while (parts->v.n > 1) {
		struct state *last = &parts->v.v[parts->v.n - 1];

		partitions_join(f, &parts->v.v[0], last);
		state_release(last);
		parts->v.n--;
	}
}

/* The rest of the block, from instruction n on, runs for each part. */
static void walk_parts(struct walk *w, uint32_t n, const struct ir_insn *call,
		       struct partitions *parts)
{
	struct fun *f = w->f;
	word_id *saved = xmalloc(f->ntemps * sizeof(*saved));

	memcpy(saved, f->temps, f->ntemps * sizeof(*saved));
	w->splits++;
	for (uint32_t i = 0; i < parts->v.n; i++) {
		memcpy(f->temps, saved, f->ntemps * sizeof(*saved));
		give_result(f, call, &parts->v.v[i]);
		walk_from(w, n, &parts->v.v[i]);
	}
	w->splits--;
	free(saved);
}

/* A call may split the state. True: it did not, and *s is what came out. */
static bool walk_call(struct walk *w, uint32_t n, uint64_t site, struct state *s)
{
	struct fun *f = w->f;
	struct ir_insn insn = f->body->blocks.v[w->block].insns.v[n];
	struct partitions parts = { 0 };
	bool one;

	call_execute(f, s, &insn, site, &parts);
	f->body = &f->e->unit->funcs.v[f->id];
	state_release(s);
	if (w->splits == SPLITS && parts.v.n > 1)
		join_parts(f, &parts);
	one = parts.v.n == 1;
	if (one) {
		*s = parts.v.v[0];
		parts.v.n = 0;
		give_result(f, &insn, s);
	} else if (parts.v.n) {
		walk_parts(w, n + 1, &insn, &parts);
	}
	partitions_release(&parts);
	return one;
}

static bool makes_symbols(enum ir_op op)
{
	return op == IR_LOAD || op == IR_RMW || op == IR_STORE || op == IR_UNKNOWN ||
	       op == IR_HAVOC || op == IR_ASM || op == IR_CALL || op == IR_PTRADD ||
	       op == IR_MEMCPY || op == IR_MEMSET;
}

/* Too much for the function: nothing will be known of it. */
static bool is_exhausted(struct fun *f)
{
	if (++f->steps > f->e->max_steps)
		f->why = "the step budget of the function ran out";
	else if (f->e->syms.too_deep)
		f->why = "it follows pointers too deeply";
	else
		return false;
	f->e->syms.too_deep = false;
	return f->lost = true;
}

/* On a route what an instruction makes has a name of its own each time. */
static uint64_t site_now(const struct walk *w, uint32_t n)
{
	uint64_t site = site_of(w->block, n);

	return w->f->route ? site | route_turn(w->f->route) << SITE_TURN : site;
}

static bool is_access(enum ir_op op)
{
	return op == IR_LOAD || op == IR_STORE || op == IR_RMW;
}

static void walk_from(struct walk *w, uint32_t n, struct state *s)
{
	struct fun *f = w->f;

	for (; n < f->body->blocks.v[w->block].insns.n; n++) {
		struct ir_insn insn = f->body->blocks.v[w->block].insns.v[n];
		uint64_t site = site_now(w, n);

		if (is_exhausted(f))
			return;
		note_point(w, s, n);
		if (f->route)
			route_at(f->route, s);
		if (makes_symbols(insn.op))
			site_enter(f, s, site);
		if (f->route && is_access(insn.op))
			route_access(f, s, value_of(f, insn.a));
		if (insn.op != IR_CALL)
			transfer_insn(f, s, &insn, site);
		else if (!walk_call(w, n, site, s))
			return;
	}
	finish(w, s);
}

void walk_block(struct fun *f, uint32_t block, const struct state *in)
{
	struct walk w = { f, block, 0 };
	struct state s = { 0 };

	f->block = block;
	for (uint32_t t = 0; t < f->ntemps; t++)
		f->temps[t] = f->slot[t] == IR_NONE ? WORD_NONE : in->temps.v[f->slot[t]];
	state_copy(&s, in);
	walk_from(&w, 0, &s);
	state_release(&s);
}

void walk_resume(struct fun *f, uint32_t block, uint32_t insn, const word_id *temps,
		 const struct state *in)
{
	struct walk w = { f, block, 0 };
	struct state s = { 0 };

	f->block = block;
	memcpy(f->temps, temps, f->ntemps * sizeof(*temps));
	state_copy(&s, in);
	walk_from(&w, insn, &s);
	state_release(&s);
}
