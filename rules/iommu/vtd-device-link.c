/* SPDX-License-Identifier: MIT */
/* PF2136, with what the driver stores of a device's domain. */
#include "vtd-example.h"
#include "include/locks.h"

struct device_domain_info {
	struct list_head link;
	struct dmar_domain *domain;
	bool domain_attached;
};

/* ------------------------------------------------------------------ under the lock */

void attach(struct device_domain_info *info, struct dmar_domain *domain)
{
	unsigned long flags;

	info->domain = domain;
	spin_lock_irqsave(&domain->lock, flags);
	list_add(&info->link, &domain->devices);	/* ok PF2136 */
	spin_unlock_irqrestore(&domain->lock, flags);
}

/* What is stored meanwhile says that the lock that was taken is the right one. */
void attach_locked_first(struct device_domain_info *info, struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	info->domain = domain;
	list_add(&info->link, &domain->devices);	/* ok PF2136 */
	spin_unlock(&domain->lock);
}

void detach(struct device_domain_info *info)
{
	unsigned long flags;

	spin_lock_irqsave(&info->domain->lock, flags);
	list_del_init(&info->link);	/* ok PF2136 */
	spin_unlock_irqrestore(&info->domain->lock, flags);
	info->domain = NULL;
}

void detach_by_name(struct device_domain_info *info)
{
	struct dmar_domain *domain = info->domain;

	spin_lock(&domain->lock);
	list_del_init(&info->link);	/* ok PF2136 */
	spin_unlock(&domain->lock);
}

static void take_out(struct device_domain_info *info)
{
	list_del_init(&info->link);	/* ok PF2136 */
}

void detach_by_helper(struct device_domain_info *info)
{
	spin_lock(&info->domain->lock);
	take_out(info);
	spin_unlock(&info->domain->lock);
}

static void put_in(struct device_domain_info *info, struct dmar_domain *domain)
{
	info->domain = domain;
	list_add(&info->link, &domain->devices);	/* ok PF2136 */
}

void attach_by_helper(struct device_domain_info *info, struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	put_in(info, domain);
	spin_unlock(&domain->lock);
}

/* ------------------------------------------------------------------ not under it */

void detach_unlocked(struct device_domain_info *info)
{
	list_del_init(&info->link);	/* PF2136: no lock */
}

void detach_late(struct device_domain_info *info)
{
	struct dmar_domain *domain = info->domain;

	spin_lock(&domain->lock);
	domain->agaw--;
	spin_unlock(&domain->lock);
	list_del_init(&info->link);	/* PF2136: the lock is gone */
}

/* The device has moved on: the lock is that of the domain that it has left. */
void detach_with_old_lock(struct device_domain_info *info, struct dmar_domain *next)
{
	struct dmar_domain *old = info->domain;

	spin_lock(&old->lock);
	info->domain = next;
	list_del_init(&info->link);	/* review PF2136: the lock of the old one */
	spin_unlock(&old->lock);
}

void attach_with_own_lock(struct device_domain_info *info, struct dmar_domain *domain)
{
	info->domain = domain;
	spin_lock(&domain->cache_lock);
	list_add(&info->link, &domain->devices);	/* PF2136: not this lock */
	spin_unlock(&domain->cache_lock);
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
static struct dmar_domain one, two;
static struct device_domain_info first, second;

static void empty(struct dmar_domain *domain)
{
	INIT_LIST_HEAD(&domain->devices);
}

static void nobody(void)
{
	empty(&one);
	empty(&two);
}

static void both(void)
{
	nobody();
	first.domain = &one;
	list_add(&first.link, &one.devices);
	second.domain = &one;
	list_add(&second.link, &one.devices);
}

/* Another device of the domain goes. */
static void other(void)
{
	spin_lock(&one.lock);
	if (second.domain)
		list_del_init(&second.link);
	spin_unlock(&one.lock);
}

/* The list is walked. */
static void walk(void)
{
	struct device_domain_info *info;

	spin_lock(&one.lock);
	list_for_each_entry(info, &one.devices, link)
		info->domain_attached = true;
	spin_unlock(&one.lock);
}

static void run_attach(void) { attach(&first, &one); }
static void run_attach_locked_first(void) { attach_locked_first(&first, &one); }
static void run_attach_by_helper(void) { attach_by_helper(&first, &one); }
static void run_attach_with_own_lock(void) { attach_with_own_lock(&first, &one); }
static void run_detach(void) { detach(&first); }
static void run_detach_by_name(void) { detach_by_name(&first); }
static void run_detach_by_helper(void) { detach_by_helper(&first); }
static void run_detach_unlocked(void) { detach_unlocked(&first); }
static void run_detach_late(void) { detach_late(&first); }
#endif

/*
 * oracle: threads=run_attach,walk define=ORACLE init=nobody expect=holds
 * oracle: threads=run_attach_locked_first,walk define=ORACLE init=nobody expect=holds
 * oracle: threads=run_attach_by_helper,walk define=ORACLE init=nobody expect=holds
 * oracle: threads=run_attach_with_own_lock,walk define=ORACLE init=nobody expect=race
 * oracle: threads=run_detach,other define=ORACLE init=both expect=holds
 * oracle: threads=run_detach_by_name,other define=ORACLE init=both expect=holds
 * oracle: threads=run_detach_by_helper,other define=ORACLE init=both expect=holds
 * oracle: threads=run_detach_unlocked,other define=ORACLE init=both expect=race
 * oracle: threads=run_detach_late,other define=ORACLE init=both expect=race
 */
