/* SPDX-License-Identifier: MIT */
/*
 * PF2118: the two sides of version 3 of the patches, which counts the nested
 * domains. Each function is right or wrong by itself: who is right takes for
 * granted that the others are.
 */
#define VTD_RECORDS_READ_ONLY
#define VTD_COUNTS_NESTED
#include "vtd-example-locks.h"

/* not-applicable PF2119 */

/* ------------------------------------------------------------ as it should be */

int map(struct dmar_domain *domain, int prot)
{
	unsigned long flags;

	if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped) {
		spin_lock_irqsave(&domain->lock, flags);
		if (domain->nested_users > 0) {
			spin_unlock_irqrestore(&domain->lock, flags);
			pr_err_once("read-only mapping on a parent\n");
			return -EINVAL;
		}
		domain->read_only_mapped = true;	/* ok PF2118 */
		spin_unlock_irqrestore(&domain->lock, flags);
	}
	return 0;
}

int nest(struct dmar_domain *s2_domain)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&s2_domain->lock, flags);
	if (s2_domain->read_only_mapped)
		ret = -EINVAL;
	else
		s2_domain->nested_users++;	/* ok PF2118 */
	spin_unlock_irqrestore(&s2_domain->lock, flags);
	return ret;
}

/* Counting down enters nothing, whatever the other side says. */
void unnest(struct dmar_domain *domain)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->s2_domain->lock, flags);
	domain->s2_domain->nested_users--;	/* ok PF2118 */
	spin_unlock_irqrestore(&domain->s2_domain->lock, flags);
}

int map_guarded(struct dmar_domain *domain)
{
	guard(&domain->lock);
	if (domain->nested_users)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

static bool is_nested(struct dmar_domain *domain)
{
	lockdep_assert_held(&domain->lock);
	return domain->nested_users != 0;
}

static void take_lock(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
}

static void give_lock(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);
}

/* The lock and the look are in helpers. */
int map_by_helpers(struct dmar_domain *domain)
{
	int ret = -EINVAL;

	take_lock(domain);
	if (!is_nested(domain)) {
		domain->read_only_mapped = true;	/* ok PF2118 */
		ret = 0;
	}
	give_lock(domain);
	return ret;
}

static int mark(struct dmar_domain *domain)
{
	if (domain->nested_users)
		return -EINVAL;
	domain->read_only_mapped = true;	/* ok PF2118 */
	return 0;
}

/* The helper has the look and the mark, its caller the lock. */
int map_locked_by_caller(struct dmar_domain *domain)
{
	int ret;

	spin_lock(&domain->lock);
	ret = mark(domain);
	spin_unlock(&domain->lock);
	return ret;
}

int map_tries(struct dmar_domain *domain)
{
	if (!spin_trylock(&domain->lock))
		return -EINVAL;
	if (!domain->nested_users)
		domain->read_only_mapped = true;	/* ok PF2118 */
	spin_unlock(&domain->lock);
	return 0;
}

/* Nobody can nest on a domain that is new. */
struct iommu_domain *alloc_read_only(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->read_only_mapped = true;	/* ok PF2118 */
	return &domain->domain;
}

/* Not set is no mark, and neither is what was there already. */
void keep(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	if (domain->read_only_mapped)
		domain->read_only_mapped = true;	/* ok PF2118 */
	spin_unlock(&domain->lock);
}

/* ---------------------------------------------------------------- not that way */

int map_without_lock(struct dmar_domain *domain)
{
	if (domain->nested_users)
		return -EINVAL;
	domain->read_only_mapped = true;	/* PF2118: no lock */
	return 0;
}

int map_without_look(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->read_only_mapped = true;	/* PF2118: nobody asks */
	spin_unlock(&domain->lock);
	return 0;
}

int map_looks_before(struct dmar_domain *domain)
{
	if (domain->nested_users)
		return -EINVAL;
	spin_lock(&domain->lock);
	domain->read_only_mapped = true;	/* PF2118: the look was before the lock */
	spin_unlock(&domain->lock);
	return 0;
}

int map_marks_after(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	if (domain->nested_users) {
		spin_unlock(&domain->lock);
		return -EINVAL;
	}
	spin_unlock(&domain->lock);
	domain->read_only_mapped = true;	/* PF2118: the lock is gone */
	return 0;
}

int map_drops_between(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	if (domain->nested_users) {
		spin_unlock(&domain->lock);
		return -EINVAL;
	}
	spin_unlock(&domain->lock);
	spin_lock(&domain->lock);
	domain->read_only_mapped = true;	/* PF2118: another section */
	spin_unlock(&domain->lock);
	return 0;
}

static void relax(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);
	spin_lock(&domain->lock);
}

/* The same, in a helper. */
int map_drops_in_helper(struct dmar_domain *domain)
{
	int ret = -EINVAL;

	spin_lock(&domain->lock);
	if (!domain->nested_users) {
		relax(domain);
		domain->read_only_mapped = true;	/* PF2118: another section */
		ret = 0;
	}
	spin_unlock(&domain->lock);
	return ret;
}

int map_copies_before(struct dmar_domain *domain)
{
	int users = domain->nested_users;

	spin_lock(&domain->lock);
	if (!users)
		domain->read_only_mapped = true;	/* PF2118: an old copy */
	spin_unlock(&domain->lock);
	return 0;
}

int map_other_lock(struct dmar_domain *domain)
{
	spin_lock(&domain->cache_lock);
	if (!domain->nested_users)
		domain->read_only_mapped = true;	/* PF2118: not this lock */
	spin_unlock(&domain->cache_lock);
	return 0;
}

int map_lock_of_other(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&other->lock);
	if (!domain->nested_users)
		domain->read_only_mapped = true;	/* PF2118: another domain's lock */
	spin_unlock(&other->lock);
	return 0;
}

int map_looks_at_other(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&domain->lock);
	if (!other->nested_users)
		domain->read_only_mapped = true;	/* PF2118: another domain */
	spin_unlock(&domain->lock);
	return 0;
}

int map_scope_ends(struct dmar_domain *domain)
{
	{
		guard(&domain->lock);
		if (domain->nested_users)
			return -EINVAL;
	}
	domain->read_only_mapped = true;	/* PF2118: behind the scope */
	return 0;
}

int map_inverted(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	if (domain->nested_users)
		domain->read_only_mapped = true;	/* PF2118: the wrong way round */
	spin_unlock(&domain->lock);
	return 0;
}

int nest_without_look(struct dmar_domain *s2_domain)
{
	spin_lock(&s2_domain->lock);
	s2_domain->nested_users++;	/* PF2118: nobody asks */
	spin_unlock(&s2_domain->lock);
	return 0;
}

/* The lock of the nested domain, where the parent's is meant. */
int nest_lock_of_child(struct dmar_domain *domain, struct dmar_domain *s2_domain)
{
	int ret = -EINVAL;

	spin_lock(&domain->lock);
	if (!s2_domain->read_only_mapped) {
		s2_domain->nested_users++;	/* PF2118: not the parent's lock */
		ret = 0;
	}
	spin_unlock(&domain->lock);
	return ret;
}

int nest_looks_before(struct dmar_domain *s2_domain)
{
	if (READ_ONCE(s2_domain->read_only_mapped))
		return -EINVAL;
	spin_lock(&s2_domain->lock);
	WRITE_ONCE(s2_domain->nested_users, s2_domain->nested_users + 1);	/* PF2118: late */
	spin_unlock(&s2_domain->lock);
	return 0;
}
