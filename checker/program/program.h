/* SPDX-License-Identifier: MIT */
/*
 * program.h - units of a build put together from their facts
 *
 *	struct program p;
 *
 *	program_init(&p, &catalog, members);	members: one bool for each of its units
 *	program_link(&p);
 *	... p.unit is what ir/link.h made of them
 *	program_release(&p);
 */
#ifndef PF_PROGRAM_PROGRAM_H
#define PF_PROGRAM_PROGRAM_H

#include "ir/link.h"
#include "program/catalog.h"

struct program {
	struct catalog *catalog;
	struct ir_unit unit;
	const bool *members;	/* those of the catalog's units that are in it */
	bool *needed;		/* units with IR that are not, and without which nothing is decided */
	bool *wanted;		/* units that are not, that were asked for, and call what is in it */
	unsigned doubles;	/* external definitions of a name beyond the first */
	Array(struct ir_owner) owners;	/* sorted by function */
};

/* Of the members, which must stay. Nothing is read yet; what is not in it can be asked for. */
void program_init(struct program *p, struct catalog *c, const bool *members);

/* Reads the IR of the members and links it. False: one, told in the catalog, cannot be read. */
bool program_link(struct program *p);
void program_release(struct program *p);

/*
 * A unit that is not in the program may call this function, or put something
 * into this member; arg is the struct program.
 */
bool program_elsewhere(void *arg, const char *name);

/* Whether a unit that is linked, and in the rule's scope, has the function. */
bool program_covers(void *arg, const struct rule *r, ir_fn fn);

/*
 * The same as program_elsewhere(), where it matters to a rule: units that call, or
 * may call, what has the name become wanted; those that nobody asked for in the catalog.
 */
bool program_wants(void *arg, const char *name);

/* Units with IR that name it are needed. */
void program_needs(void *arg, const char *name);

/* Adds the needed, or the wanted, units to the members; false where there is none. */
bool program_add_needed(const struct program *p, bool *members);
bool program_add_wanted(const struct program *p, bool *members);

#endif
