/* SPDX-License-Identifier: MIT */
/*
 * PF2133: who changes the setting misses no device. The setting is changed after the devices
 * have got it; see vtd-dirty-tracking-order-first.c for the other order.
 */
#include "vtd-example-tracking.h"

int intel_pasid_setup_dirty_tracking(struct device_domain_info *info, int pasid, bool enabled);

static int set_all(struct list_head *devices, bool enable)
{
	struct device_domain_info *info;
	int ret = 0;

	list_for_each_entry(info, devices, link) {
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable);
		if (ret)
			break;
	}
	return ret;
}

/* --------------------------------------------------------------- not reported */

static int set_nested(struct dmar_domain *domain, bool enable)
{
	struct dmar_domain *s1;
	unsigned long flags;
	int ret;

	spin_lock(&domain->s1_lock);
	list_for_each_domain(s1, &domain->s1_domains) {
		spin_lock_irqsave(&s1->lock, flags);
		ret = set_all(&s1->devices, enable);
		spin_unlock_irqrestore(&s1->lock, flags);
		if (ret)
			goto undo;
	}
	spin_unlock(&domain->s1_lock);
	return 0;

undo:
	list_for_each_domain(s1, &domain->s1_domains) {
		spin_lock_irqsave(&s1->lock, flags);
		set_all(&s1->devices, domain->dirty_tracking);
		spin_unlock_irqrestore(&s1->lock, flags);
	}
	spin_unlock(&domain->s1_lock);
	return ret;
}

int right(struct iommu_domain *domain, bool enable)
{
	struct dmar_domain *d = to_dmar_domain(domain);
	int ret;

	spin_lock(&d->lock);
	if (d->dirty_tracking == enable)
		goto out;
	ret = set_all(&d->devices, enable);
	if (ret)
		goto undo;
	if (d->nested_parent) {
		ret = set_nested(d, enable);
		if (ret)
			goto undo;
	}
	d->dirty_tracking = enable;	/* ok PF2133 */
out:
	spin_unlock(&d->lock);
	return 0;

undo:
	set_all(&d->devices, d->dirty_tracking);
	spin_unlock(&d->lock);
	return ret;
}

/* The lock is held by who calls. */
static int set_locked(struct dmar_domain *domain, bool enable)
{
	int ret = set_all(&domain->devices, enable);

	if (ret) {
		set_all(&domain->devices, !enable);
		return ret;
	}
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
}

int right_by_helper(struct dmar_domain *domain, bool enable)
{
	guard(&domain->lock);
	return set_locked(domain, enable);
}

/* Another device that fails is taken back in the loop that undoes. */
int right_undone_inline(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info, *bad;
	int ret = 0;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable);
		if (ret)
			goto undo;
	}
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
undo:
	bad = info;
	list_for_each_entry(info, &domain->devices, link) {
		if (info == bad)
			break;
		intel_pasid_setup_dirty_tracking(info, 0, !enable);
	}
	return ret;
}

int flush(struct dmar_domain *domain);

/* What fails after the walk is undone too, and that may fail. */
int right_undone_for_another(struct dmar_domain *domain, bool enable)
{
	int ret;

	guard(&domain->lock);
	ret = set_all(&domain->devices, enable);
	if (ret)
		goto undo;
	ret = flush(domain);
	if (ret)
		goto undo;
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
undo:
	set_all(&domain->devices, domain->dirty_tracking);
	return ret;
}

/* Tries once more. */
int right_twice(struct dmar_domain *domain, bool enable)
{
	int ret, tries = 0;

again:
	spin_lock(&domain->lock);
	ret = set_all(&domain->devices, enable);
	if (ret) {
		set_all(&domain->devices, domain->dirty_tracking);
		spin_unlock(&domain->lock);
		if (tries++ < 3)
			goto again;
		return ret;
	}
	domain->dirty_tracking = enable;	/* ok PF2133 */
	spin_unlock(&domain->lock);
	return 0;
}

/* One after the other. */
int right_both(struct dmar_domain *a, struct dmar_domain *b, bool enable)
{
	int ret = right_by_helper(a, enable), err;

	err = right_by_helper(b, enable);
	return ret ? ret : err;
}

int right_by_bool(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	bool ok = true;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		if (intel_pasid_setup_dirty_tracking(info, 0, enable))
			ok = false;
	}
	if (!ok) {
		set_all(&domain->devices, !enable);
		return -EBUSY;
	}
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
}

int right_by_error(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret = 0;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		if (intel_pasid_setup_dirty_tracking(info, 0, enable))
			ret = -EBUSY;
	}
	if (ret)
		set_all(&domain->devices, !enable);
	else
		domain->dirty_tracking = enable;	/* ok PF2133 */
	return ret;
}

