/* SPDX-License-Identifier: MIT */
/*
 * replay.h - one way through a program, followed by itself
 *
 * The fixpoint judges all ways at once: where two meet, something may be lost,
 * and a callee is what its summary says. A replay looks for one way from a
 * function to the place of an obligation of it, along the calls that the
 * obligation names. Nothing is joined on it, the functions that it enters are
 * executed in place of their summaries, and what an instruction makes each time
 * is a symbol of its own. What was decided on the way is kept, all of it.
 *
 * The search goes the nearest way first and turns back where a condition
 * contradicts the others. It has a budget: that it finds nothing says nothing.
 */
#ifndef PF_ENGINE_REPLAY_H
#define PF_ENGINE_REPLAY_H

#include "engine/fun.h"

#define REPLAY_CLAUSES 512	/* decided on one way */

/* A way that leads to the place. */
struct replay_path {
	const struct obligation *o;	/* as it is at the place, in the terms of the first function */
	const struct cond *bad;		/* its condition: o->bad, at the return with that of the way */
	struct clause clause[REPLAY_CLAUSES];	/* all others that were decided on the way */
	unsigned n;
	struct numbers *numbers;	/* under which these hold, but for what bad adds */
	const struct state *exit;	/* at the return of the first function; NULL: not there yet */
};

enum replay_answer {
	REPLAY_NO,	/* another way must be looked for */
	REPLAY_YES,	/* that is it */
	REPLAY_LATER,	/* ask again at the return of the first function */
};

struct replay {
	ir_fn entry;
	const struct obligation *o;	/* of the entry's summary */
	const struct cond *assume;	/* over the entry's own symbols: what the way starts with */
	enum replay_answer (*reached)(void *arg, const struct replay_path *p);
	void *arg;
};

/* Such a way was found. The engine's client is told of what happens on the ways. */
bool replay_run(struct engine *e, const struct replay *r);

/* --- for the rest of the engine; f->route is set */

struct route;
struct call_site {
	struct fun *f;
	const struct state *s;
	const struct ir_insn *i;
	uint64_t site;
	ir_fn callee;
	const word_id *args;
	unsigned nargs;
};

/* A number for one execution of an instruction. */
uint64_t route_turn(struct route *r);
/* The state at the instruction that comes now. */
void route_at(struct route *r, struct state *s);
/* Where ptr leads to is accessed: it is not null then. */
void route_access(struct fun *f, struct state *s, word_id ptr);
/*
 * The symbol takes the place of a value: it is equal to it, or, where bits of the value are
 * lost, no way may be decided by it.
 */
void route_renamed(struct fun *f, struct state *s, word_id w, sym_id name);
/* The body of the callee is executed. False: its code is not known. */
bool route_enter(const struct call_site *c);
/* The end of a block. The state is the route's from here on. */
void route_leave(struct fun *f, uint32_t block, struct state *s);
/* The client has met an obligation. */
void route_oblige(struct fun *f, const struct obligation *o);

#endif
