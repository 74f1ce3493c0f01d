/* SPDX-License-Identifier: MIT */
/*
 * PF2130: iommufd's own flag of a nesting parent is written while the object is made.
 */
#include "vtd-example-locks.h"

struct iommufd_object {
	unsigned int id;
	int users;
};

struct iommufd_hwpt_paging {
	struct iommufd_object obj;
	struct iommu_domain *domain;
	bool auto_domain : 1;
	bool enforce_cache_coherency : 1;
	bool nest_parent : 1;
	struct list_head hwpt_item;
};

struct iommufd_ctx {
	struct mutex lock;
	struct list_head hwpt_list;
	struct iommufd_hwpt_paging *objects[8];
};

struct iommu_domain *ask_driver(bool nest_parent);

#define ALLOC_NEST_PARENT	1u

struct iommufd_hwpt_paging *hwpt_alloc(struct iommufd_ctx *ctx, unsigned int flags)
{
	struct iommufd_hwpt_paging *hwpt = kzalloc(sizeof(*hwpt), GFP_KERNEL);

	if (!hwpt)
		return ERR_PTR(-ENOMEM);
	hwpt->nest_parent = flags & ALLOC_NEST_PARENT;	/* ok PF2130 */
	hwpt->domain = ask_driver(hwpt->nest_parent);
	if (!hwpt->domain) {
		kfree(hwpt);
		return ERR_PTR(-EINVAL);
	}
	mutex_lock(&ctx->lock);
	list_add(&hwpt->hwpt_item, &ctx->hwpt_list);
	mutex_unlock(&ctx->lock);
	return hwpt;
}

int hwpt_alloc_late(struct iommufd_ctx *ctx, unsigned int id, unsigned int flags)
{
	struct iommufd_hwpt_paging *hwpt = kzalloc(sizeof(*hwpt), GFP_KERNEL);

	if (!hwpt)
		return -ENOMEM;
	ctx->objects[id & 7] = hwpt;
	hwpt->nest_parent = flags & ALLOC_NEST_PARENT;	/* PF2130: the table has it */
	return 0;
}

int hwpt_promote(struct iommufd_ctx *ctx, unsigned int id)
{
	struct iommufd_hwpt_paging *hwpt = ctx->objects[id & 7];

	if (!hwpt)
		return -EINVAL;
	hwpt->nest_parent = true;	/* PF2130: found, not made */
	return 0;
}

void hwpt_coherent(struct iommufd_hwpt_paging *hwpt)
{
	hwpt->enforce_cache_coherency = true;	/* ok PF2130 */
}
