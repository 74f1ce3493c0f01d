/* SPDX-License-Identifier: MIT */
/* vtd-example-locks.h - what the examples of the lock rules have besides vtd-example.h */
#ifndef VTD_EXAMPLE_LOCKS_H
#define VTD_EXAMPLE_LOCKS_H

#include "vtd-example.h"
#include "include/locks.h"

struct device_info {
	struct list_head link;
	struct dmar_domain *domain;
	bool supports_snooping;
};

struct cache_tag {
	struct list_head node;
	int users;
};

#endif
