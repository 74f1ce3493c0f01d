/* SPDX-License-Identifier: MIT */
/*
 * vocabulary.h - the words of a unit's text, kept for a later question
 *
 * What prefilter.h reads, kept as the sorted hashes of all its words, so that
 * "may it have this word?" can be asked of a unit whose text is not at hand.
 * The answer errs only to yes, as that of prefilter_has(), and more often: a hash
 * that two words share is one more word, and what public headers have is not known.
 */
#ifndef PF_KBUILD_VOCABULARY_H
#define PF_KBUILD_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "kbuild/argv.h"
#include "kbuild/paste.h"

#define VOCABULARY_BITS 26		/* of a hash */

struct vocabulary {
	const uint32_t *v;	/* rising */
	uint32_t n;
	bool everything;	/* the text could not be told: all words are there */
	const struct paste_chain *chains;	/* of the text's macros */
	uint32_t nchains;
};

static inline uint32_t vocabulary_hash(uint64_t hash)
{
	return (uint32_t)(hash >> (64 - VOCABULARY_BITS));
}

struct prefilter;

/* Of what a scan has read, in the arena. */
void vocabulary_of_scan(struct vocabulary *w, struct arena *a, const struct prefilter *p);

/* The hashes that any of many vocabularies has. */
struct vocabulary_union {
	uint64_t *bits;		/* one for each hash; NULL: none has any */
};

void vocabulary_union_add(struct vocabulary_union *all, const struct vocabulary *w);
void vocabulary_union_release(struct vocabulary_union *all);

/* A word to look for, in one vocabulary or in many. */
struct vocabulary_word {
	const char *s;		/* not copied */
	size_t n;
	uint32_t *hash;		/* of its piece of k bytes at i: hash[i * n + k - 1] */
};

/* all: what the vocabularies have that will be asked, or NULL. */
void vocabulary_word_init(struct vocabulary_word *word, const char *s,
			  const struct vocabulary_union *all);
void vocabulary_word_release(struct vocabulary_word *word);

bool vocabulary_may_have(const struct vocabulary *w, const struct vocabulary_word *word);

/* Appends the hashes as bytes. */
void vocabulary_pack(const struct vocabulary *w, struct buffer *out);

/* From the n bytes at p, which have w->n hashes: false where they are no such bytes. */
bool vocabulary_unpack(struct vocabulary *w, struct arena *a, const void *p, size_t n);

#endif
