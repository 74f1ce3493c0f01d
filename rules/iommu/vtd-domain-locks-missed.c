/* SPDX-License-Identifier: MIT */
/* What is known to be judged wrongly of the locks of a domain ("fixme": found, and right). */
#include "vtd-example-locks.h"

void locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void unlocked(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* PF2110: without it */
}

/* The address of a member is not 0; that is known only once something was read there. */
void lock_or_none(struct dmar_domain *domain, bool need)
{
	spinlock_t *lock = need ? &domain->lock : NULL;

	if (lock)
		spin_lock(lock);
	if (need)
		domain->dirty_tracking = true;	/* fixme PF2110: it is held then */
	if (lock)
		spin_unlock(lock);
}

/* Who is given to a function of the unit that calls it, and to nobody else, is no entry point. */
static void with_lock(struct dmar_domain *domain, void (*fn)(struct dmar_domain *domain))
{
	spin_lock(&domain->lock);
	fn(domain);
	spin_unlock(&domain->lock);
}

static void set_it(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* fixme PF2110: under with_lock() only */
}

void by_callback(struct dmar_domain *domain)
{
	with_lock(domain, set_it);
}
