/* SPDX-License-Identifier: MIT */
/*
 * text.h - a report as lines for people and for the scripts that count them
 *
 *	drivers/x.c:12:2: warning: what is wrong. [PF2101]
 *	drivers/x.c:12:2: note: why it matters
 *	drivers/x.c:12:2: note: with prot = 1 and nested_parent = 1
 *	drivers/x.c:7:5: note: calls 'map_one' with prot = 1
 *	drivers/x.c:12:2: note: reproduce with: cd obj && protflow check ...
 *
 * No banner, no summary, nothing where nothing is wrong. A violation is always
 * a warning, whatever the rule's severity is: a line with "error" means to those
 * who read a build's output that the build failed. What could not be decided is
 * a note, one for each rule with the number of places; the log has them all.
 * Notifications that are no more than a note are in the log only.
 *
 * CI systems count the lines of a build that have "warn" or "error" in them, in
 * capitals or not. With for_build, a violation has exactly one such line, its
 * first, and everything else has none: where a name in a note has the word, the
 * note becomes part of the first line, a step of a path is told without names,
 * and what is no violation is told by its id only.
 */
#ifndef PF_REPORT_TEXT_H
#define PF_REPORT_TEXT_H

#include "base/buffer.h"
#include "report/finding.h"

#define TEXT_STEPS 20		/* of a path; the log has more */
#define TEXT_RELATED 4		/* other places; the log has more */

struct text_options {
	bool report_passes;	/* tell what was proved, too */
	bool for_build;		/* Kbuild is the caller: lines are counted */
};

/* Appends all blocks. A block is what text_send() must not tear. */
void text_report(const struct report *r, const struct text_options *o, struct buffer *out);

/* How a sentence begins that begins with s: a name of the source keeps its letters. */
char text_capital(const char *s);

/*
 * Writes blocks to a descriptor with one write(2) for each, so that the output
 * of parallel jobs does not mix. A block ends before a line that is no note of
 * the line before. Gives 0 or -errno.
 */
int text_send(int fd, const char *text, size_t n);

#endif
