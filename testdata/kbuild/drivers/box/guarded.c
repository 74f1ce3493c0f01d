/* SPDX-License-Identifier: MIT */
#include "box.h"

int guarded_put(struct box *box, unsigned int i, int flags);

int guarded_put(struct box *box, unsigned int i, int flags)
{
	if (!(flags & SLOT_SAFE) && box->lid)
		return -EINVAL;
	box->slots[i & 3].val = SLOT_USED | (flags & SLOT_SAFE);
	return 0;
}
