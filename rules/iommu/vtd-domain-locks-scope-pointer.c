/* SPDX-License-Identifier: MIT */
/*
 * PF2110: the address of a local that another local had for a while, in a loop. The form of
 * scoped_guard() is that of include/locks.h. What is lost there is not seen yet: "todo".
 */
#include "vtd-example-locks.h"

bool more(void);

void unlocked(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* PF2110: no lock */
}

void behind_the_scope(struct dmar_domain *domain)
{
	scoped_guard(&domain->lock) {
		if (more())
			domain->dirty_tracking = true;	/* ok PF2110 */
	}
	domain->force_snooping = true;	/* todo PF2110: behind the scope */
}

void broken_out(struct dmar_domain *domain)
{
	scoped_guard(&domain->lock) {
		if (more())
			break;
	}
	domain->force_snooping = true;	/* todo PF2110: behind the scope */
}

struct request { spinlock_t *lock; int n; };

/* No macro: the last one that was seen is noted. */
void last_seen(struct dmar_domain *domain, int n)
{
	struct request r = { &domain->lock, 1 }, *last = NULL;

	spin_lock(r.lock);
	while (n--) {
		last = &r;
		more();
	}
	if (last)
		last->n++;
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(r.lock);
	domain->force_snooping = true;	/* todo PF2110: behind the unlock */
}
