/* SPDX-License-Identifier: MIT */
/*
 * What changes in a loop is unknown bit by bit: the low 12 bits of the value
 * stay what they are, since a multiple of 4096 is added.
 */
#include "strict.h"

void map_range(struct owner *owner, u64 prot, u32 n)
{
	struct entry *e = owner->table;
	u64 val = 0x100000 | (prot & 1) | 2;

	while (n--) {
		e->val = val;
		val += 4096;
		e++;
	}
}
