/* SPDX-License-Identifier: MIT */
/*
 * PF2110: the address of a local that another local had for a while, in a loop. The form of
 * scoped_guard() is that of include/locks.h. Which lock is given back at the end is not
 * known then: what follows is for review.
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
	domain->force_snooping = true;	/* review PF2110: behind the scope */
}

void broken_out(struct dmar_domain *domain)
{
	scoped_guard(&domain->lock) {
		if (more())
			break;
	}
	domain->force_snooping = true;	/* review PF2110: behind the scope */
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
	domain->force_snooping = true;	/* review PF2110: behind the unlock */
}

/* The same with a scope in a scope, and one that is left by a jump. */
void scope_in_scope(struct dmar_domain *domain, struct dmar_domain *other)
{
	scoped_guard(&other->lock) {
		scoped_guard(&domain->lock)
			domain->dirty_tracking = true;	/* ok PF2110 */
		domain->force_snooping = true;	/* PF2110: behind the inner scope */
		other->dirty_tracking = true;	/* ok PF2110 */
	}
}

void gone_out(struct dmar_domain *domain, int n)
{
	while (n--) {
		scoped_guard(&domain->lock) {
			if (more())
				goto out;
		}
	}
out:
	domain->force_snooping = true;	/* review PF2110: behind the scope */
}

/* The pointer is moved along in the loop. */
void the_last_of_them(struct dmar_domain *domain, int n)
{
	struct request all[4] = { { &domain->lock, 1 } }, *last = &all[0];

	spin_lock(last->lock);
	while (n-- && more())
		last = last->n ? last : &all[0];
	spin_unlock(last->lock);
	domain->force_snooping = true;	/* PF2110: behind the unlock */
}