int right_while_empty(struct dmar_domain *domain, bool enable)
{
	guard(&domain->lock);
	if (!list_empty(&domain->devices))
		return -EBUSY;
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
}

struct dmar_domain *make(bool enable)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (domain)
		domain->dirty_tracking = enable;	/* ok PF2133 */
	return domain;
}

/* ------------------------------------------------------------------- reported */

/* Who attaches waits for nothing. */
int change_unlocked(struct dmar_domain *domain, bool enable)
{
	int ret;

	spin_lock(&domain->lock);
	ret = set_all(&domain->devices, enable);
	if (ret)
		set_all(&domain->devices, domain->dirty_tracking);
	spin_unlock(&domain->lock);
	if (!ret)
		domain->dirty_tracking = enable;	/* PF2133: changes 'dirty_tracking' without 'lock' */
	return ret;
}

int change_in_two_sections(struct dmar_domain *domain, bool enable)
{
	int ret;

	spin_lock(&domain->lock);
	ret = set_all(&domain->devices, enable);
	if (ret)
		set_all(&domain->devices, domain->dirty_tracking);
	spin_unlock(&domain->lock);
	if (ret)
		return ret;
	spin_lock(&domain->lock);
	domain->dirty_tracking = enable;	/* PF2133: not in the same section */
	spin_unlock(&domain->lock);
	return 0;
}

int walk_unlocked(struct dmar_domain *domain, bool enable)
{
	int ret = set_all(&domain->devices, enable);

	guard(&domain->lock);
	if (ret) {
		set_all(&domain->devices, domain->dirty_tracking);
		return ret;
	}
	domain->dirty_tracking = enable;	/* PF2133: the walk was without the lock */
	return 0;
}

int no_walk(struct dmar_domain *domain, bool enable)
{
	guard(&domain->lock);
	domain->dirty_tracking = enable;	/* PF2133: does not go through 'devices' */
	return 0;
}

int walk_of_another(struct dmar_domain *domain, struct dmar_domain *other, bool enable)
{
	int ret;

	guard(&domain->lock);
	ret = set_all(&other->devices, enable);
	if (ret) {
		set_all(&other->devices, !enable);
		return ret;
	}
	domain->dirty_tracking = enable;	/* PF2133: of the other one */
	return 0;
}

static void store_flag(struct dmar_domain *domain, bool enable)
{
	domain->dirty_tracking = enable;	/* PF2133: one caller does not go through the list */
}

void no_walk_by_helper(struct dmar_domain *domain, bool enable)
{
	guard(&domain->lock);
	store_flag(domain, enable);
}

void ignored(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link)
		intel_pasid_setup_dirty_tracking(info, 0, enable); /* PF2133: changed although */
	domain->dirty_tracking = enable;
}

/* Only the last one counts. */
int ignored_but_the_last(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret = 0;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link)
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable); /* PF2133: changed although */
	if (ret) {
		set_all(&domain->devices, domain->dirty_tracking);
		return ret;
	}
	domain->dirty_tracking = enable;
	return 0;
}

static int set_each(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;

	list_for_each_entry(info, &domain->devices, link)
		if (intel_pasid_setup_dirty_tracking(info, 0, enable)) /* PF2133: changed although */
			return -EINVAL;
	return 0;
}

int ignored_in_caller(struct dmar_domain *domain, bool enable)
{
	guard(&domain->lock);
	set_each(domain, enable);
	domain->dirty_tracking = enable;
	return 0;
}

/* One error is none. */
int ignored_error(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable); /* PF2133: changed although */
		if (ret && ret != -EOPNOTSUPP)
			goto undo;
	}
	domain->dirty_tracking = enable;
	return 0;
undo:
	set_all(&domain->devices, domain->dirty_tracking);
	return ret;
}

int not_undone(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable); /* PF2133: nothing takes back */
		if (ret)
			return ret;
	}
	domain->dirty_tracking = enable;
	return 0;
}

static int apply_each(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret = 0;

	list_for_each_entry(info, &domain->devices, link) {
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable); /* PF2133: nothing takes back */
		if (ret)
			break;
	}
	return ret;
}

int not_undone_by_caller(struct dmar_domain *domain, bool enable)
{
	int ret;

	guard(&domain->lock);
	ret = apply_each(domain, enable);
	if (!ret)
		domain->dirty_tracking = enable;
	return ret;
}

/* A device that is idle keeps what it has, and takes no part of the setting later. */
int passed_over(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		if (info->is_idle)
			continue;
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable); /* review PF2133: not for each */
		if (ret)
			goto undo;
	}
	domain->dirty_tracking = enable;
	return 0;
undo:
	set_all(&domain->devices, domain->dirty_tracking);
	return ret;
}
