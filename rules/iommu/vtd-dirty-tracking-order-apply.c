/* SPDX-License-Identifier: MIT */
/*
 * PF2133: a function that gives a device the setting fails where it cannot do so. Who changes
 * the setting only afterwards misses the device else.
 */
#include "vtd-example-tracking.h"

static int intel_pasid_setup_dirty_tracking(struct device_domain_info *info, int pasid,
					    bool enabled)
{
	struct pasid_entry *pte;
	int ret = 0;

	spin_lock(&info->iommu->lock);
	pte = entry_of(info, pasid);
	if (!pte)
		goto out;		/* no error */
	if (!is_present(pte)) {
		ret = -ENODEV;
		goto out;
	}
	if (is_tracked(pte) == enabled)
		goto out;
	if (enabled)
		set_tracked(pte);
	else
		clear_tracked(pte);
out:
	spin_unlock(&info->iommu->lock);
	return ret;	/* PF2133: passes over a member */
}

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

int set_last(struct dmar_domain *domain, bool enable)
{
	int ret;

	guard(&domain->lock);
	ret = set_all(&domain->devices, enable);
	if (ret) {
		set_all(&domain->devices, domain->dirty_tracking);
		return ret;
	}
	domain->dirty_tracking = enable;
	return 0;
}
