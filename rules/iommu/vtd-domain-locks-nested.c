/* SPDX-License-Identifier: MIT */
/*
 * PF2114, PF2115: the list of the domains that are nested on a parent. Both its
 * head and its entries are used under the parent's s1_lock, which lies in the arm
 * of a union that only a parent has.
 */
#include "vtd-example-locks.h"

struct iommu_domain *alloc_nested(struct dmar_domain *s2_domain)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->s2_domain = s2_domain;
	spin_lock(&s2_domain->s1_lock);
	list_add(&domain->s2_link, &s2_domain->s1_domains);	/* ok PF2114 */
	spin_unlock(&s2_domain->s1_lock);
	return &domain->domain;
}

void free_nested(struct iommu_domain *d)
{
	struct dmar_domain *domain = to_dmar_domain(d);
	struct dmar_domain *s2_domain = domain->s2_domain;

	spin_lock(&s2_domain->s1_lock);
	list_del(&domain->s2_link);	/* ok PF2115 */
	spin_unlock(&s2_domain->s1_lock);
	kfree(domain);
}

/* It goes on to live elsewhere. */
void leave_parent(struct dmar_domain *domain)
{
	spin_lock(&domain->s2_domain->s1_lock);
	list_del(&domain->s2_link);	/* ok PF2115 */
	spin_unlock(&domain->s2_domain->s1_lock);
}

struct iommu_domain *alloc_parent(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->nested_parent = true;
	INIT_LIST_HEAD(&domain->s1_domains);	/* ok PF2114 */
	spin_lock_init(&domain->s1_lock);
	return &domain->domain;
}

void track_nested(struct dmar_domain *domain, bool enable)
{
	struct dmar_domain *s1_domain;

	spin_lock(&domain->s1_lock);
	list_for_each_entry(s1_domain, &domain->s1_domains, s2_link) {	/* ok PF2114 */
		spin_lock(&s1_domain->lock);
		s1_domain->dirty_tracking = enable;
		spin_unlock(&s1_domain->lock);
	}
	spin_unlock(&domain->s1_lock);
}

void track_nested_unlocked(struct dmar_domain *domain, bool enable)
{
	struct dmar_domain *s1_domain;

	list_for_each_entry(s1_domain, &domain->s1_domains, s2_link) {	/* PF2114: no lock */
		spin_lock(&s1_domain->lock);
		s1_domain->dirty_tracking = enable;
		spin_unlock(&s1_domain->lock);
	}
}

void enter_unlocked(struct dmar_domain *domain, struct dmar_domain *s2_domain)
{
	/* Neither end is locked. */
	list_add(&domain->s2_link, &s2_domain->s1_domains);	/* PF2114: head */ /* PF2115: entry */
}

void enter_lock_of_child(struct dmar_domain *domain, struct dmar_domain *s2_domain)
{
	spin_lock(&domain->s1_lock);
	/* Not the parent's lock. */
	list_add(&domain->s2_link, &s2_domain->s1_domains);	/* PF2114: head */ /* PF2115: entry */
	spin_unlock(&domain->s1_lock);
}

void leave_unlocked(struct dmar_domain *domain)
{
	list_del(&domain->s2_link);	/* PF2115: no lock */
}

/* Its own s1_lock is other data: a nested domain has the other arm of the union. */
void reset_link_own_lock(struct dmar_domain *domain)
{
	spin_lock(&domain->s1_lock);
	INIT_LIST_HEAD(&domain->s2_link);	/* PF2115: not the parent's lock */
	spin_unlock(&domain->s1_lock);
}

void reset_link_other_parent(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&other->s1_lock);
	INIT_LIST_HEAD(&domain->s2_link);	/* review PF2115: a second parent's? */
	spin_unlock(&other->s1_lock);
}
