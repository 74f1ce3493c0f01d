/* SPDX-License-Identifier: MIT */
#include "command/relevance.h"

bool *relevance(struct arena *a, const struct kbuild_unit *unit, const struct rule_set *rules,
		bool *any)
{
	bool *concerned = arena_new_array(a, bool, rules->rules.n + 1);

	(void)unit;
	for (uint32_t i = 0; i < rules->rules.n; i++)
		concerned[i] = true;
	*any = rules->rules.n > 0;
	return concerned;
}
