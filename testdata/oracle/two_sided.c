/* SPDX-License-Identifier: MIT */
/*
 * "A refuses when B, and B refuses when A": a domain is not nested while it has
 * read-only mappings. BITS: the flags are bit-fields.
 */
#include "oracle.h"

#ifdef BITS
#define FLAG(name) unsigned char name:1
#else
#define FLAG(name) bool name
#endif

struct domain {
	spinlock_t lock, other_lock;
	FLAG(read_only_mapped);
	FLAG(nested);
	FLAG(neighbour);
	int nested_users;
	bool entry_read_only;	/* what the hardware sees */
	bool hw_nested;
};

static struct domain d, other;

static int never_both(void)
{
	return !(d.entry_read_only && d.hw_nested);
}

static void mapper(void)
{
	if (!d.read_only_mapped) {
		spin_lock(&d.lock);
		if (d.nested || d.nested_users) {
			spin_unlock(&d.lock);
			return;
		}
		d.read_only_mapped = true;
		spin_unlock(&d.lock);
	}
	WRITE_ONCE(d.entry_read_only, true);
}

static void mapper_looks_locked(void)
{
	spin_lock(&d.lock);
	if (d.nested) {
		spin_unlock(&d.lock);
		return;
	}
	d.read_only_mapped = true;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.entry_read_only, true);
}

static void nester(void)
{
	spin_lock(&d.lock);
	if (d.read_only_mapped) {
		spin_unlock(&d.lock);
		return;
	}
	d.nested = true;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, true);
}

static void touch_neighbour(void)
{
	d.neighbour = true;
}

static void touch_neighbour_locked(void)
{
	spin_lock(&d.lock);
	d.neighbour = true;
	spin_unlock(&d.lock);
}

static void touch_neighbour_other_lock(void)
{
	spin_lock(&d.other_lock);
	d.neighbour = true;
	spin_unlock(&d.other_lock);
}

static int flags_kept(void)
{
	return (!d.entry_read_only || d.read_only_mapped) && (!d.hw_nested || d.nested);
}

/*
 * The look without the lock is benign, since the flag only rises, and yet a
 * plain read beside a plain write. Two mappers are wanted for it.
 * oracle: threads=mapper,nester always=never_both expect=holds
 * oracle: threads=mapper,mapper,nester always=never_both expect=race
 * oracle: threads=mapper,nester always=never_both define=BITS expect=race
 *
 * oracle: threads=mapper_looks_locked,nester always=never_both expect=holds
 * oracle: threads=mapper_looks_locked,nester always=never_both define=BITS expect=holds
 * oracle: threads=mapper_looks_locked,touch_neighbour check=flags_kept expect=holds
 * oracle: threads=mapper_looks_locked,touch_neighbour check=flags_kept define=BITS expect=broken+race
 * oracle: threads=nester,touch_neighbour check=flags_kept define=BITS expect=broken+race
 * oracle: threads=nester,touch_neighbour_locked check=flags_kept define=BITS expect=holds
 * oracle: threads=nester,touch_neighbour_other_lock check=flags_kept define=BITS expect=broken+race
 *
 * A lost flag opens the hole.
 * oracle: threads=mapper_looks_locked,nester,touch_neighbour always=never_both define=BITS
 *	expect=broken+race
 */

static void nester_checks_before_lock(void)
{
	if (READ_ONCE(*(bool *)&d.entry_read_only))
		return;
	spin_lock(&d.lock);
	d.nested = true;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, true);
}

static void nester_writes_after_unlock(void)
{
	bool refused;

	spin_lock(&d.lock);
	refused = d.read_only_mapped;
	spin_unlock(&d.lock);
	if (refused)
		return;
	d.nested = true;
	WRITE_ONCE(d.hw_nested, true);
}

static void nester_other_object(void)
{
	spin_lock(&other.lock);
	if (!d.read_only_mapped) {
		d.nested = true;
		WRITE_ONCE(d.hw_nested, true);
	}
	spin_unlock(&other.lock);
}

static void nester_no_look(void)
{
	spin_lock(&d.lock);
	d.nested = true;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, true);
}

static void nester_returns_locked(void)
{
	spin_lock(&d.lock);
	if (d.read_only_mapped)
		return;
	d.nested = true;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, true);
}

/*
 * oracle: threads=mapper_looks_locked,nester_checks_before_lock always=never_both expect=broken
 * oracle: threads=mapper_looks_locked,nester_writes_after_unlock always=never_both
 *	expect=broken+race
 * oracle: threads=mapper_looks_locked,nester_other_object always=never_both expect=broken+race
 * oracle: threads=mapper_looks_locked,nester_no_look always=never_both expect=broken
 * oracle: threads=mapper_looks_locked,nester_returns_locked always=never_both expect=leak
 */

/* The sticky flag falls. */
static void unmapper(void)
{
	spin_lock(&d.lock);
	d.read_only_mapped = false;
	spin_unlock(&d.lock);
}

/* oracle: threads=mapper_looks_locked,nester,unmapper always=never_both expect=broken */

/* A counter that falls again: safe as long as nothing is nested at zero. */
static void nest_and_leave(void)
{
	spin_lock(&d.lock);
	if (d.read_only_mapped) {
		spin_unlock(&d.lock);
		return;
	}
	d.nested_users++;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, true);
	WRITE_ONCE(d.hw_nested, false);
	spin_lock(&d.lock);
	d.nested_users--;
	spin_unlock(&d.lock);
}

static void leave_too_early(void)
{
	spin_lock(&d.lock);
	if (d.read_only_mapped) {
		spin_unlock(&d.lock);
		return;
	}
	d.nested_users++;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, true);
	spin_lock(&d.lock);
	d.nested_users--;
	spin_unlock(&d.lock);
	WRITE_ONCE(d.hw_nested, false);
}

/*
 * oracle: threads=mapper,nest_and_leave always=never_both expect=holds
 * oracle: threads=mapper,leave_too_early always=never_both expect=broken
 */
