/* SPDX-License-Identifier: MIT */
/*
 * reader.h - the parts of a rule file with a grammar of their own
 *
 * Private to the reading of rules. Each function takes the scalar or list of
 * one key, fills its part of the rule and adds faults for what it cannot read.
 */
#ifndef PF_RULES_READER_H
#define PF_RULES_READER_H

#include "base/schema.h"
#include "rules/rule.h"

struct rule_pos rule_pos_at(const struct schema_reader *r, const struct yaml_node *n, size_t off);

extern const char *const rule_templates[];	/* by enum rule_template */
extern const char *const rule_needs[];		/* by enum rule_need */
extern const char *const rule_stables[];	/* by enum rule_stable */

/* A fault at the character at byte off of a scalar. */
void rule_fault(const struct schema_reader *r, const struct yaml_node *n, size_t off,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

void rule_read_when(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule);
void rule_read_bind(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule);
void rule_read_at(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule);
void rule_read_policy(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule);
void rule_read_expr(const struct schema_reader *r, const struct yaml_node *n,
		    struct rule_expr *out);

/* The keys that the template has, and has not. */
void rule_check_parts(const struct schema_reader *r, const struct yaml_node *map);

/* The parts of the templates of rule_lock.h; bind: was read before. */
void rule_read_locking(const struct schema_reader *r, const struct yaml_node *map,
		       struct rule *rule);

/* The placeholders of the message and the names of bind: against each other. */
void rule_check_names(const struct schema_reader *r, const struct yaml_node *map,
		      const struct rule *rule);

#endif
