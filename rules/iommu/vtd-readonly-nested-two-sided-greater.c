/* SPDX-License-Identifier: MIT */
/*
 * PF2118: that a count is not greater than 0, found in a helper or before two ways meet.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2119 */

static bool is_nested(const struct dmar_domain *domain)
{
	return domain->nested_users > 0;
}

int by_helper(struct dmar_domain *domain)
{
	guard(&domain->lock);
	if (is_nested(domain))
		return -EINVAL;
	domain->read_only_mapped = true;	/* fixme PF2118: it is safe */
	return 0;
}

static int mark(struct dmar_domain *domain)
{
	if (domain->nested_users > 0)
		return -EINVAL;
	domain->read_only_mapped = true;	/* fixme PF2118: it is safe */
	return 0;
}

int by_caller(struct dmar_domain *domain)
{
	guard(&domain->lock);
	return mark(domain);
}

int unguarded(struct dmar_domain *domain)
{
	guard(&domain->lock);
	domain->read_only_mapped = true;	/* PF2118: nobody asks */
	return 0;
}
