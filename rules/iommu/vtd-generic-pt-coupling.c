/* SPDX-License-Identifier: MIT */
/*
 * PF2149: the flag of the domain and the feature of its table, both halves in one
 * unit: who makes the domain, and who initialises the table.
 */
#include "vtd-example-pt.h"

static int table_init(struct pt_iommu_vtdss *table, const struct pt_iommu_vtdss_cfg *cfg)
{
	struct pt_common *common = &table->vtdss_pt.common;

	if (!cfg->common.hw_max_vasz_lg2 || cfg->common.hw_max_vasz_lg2 > 57)
		return -EINVAL;
	memset(&table->vtdss_pt, 0, sizeof(table->vtdss_pt));
	common->features = cfg->common.features;
	common->max_vasz_lg2 = cfg->common.hw_max_vasz_lg2;
	return 0;
}

static struct dmar_domain *new_domain(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (domain)
		domain->domain.ops = &intel_ss_paging_domain_ops;
	return domain;
}

struct iommu_domain *alloc(u32 flags, u8 size)
{
	struct pt_iommu_vtdss_cfg cfg = {};
	struct dmar_domain *domain = new_domain();
	int ret;

	if (!domain)
		return ERR_PTR(-ENOMEM);
	cfg.common.hw_max_vasz_lg2 = size;
	cfg.common.features = BIT(PT_FEAT_FLUSH_RANGE);
	if (flags & IOMMU_HWPT_ALLOC_NEST_PARENT)
		cfg.common.features |= BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	ret = table_init(&domain->sspt, &cfg);
	if (ret) {
		kfree(domain);
		return ERR_PTR(ret);
	}
	return &domain->domain;	/* ok PF2149 */
}

/* By a variable; the feature comes after the table is there. */
struct iommu_domain *alloc_later(u32 flags, u8 size)
{
	struct pt_iommu_vtdss_cfg cfg = { .common.hw_max_vasz_lg2 = size };
	struct dmar_domain *domain = new_domain();
	bool parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;

	if (!domain)
		return ERR_PTR(-ENOMEM);
	if (table_init(&domain->sspt, &cfg)) {
		kfree(domain);
		return ERR_PTR(-EINVAL);
	}
	domain->nested_parent = parent;
	if (parent)
		domain->sspt.vtdss_pt.common.features |= BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	return &domain->domain;	/* ok PF2149 */
}

struct iommu_domain *alloc_never(u32 flags, u8 size)
{
	struct pt_iommu_vtdss_cfg cfg = { .common.hw_max_vasz_lg2 = size };
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	if (table_init(&domain->sspt, &cfg)) {
		kfree(domain);
		return ERR_PTR(-EINVAL);
	}
	return &domain->domain;	/* PF2149: nobody sets the feature */
}

struct iommu_domain *alloc_with_another(u32 flags, u8 size)
{
	struct pt_iommu_vtdss_cfg cfg = { .common.hw_max_vasz_lg2 = size };
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	if (flags & IOMMU_HWPT_ALLOC_NEST_PARENT && flags & IOMMU_HWPT_ALLOC_DIRTY_TRACKING)
		cfg.common.features |= BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	if (table_init(&domain->sspt, &cfg)) {
		kfree(domain);
		return ERR_PTR(-EINVAL);
	}
	return &domain->domain;	/* PF2149: only together with another flag */
}

struct iommu_domain *alloc_assigned_over(u32 flags, u8 size)
{
	struct pt_iommu_vtdss_cfg cfg = { .common.hw_max_vasz_lg2 = size };
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	if (flags & IOMMU_HWPT_ALLOC_NEST_PARENT)
		cfg.common.features |= BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	cfg.common.features = BIT(PT_FEAT_FLUSH_RANGE);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	if (table_init(&domain->sspt, &cfg)) {
		kfree(domain);
		return ERR_PTR(-EINVAL);
	}
	return &domain->domain;	/* PF2149: the features are assigned over */
}

