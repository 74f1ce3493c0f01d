/* SPDX-License-Identifier: MIT */
/*
 * What PF2101 must flag: a read-only entry can reach the table of a domain that
 * may be a nesting parent. Each function is a way in which the guard of the
 * mapping path is missing, wrong or useless.
 */
#include "vtd-example.h"

/* No guard at all. */
int map_unguarded(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: no guard */
	return 0;
}

/* The guard refuses what is harmless and lets pass what is not. */
int map_inverted(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if ((prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: inverted */
	return 0;
}

int map_wrong_bit(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_READ) && domain->nested_parent)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: READ is asked for */
	return 0;
}

int map_wrong_field(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->force_snooping)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: another flag */
	return 0;
}

/* Says something and goes on. */
int map_warning_only(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		pr_err_ratelimited("read-only mapping on a parent\n");
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: only a message */
	return 0;
}

int map_check_after(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: stored before */
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pte->val = 0;	/* ok PF2101 */
		return -EINVAL;
	}
	return 0;
}

int map_goto_over(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot, bool fast)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (fast)
		goto store;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
store:
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: jumped over */
	return 0;
}

int map_cleared_later(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot, bool ro)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	if (ro)
		prot &= ~DMA_PTE_WRITE;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: cleared behind the guard */
	return 0;
}

int current_prot(int wish);

/* The guard looks at what was asked for, the store takes what came back. */
int map_stale_copy(struct dmar_domain *domain, unsigned long pfn, u64 phys, int wish)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	int prot = wish;

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	prot = current_prot(wish);
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: another value */
	return 0;
}

static int refuse_read_only(struct dmar_domain *domain, int prot)
{
	return !(prot & DMA_PTE_WRITE) && domain->nested_parent ? -EINVAL : 0;
}

int map_result_ignored(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	refuse_read_only(domain, prot);
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: nobody looks at the result */
	return 0;
}

static int store_for_two(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: the second caller */
	return 0;
}

int map_first_caller(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	return store_for_two(domain, pfn, phys, prot);
}

int map_second_caller(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	return store_for_two(domain, pfn, phys, prot);
}

/* A new function that knows nothing of the rule. */
void map_reserved(struct dmar_domain *domain, unsigned long pfn)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		pte->val = (u64)pfn << VTD_PAGE_SHIFT | DMA_PTE_READ;	/* PF2101: constant */
}

/* The flag of one domain, the table of another. */
int map_other_domain(struct dmar_domain *domain, struct dmar_domain *other, unsigned long pfn,
		     u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && other->nested_parent)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: another domain */
	return 0;
}

/* The guard stands under a condition of its own. */
int map_sometimes(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot,
		  unsigned long nr)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (nr > 1) {
		if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
			return -EINVAL;
	}
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: not for one page */
	return 0;
}

int map_too_narrow(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent && domain->dirty_tracking)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: one condition too many */
	return 0;
}

/* The error is noted and forgotten. */
int map_error_lost(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	int ret = 0;

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		ret = -EINVAL;
	ret = pfn ? 0 : ret;
	pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: stored all the same */
	return ret;
}

/* The first round of the loop comes before the guard. */
int map_loop_late(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot,
		  unsigned long nr)
{
	while (nr--) {
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn++);

		if (!pte)
			return -ENOMEM;
		pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: first round */
		if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
			return -EINVAL;
		phys += 1ULL << VTD_PAGE_SHIFT;
	}
	return 0;
}

/* case READ runs into the store. */
int map_switch_falls(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	switch (prot & DMA_PTE_RW) {
	case 0:
		return -EINVAL;
	case DMA_PTE_READ:
		if (domain->nested_parent)
			pr_err_once("read-only mapping on a parent\n");
		/* fall through */
	default:
		pte->val = phys | (prot & DMA_PTE_RW);	/* PF2101: falls through */
	}
	return 0;
}

/* An entry that is there loses its WRITE. */
void write_protect(struct dmar_domain *domain, unsigned long pfn)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		pte->val &= ~DMA_PTE_WRITE;	/* PF2101: WRITE is taken away */
}

/* The store is one of the machine. */
int map_cmpxchg(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	u64 old = 0, new = phys | (prot & DMA_PTE_RW);

	if (!pte)
		return -ENOMEM;
	__asm__ volatile("lock cmpxchgq %[new], %[ptr]"	/* PF2101: no guard */
			 : [ptr] "+m" (pte->val), "+a" (old)
			 : [new] "r" (new)
			 : "memory");
	return old ? -EINVAL : 0;
}

/* A whole entry is copied. */
int map_template(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	struct dma_pte leaf = { .val = phys | (prot & DMA_PTE_RW) };

	if (!pte)
		return -ENOMEM;
	*pte = leaf;	/* PF2101: the same, in one piece */
	return 0;
}

/* The translation of the flags drops WRITE. */
int map_translated(struct iommu_domain *d, unsigned long pfn, u64 phys, int iommu_prot)
{
	struct dmar_domain *domain = to_dmar_domain(d);
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	u64 attr = 0;

	if (!pte)
		return -ENOMEM;
	if (!(iommu_prot & IOMMU_WRITE) && domain->nested_parent)
		return -EINVAL;
	if (iommu_prot & IOMMU_READ)
		attr |= DMA_PTE_READ;
	if (iommu_prot & IOMMU_WRITE)
		attr |= DMA_PTE_SNP;
	pte->val = phys | attr;	/* PF2101: WRITE became SNP */
	return 0;
}

/* The entries stand in a record by value. */
struct table_page { struct dma_pte entries[512]; };

void map_in_page(struct dmar_domain *domain, struct table_page *page, unsigned long pfn)
{
	if (domain->agaw)
		page->entries[3].val = (u64)pfn << VTD_PAGE_SHIFT | DMA_PTE_READ;	/* PF2101: no guard */
}

int map_bool_shifted(struct dmar_domain *domain, unsigned long pfn, bool writable)
{
	if (!writable && domain->nested_parent)
		return -EINVAL;
	domain->pgd[pfn & 511].val = DMA_PTE_READ | writable << 2;	/* PF2101: by one too far */
	return 0;
}
