/* SPDX-License-Identifier: MIT */
/*
 * PF2101: what is given to others to call is one of several functions, or gives others itself,
 * level by level: it is not followed, and that is said.
 */
#include "vtd-example.h"

static void each(int n, void (*fn)(void *), void *ctx)
{
	for (int i = 0; i < n; i++)
		fn(ctx);	/* incomplete PF2101: a function behind a pointer may write */
}

static void put_writable(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ | DMA_PTE_WRITE;
}

static void put_one(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ;	/* todo PF2101: one of the two */
}

void either(struct dmar_domain *domain, int n, bool safe)
{
	each(n, safe ? put_writable : put_one, &domain->pgd->val);
}

/* One of two functions is known, and not the other. */
static void both(void (*first)(void *), void (*second)(void *), void *ctx)
{
	first(ctx);
	second(ctx);	/* incomplete PF2101: a function behind a pointer may write */
}

void half_known(struct dmar_domain *domain, bool safe)
{
	both(put_writable, safe ? put_writable : put_one, &domain->pgd->val);
}

typedef void (*level_fn)(u64 *at, u64 bits, int level);

static void descend(u64 *at, u64 bits, int level, level_fn fn)
{
	fn(at, bits, level - 1);	/* incomplete PF2101: a function behind a pointer may write */
}

static void level_0(u64 *at, u64 bits, int level)
{
	*at = bits;	/* todo PF2101: at the end */
}

static void level_1(u64 *at, u64 bits, int level)
{
	descend(at, bits, level, level_0);
}

static void level_2(u64 *at, u64 bits, int level)
{
	descend(at, bits, level, level_1);
}

void from_the_top(struct dmar_domain *domain)
{
	descend(&domain->pgd->val, DMA_PTE_READ, 3, level_2);
}
