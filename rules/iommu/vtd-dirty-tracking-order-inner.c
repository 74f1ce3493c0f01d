/* SPDX-License-Identifier: MIT */
/*
 * PF2133: what an entry is set up from is read in the section in which that is done.
 */
#include "vtd-example-locks.h"

struct intel_iommu {
	int id;
	spinlock_t lock;
};

struct pasid_entry { unsigned long val[2]; };

/* ------------------------------------------------------------------- reported */

int intel_pasid_setup_second_level(struct intel_iommu *iommu, struct dmar_domain *domain,
				   struct pasid_entry *pte)
{
	bool dirty = domain->dirty_tracking;	/* PF2133: before the section */

	spin_lock(&iommu->lock);
	if (dirty)
		pte->val[0] |= 2;
	pte->val[0] |= 1;
	spin_unlock(&iommu->lock);
	return 0;
}

static bool is_tracked(const struct dmar_domain *domain)
{
	return domain->dirty_tracking;	/* PF2133: of two calls, one is before the section */
}

int intel_pasid_setup_nested(struct intel_iommu *iommu, struct dmar_domain *domain,
			     struct pasid_entry *pte)
{
	if (!is_tracked(domain) && pte->val[1])
		return -EINVAL;
	spin_lock(&iommu->lock);
	if (is_tracked(domain))
		pte->val[0] |= 2;
	pte->val[0] |= 1;
	spin_unlock(&iommu->lock);
	return 0;
}

/* --------------------------------------------------------------- not reported */

/* It installs nothing. */
bool tracks(struct dmar_domain *domain)
{
	return domain->dirty_tracking;	/* ok PF2133 */
}
