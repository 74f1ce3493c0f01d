/* SPDX-License-Identifier: MIT */
/* replay_goal.h - how far each block of a function is from where a replay wants to go */
#ifndef PF_ENGINE_REPLAY_GOAL_H
#define PF_ENGINE_REPLAY_GOAL_H

#include "engine/fun.h"

#define GOAL_NEVER UINT32_MAX

struct goal_map;

/* The goal is the instruction or the end of a block at loc; 0: the return. */
struct goal_map *goal_map_new(struct arena *a, const struct fun *f, ir_loc loc);

/* Edges from the start of the block to the goal, or to the return; GOAL_NEVER where none leads. */
uint32_t goal_distance(const struct goal_map *m, uint32_t block, bool to_return);

#endif
