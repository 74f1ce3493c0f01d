/* SPDX-License-Identifier: MIT */
#include "kbuild/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "kbuild/prefilter.h"

#define NO_HASH UINT32_MAX	/* of a piece that no vocabulary has */

/* ------------------------------------------------------------------ a question */

void vocabulary_union_add(struct vocabulary_union *all, const struct vocabulary *w)
{
	if (!all->bits)
		all->bits = xcalloc(((size_t)1 << VOCABULARY_BITS) / 64, sizeof(*all->bits));
	for (uint32_t i = 0; i < w->n; i++)
		all->bits[w->v[i] / 64] |= (uint64_t)1 << w->v[i] % 64;
}

void vocabulary_union_release(struct vocabulary_union *all)
{
	free(all->bits);
	all->bits = NULL;
}

static uint32_t hash_of(const char *s, size_t n, const struct vocabulary_union *all)
{
	uint32_t h = vocabulary_hash(hash_bytes(s, n, 0));

	if (all && !(all->bits && all->bits[h / 64] >> h % 64 & 1))
		return NO_HASH;
	return h;
}

/* A word that is longer than any is looked for can be there: its pieces are not asked for. */
void vocabulary_word_init(struct vocabulary_word *word, const char *s,
			  const struct vocabulary_union *all)
{
	size_t n = strlen(s);

	*word = (struct vocabulary_word){ .s = s, .n = n };
	if (!n || n > PASTE_LONGEST)
		return;
	word->hash = xmalloc(n * n * sizeof(*word->hash));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 1; i + k <= n; k++)
			word->hash[i * n + k - 1] = hash_of(s + i, k, all);
}

void vocabulary_word_release(struct vocabulary_word *word)
{
	free(word->hash);
	word->hash = NULL;
}

static bool has_hash(const struct vocabulary *w, uint32_t h)
{
	uint32_t low = 0, high = w->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (w->v[mid] < h)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->n && w->v[low] == h;
}

struct question {
	const struct vocabulary *w;
	const struct vocabulary_word *word;
};

static bool is_there(const void *arg, const char *s, size_t n)
{
	const struct question *q = arg;
	uint32_t h = q->word->hash[(size_t)(s - q->word->s) * q->word->n + n - 1];

	return h != NO_HASH && has_hash(q->w, h);
}

bool vocabulary_may_have(const struct vocabulary *w, const struct vocabulary_word *word)
{
	const struct question q = { w, word };
	const struct paste_text t = { .chains = w->chains, .nchains = w->nchains, .free = is_there,
				      .arg = &q, .doubt = true };

	return w->everything || paste_makes(&t, word->s, word->n, true);
}

/* -------------------------------------------------------------------- the words */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void collect(struct vocabulary *w, struct arena *a, const struct map *all)
{
	uint32_t *v = arena_new_array(a, uint32_t, all->entries.n), n = 0;

	for (uint32_t i = 0; i < all->entries.n; i++)
		v[i] = (uint32_t)all->entries.v[i].key;
	if (all->entries.n)
		qsort(v, all->entries.n, sizeof(*v), by_number);
	for (uint32_t i = 0; i < all->entries.n; i++)
		if (!i || v[i] != v[i - 1])
			v[n++] = v[i];
	w->v = v;
	w->n = n;
}

/* Each once, whichever macros have it. */
static void collect_chains(struct vocabulary *w, struct arena *a, const struct paste_chains *all)
{
	struct paste_chains c = { 0 };

	for (uint32_t i = 0; i < all->v.n; i++)
		paste_add(&c, a, all->v.v[i].text, NULL);
	w->chains = arena_memdup(a, c.v.v, c.v.n * sizeof(*c.v.v));
	w->nchains = c.v.n;
	paste_release(&c);
}

void vocabulary_of_scan(struct vocabulary *w, struct arena *a, const struct prefilter *p)
{
	*w = (struct vocabulary){ .everything = p->gave_up };
	if (w->everything)
		return;
	collect(w, a, &p->all);
	collect_chains(w, a, &p->chains);
}

/* ---------------------------------------------------------------------- as bytes */

/*
 * The hashes are spread evenly, so what is between two is told in Rice's code: how many times
 * 2^k, as so many zeros and a one, and then the k bits that are left. Low bits come first.
 */
static unsigned low_bits(uint32_t n)
{
	unsigned k = 0;

	while (k + 1 < VOCABULARY_BITS && (uint64_t)n << (k + 1) <= 1u << VOCABULARY_BITS)
		k++;
	return k;
}

struct bits_out {
	struct buffer *out;
	uint64_t bits;
	unsigned n;		/* fewer than 8 between two calls */
};

static void put_bits(struct bits_out *b, uint32_t v, unsigned n)
{
	b->bits |= (uint64_t)v << b->n;
	for (b->n += n; b->n >= 8; b->n -= 8) {
		buffer_putc(b->out, (char)b->bits);
		b->bits >>= 8;
	}
}

void vocabulary_pack(const struct vocabulary *w, struct buffer *out)
{
	struct bits_out b = { .out = out };
	unsigned k = low_bits(w->n);
	uint32_t next = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		uint32_t step = w->v[i] - next;

		for (uint32_t zeros = step >> k; zeros; zeros--)
			put_bits(&b, 0, 1);
		put_bits(&b, 1, 1);
		put_bits(&b, step & ((1u << k) - 1), k);
		next = w->v[i] + 1;
	}
	if (b.n)
		put_bits(&b, 0, 8 - b.n);
}

struct bits_in {
	const uint8_t *p, *end;
	uint64_t bits;		/* those behind n are 0 */
	unsigned n;
};

static void fill(struct bits_in *b)
{
	for (; b->n <= 56 && b->p < b->end; b->n += 8)
		b->bits |= (uint64_t)*b->p++ << b->n;
}

static void drop(struct bits_in *b, unsigned n)
{
	b->bits = n < 64 ? b->bits >> n : 0;
	b->n -= n;
}

/* False where the bytes end before. */
static bool get_step(struct bits_in *b, unsigned k, uint64_t *step)
{
	uint64_t zeros = 0;

	for (fill(b); !b->bits; fill(b)) {
		if (!b->n)
			return false;
		zeros += b->n;
		drop(b, b->n);
	}
	zeros += (unsigned)__builtin_ctzll(b->bits);
	drop(b, (unsigned)__builtin_ctzll(b->bits) + 1);
	fill(b);
	if (b->n < k)
		return false;
	*step = zeros << k | (b->bits & ((1u << k) - 1));
	drop(b, k);
	return true;
}

bool vocabulary_unpack(struct vocabulary *w, struct arena *a, const void *p, size_t n)
{
	struct bits_in b = { .p = p, .end = (const uint8_t *)p + n };
	unsigned k = low_bits(w->n);
	uint64_t next = 0, step;
	uint32_t *out;

	if (w->n > 1u << VOCABULARY_BITS || (uint64_t)w->n * (k + 1) > (uint64_t)n * 8)
		return false;
	out = arena_new_array(a, uint32_t, w->n);
	w->v = out;
	for (uint32_t i = 0; i < w->n; i++) {
		if (!get_step(&b, k, &step) || (next + step) >> VOCABULARY_BITS)
			return false;
		out[i] = (uint32_t)(next + step);
		next += step + 1;
	}
	return b.p == b.end && b.n < 8 && !b.bits;
}
