/* SPDX-License-Identifier: MIT */
/*
 * The states of one point that are kept apart: by the monitors, the locks, the
 * interrupts and the marks. Where there are too many, the two are joined that are
 * most alike, since a client's monitors and marks of both may say less.
 */
#include <string.h>

#include "engine/mark.h"

void partitions_release(struct partitions *p)
{
	for (uint32_t i = 0; i < p->v.n; i++)
		state_release(&p->v.v[i]);
	array_release(&p->v);
}

static struct state take(struct partitions *p, uint32_t i)
{
	struct state s = p->v.v[i];

	p->v.n--;
	memmove(&p->v.v[i], &p->v.v[i + 1], (p->v.n - i) * sizeof(s));
	return s;
}

void partitions_join(struct fun *f, struct state *a, const struct state *b)
{
	f->e->stats.merged++;
	state_join(a, b, &f->e->syms, WIDEN_NOT);
	if (!state_same_monitors(a, b))
		f->e->client.on_merge(f->e->client.arg, a->monitor, b->monitor);
}

/* Joins s into the i-th. That may have the key of another one then, and be one with it. */
static void merge(struct fun *f, struct partitions *p, uint32_t i, struct state *s)
{
	partitions_join(f, &p->v.v[i], s);
	state_release(s);
	for (uint32_t k = 0; k < p->v.n; k++) {
		struct state other;

		if (k == i || !state_same_key(&p->v.v[k], &p->v.v[i]))
			continue;
		other = take(p, k);
		merge(f, p, i - (k < i), &other);
		return;
	}
}

/* The monitors are worth most. */
unsigned partitions_likeness(const struct state *a, const struct state *b)
{
	return 2u * state_same_monitors(a, b) + marks_same_key(a, b);
}

/* The last of those before the end that are most like s. */
static uint32_t mate(const struct partitions *p, const struct state *s, uint32_t end)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < end; i++)
		if (partitions_likeness(&p->v.v[i], s) >= partitions_likeness(&p->v.v[best], s))
			best = i;
	return best;
}

/* The later of the two that are most like each other; *with: the other one. */
static uint32_t pair(const struct partitions *p, uint32_t *with)
{
	uint32_t best = 1;

	*with = 0;
	for (uint32_t k = 2; k < p->v.n; k++) {
		uint32_t i = mate(p, &p->v.v[k], k);

		if (partitions_likeness(&p->v.v[i], &p->v.v[k]) >=
		    partitions_likeness(&p->v.v[*with], &p->v.v[best])) {
			best = k;
			*with = i;
		}
	}
	return best;
}

/* Makes room for s: of all, the two that are most alike are joined. False: s was one of them. */
static bool squeeze(struct fun *f, struct partitions *p, struct state *s)
{
	uint32_t i = mate(p, s, p->v.n), with, k = pair(p, &with);
	struct state later;

	if (partitions_likeness(&p->v.v[i], s) >= partitions_likeness(&p->v.v[with], &p->v.v[k])) {
		merge(f, p, i, s);
		return false;
	}
	later = take(p, k);
	merge(f, p, with, &later);
	return true;
}

void partitions_add(struct fun *f, struct partitions *p, struct state *s)
{
	for (uint32_t i = 0; i < p->v.n; i++)
		if (state_same_key(&p->v.v[i], s)) {
			merge(f, p, i, s);
			return;
		}
	if (p->v.n < ENGINE_CASES) {
		array_push(&p->v, *s);
		*s = (struct state){ 0 };
	} else if (squeeze(f, p, s)) {
		/* What was joined may have the key of s now. */
		partitions_add(f, p, s);
	}
}
