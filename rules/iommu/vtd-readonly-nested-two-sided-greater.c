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
	domain->read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

static int mark(struct dmar_domain *domain)
{
	if (domain->nested_users > 0)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2118 */
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

static int users_of(const struct dmar_domain *domain)
{
	return domain->nested_users;
}

int by_number(struct dmar_domain *domain)
{
	guard(&domain->lock);
	if (users_of(domain) >= 1)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

int by_wrong_number(struct dmar_domain *domain)
{
	guard(&domain->lock);
	if (users_of(domain) > 1)
		return -EINVAL;
	domain->read_only_mapped = true;	/* PF2118: one is enough */
	return 0;
}

int by_negation(struct dmar_domain *domain)
{
	bool none;

	guard(&domain->lock);
	none = !(0 < users_of(domain));
	if (!none)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

int too_early(struct dmar_domain *domain)
{
	int users = users_of(domain);

	guard(&domain->lock);
	if (users > 0)
		return -EINVAL;
	domain->read_only_mapped = true;	/* PF2118: that was before the lock */
	return 0;
}

static int mark_if(struct dmar_domain *domain, bool wanted)
{
	if (wanted && is_nested(domain))
		return -EINVAL;
	if (wanted)
		domain->read_only_mapped = true;	/* PF2118: not_held() */
	return 0;
}

int held(struct dmar_domain *domain, bool wanted)
{
	guard(&domain->lock);
	return mark_if(domain, wanted);
}

int not_held(struct dmar_domain *domain)
{
	return mark_if(domain, true);
}
