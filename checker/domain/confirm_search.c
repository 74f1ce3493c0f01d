/* SPDX-License-Identifier: MIT */
/*
 * Looking for numbers: where some bits fail, one number after the other is changed, to
 * what a comparison often wants. Only the bits that speak of it are computed again.
 */
#include "domain/confirm_parts.h"

#define ROUNDS 16		/* changes */
#define CHANGES 3		/* of one number */
#define EFFORT 60000		/* bits and definitions that are computed */
#define BASES 48		/* symbols that one bit speaks of */
#define CANDIDATES 192		/* numbers that are tried for one */

/* The symbols without definition that a bit speaks of. */
struct bases {
	struct dom *d;
	sym_id v[BASES];
	unsigned n;
};

struct search {
	struct numbers *m;
	const bit_id *bits;
	unsigned n, bad;	/* of them; those that fail */
	struct bases *of;	/* of each bit */
	bool *fails;
	struct map changed;	/* symbol -> how often its number was changed */
};

/* A change of one number, and how many bits fail then. */
struct change { sym_id s; uint64_t to; unsigned bad; };

static void add_bases(struct bases *s, const sym_id *of, uint32_t n)
{
	for (uint32_t i = 0; i < n && s->n < BASES; i++) {
		bool known = false;

		for (unsigned k = 0; k < s->n; k++)
			known |= s->v[k].i == of[i].i;
		if (!known)
			s->v[s->n++] = of[i];
	}
}

static void bases_of_symbol(struct bases *s, sym_id id)
{
	const struct sym y = *sym_get(s->d, id);
	const struct word *x;

	if (!y.derived) {
		add_bases(s, &id, 1);
		return;
	}
	x = word_symbols(s->d, y.a);
	add_bases(s, x->bases, x->nbases);
	if (!y.b.i)
		return;
	x = word_symbols(s->d, y.b);
	add_bases(s, x->bases, x->nbases);
}

static void bases_of_bit(struct bases *s, bit_id b)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(s->d, b, a);

	for (unsigned i = 0; i < n; i++)
		bases_of_symbol(s, atom_sym(a[i]));
}

static bool speaks_of(const struct bases *s, sym_id id)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->v[i].i == id.i)
			return true;
	return s->n == BASES;
}

static void judge_all(struct search *x)
{
	numbers_forget(x->m);
	x->bad = 0;
	for (unsigned i = 0; i < x->n; i++) {
		x->fails[i] = !numbers_bit(x->m, x->bits[i]);
		x->bad += x->fails[i];
	}
}

/* How many bits fail now that the number of the symbol is another; stops at most. */
static unsigned judge_change(struct search *x, sym_id id, unsigned most)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < x->n && bad < most; i++)
		bad += speaks_of(&x->of[i], id) ? !numbers_bit(x->m, x->bits[i]) : x->fails[i];
	return bad;
}

/* What comparisons often want, and the numbers of the bit's other symbols; the best come last. */
static unsigned candidates(struct numbers *m, const struct bases *s, sym_id id, uint64_t *out)
{
	unsigned width = sym_width(m->d, id), n = 0;
	uint64_t now = *numbers_base(m, id);

	for (unsigned k = width; k-- > 0;) {
		out[n++] = now ^ (uint64_t)1 << k;
		out[n++] = (uint64_t)1 << k;
	}
	for (unsigned k = 0; k < s->n && n + 6 < CANDIDATES; k++)
		for (unsigned delta = 0; delta < 3; delta++)
			out[n++] = *numbers_base(m, s->v[k]) + delta - 1;
	out[n++] = ~(uint64_t)0;
	out[n++] = 1;
	out[n++] = 0;
	return n;
}

/* What makes the two sides of a comparison equal, where one is the symbol and a number. */
static unsigned from_sides(struct numbers *m, bit_id b, sym_id id, uint64_t *out)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(m->d, b, a), k = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct sym y = *sym_get(m->d, atom_sym(a[i]));
		const word_id side[2] = { y.a, y.b };

		for (unsigned j = 0; y.derived && y.b.i && j < 2; j++) {
			const struct word *x = word_get(m->d, side[j]);

			if (x->kind == W_SYM && x->sym.i == id.i)
				out[k++] = numbers_word(m, side[1 - j]) - x->value;
		}
	}
	return k;
}

