/* SPDX-License-Identifier: MIT */
/*
 * sources.h - which contents of a field a value is made of
 */
#ifndef PF_RULES_SOURCES_H
#define PF_RULES_SOURCES_H

#include "rules/judge.h"

#define SOURCES_MAX 4

struct sources {
	struct judge *j;
	const struct class *of;		/* the field */
	sym_id found[SOURCES_MAX];	/* its contents: of the entry of the function, or read later */
	unsigned n;			/* more than the maximum are left out */
	bool lost;			/* something in it is not known: it can be such a content too */
	struct map depth;		/* of symbols that were looked into: the least, plus 1 */
};

/* Gives back nothing that must be released. */
struct sources sources_of(struct judge *j, const struct class *of, word_id w);

#endif
