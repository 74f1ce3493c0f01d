/* SPDX-License-Identifier: MIT */
/*
 * rules_file.h - the descriptors of the rules, once for all units of a build
 *
 * Of the log of a unit that no rule concerns 98 percent are the texts of the
 * rules, and a kernel has thousands of such units. So what a build leaves of a
 * unit only names a file that has them:
 *
 *	.protflow/rules-0123456789abcdef.json		{"rules": [...]}
 *	run.properties.protflow.rules			"0123456789abcdef"
 *
 * The name is a hash of the content: whoever writes the same rules writes the
 * same file, other rules have another one, and a damaged one is known as such.
 */
#ifndef PF_REPORT_RULES_FILE_H
#define PF_REPORT_RULES_FILE_H

#include "base/buffer.h"
#include "rules/rule.h"

#define RULES_FILE_NAME 17	/* 16 hex digits and the NUL */
#define RULES_FILE_PATH "rules-%s.json"

/* Appends the content; gives its name. */
void rules_file_write(const struct rule_set *rules, struct buffer *out, char name[RULES_FILE_NAME]);

/* Whether a text is the content of the file of that name */
bool rules_file_is(const char *name, const char *text, size_t n);

bool rules_file_is_name(const char *name);

#endif
