/* SPDX-License-Identifier: MIT */
/*
 * More locks of the callers' in one function than are kept: what its callers hold of them is
 * not decided.
 */
#include "vtd-example-locks.h"

struct many { spinlock_t lock[300]; };

#define USE(n)		(spin_lock(&m->lock[n]), spin_unlock(&m->lock[n]))
#define USE_TEN(n)	(USE(n), USE(n + 1), USE(n + 2), USE(n + 3), USE(n + 4), USE(n + 5), \
			 USE(n + 6), USE(n + 7), USE(n + 8), USE(n + 9))
#define USE_HUNDRED(n)	(USE_TEN(n), USE_TEN(n + 10), USE_TEN(n + 20), USE_TEN(n + 30), \
			 USE_TEN(n + 40), USE_TEN(n + 50), USE_TEN(n + 60), USE_TEN(n + 70), \
			 USE_TEN(n + 80), USE_TEN(n + 90))

/* incomplete PF2132: it uses more locks of its callers than are kept */
static void use_all(struct many *m)
{
	USE_HUNDRED(0);
	USE_HUNDRED(100);
	USE_HUNDRED(200);
}

void held_twice(struct many *m)
{
	spin_lock(&m->lock[299]);
	use_all(m);
	spin_unlock(&m->lock[299]);
}

void balanced(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);
}
