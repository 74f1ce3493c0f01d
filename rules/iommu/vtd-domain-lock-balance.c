/* SPDX-License-Identifier: MIT */
/*
 * PF2135: a function leaves the locks of a domain as it found them.
 */
#include "vtd-example-locks.h"

int attach(struct dmar_domain *domain, struct list_head *link)
{
	spin_lock(&domain->lock);	/* ok PF2135 */
	list_add(link, &domain->devices);
	spin_unlock(&domain->lock);
	return 0;
}

int attach_unless_used(struct dmar_domain *domain, struct list_head *link)
{
	spin_lock(&domain->lock);	/* PF2135: kept where it fails */
	if (domain->dirty_tracking)
		return -EINVAL;
	list_add(link, &domain->devices);
	spin_unlock(&domain->lock);
	return 0;
}

int attach_unless_used_guarded(struct dmar_domain *domain, struct list_head *link)
{
	guard(&domain->lock);
	if (domain->dirty_tracking)
		return -EINVAL;
	list_add(link, &domain->devices);	/* ok PF2135 */
	return 0;
}

void flush_twice(struct dmar_domain *domain)
{
	spin_lock(&domain->cache_lock);
	spin_lock(&domain->cache_lock);	/* PF2135: it is held already */
	spin_unlock(&domain->cache_lock);
	spin_unlock(&domain->cache_lock);
}

/* Another object's lock is not this rule's. */
int open_mutex(struct mutex *mutex, bool fails)
{
	mutex_lock(mutex);	/* ok PF2135 */
	if (fails)
		return -EINVAL;
	mutex_unlock(mutex);
	return 0;
}
