/* SPDX-License-Identifier: MIT */
/*
 * PF2124: the marks of version 4 of the patches are written under the lock.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#define VTD_FLAGS_IN_BITS
#include "vtd-example-locks.h"

/* not-applicable PF2123 */

int nest(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	if (s2_domain->read_only_mapped)
		return -EINVAL;
	s2_domain->set_nested = true;	/* ok PF2124 */
	return 0;
}

int nest_unlocked(struct dmar_domain *s2_domain)
{
	if (s2_domain->read_only_mapped)
		return -EINVAL;
	s2_domain->set_nested = true;	/* PF2124: no lock */
	return 0;
}

int map_cache_lock(struct dmar_domain *domain)
{
	guard(&domain->cache_lock);
	domain->read_only_mapped = true;	/* PF2124: not this lock */
	return 0;
}
