/* SPDX-License-Identifier: MIT */
/*
 * PF2141: the refusal of a read-only mapping because of the table's feature.
 */
#include "vtd-example-pt.h"

int ratelimited(struct pt_common *common, unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE)) {
		pr_err_ratelimited("read-only mapping refused\n");
		return -EINVAL;	/* ok PF2141 */
	}
	return 0;
}

int once(struct pt_common *common, unsigned int iommu_prot)
{
	if (!(iommu_prot & IOMMU_WRITE)) {
		if (!pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE))
			return 0;
		pr_err_once("read-only mapping refused\n");
		return -EINVAL;	/* ok PF2141 */
	}
	return 0;
}

/* Nothing to map is another reason. */
int nothing(struct pt_common *common, unsigned int iommu_prot)
{
	if (!(iommu_prot & (IOMMU_READ | IOMMU_WRITE)))
		return -EINVAL;	/* ok PF2141 */
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE)) {
		pr_err_ratelimited("read-only mapping refused\n");
		return -EINVAL;
	}
	return 0;
}

int silent(struct pt_common *common, unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))
		return -EINVAL;	/* PF2141: nothing is printed */
	return 0;
}

int floods(struct pt_common *common, unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE)) {
		pr_err("read-only mapping refused\n");
		return -EINVAL;	/* PF2141: without a limit */
	}
	return 0;
}

/* One of the two ways says nothing. */
int half(struct pt_common *common, unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE)) {
		if (common->max_vasz_lg2 > 39)
			pr_err_ratelimited("read-only mapping refused\n");
		return -EINVAL;	/* PF2141: not on a small table */
	}
	return 0;
}
