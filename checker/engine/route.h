/* SPDX-License-Identifier: MIT */
/*
 * route.h - the inside of a replay: replay.c searches, route.c has the points that it goes
 * from, route_call.c follows calls, route_leave.c the ways out of a block
 */
#ifndef PF_ENGINE_ROUTE_H
#define PF_ENGINE_ROUTE_H

#include "domain/confirm.h"
#include "engine/replay.h"
#include "engine/replay_goal.h"

#define ROUTE_DEPTH 24		/* calls below those of the obligation */
#define HOP_OFF UINT32_MAX	/* the activation is none of the obligation's calls */

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
	struct map lost;		/* symbols in the place of bits that were lost */
	struct map goals;		/* function -> struct goal_map */
	struct point now;		/* without its state */
	struct state *state;		/* at the instruction that is executed */
	uint64_t turns, steps, gone;
	uint64_t effort;	/* numbers_effort() at which it is given up */
	uint32_t chance;		/* a random number of this try; 0: in the first */
	uint32_t nactivations;
	bool found;
};

/* --- route.c */

/* The function of the obligation that is hop calls above the place, and where it goes on. */
ir_fn route_chain_fn(const struct obligation *o, uint32_t hop);
ir_loc route_chain_loc(const struct obligation *o, uint32_t hop);
struct activation *route_activation(struct route *r, ir_fn fn, uint32_t hop, struct activation *up);
word_id *route_words(struct route *r, const word_id *w, uint32_t n);
/* The state has a place for each temporary that lives across blocks; temps may be NULL. */
void route_set_slots(struct fun *f, struct state *s, const word_id *temps);

/* One more point to go from, if there are numbers for it. The state is used up by each. */
void route_add_point(struct route *r, struct point *p);
void route_add_block(struct route *r, uint32_t block, struct state *s);
void route_add_body(struct route *r, struct activation *a, struct state *s);

/* --- route_call.c: behind the call in the caller, with the result */
void route_return(struct route *r, struct state *s, word_id ret);

/* --- route_leave.c: the obligation is met; is this what was looked for? */
void route_ask(struct route *r, const struct obligation *o, const struct cond *bad,
	       const struct state *exit);

#endif
