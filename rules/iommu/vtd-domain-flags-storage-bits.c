/* SPDX-License-Identifier: MIT */
/*
 * PF2116 for version 4 of the patches, which has its two marks as bit-fields in
 * the run of the other flags. They are written under the lock, has_mappings is
 * not: it can undo a mark.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#define VTD_FLAGS_IN_BITS
#include "vtd-example-locks.h"

int map(struct dmar_domain *domain, int prot)
{
	if (!(prot & DMA_PTE_WRITE)) {
		guard(&domain->lock);
		if (domain->set_nested)
			return -EINVAL;
		domain->read_only_mapped = true;	/* ok PF2116 */
	}
	domain->has_mappings = true;	/* PF2116: can undo both marks */
	return 0;
}

int nest(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	if (s2_domain->read_only_mapped)
		return -EINVAL;
	s2_domain->set_nested = true;	/* ok PF2116 */
	return 0;
}
