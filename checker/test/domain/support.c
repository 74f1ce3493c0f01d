/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <stdlib.h>

uint64_t rng_value(struct rng *r, unsigned width)
{
	uint64_t v = rng_next(r);

	switch (rng_below(r, 6)) {
	case 0: v = rng_below(r, 8); break;
	case 1: v = (uint64_t)1 << rng_below(r, width); break;
	case 2: v = width_mask(rng_below(r, width) + 1) << rng_below(r, width); break;
	case 3: v = 0 - (uint64_t)rng_below(r, 5); break;
	case 4: v = width_sign(width) + rng_below(r, 3) - 1; break;
	default: break;
	}
	return v & width_mask(width);
}

void env_init(struct env *e, struct dom *d)
{
	*e = (struct env){ .d = d, .now = 1 };
}

void env_release(struct env *e)
{
	array_release(&e->val);
	array_release(&e->stamp);
}

static void env_grow(struct env *e, sym_id s)
{
	while (e->val.n <= s.i) {
		array_push(&e->val, 0);
		array_push(&e->stamp, 0);
	}
}

void env_set(struct env *e, sym_id s, uint64_t v)
{
	env_grow(e, s);
	e->val.v[s.i] = v & width_mask(sym_width(e->d, s));
	e->now++;
}

uint64_t env_sym(struct env *e, sym_id s)
{
	uint64_t v;

	env_grow(e, s);
	if (!sym_get(e->d, s)->derived || e->stamp.v[s.i] == e->now)
		return e->val.v[s.i];
	eval_def(e->d, s, env_atom, e, &v);
	e->val.v[s.i] = v;
	e->stamp.v[s.i] = e->now;
	return v;
}

bool env_atom(void *e, atom_id a)
{
	return env_sym(e, atom_sym(a)) >> atom_bit(a) & 1;
}

uint64_t env_word(struct env *e, word_id w)
{
	bool exact;

	return word_eval(e->d, w, env_atom, e, &exact);
}

bool env_bit(struct env *e, bit_id b)
{
	return bit_eval(e->d, b, env_atom, e);
}

bool env_contains(struct env *e, word_id w, uint64_t v)
{
	return word_contains(e->d, w, v, env_atom, e);
}

bool env_satisfies(struct env *e, const struct cond *c)
{
	if (c->unsat)
		return false;
	for (uint32_t i = 0; i < c->n; i++)
		if (!env_bit(e, c->c[i].bit))
			return false;
	return true;
}

uint64_t test_seed(uint64_t fixed)
{
	const char *s = getenv("PROTFLOW_SEED");

	return s ? strtoull(s, NULL, 0) : fixed;
}
