/* SPDX-License-Identifier: MIT */
/* Bit-fields are cells of their own bits; a store to one leaves the others. */
#include "strict.h"

struct request {
	u8 read : 1;
	u8 write : 1;
	u8 level : 3;
	u8 rest : 3;
	u64 at;
};

int map(struct owner *owner, struct request *r, u32 flags)
{
	r->write = flags >> 4;
	r->level++;
	if (!r->write && owner->strict)
		return -22;
	owner->table->val = r->read | r->write << 1;
	return 0;
}
