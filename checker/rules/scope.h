/* SPDX-License-Identifier: MIT */
/*
 * scope.h - the units that a rule is about
 */
#ifndef PF_RULES_SCOPE_H
#define PF_RULES_SCOPE_H

#include "base/arena.h"
#include "rules/rule.h"

/*
 * Whether the unit is in the rule's scope. source is as on its command line, run in
 * directory; srctree is the root of the kernel's source, or NULL.
 */
bool scope_has(struct arena *a, const struct rule *r, const char *directory, const char *source,
	       const char *srctree);

#endif
