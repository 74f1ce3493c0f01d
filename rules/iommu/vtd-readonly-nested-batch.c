/* SPDX-License-Identifier: MIT */
/*
 * PF2101: entries that are made in a table on the stack, and then stored.
 */
#include "vtd-example.h"

int by_batch(struct dmar_domain *domain, int prot)
{
	struct dma_pte batch[8];
	int i;

	if (domain->nested_parent && !(prot & DMA_PTE_WRITE))
		return -EINVAL;
	for (i = 0; i < 8; i++)
		batch[i].val = (u64)i << VTD_PAGE_SHIFT | (prot & DMA_PTE_RW);	/* ok PF2101 */
	for (i = 0; i < 8; i++)
		domain->pgd[i] = batch[i];	/* fixme PF2101: it is safe */
	return 0;
}

void unguarded(struct dmar_domain *domain, int prot)
{
	domain->pgd->val = prot & DMA_PTE_RW;	/* PF2101: no guard */
}

union word { u64 val; u8 byte[8]; };

int by_byte(struct dmar_domain *domain, u64 prot)
{
	union word w = { .val = prot & DMA_PTE_RW };

	if (domain->nested_parent && !(w.byte[0] & DMA_PTE_WRITE))
		return -EINVAL;
	domain->pgd->val = w.val;	/* ok PF2101: x86 is little endian */
	return 0;
}

int by_wrong_byte(struct dmar_domain *domain, u64 prot)
{
	union word w = { .val = prot & DMA_PTE_RW };

	if (domain->nested_parent && !(w.byte[1] & DMA_PTE_WRITE))
		return -EINVAL;
	domain->pgd->val = w.val & ~0ull;	/* ok PF2101: byte 1 is 0, and so it is refused */
	w.byte[1] = DMA_PTE_WRITE;
	if (domain->nested_parent && !(w.byte[1] & DMA_PTE_WRITE))
		return -EINVAL;
	domain->pgd->val = w.val;	/* ok PF2101: nobody with the role comes here */
	return 0;
}

int by_other_byte(struct dmar_domain *domain, u64 prot)
{
	union word w = { .val = prot };

	if (domain->nested_parent && !(w.byte[1] & DMA_PTE_WRITE))
		return -EINVAL;
	domain->pgd->val = w.val;	/* PF2101: it is bit 9 that was looked at */
	return 0;
}

struct halves { u32 low, high; };

int by_half(struct dmar_domain *domain, u64 *prot)
{
	u64 mine = *prot;
	bool write = false;

	if (((struct halves *)&mine)->low & DMA_PTE_WRITE)
		write = true;
	if (!write && domain->nested_parent)
		return -EINVAL;
	domain->pgd->val = mine;	/* ok PF2101 */
	return 0;
}

int by_half_changed(struct dmar_domain *domain, u64 mine)
{
	if (domain->nested_parent && !(((struct halves *)&mine)->low & DMA_PTE_WRITE))
		return -EINVAL;
	((struct halves *)&mine)->low = DMA_PTE_READ;
	domain->pgd->val = mine;	/* PF2101: it was changed since */
	return 0;
}
