/* SPDX-License-Identifier: MIT */
/*
 * missing.h - which units a link or merge of their tree is without
 *
 *	link		leaves the names of the skipped units that it wants in TREE/.protflow/wanted
 *	run --missing	checks those in full, and what has no result and facts that can be used
 */
#ifndef PF_COMMAND_MISSING_H
#define PF_COMMAND_MISSING_H

#include "base/map.h"
#include "command/run_options.h"
#include "command/selection.h"

enum missing {
	MISSING_NOT,		/* result and facts are there, newer than the source */
	MISSING_CHECK,		/* it is to be checked */
	MISSING_IN_FULL,	/* a link wants it: without a look at its text */
};

struct missing_list {
	struct arena arena;
	uint64_t rules;		/* digest of the rules */
	const char *facts;	/* absolute; NULL: beside the results */
	const char *folder;	/* whose names were read last, or NULL */
	struct intern names;
};

/* Writes the names, a line each, for the tree; without any there is no such file. 0 or -errno. */
int missing_write(const char *tree, const struct buffer *names);

void missing_init(struct missing_list *m, uint64_t rules, const char *facts);
enum missing missing_of(struct missing_list *m, const struct run_unit *u);
void missing_release(struct missing_list *m);

#endif
