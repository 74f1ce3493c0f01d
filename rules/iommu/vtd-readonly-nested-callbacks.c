/* SPDX-License-Identifier: MIT */
/*
 * PF2101: functions that are given to others to call, with the context that they get.
 */
#include "vtd-example.h"

static void each(int n, void (*fn)(void *), void *ctx)
{
	for (int i = 0; i < n; i++)
		fn(ctx);
}

static void read_only(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ;	/* PF2101: the context is an entry */
}

void by_callback(struct dmar_domain *domain, int n)
{
	each(n, read_only, &domain->pgd->val);
}

/* ------------------------------------------------------------------ handed on, and in a record */

struct walk { u64 *at; u64 bits; };
typedef void (*walk_fn)(struct walk *w, void *arg);

static void step(struct walk *w, walk_fn fn, void *arg)
{
	fn(w, arg);
}

static void go(struct walk *w, walk_fn fn, void *arg)
{
	walk_fn also = fn;

	step(w, also, arg);
}

static void put_bits(struct walk *w, void *arg)
{
	*w->at = w->bits;	/* PF2101: of one of those that go there */
}

void walk_read_only(struct dmar_domain *domain)
{
	struct walk w = { .at = &domain->pgd->val, .bits = DMA_PTE_READ };

	go(&w, put_bits, NULL);
}

void walk_elsewhere(u64 *word)
{
	struct walk w = { .at = word, .bits = DMA_PTE_READ };

	go(&w, put_bits, NULL);
}

/* ---------------------------------------------------------------------- one of several, guarded */

static void put_safe(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ;	/* ok PF2101 */
}

void guarded(struct dmar_domain *domain, int n)
{
	if (!domain->nested_parent)
		each(n, put_safe, &domain->pgd->val);
}

static void put_writable(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ | DMA_PTE_WRITE;	/* ok PF2101 */
}

void writable(struct dmar_domain *domain, int n)
{
	each(n, put_writable, &domain->pgd->val);
}

/* ------------------------------------------------------------------------ through a plain pointer */

static void each_untyped(void *fn, void *ctx)
{
	((void (*)(void *))fn)(ctx);
}

static void read_by_untyped(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ;	/* PF2101: the function came as void * */
}

void by_untyped(struct dmar_domain *domain)
{
	each_untyped(read_by_untyped, &domain->pgd->val);
}
