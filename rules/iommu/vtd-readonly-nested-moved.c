/* SPDX-License-Identifier: MIT */
/*
 * PF2101 through a pointer to a scalar that moves, which its callers know more of.
 */
#include "vtd-example.h"

/* ----------------------------------------------------------------- by a loop, in a helper */

static void fill(u64 *p, int n)
{
	while (n--)
		*p++ = DMA_PTE_READ;	/* PF2101: one behind the other */
}

void by_fill(struct dmar_domain *domain)
{
	fill(&domain->pgd->val, 512);
}

static void fill_plain(u64 *p, int n)
{
	for (; n; n--, p++)
		*p = DMA_PTE_RW;	/* ok PF2101 */
}

void by_fill_plain(struct dmar_domain *domain)
{
	fill_plain(&domain->pgd->val, 512);
}

static void fill_guarded(u64 *p, int n)
{
	while (n--)
		*p++ = DMA_PTE_READ;	/* ok PF2101 */
}

void by_fill_guarded(struct dmar_domain *domain)
{
	if (!domain->nested_parent)
		fill_guarded(&domain->pgd->val, 512);
}

static void fill_steps(u64 *p, int n, int step)
{
	for (; n; n--, p += step)
		*p = DMA_PTE_READ;	/* PF2101: by steps */
}

void by_fill_steps(struct dmar_domain *domain, int n, int step)
{
	fill_steps(&domain->pgd->val, n, step);
}

static void fill_until(u64 *p, u64 *end)
{
	for (; p < end; p++)
		*p = DMA_PTE_READ;	/* PF2101: up to an end */
}

void by_fill_until(struct dmar_domain *domain, int n)
{
	fill_until(&domain->pgd[0].val, &domain->pgd[n].val);
}

static void fill_bytes(unsigned char *p, int n)
{
	for (; n; n--, p += sizeof(u64))
		*(u64 *)p = DMA_PTE_READ;	/* PF2101: a pointer to bytes */
}

void by_fill_bytes(struct dmar_domain *domain, int n)
{
	fill_bytes((unsigned char *)domain->pgd, n);
}

/* ------------------------------------------------ in the function that knows the domain */

void fill_own(struct dmar_domain *domain, int n)
{
	u64 *p = &domain->pgd->val;

	while (n--)
		*p++ = DMA_PTE_READ;	/* PF2101: the same */
}

void fill_own_steps(struct dmar_domain *domain, int n, int step)
{
	u64 *p = &domain->pgd->val;

	for (; n; n--, p += step)
		*p = DMA_PTE_READ;	/* PF2101: by steps */
}

static void put(u64 *p)
{
	*p = DMA_PTE_READ;	/* PF2101: a loop of the caller moves it */
}

void by_put(struct dmar_domain *domain, int n)
{
	u64 *p = &domain->pgd->val;

	while (n--)
		put(p++);
}

/* --------------------------------------------------------------- the pointer is elsewhere */

struct cursor { u64 *p; };

static void fill_at(struct cursor *c, int n)
{
	for (; n; n--, c->p++)
		*c->p = DMA_PTE_READ;	/* PF2101: kept in a record */
}

void by_cursor(struct dmar_domain *domain, int n)
{
	struct cursor c = { &domain->pgd->val };

	fill_at(&c, n);
}

static void fill_through(u64 **p, int n)
{
	while (n--)
		*(*p)++ = DMA_PTE_READ;	/* PF2101: a variable of the caller's */
}

void by_variable(struct dmar_domain *domain, int n)
{
	u64 *p = &domain->pgd->val;

	fill_through(&p, n);
}

static void put_through(u64 **p)
{
	*(*p)++ = DMA_PTE_READ;	/* PF2101: one step at each call */
}

void by_steps(struct dmar_domain *domain, int n)
{
	u64 *p = &domain->pgd->val;

	while (n--)
		put_through(&p);
}

static void put_both(struct cursor *c)
{
	*c->p = DMA_PTE_RW;
	*c->p = DMA_PTE_READ;	/* PF2101: read again after the first store */
}

void by_both(struct dmar_domain *domain)
{
	struct cursor c = { &domain->pgd->val };

	put_both(&c);
}

/* ------------------------------------------------------------------------ one of several */

static void fill_two(u64 *p, u64 *q, int n)
{
	for (; n; n--) {
		*p = DMA_PTE_READ;	/* PF2101: the first, or the other one */
		p = q;
	}
}

void by_first(struct dmar_domain *domain, u64 *q, int n)
{
	fill_two(&domain->pgd[0].val, q, n);
}

static void fill_other(u64 *p, u64 *q, int n)
{
	for (; n; n--) {
		*p = DMA_PTE_READ;	/* PF2101: the second time */
		p = q;
	}
}

void by_other(struct dmar_domain *domain, u64 *p, int n)
{
	fill_other(p, &domain->pgd[0].val, n);
}
