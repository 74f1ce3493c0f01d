/* SPDX-License-Identifier: MIT */
/*
 * program.h - the units of a build put together from their facts
 *
 *	struct program p;
 *
 *	program_init(&p, digest_of_the_rules);
 *	program_add(&p, "drivers/iommu/intel/iommu.o", path);	for each, in any order
 *	program_link(&p);
 *	... p.unit is what ir/link.h made of those that could be used
 *	program_release(&p);
 */
#ifndef PF_PROGRAM_PROGRAM_H
#define PF_PROGRAM_PROGRAM_H

#include "ir/link.h"
#include "ir/link.h"
#include "program/facts.h"
#include "rules/rule.h"

enum unit_use {
	UNIT_LINKED,		/* its IR is in the program */
	UNIT_SKIPPED,		/* no rule could concern it by its text */
	UNIT_STALE,		/* checked by another version, or under other rules */
	UNIT_UNREADABLE,	/* no facts, or none that can be used */
};

struct program_unit {
	const char *object;	/* the unit's name in a run */
	const char *path;	/* of its facts */
	uint8_t use;		/* enum unit_use */
	bool partial;		/* LINKED: it did not parse cleanly */
	const char *why;	/* STALE, UNREADABLE: one line; else NULL */
	const char *wanted;	/* SKIPPED: a name of the program that it mentions, or NULL */
	struct facts facts;
	struct buffer text;	/* the file, until the program is linked */
};

struct program {
	struct arena arena;
	struct ir_unit unit;
	Array(struct program_unit) units;	/* sorted by name once linked */
	uint64_t rules;
	unsigned nlinked, nskipped;
	unsigned nunknown;	/* units of the build that left no facts, set by the caller */
	unsigned doubles;	/* external definitions of a name beyond the first */
	Array(struct ir_owner) owners;	/* sorted by function */
	struct map in_scope;		/* rule and unit -> 1: no, 2: yes */
};

void program_init(struct program *p, uint64_t rules);
void program_release(struct program *p);

/* Reads the head of the facts; what is wrong with them is told in the unit. */
void program_add(struct program *p, const char *object, const char *path);

/* Every unit of the build is in the program, in full. */
bool program_is_whole(const struct program *p);

/*
 * A unit that is not in the program may call this function, or put something
 * into this member; arg is the struct program.
 */
bool program_elsewhere(void *arg, const char *name);

/* Whether a unit that is linked, and in the rule's scope, has the function. */
bool program_covers(void *arg, const struct rule *r, ir_fn fn);

/* Whether a unit of the build can be in the scope, one that was skipped aside. */
bool program_is_in_scope(struct program *p, const struct rule *r);

/* The same, where it matters to a rule: skipped units that mention the name become wanted. */
bool program_wants(void *arg, const char *name);

/* Reads the IR of the units that can be used, and links it. */
void program_link(struct program *p);

#endif
