/* SPDX-License-Identifier: MIT */
/*
 * summary.h - the end of a run, for people
 *
 *	Units: 35 checked, 2 skipped because no rule can concern them
 *
 *	PF2101 VtdReadOnlyNestedMapping: proved (3 places in 2 units)
 *	    rests on the guard in '__domain_mapping'
 *	    assuming: 'struct dmar_domain.nested_parent' is init-only
 *	PF2102 VtdSilentRefusal: not applicable, no unit has the design it is for
 *
 *	SARIF: results.sarif
 *
 * Printed by the commands that end a run, never under Kbuild.
 */
#ifndef PF_REPORT_SUMMARY_H
#define PF_REPORT_SUMMARY_H

#include "base/buffer.h"
#include "report/merge.h"

/* sarif: where the log is, or NULL. */
void summary_write(const struct merge_run *run, const char *sarif, struct buffer *out);

#endif
