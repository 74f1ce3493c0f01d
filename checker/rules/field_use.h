/* SPDX-License-Identifier: MIT */
/*
 * field_use.h - the places that access a field, and the locks that each of them holds
 *
 * The evidence from which a discipline is inferred. A place is an access in the
 * source; it holds a lock where every entry point that reaches it does, a write
 * where it holds it exclusively.
 */
#ifndef PF_RULES_FIELD_USE_H
#define PF_RULES_FIELD_USE_H

#include "rules/shared.h"

#define USE_LOCKS 8

/* A lock as it is seen from the object that has the field. */
struct use_lock {
	bool through;		/* in what a member points to, at bit step of the object */
	int64_t step;
	ir_glob glob;		/* a variable, or a member of one; IR_NONE: none */
	ir_rec rec;		/* through: the record of what it points to, or IR_NONE */
	int64_t off;		/* bits */
};

struct use_place {
	const struct shared *x;	/* of its accesses the one that holds fewest locks */
	bool writes;
	struct use_lock locks[USE_LOCKS];
	unsigned nlocks;
};

struct field_use {
	const struct ir_field *field;
	struct bound_field bound;
	Array(struct use_place) places;
};

/* How many places hold the lock. */
struct use_count {
	struct use_lock lock;
	unsigned writes, reads;
};

/*
 * The places of u->bound. bare: with those that say that they are meant to be without a
 * lock (READ_ONCE(), atomic operations), and hold none. d: only places in the scope of
 * its rule; or NULL.
 */
void field_use_collect(struct judge *j, const struct docket *d, struct field_use *u, bool bare);
void field_use_release(struct field_use *u);

/* The locks that any place holds, with their numbers; returns how many, up to USE_LOCKS. */
unsigned field_use_count(const struct field_use *u, struct use_count out[USE_LOCKS]);
bool field_use_holds(const struct use_place *p, const struct use_lock *l);

/* "lock", "s2_domain->s1_lock", "global registry_lock": as a rule names it. */
const char *field_use_lock_name(struct judge *j, ir_rec rec, const struct use_lock *l);
/* The same for who looks for it. */
struct bound_lock field_use_bound(const struct field_use *u, const struct use_lock *l);

#endif
