/* SPDX-License-Identifier: MIT */
/*
 * sample.h - a small source tree and reports about it, one for each kind of
 * thing that can be said
 *
 * The tree has what real ones have: an object tree elsewhere, names with
 * blanks, bytes that are more than one per character, and some that are no
 * UTF-8.
 */
#ifndef PF_TEST_SAMPLE_H
#define PF_TEST_SAMPLE_H

#include "report/finding.h"

struct sample {
	struct arena arena;
	char *dir;		/* absolute, has src/, obj/ and mod/ */
	char *src, *obj, *mod;
	struct rule_set rules;
};

/* Writes the tree below dir, which is made; NULL: a new temporary folder. */
void sample_init(struct sample *s, const char *dir);
/* Removes the tree only if it was a temporary one. */
void sample_release(struct sample *s);

/* The place of the n-th (from 0) occurrence of text in a file; name is what reports call it. */
struct place sample_place(struct sample *s, const char *name, const char *text, unsigned n);

enum sample_kind {
	SAMPLE_FULL,		/* every kind of finding and notification */
	SAMPLE_OTHER,		/* shares the finding in the header, proves a rule */
	SAMPLE_SKIPPED,
	SAMPLE_FAILED,
	SAMPLE_VACUOUS,		/* the design is there, the sinks are not */
	SAMPLE_CLEAN,		/* the design is not there */
	SAMPLE_KINDS
};

/* Fills a zeroed report. */
void sample_report(struct sample *s, enum sample_kind kind, struct report *r);

#endif
