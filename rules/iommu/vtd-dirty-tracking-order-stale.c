/* SPDX-License-Identifier: MIT */
/*
 * PF2133: an entry is set up in the section in which the setting was read. Who changes it waits
 * for the lock of the IOMMU, finds no entry when that is given, and the one that is
 * set up then has the old setting.
 */
#include "vtd-example-tracking.h"

int allocate(struct device_domain_info *info);

/* ------------------------------------------------------------------- reported */

static int read_before(struct dmar_domain *domain, struct device_domain_info *info)
{
	struct pasid_entry *pte;
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = domain->dirty_tracking;
	spin_unlock(&info->iommu->lock);
	if (!info->table && allocate(info))
		return -ENOMEM;
	spin_lock(&info->iommu->lock);
	pte = entry_of(info, 0);
	if (dirty)
		set_tracked(pte);	/* PF2133: read in another section */
	set_present(pte);
	spin_unlock(&info->iommu->lock);
	return 0;
}

static int stored_by_hand(struct dmar_domain *domain, struct device_domain_info *info,
			  struct pasid_entry *pte)
{
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = domain->dirty_tracking;
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	pte->val[0] |= dirty ? 3 : 1;	/* PF2133: read in another section */
	spin_unlock(&info->iommu->lock);
	return 0;
}

/* The lock is given for a while, on one way. */
static int dropped(struct dmar_domain *domain, struct device_domain_info *info)
{
	struct intel_iommu *iommu = info->iommu;
	struct pasid_entry *pte;
	bool dirty;

	spin_lock(&iommu->lock);
	dirty = domain->dirty_tracking;
	if (!info->table) {
		spin_unlock(&iommu->lock);
		if (allocate(info))
			return -ENOMEM;
		spin_lock(&iommu->lock);
		pte = entry_of(info, 0);
		if (dirty)
			set_tracked(pte);	/* PF2133: read in another section */
		set_present(pte);
		spin_unlock(&iommu->lock);
		return 0;
	}
	pte = entry_of(info, 0);
	if (dirty)
		set_tracked(pte);	/* ok PF2133 */
	set_present(pte);
	spin_unlock(&iommu->lock);
	return 0;
}

static bool wants_dirty(const struct dmar_domain *domain)
{
	return domain->dirty_tracking;
}

static int by_helpers(struct dmar_domain *domain, struct device_domain_info *info)
{
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = wants_dirty(domain);
	spin_unlock(&info->iommu->lock);
	guard(&info->iommu->lock);
	if (dirty)
		set_tracked(entry_of(info, 1));	/* PF2133: read in another section */
	set_present(entry_of(info, 1));
	return 0;
}

static int read_on_one_way(struct dmar_domain *domain, struct device_domain_info *info,
			   struct pasid_entry *pte)
{
	bool dirty = false;

	spin_lock(&info->iommu->lock);
	if (!info->is_idle)
		dirty = domain->dirty_tracking;
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	if (dirty)
		set_tracked(pte);	/* PF2133: read in another section */
	spin_unlock(&info->iommu->lock);
	return 0;
}

static int by_argument(struct dmar_domain *domain, struct device_domain_info *info,
		       struct pasid_entry *pte)
{
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = domain->dirty_tracking;
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	set_bits(&pte->val[0], 3, dirty ? 3 : 1); /* PF2133: another section */
	spin_unlock(&info->iommu->lock);
	return 0;
}

static void set_up(struct pasid_entry *pte, bool dirty)
{
	WRITE_ONCE(pte->val[0], 0);
	if (dirty)
		set_tracked(pte);
	WRITE_ONCE(pte->val[0], READ_ONCE(pte->val[0]) | 1);
}

static int by_function(struct dmar_domain *domain, struct device_domain_info *info,
		       struct pasid_entry *pte)
{
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = domain->dirty_tracking;
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	set_up(pte, dirty);	/* PF2133: another section */
	spin_unlock(&info->iommu->lock);
	return 0;
}

/* --------------------------------------------------------------- not reported */

