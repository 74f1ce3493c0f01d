/* SPDX-License-Identifier: MIT */
/*
 * Functions that call each other: who calls the one that stores while that is
 * being looked at is not decided.
 */
#include "vtd-example.h"

/* incomplete PF2101: what 'again' is called with depends on how often it was */
int again(struct dmar_domain *domain, u64 v, int n);

static int store(struct dmar_domain *domain, u64 v, int n)
{
	domain->pgd[1].val = v;
	return n ? again(domain, v, n - 1) : 0;
}

int again(struct dmar_domain *domain, u64 v, int n)
{
	return store(domain, v, n);
}
