/* SPDX-License-Identifier: MIT */
/*
 * The store leaves its obligation to the callers: one refutes it by its
 * argument, one by its guard, and one cannot.
 */
#include "strict.h"

static void set_entry(struct owner *owner, u64 prot)
{
	owner->table->val = prot & 3;
}

void map_both(struct owner *owner)
{
	set_entry(owner, 3);
}

int map_guarded(struct owner *owner, bool ro)
{
	if (ro && owner->strict)
		return -22;
	set_entry(owner, ro ? 1 : 3);
	return 0;
}

void map_any(struct owner *owner, u64 prot)
{
	set_entry(owner, prot | 1);
}
