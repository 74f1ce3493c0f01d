/* SPDX-License-Identifier: MIT */
/* Members whose declarations name the lock that guards them. */
#define dmar_domain dmar_domain_without_declarations
#include "vtd-example-locks.h"
#undef dmar_domain

#define context_unsafe(...)	({ __VA_ARGS__; })
#define data_race(x)		({ (x); })
#define __context_unsafe(why)	__no_context_analysis

spinlock_t users_lock;

struct group {
	spinlock_t lock;
};

struct dmar_domain {
	spinlock_t lock;
	struct group own;
	struct group *group;
	spinlock_t *given;
	unsigned long users __guarded_by(&lock);
	unsigned long in_own __guarded_by(&own.lock);
	unsigned long in_group __guarded_by(&group->lock);
	unsigned long by_pointer __guarded_by(given);
	unsigned long by_variable __guarded_by(&users_lock);
	unsigned long by_two __guarded_by(&lock, &group->lock);
	struct list_head list __guarded_by(&(lock));
	unsigned long free;
	unsigned int first:1 __guarded_by(&lock);
	unsigned int second:1;
};

/* ------------------------------------------------------------ a lock of the object */

void locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->users++;	/* ok PF2125 */
	spin_unlock(&domain->lock);
}

void unlocked(struct dmar_domain *domain)
{
	domain->users++;	/* PF2125: not under it */
}

unsigned long looked_at(struct dmar_domain *domain)
{
	return domain->users;	/* PF2125: not under it */
}

unsigned long looked_at_locked(struct dmar_domain *domain)
{
	guard(&domain->lock);
	return domain->users;	/* ok PF2125 */
}

void of_another(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&other->lock);
	domain->users++;	/* PF2125: not under it */
	spin_unlock(&other->lock);
}

void too_late(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->free++;
	spin_unlock(&domain->lock);
	domain->users--;	/* PF2125: not under it */
}

void not_declared(struct dmar_domain *domain)
{
	domain->free++;		/* ok PF2125 */
	domain->second = 1;	/* ok PF2125 */
}

void one_bit(struct dmar_domain *domain)
{
	domain->first = 1;	/* PF2125: not under it */
}

void put_in(struct dmar_domain *domain, struct device_info *info)
{
	list_add(&info->link, &domain->list);	/* PF2125: not under it */
}

void put_in_locked(struct dmar_domain *domain, struct device_info *info)
{
	spin_lock(&domain->lock);
	list_add(&info->link, &domain->list);	/* ok PF2125 */
	spin_unlock(&domain->lock);
}

static void helper(struct dmar_domain *domain)
{
	domain->users++;	/* ok PF2125: its caller holds it */
}

void by_helper(struct dmar_domain *domain)
{
	guard(&domain->lock);
	helper(domain);
}

static void helper_of_two(struct dmar_domain *domain)
{
	domain->users = 0;	/* PF2125: one of its callers does not */
}

void with_it(struct dmar_domain *domain)
{
	guard(&domain->lock);
	helper_of_two(domain);
}

void without_it(struct dmar_domain *domain)
{
	helper_of_two(domain);
}

static void helper_that_does_not_say_so(struct dmar_domain *domain)
{
	domain->users = 0;	/* PF2125: its caller excepts what it does itself */
}

struct dmar_domain *fresh(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (domain)
		domain->users = 1;	/* ok PF2125: nobody knows it yet */
	return domain;
}

/* ------------------------------------------------------------------ said to be meant */

unsigned long for_a_trace(struct dmar_domain *domain)
{
	return data_race(domain->users);	/* ok PF2125 */
}

void of_nobody(struct dmar_domain *domain)
{
	context_unsafe(
		domain->users = 0;		/* ok PF2125 */
	);
	domain->users++;	/* PF2125: behind it */
}

void first_use(struct dmar_domain *domain)
	__context_unsafe(/* not attached yet */)
{
	domain->users = 0;	/* ok PF2125 */
	helper_that_does_not_say_so(domain);
}

/* ------------------------------------------------------------------ other places */

void inside(struct dmar_domain *domain)
{
	spin_lock(&domain->own.lock);
	domain->in_own++;	/* ok PF2125 */
	spin_unlock(&domain->own.lock);
}

void not_inside(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->in_own++;	/* PF2125: that is another lock */
	spin_unlock(&domain->lock);
}

void behind(struct dmar_domain *domain)
{
	spin_lock(&domain->group->lock);
	domain->in_group++;	/* ok PF2125 */
	spin_unlock(&domain->group->lock);
}

void not_behind(struct dmar_domain *domain)
{
	spin_lock(&domain->own.lock);
	domain->in_group++;	/* PF2125: not under it */
	spin_unlock(&domain->own.lock);
}

void what_it_points_to(struct dmar_domain *domain)
{
	spin_lock(domain->given);
	domain->by_pointer++;	/* ok PF2125 */
	spin_unlock(domain->given);
}

void not_what_it_points_to(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->by_pointer++;	/* PF2125: not under it */
	spin_unlock(&domain->lock);
}

void variable(struct dmar_domain *domain)
{
	spin_lock(&users_lock);
	domain->by_variable++;	/* ok PF2125 */
	spin_unlock(&users_lock);
}

void not_the_variable(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->by_variable++;	/* PF2125: not under it */
	spin_unlock(&domain->lock);
}

/* ---------------------------------------------------------------------- two locks */

void both(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_lock(&domain->group->lock);
	domain->by_two++;	/* ok PF2125 */
	spin_unlock(&domain->group->lock);
	spin_unlock(&domain->lock);
}

void the_first_only(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->by_two = 1;	/* PF2125: a write needs both */
	spin_unlock(&domain->lock);
}

void the_second_only(struct dmar_domain *domain)
{
	spin_lock(&domain->group->lock);
	domain->by_two = 1;	/* PF2125: not under it */
	spin_unlock(&domain->group->lock);
}

unsigned long one_to_read(struct dmar_domain *domain)
{
	unsigned long n;

	spin_lock(&domain->group->lock);
	n = domain->by_two;	/* ok PF2125 */
	spin_unlock(&domain->group->lock);
	return n;
}

unsigned long none_to_read(struct dmar_domain *domain)
{
	unsigned long n;

	spin_lock(&domain->own.lock);
	n = domain->by_two;	/* PF2125: not under it */
	spin_unlock(&domain->own.lock);
	return n;
}
