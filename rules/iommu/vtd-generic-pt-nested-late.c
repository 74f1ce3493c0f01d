/* SPDX-License-Identifier: MIT */
/*
 * PF2147 where the operations are set although somebody else may have set them since they
 * were looked at.
 */
#include "vtd-example-pt.h"

/* incomplete PF2147: is not what the rule takes it for */

struct iommu_domain *nest(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain;

	if (!intel_domain_is_ss_paging(s2) || !s2->nested_parent)
		return ERR_PTR(-EINVAL);
	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = s2;	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

void unknown_code(void);

void fill_late(struct iommu_domain *domain, const struct iommu_domain_ops *ops)
{
	if (domain->ops)
		return;
	unknown_code();
	domain->ops = ops;
}
