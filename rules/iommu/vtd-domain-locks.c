/* SPDX-License-Identifier: MIT */
/* PF2110, PF2111: the flags of a domain that are written under its lock. */
#include "vtd-example-locks.h"

/* ----------------------------------------------------------------- the lock is held */

int set_dirty_tracking(struct dmar_domain *domain, bool enable)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	if (domain->dirty_tracking != enable)
		domain->dirty_tracking = enable;	/* ok PF2110 */
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

void force_snooping_guarded(struct dmar_domain *domain)
{
	guard(&domain->lock);
	domain->set_pte_snp = true;	/* ok PF2111 */
	domain->force_snooping = true;	/* ok PF2110 */
}

/* The callers hold it, and each of them here does. */
static void set_snooping(struct dmar_domain *domain)
{
	lockdep_assert_held(&domain->lock);
	domain->set_pte_snp = true;	/* ok PF2111 */
}

void force_snooping_by_helper(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	set_snooping(domain);
	spin_unlock(&domain->lock);
}

static spinlock_t *lock_domain(struct dmar_domain *domain)
{
	spin_lock_irq(&domain->lock);
	return &domain->lock;
}

static void unlock_domain(struct dmar_domain *domain)
{
	spin_unlock_irq(&domain->lock);
}

void track_by_wrapper(struct dmar_domain *domain, bool enable)
{
	lock_domain(domain);
	domain->dirty_tracking = enable;	/* ok PF2110 */
	unlock_domain(domain);
}

int track_if_free(struct dmar_domain *domain, bool enable)
{
	if (!spin_trylock(&domain->lock))
		return -EINVAL;
	domain->dirty_tracking = enable;	/* ok PF2110 */
	spin_unlock(&domain->lock);
	return 0;
}

/* Two domains at once: each flag under its own lock. */
void track_both(struct dmar_domain *domain, struct dmar_domain *s1_domain, bool enable)
{
	spin_lock(&domain->lock);
	spin_lock(&s1_domain->lock);
	s1_domain->dirty_tracking = enable;	/* ok PF2110 */
	spin_unlock(&s1_domain->lock);
	domain->dirty_tracking = enable;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* The lock is given back on each branch by itself. */
int track_branches(struct dmar_domain *domain, bool enable)
{
	spin_lock(&domain->lock);
	if (!domain->use_first_level) {
		domain->dirty_tracking = enable;	/* ok PF2110 */
		spin_unlock(&domain->lock);
		return 0;
	}
	spin_unlock(&domain->lock);
	return -EINVAL;
}

/* -------------------------------------------------------- others cannot see it yet */

static struct dmar_domain *alloc(bool first_stage)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	spin_lock_init(&domain->lock);
	domain->use_first_level = first_stage;
	domain->dirty_tracking = false;		/* ok PF2110 */
	return domain;
}

struct iommu_domain *alloc_snooping(void)
{
	struct dmar_domain *domain = alloc(false);

	if (!domain)
		return NULL;
	domain->force_snooping = true;	/* ok PF2110 */
	domain->set_pte_snp = true;	/* ok PF2111 */
	return &domain->domain;
}

void free_domain(struct iommu_domain *d)
{
	struct dmar_domain *domain = to_dmar_domain(d);

	domain->dirty_tracking = false;	/* ok PF2110 */
	kfree(domain);
}

/* Reads are free. */
bool snoops(struct dmar_domain *domain)
{
	return domain->force_snooping || READ_ONCE(domain->pgd);	/* ok PF2110 */
}

/* ---------------------------------------------------------------------- no lock */

void track_unlocked(struct dmar_domain *domain, bool enable)
{
	domain->dirty_tracking = enable;	/* PF2110: no lock */
}

void track_late(struct dmar_domain *domain, bool enable)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	domain->dirty_tracking = enable;	/* PF2110: a line too late */
}

void track_early(struct dmar_domain *domain)
{
	domain->dirty_tracking |= true;		/* PF2110: a line too early */
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
}

void track_other_lock(struct dmar_domain *domain, bool enable)
{
	spin_lock(&domain->cache_lock);
	domain->dirty_tracking = enable;	/* PF2110: not this lock */
	spin_unlock(&domain->cache_lock);
}

void track_lock_of_other(struct dmar_domain *domain, struct dmar_domain *other, bool enable)
{
	spin_lock(&other->lock);
	domain->dirty_tracking = enable;	/* PF2110: another domain's lock */
	spin_unlock(&other->lock);
}

int track_one_way(struct dmar_domain *domain, bool enable)
{
	if (enable)
		spin_lock(&domain->lock);
	domain->dirty_tracking = enable;	/* PF2110: unlocked where it is switched off */
	if (enable)
		spin_unlock(&domain->lock);
	return 0;
}

static void mark_snooping(struct dmar_domain *domain)
{
	domain->set_pte_snp = true;	/* PF2111: one caller has no lock */
}

void mark_locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	mark_snooping(domain);
	spin_unlock(&domain->lock);
}

void mark_unlocked(struct dmar_domain *domain)
{
	mark_snooping(domain);
}

void mark_behind_scope(struct dmar_domain *domain)
{
	scoped_guard(&domain->lock)
		domain->force_snooping = true;	/* ok PF2110 */
	domain->force_snooping = true;	/* PF2110: behind the scope */
}

static void drop(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);
}

void mark_after_drop(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	drop(domain);
	domain->set_pte_snp = true;	/* PF2111: a helper has given it back */
}

struct holder {
	struct dmar_domain *domain;
};

/* The domain is stored where others find it, and then written. */
int publish_first(struct holder *holder)
{
	struct dmar_domain *domain = alloc(false);

	if (!domain)
		return -ENOMEM;
	holder->domain = domain;
	domain->force_snooping = true;	/* PF2110: published before */
	return 0;
}
