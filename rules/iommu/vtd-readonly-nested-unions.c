/* SPDX-License-Identifier: MIT */
/* Entries in a union whose other arm has holes: a copy of the record copies these too. */
#include "vtd-example.h"

struct late { union { struct { u64 : 64; u64 second; }; u64 first; }; };
struct half { union { struct { u32 lock; u64 behind; }; u64 val; }; u64 next; };
struct deep { int n; struct { union { struct { u8 a; u32 b; }; struct { u64 val; u64 more; }; }; }; };

void behind(struct dmar_domain *domain, int prot)
{
	struct late x, y;

	x.first = DMA_PTE_RW;
	y.first = prot & DMA_PTE_RW;
	x = y;
	domain->pgd->val = x.first;	/* PF2101: read-only entry */
}

int copied(struct dmar_domain *domain, u64 prot)
{
	struct half x = { .val = prot }, y;

	if (!(x.val & DMA_PTE_WRITE) && domain->nested_parent)
		return -EINVAL;
	y = x;
	domain->pgd->val = y.val;	/* ok PF2101 */
	return 0;
}

int copied_deep(struct dmar_domain *domain, u64 prot)
{
	struct deep x = { .val = DMA_PTE_RW }, y;

	y = x;
	domain->pgd[0].val = y.val | prot;	/* ok PF2101 */
	x.val = prot << 40;
	y = x;
	domain->pgd[0].val = y.val | DMA_PTE_RW;	/* ok PF2101 */
	domain->pgd[1].val = y.val;	/* ok PF2101 */
	domain->pgd[2].val = y.val >> 40;	/* PF2101: the upper half was copied as well */
	return 0;
}
