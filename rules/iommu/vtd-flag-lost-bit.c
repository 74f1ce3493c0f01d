/* SPDX-License-Identifier: MIT */
/*
 * PF2131: a flag of one bit keeps bit 0 of what it is assigned.
 */
#include "vtd-example.h"

#define ALLOC_NEST_PARENT	(1u << 0)
#define ALLOC_DIRTY_TRACKING	(1u << 1)
#define ALLOC_PASID		(1u << 3)

void set_masked(struct dmar_domain *domain, u32 flags)
{
	domain->dirty_tracking = flags & ALLOC_DIRTY_TRACKING;	/* PF2131: always 0 */
}

void set_masked_before(struct dmar_domain *domain, u32 flags)
{
	u32 wanted = flags & ALLOC_PASID;

	domain->dirty_tracking = wanted;	/* PF2131: always 0 */
}

void set_mask_too_wide(struct dmar_domain *domain, u32 flags)
{
	domain->nested_parent = flags & (ALLOC_NEST_PARENT | ALLOC_PASID);	/* PF2131: cuts off bit 3 */
}

void set_constant(struct dmar_domain *domain)
{
	domain->has_mappings = 2;	/* PF2131: stores 0 */
	domain->force_snooping = 3;	/* PF2131: stores 1, but not what is written */
}

/* One of the constants of a choice does not fit. */
void set_choice(struct dmar_domain *domain, bool wanted, int level)
{
	int value = 0;

	domain->force_snooping = wanted ? 1 : 2;	/* PF2131: the 2 is stored as 0 */
	if (level > 3)
		value = ALLOC_PASID;
	domain->nested_parent = value;	/* PF2131: always 0 */
	domain->has_mappings = level > 3 ? 1 : 0;	/* ok PF2131 */
	if (wanted)
		return;
	domain->dirty_tracking = wanted ? 2 : 1;	/* ok PF2131: it is 1 here */
}

void set_or(struct dmar_domain *domain, u32 flags)
{
	domain->dirty_tracking |= flags & ALLOC_DIRTY_TRACKING;	/* PF2131: adds nothing */
}

void set_shifted(struct dmar_domain *domain, u32 flags)
{
	domain->dirty_tracking = flags << 1;	/* PF2131: bit 0 is always 0 */
}

/* The two masks have no bit in common. */
void set_other_mask(struct dmar_domain *domain, u32 flags)
{
	u32 wanted = flags & ALLOC_DIRTY_TRACKING & ALLOC_NEST_PARENT;

	domain->nested_parent = wanted;	/* todo PF2131: the empty mask is not in the assignment */
	domain->dirty_tracking = flags & ALLOC_PASID & ALLOC_NEST_PARENT;	/* PF2131: always 0 */
}

struct dmar_domain *set_at_allocation(u32 flags)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	domain->nested_parent = flags & ALLOC_NEST_PARENT;	/* ok PF2131: it is bit 0 */
	domain->use_first_level = !!(flags & ALLOC_PASID);	/* ok PF2131 */
	domain->dirty_tracking = (flags & ALLOC_DIRTY_TRACKING) != 0;	/* ok PF2131 */
	domain->has_mappings = (flags & ALLOC_DIRTY_TRACKING) >> 1;	/* ok PF2131 */
	domain->force_snooping = true;	/* ok PF2131 */
	return domain;
}

/* Of a value that may be anything nothing is known to be lost. */
void set_unknown(struct dmar_domain *domain, int level, u8 small, bool enable)
{
	domain->force_snooping = level;	/* ok PF2131 */
	domain->has_mappings = small;	/* ok PF2131 */
	domain->dirty_tracking = enable;	/* ok PF2131 */
}

void set_complement(struct dmar_domain *domain)
{
	domain->dirty_tracking = ~domain->dirty_tracking;	/* ok PF2131: turned round */
	domain->force_snooping = !domain->force_snooping;	/* ok PF2131 */
	domain->has_mappings = -1;	/* ok PF2131: all bits of the field */
	domain->use_first_level |= domain->nested_parent;	/* ok PF2131 */
	domain->nested_parent &= domain->dirty_tracking;	/* ok PF2131 */
}

/* Unsigned: 1 is 1. */
int compare(const struct dmar_domain *domain)
{
	return domain->nested_parent == 1;	/* ok PF2131 */
}

/* The caller's mask is not known where the field is written. */
static void set_by_helper(struct dmar_domain *domain, u32 value)
{
	domain->dirty_tracking = value;	/* todo PF2131: the caller gives it bit 1 */
}

void set_through_helper(struct dmar_domain *domain, u32 flags)
{
	set_by_helper(domain, flags & ALLOC_DIRTY_TRACKING);
}
