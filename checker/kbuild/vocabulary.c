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

void vocabulary_of_unit(struct vocabulary *w, struct arena *a, const struct kbuild_unit *u)
{
	struct prefilter p;

	prefilter_init(&p, a, NULL, 0);
	prefilter_scan(&p, u);
	vocabulary_of_scan(w, a, &p);
	prefilter_release(&p);
}

void vocabulary_pack(const struct vocabulary *w, struct buffer *out)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		uint32_t step = w->v[i] - last;

		for (; step >= 0x80; step >>= 7)
			buffer_putc(out, (char)(step | 0x80));
		buffer_putc(out, (char)step);
		last = w->v[i];
	}
}

bool vocabulary_unpack(struct vocabulary *w, struct arena *a, const void *p, size_t n)
{
	const uint8_t *s = p, *end = s + n;
	uint64_t v = 0;
	uint32_t *out;

	if (w->n > n)
		return false;
	out = arena_new_array(a, uint32_t, w->n);
	w->v = out;
	for (uint32_t i = 0; i < w->n; i++) {
		uint32_t step = 0;

		for (unsigned shift = 0;; shift += 7) {
			if (s == end || shift > 21)
				return false;
			step |= (*s & 0x7fu) << shift;
			if (*s++ < 0x80)
				break;
		}
		v += step;
		if ((i && !step) || v >> VOCABULARY_BITS)
			return false;
		out[i] = (uint32_t)v;
	}
	return s == end;
}
