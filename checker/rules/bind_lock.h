/* SPDX-License-Identifier: MIT */
/*
 * bind_lock.h - the fields and locks of a rule in the layout of a unit
 */
#ifndef PF_RULES_BIND_LOCK_H
#define PF_RULES_BIND_LOCK_H

#include "rules/binder.h"
#include "rules/rule.h"

struct bound_field {
	ir_rec rec;
	uint64_t off;		/* bits from the start of rec */
	uint32_t width;
};

/*
 * Where the lock is, seen from the record that the rule is about: the pointers
 * at step[] are followed one after the other, each in the object that the one
 * before leads to; off is the place in the last object.
 */
struct bound_lock {
	bool is_any;		/* of any object of rec */
	bool is_global;
	ir_glob glob;		/* is_global: off is the place in it */
	uint64_t step[RULE_MAX_LOCK_MEMBERS];	/* bits */
	unsigned nsteps;
	ir_rec rec;		/* the last object's; IR_NONE for a global lock */
	uint64_t off;		/* bits */
};

/*
 * What a rule names, in the unit. *pos and the result tell what is missing; NULL
 * where nothing is. rec is that of the object from which the lock is looked for.
 */
const char *bind_field(struct bound_field *b, const struct rule_field *f, const struct binder *in,
		       struct arena *a);
const char *bind_lock(struct bound_lock *b, const struct rule_lock *l, ir_rec rec,
		      const struct binder *in, struct arena *a);

/* On to what the pointer of this type, at which the lock was looked for, points to. */
bool bind_step(struct bound_lock *b, const struct ir_type *type, const struct binder *in);

/* The place of "a.b", a member of a record inside. NULL where there is none. */
const struct ir_field *bind_member(struct ir_unit *u, ir_rec rec, const char *path, uint64_t *off);

#endif