static void try_symbol(struct search *x, unsigned at, sym_id id, struct change *best)
{
	struct numbers *m = x->m;
	struct iv all = sym_range(m->d, id);
	uint64_t was = *numbers_base(m, id), mask = width_mask(sym_width(m->d, id));
	uint64_t try[CANDIDATES + 2 * BIT_ATOMS];
	unsigned k = candidates(m, &x->of[at], id, try);

	k += from_sides(m, x->bits[at], id, try + k);

	while (k-- > 0 && best->bad >= x->bad && m->effort < EFFORT) {
		struct change c = { id, try[k] & mask, 0 };

		if (c.to < all.lo || c.to > all.hi)
			continue;
		*numbers_base(m, id) = c.to;
		numbers_forget(m);
		if (!numbers_bit(m, x->bits[at]))
			continue;
		c.bad = judge_change(x, id, best->bad);
		if (c.bad < best->bad)
			*best = c;
	}
	*numbers_base(m, id) = was;
}

/*
 * One number is changed so that the bit holds and few others fail; one more may than did
 * before, since two numbers must change together sometimes. False where none helps.
 */
static bool improve(struct search *x, unsigned at)
{
	struct change best = { SYM_NONE, 0, x->bad + 2 };
	const struct bases *s = &x->of[at];

	for (unsigned i = 0; i < s->n && best.bad >= x->bad; i++) {
		const uint64_t *times = map_get(&x->changed, s->v[i].i);

		/* Objects stay where they are. */
		if (!sym_get(x->m->d, s->v[i])->address && (!times || *times < CHANGES))
			try_symbol(x, at, s->v[i], &best);
	}
	if (!best.s.i)
		return false;
	*numbers_base(x->m, best.s) = best.to;
	++*map_put(&x->changed, best.s.i);
	return true;
}

/* The bit that failed last: what was decided last is what the others were chosen without. */
static unsigned last_failing(const struct search *x)
{
	unsigned i = x->n;

	while (i > 0 && !x->fails[i - 1])
		i--;
	return i - 1;
}

/* Changes numbers until all bits hold. Uses m up where they do not. */
static struct numbers *mend(struct numbers *m, const bit_id *bits, unsigned n)
{
	struct search x = { .m = m, .bits = bits, .n = n };

	x.of = xcalloc(n + 1, sizeof(*x.of));
	x.fails = xcalloc(n + 1, sizeof(*x.fails));
	for (unsigned i = 0; i < n; i++) {
		x.of[i].d = m->d;
		bases_of_bit(&x.of[i], bits[i]);
	}
	judge_all(&x);
	for (unsigned i = 0; x.bad && i < ROUNDS && improve(&x, last_failing(&x)); i++)
		judge_all(&x);
	free(x.of);
	free(x.fails);
	map_release(&x.changed);
	if (!x.bad)
		return m;
	numbers_free(m);
	return NULL;
}

static void take_model(struct numbers *m)
{
	unsigned variant;
	uint32_t n;
	const struct wval *v = solve_values(m->d, &n, &variant);

	for (uint32_t i = 0; i < n; i++) {
		const struct sym *y = sym_get(m->d, v[i].s);

		if (!y->derived && !y->address && (v[i].bits || !y->nonzero))
			*map_put(&m->base, v[i].s.i) = v[i].bits & width_mask(y->width);
	}
}

struct numbers *numbers_find(struct dom *d, const bit_id *bits, unsigned n,
			     const struct numbers *near)
{
	struct numbers *m = near ? mend(numbers_new(d, near), bits, n) : NULL;
	enum solve_result r;

	if (m)
		return m;
	r = solve(d, bits, n, true);
	if (r == SOLVE_UNSAT)
		return NULL;
	m = numbers_new(d, near);
	if (r == SOLVE_SAT)
		take_model(m);
	return mend(m, bits, n);
}
