/* SPDX-License-Identifier: MIT */
/*
 * PF2101 in a unit that writes nested_parent while others can reach the domain.
 * The guard is there, but what it rests on is not so: nothing is proved.
 */
#include "vtd-example.h"

/* incomplete PF2101: is not what the rule takes it for */

int map_page(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_aside(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	domain->nested_parent = false;	/* a finding of PF2117 */
	return map_page(domain, pfn, phys, prot);
}
