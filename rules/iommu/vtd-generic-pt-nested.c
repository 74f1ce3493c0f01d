/* SPDX-License-Identifier: MIT */
/*
 * PF2146, PF2147: the domain on which another one is nested.
 */
#include "vtd-example-pt.h"

static struct dmar_domain *new_domain(void)
{
	return kzalloc(sizeof(struct dmar_domain), GFP_KERNEL);
}

struct iommu_domain *both(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain;

	if (!intel_domain_is_ss_paging(s2) || !s2->nested_parent)
		return ERR_PTR(-EINVAL);
	domain = new_domain();
	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = s2;	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

struct iommu_domain *both_by_variable(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain;
	bool fits = intel_domain_is_ss_paging(s2) && s2->nested_parent;

	domain = fits ? new_domain() : NULL;
	if (!domain)
		return ERR_PTR(fits ? -ENOMEM : -EINVAL);
	domain->s2_domain = s2;	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

static int check_parent(const struct dmar_domain *s2)
{
	if (s2->domain.ops != &intel_ss_paging_domain_ops)
		return -EOPNOTSUPP;
	return s2->nested_parent ? 0 : -EINVAL;
}

struct iommu_domain *both_by_helper(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain = new_domain();
	int ret = check_parent(s2);

	if (ret || !domain) {
		kfree(domain);
		return ERR_PTR(ret ? ret : -ENOMEM);
	}
	domain->s2_domain = s2;	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

struct iommu_domain *neither(struct iommu_domain *parent)
{
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = to_dmar_domain(parent);	/* PF2146: no test */ /* PF2147: nor here */
	return &domain->domain;
}

struct iommu_domain *no_parent(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain;

	if (!intel_domain_is_ss_paging(s2))
		return ERR_PTR(-EINVAL);
	domain = new_domain();
	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = s2;	/* PF2146: a second stage, but no parent */
	return &domain->domain;
}

struct iommu_domain *no_stage(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain;

	if (!s2->nested_parent)
		return ERR_PTR(-EINVAL);
	domain = new_domain();
	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = s2;	/* PF2147: nothing is known of the table */
	return &domain->domain;
}

struct iommu_domain *one_is_enough(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain;

	if (!intel_domain_is_ss_paging(s2) && !s2->nested_parent)
		return ERR_PTR(-EINVAL);
	domain = new_domain();
	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = s2;	/* PF2146: one is */ /* PF2147: one is */
	return &domain->domain;
}

/* The test is of another domain. */
struct iommu_domain *of_itself(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent), *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->domain.ops = &intel_ss_paging_domain_ops;
	if (!intel_domain_is_ss_paging(s2) || domain->nested_parent)
		return ERR_PTR(-EINVAL);
	domain->s2_domain = s2;	/* PF2146: the new one was asked */
	return &domain->domain;
}

void leave(struct dmar_domain *domain)
{
	domain->s2_domain = NULL;	/* ok PF2146 */ /* ok PF2147 */
}

/* All of it is written: with nothing, or with what another one holds. */
void empty(struct dmar_domain *domain)
{
	memset(domain, 0, sizeof(*domain));	/* ok PF2146 */ /* ok PF2147 */
}

void as_another(struct dmar_domain *domain, const struct dmar_domain *other)
{
	*domain = *other;	/* incomplete PF2146: as the other's */ /* incomplete PF2147: likewise */
}

/* What is set where nothing is yet, and of a domain of another kind, takes nothing back. */
void fill_ops(struct iommu_domain *domain, const struct iommu_domain_ops *ops)
{
	if (domain->ops)
		return;
	domain->ops = ops;
}

static struct { struct iommu_domain domain; } identity;

void init_identity(const struct iommu_domain_ops *ops)
{
	struct iommu_domain *domain = &identity.domain;

	domain->ops = ops;
}
