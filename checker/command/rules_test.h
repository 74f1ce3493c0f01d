/* SPDX-License-Identifier: MIT */
/*
 * rules_test.h - "protflow rules test": the examples of the rules, checked
 *
 * Each example is judged by the rules of the file that it stands beside, as any
 * unit is. What comes out must be what the annotations say, line by line; a
 * rule must have a line that it flags and one that it does not.
 */
#ifndef PF_COMMAND_RULES_TEST_H
#define PF_COMMAND_RULES_TEST_H

#include "base/buffer.h"
#include "model/model.h"
#include "rules/rule.h"

/* Appends a line per fault to faults and a line per file to out. True where all is as said. */
bool rules_test(const struct rule_set *rules, const struct model *model, struct buffer *out,
		struct buffer *faults);

#endif
