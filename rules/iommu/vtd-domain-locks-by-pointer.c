/* SPDX-License-Identifier: MIT */
/*
 * PF2110: a lock that is given back through a pointer to it, or through the record around the
 * domain, may be the one that is held. That is not seen yet: "todo".
 */
#include "vtd-example-locks.h"

struct outer { int users; struct dmar_domain domain; };
struct holder { struct dmar_domain *domain; spinlock_t *lock; };

bool more(void);
spinlock_t *lock_of(struct dmar_domain *domain);
struct dmar_domain *find_domain(int id);
struct outer *find_outer(int id);

void locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void unlocked(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* PF2110: no lock */
}

/* ------------------------------------------------------------ by a pointer to a lock */

void by_another_unit(struct dmar_domain *domain)
{
	spinlock_t *lock = lock_of(domain);

	spin_lock(&domain->lock);
	spin_unlock(lock);
	domain->force_snooping = true;	/* todo PF2110: it may be given back */
}

void by_a_field(struct holder *h)
{
	spin_lock(&h->domain->lock);
	spin_unlock(h->lock);
	h->domain->force_snooping = true;	/* todo PF2110: it may be given back */
}

/* What it was taken by is read again: nobody would say that it is still held. */
void by_a_field_again(struct holder *h, struct dmar_domain *domain)
{
	h->lock = &domain->lock;
	spin_lock(h->lock);
	more();
	spin_unlock(h->lock);
	domain->force_snooping = true;	/* todo PF2110: it was given back */
}

/* ------------------------------------------------- by the record around the domain */

void outer_by_domain(struct outer *o)
{
	spin_lock(&o->domain.lock);
	spin_unlock(&find_domain(1)->lock);
	o->domain.dirty_tracking = true;	/* todo PF2110: it may be this one */
}

void domain_by_outer(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&find_outer(1)->domain.lock);
	domain->dirty_tracking = true;	/* todo PF2110: it may be this one */
}
