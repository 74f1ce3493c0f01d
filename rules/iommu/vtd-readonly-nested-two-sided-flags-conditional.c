/* SPDX-License-Identifier: MIT */
/*
 * PF2119 (PF2118 likewise): the other side is looked at only where it matters.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2118 */

int map_by_condition(struct dmar_domain *domain, int prot)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if (read_only && domain->set_nested)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* fixme PF2119: it is safe */
	return 0;
}

/* The same with the conditions in the other order is not flagged. */
int map_by_condition_swapped(struct dmar_domain *domain, int prot)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if (domain->set_nested && read_only)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	return 0;
}

int map_assigned(struct dmar_domain *domain, int prot)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if (read_only && domain->set_nested)
		return -EINVAL;
	domain->read_only_mapped |= read_only;	/* fixme PF2119: it is safe */
	return 0;
}

/* One function for both sides. */
int enter(struct dmar_domain *domain, bool read_only)
{
	guard(&domain->lock);
	if (read_only ? domain->set_nested : domain->read_only_mapped)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* fixme PF2119: it is safe */
	else
		domain->set_nested = true;	/* fixme PF2119: it is safe */
	return 0;
}

int unguarded(struct dmar_domain *domain)
{
	guard(&domain->lock);
	domain->read_only_mapped = true;	/* PF2119: nobody asks */
	return 0;
}
