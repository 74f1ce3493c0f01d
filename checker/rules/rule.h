/* SPDX-License-Identifier: MIT */
/*
 * rule.h - a rule as its file says it
 *
 * A rule file (rules/<area>/<slug>.yaml) is a YAML frame with C expressions
 * inside, one document per rule. Reading checks everything that can be checked
 * without a kernel; binding (bind.h) resolves names in a unit.
 *
 *	id: PF2101			# unique over the set, never used again
 *	name: VtdReadOnlyNestedMapping
 *	template: flag-flow		# what the rule says, see below
 *	message: "... '{domain}->nested_parent' ..."	# see rule_format()
 *	short: one sentence ending in a period.
 *	why: what goes wrong otherwise, in one or two sentences.	# optional
 *	severity: error			# error, warning or note
 *	confidence: high		# high, medium or low
 *	cwe: [CWE-1220]			# optional, as are tags and scope
 *	tags: [iommu]			# "security": with a severity for security in the log
 *	scope: [drivers/iommu]		# folders or globs of sources; none: everywhere
 *	on_request: true		# runs only where --only or --also names it
 *	help: |
 *	  ...
 *	when: "struct dmar_domain has nested_parent, and has not read_only_mapped"
 *	bind:
 *	  domain: "struct dmar_domain *"
 *	unknown: incomplete		# what an undecided path gives; the only value
 *
 * scope: is where the places stand that the rule is about, also for the link, which
 * looks at callers and at writers of the fields of policy: everywhere.
 *
 * when: is the design that the rule is for: clauses joined by ',' or 'and',
 * "RECORD has FIELD", "RECORD has not FIELD", "RECORD exists" or "RECORD does
 * not exist"; a clause without RECORD speaks of the one before. All must hold.
 *
 * A field is a plain name; a member of an anonymous struct or union inside is a
 * field of the record.
 *
 * bind: gives names to values for the expression. "TYPE" is a value of that
 * type wherever the function has one: a parameter, or what was derived from
 * one (container_of, a member). "param TYPE NAME" is a parameter of the
 * function with that type and name, "param TYPE A|B" with one of these names.
 * The type "integer" is any integer type but _Bool.
 *
 * The templates of locks and shared fields (guarded-by, stable-field, two-sided,
 * lock-balance, storage-unit, publish-then-read, lost-bit, pairing, consistent-lock) stand in
 * rule_lock.h. bind: is a part of flag-flow, refuse-warn and two-sided.
 *
 * template: flag-flow has two more parts and a third that is optional:
 *
 *	at:
 *	  - store: "struct dma_pte.val"	# any store to that field
 *	  - call: set_entry		# a call, the value is argument 1 (from 0)
 *	    argument: 1
 *	  - from: "struct attrs.bits"	# a store of what was made of that field, to any place
 *	require: "!(val & DMA_PTE_READ) || (val & DMA_PTE_WRITE) || !domain->nested_parent"
 *	policy:
 *	  - field: "struct dmar_domain.nested_parent"
 *	    is: init-only		# or monotone with to: 1, or guarded with lock:
 *
 * require must hold at each sink. Its names are those of bind:, "val" (the
 * value that the sink stores) and every macro, enumerator and type of the
 * unit. A bound object is the one from which the entry's pointer was derived,
 * else a parameter of that type of the function or of its callers. A store
 * that leaves the bits of require as they were in the same entry is fine.
 * A variable of the function is no sink, what it is copied to is, unless the
 * sink has "variables: true". Before an object is published, an init-only field
 * of it counts with the value that it will have then.
 *
 * "from" is a field whose content, as the function finds it, goes into the value
 * that is stored; "store" may stand beside it. In require it has the name "from".
 * Stores that are narrower than the field are none. Where the function itself has
 * put something else there before, that is not the field's content. A value that is
 * made of the field "not_from" is left to another rule.
 *
 * A sink for which no function on the way has the parameter of a "param" name is
 * none of the rule's.
 *
 * policy: is what the rule takes for granted of a field; a proof says so. With "in", a
 * member of the field's record, of objects that stand there: who writes the field of one
 * that is known to stand elsewhere says nothing against it.
 *   init-only  after publication nobody writes it: every fact is stable
 *   set-once   after publication it is written only where it is 0, or NULL: that it
 *              has a certain other value is stable, that it is 0 is not
 *   monotone   after publication only the value "to" is written: the fact that
 *              it has that value is stable, the opposite is not. "lock", where
 *              given, is the lock under which it is written
 *   guarded    stable while "lock", a member of the same object, is held
 *
 * template: refuse-warn says that a refusal must be reported:
 *
 *	bind:
 *	  domain: "struct dmar_domain *"
 *	  prot: "param integer prot|iommu_prot"
 *	guard: "!(prot & DMA_PTE_WRITE) && domain->nested_parent"
 *	returns: [errno, errptr]
 *	report: [ratelimited, once]
 *
 * A refusal is a return of one of the classes of returns:, from a function that
 * has a value for every name of bind:, where the condition of the path entails
 * the guard; a field has the value that the path last read. It is found by that
 * meaning, in whatever function and form it is written. A return that is there
 * for another reason (-ENOMEM further down, where the guard happens to hold) is
 * none. On each path of a refusal a reporter of one of the flavours of report:
 * must be called: in the function itself, in what it calls, or in the callers
 * of the unit that pass the refusal on. A refusal is judged once, where it
 * begins, not again in the callers.
 * A guard that entails nothing anywhere is no finding: flag-flow tells of a
 * guard that is missing, refuse-warn of one that says nothing.
 *
 * template: coupling says what is true of the fields of an object together when
 * whoever made it gives it away:
 *
 *	bind:
 *	  domain: "struct dmar_domain *"	# one name, of a pointer
 *	require: "!domain->nested_parent || (domain->features & FORCED)"
 *	policy: ...			# as of flag-flow
 *
 * It is judged at the returns of the functions that can be called from outside,
 * of an object that was allocated on the way: where the result points to it, or
 * where others can reach it by then. An object that is given back on the way,
 * after an error, is none. That it stays so is what a stable-field rule says of
 * each field. Where a function of another unit has had the object in its hands,
 * a unit alone decides nothing: the link does.
 */
