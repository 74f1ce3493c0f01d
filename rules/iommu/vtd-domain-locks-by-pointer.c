/* SPDX-License-Identifier: MIT */
/*
 * PF2110: a lock that is given back through a pointer to it, or through the record around the
 * domain, may be the one that is held: what follows is for review.
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
	domain->force_snooping = true;	/* review PF2110: it may be given back */
}

void by_a_field(struct holder *h)
{
	spin_lock(&h->domain->lock);
	spin_unlock(h->lock);
	h->domain->force_snooping = true;	/* review PF2110: it may be given back */
}

/* What it was taken by is read again: nobody would say that it is still held. */
void by_a_field_again(struct holder *h, struct dmar_domain *domain)
{
	h->lock = &domain->lock;
	spin_lock(h->lock);
	more();
	spin_unlock(h->lock);
	domain->force_snooping = true;	/* review PF2110: it was given back */
}

/* ------------------------------------------------- by the record around the domain */

void outer_by_domain(struct outer *o)
{
	spin_lock(&o->domain.lock);
	spin_unlock(&find_domain(1)->lock);
	o->domain.dirty_tracking = true;	/* review PF2110: it may be this one */
}

void domain_by_outer(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&find_outer(1)->domain.lock);
	domain->dirty_tracking = true;	/* review PF2110: it may be this one */
}

/* Two records deep, in an array, and of a union's arm. */
struct rack { int n; struct outer slot[4]; };
struct mixed { int kind; union { struct outer outer; struct cache_tag tag; } u; };

struct rack *find_rack(int id);
struct mixed *find_mixed(int id);

void domain_by_rack(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&find_rack(1)->slot[2].domain.lock);
	domain->dirty_tracking = true;	/* review PF2110: it may be this one */
}

void rack_by_outer(struct rack *rack, struct outer *o)
{
	spin_lock(&rack->slot[1].domain.lock);
	spin_unlock(&o->domain.lock);
	rack->slot[1].domain.dirty_tracking = true;	/* review PF2110: it may be this one */
}

void domain_by_union(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&find_mixed(1)->u.outer.domain.lock);
	domain->dirty_tracking = true;	/* review PF2110: it may be this one */
}

/* The second of what is behind the pointer may be the domain. */
void domain_by_the_next(struct dmar_domain *domain, struct outer *all)
{
	spin_lock(&domain->lock);
	spin_unlock(&all[1].domain.lock);
	domain->dirty_tracking = true;	/* review PF2110: it may be this one */
}

/* By what is known to be in the domain. */
struct iommu_domain *find_member(int id);

void domain_by_member(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&to_dmar_domain(find_member(1))->lock);
	domain->dirty_tracking = true;	/* review PF2110: it may be this one */
}

/* --------------------------------------------------------------- by a helper */

static void give_by_pointer(spinlock_t *lock)
{
	spin_unlock(lock);
}

void helper_gives_it(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	give_by_pointer(&domain->lock);
	domain->force_snooping = true;	/* PF2110: it was given back */
}

void helper_gives_a_field(struct holder *h, struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	give_by_pointer(h->lock);
	domain->force_snooping = true;	/* review PF2110: it may be given back */
}

/* It holds nothing itself. */
static void give_and_write(struct holder *h, struct dmar_domain *domain)
{
	spin_unlock(h->lock);
	domain->force_snooping = true;	/* review PF2110: it may be given back */
}

void calls_give_and_write(struct holder *h, struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	give_and_write(h, domain);
}

static void give_outer_and_write(struct dmar_domain *domain)
{
	spin_unlock(&find_outer(2)->domain.lock);
	domain->force_snooping = true;	/* review PF2110: it may be given back */
}

void calls_give_outer(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	give_outer_and_write(domain);
}

static void give_another_and_write(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_unlock(&other->lock);
	domain->force_snooping = true;	/* review PF2110: other may be the domain */
}

void calls_give_another(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&domain->lock);
	give_another_and_write(domain, other);
}

/* ------------------------------------------------------------ it is another lock */

struct fence { struct mutex mutex; spinlock_t lock; int n; };
static spinlock_t tables_lock;
static struct dmar_domain the_domain;
static struct outer the_outer;

struct fence *find_fence(int id);
struct mutex *find_mutex(int id);

/* A lock of another type, and one of a record that has no domain. */
void of_another_type(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	mutex_unlock(find_mutex(1));
	spin_unlock(&find_fence(1)->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* A global lock is in no domain. */
void of_the_file(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&tables_lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* An object of the file is not in another object of the file. */
void of_two_objects(void)
{
	spin_lock(&the_domain.lock);
	spin_unlock(&the_outer.domain.lock);
	the_domain.dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&the_domain.lock);
}

/* But a pointer to a domain may lead into it. */
void of_an_object(struct dmar_domain *domain)
{
	spin_lock(&the_outer.domain.lock);
	spin_unlock(&domain->lock);
	the_outer.domain.dirty_tracking = true;	/* review PF2110: it may be this one */
}
