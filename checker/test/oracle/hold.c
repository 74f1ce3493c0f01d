/* SPDX-License-Identifier: MIT */
/* hold.c - who holds which lock */
#include "oracle.h"

static struct hold *find(const struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode)
{
	for (uint32_t i = 0; i < s->holds.n; i++) {
		struct hold *h = &s->holds.v[i];

		if (h->lock == lock && h->thread == t && h->mode == mode)
			return h;
	}
	return NULL;
}

static bool excludes(const struct oracle *x, unsigned held, unsigned wanted)
{
	if (held == MODEL_LOCK_RCU || wanted == MODEL_LOCK_RCU)
		return false;
	return held == MODEL_LOCK_EXCLUSIVE || wanted == MODEL_LOCK_EXCLUSIVE || x->plant == PLANT_READERS;
}

bool lock_available(const struct oracle *x, const struct state *s, uint64_t lock,
		    enum model_lock_mode mode)
{
	if (x->plant == PLANT_NO_LOCK)
		return true;
	for (uint32_t i = 0; i < s->holds.n; i++)
		if (s->holds.v[i].lock == lock && excludes(x, s->holds.v[i].mode, mode))
			return false;
	return true;
}

bool lock_is_own(const struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode)
{
	for (uint32_t i = 0; i < s->holds.n; i++)
		if (s->holds.v[i].lock == lock && s->holds.v[i].thread == t &&
		    (s->holds.v[i].mode == MODEL_LOCK_EXCLUSIVE ||
		     (mode == MODEL_LOCK_EXCLUSIVE && s->holds.v[i].mode == MODEL_LOCK_SHARED)))
			return true;
	return false;
}

static bool before(const struct hold *a, const struct hold *b)
{
	if (a->lock != b->lock)
		return a->lock < b->lock;
	return a->thread != b->thread ? a->thread < b->thread : a->mode < b->mode;
}

void lock_take(struct oracle *x, struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode)
{
	struct hold *h = find(s, t, lock, mode), fresh = { lock, (uint8_t)t, (uint8_t)mode, 1 };
	uint32_t i;

	if (h) {
		h->count++;
	} else {
		array_push(&s->holds, fresh);
		for (i = s->holds.n - 1; i && before(&fresh, &s->holds.v[i - 1]); i--)
			s->holds.v[i] = s->holds.v[i - 1];
		s->holds.v[i] = fresh;
	}
	if (mode == MODEL_LOCK_RCU)
		return;
	race_learn(x, s, t, lock, SYNC_EXCLUSIVE);
	if (mode == MODEL_LOCK_EXCLUSIVE)
		race_learn(x, s, t, lock, SYNC_SHARED);
}

bool lock_drop(struct oracle *x, struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode)
{
	struct hold *h = find(s, t, lock, mode);

	if (!h)
		return false;
	if (mode != MODEL_LOCK_RCU)
		race_teach(x, s, t, lock, mode == MODEL_LOCK_SHARED ? SYNC_SHARED : SYNC_EXCLUSIVE,
			   false);
	if (--h->count)
		return true;
	for (uint32_t i = (uint32_t)(h - s->holds.v); i + 1 < s->holds.n; i++)
		s->holds.v[i] = s->holds.v[i + 1];
	s->holds.n--;
	return true;
}

bool lock_held(const struct state *s, unsigned t, uint64_t lock)
{
	return find(s, t, lock, MODEL_LOCK_EXCLUSIVE) || find(s, t, lock, MODEL_LOCK_SHARED) ||
	       find(s, t, lock, MODEL_LOCK_RCU);
}

const struct hold *lock_leaked(const struct state *s, unsigned t)
{
	for (uint32_t i = 0; i < s->holds.n; i++)
		if (s->holds.v[i].thread == t)
			return &s->holds.v[i];
	return NULL;
}
