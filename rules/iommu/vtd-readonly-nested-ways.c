/* SPDX-License-Identifier: MIT */
/*
 * PF2101 where the way is not straight: a guard that is gone through again, tables
 * that an index of few values looks up, and a bit that is tested by its number.
 */
#include "vtd-example.h"

static bool refuses(struct dmar_domain *domain, u64 write)
{
	if (write || !domain->nested_parent)
		return false;
	pr_err_ratelimited("read-only mapping on a parent\n");
	return true;
}

static int store_pages(struct dmar_domain *domain, unsigned long pfn, u64 val, unsigned long n)
{
	while (n > 0) {
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

		if (!pte)
			return -ENOMEM;
		pte->val = val;		/* PF2101: by those below that let it through */
		val += 1ULL << VTD_PAGE_SHIFT;
		pfn++;
		n--;
	}
	return 0;
}

/* Each round is under the guard, whatever the one before has done to prot. */
int map_in_rounds(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot,
		  unsigned long n, bool rest)
{
	unsigned long left;
	u64 val;

again:
	if (refuses(domain, prot & DMA_PTE_WRITE))
		return -EINVAL;
	val = phys << VTD_PAGE_SHIFT | (prot & DMA_PTE_RW);
	for (left = n; left > 0; left--, pfn++, val += 1ULL << VTD_PAGE_SHIFT) {
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

		if (!pte)
			return -ENOMEM;
		pte->val = val;		/* ok PF2101 */
	}
	if (rest) {
		prot &= ~DMA_PTE_WRITE;
		rest = false;
		goto again;
	}
	return 0;
}

/* The last change of prot is followed by the guard. */
int map_again(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot, unsigned long n)
{
again:
	if (refuses(domain, prot & DMA_PTE_WRITE))
		return -EINVAL;
	if (n > 512) {
		prot &= ~DMA_PTE_WRITE;
		n = 512;
		goto again;
	}
	while (n-- > 0) {
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn++);

		if (!pte)
			return -ENOMEM;
		pte->val = phys | (prot & DMA_PTE_RW);	/* ok PF2101 */
	}
	return 0;
}

/* The guard is before the loops that take the right away. */
int map_after_loops(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot,
		    unsigned long n)
{
	if (refuses(domain, prot & DMA_PTE_WRITE))
		return -EINVAL;
	for (unsigned long left = n; left > 512; left -= 512)
		for (unsigned long k = 0; k < left; k++)
			if (k == 300)
				prot &= ~DMA_PTE_WRITE;
	return store_pages(domain, pfn, phys | (prot & DMA_PTE_RW), n);
}

/* One way jumps behind the guard. */
int map_again_behind(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot,
		     unsigned long n, bool hurry)
{
again:
	if (refuses(domain, prot & DMA_PTE_WRITE))
		return -EINVAL;
	if (n > 512) {
		prot &= ~DMA_PTE_WRITE;
		n = 512;
		if (!hurry)
			goto again;
	}
	return store_pages(domain, pfn, phys | (prot & DMA_PTE_RW), n);
}

static const int rights[4] = { 0, DMA_PTE_READ, DMA_PTE_WRITE, DMA_PTE_READ | DMA_PTE_WRITE };
static const int fewer[4] = { 0, DMA_PTE_READ, DMA_PTE_READ, DMA_PTE_READ };

