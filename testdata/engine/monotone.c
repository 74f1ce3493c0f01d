/* SPDX-License-Identifier: MIT */
/*
 * Once set, the flag stays so, whoever else writes: a look at it is a fact
 * behind calls too, and that it is clear is none.
 */
typedef unsigned long u64;
typedef _Bool bool;

struct entry { u64 val; };
struct owner {
	bool seen;
	struct entry *table;
};

void others(void);

void recorded(struct owner *owner, u64 prot)
{
	if (!(prot & 2) && !owner->seen)
		owner->seen = 1;
	others();
	owner->table->val = prot & 3;
}

void cleared(struct owner *owner)
{
	if (owner->seen)
		return;
	owner->table->val = 1;
}
