/* SPDX-License-Identifier: MIT */
#include "engine/replay_goal.h"

struct goal_map {
	uint32_t *to_goal, *to_return;	/* by block */
};

static bool is_at(const struct ir_block *b, ir_loc loc)
{
	if (b->term.loc == loc)
		return true;
	for (uint32_t i = 0; i < b->insns.n; i++)
		if (b->insns.v[i].loc == loc)
			return true;
	return false;
}

/* Of the blocks with distance 0 to all others, backwards along the edges, until nothing changes. */
static void spread(const struct fun *f, uint32_t *far)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = f->edges.n; i-- > 0;) {
			const struct edge *e = &f->edges.v[i];

			if (far[e->to] != GOAL_NEVER && far[e->to] + 1 < far[e->from]) {
				far[e->from] = far[e->to] + 1;
				again = true;
			}
		}
	}
}

struct goal_map *goal_map_new(struct arena *a, const struct fun *f, ir_loc loc)
{
	struct goal_map *m = arena_new(a, struct goal_map);
	uint32_t n = f->body->blocks.n;

	m->to_goal = arena_new_array(a, uint32_t, n);
	m->to_return = arena_new_array(a, uint32_t, n);
	for (uint32_t b = 0; b < n; b++) {
		const struct ir_block *bl = &f->body->blocks.v[b];

		m->to_return[b] = bl->term.kind == IR_RET ? 0 : GOAL_NEVER;
		m->to_goal[b] = loc ? (is_at(bl, loc) ? 0 : GOAL_NEVER) : m->to_return[b];
	}
	spread(f, m->to_goal);
	spread(f, m->to_return);
	return m;
}

uint32_t goal_distance(const struct goal_map *m, uint32_t block, bool to_return)
{
	return to_return ? m->to_return[block] : m->to_goal[block];
}
