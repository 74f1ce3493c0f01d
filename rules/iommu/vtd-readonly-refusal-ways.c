/* SPDX-License-Identifier: MIT */
/*
 * PF2102 where there are more ways through the function than are kept apart:
 * the silent one is not taken for one that prints.
 */
#include "vtd-example-locks.h"

int map_among_many(struct dmar_domain *domain, int prot, int how, spinlock_t *a, spinlock_t *b,
		   spinlock_t *c)
{
	if (how & 1)
		spin_lock(a);
	if (how & 2)
		spin_lock(b);
	if (how & 4)
		spin_lock(c);
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		if (how & 8)
			pr_err_ratelimited("read-only mapping of a nesting parent\n");
		else
			how++;
		return -EINVAL;	/* PF2102: the half of them is silent */
	}
	return 0;
}

int map_among_many_loud(struct dmar_domain *domain, int prot, int how, spinlock_t *a,
			spinlock_t *b, spinlock_t *c)
{
	if (how & 1)
		spin_lock(a);
	if (how & 2)
		spin_lock(b);
	if (how & 4)
		spin_lock(c);
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
		if (how & 8)
			pr_err_ratelimited("read-only mapping of a nesting parent\n");
		else
			pr_err_once("read-only mapping of a nesting parent\n");
		return -EINVAL;	/* ok PF2102 */
	}
	return 0;
}

/* A caller that holds what it took in an earlier round, or gave it back. */
int map_in_rounds(struct dmar_domain *domain, int prot, int n, const int *how, spinlock_t *a,
		  spinlock_t *b, spinlock_t *c, spinlock_t *d)
{
	int i;

	for (i = 0; i < n; i++) {
		if (how[i] & 1)
			spin_lock(a);
		if (how[i] & 2)
			spin_lock(b);
		if (how[i] & 4)
			spin_unlock(c);
		if (how[i] & 8)
			spin_unlock(d);
		if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
			return -EINVAL;	/* PF2102: in whatever round */
		n -= how[i] & prot;
	}
	return 0;
}
