/* SPDX-License-Identifier: MIT */
/*
 * PF2135: the lock of a domain that is a member of another record. PF2132 finds all of these.
 */
#include "vtd-example-locks.h"

bool more(void);

struct nested_domain { u64 table; struct dmar_domain domain; };

int plain(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* PF2135: kept on an error */
	if (more())
		return -EINVAL;
	spin_unlock(&domain->lock);
	return 0;
}

int fine(struct dmar_domain *domain)
{
	guard(&domain->lock);	/* ok PF2135 */
	return more() ? -EINVAL : 0;
}

int embedded(struct nested_domain *nested)
{
	spin_lock(&nested->domain.lock);	/* PF2135: kept on an error */
	if (more())
		return -EINVAL;
	spin_unlock(&nested->domain.lock);
	return 0;
}

void twice(struct nested_domain *nested)
{
	spin_lock(&nested->domain.lock);
	spin_lock(&nested->domain.lock);	/* PF2135: held already */
	spin_unlock(&nested->domain.lock);
}

/* Deeper, and in an array. */
struct rack { int n; struct nested_domain slot[4]; };

int in_an_array(struct rack *rack, unsigned int i)
{
	struct nested_domain *nested = &rack->slot[i & 3];

	spin_lock(&nested->domain.lock);	/* PF2135: kept on an error */
	if (more())
		return -EINVAL;
	spin_unlock(&nested->domain.lock);
	return 0;
}

int in_the_second(struct rack *rack)
{
	spin_lock(&rack->slot[1].domain.lock);	/* PF2135: kept on an error */
	if (more())
		return -EINVAL;
	spin_unlock(&rack->slot[1].domain.lock);
	return 0;
}

int embedded_fine(struct rack *rack)
{
	guard(&rack->slot[2].domain.lock);	/* ok PF2135 */
	return more() ? -EINVAL : 0;
}

/* Another lock of the record around the domain is not asked for. */
struct other { spinlock_t lock; struct dmar_domain domain; };

int of_the_other(struct other *o)
{
	spin_lock(&o->lock);	/* ok PF2135 */
	if (more())
		return -EINVAL;
	spin_unlock(&o->lock);
	return 0;
}
