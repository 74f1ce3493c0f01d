/* SPDX-License-Identifier: MIT */
/* Entries that are elements of a vector. */
#include "vtd-example.h"

typedef u64 two_entries __attribute__((vector_size(16)));
typedef u32 four_words __attribute__((vector_size(16)));

void element(struct dmar_domain *domain, u64 prot)
{
	two_entries both;

	both[0] = prot & DMA_PTE_RW;
	both[1] = DMA_PTE_RW;
	domain->pgd[1].val = both[1];	/* ok PF2101 */
	domain->pgd[0].val = both[0];	/* PF2101: read-only entry */
}

int guarded(struct dmar_domain *domain, u64 prot)
{
	two_entries both;

	both[0] = prot & DMA_PTE_RW;
	if (domain->nested_parent && !(both[0] & DMA_PTE_WRITE))
		return -EINVAL;
	domain->pgd[0].val = both[0];	/* ok PF2101 */
	return 0;
}

void given(struct dmar_domain *domain, four_words v, int i)
{
	domain->pgd->val = v[i];	/* PF2101: read-only entry */
}

void of_a_sum(struct dmar_domain *domain, two_entries a, two_entries b)
{
	domain->pgd->val = (a + b)[1] | DMA_PTE_WRITE;	/* ok PF2101 */
	domain->pgd->val = (a + b)[1];	/* PF2101: read-only entry */
}

void stored_as_one(struct dmar_domain *domain, two_entries v)
{
	*(two_entries *)domain->pgd = v;	/* PF2101: read-only entry */
}
