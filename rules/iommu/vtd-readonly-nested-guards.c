/* SPDX-License-Identifier: MIT */
/*
 * What PF2101 must not flag: the guard in all the forms that a maintainer may
 * give it, and stores that need none.
 */
#include "vtd-example.h"

/* proved PF2101 */

int map_guarded(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte;

	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	pte = pfn_to_dma_pte(domain, pfn);
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

/* De Morgan. */
int map_either(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if ((prot & DMA_PTE_WRITE) || !domain->nested_parent) {
		pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
		return 0;
	}
	pr_err_once("read-only mapping on a parent\n");
	return -EINVAL;
}

int map_nested_ifs(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (domain->nested_parent) {
		if ((prot & DMA_PTE_WRITE) == 0) {
			pr_err_once("read-only mapping on a parent\n");
			return -EINVAL;
		}
	}
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_switch(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	switch (prot & DMA_PTE_RW) {
	case 0:
		return -EINVAL;
	case DMA_PTE_READ:
		if (domain->nested_parent)
			return -EINVAL;
		break;
	case DMA_PTE_WRITE:
	case DMA_PTE_READ | DMA_PTE_WRITE:
		break;
	}
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_local_bool(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	const bool read_only = !(prot & DMA_PTE_WRITE);
	const bool refuse = read_only && domain->nested_parent;

	if (!pte)
		return -ENOMEM;
	if (unlikely(refuse))
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_error_label(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	int ret = -ENOMEM;

	if (!pte)
		goto out;
	ret = -EINVAL;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		goto refuse;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
refuse:
	pr_err_ratelimited("read-only mapping on a parent\n");
out:
	return ret;
}

#define READ_ONLY_ON_PARENT(d, p) \
	(!((p) & DMA_PTE_WRITE) && (d)->nested_parent)

int map_macro(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (READ_ONLY_ON_PARENT(domain, prot))
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_field_get(struct dmar_domain *domain, unsigned long pfn, u64 phys, u64 attr)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (FIELD_GET(DMA_PTE_WRITE, attr) == 0 && domain->nested_parent)
		return -EINVAL;
	pte->val = phys | FIELD_PREP(DMA_PTE_READ, attr) |
		   (attr & DMA_PTE_WRITE);	/* ok PF2101 */
	return 0;
}

static inline bool is_parent(const struct dmar_domain *domain)
{
	return domain->nested_parent;
}

static inline bool is_writable(int prot)
{
	return prot & DMA_PTE_WRITE;
}

int map_accessor(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (is_parent(domain) && !is_writable(prot))
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

static int may_map(struct dmar_domain *domain, int prot)
{
	if (prot & DMA_PTE_WRITE)
		return 0;
	if (!domain->nested_parent)
		return 0;
	pr_err_ratelimited("read-only mapping on a parent\n");
	return -EINVAL;
}

int map_helper(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	int ret;

	if (!pte)
		return -ENOMEM;
	ret = may_map(domain, prot);
	if (ret)
		return ret;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

/* The guard is in the only caller. */
static int store_leaf(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_caller(struct iommu_domain *d, unsigned long pfn, u64 phys, int iommu_prot)
{
	struct dmar_domain *domain = to_dmar_domain(d);
	int prot = 0;

	if (!(iommu_prot & IOMMU_WRITE) && domain->nested_parent)
		return -EINVAL;
	if (iommu_prot & IOMMU_READ)
		prot |= DMA_PTE_READ;
	if (iommu_prot & IOMMU_WRITE)
		prot |= DMA_PTE_WRITE;
	return store_leaf(domain, pfn, phys, prot);
}

/* No refusal: a parent gets WRITE whether it asked for it or not. */
int map_forced(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (domain->nested_parent)
		prot |= DMA_PTE_WRITE;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

int map_conditional(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	u64 attr = domain->nested_parent ? DMA_PTE_READ | DMA_PTE_WRITE :
					   prot & DMA_PTE_RW;

	if (!pte)
		return -ENOMEM;
	pte->val = phys | attr;	/* ok PF2101 */
	return 0;
}

/* Refuses more than it must. */
int map_over_rejects(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	if (domain->nested_parent)
		return -EINVAL;
	pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	return 0;
}

/* Refused before a loop of stores. */
int map_range(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot,
	      unsigned long nr)
{
	u64 val;

	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	val = (phys << VTD_PAGE_SHIFT) | (prot & DMA_PTE_RW);
	while (nr > 0) {
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

		if (!pte)
			return -ENOMEM;
		WRITE_ONCE(pte->val, val);	/* ok PF2101 */
		val += 1ULL << VTD_PAGE_SHIFT;
		pfn++;
		nr--;
	}
	return 0;
}

int map_atomic(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	u64 old = 0, new = phys | (prot & DMA_PTE_RW);

	if (!pte)
		return -ENOMEM;
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	__asm__ volatile("lock cmpxchgq %[new], %[ptr]"	/* ok PF2101 */
			 : [ptr] "+m" (pte->val), "+a" (old)
			 : [new] "r" (new)
			 : "memory");
	return old ? -EINVAL : 0;
}

/* Stores that need no guard. */

void unmap(struct dmar_domain *domain, unsigned long pfn)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		WRITE_ONCE(pte->val, 0ULL);	/* ok PF2101 */
}

/* The entry's own WRITE goes back into it. */
bool test_and_clear_dirty(struct dmar_domain *domain, unsigned long pfn)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	u64 val;

	if (!pte)
		return false;
	val = READ_ONCE(pte->val);
	if (!(val & DMA_SL_PTE_DIRTY))
		return false;
	pte->val = val & ~DMA_SL_PTE_DIRTY;	/* ok PF2101 */
	return true;
}

/* An entry that points to a table has both. */
void install_table(struct dmar_domain *domain, unsigned long pfn, u64 table)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		pte->val = table << VTD_PAGE_SHIFT | DMA_PTE_RW;	/* ok PF2101 */
}

/* WRITE without READ is no read-only mapping. */
void map_write_only(struct dmar_domain *domain, unsigned long pfn, u64 phys)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		pte->val = phys << VTD_PAGE_SHIFT | DMA_PTE_WRITE;	/* ok PF2101 */
}

/* ------------------------------------------------------ a _Bool is 0 or 1, and nothing else */

bool may_write(unsigned long pfn);

int map_bool(struct dmar_domain *domain, unsigned long pfn, bool writable)
{
	if (!writable && domain->nested_parent)
		return -EINVAL;
	domain->pgd[pfn & 511].val = DMA_PTE_READ | writable << 1;	/* ok PF2101 */
	return 0;
}

int map_bool_result(struct dmar_domain *domain, unsigned long pfn)
{
	bool writable = may_write(pfn);

	if (!writable && domain->nested_parent)
		return -EINVAL;
	domain->pgd[pfn & 511].val = DMA_PTE_READ |	/* ok PF2101 */
				     (-(u64)writable & DMA_PTE_WRITE);
	return 0;
}
