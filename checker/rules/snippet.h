/* SPDX-License-Identifier: MIT */
/*
 * snippet.h - the expressions of the rules as C functions behind the unit
 */
#ifndef PF_RULES_SNIPPET_H
#define PF_RULES_SNIPPET_H

#include "base/arena.h"
#include "model/model.h"
#include "rules/binder.h"
#include "rules/rule.h"

/*
 * Names: of "require" (rule's id, sink), of "guard" (id), of a global lock (id), of
 * a model's constant. The same in every unit.
 */
#define SNIPPET_REQUIRE "__protflow_require_%s_%u"
#define SNIPPET_GUARD "__protflow_guard_%s"
#define SNIPPET_LOCK "__protflow_lock_%s"
#define SNIPPET_CONSTANT "__protflow_constant_%u"	/* number of the model */

const char *snippet_text(struct arena *a, const struct rule_set *rules,
			 const struct model *model);

/* Lowers what of the snippet has a meaning in the unit, whether a rule uses it there or not. */
void snippet_lower(const struct binder *in);

/* The first line of the snippet that is about this rule. */
uint32_t snippet_line(const struct rule_set *rules, uint32_t number);

#endif
