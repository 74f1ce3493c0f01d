/* SPDX-License-Identifier: MIT */
/* vtd-example-tracking.h - what the examples of PF2133 have besides vtd-example-locks.h */
#ifndef VTD_EXAMPLE_TRACKING_H
#define VTD_EXAMPLE_TRACKING_H

#include "vtd-example-locks.h"

#define ENODEV		19
#define EBUSY		16
#define EOPNOTSUPP	95

struct intel_iommu {
	int id;
	spinlock_t lock;
};

/* Bit 0: the hardware looks at it; bit 1: it tracks what is written. */
struct pasid_entry { unsigned long val[2]; };

struct device_domain_info {
	struct list_head link;
	struct intel_iommu *iommu;
	struct pasid_entry *table;
	bool is_idle;
};

#define list_first_entry(head, type, member)	container_of((head)->next, type, member)
#define list_for_each_entry(pos, head, member) \
	for (pos = list_first_entry(head, struct device_domain_info, member); \
	     &pos->member != (head); \
	     pos = list_first_entry(&pos->member, struct device_domain_info, member))
#define list_for_each_domain(pos, head) \
	for (pos = list_first_entry(head, struct dmar_domain, s2_link); \
	     &pos->s2_link != (head); \
	     pos = list_first_entry(&pos->s2_link, struct dmar_domain, s2_link))

static inline void set_bits(unsigned long *val, unsigned long mask, unsigned long bits)
{
	*val = (*val & ~mask) | bits;
}

static inline void set_present(struct pasid_entry *pte)
{
	set_bits(&pte->val[0], 1, 1);
}

static inline void set_tracked(struct pasid_entry *pte)
{
	set_bits(&pte->val[0], 2, 2);
}

static inline void clear_tracked(struct pasid_entry *pte)
{
	set_bits(&pte->val[0], 2, 0);
}

static inline bool is_present(const struct pasid_entry *pte)
{
	return pte->val[0] & 1;
}

static inline bool is_tracked(const struct pasid_entry *pte)
{
	return pte->val[0] & 2;
}

static inline struct pasid_entry *entry_of(struct device_domain_info *info, int pasid)
{
	return info->table ? &info->table[pasid] : NULL;
}

#endif
