/* SPDX-License-Identifier: MIT */
/*
 * How certain a finding of PF2101 is. Its witness is replayed: one way to the store is
 * followed by itself, and all that is decided on it gets numbers under which it holds. What
 * is lost where many ways meet does not matter then; what only seems to be possible is told.
 */
#include "vtd-example.h"

int current_rights(struct dmar_domain *domain);

static int width_of(int agaw)
{
	int width = 30 + agaw * 9;

	return width < 64 ? width : 64;
}

static bool fits(int agaw, unsigned long pfn)
{
	int width = width_of(agaw) - VTD_PAGE_SHIFT;

	return !(width < 64 && pfn >> width);
}

/* Many conditions that have nothing to do with the permission, a product among them. */
int map_range(struct dmar_domain *domain, unsigned long pfn, unsigned long n, u64 phys, int prot,
	      int agaw)
{
	if (agaw < 0 || !fits(agaw, pfn + n - 1))
		return -EINVAL;
	if (!(prot & DMA_PTE_RW))
		return -EINVAL;
	while (n > 0) {
		unsigned long level = (pfn & 511) == 0 && n >= 512 ? 512 : 1;
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

		if (!pte)
			return -ENOMEM;
		pte->val = phys | (prot & DMA_PTE_RW);	/* certain PF2101: no guard */
		n -= level < n ? level : n;
		pfn += level;
		phys += level << VTD_PAGE_SHIFT;
	}
	return 0;
}

static u64 entry_of(u64 phys, int rights)
{
	u64 entry = phys;

	if (rights & IOMMU_READ)
		entry |= DMA_PTE_READ;
	if (rights & IOMMU_WRITE)
		entry |= DMA_PTE_WRITE;
	return entry;
}

static int store_entry(struct dma_pte *pte, u64 entry, int twice)
{
	for (int i = 0; i < twice; i++)
		pte[i].val = entry;		/* certain PF2101: by map_through_helpers() */
	return 0;
}

/* The way leads through three functions and a loop. */
int map_through_helpers(struct dmar_domain *domain, unsigned long pfn, u64 phys, int rights)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	return store_entry(pte, entry_of(phys, rights), domain->nested_parent ? 2 : 1);
}

/* The guard is not asked in the first round of the loop alone. */
int map_second_round(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot, int n)
{
	for (int i = 0; i < n; i++) {
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn + i);

		if (!pte)
			return -ENOMEM;
		if (!i && !(prot & DMA_PTE_WRITE) && domain->nested_parent)
			prot |= DMA_PTE_WRITE;
		else if (i == 1)
			prot &= ~DMA_PTE_WRITE;
		pte->val = phys | (prot & DMA_PTE_RW);	/* certain PF2101: the second entry */
	}
	return 0;
}

/* No square ends in the bits 11: nobody comes to the store. */
int map_never(struct dmar_domain *domain, unsigned long pfn, u64 phys, unsigned n, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte || n * n != 7)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* possible PF2101: a product that no number has */
	return 0;
}

/* What the other function gives is not known. */
int map_asked(struct dmar_domain *domain, unsigned long pfn, u64 phys)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	int prot = current_rights(domain);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* possible PF2101: rights of another unit */
	return 0;
}

/* It is guarded, but by a value of more parts than are kept apart. */
int map_mixed(struct dmar_domain *domain, u64 phys, unsigned prot, const unsigned *salt)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 0);
	unsigned mixed = prot ^ salt[0] ^ salt[1] ^ salt[2] ^ salt[3] ^ salt[4] ^ salt[5];
	unsigned again = mixed ^ salt[0] ^ salt[1] ^ salt[2] ^ salt[3] ^ salt[4] ^ salt[5];

	if (!pte || (!(again & DMA_PTE_WRITE) && domain->nested_parent))
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* possible PF2101: 'again' is 'prot' */
	return 0;
}

/* With the guard in place there is nothing to be certain of. */
int map_guarded(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot, int agaw)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte || !fits(agaw, pfn))
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}
