/* SPDX-License-Identifier: MIT */
/* confirm_parts.h - numbers for symbols, for those who look for them */
#ifndef PF_DOMAIN_CONFIRM_PARTS_H
#define PF_DOMAIN_CONFIRM_PARTS_H

#include "domain/confirm.h"
#include "domain/dom.h"

struct numbers {
	struct dom *d;
	struct map base;	/* symbol without definition -> its number */
	struct map known;	/* what was computed from these */
	unsigned effort;	/* bits and definitions that were computed */
	bool undefined;		/* a definition has no value in C */
};

/* Those of near, or none. */
struct numbers *numbers_new(struct dom *d, const struct numbers *near);
/* The number of a symbol without definition. */
uint64_t *numbers_base(struct numbers *m, sym_id s);
/* Some number was changed. */
void numbers_forget(struct numbers *m);
/* The value of a word; its TOP bits leave it undefined. */
uint64_t numbers_word(struct numbers *m, word_id w);
bool numbers_bit(struct numbers *m, bit_id b);

#endif
