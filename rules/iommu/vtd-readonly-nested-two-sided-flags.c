/* SPDX-License-Identifier: MIT */
/*
 * PF2119: the two sides of version 4 of the patches, which has a flag that says
 * that the domain was nested on.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2118 */

int map(struct dmar_domain *domain, int prot)
{
	unsigned long flags;

	if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped) {
		spin_lock_irqsave(&domain->lock, flags);
		if (domain->set_nested) {
			spin_unlock_irqrestore(&domain->lock, flags);
			pr_err_ratelimited("read-only mapping on a parent\n");
			return -EINVAL;
		}
		domain->read_only_mapped = true;	/* ok PF2119 */
		spin_unlock_irqrestore(&domain->lock, flags);
	}
	return 0;
}

int nest(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;
	unsigned long flags;

	spin_lock_irqsave(&s2_domain->lock, flags);
	if (s2_domain->read_only_mapped) {
		spin_unlock_irqrestore(&s2_domain->lock, flags);
		pr_err_ratelimited("read-only mappings on a new parent\n");
		return -EINVAL;
	}
	s2_domain->set_nested = true;	/* ok PF2119 */
	spin_unlock_irqrestore(&s2_domain->lock, flags);
	return 0;
}

int nest_scoped(struct dmar_domain *s2_domain)
{
	scoped_guard(&s2_domain->lock) {
		if (s2_domain->read_only_mapped)
			return -EINVAL;
		s2_domain->set_nested = true;	/* ok PF2119 */
	}
	return 0;
}

/* Before the lock a flag that only rises may say that all is done already. */
int nest_again(struct dmar_domain *s2_domain)
{
	if (s2_domain->set_nested)
		return 0;
	spin_lock(&s2_domain->lock);
	if (!s2_domain->read_only_mapped)
		s2_domain->set_nested = true;	/* ok PF2119 */
	spin_unlock(&s2_domain->lock);
	return s2_domain->set_nested ? 0 : -EINVAL;
}

int nest_marks_after(struct dmar_domain *s2_domain)
{
	spin_lock(&s2_domain->lock);
	if (s2_domain->read_only_mapped) {
		spin_unlock(&s2_domain->lock);
		return -EINVAL;
	}
	spin_unlock(&s2_domain->lock);
	s2_domain->set_nested = true;	/* PF2119: the lock is gone */
	return 0;
}

int nest_other_lock(struct dmar_domain *s2_domain)
{
	spin_lock(&s2_domain->s1_lock);
	if (!s2_domain->read_only_mapped)
		s2_domain->set_nested = true;	/* PF2119: not this lock */
	spin_unlock(&s2_domain->s1_lock);
	return 0;
}

int nest_marks_itself(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;

	spin_lock(&s2_domain->lock);
	if (!s2_domain->read_only_mapped)
		domain->set_nested = true;	/* PF2119: not the parent */
	spin_unlock(&s2_domain->lock);
	return 0;
}

int map_looks_at_wrong_flag(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	if (!domain->nested_parent)
		domain->read_only_mapped = true;	/* PF2119: another flag */
	spin_unlock(&domain->lock);
	return 0;
}

int map_unlocks_on_one_way(struct dmar_domain *domain, bool fast)
{
	spin_lock(&domain->lock);
	if (domain->set_nested) {
		spin_unlock(&domain->lock);
		return -EINVAL;
	}
	if (fast)
		spin_unlock(&domain->lock);
	domain->read_only_mapped = true;	/* PF2119: unlocked if fast */
	if (!fast)
		spin_unlock(&domain->lock);
	return 0;
}