#ifndef PF_RULES_RULE_H
#define PF_RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "rules/rule_lock.h"

/* More than these in one rule are a fault. */
#define RULE_MAX_NAMES 8
#define RULE_MAX_SINKS 8

enum rule_template {
	RULE_FLAG_FLOW, RULE_REFUSE_WARN, RULE_GUARDED_BY, RULE_STABLE_FIELD, RULE_TWO_SIDED,
	RULE_LOCK_BALANCE, RULE_STORAGE_UNIT, RULE_PUBLISH_THEN_READ, RULE_LOST_BIT, RULE_PAIRING,
	RULE_COUPLING, RULE_CONSISTENT_LOCK,
	RULE_TEMPLATES	/* their number */
};
enum rule_severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };
enum rule_confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

/* "record has field" or "record has not field" or "record exists" (field NULL). */
struct rule_when {
	const char *record;	/* "struct dmar_domain" */
	const char *field;
	bool absent;
	struct rule_pos pos;
};

struct rule_bind {
	const char *name;
	const char *type;	/* C type name: "struct dmar_domain *", or "integer" */
	bool param;		/* a parameter; else any value of the type */
	const char **vars;	/* param: its name is one of these */
	unsigned nvars;
	struct rule_pos pos;
};

enum rule_at_kind { AT_STORE, AT_CALL };

struct rule_at {
	uint8_t kind;		/* enum rule_at_kind */
	const char *record;	/* STORE: "struct dma_pte"; NULL: any place, with from */
	const char *field;	/* STORE: "val" */
	const char *from_record, *from_field;	/* STORE: what the value is made of; or NULL */
	const char *not_record, *not_field;	/* STORE: no sink where it is made of this; or NULL */
	bool variables;		/* STORE: also where the record is a variable */
	const char *function;	/* CALL */
	uint32_t argument;	/* CALL: 0-based */
	struct rule_pos pos;
};

enum rule_policy_kind { POLICY_INIT_ONLY, POLICY_MONOTONE, POLICY_GUARDED, POLICY_SET_ONCE };