static int in_one_section(struct dmar_domain *domain, struct device_domain_info *info)
{
	struct pasid_entry *pte;

	guard(&info->iommu->lock);
	pte = entry_of(info, 2);
	if (is_present(pte))
		return -EBUSY;
	if (wants_dirty(domain))
		set_tracked(pte);	/* ok PF2133 */
	set_present(pte);
	return 0;
}

/* What is added later is no matter of the setting. */
static int added_to(struct dmar_domain *domain, struct device_domain_info *info,
		    struct pasid_entry *pte)
{
	spin_lock(&info->iommu->lock);
	if (domain->dirty_tracking)
		set_tracked(pte);
	else
		clear_tracked(pte);
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	set_present(pte);		/* ok PF2133 */
	pte->val[0] |= 4;		/* ok PF2133 */
	spin_unlock(&info->iommu->lock);
	return 0;
}

static int read_again(struct dmar_domain *domain, struct device_domain_info *info,
		      struct pasid_entry *pte)
{
	spin_lock(&info->iommu->lock);
	if (domain->dirty_tracking && info->is_idle) {
		spin_unlock(&info->iommu->lock);
		return -EBUSY;
	}
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	if (domain->dirty_tracking)
		set_tracked(pte);	/* ok PF2133 */
	set_present(pte);		/* ok PF2133 */
	spin_unlock(&info->iommu->lock);
	return 0;
}

static bool may_set_up(const struct pasid_entry *pte, bool dirty)
{
	return !dirty || is_present(pte);
}

/* What gets it only looks. */
static int looks(struct dmar_domain *domain, struct device_domain_info *info,
		 struct pasid_entry *pte)
{
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = domain->dirty_tracking;
	set_up(pte, dirty);	/* ok PF2133 */
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	if (may_set_up(pte, dirty))	/* ok PF2133 */
		set_present(pte);
	spin_unlock(&info->iommu->lock);
	return 0;
}

/* It refuses, and decides nothing of the entry. */
static int refuses(struct dmar_domain *domain, struct device_domain_info *info,
		   struct pasid_entry *pte)
{
	spin_lock(&info->iommu->lock);
	if (domain->dirty_tracking && info->is_idle) {
		spin_unlock(&info->iommu->lock);
		return -EBUSY;
	}
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	set_present(pte);		/* ok PF2133 */
	spin_unlock(&info->iommu->lock);
	return 0;
}

/* ---------------------------------------------------------------------- missed */

/* A section is told by where it begins. */
static int in_a_loop(struct dmar_domain *domain, struct device_domain_info *info,
		     struct pasid_entry *pte)
{
	bool dirty = false;

	for (int i = 0; i < 2; i++) {
		spin_lock(&info->iommu->lock);
		if (!i)
			dirty = domain->dirty_tracking;
		else if (dirty)
			set_tracked(pte);	/* todo PF2133: in the second round */
		spin_unlock(&info->iommu->lock);
	}
	return 0;
}

int intel_pasid_setup_second_level(struct dmar_domain *domain, struct device_domain_info *info,
				   struct pasid_entry *pte, int how)
{
	switch (how) {
	case 0: return read_before(domain, info);
	case 1: return stored_by_hand(domain, info, pte);
	case 2: return dropped(domain, info);
	case 3: return by_helpers(domain, info);
	case 4: return in_one_section(domain, info);
	case 5: return added_to(domain, info, pte);
	case 6: return read_again(domain, info, pte);
	case 7: return refuses(domain, info, pte);
	case 8: return by_argument(domain, info, pte);
	case 9: return read_on_one_way(domain, info, pte);
	case 10: return by_function(domain, info, pte);
	case 11: return looks(domain, info, pte);
	default: return in_a_loop(domain, info, pte);
	}
}

/* What else reads the setting installs nothing. */
int show(struct dmar_domain *domain, struct device_domain_info *info, struct pasid_entry *pte)
{
	bool dirty;

	spin_lock(&info->iommu->lock);
	dirty = domain->dirty_tracking;
	spin_unlock(&info->iommu->lock);
	spin_lock(&info->iommu->lock);
	if (dirty)
		clear_tracked(pte);	/* ok PF2133 */
	spin_unlock(&info->iommu->lock);
	return 0;
}
