/* SPDX-License-Identifier: MIT */
/*
 * prefilter.h - which words does the text of a unit have?
 *
 * Looks at the source, at the private headers that it includes, at those of
 * these, and at what -D defines, as at a sequence of words: runs of letters,
 * digits and underscores outside of comments and literals. A private header is
 * one that is not below include/ or arch/X/include/ of the kernel. Nothing is
 * preprocessed: every #include counts, also in a branch that is off.
 *
 * "Has the word" errs only to yes. Token pasting and lines spliced inside a
 * word are seen through: "nested_parent" is also there when words of which it
 * can be put together, "nested_" and "parent", stand anywhere in that text; any
 * number of them where the text has a "##", else up to PREFILTER_PIECES, which
 * macros of public headers can paste. An #include of a macro, an unreadable
 * file, too much text, and text that cannot be told from a comment give yes for
 * all. Out of sight is only a word that a macro of a public header pastes
 * together from pieces of its own.
 *
 *	struct prefilter p;
 *	prefilter_init(&p, &arena, words, nwords);
 *	prefilter_scan(&p, &unit);
 *	if (!prefilter_has(&p, 0)) ...
 *	prefilter_release(&p);
 */
#ifndef PF_KBUILD_PREFILTER_H
#define PF_KBUILD_PREFILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buffer.h"
#include "base/map.h"
#include "kbuild/argv.h"
#include "kbuild/vocabulary.h"

#define PREFILTER_WORD VOCABULARY_LONGEST
#define PREFILTER_PIECES VOCABULARY_PIECES

struct prefilter {
	struct arena *arena;
	const char *const *words;
	unsigned nwords;
	struct map pieces;	/* hash of a part of a word -> seen */
	uint64_t pairs[1024];	/* bit set: the first two characters of the pieces */
	size_t longest;
	bool gave_up;		/* everything is there */
	bool pastes;		/* a "##" was seen */
	bool keep_all;		/* set before the scan: all words are kept, for vocabulary.h */
	struct map all;		/* their hashes */

	Array(const char *) folders;	/* private, of -I */
	Array(const char *) quoted;	/* private, of -iquote */
	Array(const char *) roots;	/* of the kernel's source and of its object tree */
	Array(const char *) files;	/* to be read, normal absolute paths */
	struct map known;	/* hashes of paths queued and of includes resolved */
	struct buffer text;
	size_t bytes;
};

void prefilter_init(struct prefilter *p, struct arena *a, const char *const *words,
		    unsigned nwords);
void prefilter_scan(struct prefilter *p, const struct kbuild_unit *u);
bool prefilter_has(const struct prefilter *p, unsigned word);
void prefilter_release(struct prefilter *p);

/* Only the words of one text; for the tests. */
void prefilter_text(struct prefilter *p, const char *s, size_t n);

#endif
