/* SPDX-License-Identifier: MIT */
/* One case for each class of results; the caller knows what holds in which. */
#include "strict.h"

static int check(const struct owner *owner, u32 flags, u64 *prot)
{
	if (owner->strict && !(flags & 2))
		return -22;
	if (owner->depth > 4)
		return 1;
	*prot = flags & 3;
	return 0;
}

int map(struct owner *owner, u32 flags)
{
	u64 prot = 0;
	int err = check(owner, flags, &prot);

	if (err)
		return err;
	owner->table->val = prot;
	return 0;
}
