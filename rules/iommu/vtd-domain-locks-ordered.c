/* SPDX-License-Identifier: MIT */
/*
 * PF2110: two domains are locked in the order of their addresses.
 */
#include "vtd-example-locks.h"

void _raw_spin_lock_nested(spinlock_t *lock, int subclass);

#define min(x, y)	({ __typeof__(x) ux = (x), uy = (y); ux < uy ? ux : uy; })
#define max(x, y)	({ __typeof__(x) ux = (x), uy = (y); ux > uy ? ux : uy; })

void unlocked(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* PF2110: no lock */
}

void by_min_and_max(struct dmar_domain *a, struct dmar_domain *b)
{
	spin_lock(&min(a, b)->lock);
	if (a != b)
		_raw_spin_lock_nested(&max(a, b)->lock, 1);
	a->dirty_tracking = true;	/* fixme PF2110: it is safe */
	b->dirty_tracking = true;	/* fixme PF2110: it is safe */
	if (a != b)
		spin_unlock(&max(a, b)->lock);
	spin_unlock(&min(a, b)->lock);
}

static void exchange(struct dmar_domain **a, struct dmar_domain **b)
{
	struct dmar_domain *t = *a;

	*a = *b;
	*b = t;
}

void by_a_function(struct dmar_domain *a, struct dmar_domain *b)
{
	struct dmar_domain *x = a, *y = b;

	if (x > y)
		exchange(&x, &y);
	spin_lock(&x->lock);
	if (x != y)
		_raw_spin_lock_nested(&y->lock, 1);
	a->dirty_tracking = true;	/* fixme PF2110: it is safe */
	b->dirty_tracking = true;	/* fixme PF2110: it is safe */
	if (x != y)
		spin_unlock(&y->lock);
	spin_unlock(&x->lock);
}
