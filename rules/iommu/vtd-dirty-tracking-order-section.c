/* SPDX-License-Identifier: MIT */
/* PF2133 is satisfied by an entry that is set up from what is read in the same section. */
#include "vtd-example-locks.h"

struct intel_iommu {
	int id;
	spinlock_t lock;
};

struct pasid_entry { unsigned long val[2]; };

int intel_pasid_setup_second_level(struct intel_iommu *iommu, struct dmar_domain *domain,
				   struct pasid_entry *pte)
{
	spin_lock(&iommu->lock);
	if (pte->val[0] & 1) {
		spin_unlock(&iommu->lock);
		return -EINVAL;
	}
	if (domain->dirty_tracking)	/* ok PF2133 */
		pte->val[0] |= 2;
	pte->val[0] |= 1;
	spin_unlock(&iommu->lock);
	return 0;
}

static bool wants_dirty(const struct dmar_domain *domain)
{
	return domain->dirty_tracking;	/* ok PF2133: the caller is in the section */
}

int intel_pasid_setup_nested(struct intel_iommu *iommu, struct dmar_domain *domain,
			     struct pasid_entry *pte)
{
	guard(&iommu->lock);
	if (wants_dirty(domain))
		pte->val[0] |= 2;
	pte->val[0] |= 1;
	return 0;
}
