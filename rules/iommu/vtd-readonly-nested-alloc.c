/* SPDX-License-Identifier: MIT */
/*
 * PF2101 while a domain is made. Until it is published the flag that counts is
 * the one that it will have: a mapping that comes before nested_parent is set is
 * in the table of a parent all the same.
 */
#include "vtd-example.h"

struct dma_pte *alloc_table(void);

static int map_page(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: by alloc_map_first() */
	return 0;
}

/* The usual order: the role is known before anything is mapped. */
struct iommu_domain *alloc_role_first(bool nested_parent)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->pgd = alloc_table();
	domain->nested_parent = nested_parent;
	if (map_page(domain, 1, 1ULL << VTD_PAGE_SHIFT, DMA_PTE_READ | DMA_PTE_WRITE)) {
		kfree(domain);
		return NULL;
	}
	return &domain->domain;
}

/* The guard sees a flag that is still 0. */
struct iommu_domain *alloc_map_first(bool nested_parent)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->pgd = alloc_table();
	if (map_page(domain, 1, 1ULL << VTD_PAGE_SHIFT, DMA_PTE_READ)) {
		kfree(domain);
		return NULL;
	}
	domain->nested_parent = nested_parent;
	return &domain->domain;
}

/* A domain that never gets the role may have what it wants. */
struct iommu_domain *alloc_plain(unsigned long pfn)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	struct dma_pte *pte;

	if (!domain)
		return NULL;
	domain->pgd = alloc_table();
	pte = pfn_to_dma_pte(domain, pfn);
	if (pte)
		pte->val = (u64)pfn << VTD_PAGE_SHIFT | DMA_PTE_READ;	/* ok PF2101 */
	return &domain->domain;
}

/* The guard is right, but the flag rises when others can already map. */
void become_parent(struct dmar_domain *domain)
{
	domain->nested_parent = 1;	/* todo PF2101: init-only is not proved */
}