int map_by_table(struct dmar_domain *domain, unsigned long pfn, u64 phys, int iommu_prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (refuses(domain, iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	if (!pte)
		return -ENOMEM;
	pte->val = phys | rights[iommu_prot & 3];	/* ok PF2101 */
	return 0;
}

int map_by_wrong_table(struct dmar_domain *domain, unsigned long pfn, u64 phys, int iommu_prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (refuses(domain, iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	if (!pte)
		return -ENOMEM;
	pte->val = phys | fewer[iommu_prot & 3];	/* PF2101: a write becomes a read */
	return 0;
}

/* Another unit may have a table in its place. */
extern const int replaced[4];
const int replaced[4] __attribute__((weak)) = { 0, DMA_PTE_READ, DMA_PTE_WRITE, DMA_PTE_RW };

int map_by_weak_table(struct dmar_domain *domain, unsigned long pfn, u64 phys, int iommu_prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (refuses(domain, iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	if (!pte)
		return -ENOMEM;
	pte->val = phys | replaced[iommu_prot & 3];	/* PF2101: whatever it holds */
	return 0;
}

extern const int declared[4] __attribute__((weak));
const int declared[4] = { 0, DMA_PTE_READ, DMA_PTE_WRITE, DMA_PTE_RW };

int map_by_weak_declaration(struct dmar_domain *domain, unsigned long pfn, u64 phys,
			    int iommu_prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (refuses(domain, iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	if (!pte)
		return -ENOMEM;
	pte->val = phys | declared[iommu_prot & 3];	/* PF2101: as much as the one above */
	return 0;
}

/* What is written at an index that is not known may be any of them. */
int map_by_changed_answers(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	bool deny[2] = { false, domain->nested_parent };

	deny[pfn & 1] = false;
	if (deny[!(prot & DMA_PTE_WRITE)])
		return -EINVAL;
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);		/* PF2101: it may be the one that counts */
	return 0;
}

int map_by_answers(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	bool deny[2] = { false, domain->nested_parent };

	if (deny[!(prot & DMA_PTE_WRITE)]) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);		/* ok PF2101 */
	return 0;
}

int map_by_swapped_answers(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	bool deny[2] = { domain->nested_parent, false };

	if (deny[!(prot & DMA_PTE_WRITE)]) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);		/* PF2101: refuses the others */
	return 0;
}

/* As on x86, where the number of the bit is not known to be constant. */
static bool bit_is_set(long nr, const volatile unsigned long *addr)
{
	bool set;

	asm volatile("btq %2,%1" : "=@ccc" (set) : "m" (*(unsigned long *)addr), "Ir" (nr)
		     : "memory");
	return set;
}

static bool test(unsigned long nr, const volatile unsigned long *addr)
{
	return bit_is_set(nr, addr);
}

int map_by_bit(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	unsigned long given = prot;

	if (!test(1, &given) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);		/* ok PF2101 */
	return 0;
}

int map_by_wrong_bit(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	unsigned long given = prot;

	if (!test(0, &given) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;
	}
	if (!pte)
		return -ENOMEM;
	pte->val = phys | (prot & DMA_PTE_RW);		/* PF2101: the read bit */
	return 0;
}

static void set_bit_of(long nr, unsigned long *addr)
{
	asm volatile("btsq %1,%0" : : "m" (*addr), "Ir" (nr) : "memory");
}

static void set(unsigned long nr, unsigned long *addr)
{
	set_bit_of(nr, addr);
}

int map_bit_by_bit(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	unsigned long taken = 0;

	if (refuses(domain, prot & DMA_PTE_WRITE))
		return -EINVAL;
	if (prot & DMA_PTE_READ)
		set(0, &taken);
	if (prot & DMA_PTE_WRITE)
		set(1, &taken);
	return store_pages(domain, pfn, phys << VTD_PAGE_SHIFT | taken, 1);	/* ok PF2101 */
}

int map_other_bit(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);
	unsigned long taken = 0;

	if (refuses(domain, prot & DMA_PTE_WRITE))
		return -EINVAL;
	if (prot & DMA_PTE_READ)
		set(0, &taken);
	if (prot & DMA_PTE_WRITE)
		set(2, &taken);
	if (pte)
		pte->val = phys << VTD_PAGE_SHIFT | taken;	/* PF2101: not the write bit */
	return 0;
}

/* ------------------------------------------------- one place, several things that are stored */

static inline void write_once(u64 *p, u64 v)
{
	*(volatile u64 *)p = v;	/* PF2101: the second of two, through the same helpers */
}

static void set_entry(u64 *p, u64 v)
{
	write_once(p, v);
}

static void clear_and_set(u64 *p, u64 leaf)
{
	set_entry(p, 0);
	set_entry(p, leaf);
}

int map_by_entry_helpers(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (!pte)
		return -ENOMEM;
	clear_and_set(&pte->val, phys << 12 | (prot & DMA_PTE_RW));
	return 0;
}

/* --------------------------------------------------------------- what does not return */

static __attribute__((noreturn)) void fill_for_ever(struct dmar_domain *domain)
{
	for (;;)
		domain->pgd->val = DMA_PTE_READ;	/* PF2101: nobody looks at what it gives back */
}

int start_filling(struct dmar_domain *domain)
{
	fill_for_ever(domain);
}

/* ------------------------------------------------- a local that is set where it is allowed */

int map_if_ok(struct dmar_domain *domain, struct dma_pte *pte, u64 phys, int prot)
{
	u64 attr;
	bool ok = false;

	if ((prot & DMA_PTE_WRITE) || !domain->nested_parent) {
		attr = prot & DMA_PTE_RW;
		ok = true;
	}
	if (!ok)
		return -EINVAL;
	pte->val = phys << 12 | attr;	/* ok PF2101 */
	return 0;
}

static bool prepare(struct dmar_domain *domain, int prot, u64 *attr)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return false;
	}
	*attr = prot & DMA_PTE_RW;
	return true;
}

int map_prepared(struct dmar_domain *domain, struct dma_pte *pte, u64 phys, int prot)
{
	u64 attr;

	if (!prepare(domain, prot, &attr))
		return -EINVAL;
	pte->val = phys << 12 | attr;	/* ok PF2101 */
	return 0;
}

int map_without_asking(struct dmar_domain *domain, struct dma_pte *pte, u64 phys, int prot)
{
	u64 attr;

	prepare(domain, prot, &attr);
	pte->val = phys << 12 | attr;	/* PF2101: what it holds then is anything */
	return 0;
}

void fill_elsewhere(u64 *p);

int map_filled_elsewhere(struct dmar_domain *domain, struct dma_pte *pte, int c)
{
	u64 attr, before;

	if (c)
		attr = DMA_PTE_RW;
	before = attr;
	fill_elsewhere(&attr);
	if (c == 5)
		attr = DMA_PTE_RW;
	if (attr == before)
		return 0;
	pte->val = DMA_PTE_READ;	/* PF2101: it need not be what it was */
	return 0;
}
