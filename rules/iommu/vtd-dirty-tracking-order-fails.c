/* SPDX-License-Identifier: MIT */
/* PF2133 is satisfied by who gives each device the setting or fails, and changes it last. */
#include "vtd-example-tracking.h"

/* proved PF2133 */
int intel_pasid_setup_dirty_tracking(struct device_domain_info *info, int pasid, bool enabled)
{
	struct pasid_entry *pte;

	spin_lock(&info->iommu->lock);
	pte = entry_of(info, pasid);
	if (!pte) {
		spin_unlock(&info->iommu->lock);
		return -ENODEV;
	}
	if (!is_present(pte)) {
		spin_unlock(&info->iommu->lock);
		return -EOPNOTSUPP;
	}
	if (is_tracked(pte) == enabled) {
		spin_unlock(&info->iommu->lock);
		return 0;	/* ok PF2133: it has it already */
	}
	if (enabled)
		set_tracked(pte);
	else
		clear_tracked(pte);
	spin_unlock(&info->iommu->lock);
	return 0;	/* ok PF2133 */
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
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
}
