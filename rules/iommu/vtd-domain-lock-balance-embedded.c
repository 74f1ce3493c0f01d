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
	spin_lock(&nested->domain.lock);	/* todo PF2135: kept on an error */
	if (more())
		return -EINVAL;
	spin_unlock(&nested->domain.lock);
	return 0;
}

void twice(struct nested_domain *nested)
{
	spin_lock(&nested->domain.lock);
	spin_lock(&nested->domain.lock);	/* todo PF2135: held already */
	spin_unlock(&nested->domain.lock);
}
