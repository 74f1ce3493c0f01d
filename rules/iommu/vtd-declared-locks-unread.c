/* SPDX-License-Identifier: MIT */
/* A declaration whose lock is not found is told, and nothing is proved. */
#define dmar_domain dmar_domain_without_declarations
#include "vtd-example-locks.h"
#undef dmar_domain

/* incomplete PF2125: the lock '__bitlock(3, &bits)' that it is declared with was not found */

struct dmar_domain {
	spinlock_t lock;
	unsigned long bits;
	unsigned long users __guarded_by(&lock);
	unsigned long by_bit __guarded_by(__bitlock(3, &bits));
	unsigned long by_nothing __guarded_by(&no_such_lock);
};

void locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->users++;	/* ok PF2125 */
	domain->by_bit++;
	domain->by_nothing++;
	spin_unlock(&domain->lock);
}
