/* SPDX-License-Identifier: MIT */
/* state.c - copies and digests of states */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "oracle.h"

#define copy_array(to, from) \
	((to)->v = NULL, (to)->n = (to)->cap = 0, array_reserve((to), (from)->n), \
	 (to)->n = (from)->n, \
	 (void)((from)->n && memcpy((to)->v, (from)->v, (from)->n * sizeof(*(from)->v))))

void state_copy(struct state *to, const struct state *from)
{
	*to = *from;
	for (unsigned i = 0; i < SEGMENTS; i++) {
		copy_array(&to->seg[i].bytes, &from->seg[i].bytes);
		copy_array(&to->seg[i].objects, &from->seg[i].objects);
	}
	for (unsigned t = 0; t < SLOTS; t++) {
		copy_array(&to->t[t].frames, &from->t[t].frames);
		copy_array(&to->t[t].temps, &from->t[t].temps);
	}
	copy_array(&to->holds, &from->holds);
	copy_array(&to->accesses, &from->accesses);
}

void state_release(struct state *s)
{
	for (unsigned i = 0; i < SEGMENTS; i++) {
		array_release(&s->seg[i].bytes);
		array_release(&s->seg[i].objects);
	}
	for (unsigned t = 0; t < SLOTS; t++) {
		array_release(&s->t[t].frames);
		array_release(&s->t[t].temps);
	}
	array_release(&s->holds);
	array_release(&s->accesses);
}

static void add(XXH3_state_t *h, const void *p, size_t n)
{
	uint64_t len = n;

	XXH3_64bits_update(h, &len, sizeof(len));
	if (n)
		XXH3_64bits_update(h, p, n);
}

static void add_number(XXH3_state_t *h, uint64_t v)
{
	XXH3_64bits_update(h, &v, sizeof(v));
}

static void add_segment(XXH3_state_t *h, const struct segment *g)
{
	add(h, g->bytes.v, g->bytes.n);
	for (uint32_t i = 0; i < g->objects.n; i++) {
		const struct object *o = &g->objects.v[i];

		add_number(h, (uint64_t)o->at << 32 | o->size);
		add_number(h, (uint64_t)o->freed << 1 | o->shared);
	}
}

static void add_thread(XXH3_state_t *h, const struct thread *th)
{
	add_number(h, (uint64_t)th->state << 1 | th->part);
	add_number(h, (uint64_t)th->bh_off << 2 | (uint64_t)th->irqs_off << 1 | th->begun);
	add_number(h, th->pos);
	XXH3_64bits_update(h, &th->latch, sizeof(th->latch));
	add(h, th->frames.v, th->frames.n * sizeof(*th->frames.v));
	add(h, th->temps.v, th->temps.n * sizeof(*th->temps.v));
}

static void add_locks(XXH3_state_t *h, const struct state *s)
{
	for (uint32_t i = 0; i < s->holds.n; i++) {
		const struct hold *k = &s->holds.v[i];

		add_number(h, k->lock);
		add_number(h, (uint64_t)k->thread << 32 | (uint64_t)k->mode << 16 | k->count);
	}
	add_number(h, s->holds.n);
	/* Not the places: they are only told. */
	for (uint32_t i = 0; i < s->accesses.n; i++) {
		const struct access *a = &s->accesses.v[i];

		add_number(h, a->addr);
		add_number(h, (uint64_t)a->len << 16 | (uint64_t)a->thread << 8 | a->write);
		add_number(h, a->known);
	}
}

uint64_t state_digest(const struct oracle *x, const struct state *s)
{
	XXH3_state_t state, *h = &state;

	XXH3_INITSTATE(h);
	XXH3_64bits_reset(h);
	for (unsigned i = 0; i < SEGMENTS; i++)
		add_segment(h, &s->seg[i]);
	for (unsigned t = 0; t < SLOTS && x->plant != PLANT_FORGET; t++)
		add_thread(h, &s->t[t]);
	add_locks(h, s);
	add_number(h, s->started);
	if (x->limits.switches != UINT32_MAX)
		add_number(h, (uint64_t)s->switches << 8 | s->last);
	return XXH3_64bits_digest(h);
}
