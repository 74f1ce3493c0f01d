/* SPDX-License-Identifier: MIT */
/* PF2120, PF2121: version 3 of the patches, which counts the nested domains. */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2122 */

int map(struct dmar_domain *domain)
{
	guard(&domain->lock);
	if (domain->nested_users > 0)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2120 */
	return 0;
}

int nest(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	if (s2_domain->read_only_mapped)
		return -EINVAL;
	s2_domain->nested_users++;	/* ok PF2121 */
	return 0;
}

int nest_first(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	s2_domain->nested_users = 1;	/* ok PF2121 */
	return 0;
}

struct iommu_domain *alloc(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_ATOMIC);

	if (!domain)
		return NULL;
	domain->nested_users = 0;		/* ok PF2121 */
	domain->read_only_mapped = false;	/* ok PF2120 */
	return &domain->domain;
}

/* Safe, and not what the review asked for. */
void unnest(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	s2_domain->nested_users--;	/* PF2121: down to nothing */
}

void unnest_all(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	s2_domain->nested_users = 0;	/* PF2121: cleared */
}

void unmap(struct dmar_domain *domain, unsigned long pfn)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn);

	if (pte)
		pte->val = 0;
	guard(&domain->lock);
	domain->read_only_mapped = false;	/* PF2120: cleared */
}

/* With what the caller says, which can be 0. */
void set(struct dmar_domain *domain, bool read_only)
{
	guard(&domain->lock);
	domain->read_only_mapped = read_only;	/* PF2120: can be cleared */
}

void set_more(struct dmar_domain *domain, bool read_only)
{
	guard(&domain->lock);
	domain->read_only_mapped |= read_only;	/* fixme PF2120: what is or-ed to it only sets */
}
