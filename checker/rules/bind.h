/* SPDX-License-Identifier: MIT */
/*
 * bind.h - a rule's names resolved in a unit
 *
 * The expressions of the rules are appended to the unit as functions (the
 * snippet), so that the compiler's front end resolves macros, types and
 * members, and the engine evaluates an expression like any other call.
 */
#ifndef PF_RULES_BIND_H
#define PF_RULES_BIND_H

#include "engine/engine.h"
#include "report/finding.h"
#include "rules/bind_guard.h"
#include "rules/binder.h"
#include "rules/rule.h"

#define BOUND_SINKS 8
#define BOUND_NAMES 8

struct bound_sink {
	const struct rule_at *at;
	struct class class;	/* AT_STORE; else its number, so that they differ */
	struct class from;	/* AT_STORE with from: the field; else rec IR_NONE */
	struct class not_from;	/* the same */
	ir_fn call;		/* AT_CALL: one that has the name; units have static ones each */
	ir_fn expr;		/* the function of "require" for this sink */
};

struct bound_rule {
	const struct rule *rule;
	uint32_t number;	/* in the rule set */
	uint8_t when;		/* enum outcome_when */
	bool usable;		/* active here, with all its anchors */
	const char *missing;	/* not usable although when holds: the anchor */
	struct rule_pos missing_pos;
	ir_rec names[BOUND_NAMES];	/* record that a bound pointer points to, or IR_NONE */
	sym_id symbols[BOUND_NAMES];	/* SYM_K_BOUND of each name */
	struct bound_sink sinks[BOUND_SINKS];
	unsigned nsinks;
	ir_fn guard;		/* REFUSE_WARN, COUPLING: the function of "guard", "require" */
	uint8_t monitor;	/* REFUSE_WARN: the first of its two bytes in struct state */
	/* The parts of rule->locking that have a place in the unit, in the same order. */
	struct bound_field fields[RULE_MAX_FIELDS];
	struct bound_field locks[RULE_MAX_FIELDS];	/* LOCK_BALANCE */
	struct bound_field list, flag, inner;	/* PUBLISH_THEN_READ */
	struct bound_lock lock;
	struct bound_guard *guards;	/* GUARDED_BY */
	unsigned nguards;
	struct field_policy *policies;	/* by number in the rule */
	struct ir_span *policy_in;	/* the same: the field in the objects that it is about */
	ir_rec record;		/* STORAGE_UNIT, LOST_BIT; or IR_NONE */
	ir_rec entry;		/* PUBLISH_THEN_READ; IR_NONE: not given, or not known here */
};

/* Resolves one rule. Faults of the snippet are looked up by the
 * binder. */
void bind_rule(struct bound_rule *b, const struct rule_set *rules, uint32_t number,
	       const struct binder *in, struct engine *e, struct arena *a);

/* The callee is the function that the sink names. */
bool bind_is_call(const struct bound_sink *s, const struct ir_unit *u, ir_fn callee);

/* The engine notes accesses to the field; to what a rule about a whole record looks at. */
void bind_watch(struct engine *e, const struct bound_field *f);
void bind_watch_record(struct engine *e, const struct bound_rule *b);

/*
 * The values that name k of the rule can have at this point: the objects of the
 * record that ptr was derived from; where that is not known, or ptr is
 * WORD_NONE, the parameters of the function with that type and what its
 * variables of that type hold. Gives their number, 0 where there is none.
 */
unsigned bind_values(const struct bound_rule *b, unsigned k, struct fun *f, struct state *s,
		     word_id ptr, word_id *out, unsigned max);

#endif
