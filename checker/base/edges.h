/* SPDX-License-Identifier: MIT */
/*
 * edges.h - edges between numbers, and what is reached by them
 *
 *	struct edges g = { 0 };
 *	uint64_t *set = edges_set(n);		of the numbers below n, empty
 *
 *	edges_add(&g, from, to);
 *	edges_sort(&g);
 *	edges_reach(&g, set, from);		adds from, and all that is reached from there
 *	if (edges_has(set, to)) ...
 *	free(set);
 *	edges_release(&g);
 */
#ifndef PF_BASE_EDGES_H
#define PF_BASE_EDGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

struct edges { Array(uint64_t) list; };	/* from << 32 | to */

static inline void edges_add(struct edges *g, uint32_t from, uint32_t to)
{
	array_push(&g->list, (uint64_t)from << 32 | to);
}

static inline uint32_t edges_from(uint64_t edge) { return (uint32_t)(edge >> 32); }
static inline uint32_t edges_to(uint64_t edge) { return (uint32_t)edge; }

/* After the last edges_add(), before what follows. */
void edges_sort(struct edges *g);

/* The first edge of from, in the list; those that follow it there are the others. */
uint32_t edges_first(const struct edges *g, uint32_t from);

void edges_release(struct edges *g);

/* Bits for the numbers below n, on the heap; the caller frees them. */
static inline uint64_t *edges_set(uint32_t n)
{
	return xcalloc((size_t)n / 64 + 1, sizeof(uint64_t));
}

static inline bool edges_has(const uint64_t *set, uint32_t i)
{
	return set[i / 64] >> (i % 64) & 1;
}

static inline void edges_put(uint64_t *set, uint32_t i)
{
	set[i / 64] |= (uint64_t)1 << (i % 64);
}

/* What is in the set already is taken to be followed. */
void edges_reach(const struct edges *g, uint64_t *set, uint32_t from);

#endif
