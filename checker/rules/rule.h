/* SPDX-License-Identifier: MIT */
/*
 * rule.h - a rule as its file says it
 *
 * A rule file (rules/<area>/<slug>.yaml) is a YAML frame with C expressions
 * inside. Reading checks everything that can be checked without a kernel;
 * binding (bind.h) resolves names in a unit.
 *
 *	id: PF2101
 *	name: VtdReadOnlyNestedMapping
 *	template: flag-flow
 *	message: "..."
 *	short: one sentence ending in a period.
 *	severity: error | warning | note
 *	confidence: high | medium | low
 *	cwe: [CWE-1220]
 *	help: |
 *	  ...
 *	when: "struct dmar_domain has nested_parent, and has not read_only_mapped"
 *	bind:
 *	  domain: "struct dmar_domain *"
 *	at:
 *	  - store: "struct dma_pte.val"
 *	require: "!(val & DMA_PTE_READ) || (val & DMA_PTE_WRITE) || !domain->nested_parent"
 *	policy:
 *	  - field: "struct dmar_domain.nested_parent"
 *	    is: init-only
 *	unknown: incomplete
 *
 * In "require" the names are those of bind:, "val" (the value that the sink
 * stores) and every macro, enumerator and type that the unit knows.
 *
 * template: refuse-warn says that a refusal must be reported:
 *	guard: "!(prot & DMA_PTE_WRITE) && domain->nested_parent"   # the refusal's condition
 *	in: functions whose body holds a guard of that meaning (found, not named)
 *	returns: errno | null | errptr | false
 *	report: [ratelimited, once]
 */
#ifndef PF_RULES_RULE_H
#define PF_RULES_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"

enum rule_template { RULE_FLAG_FLOW, RULE_REFUSE_WARN };
enum rule_severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };
enum rule_confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

/* A position inside a rule file; expressions point into their YAML line. */
struct rule_pos {
	const char *file;
	uint32_t line, col;
};

/* "record has field" or "record has not field" or "record exists" (field NULL). */
struct rule_when {
	const char *record;	/* "struct dmar_domain" */
	const char *field;
	bool absent;
	struct rule_pos pos;
};

struct rule_bind {
	const char *name;
	const char *type;	/* C type name: "struct dmar_domain *" */
	struct rule_pos pos;
};

enum rule_at_kind { AT_STORE, AT_CALL };

struct rule_at {
	uint8_t kind;		/* enum rule_at_kind */
	const char *record;	/* STORE: "struct dma_pte" */
	const char *field;	/* STORE: "val" */
	const char *function;	/* CALL */
	uint32_t argument;	/* CALL: 0-based */
	struct rule_pos pos;
};

enum rule_policy_kind { POLICY_INIT_ONLY, POLICY_MONOTONE, POLICY_GUARDED };

struct rule_policy {
	const char *record, *field;
	uint8_t kind;		/* enum rule_policy_kind */
	bool monotone_to;	/* MONOTONE: the stable value, 1 or 0 */
	const char *lock;	/* GUARDED: member path relative to the record */
	struct rule_pos pos;
};

struct rule_expr {
	const char *text;	/* NULL: not given */
	struct rule_pos pos;
};

struct rule {
	const char *id, *name, *message, *short_text, *help;
	const char *slug;	/* file name without folder and .yaml */
	const char *path;	/* the file */
	uint8_t template;	/* enum rule_template */
	uint8_t severity, confidence;
	const char **cwe;
	unsigned ncwe;
	const char **tags;
	unsigned ntags;
	const char **scope;	/* path globs of sources; none: everywhere */
	unsigned nscope;
	struct rule_when *when;
	unsigned nwhen;
	struct rule_bind *bind;
	unsigned nbind;
	struct rule_at *at;
	unsigned nat;
	struct rule_policy *policy;
	unsigned npolicy;
	struct rule_expr require;	/* FLAG_FLOW */
	struct rule_expr guard;		/* REFUSE_WARN */
	const char *returns;		/* REFUSE_WARN */
	uint8_t report_flavours;	/* REFUSE_WARN: bit set of enum model_flavour */
	struct rule_pos pos;
};

struct rule_set {
	struct arena arena;
	Array(struct rule) rules;	/* sorted by id */
	uint64_t digest;		/* of every file read, models included */
};

struct yaml_faults;

/*
 * Reads all rule files below dir (not those in models/). False when a fault
 * was added; what could be read is there all the same.
 */
bool rules_read_dir(struct rule_set *rs, const char *dir, struct yaml_faults *faults);

/* Reads one text as a rule file; for the reader's tests and the fuzzer. */
bool rules_read_text(struct rule_set *rs, const char *file, const char *text, size_t n,
		     struct yaml_faults *faults);
void rules_release(struct rule_set *rs);

const struct rule *rules_find(const struct rule_set *rs, const char *id);

/* The words of which a unit must mention all of at least one row for the rule to concern it. */
struct rule_words { const char **v; unsigned n; };

#endif