/* The initialisation empties the table. */
struct iommu_domain *alloc_too_early(u32 flags, u8 size)
{
	struct pt_iommu_vtdss_cfg cfg = { .common.hw_max_vasz_lg2 = size };
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	if (domain->nested_parent)
		domain->sspt.vtdss_pt.common.features |= BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	if (table_init(&domain->sspt, &cfg)) {
		kfree(domain);
		return ERR_PTR(-EINVAL);
	}
	return &domain->domain;	/* PF2149: it was set before the table was emptied */
}

/* Of a table of the first stage the features mean something else. */
struct iommu_domain *alloc_plain(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->nested_parent = false;
	return &domain->domain;	/* ok PF2149 */
}

/* Who finds no operations sets some: they may be those of the second stage. */
struct iommu_domain *alloc_without_ops(u32 flags)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	return &domain->domain;	/* PF2149: nobody has set the feature */
}

void fill_ops(struct iommu_domain *domain, const struct iommu_domain_ops *ops)
{
	if (!domain->ops)
		domain->ops = ops;
}

int other_unit(struct pt_iommu_vtdss *table, const struct pt_iommu_vtdss_cfg *cfg);

/* What the function of another unit does with the domain only the link knows. */
struct iommu_domain *alloc_elsewhere(u32 flags)
{
	struct pt_iommu_vtdss_cfg cfg = {};
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	if (other_unit(&domain->sspt, &cfg)) {
		kfree(domain);
		return ERR_PTR(-EINVAL);
	}
	return &domain->domain;	/* incomplete PF2149: pending the link */
}

struct registry {
	struct dmar_domain *last;
};

int put(struct registry *r, u32 flags)
{
	struct dmar_domain *domain = new_domain();

	if (!domain)
		return -ENOMEM;
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	r->last = domain;
	return 0;	/* incomplete PF2149: others find it now, and may have set the feature */
}

/* ------------------------------------------ in another object, or by way of one */

struct hwpt { int users; struct dmar_domain domain; };
struct pair { struct dmar_domain *parent; int users; };

struct hwpt *alloc_inside(void)
{
	struct hwpt *hwpt = kzalloc(sizeof(*hwpt), GFP_KERNEL);

	if (!hwpt)
		return NULL;
	hwpt->domain.domain.ops = &intel_ss_paging_domain_ops;
	hwpt->domain.nested_parent = true;
	return hwpt;	/* PF2149: the domain in it */
}

struct hwpt *alloc_inside_forced(void)
{
	struct hwpt *hwpt = kzalloc(sizeof(*hwpt), GFP_KERNEL);

	if (!hwpt)
		return NULL;
	hwpt->domain.domain.ops = &intel_ss_paging_domain_ops;
	hwpt->domain.nested_parent = true;
	hwpt->domain.sspt.vtdss_pt.common.features = BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	return hwpt;	/* ok PF2149 */
}

struct pair *alloc_behind(void)
{
	struct pair *pair = kzalloc(sizeof(*pair), GFP_KERNEL);
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!pair || !domain)
		return NULL;
	domain->domain.ops = &intel_ss_paging_domain_ops;
	domain->nested_parent = true;
	pair->parent = domain;
	return pair;	/* PF2149: the domain that it leads to */
}

struct dmar_domain *alloc_two(void)
{
	struct dmar_domain *two = kzalloc(2 * sizeof(*two), GFP_KERNEL);

	if (!two)
		return NULL;
	two[1].domain.ops = &intel_ss_paging_domain_ops;
	two[1].nested_parent = true;
	return two;	/* PF2149: the second */
}

/* Who calls gets an error; others have the domain all the same. */
extern struct dmar_domain *last_one;

int alloc_shown(int wanted)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return -ENOMEM;
	domain->nested_parent = true;
	last_one = domain;
	if (wanted < 0)
		return -EINVAL;	/* incomplete PF2149: pending the link */
	domain->sspt.vtdss_pt.common.features = BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	return 0;
}
