/* SPDX-License-Identifier: MIT */
/* The role of a domain is a bit of a word: no rule knows it, and one has to say so. */
typedef unsigned long long u64;
#define DMA_PTE_READ	1ULL
#define DMA_PTE_WRITE	2ULL
struct dma_pte { u64 val; };
struct dmar_domain { unsigned long flags; struct dma_pte *pgd; struct dmar_domain *s2_domain; };
enum { DOMAIN_NESTED_PARENT };

void map(struct dmar_domain *domain, int prot)
{
	domain->pgd->val = prot & (DMA_PTE_READ | DMA_PTE_WRITE);
}

void make_parent(struct dmar_domain *domain)
{
	domain->flags |= 1ul << DOMAIN_NESTED_PARENT;
}

/* incomplete PF2101: 'struct dmar_domain.nested_parent' was not found */
