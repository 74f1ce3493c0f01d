/* SPDX-License-Identifier: MIT */
/*
 * array.h - growable arrays of any type
 *
 *	Array(uint32_t) ids = { 0 };
 *	array_push(&ids, 7);
 *	for (uint32_t i = 0; i < ids.n; i++)
 *		use(ids.v[i]);
 *	array_release(&ids);
 *
 * The elements are on the heap and are owned by the array. Indices are
 * checked by array_at(); v[i] is for loops that cannot be wrong.
 */
#ifndef PF_BASE_ARRAY_H
#define PF_BASE_ARRAY_H

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define Array(T) struct { T *v; uint32_t n; uint32_t cap; }

#define array_reserve(a, want) \
	((a)->cap >= (want) ? (void)0 : \
	 (void)((a)->v = array_grow_((a)->v, &(a)->cap, (want), sizeof(*(a)->v))))

#define array_push(a, ...) \
	(array_reserve((a), (a)->n + 1), (void)((a)->v[(a)->n++] = (__VA_ARGS__)))

/* Pushes one zeroed element and gives a pointer to it, valid until the next push. */
#define array_add(a) \
	(array_reserve((a), (a)->n + 1), \
	 memset(&(a)->v[(a)->n], 0, sizeof(*(a)->v)), &(a)->v[(a)->n++])

#define array_at(a, i) (*(assert((uint32_t)(i) < (a)->n), &(a)->v[(i)]))
#define array_last(a) (*(assert((a)->n > 0), &(a)->v[(a)->n - 1]))
#define array_pop(a) ((a)->v[(assert((a)->n > 0), --(a)->n)])
#define array_clear(a) ((void)((a)->n = 0))
#define array_release(a) (free((a)->v), (a)->v = NULL, (a)->n = (a)->cap = 0)

static inline void *array_grow_(void *v, uint32_t *cap, uint32_t want, size_t size)
{
	uint32_t c = *cap ? *cap : 8;

	while (c < want)
		c *= 2;
	*cap = c;
	return xrealloc(v, (size_t)c * size);
}

#endif
