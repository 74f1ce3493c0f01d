/* SPDX-License-Identifier: MIT */
/*
 * snippet.h - the expressions of the rules as C functions behind the unit
 */
#ifndef PF_RULES_SNIPPET_H
#define PF_RULES_SNIPPET_H

#include "base/arena.h"
#include "model/model.h"
#include "rules/rule.h"

/* Names: of "require" (rule, sink), of "guard" (rule), of a global lock, of a model's constant. */
#define SNIPPET_REQUIRE "__protflow_require_%u_%u"
#define SNIPPET_GUARD "__protflow_guard_%u"
#define SNIPPET_LOCK "__protflow_lock_%u"
#define SNIPPET_CONSTANT "__protflow_constant_%u"	/* number of the model */

const char *snippet_text(struct arena *a, const struct rule_set *rules,
			 const struct model *model);

/* The first line of the snippet that is about this rule. */
uint32_t snippet_line(const struct rule_set *rules, uint32_t number);

#endif
