/* SPDX-License-Identifier: MIT */
/*
 * example.h - the annotated examples of a rule
 *
 * Beside rules/<area>/<slug>.yaml stand <slug>.c and <slug>-<any>.c: C that is
 * complete in itself. A comment that begins as one of these says what a rule
 * must make of its line:
 *
 *	PF2101: text			a finding
 *	certain PF2101: text		one of which every step is certain
 *	possible PF2101: why		one of which some step is not
 *	ok PF2101			none
 *	review PF2101: why		one that is not sure: in the log, and not printed
 *	todo PF2101: why		none yet: a known miss
 *	fixme PF2101: why		one too many: a known false alarm
 *	incomplete PF2101: why		"could not be decided" here
 *
 * and, of the whole file:
 *
 *	proved PF2101
 *	not-applicable PF2101
 *
 * A finding without an annotation is a fault.
 */
#ifndef PF_COMMAND_EXAMPLE_H
#define PF_COMMAND_EXAMPLE_H

#include "base/array.h"
#include "base/yaml.h"
#include "rules/rule.h"

enum mark_kind {
	MARK_FLAG, MARK_OK, MARK_REVIEW, MARK_TODO, MARK_FIXME, MARK_INCOMPLETE,
	MARK_PROVED, MARK_NOT_APPLICABLE, MARK_CERTAIN, MARK_POSSIBLE,
};

struct mark {
	uint8_t kind;		/* enum mark_kind */
	const struct rule *rule;
	uint32_t line, col;
	bool seen;		/* for the runner */
};

struct example {
	const char *path;
	Array(struct mark) marks;
};

/* Reads the annotations of a file. rules: whose ids they may name. */
void example_read(struct example *e, struct arena *a, const char *path,
		  const struct rule_set *rules, struct yaml_faults *faults);
void example_release(struct example *e);

/* The same of a text, for the tests. */
void example_parse(struct example *e, const char *text, const struct rule_set *rules,
		   struct yaml_faults *faults);

#endif
