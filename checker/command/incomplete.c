/* SPDX-License-Identifier: MIT */
#include "command/unit.h"

static bool is_told(const struct report *r, const struct rule *rule)
{
	for (uint32_t i = 0; i < r->findings.n; i++)
		if (r->findings.v[i].rule == rule)
			return true;
	return false;
}

void unit_incomplete(struct report *r, const bool *concerned, const char *reason)
{
	const struct rule_set *rules = r->rules;

	for (uint32_t i = 0; rules && i < rules->rules.n; i++) {
		const struct rule *rule = &rules->rules.v[i];
		struct finding *f;

		if ((concerned && !concerned[i]) || is_told(r, rule))
			continue;
		f = report_add(r, rule, VERDICT_INCOMPLETE);
		f->message = arena_printf(&r->arena, "'%s' could not be decided for this unit.",
					  rule->name);
		f->reasons = arena_new_array(&r->arena, const char *, 1);
		f->reasons[0] = arena_strdup(&r->arena, reason);
		f->nreasons = 1;
	}
}
