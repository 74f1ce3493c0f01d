/* SPDX-License-Identifier: MIT */
/*
 * PF2133: in the list, taken out of it again, and set up then; and the list of another domain.
 */
#define NULL ((void *)0)
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))
typedef _Bool bool;
typedef struct { unsigned int slock; } spinlock_t;
struct list_head { struct list_head *next, *prev; };
#include "include/locks.h"
struct intel_iommu { int id; spinlock_t lock; };
struct dmar_domain { spinlock_t lock; struct list_head devices; bool dirty_tracking; };
struct device_info { struct list_head link; };
int intel_pasid_setup_second_level(struct device_info *info, struct dmar_domain *domain);

static void put_in(struct device_info *info, struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	list_add(&info->link, &domain->devices);
	spin_unlock(&domain->lock);
}

int attach(struct dmar_domain *domain, struct device_info *info)
{
	put_in(info, domain);
	return intel_pasid_setup_second_level(info, domain);	/* ok PF2133 */
}

int attach_late(struct dmar_domain *domain, struct device_info *info)
{
	int ret = intel_pasid_setup_second_level(info, domain);	/* PF2133: not in the list yet */

	put_in(info, domain);
	return ret;
}

int taken_out(struct dmar_domain *domain, struct device_info *info)
{
	int ret;

	put_in(info, domain);
	spin_lock(&domain->lock);
	list_del(&info->link);
	spin_unlock(&domain->lock);
	ret = intel_pasid_setup_second_level(info, domain);	/* todo PF2133: it is out again */
	put_in(info, domain);
	return ret;
}

int of_another(struct dmar_domain *domain, struct dmar_domain *other, struct device_info *info)
{
	put_in(info, other);
	return intel_pasid_setup_second_level(info, domain);	/* todo PF2133: in the list of 'other' */
}

struct nested_domain { int table; struct dmar_domain domain; };

int unlocked(struct dmar_domain *domain, struct device_info *info)
{
	list_add(&info->link, &domain->devices);	/* PF2133: without the lock */
	return intel_pasid_setup_second_level(info, domain);
}

/* The domain is a member of another record. */
int embedded_unlocked(struct nested_domain *nested, struct device_info *info)
{
	list_add(&info->link, &nested->domain.devices);	/* todo PF2133: without the lock */
	return intel_pasid_setup_second_level(info, &nested->domain);
}
