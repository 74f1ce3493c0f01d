/* SPDX-License-Identifier: MIT */
/*
 * PF2116, where several ways lead to one store: that some are made under a lock which may be
 * another domain's takes nothing from the one that is made without any.
 */
#include "vtd-example-locks.h"

struct pair {
	struct dmar_domain *one, *other;
	struct mutex lock;
};

static void sync(struct dmar_domain *domain)
{
	domain->iotlb_sync_map = true;	/* PF2116: add() has no lock */
}

static void mark(struct dmar_domain *domain)
{
	domain->has_mappings = true;	/* PF2116: map() has no lock */
}

void both(struct pair *pair)
{
	mutex_lock(&pair->lock);
	mark(pair->one);
	spin_lock(&pair->one->lock);
	sync(pair->other);
	mark(pair->other);
	spin_unlock(&pair->one->lock);
	mutex_unlock(&pair->lock);
}

void map(struct dmar_domain *domain)
{
	mark(domain);
}

void add(struct dmar_domain *domain)
{
	sync(domain);
}
