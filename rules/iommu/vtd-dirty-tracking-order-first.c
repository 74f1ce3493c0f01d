/* SPDX-License-Identifier: MIT */
/*
 * PF2133: the setting is changed before the devices get it. What is set up later takes it over
 * itself, so it may be passed over; after a failure the setting is changed back.
 */
#include "vtd-example-tracking.h"

static int intel_pasid_setup_dirty_tracking(struct device_domain_info *info, int pasid,
					    bool enabled)
{
	struct pasid_entry *pte;

	guard(&info->iommu->lock);
	pte = entry_of(info, pasid);
	if (!pte || !is_present(pte))
		return 0;	/* ok PF2133: the setting is changed already */
	if (info->is_idle)
		return -EBUSY;
	if (enabled)
		set_tracked(pte);
	else
		clear_tracked(pte);
	return 0;
}

static int set_all(struct list_head *devices, bool enable)
{
	struct device_domain_info *info;
	int ret = 0;

	list_for_each_entry(info, devices, link) {
		ret = intel_pasid_setup_dirty_tracking(info, 0, enable); /* PF2133: stays as it is */
		if (ret)
			break;
	}
	return ret;
}

/* --------------------------------------------------------------- not reported */

int set_first(struct dmar_domain *domain, bool enable)
{
	bool old;
	int ret;

	guard(&domain->lock);
	old = domain->dirty_tracking;
	domain->dirty_tracking = enable;	/* ok PF2133 */
	ret = set_all(&domain->devices, enable);
	if (ret) {
		domain->dirty_tracking = old;	/* ok PF2133 */
		set_all(&domain->devices, old);
	}
	return ret;
}

static void store_flag(struct dmar_domain *domain, bool enable)
{
	domain->dirty_tracking = enable;	/* ok PF2133 */
}

int set_first_by_helper(struct dmar_domain *domain, bool enable)
{
	int ret;

	guard(&domain->lock);
	store_flag(domain, enable);
	ret = set_all(&domain->devices, enable);
	if (ret) {
		store_flag(domain, !enable);
		set_all(&domain->devices, !enable);
	}
	return ret;
}

/* ------------------------------------------------------------------- reported */

int not_changed_back(struct dmar_domain *domain, bool enable)
{
	int ret;

	guard(&domain->lock);
	domain->dirty_tracking = enable;
	ret = set_all(&domain->devices, enable);
	if (ret)
		set_all(&domain->devices, !enable);
	return ret;
}

static int set_nested(struct dmar_domain *domain, bool enable)
{
	struct dmar_domain *s1;
	int ret = 0;

	guard(&domain->s1_lock);
	list_for_each_domain(s1, &domain->s1_domains) {
		guard(&s1->lock);
		ret = set_all(&s1->devices, enable);
		if (ret)
			break;
	}
	return ret;
}

/* The same; line 33 has it already. */
int not_changed_back_nested(struct dmar_domain *domain, bool enable)
{
	int ret;

	guard(&domain->lock);
	domain->dirty_tracking = enable;
	ret = set_all(&domain->devices, enable);
	if (ret)
		goto undo;
	if (domain->nested_parent) {
		ret = set_nested(domain, enable);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	set_all(&domain->devices, !enable);
	return ret;
}
