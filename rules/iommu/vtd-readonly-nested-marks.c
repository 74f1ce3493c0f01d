/* SPDX-License-Identifier: MIT */
/*
 * PF2123: the marks of version 3 of the patches are written under the lock.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2124 */

int map(struct dmar_domain *domain)
{
	if (domain->read_only_mapped)	/* ok PF2123 */
		return 0;
	guard(&domain->lock);
	if (domain->nested_users > 0)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2123 */
	return 0;
}

int nest(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;
	int ret = 0;

	spin_lock(&s2_domain->lock);
	if (s2_domain->read_only_mapped)
		ret = -EINVAL;
	else
		s2_domain->nested_users++;	/* ok PF2123 */
	spin_unlock(&s2_domain->lock);
	return ret;
}

void unnest(struct dmar_domain *domain)
{
	domain->s2_domain->nested_users--;	/* PF2123: no lock */
	kfree(domain);
}

void map_unlocked(struct dmar_domain *domain)
{
	WRITE_ONCE(domain->read_only_mapped, true);	/* PF2123: no lock */
}

/* The lock of the nested domain, where the parent's is meant. */
void nest_lock_of_child(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->s2_domain->nested_users++;	/* PF2123: not the parent's */
	spin_unlock(&domain->lock);
}

int map_early_return(struct dmar_domain *domain, bool quick)
{
	spin_lock(&domain->lock);
	if (quick)
		goto out;
	spin_unlock(&domain->lock);
	domain->read_only_mapped = true;	/* PF2123: the lock is gone */
	return 0;
out:
	spin_unlock(&domain->lock);
	return -EINVAL;
}
