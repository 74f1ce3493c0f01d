/* SPDX-License-Identifier: MIT */
/* The accesses of a summary: each that differs for a caller or a rule is kept once. */
#include "engine/fun.h"

#include <string.h>

#define SAME_MAX 6	/* of one access with different conditions; more are one without */

static bool same_ref(struct lock_ref a, struct lock_ref b)
{
	return a.root.i == b.root.i && a.off == b.off;
}

static bool same_access(const struct shared_access *a, const struct shared_access *b)
{
	if (a->fn != b->fn || a->loc != b->loc || a->kind != b->kind || a->rec != b->rec ||
	    a->teardown != b->teardown || a->sets != b->sets ||
	    a->off != b->off || a->width != b->width || a->part != b->part ||
	    a->part_off != b->part_off || a->root.i != b->root.i || a->base != b->base ||
	    a->mark != b->mark || a->kept != b->kept || !word_same(a->val, b->val) ||
	    a->nheld != b->nheld || a->ndropped != b->ndropped || a->nunsure != b->nunsure ||
	    a->nlinks != b->nlinks || a->public != b->public || a->into.i != b->into.i)
		return false;
	for (uint32_t i = 0; i < a->nlinks; i++)
		if (a->links[i].off != b->links[i].off || !same_ref(a->links[i].to, b->links[i].to))
			return false;
	for (uint32_t i = 0; i < a->nunsure; i++)
		if (!same_ref(a->unsure[i].ref, b->unsure[i].ref) ||
		    a->unsure[i].other_name != b->unsure[i].other_name)
			return false;
	for (uint32_t i = 0; i < a->nheld; i++)
		if (!same_ref(a->held[i].ref, b->held[i].ref) ||
		    a->held[i].mode != b->held[i].mode)
			return false;
	return !a->ndropped ||
	       !memcmp(a->dropped, b->dropped, a->ndropped * sizeof(*a->dropped));
}

/* Of accesses that are the same but for their conditions. */
static uint64_t access_hash(const struct shared_access *a)
{
	uint64_t h = hash_mix((uint64_t)a->fn << 32 | a->loc, (uint64_t)a->rec << 32 | a->kind);

	return hash_mix(hash_mix(h, a->off), (uint64_t)a->root.i << 32 | a->nheld);
}

void accesses_clear(struct fun *f)
{
	f->summary->accesses.n = 0;
	map_release(&f->access_index);
	f->access_index = (struct map){ 0 };
}

/* What it points to is made on trial; of one that is kept it is the engine's. */
static void keep(struct arena *a, struct shared_access *n)
{
	n->held = arena_memdup(a, n->held, n->nheld * sizeof(*n->held));
	n->dropped = arena_memdup(a, n->dropped, n->ndropped * sizeof(*n->dropped));
	n->unsure = arena_memdup(a, n->unsure, n->nunsure * sizeof(*n->unsure));
	n->links = arena_memdup(a, n->links, n->nlinks * sizeof(*n->links));
	n->hops = n->nhops ? arena_memdup(a, n->hops, n->nhops * sizeof(*n->hops)) : NULL;
}

void access_add(struct fun *f, const struct shared_access *n)
{
	struct summary *sum = f->summary;
	uint64_t *first = map_put(&f->access_index, access_hash(n));
	unsigned same = 0;

	for (uint32_t i = (uint32_t)*first; i; i = sum->accesses.v[i - 1].chain) {
		struct shared_access *have = &sum->accesses.v[i - 1];

		if (!same_access(have, n))
			continue;
		if (state_same_clauses(have->pc, n->pc)) {
			/* What is certain is not hidden by what is not. */
			have->may &= n->may;
			have->maybe &= n->maybe;
			have->named |= n->named;
			have->repeats |= n->repeats;
			return;
		}
		if (++same < SAME_MAX)
			continue;
		have->pc = cond_true(f->e->dom);
		have->may = true;
		have->repeats |= n->repeats;
		return;
	}
	if (sum->accesses.n >= ENGINE_ACCESSES) {
		sum->lost_accesses = true;
		return;
	}
	array_push(&sum->accesses, *n);
	array_last(&sum->accesses).chain = (uint32_t)*first;
	keep(&f->e->arena, &array_last(&sum->accesses));
	*first = sum->accesses.n;
}
