/* SPDX-License-Identifier: MIT */
/*
 * run_options.h - the options of "protflow run"
 */
#ifndef PF_COMMAND_RUN_OPTIONS_H
#define PF_COMMAND_RUN_OPTIONS_H

#include "command/collect.h"
#include "command/options.h"

struct run_options {
	const char *database;
	const char *units;	/* a file of names, "-" for stdin; NULL: none */
	unsigned shard, shards;	/* 1 of 1 */
	unsigned jobs;
	bool list, missing, help;
	char **paths;
	int npaths;
	char **check;		/* the options of each unit's check */
	int ncheck;
	struct check_options unit;	/* the same, read */
};

/* False where there is something that is not understood; told on stderr. */
bool run_options_parse(struct run_options *o, struct collect *c, int argc, char **argv);

void run_usage(void);

#endif
