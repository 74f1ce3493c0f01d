/* SPDX-License-Identifier: MIT */
/*
 * catalog.h - the units of a build, as their facts tell
 *
 *	struct catalog c;
 *
 *	catalog_init(&c, digest_of_the_rules);
 *	catalog_add(&c, "drivers/iommu/intel/iommu.o", path);	for each, in any order
 *	catalog_read(&c, rules, nrules, &model);
 *	... programs are made of its units, see program.h
 *	catalog_release(&c);
 */
#ifndef PF_PROGRAM_CATALOG_H
#define PF_PROGRAM_CATALOG_H

#include "program/facts.h"
#include "rules/concern.h"
#include "rules/rule.h"

enum unit_use {
	UNIT_KNOWN,		/* its IR is there */
	UNIT_SKIPPED,		/* no rule could concern it by its text */
	UNIT_STALE,		/* checked by another version, or under other rules */
	UNIT_UNREADABLE,	/* no facts, or none that can be used */
};

struct catalog_unit {
	const char *object;	/* the unit's name in a run */
	const char *path;	/* of its facts */
	uint8_t use;		/* enum unit_use */
	bool partial;		/* KNOWN: it did not parse cleanly */
	const char *why;	/* STALE, UNREADABLE: one line; else NULL */
	/* A name of a program that it calls, or may call; and nobody asked for it yet; or NULL. */
	const char *wanted;
	struct facts facts;
	struct buffer text;	/* KNOWN: the file */
	struct concern concern;	/* KNOWN, after catalog_read() */
};

struct catalog {
	struct arena arena;
	Array(struct catalog_unit) units;	/* sorted by name once read */
	uint64_t rules;
	unsigned nknown, nskipped;
	unsigned nunknown;	/* units of the build that left no facts, set by the caller */
	struct vocabulary_union skipped_words;	/* after catalog_read() */
	struct map asked;	/* hashes of the names that all skipped units were asked for */
	struct map in_scope;	/* rule and unit -> 1: no, 2: yes */
};

void catalog_init(struct catalog *c, uint64_t rules);
void catalog_release(struct catalog *c);

/* Reads the head of the facts; what is wrong with them is told in the unit. */
void catalog_add(struct catalog *c, const char *object, const char *path);

/* Sorts the units, and learns from the IR of each what it has for the n rules. */
void catalog_read(struct catalog *c, const struct rule *rules, uint32_t n,
		  const struct model *model);

/* Reads the IR into the empty unit. False, and the unit is UNREADABLE, where it cannot be. */
bool catalog_unit_ir(struct catalog *c, struct catalog_unit *u, struct ir_unit *ir);

/* Whether the unit is in the rule's scope; yes where nothing is known of it. */
bool catalog_covers(struct catalog *c, const struct rule *r, uint32_t unit);

/* Whether a unit of the build can be in the scope, one that was skipped aside. */
bool catalog_is_in_scope(struct catalog *c, const struct rule *r);

/*
 * The units that the i-th rule, which is r, is judged by, one bool for each unit: those that
 * have something for it, and, for its when: to be decided, those that know a record
 * of it, where the others do not. The first are also added to *around, where it may apply.
 */
void catalog_units_of(const struct catalog *c, const struct rule *r, uint32_t i, bool *members,
		      bool *around);

#endif
