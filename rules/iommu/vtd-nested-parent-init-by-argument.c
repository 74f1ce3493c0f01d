/* SPDX-License-Identifier: MIT */
/*
 * PF2117: a helper that publishes only where it is asked to.
 */
#include "vtd-example-locks.h"

static struct dmar_domain *last;

static struct dmar_domain *new_domain(bool shown)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (domain && shown)
		last = domain;
	return domain;
}

struct iommu_domain *alloc_hidden(bool nested_parent)
{
	struct dmar_domain *domain = new_domain(false);

	if (!domain)
		return NULL;
	domain->nested_parent = nested_parent;	/* fixme PF2117: it is safe */
	return &domain->domain;
}

struct iommu_domain *alloc_shown(bool nested_parent)
{
	struct dmar_domain *domain = new_domain(true);

	if (!domain)
		return NULL;
	domain->nested_parent = nested_parent;	/* PF2117: it is shown by then */
	return &domain->domain;
}

static struct dmar_domain *new_in(struct dmar_domain **slot)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (domain && slot)
		*slot = domain;
	return domain;
}

struct iommu_domain *alloc_in_none(bool nested_parent)
{
	struct dmar_domain *domain = new_in(NULL);

	if (!domain)
		return NULL;
	domain->nested_parent = nested_parent;	/* fixme PF2117: it is safe */
	return &domain->domain;
}

/* It says whether it did. */
static int show(struct dmar_domain *domain, int id)
{
	if (id > 3)
		return -EINVAL;
	last = domain;
	return 0;
}

struct iommu_domain *alloc_refused(bool nested_parent, int id)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	if (show(domain, id))
		domain->nested_parent = nested_parent;	/* fixme PF2117: it was refused */
	return &domain->domain;
}
