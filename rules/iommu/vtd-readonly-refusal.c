/* SPDX-License-Identifier: MIT */
/*
 * PF2102: a refusal of a read-only mapping says so, once or rate limited.
 */
#include "vtd-example.h"

int map_silent(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;	/* PF2102: nothing is printed */
	return 0;
}

int map_flooding(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err("read-only mapping on a parent\n");
		return -EINVAL;	/* PF2102: no limit */
	}
	return 0;
}

/* The message is on the way of the success. */
int map_wrong_place(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;	/* PF2102: printed elsewhere */
	pr_err_once("mapping on a domain\n");
	return 0;
}

/* One of two ways is silent. */
int map_half_silent(struct dmar_domain *domain, int prot, bool verbose)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		if (verbose)
			pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;	/* PF2102: silent unless verbose */
	}
	return 0;
}

int map_goto_silent(struct dmar_domain *domain, int prot)
{
	int ret = 0;

	if (domain->nested_parent && !(prot & DMA_PTE_WRITE)) {
		ret = -EINVAL;
		goto out;
	}
out:
	return ret;	/* PF2102: by the label */
}

int map_ratelimited(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;	/* ok PF2102 */
	}
	return 0;
}

int map_once(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_once("read-only mapping on a parent\n");
		return -EINVAL;	/* ok PF2102 */
	}
	return 0;
}

static void complain(void)
{
	pr_err_once("read-only mapping on a parent\n");
}

int map_helper_prints(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		complain();
		return -EINVAL;	/* ok PF2102 */
	}
	return 0;
}

static int check(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;	/* ok PF2102: the only caller prints */
	return 0;
}

int map_caller_prints(struct dmar_domain *domain, int prot)
{
	int ret = check(domain, prot);

	if (ret) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return ret;	/* ok PF2102 */
	}
	return 0;
}

struct iommu_domain *nested_alloc(struct dmar_domain *s2_domain)
{
	if (!s2_domain->nested_parent)
		return ERR_PTR(-EINVAL);	/* ok PF2102: not a parent is another reason */
	return &s2_domain->domain;
}

/* An error for another reason, in a function that has the guard. */
int map_no_memory(struct dmar_domain *domain, unsigned long pfn, u64 phys, int prot)
{
	struct dma_pte *pte;

	if (!(prot & DMA_PTE_RW))
		return -EINVAL;	/* ok PF2102 */
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		pr_err_ratelimited("read-only mapping on a parent\n");
		return -EINVAL;	/* ok PF2102 */
	}
	pte = pfn_to_dma_pte(domain, pfn);
	if (!pte)
		return -ENOMEM;	/* ok PF2102 */
	pte->val = phys | (prot & DMA_PTE_RW);
	return 0;
}

/* A parent that has another reason to say no. */
int set_dirty_tracking(struct dmar_domain *domain, bool enable)
{
	if (domain->nested_parent && !domain->s2_domain)
		return -EINVAL;	/* ok PF2102 */
	domain->dirty_tracking = enable;
	return 0;
}
