/* SPDX-License-Identifier: MIT */
/*
 * collect.h - logs of units become the log, the summary and the exit status of a run
 *
 * The end that "protflow merge" and "protflow run" have in common.
 *
 *	struct collect c;
 *
 *	collect_init(&c);
 *	collect_option(&c, argc, argv, &i);	for each option
 *	collect_log(&c, path, unit);		for each result
 *	collect_missing(&c, unit);		for each unit that has none
 *	status = collect_finish(&c);
 *	collect_release(&c);
 */
#ifndef PF_COMMAND_COLLECT_H
#define PF_COMMAND_COLLECT_H

#include "report/merge.h"

struct collect {
	struct arena arena;
	const char *output;	/* the log; NULL: none is wanted */
	struct merge_options options;
	bool strict, quiet;
	uint8_t fail_on;	/* enum fail_on */
	unsigned elsewhere;	/* of the missing units, those nobody asked this run for */
	bool unusable;		/* what was named is no log */
	struct merge *merge;
};

/* The lines of the usage about the options. */
extern const char collect_usage[];

void collect_init(struct collect *c);
void collect_release(struct collect *c);

/* Takes the option argv[*i], and its value; false where it is none, or the value is wrong. */
bool collect_option(struct collect *c, int argc, char **argv, int *i);

/* The value of --name=VALUE or --name VALUE; NULL where argv[*i] is another option. */
const char *option_value(const char *name, int argc, char **argv, int *i);

/*
 * Takes a log. One that cannot be read, or is not whole, is told on stderr, and
 * the unit that it should be of is missing; without a unit the call is unusable.
 */
void collect_log(struct collect *c, const char *path, const char *unit);
void collect_missing(struct collect *c, const char *unit);

/* Writes the log, prints the summary to stdout; gives the exit status. */
int collect_finish(struct collect *c);

#endif
