/* SPDX-License-Identifier: MIT */
/*
 * PF2117: new domains that only a list of the function's own has, in a loop.
 */
#include "vtd-example-locks.h"

struct slot { struct list_head node; struct dmar_domain domain; };

static struct dmar_domain *last;

void alloc_some(int n)
{
	struct list_head mine;
	struct slot *slot;

	INIT_LIST_HEAD(&mine);
	while (n--) {
		slot = kzalloc(sizeof(*slot), GFP_KERNEL);
		if (!slot)
			return;
		list_add(&slot->node, &mine);
		slot->domain.nested_parent = true;	/* fixme PF2117: nobody else has the list */
	}
}

int alloc_shown(void)
{
	struct slot *slot = kzalloc(sizeof(*slot), GFP_KERNEL);

	if (!slot)
		return -ENOMEM;
	last = &slot->domain;
	slot->domain.nested_parent = true;	/* PF2117: it is shown */
	return 0;
}
