/* SPDX-License-Identifier: MIT */
/* PF2120, PF2122: version 4 of the patches, which has a flag. */
#define VTD_RECORDS_READ_ONLY
#define VTD_FLAGS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2121 */

int nest(struct dmar_domain *s2_domain)
{
	guard(&s2_domain->lock);
	if (s2_domain->read_only_mapped)
		return -EINVAL;
	s2_domain->set_nested = true;	/* ok PF2122 */
	return 0;
}

void unnest(struct dmar_domain *domain)
{
	struct dmar_domain *s2_domain = domain->s2_domain;

	spin_lock(&s2_domain->lock);
	s2_domain->set_nested = false;	/* PF2122: others may be nested on it */
	spin_unlock(&s2_domain->lock);
	kfree(domain);
}

static void reset(struct dmar_domain *domain)
{
	domain->set_nested = 0;		/* PF2122: by restart() */
	domain->read_only_mapped = 0;	/* PF2120: by restart() */
}

struct iommu_domain *alloc(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	reset(domain);
	return &domain->domain;
}

void restart(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	reset(domain);
	spin_unlock(&domain->lock);
}

/* --------------------------------------------------- one helper, several values */

static void put_flag(struct dmar_domain *domain, bool value)
{
	domain->set_nested = value;	/* PF2122: the second time it is false */
}

void there_and_back(struct dmar_domain *domain)
{
	guard(&domain->lock);
	put_flag(domain, true);
	put_flag(domain, false);
}

struct cursor { bool *flag; };

static void clear_at(struct cursor *c)
{
	*c->flag = false;	/* PF2122: it is the domain's */
}

void by_cursor(struct dmar_domain *domain)
{
	struct cursor c = { &domain->set_nested };

	guard(&domain->lock);
	clear_at(&c);
}

/* ------------------------------------------------------------------ a function that calls itself */

static void put_again(struct dmar_domain *domain, bool value, int n)
{
	domain->set_nested = value;	/* todo PF2122: the second time it is false */
	if (n)
		put_again(domain, false, n - 1);
}

void again_and_again(struct dmar_domain *domain, int n)
{
	guard(&domain->lock);
	put_again(domain, true, n);
}
