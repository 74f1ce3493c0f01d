/* SPDX-License-Identifier: MIT */
/*
 * summary.h - the end of a run, for people
 *
 *	Units: 35 checked, 2 skipped because no rule can concern them
 *
 *	PF2133 VtdDirtyTrackingMissesDevice: VIOLATED, 1 finding
 *	    drivers/iommu/intel/nested.c:58:8: in 'intel_nested_attach_dev': ...
 *	PF2101 VtdReadOnlyNestedMapping: proved (3 places in 2 units)
 *	    rests on the guard in '__domain_mapping'
 *	    assuming: 'struct dmar_domain.nested_parent' is init-only
 *	    assuming (a), (b)
 *	Not applicable, no unit has the design they are for:
 *	    PF2103 VtdReadOnlyNotRecorded, PF2104 VtdReadOnlyRefusalSilentCounted
 *
 *	Assumed in several proofs:
 *	    (a) fields without a policy are not changed by another thread between two reads
 *	    (b) this configuration of the kernel
 *
 *	SARIF: results.sarif
 *
 * What has to be looked at comes first. Printed by the commands that end a run,
 * never under Kbuild.
 */
#ifndef PF_REPORT_SUMMARY_H
#define PF_REPORT_SUMMARY_H

#include "base/buffer.h"
#include "report/merge.h"

/* sarif: where the log is, or NULL. */
void summary_write(const struct merge_run *run, const char *sarif, struct buffer *out);

#endif
