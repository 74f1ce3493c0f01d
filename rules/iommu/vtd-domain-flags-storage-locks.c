/* SPDX-License-Identifier: MIT */
/* Storage units where writers hold several locks: two are ordered by one that both hold. */
#include "vtd-example-locks.h"

/* ------------------------------------------ ordered with one that has both is not ordered */

static spinlock_t all_domains;

void with_both(struct dmar_domain *domain)
{
	spin_lock(&all_domains);
	spin_lock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2116 */
	spin_unlock(&domain->lock);
	spin_unlock(&all_domains);
}

void with_the_first(struct dmar_domain *domain)
{
	spin_lock(&all_domains);
	domain->force_snooping = true;	/* ok PF2116: told at the next */
	spin_unlock(&all_domains);
}

void with_the_second(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->set_pte_snp = true;	/* PF2116: nothing orders it with the one before */
	spin_unlock(&domain->lock);
}
