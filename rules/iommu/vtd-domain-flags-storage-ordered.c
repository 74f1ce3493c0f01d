/* SPDX-License-Identifier: MIT */
/* PF2116, and every writer of the byte has the lock, or a location of its own. */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#include "vtd-example-locks.h"

/* proved PF2116 */

void track(struct dmar_domain *domain, bool enable)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = enable;	/* ok PF2116 */
	spin_unlock(&domain->lock);
}

static void mark(struct dmar_domain *domain)
{
	lockdep_assert_held(&domain->lock);
	domain->has_mappings = true;	/* ok PF2116 */
}

void map(struct dmar_domain *domain)
{
	guard(&domain->lock);
	mark(domain);
}

/* A plain bool is a byte of its own. */
void record(struct dmar_domain *domain)
{
	domain->read_only_mapped = true;	/* ok PF2116 */
}

struct iommu_domain *alloc(bool sync)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->iotlb_sync_map = sync;	/* ok PF2116 */
	return &domain->domain;
}
