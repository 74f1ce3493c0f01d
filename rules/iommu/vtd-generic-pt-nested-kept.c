/* SPDX-License-Identifier: MIT */
/*
 * PF2147 where the operations are changed through their address, which was kept in between.
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

struct request { const void **where; };

static void put(const void **p, const void *ops)
{
	*p = ops;
}

static void run(struct request *r, const void *ops)
{
	put(r->where, ops);
}

void change_by_request(struct iommu_domain *domain, const void *ops)
{
	struct request r = { &domain->ops };

	run(&r, ops);
}
