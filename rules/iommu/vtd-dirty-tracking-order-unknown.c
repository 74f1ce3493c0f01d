/* SPDX-License-Identifier: MIT */
/*
 * PF2133 decides nothing about who changes the setting where a value was lost, or others may do
 * what is asked.
 */
/* incomplete PF2133: whether a member has failed before the setting is changed is not known */
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

/* Of several errors the first one is kept. */
int right_after_all(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;
	int ret = 0, err;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link) {
		err = intel_pasid_setup_dirty_tracking(info, 0, enable);
		if (err && !ret)
			ret = err;
	}
	if (!ret)
		domain->dirty_tracking = enable;	/* ok PF2133 */
	else
		set_all(&domain->devices, domain->dirty_tracking);
	return ret;
}

/* The walk only looks. */
int only_looked(struct dmar_domain *domain, bool enable)
{
	struct device_domain_info *info;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link)
		if (info->is_idle)
			return -EINVAL;
	domain->dirty_tracking = enable;	/* ok PF2133 */
	return 0;
}

void visit(struct dmar_domain *domain, bool enable);

/* Who has the body may go through the list. */
void by_others(struct dmar_domain *domain, bool enable)
{
	guard(&domain->lock);
	visit(domain, enable);
	domain->dirty_tracking = enable;	/* ok PF2133 */
}

/* Each of several, in a section of its own; the one before may have failed. */
int right_each(struct dmar_domain *parent, bool enable)
{
	struct dmar_domain *s1;
	int ret = 0, err;

	guard(&parent->s1_lock);
	list_for_each_domain(s1, &parent->s1_domains) {
		spin_lock(&s1->lock);
		err = set_all(&s1->devices, enable);
		if (err) {
			set_all(&s1->devices, s1->dirty_tracking);
			ret = err;
		} else {
			s1->dirty_tracking = enable;	/* ok PF2133 */
		}
		spin_unlock(&s1->lock);
	}
	return ret;
}
