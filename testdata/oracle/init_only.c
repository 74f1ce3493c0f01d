/* SPDX-License-Identifier: MIT */
/*
 * A role that is given at allocation and never changes needs no lock; its
 * neighbours in the storage unit do. The other design of a nesting parent.
 */
#include "oracle.h"

struct domain {
	spinlock_t lock;
	unsigned char parent:1;
	unsigned char has_mappings:1;
	unsigned char dirty_tracking:1;
	bool entry_read_only, hw_nested;
};

static struct domain *shared;
static spinlock_t table_lock;

static void publish(struct domain *d)
{
	spin_lock(&table_lock);
	shared = d;
	spin_unlock(&table_lock);
}

static struct domain *get(void)
{
	struct domain *d;

	spin_lock(&table_lock);
	d = shared;
	spin_unlock(&table_lock);
	return d;
}

static int never_both(void)
{
	return !shared || !(shared->entry_read_only && shared->hw_nested);
}

static void allocator(void)
{
	struct domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	d->parent = oracle_choose(2);
	publish(d);
}

static void allocator_flag_late(void)
{
	struct domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	publish(d);
	spin_lock(&d->lock);
	d->parent = 1;
	spin_unlock(&d->lock);
}

static void mapper(void)
{
	struct domain *d = get();

	if (d && !d->parent)
		WRITE_ONCE(d->entry_read_only, true);
}

static void mapper_without_guard(void)
{
	struct domain *d = get();

	if (d)
		WRITE_ONCE(d->entry_read_only, true);
}

static void nester(void)
{
	struct domain *d = get();

	if (d && d->parent)
		WRITE_ONCE(d->hw_nested, true);
}

static void nester_without_test(void)
{
	struct domain *d = get();

	if (d)
		WRITE_ONCE(d->hw_nested, true);
}

/*
 * Any of the three parts away, and the hole is open.
 * oracle: threads=allocator,mapper,nester always=never_both expect=holds
 * oracle: threads=allocator_flag_late,mapper,nester always=never_both expect=broken+race
 * oracle: threads=allocator,mapper_without_guard,nester always=never_both expect=broken
 * oracle: threads=allocator,mapper,nester_without_test always=never_both expect=broken
 */

static void setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	shared->parent = 1;
}

static void detach_clears(void)
{
	spin_lock(&shared->lock);
	shared->parent = 0;
	spin_unlock(&shared->lock);
}

/* oracle: init=setup threads=detach_clears,mapper,nester always=never_both expect=broken+race */

/* Neighbours: the one that is not written again cannot be lost, the others can. */
static void map_unlocked(void)
{
	shared->has_mappings = 1;
}

static void map_locked(void)
{
	spin_lock(&shared->lock);
	shared->has_mappings = 1;
	spin_unlock(&shared->lock);
}

static void track_locked(void)
{
	spin_lock(&shared->lock);
	shared->dirty_tracking = 1;
	spin_unlock(&shared->lock);
}

static void track_after_unlock(void)
{
	spin_lock(&shared->lock);
	spin_unlock(&shared->lock);
	shared->dirty_tracking = 1;
}

static int all_kept(void)
{
	return shared->parent && shared->has_mappings && shared->dirty_tracking;
}

static int parent_kept(void)
{
	return shared->parent;
}

/*
 * oracle: init=setup threads=map_unlocked,track_locked check=all_kept expect=broken+race
 * oracle: init=setup threads=map_unlocked,track_locked check=parent_kept expect=race
 * oracle: init=setup threads=map_locked,track_locked check=all_kept expect=holds
 * oracle: init=setup threads=map_locked,track_after_unlock check=all_kept expect=broken+race
 * oracle: init=setup threads=map_unlocked,nester,mapper always=never_both expect=race
 */
