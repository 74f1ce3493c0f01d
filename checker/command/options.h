/* SPDX-License-Identifier: MIT */
/*
 * options.h - the options of "protflow check"
 *
 *	protflow check [OPTION...] [--] ARGV
 *
 * The same options can stand among CF as --protflow-NAME[=VALUE], since
 * "make C=1 CF=--protflow-stats" puts them into ARGV; those come last and win.
 */
#ifndef PF_COMMAND_OPTIONS_H
#define PF_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

#define CHECK_MAX_SECONDS 60
#define CHECK_MAX_MEMORY 4096	/* MiB */

enum fail_on { FAIL_ON_NOTHING, FAIL_ON_ERROR, FAIL_ON_WARNING, FAIL_ON_NOTE };

struct check_options {
	const char *sarif;	/* NULL: none asked for */
	const char *rules_dir;	/* NULL: where rules_dir() finds them */
	const char *facts;	/* folder for the facts; NULL: .protflow/ of the object tree */
	const char *category;	/* automationDetails.id; NULL: that of protflow */
	const char *only, *disable;	/* ids of rules, with commas; NULL: all, none */
	const char *also;		/* ids of rules that run on request; NULL: none */
	bool report_passes, stats, strict, reproducible;
	bool kbuild;		/* Kbuild is the caller, said or seen */
	bool sparse_unusable;	/* run-check.sh was to run Sparse first, and could not */
	bool no_filter;		/* no unit is skipped for its text */
	bool help;
	uint8_t fail_on;	/* enum fail_on */
	unsigned dump;		/* enum dump_what, or-ed */
	const char *dump_function;
	const char *infer;	/* a record, or NULL */
	double max_seconds;
	uint64_t max_memory;	/* MiB; 0: no bound */
	uint64_t max_steps;
	int argc;		/* ARGV */
	const char *const *argv;
};

/*
 * Reads the options. What is wrong is told in *faults, a line each; the rest is
 * there all the same. ARGV begins behind "--", or with the first word that has
 * one dash or none.
 */
void check_options_parse(struct check_options *o, int argc, const char *const *argv,
			 struct buffer *faults);

/* The options found in ARGV, as "name" or "name=value". */
void check_options_add(struct check_options *o, unsigned n, const char *const *options,
		       struct buffer *faults);

/* For --dump: names with commas; their bits (enum dump_what) are added. False for another name. */
bool dump_parse(const char *names, unsigned *dump);

/* For --fail-on; false where the level has no such name. */
bool fail_on_parse(const char *name, uint8_t *out);

extern const char check_usage[];

#endif
