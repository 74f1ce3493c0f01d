/* SPDX-License-Identifier: MIT */
/*
 * rule_part.h - what rules of every template are made of
 */
#ifndef PF_RULES_RULE_PART_H
#define PF_RULES_RULE_PART_H

#include <stdbool.h>
#include <stdint.h>

/* A position inside a rule file; expressions point into their YAML line. */
struct rule_pos {
	const char *file;
	uint32_t line, col;
};

struct yaml_node;

/* A C expression. */
struct rule_expr {
	const char *text;	/* NULL: not given */
	struct rule_pos pos;	/* of its first character */
	const struct yaml_node *node;
};

/* "struct dmar_domain.nested_parent" */
struct rule_field {
	const char *record, *field;	/* field NULL: not given */
	struct rule_pos pos;
};

#endif
