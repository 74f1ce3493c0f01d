/* SPDX-License-Identifier: MIT */
/*
 * search.h - where in a text do any of some words stand?
 *
 * Most of the text is stepped over: the two characters at the place where the
 * shortest word would end tell how far the next one must be.
 *
 *	search_init(&x, words, nwords);
 *	while ((at = search_next(&x, text, &s, end, &word)))
 *		... at..at + strlen(words[word]) is that word and not a part of a longer one
 */
#ifndef PF_KBUILD_SEARCH_H
#define PF_KBUILD_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct search {
	const char *const *words;
	unsigned nwords;
	size_t shortest;
	uint8_t step[65536];
};

/* Words of one character are slow to look for. None may be empty. */
void search_init(struct search *x, const char *const *words, unsigned nwords);

/*
 * The first of the words that begins at *s or behind it, in a text that begins at
 * start; *s is moved behind it. NULL: there is none.
 */
const char *search_next(const struct search *x, const char *start, const char **s,
			const char *end, unsigned *word);

#endif
