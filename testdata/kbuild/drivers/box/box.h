/* SPDX-License-Identifier: MIT */
#ifndef BOX_H
#define BOX_H

#include <linux/types.h>

#define SLOT_USED 1
#define SLOT_SAFE 2

struct slot {
	u64 val;
};

struct box {
	struct slot *slots;
	bool lid;		/* given when the box is made */
};

int box_put(struct box *box, unsigned int i, int flags);

#endif