struct rule_policy {
	const char *record, *field;
	const char *in_record, *in_field;	/* of objects that are this member only; or NULL */
	uint8_t kind;		/* enum rule_policy_kind */
	bool monotone_to;	/* MONOTONE: the stable value, 1 or 0 */
	const char *lock;	/* member path relative to the record; MONOTONE: may be NULL */
	struct rule_pos pos;
};

/*
 * Classes of a refusing return, as bits: -errno of an integer function, ERR_PTR()
 * and NULL of one that gives a pointer, false of one that gives a _Bool.
 */
enum rule_return { RETURN_ERRNO = 1, RETURN_ERRPTR = 2, RETURN_NULL = 4, RETURN_FALSE = 8 };

struct rule {
	const char *id, *name, *message, *short_text, *help;
	const char *why;	/* or NULL */
	const char *slug;	/* file name without folder and .yaml */
	const char *path;	/* the file */
	uint8_t template;	/* enum rule_template */
	uint8_t severity, confidence;
	const char **cwe;
	unsigned ncwe;
	const char **tags;
	unsigned ntags;
	const char **scope;	/* globs (or folders) of sources; none: everywhere */
	unsigned nscope;
	bool on_request;	/* runs only where it is asked for by its id */
	struct rule_when *when;
	unsigned nwhen;
	struct rule_bind *bind;
	unsigned nbind;
	struct rule_at *at;	/* FLAG_FLOW; TWO_SIDED: what its sides set */
	unsigned nat;
	struct rule_policy *policy;	/* the same */
	unsigned npolicy;
	struct rule_expr require;	/* FLAG_FLOW, COUPLING */
	struct rule_expr guard;		/* REFUSE_WARN */
	struct rule_expr bits;		/* STABLE_FIELD: which of the field's bits, or no text */
	uint8_t returns;		/* REFUSE_WARN: enum rule_return, or-ed */
	uint8_t report_flavours;	/* REFUSE_WARN: 1 << enum model_flavour, or-ed */
	struct rule_locking locking;	/* the templates of rule_lock.h */
	struct rule_pos pos;
};

struct rule_set {
	struct arena arena;
	Array(struct rule) rules;	/* sorted by id */
	Array(const char *) outside;	/* records with policies of rules that were taken out for
					 * their scope: who writes them matters everywhere */
	uint64_t digest;		/* of every file read, models included */
};

struct yaml_faults;

/*
 * Reads all rule files (*.yaml) below dir, and takes those of models/ into the
 * digest. False when a fault was added; what could be read is there all the same.
 */
bool rules_read_dir(struct rule_set *rs, const char *dir, struct yaml_faults *faults);

/* Reads one text as a rule file; for the reader's tests and the fuzzer. */
bool rules_read_text(struct rule_set *rs, const char *file, const char *text, size_t n,
		     struct yaml_faults *faults);
void rules_release(struct rule_set *rs);

const struct rule *rules_find(const struct rule_set *rs, const char *id);

/* The place in the rule file of the character at byte off of an expression. */
struct rule_pos rule_expr_at(const struct rule_expr *e, size_t off);

/*
 * The message with its placeholders replaced. They are the names of bind:,
 * {function}, and those of the template:
 *
 *	flag-flow, two-sided	{val}, {sink} (the text of at: or set:)
 *	guarded-by		{field}, {object}, {lock}, {access} (read or written)
 *	stable-field		{field}, {object}, {val}
 *	lock-balance		{lock}, {fault} (what is wrong with it)
 *	storage-unit		{field}, {object}, {victim} (a field that can be lost), {other}
 *	consistent-lock		{field}, {object}, {lock}, {access} ("written", "read")
 *				(the function of the other thread)
 *	publish-then-read	{list}, {flag}, {install}
 *	lost-bit		{field}, {object}, {val}
 *	pairing			{act}, {undo}
 *
 * value() gives the text for a name, or NULL for the name itself, as value NULL
 * does for all.
 */
const char *rule_format(struct arena *a, const struct rule *rule,
			const char *(*value)(void *ctx, const char *name), void *ctx);

#endif
