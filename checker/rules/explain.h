/* SPDX-License-Identifier: MIT */
/*
 * explain.h - the map of a program that the judgement of one rule went by
 *
 * For people: which functions lead to the sinks, what a proof rests on, who
 * writes the fields that it speaks of. Filled by analysis_run() for the first
 * rule of the set where the options ask for it; its strings are the report's.
 */
#ifndef PF_RULES_EXPLAIN_H
#define PF_RULES_EXPLAIN_H

#include "base/array.h"
#include "report/finding.h"

#define EXPLAIN_NONE UINT32_MAX

struct explain_function {
	const char *name;
	struct place place;
	bool way;		/* an entry point leads to a sink through it */
	bool entry, sink, guard;
	uint32_t next;		/* the call on the shortest way to a sink, or EXPLAIN_NONE */
};

struct explain_call {
	uint32_t caller, callee;	/* functions */
	struct place place;
	const char *member;	/* the call leads through it: "iommu_ops.map"; NULL: a direct one */
};

/* A sink or a guard. */
struct explain_point {
	uint32_t function;
	struct place place;
};

enum explain_reach {
	REACH_OWN,		/* nobody else can reach the object yet */
	REACH_SHARED,
	REACH_TEARDOWN,		/* the object is given back there */
	REACH_UNKNOWN,		/* it was not followed */
};

struct explain_writer {
	uint32_t field, function;
	struct place place;
	uint8_t reach;		/* enum explain_reach */
	const char *locks;	/* SHARED, TEARDOWN: "holding 'd->lock'" */
};

struct explanation {
	Array(struct explain_function) functions;	/* by file, line and name */
	Array(struct explain_call) calls;		/* between those on the way */
	Array(struct explain_point) sinks, guards;
	Array(const char *) fields;			/* "struct dmar_domain.nested_parent" */
	Array(struct explain_writer) writers;		/* by field, then by place */
	Array(const char *) assumptions;		/* of the outcome */
	Array(const char *) proved;			/* those that are it */
	Array(const char *) open;	/* members into which a unit that was not seen may put more */
	Array(const char *) unseen;	/* units; the command's to fill, as are these: */
	unsigned nlinked, nskipped;	/* units */
};

void explanation_release(struct explanation *x);

struct judge;
struct bound_rule;

/* Before the engine starts: the fields that the rule reads are watched. */
void explain_watch(struct judge *j, const struct bound_rule *b);

/* After everything is judged. */
void explain_collect(struct judge *j, struct explanation *x);

#endif
