/* SPDX-License-Identifier: MIT */
/*
 * judge.h - the rules at work on one unit; shared by the rule templates
 */
#ifndef PF_RULES_JUDGE_H
#define PF_RULES_JUDGE_H

#include "engine/engine.h"
#include "engine/fun.h"
#include "report/finding.h"
#include "rules/analysis.h"
#include "rules/bind.h"

/* A refusal that was found: a return on a path that entails the guard. */
struct refusal {
	ir_fn fn;
	ir_loc loc;
	bool reported;		/* in some form, though not in one that counts */
};

/* What the run learns about one rule. */
struct docket {
	struct bound_rule bound;
	struct map sinks;		/* places of sinks */
	Array(struct tag) guards;	/* branches that a proof rests on */
	bool uses_policy;		/* a proof needed a field to be stable */
	Array(const char *) reasons;	/* why it is incomplete */
	Array(struct refusal) refusals;
	unsigned findings;
	bool violated, may;
};

struct judge {
	struct engine e;
	struct frontend *fe;
	const struct rule_set *rules;
	struct report *report;
	struct docket *dockets;		/* by rule number */
	uint32_t ndockets;
	uint64_t *relevant;		/* bit set of functions */
	struct map called;		/* functions with a caller in the unit */
	uint32_t nfuncs;
};

void docket_reason(struct judge *j, struct docket *d, const char *text);

/* --- flag_flow.c */
void flag_flow_store(struct judge *j, struct fun *f, struct state *s, const struct store_event *e);
void flag_flow_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		    const word_id *args, unsigned nargs, ir_loc loc);
/* The obligations of an entry point become findings. */
void flag_flow_entry(struct judge *j, ir_fn fn);

/* --- refuse_warn.c */
void refuse_warn_branch(struct judge *j, struct fun *f, struct state *s);
void refuse_warn_report(struct judge *j, struct fun *f, struct state *s, unsigned flavour);
void refuse_warn_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc);
void refuse_warn_case(struct judge *j, struct fun *f, struct state *s, const uint8_t *callee);
void refuse_warn_entry(struct judge *j, ir_fn fn);

/* --- relevant.c: the functions that the rules can concern */
void relevant_compute(struct judge *j);
bool relevant_has(const struct judge *j, ir_fn fn);
/* Callable from outside of what this unit shows: exported, address taken, or never called. */
bool relevant_is_entry(const struct judge *j, ir_fn fn);

/* --- witness.c */
struct place witness_place(struct judge *j, ir_loc loc);
const char *witness_function(struct judge *j, ir_fn fn);
void witness_finding(struct judge *j, struct docket *d, ir_fn entry, const struct obligation *o,
		     const struct cond *bad);

#endif
