/* SPDX-License-Identifier: MIT */
/*
 * paste.h - which words can the macros of a text put together?
 *
 * A "##" in a macro's body joins what stands on its two sides there: words of the
 * body, as they are, and what the macro's arguments begin and end with. Of each
 * chain of them the words are kept, as a string:
 *
 *	#define F(x, y) pre_##x##_##y	"pre_#*0#_#*1"
 *
 * A '*' is an argument, with its number where it has one. A word that stands
 * beside a "##" is no word of its own.
 *
 * A word can be put together where it is a row of pieces, each of which is a
 * free word of the text, or one of a chain whose words all occur in it. How many
 * pieces there are is no matter: macros are called in arguments of macros, and
 * any may paste. An argument that a chain has in its middle breaks it in two
 * where it is more than one word: "a b" makes "pre_a" and "b_y" of the above.
 *
 * A chain's arguments can be words that a public header hands to the macro (a
 * list that is a macro, a header that is included for its calls): these count
 * beside the chain, and nowhere else. Where all calls of the macro can be seen, and
 * what they give it, it is known that there are none of these.
 */
#ifndef PF_KBUILD_PASTE_H
#define PF_KBUILD_PASTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"

/* A longer word can always be there. */
#define PASTE_LONGEST 64

/* What "##" joins of which nothing is known. */
#define PASTE_ANYTHING "*#*"

struct paste_chain {
	const char *text;
	const char *macro;	/* its name, or NULL */
	bool one_word;		/* the arguments in its middle are one word each */
	bool own;		/* its arguments are words of the text */
};

struct paste_chains {
	Array(struct paste_chain) v;
	struct map known;
};

/* Adds it where it is new. Text and name, or NULL, are copied. */
void paste_add(struct paste_chains *c, struct arena *a, const char *text, const char *macro);
void paste_release(struct paste_chains *c);

/* Whether the n bytes at s are a word of the text; or of what public headers have. */
typedef bool (*paste_word)(const void *arg, const char *s, size_t n);

struct paste_text {
	const struct paste_chain *chains;
	uint32_t nchains;
	paste_word free;
	paste_word public;	/* NULL: everything may be */
	const void *arg;
	bool doubt;		/* as if nothing were known of the arguments of any chain */
};

/* Whether the word of n bytes can be there; whole: also as it is, not of pieces alone. */
bool paste_makes(const struct paste_text *t, const char *s, size_t n, bool whole);

#endif
