/* SPDX-License-Identifier: MIT */
#include "kbuild/search.h"

#include <string.h>

#include "kbuild/lex.h"

static unsigned pair_at(const char *s)
{
	return (unsigned)(unsigned char)s[0] << 8 | (unsigned char)s[1];
}

void search_init(struct search *x, const char *const *words, unsigned nwords)
{
	size_t shortest = 128;

	x->words = words;
	x->nwords = nwords;
	for (unsigned i = 0; i < nwords; i++)
		if (strlen(words[i]) < shortest)
			shortest = strlen(words[i]);
	x->shortest = shortest;
	memset(x->step, (int)(shortest - 1), sizeof(x->step));
	for (unsigned i = 0; i < nwords; i++)
		for (size_t k = 0; k + 1 < shortest; k++) {
			uint8_t *step = &x->step[pair_at(words[i] + k)];
			uint8_t far = (uint8_t)(shortest - 2 - k);

			*step = *step < far ? *step : far;
		}
}

static bool is_word_at(const char *start, const char *s, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - s) >= n && !memcmp(s, word, n) &&
	       (s == start || !lex_is_word[(unsigned char)s[-1]]) &&
	       (s + n == end || !lex_is_word[(unsigned char)s[n]]);
}

const char *search_next(const struct search *x, const char *start, const char **s,
			const char *end, unsigned *word)
{
	const char *p = *s;

	while ((size_t)(end - p) >= x->shortest) {
		uint8_t step = x->shortest < 2 ? 0 : x->step[pair_at(p + x->shortest - 2)];

		if (step) {
			p += step;
			continue;
		}
		for (*word = 0; *word < x->nwords; ++*word)
			if (is_word_at(start, p, end, x->words[*word])) {
				*s = p + strlen(x->words[*word]);
				return p;
			}
		p++;
	}
	*s = end;
	return NULL;
}
