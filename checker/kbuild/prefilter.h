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
 * word are seen through (paste.h): "nested_parent" is also there where it can be
 * put together of words that stand in that text, in whatever way and by whatever
 * macros. An #include of a macro, an unreadable file, too much text, and text that
 * cannot be told from a comment give yes for all.
 *
 * A unit has a word also where one of its public headers makes something of it
 * (headers.h), which prefilter_headers() looks for: hundreds of files, and the
 * greater part of the time. A record's tag can so be told to be out of reach: a
 * field is accessed, a record copied or cleared only where it is defined.
 *
 * Out of sight is only a word that a macro of a public header pastes together with
 * a piece of its own.
 *
 *	struct prefilter p;
 *	prefilter_init(&p, &arena, words, nwords);
 *	prefilter_scan(&p, &unit);
 *	if (!prefilter_has(&p, 0))
 *		prefilter_headers(&p);
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
#include "kbuild/argv.h"
#include "kbuild/includes.h"
#include "kbuild/macro.h"
#include "kbuild/vocabulary.h"

#define PREFILTER_WORD PASTE_LONGEST

enum prefilter_kind {
	PREFILTER_NAME,		/* of a function */
	PREFILTER_TAG,		/* of a struct or union */
	PREFILTER_TYPE,		/* by typedef: there where it stands in any header */
};

struct prefilter_word {
	const char *text;
	enum prefilter_kind kind;
};

struct prefilter_given { const char *s; size_t n; };

struct prefilter {
	struct arena *arena;
	const struct prefilter_word *words;
	unsigned nwords;
	struct map pieces;	/* hash of a part of a word -> where it was seen */
	uint64_t pairs[1024];	/* bit set: the first two characters of the pieces */
	size_t longest;
	bool *in_headers;	/* by word: a public header makes something of it */
	bool gave_up;		/* everything is there */
	struct map all;		/* hashes of all words that were read, for vocabulary.h */

	struct includes in;
	Array(struct prefilter_given) given;	/* by -D */
	struct macro macro;	/* of the text that is read */
	struct paste_chains chains;
	struct map pasters;	/* hash of a macro's name that pastes */
	uint8_t pass;
	bool saw_headers, saw_calls, saw_public;	/* how far it was looked */
	struct buffer text, chain;
	uint32_t nread;		/* of the private files */
	size_t bytes;
};

void prefilter_init(struct prefilter *p, struct arena *a, const struct prefilter_word *words,
		    unsigned nwords);
void prefilter_scan(struct prefilter *p, const struct kbuild_unit *u);
void prefilter_headers(struct prefilter *p);
bool prefilter_has(struct prefilter *p, unsigned word);

/* Whether it is there without being put together, which costs little to know. */
bool prefilter_names(const struct prefilter *p, unsigned word);
void prefilter_release(struct prefilter *p);

/* Only the words of one text, which must stay; for the tests. */
void prefilter_text(struct prefilter *p, const char *s, size_t n);

#endif
