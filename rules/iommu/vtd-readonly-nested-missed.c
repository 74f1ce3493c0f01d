/* SPDX-License-Identifier: MIT */
/*
 * What is known to be judged wrongly: stores through an address whose type is lost on the
 * way ("todo": not found), and guards that are not recognised ("fixme": found, and safe).
 */
#include "vtd-example.h"

void plain(struct dmar_domain *domain)
{
	domain->pgd->val = 0;	/* ok PF2101 */
}

/* ------------------------------------------------- an address that a helper has put away */

struct cursor { u64 *entry; };
struct place { void *entry; };

static void begin_at(struct cursor *c, struct dmar_domain *domain, unsigned long i)
{
	c->entry = &domain->pgd[i & 511].val;
}

static void put_at(struct cursor *c)
{
	*c->entry = DMA_PTE_READ;	/* PF2101: its caller knows the domain */
}

void by_cursor(struct dmar_domain *domain, unsigned long i)
{
	struct cursor c;

	begin_at(&c, domain, i);
	put_at(&c);
}

static void begin_untyped(struct place *p, struct dmar_domain *domain)
{
	p->entry = domain->pgd;
}

static void put_untyped(struct place *p)
{
	*(u64 *)p->entry = DMA_PTE_READ;	/* PF2101: the same, through void * */
}

void by_place(struct dmar_domain *domain)
{
	struct place p;

	begin_untyped(&p, domain);
	put_untyped(&p);
}

struct job { void (*fn)(void *ctx); void *ctx; };

static void by_member(void *ctx)
{
	*(u64 *)ctx = DMA_PTE_READ;	/* todo PF2101: of a member, which the link knows */
}

static void run(struct job *job)
{
	job->fn(job->ctx);
}

void by_job(struct dmar_domain *domain)
{
	struct job job = { by_member, &domain->pgd->val };

	run(&job);
}

typedef void (*level_fn)(void *at, int level);

static void descend(void *at, int level, level_fn fn)
{
	fn(at, level - 1);
}

static void bottom(void *at, int level)
{
	*(u64 *)at = DMA_PTE_READ;	/* todo PF2101: functions that give each other, level by level */
}

static void top(void *at, int level)
{
	descend(at, level, bottom);
}

void by_levels(struct dmar_domain *domain)
{
	descend(&domain->pgd->val, 2, top);
}

static void variadic(int n, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, n);
	*__builtin_va_arg(ap, u64 *) = DMA_PTE_READ;	/* todo PF2101: an argument without a name */
	__builtin_va_end(ap);
}

void by_arguments(struct dmar_domain *domain)
{
	variadic(1, &domain->pgd->val);
}

/* ------------------------------------------------------------------ a function of two names */

static void raw(struct dmar_domain *domain)
{
	domain->pgd->val = DMA_PTE_READ;	/* todo PF2101: by its other name it is called without a guard */
}

void other_name(struct dmar_domain *domain) __attribute__((alias("raw")));

void guarded(struct dmar_domain *domain)
{
	if (!domain->nested_parent)
		raw(domain);
}

/* ------------------------------------------------------------------- guards that are there */

void of_the_same(struct dmar_domain *domain, struct dmar_domain *other)
{
	if (domain != other || other->nested_parent)
		return;
	domain->pgd->val = DMA_PTE_READ;	/* fixme PF2101: the two are one */
}

void by_label(struct dmar_domain *domain)
{
	static const void *const labels[] = { &&store, &&leave };

	goto *labels[domain->nested_parent];
store:
	domain->pgd->val = DMA_PTE_READ;	/* fixme PF2101: a parent goes to the other label */
leave:
	;
}
