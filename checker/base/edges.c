/* SPDX-License-Identifier: MIT */
#include "base/edges.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void edges_sort(struct edges *g)
{
	if (g->list.n)
		qsort(g->list.v, g->list.n, sizeof(*g->list.v), by_number);
}

uint32_t edges_first(const struct edges *g, uint32_t from)
{
	uint32_t low = 0, high = g->list.n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (edges_from(g->list.v[mid]) < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void edges_release(struct edges *g)
{
	array_release(&g->list);
}

void edges_reach(const struct edges *g, uint64_t *set, uint32_t from)
{
	Array(uint32_t) work = { NULL, 0, 0 };

	edges_put(set, from);
	array_push(&work, from);
	while (work.n) {
		uint32_t at = array_pop(&work);

		for (uint32_t i = edges_first(g, at);
		     i < g->list.n && edges_from(g->list.v[i]) == at; i++) {
			uint32_t to = edges_to(g->list.v[i]);

			if (edges_has(set, to))
				continue;
			edges_put(set, to);
			array_push(&work, to);
		}
	}
	array_release(&work);
}
