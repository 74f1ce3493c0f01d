/* SPDX-License-Identifier: MIT */
/*
 * atlas.h - the abstract states that the engine has at every point of a unit
 */
#ifndef PF_TEST_ENGINE_ATLAS_H
#define PF_TEST_ENGINE_ATLAS_H

#include "engine/engine.h"

struct held { uint32_t temp; word_id w; };

/* One abstract state; a point has several where calls split it. */
struct view {
	struct state s;		/* without cells unless whole */
	Array(struct held) temps;	/* those that are still used, and the newest */
	bool whole;
};

struct point {
	Array(struct view) views;
	uint32_t run, visits;	/* of the last run that came by */
};

struct atlas_fn {
	uint32_t *last_use;	/* by temporary: instruction, in the block that defines it */
	uint32_t *first;	/* by block: index of its first point */
	struct point *points;
	uint32_t npoints;
};

struct atlas {
	struct engine e;
	struct ir_unit *u;
	Array(struct atlas_fn) fns;	/* by ir_fn */
};

/* Analyses every function of the unit that has a body. */
void atlas_make(struct atlas *a, struct ir_unit *u, const struct model *model);
void atlas_release(struct atlas *a);

/* insn is UINT32_MAX at the terminator. NULL where the engine gave the function up. */
struct point *atlas_point(struct atlas *a, ir_fn fn, uint32_t block, uint32_t insn);

#endif
