/* SPDX-License-Identifier: MIT */
/*
 * PF2119 (PF2118 likewise): the other side is looked at only where it matters.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2118 */

int map_by_condition(struct dmar_domain *domain, int prot)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if (read_only && domain->set_nested)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	return 0;
}

/* The same with the conditions in the other order is not flagged. */
int map_by_condition_swapped(struct dmar_domain *domain, int prot)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if (domain->set_nested && read_only)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	return 0;
}

int map_assigned(struct dmar_domain *domain, int prot)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if (read_only && domain->set_nested)
		return -EINVAL;
	domain->read_only_mapped |= read_only;	/* ok PF2119 */
	return 0;
}

/* One function for both sides. */
int enter(struct dmar_domain *domain, bool read_only)
{
	guard(&domain->lock);
	if (read_only ? domain->set_nested : domain->read_only_mapped)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	else
		domain->set_nested = true;	/* ok PF2119 */
	return 0;
}

int unguarded(struct dmar_domain *domain)
{
	guard(&domain->lock);
	domain->read_only_mapped = true;	/* PF2119: nobody asks */
	return 0;
}

/* Asked for two reasons, and one of them is that the mark is set. */
int map_by_either(struct dmar_domain *domain, int prot, bool strict)
{
	bool read_only = !(prot & DMA_PTE_WRITE);

	guard(&domain->lock);
	if ((read_only || strict) && domain->set_nested)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	return 0;
}

/* In a helper, which asks only where it is told to. */
static bool refused(struct dmar_domain *domain, bool ask)
{
	if (!ask)
		return false;
	return domain->set_nested;
}

int map_by_helper(struct dmar_domain *domain, bool read_only)
{
	guard(&domain->lock);
	if (refused(domain, read_only))
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	return 0;
}

/* Something else goes on between the two. */
int map_later(struct dmar_domain *domain, bool read_only, int n)
{
	int i, sum = 0;

	guard(&domain->lock);
	if (read_only && domain->set_nested)
		return -EINVAL;
	for (i = 0; i < n; i++)
		sum += i;
	domain->agaw = sum;
	if (read_only)
		domain->read_only_mapped = true;	/* ok PF2119 */
	return 0;
}

/* It is asked in some cases, and set in others. */
int map_by_another(struct dmar_domain *domain, bool read_only, bool strict)
{
	guard(&domain->lock);
	if (strict && domain->set_nested)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* PF2119: nobody asks where it is not strict */
	return 0;
}

/* The section in which it was asked is over. */
int map_in_two_sections(struct dmar_domain *domain, bool read_only)
{
	scoped_guard(&domain->lock) {
		if (read_only && domain->set_nested)
			return -EINVAL;
	}
	guard(&domain->lock);
	if (read_only)
		domain->read_only_mapped = true;	/* PF2119: asked in the section before */
	return 0;
}

/* The lock is given in between, in one of the cases. */
int map_given_between(struct dmar_domain *domain, bool read_only, bool wait)
{
	int ret = -EINVAL;

	spin_lock(&domain->lock);
	if (read_only && domain->set_nested)
		goto out;
	if (wait) {
		spin_unlock(&domain->lock);
		spin_lock(&domain->lock);
	}
	if (read_only)
		domain->read_only_mapped = true;	/* PF2119: where it has waited */
	ret = 0;
out:
	spin_unlock(&domain->lock);
	return ret;
}

/* That of another domain is asked. */
int map_of_another(struct dmar_domain *domain, struct dmar_domain *other, bool read_only)
{
	guard(&domain->lock);
	if (read_only && other->set_nested)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* PF2119: it is the other one's */
	return 0;
}

/* What was asked is turned round. */
int map_turned(struct dmar_domain *domain, bool read_only)
{
	guard(&domain->lock);
	if (!read_only && domain->set_nested)
		return -EINVAL;
	if (read_only)
		domain->read_only_mapped = true;	/* PF2119: asked where it is writable */
	return 0;
}

/* Asked at one turn of a loop, and set behind it. */
int map_in_a_loop(struct dmar_domain *domain, const bool *read_only, int n)
{
	bool any = false;
	int i;

	guard(&domain->lock);
	for (i = 0; i < n; i++) {
		if (read_only[i] && domain->set_nested)
			return -EINVAL;
		any |= read_only[i];
	}
	if (any)
		domain->read_only_mapped = true;	/* fixme PF2119: it is safe */
	return 0;
}
