/* SPDX-License-Identifier: MIT */
/*
 * witness_parts.h - the parts of a witness: witness_values.c has its numbers,
 * witness_path.c its steps, certainty.c how sure it is, witness.c makes the finding
 */
#ifndef PF_RULES_WITNESS_PARTS_H
#define PF_RULES_WITNESS_PARTS_H

#include "base/buffer.h"
#include "domain/confirm.h"
#include "rules/judge.h"

#define WITNESS_ORIGINS 8	/* entry points that a value from memory may come from */

/* What a condition speaks of: symbols without definition. */
struct symbols_of {
	struct judge *j;
	sym_id v[64];
	unsigned n;
	struct map seen;		/* derived ones, which may be shared */
};

struct path {
	struct judge *j;
	const struct rule *rule;
	const struct obligation *o;
	const struct cond *why;		/* the clauses that matter */
	const char *state;		/* what is known at each step */
	struct origin origin[WITNESS_ORIGINS];	/* who stores what is read on the way, and to which field */
	unsigned norigins;
	struct class field;
	Array(struct step) steps;
};

/* --- witness_values.c */
void witness_symbols(struct symbols_of *s, const struct cond *c);
void witness_symbols_of_bit(struct symbols_of *s, bit_id b);
void witness_add_symbol(struct symbols_of *s, sym_id id, unsigned depth);
/*
 * "with a = 1 and b = 2", and "a=1, b=2" for each step, of the symbols; NULL for none. numbers:
 * of a replay, or NULL for the solver's.
 */
void witness_values(const struct symbols_of *s, const struct rule *rule, const struct cond *bad,
		    struct numbers *numbers, const char **values, const char **state);
/* The text goes to the report; NULL for none. */
const char *witness_taken(struct judge *j, struct buffer *b);

/* --- witness_path.c */
/* First how the value came to where it is read, then the way from there. */
void witness_calls(struct path *p, ir_fn entry);
const char *witness_reach(struct judge *j, ir_fn entry, const struct obligation *o);

/* --- certainty.c: as far as the states tell, without a replay */
enum verdict witness_quality(struct judge *j, const struct symbols_of *s,
			     const struct obligation *o, const struct cond *bad,
			     const char **reason);

#endif
