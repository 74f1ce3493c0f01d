/* SPDX-License-Identifier: MIT */
/*
 * PF2147 in a unit that changes the operations of a domain that others can reach. The
 * test is there, but what it rests on is not so: nothing is proved.
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

void change(struct iommu_domain *domain, const struct iommu_domain_ops *ops)
{
	if (domain->ops != ops)
		domain->ops = ops;
}
