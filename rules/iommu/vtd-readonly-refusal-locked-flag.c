/* SPDX-License-Identifier: MIT */
/*
 * PF2106: the mapping path of the design that has a flag for nested domains.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#include "vtd-example.h"

/* not-applicable PF2104 */

int map_silent(struct dmar_domain *domain, int prot)
{
	unsigned long flags;
	int ret = 0;

	if ((prot & DMA_PTE_WRITE) || domain->read_only_mapped)
		return 0;
	spin_lock_irqsave(&domain->lock, flags);
	if (domain->set_nested)
		ret = -EINVAL;
	else
		domain->read_only_mapped = true;
	spin_unlock_irqrestore(&domain->lock, flags);
	return ret;	/* PF2106: nothing is printed */
}

int map_reported(struct dmar_domain *domain, int prot)
{
	unsigned long flags;

	if ((prot & DMA_PTE_WRITE) || domain->read_only_mapped)
		return 0;
	spin_lock_irqsave(&domain->lock, flags);
	if (domain->set_nested) {
		spin_unlock_irqrestore(&domain->lock, flags);
		pr_err_once("read-only mapping on a parent\n");
		return -EINVAL;	/* ok PF2106 */
	}
	domain->read_only_mapped = true;
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}
