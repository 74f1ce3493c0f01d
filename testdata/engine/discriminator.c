/* SPDX-License-Identifier: MIT */
/* Where two paths meet, bit 1 of the value is bit 3 of the flags: exactly. */
#include "strict.h"

int map(struct owner *owner, u32 flags)
{
	u64 prot = 1;

	if (flags & 8)
		prot |= 2;
	if (owner->strict && !(flags & 8))
		return -22;
	owner->table->val = prot;
	return 0;
}
