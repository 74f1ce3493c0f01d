/* SPDX-License-Identifier: MIT */
/*
 * PF2103: where a domain records that it has read-only mappings, the record is
 * made before the entry is stored.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example.h"

/* The look without the lock is right, since the flag only rises. */
int map_recorded(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	unsigned long flags;

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped) {
		spin_lock_irqsave(&domain->lock, flags);
		if (domain->nested_users > 0) {
			spin_unlock_irqrestore(&domain->lock, flags);
			pr_err_once("read-only mapping on a parent\n");
			return -EINVAL;
		}
		domain->read_only_mapped = true;
		spin_unlock_irqrestore(&domain->lock, flags);
	}
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2103 */
	return 0;
}

int map_writable_only(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte || !(prot & DMA_PTE_WRITE))
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2103 */
	return 0;
}

static void record(struct dmar_domain *domain)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	domain->read_only_mapped = true;
	spin_unlock_irqrestore(&domain->lock, flags);
}

int map_helper_records(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE))
		record(domain);
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2103 */
	return 0;
}

void unmap(struct dmar_domain *domain, unsigned long pfn)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		pte->val = 0;	/* ok PF2103 */
}

int map_unrecorded(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2103: not recorded */
	return 0;
}

/* Refuses a nested domain, and leaves no trace for the nesting that comes later. */
int map_refuses_only(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_users > 0)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2103: not recorded */
	return 0;
}

int map_records_late(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2103: recorded too late */
	if (!(prot & DMA_PTE_WRITE))
		record(domain);
	return 0;
}

int map_records_inverted(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (prot & DMA_PTE_WRITE)
		record(domain);
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2103: the wrong ones */
	return 0;
}

int map_records_other(struct dmar_domain *domain, struct dmar_domain *other, unsigned long pfn,
		      u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE))
		record(other);
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2103: another domain */
	return 0;
}
