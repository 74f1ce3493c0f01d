/* SPDX-License-Identifier: MIT */
/*
 * graph.h - the shape of a function's control flow, for the fixpoint
 */
#ifndef PF_ENGINE_GRAPH_H
#define PF_ENGINE_GRAPH_H

#include "engine/fun.h"

/* Every way from the entry to block b leads through block a. */
bool graph_dominates(const struct fun *f, uint32_t a, uint32_t b);

/*
 * Fills f->order with the blocks that the entry leads to: each loop together, its head
 * first, and what follows a block behind it, edges to heads aside. Fills f->loop_end.
 */
void order_blocks(struct fun *f);

/* Fills edges, order, position, heads, repeats, slots and the arrays by block of f. */
void graph_init(struct fun *f);
void graph_release(struct fun *f);

#endif
