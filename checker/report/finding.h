/* SPDX-License-Identifier: MIT */
/*
 * finding.h - what the analysis says, for the writers of text and SARIF
 *
 * Built by the engine and the commands, read by text.h and sarif.h. Strings
 * and arrays belong to the arena of the report.
 */
#ifndef PF_REPORT_FINDING_H
#define PF_REPORT_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "rules/rule.h"

enum verdict {
	VERDICT_VIOLATION_EXACT,
	VERDICT_VIOLATION_MAY,
	VERDICT_INCOMPLETE,
	VERDICT_PROVED,
	VERDICT_NOT_APPLICABLE,
	VERDICT_VACUOUS,
};

/* A region of a file. line 0: no place in the source. Columns are bytes, 1-based. */
struct place {
	const char *file;	/* as clang names it: relative to the directory or absolute */
	uint32_t line, col, end_line, end_col;	/* exclusive end */
	const char *macro;	/* outermost macro there, or NULL */
	const char *spell_file;	/* place inside the macro's definition, or NULL */
	uint32_t spell_line, spell_col;
};

/* SARIF 2.1.0 3.38.8: kinds of a thread flow location, as bits. */
enum step_kind { STEP_ENTER = 1, STEP_CALL = 2, STEP_RETURN = 4, STEP_BRANCH = 8,
		 STEP_TRUE = 16, STEP_FALSE = 32, STEP_ACQUIRE = 64, STEP_RELEASE = 128,
		 STEP_LOCK = 256, STEP_DANGER = 512, STEP_VALUE = 1024 };
enum step_importance { STEP_UNIMPORTANT, STEP_IMPORTANT, STEP_ESSENTIAL };

struct step {
	struct place place;
	const char *function;	/* bare name */
	const char *text;
	uint32_t nesting;	/* call depth, 0 at the entry point */
	uint16_t kinds;		/* enum step_kind */
	uint8_t importance;	/* enum step_importance */
	uint8_t thread;		/* 0, or 1 for the other thread of a race; the steps are in the
				 * order in which they happen */
	const char *state;	/* known values here, "prot.WRITE=0, nested_parent=1", or NULL */
};

struct related { struct place place; const char *text; };

struct finding {
	const struct rule *rule;
	uint8_t verdict;	/* enum verdict */
	struct place place;	/* primary; line 0 for a verdict without one */
	const char *function;	/* enclosing function, bare name, or NULL */
	const char *subject;	/* line-free: "struct dma_pte.val" */
	const char *callee;	/* sink's callee or macro, or NULL */
	const char *message;	/* one sentence; no line numbers */
	const char *why;	/* why it matters; NULL: what the rule says */
	const char *reach;	/* how it is reached; or NULL */
	const char *values;	/* "with prot = DMA_PTE_READ and nested_parent = 1", or NULL */
	const char *entry;	/* the entry point that leads to the place; NULL: where steps begin */
	struct place entry_place;
	bool entry_inner;	/* it is called from the program, too */
	struct step *steps;
	unsigned nsteps;
	struct related *related;	/* guards of a proof, other callers */
	unsigned nrelated;
	const char **assumptions;
	unsigned nassumptions;
	const char **reasons;	/* INCOMPLETE: why; VIOLATION_MAY: why it only may be one */
	unsigned nreasons;
	uint8_t level;		/* enum rule_severity */
	const char *replay;	/* of a path that was followed by itself: "reached", "not reached" */
	bool quiet;		/* VIOLATION_MAY of a rule that shows only what is sure: in the log,
				 * as a note to review, and not in the text */
};

enum notification_kind { NOTE_EXECUTION, NOTE_CONFIGURATION };

struct notification {
	uint8_t kind;		/* enum notification_kind */
	uint8_t level;		/* enum rule_severity */
	const char *id;		/* stable, see descriptor.h */
	const char *text;
	struct place place;
	const char *rule_id;	/* the rule that it concerns, or NULL */
};

/*
 * What one unit says of one rule. Whether a rule is vacuous or not applicable
 * is decided over a run, from these (merge.h).
 */
enum outcome_when { WHEN_FALSE, WHEN_TRUE, WHEN_UNKNOWN };

struct rule_outcome {
	const struct rule *rule;
	uint8_t when;		/* enum outcome_when */
	uint8_t verdict;	/* enum verdict; the worst of the unit. Means nothing where
				 * when is true, sinks is 0 and nothing was found */
	unsigned sinks;		/* points that the rule judges: matches of at:, or functions
				 * that have a value for every name of bind: */
	const char **guards;	/* what a proof rests on: "the guard in 'f'" */
	unsigned nguards;
	const char **assumptions;
	unsigned nassumptions;
};

struct report {
	struct arena arena;
	const struct rule_set *rules;
	Array(struct finding) findings;
	Array(struct notification) notifications;
	Array(struct rule_outcome) outcomes;
	const char *directory;	/* working directory, absolute */
	const char *source;	/* as on the command line, or NULL */
	const char *object;	/* the unit's name in a run; NULL: source is */
	const char *srctree;	/* absolute source root, or NULL */
	const char *modtree;	/* root of an external module (KBUILD_EXTMOD), or NULL */
	const char *command;	/* shell text of the one-unit command that reproduces */
	int argc;
	const char *const *argv;
	double start, end;	/* seconds since the epoch; 0 with --reproducible */
	bool skipped;		/* no enabled rule can concern the unit */
	bool program;		/* of many units linked: there is no source of its own */
	bool complete;		/* false: not judged in full: did not parse, was given up */
};

void report_release(struct report *r);

/*
 * A new finding, valid until the next one is added. Its level follows from the
 * rule's severity: a violation that only may be one is a warning at most, all
 * but violations are notes.
 */
struct finding *report_add(struct report *r, const struct rule *rule, enum verdict v);

/* The same for one that there is: more is known of it now. */
void report_set_verdict(struct finding *f, enum verdict v);

/* The outcome of a rule: the one there is, or a new one. Valid until the next new one. */
struct rule_outcome *report_outcome(struct report *r, const struct rule *rule);

/* Ids are those of descriptor.h. place may be NULL. Valid until the next one is added. */
struct notification *report_notify(struct report *r, enum notification_kind kind,
				   enum rule_severity level, const char *id,
				   const struct place *place, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* How much a report says; and to take back what was added since. */
struct report_mark { uint32_t findings, notifications, outcomes; };

struct report_mark report_mark(const struct report *r);
void report_rewind(struct report *r, struct report_mark to);

/* Takes back all that was said of the rule. */
void report_forget(struct report *r, const char *rule_id);

/*
 * What was not seen may be what breaks a rule, or the record that makes it
 * apply: nothing is said to be proved or not applicable any more, for reason.
 */
void report_withdraw(struct report *r, const char *reason);

/* Adds an assumption to all that is proved. */
void report_assume(struct report *r, const char *text);

/* The words of SARIF's properties and of summaries: "violation", "may-violate", "proved" ... */
const char *verdict_word(enum verdict v);

#endif
