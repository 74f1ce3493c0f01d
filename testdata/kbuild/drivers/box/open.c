/* SPDX-License-Identifier: MIT */
#include "box.h"

int box_put(struct box *box, unsigned int i, int flags)
{
	box->slots[i & 3].val = SLOT_USED | (flags & SLOT_SAFE);
	return 0;
}
