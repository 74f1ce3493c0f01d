/* SPDX-License-Identifier: MIT */
/*
 * sarif.h - a report as a SARIF 2.1.0 log
 *
 * One log has one run, with everything inline: message texts, code flows,
 * artifacts by uri (their index only in addition), so that the viewers that
 * follow no reference show all of it.
 *
 *	verdict			kind, level
 *	violation, exact	fail, the rule's severity
 *	violation, may		fail, warning or the rule's severity if that is less
 *	incomplete		review, none; and an execution notification
 *	proved			pass, none; only with report_passes
 *	not applicable, vacuous	a configuration notification
 *
 * What has no place in the source is a notification too. The same report and
 * options give the same bytes.
 *
 * run.properties.protflow.units says what each unit contributes to the
 * verdicts of the run; see merge.h.
 */
#ifndef PF_REPORT_SARIF_H
#define PF_REPORT_SARIF_H

#include "base/buffer.h"
#include "report/finding.h"

/* Where the source comes from; any member may be NULL, uri for "not known". */
struct sarif_vcs {
	const char *uri;	/* of the repository, absolute */
	const char *revision, *branch;
};

/* The name of the unit that stands for all that were linked; its status is "linked". */
#define SARIF_PROGRAM "(link)"

struct sarif_options {
	bool reproducible;	/* no times, no arguments, no absolute paths */
	bool report_passes;
	int exit_code;
	const char *automation_id;	/* "protflow/x86_64-defconfig/"; NULL: "protflow/" */
	const struct sarif_vcs *vcs;	/* or NULL */
	/*
	 * NULL: the log is complete. Else it is what a build leaves of a unit: of rules
	 * it has the ids, the rest of them is in the file of this name (rules_file.h), and it
	 * has not the arguments of the call. merge_add() takes both.
	 */
	const char *rules_file;
};

void sarif_write(const struct report *r, const struct sarif_options *o, struct buffer *out);

#endif
