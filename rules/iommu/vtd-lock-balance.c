/* SPDX-License-Identifier: MIT */
/*
 * PF2132: a function leaves each lock as it found it.
 */
#include "vtd-example-locks.h"

/* ------------------------------------------------------------------ balanced */

int one_label(struct dmar_domain *domain, bool supported)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&domain->lock, flags);	/* ok PF2132 */
	if (!supported) {
		ret = -EINVAL;
		goto out;
	}
	domain->force_snooping = true;
out:
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
	return ret;
}

int by_scope(struct dmar_domain *domain, bool supported)
{
	guard(&domain->lock);	/* ok PF2132 */
	if (!supported)
		return -EINVAL;
	domain->force_snooping = true;
	return 0;
}

int if_free(struct dmar_domain *domain)
{
	if (!spin_trylock(&domain->lock))	/* ok PF2132 */
		return -EINVAL;
	domain->force_snooping = true;
	spin_unlock(&domain->lock);
	return 0;
}

int only_sometimes(struct dmar_domain *domain, bool locked)
{
	if (locked)
		spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	if (locked)
		spin_unlock(&domain->lock);
	return 0;
}

/* The caller gets it, on the one way that there is. */
void begin(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
}

void end(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);	/* ok PF2132 */
}

int by_wrappers(struct dmar_domain *domain)
{
	begin(domain);
	domain->force_snooping = true;
	end(domain);
	return 0;
}

/* Two objects have two locks. */
void both(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&domain->lock);
	spin_lock(&other->lock);	/* ok PF2132 */
	spin_unlock(&other->lock);
	spin_unlock(&domain->lock);
}

/* The lock is given up for a while. */
void relax(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);	/* ok PF2132 */
	spin_lock(&domain->lock);
}

int interruptible(struct mutex *m, int *n)
{
	if (mutex_lock_interruptible(m))	/* ok PF2132 */
		return -EINVAL;
	(*n)++;
	mutex_unlock(m);
	return 0;
}

/* Taken where it says so, and by the result the caller knows. */
bool begin_if_free(struct dmar_domain *domain)
{
	return spin_trylock(&domain->lock);	/* ok PF2132 */
}

/* -------------------------------------------------------------- not balanced */

int early_return(struct dmar_domain *domain, bool supported)
{
	spin_lock(&domain->lock);	/* PF2132: held at the first return */
	if (!supported)
		return -EINVAL;
	domain->force_snooping = true;
	spin_unlock(&domain->lock);
	return 0;
}

int error_way(struct dmar_domain *domain, struct dma_pte *pte)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);	/* PF2132: held where there is no table */
	if (!pte)
		return -ENOMEM;
	pte->val = 0;
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

int twice(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_lock(&domain->lock);	/* PF2132: held already */
	domain->agaw++;
	spin_unlock(&domain->lock);
	spin_unlock(&domain->lock);
	return 0;
}

static void track(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = true;
	spin_unlock(&domain->lock);
}

/* The second time is in a helper. */
int twice_by_helper(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	track(domain);	/* PF2132: held already, which the callee does not know */
	spin_unlock(&domain->lock);
	return 0;
}

int wrong_flags(struct dmar_domain *domain)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	domain->force_snooping = true;
	spin_unlock_irq(&domain->lock);	/* PF2132: by a wrapper; interrupts go on */
	return 0;
}

int wrong_restore(struct dmar_domain *domain, unsigned long flags)
{
	_raw_spin_lock_irq(&domain->lock);
	domain->force_snooping = true;
	spin_unlock_irqrestore(&domain->lock, flags);	/* PF2132: whose flags? */
	return 0;
}

/* Interrupts stay off meanwhile. */
int relax_irq_off(struct dmar_domain *domain)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	_raw_spin_unlock(&domain->lock);	/* ok PF2132 */
	_raw_spin_lock(&domain->lock);
	domain->force_snooping = true;
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
	return 0;
}

int double_unlock(struct dmar_domain *domain, bool supported)
{
	spin_lock(&domain->lock);
	if (!supported)
		spin_unlock(&domain->lock);
	domain->agaw++;
	spin_unlock(&domain->lock);	/* PF2132: given back twice */
	return 0;
}

int other_object(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&domain->lock);
	domain->agaw++;
	spin_unlock(&other->lock);	/* todo PF2132: takes one, gives another, on every way */
	return 0;
}
