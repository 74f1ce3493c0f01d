/* SPDX-License-Identifier: MIT */
/*
 * touch.h - which code has to do with what the rules look at
 *
 * Told by the look of the code, before it is analysed. A function that handles an object of a
 * rule by its other members only, and calls nobody who does more, is none that a rule asks for.
 */
#ifndef PF_RULES_TOUCH_H
#define PF_RULES_TOUCH_H

#include "rules/judge.h"
#include "rules/writer.h"

/* Some records, and those that hold one as a member. */
struct touch_records {
	struct map those;
	struct map holders;		/* record -> it is one of them, or holds one */
};

struct touch {
	struct judge *j;
	Array(struct written) spans;	/* what the rules look at */
	struct touch_records records;	/* the records of the rules */
	struct touch_records whole;	/* those of which they look at all */
	struct touch_records spanned;	/* those of the spans */
};

/* What the usable rules of the judge look at, and what they take for granted. */
void touch_init(struct touch *t, struct judge *j);
void touch_release(struct touch *t);

/* The record is one of a rule's, or has one as a member. */
bool touch_is_record(struct touch *t, ir_rec rec);

/* The function has a pointer to such a record, or accesses one. */
bool touch_handles(struct touch *t, const struct ir_func *f);

/*
 * Its own code accesses what the rules look at, may write what they take for granted, or
 * calls a function that they name. Errs only to yes, as writer_may() does.
 */
bool touch_accesses(struct touch *t, const struct ir_func *f);

#endif
