/* SPDX-License-Identifier: MIT */
/*
 * PF2118: a domain that is a member of another record.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2119 */

struct nested_domain { u64 table; struct dmar_domain domain; };

int by_member(struct nested_domain *nested)
{
	guard(&nested->domain.lock);
	if (nested->domain.nested_users)
		return -EINVAL;
	nested->domain.read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

/* The same by a pointer to the domain is not flagged. */
int by_pointer(struct nested_domain *nested)
{
	struct dmar_domain *domain = &nested->domain;

	guard(&domain->lock);
	if (nested->domain.nested_users)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

int in_two_sections(struct nested_domain *nested)
{
	bool used;

	scoped_guard(&nested->domain.lock)
		used = nested->domain.nested_users;
	if (used)
		return -EINVAL;
	guard(&nested->domain.lock);
	nested->domain.read_only_mapped = true;	/* PF2118: another section */
	return 0;
}

/* The domain that the function is given is another one. */
int of_another(struct nested_domain *nested, struct dmar_domain *domain)
{
	guard(&domain->lock);
	if (domain->nested_users)
		return -EINVAL;
	nested->domain.read_only_mapped = true;	/* PF2118: of the domain in the other record */
	return 0;
}

struct rack { int n; struct nested_domain slot[4]; };

int in_an_array(struct rack *rack)
{
	guard(&rack->slot[2].domain.lock);
	if (rack->slot[2].domain.nested_users)
		return -EINVAL;
	rack->slot[2].domain.read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

int of_the_next(struct rack *rack)
{
	guard(&rack->slot[2].domain.lock);
	if (rack->slot[2].domain.nested_users)
		return -EINVAL;
	rack->slot[3].domain.read_only_mapped = true;	/* PF2118: of the next one */
	return 0;
}
