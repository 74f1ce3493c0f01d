/* SPDX-License-Identifier: MIT */
/*
 * support.h - random numbers, and assignments under which abstract values are
 * compared with real ones
 */
#ifndef PF_TEST_DOMAIN_SUPPORT_H
#define PF_TEST_DOMAIN_SUPPORT_H

#include "domain/dom.h"

/* splitmix64: the same numbers everywhere. */
struct rng { uint64_t s; };

static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->s += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline unsigned rng_below(struct rng *r, unsigned n)
{
	return (unsigned)(rng_next(r) >> 32) % n;
}

static inline bool rng_chance(struct rng *r, unsigned percent)
{
	return rng_below(r, 100) < percent;
}

/* Values as programs have them: small, a single bit, a mask, near the ends, or anything. */
uint64_t rng_value(struct rng *r, unsigned width);

/* The value of every symbol in one execution; definitions are computed. */
struct env {
	struct dom *d;
	Array(uint64_t) val;
	Array(uint32_t) stamp;	/* of a computed value: good while equal to now */
	uint32_t now;
};

void env_init(struct env *e, struct dom *d);
void env_release(struct env *e);
void env_set(struct env *e, sym_id s, uint64_t v);
uint64_t env_sym(struct env *e, sym_id s);
bool env_atom(void *e, atom_id a);		/* the callback of bit_eval() */

uint64_t env_word(struct env *e, word_id w);
bool env_bit(struct env *e, bit_id b);		/* b is not TOP */
bool env_contains(struct env *e, word_id w, uint64_t v);
bool env_satisfies(struct env *e, const struct cond *c);

/* A seed from the environment (PROTFLOW_SEED) or the one given. */
uint64_t test_seed(uint64_t fixed);

#endif
