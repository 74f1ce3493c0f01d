/* SPDX-License-Identifier: MIT */
/*
 * keep.h - what a report says, as bytes, for a later run to say again
 *
 *	struct report_mark from = report_mark(&r);
 *	... findings, notifications and outcomes are added
 *	report_keep(&r, from, &out);
 *
 * The bytes are of this version of protflow on this machine: who keeps them sees to it that
 * no other one reads them. They are read as hostile input all the same.
 */
#ifndef PF_REPORT_KEEP_H
#define PF_REPORT_KEEP_H

#include "base/buffer.h"
#include "report/finding.h"

/* Appends what the report says since then. */
void report_keep(const struct report *r, struct report_mark from, struct buffer *out);

/*
 * Adds what is in the n bytes to the report, whose rules must be those that it is about.
 * False, and nothing is added, where the bytes are none of report_keep().
 */
bool report_recall(struct report *r, const void *p, size_t n);

#endif
