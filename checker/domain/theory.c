/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

/* What every execution guarantees of a symbol: see sym_set_address(). */
struct iv sym_range(const struct dom *d, sym_id s)
{
	const struct sym *y = sym_get(d, s);
	uint64_t most = width_mask(y->width);

	if (y->address && y->width > 24)
		return (struct iv){ ADDRESS_SLACK, most - ADDRESS_SLACK + 1 };
	return (struct iv){ y->nonzero, most };
}

void ivs_all(struct ivs *s, const struct dom *d, word_id base)
{
	const struct word *x = word_get(d, base);

	s->n = 1;
	s->v[0] = x->kind == W_SYM && !x->value ? sym_range(d, x->sym) :
		  (struct iv){ 0, width_mask(x->width) };
}

static void ivs_clip(const struct ivs *from, uint64_t lo, uint64_t hi, struct ivs *to)
{
	for (unsigned i = 0; i < from->n; i++) {
		uint64_t l = from->v[i].lo > lo ? from->v[i].lo : lo;
		uint64_t h = from->v[i].hi < hi ? from->v[i].hi : hi;

		if (l <= h && to->n < IV_MAX)
			to->v[to->n++] = (struct iv){ l, h };
	}
}

void ivs_restrict(struct ivs *s, const struct pred *p, unsigned width, bool in)
{
	uint64_t most = width_mask(width), lo = p->lo, hi = (p->lo + p->span) & most;
	struct ivs out;

	if (p->span == most) {
		s->n = in ? s->n : 0;
		return;
	}
	if (PLANT(52, !in, in)) {
		uint64_t t = lo;

		lo = (hi + 1) & most;
		hi = (t - 1) & most;
	}
	if (s->n + 2 > IV_MAX)
		return;
	out.n = 0;
	if (lo <= hi) {
		ivs_clip(s, lo, hi, &out);
	} else {
		ivs_clip(s, 0, hi, &out);
		ivs_clip(s, lo, most, &out);
	}
	s->n = out.n;
	memcpy(s->v, out.v, out.n * sizeof(*out.v));
}

/* The least v >= lo with (v & mask) == bits; false where there is none. */
static bool next_match(uint64_t lo, uint64_t mask, uint64_t bits, uint64_t *v)
{
	uint64_t conflict = (lo ^ bits) & mask, high, free_up;
	unsigned k;

	if (!conflict) {
		*v = lo;
		return true;
	}
	k = 63 - (unsigned)__builtin_clzll(conflict);
	high = k == 63 ? 0 : ~(uint64_t)0 << (k + 1);
	if (bits >> k & 1) {
		/* Bit k rises from 0 to 1: all below it becomes the least. */
		*v = (lo & high) | (PLANT(53, bits, ~(uint64_t)0) & ~high);
		return true;
	}
	/* Bit k must fall: a free 0 above it must rise. */
	free_up = PLANT(54, ~lo & ~mask & high, 0);
	if (!free_up)
		return false;
	k = (unsigned)__builtin_ctzll(free_up);
	high = k == 63 ? 0 : ~(uint64_t)0 << (k + 1);
	*v = (lo & high) | (uint64_t)1 << k | (bits & ~high & ~((uint64_t)1 << k));
	return true;
}

bool ivs_pick(const struct ivs *s, uint64_t mask, uint64_t bits, uint64_t *v)
{
	for (unsigned i = 0; i < s->n; i++)
		if (next_match(s->v[i].lo, mask, bits, v) && *v <= s->v[i].hi)
			return true;
	return false;
}
