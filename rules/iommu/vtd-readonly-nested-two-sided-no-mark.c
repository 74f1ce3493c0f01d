/* SPDX-License-Identifier: MIT */
/* Read-only mappings are recorded, and by what name a domain has nested users is not known. */
typedef unsigned long long u64;
#define DMA_PTE_READ	1ULL
#define DMA_PTE_WRITE	2ULL
struct spinlock { int held; };
struct dma_pte { u64 val; };
struct dmar_domain {
	struct spinlock lock;
	_Bool read_only_mapped;
	unsigned int children;
	struct dma_pte *pgd;
	struct dmar_domain *s2_domain;
};

void map(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && !domain->children)
		domain->read_only_mapped = 1;
	domain->pgd->val = prot & (DMA_PTE_READ | DMA_PTE_WRITE);
}

/* incomplete PF2119: 'struct dmar_domain.set_nested' was not found */
