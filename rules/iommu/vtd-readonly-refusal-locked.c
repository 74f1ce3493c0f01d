/* SPDX-License-Identifier: MIT */
/*
 * PF2104 and PF2105: both refusals of the design that counts nested domains say
 * so, once or rate limited.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example.h"

/* not-applicable PF2106 */

/* The mapping path. */

int map_silent(struct dmar_domain *domain, int prot)
{
	unsigned long flags;

	if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped) {
		spin_lock_irqsave(&domain->lock, flags);
		if (domain->nested_users > 0) {
			spin_unlock_irqrestore(&domain->lock, flags);
			return -EINVAL;	/* PF2104: nothing is printed */
		}
		domain->read_only_mapped = true;
		spin_unlock_irqrestore(&domain->lock, flags);
	}
	return 0;
}

int map_reported(struct dmar_domain *domain, int prot)
{
	unsigned long flags;

	if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped) {
		spin_lock_irqsave(&domain->lock, flags);
		if (domain->nested_users > 0) {
			spin_unlock_irqrestore(&domain->lock, flags);
			pr_err_once("read-only mapping on a parent\n");
			return -EINVAL;	/* ok PF2104 */
		}
		domain->read_only_mapped = true;
		spin_unlock_irqrestore(&domain->lock, flags);
	}
	return 0;
}

/* An error further down, on a domain that happens to have read-only mappings. */
int map_no_memory(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte;
	unsigned long flags;

	if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped) {
		spin_lock_irqsave(&domain->lock, flags);
		domain->read_only_mapped = true;
		spin_unlock_irqrestore(&domain->lock, flags);
	}
	pte = pfn_to_dma_pte(domain, pfn);
	if (!pte)
		return -ENOMEM;	/* ok PF2105 */
	pte->val = phys | (prot & DMA_PTE_RW);
	return 0;
}

/* The nesting path. */

int attach_silent(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;
	unsigned long flags;

	spin_lock_irqsave(&s2_domain->lock, flags);
	if (s2_domain->read_only_mapped) {
		spin_unlock_irqrestore(&s2_domain->lock, flags);
		return -EINVAL;	/* PF2105: nothing is printed */
	}
	s2_domain->nested_users++;
	spin_unlock_irqrestore(&s2_domain->lock, flags);
	return 0;
}

int attach_flooding(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;

	if (s2_domain->read_only_mapped) {
		pr_err("nesting on read-only mappings\n");
		return -EINVAL;	/* PF2105: no limit */
	}
	return 0;
}

struct iommu_domain *alloc_silent(struct dmar_domain *s2_domain)
{
	if (s2_domain->read_only_mapped)
		return ERR_PTR(-EINVAL);	/* PF2105: nothing is printed */
	return &s2_domain->domain;
}

int attach_reported(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;
	unsigned long flags;

	spin_lock_irqsave(&s2_domain->lock, flags);
	if (s2_domain->read_only_mapped) {
		spin_unlock_irqrestore(&s2_domain->lock, flags);
		pr_err_ratelimited("nesting on read-only mappings\n");
		return -EINVAL;	/* ok PF2105 */
	}
	s2_domain->nested_users++;
	spin_unlock_irqrestore(&s2_domain->lock, flags);
	return 0;
}

struct iommu_domain *alloc_not_a_parent(struct dmar_domain *s2_domain)
{
	if (!s2_domain->nested_parent)
		return ERR_PTR(-EINVAL);	/* ok PF2105 */
	return &s2_domain->domain;
}
