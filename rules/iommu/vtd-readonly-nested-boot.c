/* SPDX-License-Identifier: MIT */
/*
 * PF2101: entries that are variables of the unit. An array is a table, which a domain may get
 * by its address; one entry alone is a value, and what it is copied to is judged.
 */
#include "vtd-example.h"

static struct dma_pte table[8];
static struct { struct dma_pte e[8]; } boot;
static struct {
	int n;
	struct {
		struct dma_pte one;
		union { u64 raw; struct dma_pte two[2]; };
	} in;
} deep;
static struct dma_pte single;

void whole(struct dmar_domain *domain, int i)
{
	table[i & 7].val = DMA_PTE_READ;	/* PF2101: it becomes a domain's */
	domain->pgd = table;
}

void part(struct dmar_domain *domain, int i)
{
	boot.e[i & 7].val = DMA_PTE_READ;	/* PF2101: the same, in a record */
	domain->pgd = boot.e;
}

void place(void)
{
	boot.e[3].val = DMA_PTE_READ;	/* PF2101: of a place that is known */
	deep.in.two[1].val = DMA_PTE_READ;	/* PF2101: in a union of a record of a record */
}

void pointed(void)
{
	struct dma_pte *pte = &boot.e[2];

	pte->val = DMA_PTE_READ;	/* PF2101: by its address */
}

void value(void)
{
	single.val = DMA_PTE_READ;	/* ok PF2101 */
	deep.in.one.val = DMA_PTE_READ;	/* ok PF2101 */
}

void copied(struct dmar_domain *domain)
{
	single.val = DMA_PTE_READ;	/* ok PF2101 */
	domain->pgd[1] = single;	/* PF2101: here it is an entry */
}
