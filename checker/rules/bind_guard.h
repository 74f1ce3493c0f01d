/* SPDX-License-Identifier: MIT */
/*
 * bind_guard.h - which locks guard the fields of a guarded-by rule
 *
 * The rule says it (fields:, lock:), or each field's own declaration does
 * (record:, declared:).
 */
#ifndef PF_RULES_BIND_GUARD_H
#define PF_RULES_BIND_GUARD_H

#include "rules/bind_lock.h"

#define BOUND_GUARDS 4

struct bound_guard {
	struct bound_field field;
	const char *name;	/* of the field */
	const char *text;	/* of the locks, as they were written */
	/* A write needs all of them, a read one. 0: the declaration could not be read. */
	struct bound_lock locks[BOUND_GUARDS];
	unsigned nlocks;
};

/* How many fields of the record are declared with the annotation. */
unsigned bind_count_declared(const struct ir_unit *u, ir_rec rec, const char *annotation);

/*
 * What these fields are declared with, as many as were counted. A name is looked up as
 * in an attribute of clang's thread safety analysis: a member of the record, and
 * else a variable. "&lock" is the lock at that place; so is "lock", or what the
 * member points to where it is a pointer. rec has its fields.
 */
void bind_declared(struct bound_guard *out, ir_rec rec, const char *annotation,
		   const struct binder *in, struct arena *a);

#endif
