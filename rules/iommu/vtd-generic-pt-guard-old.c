/* SPDX-License-Identifier: MIT */
/*
 * PF2140 in a kernel without the generic page table: PF2101 is for that.
 *
 * not-applicable PF2140
 */
#include "vtd-example.h"

int map_page(struct dmar_domain *domain, unsigned long pfn, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	pte->val = prot & DMA_PTE_RW;	/* ok PF2140 */
	return 0;
}
