/* SPDX-License-Identifier: MIT */
/*
 * vocabulary.h - the words of a unit's text, kept for a later question
 *
 * What prefilter.h reads, kept as the sorted hashes of all its words, so that
 * "may it have this word?" can be asked of a unit whose text is not at hand.
 * The answer errs only to yes, as that of prefilter_has(): a hash that two words
 * share is one more word.
 */
#ifndef PF_KBUILD_VOCABULARY_H
#define PF_KBUILD_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "kbuild/argv.h"

#define VOCABULARY_LONGEST 64	/* a longer word is there always */
#define VOCABULARY_PIECES 4		/* of a word that only macros of public headers can paste */
#define VOCABULARY_BITS 26		/* of a hash */

struct vocabulary {
	const uint32_t *v;	/* rising */
	uint32_t n;
	bool everything;	/* the text could not be told: all words are there */
	bool pastes;		/* words are put together of any number of pieces */
};

static inline uint32_t vocabulary_hash(uint64_t hash)
{
	return (uint32_t)(hash >> (64 - VOCABULARY_BITS));
}

struct prefilter;

/* Of the unit, in the arena; or of a scan that was told to keep_all. */
void vocabulary_of_scan(struct vocabulary *w, struct arena *a, const struct prefilter *p);
void vocabulary_of_unit(struct vocabulary *w, struct arena *a, const struct kbuild_unit *u);

bool vocabulary_may_have(const struct vocabulary *w, const char *word);

/* Appends the hashes as bytes. */
void vocabulary_pack(const struct vocabulary *w, struct buffer *out);

/* From the n bytes at p, which have w->n hashes: false where they are no such bytes. */
bool vocabulary_unpack(struct vocabulary *w, struct arena *a, const void *p, size_t n);

/*
 * The fewest pieces that were seen and that, one behind the other, make the
 * word of n <= VOCABULARY_LONGEST characters; or more than VOCABULARY_LONGEST.
 */
typedef bool (*vocabulary_seen)(const void *arg, const char *s, size_t n);

unsigned vocabulary_fewest(const char *s, size_t n, vocabulary_seen seen, const void *arg);

#endif
