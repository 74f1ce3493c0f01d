/* SPDX-License-Identifier: MIT */
/*
 * PF2116: the flags of a domain are bit-fields of one byte. The two that are
 * written under domain->lock are fine by themselves; who writes beside them
 * without it can undo them. Each other function that writes without the lock is
 * one of them, and so the wrong ones here stand for the rest.
 */
#include "vtd-example-locks.h"

void track(struct dmar_domain *domain, bool enable)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = enable;	/* ok PF2116 */
	spin_unlock(&domain->lock);
}

void force_snooping(struct dmar_domain *domain)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	domain->set_pte_snp = true;	/* ok PF2116 */
	domain->force_snooping = true;	/* ok PF2116 */
	spin_unlock_irqrestore(&domain->lock, flags);
}

/* Before it is published nobody else writes it. */
struct iommu_domain *alloc(bool nested_parent, bool first_stage)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->use_first_level = first_stage;	/* ok PF2116 */
	domain->nested_parent = nested_parent;	/* ok PF2116 */
	return &domain->domain;
}

/* A member that is no bit-field has a location of its own. */
void set_width(struct dmar_domain *domain, int agaw)
{
	domain->agaw = agaw;	/* ok PF2116 */
}

/* To look is to change nothing. */
bool tracks(struct dmar_domain *domain)
{
	return domain->dirty_tracking;	/* ok PF2116 */
}

int map(struct dmar_domain *domain, unsigned long pfn, u64 val)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	domain->has_mappings = true;	/* PF2116: no lock */
	pte->val = val;
	return 0;
}

int attach(struct dmar_domain *domain, struct device_info *info)
{
	spin_lock(&domain->lock);
	list_add(&info->link, &domain->devices);
	spin_unlock(&domain->lock);
	domain->iotlb_sync_map |= info->supports_snooping;	/* PF2116: the lock is gone */
	return 0;
}

/* The lock of something else orders nothing. */
void update(struct dmar_domain *domain, struct dmar_domain *other, bool coherent)
{
	spin_lock(&other->lock);
	domain->iommu_coherency = coherent;	/* PF2116: another domain's lock */
	spin_unlock(&other->lock);
}

/* ---------------------------------------------------------------- stores of more than a bit */

void *memset(void *p, int c, size_t n);

void assigned(struct dmar_domain *domain, const struct dmar_domain *from)
{
	*domain = *from;	/* PF2116: and all flags with it */
}

void cleared(struct dmar_domain *domain)
{
	memset(domain, 0, sizeof(*domain));	/* PF2116: the same */
}

void cleared_locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	memset(domain, 0, sizeof(*domain));	/* ok PF2116: that the lock goes with it is another matter */
	spin_unlock(&domain->lock);
}
