/* SPDX-License-Identifier: MIT */
/* strict.h - the objects of rules/readonly.yaml */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef _Bool bool;

struct entry { u64 val; };
struct owner {
	bool strict;
	u32 depth;
	struct entry *table;
};
