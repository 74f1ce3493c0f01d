/* SPDX-License-Identifier: MIT */
/*
 * PF2140 where the format does not support the feature: pt_feature() is 0 at
 * compile time, and so is every guard that asks it.
 */
#define PT_SUPPORTED_FEATURES (BIT(PT_FEAT_DMA_INCOHERENT) | BIT(PT_FEAT_FLUSH_RANGE))
#include "vtd-example-pt.h"

int asks_helper(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		unsigned int iommu_prot)
{
	u64 pte = iommu_prot & (VTDSS_FMT_R | VTDSS_FMT_W);

	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	attrs->descriptor_bits = pte;	/* PF2140: the guard is folded away */
	return 0;
}

int asks_word(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
	      unsigned int iommu_prot)
{
	u64 pte = iommu_prot & (VTDSS_FMT_R | VTDSS_FMT_W);

	if (common->features & BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	attrs->descriptor_bits = pte;	/* ok PF2140 */
	return 0;
}
