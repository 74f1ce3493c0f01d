/* SPDX-License-Identifier: MIT */
/*
 * PF2110: a domain that is given back on every way that is meant, by a helper or behind a warning.
 */
#include "vtd-example-locks.h"

void __warn_printk(const char *fmt, ...);

#define WARN_ON(c) ({ \
	int __ret = !!(c); \
	if (unlikely(__ret)) \
		__warn_printk("warning"); \
	unlikely(__ret); \
})

void unlocked(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* PF2110: no lock */
}

static void put(struct dmar_domain *domain, bool last)
{
	if (last)
		kfree(domain);
}

void by_helper(struct dmar_domain *domain)
{
	domain->dirty_tracking = false;	/* fixme PF2110: it is given back */
	put(domain, true);
}

/* The warning is a call, as where there is no instruction for it (WARN_ONCE(), other machines). */
void behind_a_warning(struct dmar_domain *domain)
{
	domain->dirty_tracking = false;	/* fixme PF2110: it is given back */
	if (WARN_ON(domain->agaw))
		return;
	kfree(domain);
}
