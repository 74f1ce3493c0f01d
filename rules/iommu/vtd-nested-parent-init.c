/* SPDX-License-Identifier: MIT */
/*
 * PF2117: the role of a nesting parent is given before the domain is published.
 */
#include "vtd-example-locks.h"

struct registry {
	struct dmar_domain *last;
	struct dmar_domain *slots[4];
	struct list_head all;
};

static struct registry registry;

static struct dmar_domain *paging_domain_alloc(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (domain)
		INIT_LIST_HEAD(&domain->devices);
	return domain;
}

struct iommu_domain *alloc_user(bool nested_parent)
{
	struct dmar_domain *domain = paging_domain_alloc();

	if (!domain)
		return NULL;
	domain->nested_parent = nested_parent;	/* ok PF2117 */
	return &domain->domain;
}

static void init(struct dmar_domain *domain, bool nested_parent)
{
	domain->nested_parent = nested_parent;	/* ok PF2117 */
}

struct iommu_domain *alloc_by_helper(bool nested_parent)
{
	struct dmar_domain *domain = paging_domain_alloc();

	if (!domain)
		return NULL;
	init(domain, nested_parent);
	return &domain->domain;
}

struct hwpt {
	struct dmar_domain *domain;
};

/* Stored in an object that is new itself: nobody finds either. */
struct hwpt *alloc_hwpt(bool nested_parent)
{
	struct hwpt *hwpt = kzalloc(sizeof(*hwpt), GFP_KERNEL);

	if (!hwpt)
		return NULL;
	hwpt->domain = paging_domain_alloc();
	if (!hwpt->domain) {
		kfree(hwpt);
		return NULL;
	}
	hwpt->domain->nested_parent = nested_parent;	/* ok PF2117 */
	return hwpt;
}

void free_domain(struct dmar_domain *domain)
{
	domain->nested_parent = false;	/* ok PF2117 */
	kfree(domain);
}

/* The neighbours in its byte are other fields. */
void track(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* ok PF2117 */
}

struct iommu_domain *alloc_published(bool nested_parent)
{
	struct dmar_domain *domain = paging_domain_alloc();

	if (!domain)
		return NULL;
	registry.last = domain;
	domain->nested_parent = nested_parent;	/* PF2117: the registry has it */
	return &domain->domain;
}

int alloc_into(struct registry *r, unsigned int slot)
{
	struct dmar_domain *domain = paging_domain_alloc();

	if (!domain || slot > 3)
		return -EINVAL;
	r->slots[slot] = domain;
	domain->nested_parent = true;	/* PF2117: the caller's registry has it */
	return 0;
}

void become_parent(struct dmar_domain *domain)
{
	domain->nested_parent = true;	/* PF2117: found, not made */
}

/* A lock makes it no better: the mapping path looks without one. */
void become_parent_locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->nested_parent = true;	/* PF2117: found, not made */
	spin_unlock(&domain->lock);
}

void detach(struct dmar_domain *domain)
{
	if (list_empty(&domain->devices))
		domain->nested_parent = false;	/* PF2117: it may come back */
}

/* What is stored is what was there, but another may have written in between. */
void keep(struct dmar_domain *domain)
{
	domain->nested_parent = domain->nested_parent;	/* PF2117: a write all the same */
}

/* A published domain is emptied as a whole. */
void reset(struct dmar_domain *domain)
{
	struct dmar_domain empty = { .agaw = domain->agaw };

	*domain = empty;	/* PF2117: the flag is among what is written */
}

struct pair {
	int users;
	struct dmar_domain first, second;
};

void pair_clear(struct pair *p)
{
	__builtin_memset(p, 0, sizeof(*p));	/* PF2117: the domains are in it */
}

void pair_copy(struct pair *p, const struct pair *from)
{
	*p = *from;	/* PF2117: the domains are in it */
}

unsigned long _copy_from_user(void *to, const void *from, unsigned long n);

int pair_read(struct pair *p, const void *from)
{
	return (int)_copy_from_user(p, from, sizeof(*p));	/* PF2117: the domains are in it */
}

int domain_read(struct dmar_domain *d, const void *from)
{
	return (int)_copy_from_user(d, from, sizeof(*d));	/* PF2117: with all its flags */
}

/* ------------------------------------------------------------------ what is not known */

void scrub(void *p, unsigned long n);
void show(const void *p, unsigned long n);
void settle(struct dmar_domain *d);

void domain_scrub(struct dmar_domain *d)
{
	scrub(d, sizeof(*d));	/* incomplete PF2117: anything may become of it */
}

void domain_show(struct dmar_domain *d)
{
	show(d, sizeof(*d));	/* ok PF2117: it is const there */
}

void domain_settle(struct dmar_domain *d)
{
	settle(d);	/* ok PF2117: who knows a domain is judged where he is */
}

/* ------------------------------------------------------ an address that was changed */

unsigned long cookie;
int xa_store_tagged(void *xa, unsigned long index, void *entry, gfp_t gfp);

struct iommu_domain *tagged(void)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	cookie = (unsigned long)d | 1;
	d->nested_parent = true;	/* PF2117: the tag can be taken off */
	return &d->domain;
}

struct iommu_domain *tagged_for_others(void)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	xa_store_tagged(&cookie, 1, (void *)((unsigned long)d | 2), GFP_KERNEL);
	d->nested_parent = true;	/* PF2117: the same */
	return &d->domain;
}

struct iommu_domain *with_an_index(unsigned long i)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	cookie = (unsigned long)d + (i & 1);
	d->nested_parent = true;	/* PF2117: the same */
	return &d->domain;
}

struct iommu_domain *compared(struct dmar_domain *other)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	cookie = d == other;
	d->nested_parent = true;	/* ok PF2117: one bit leads nowhere */
	return &d->domain;
}

struct dmar_domain *of_this_cpu;

struct iommu_domain *per_cpu(void)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	asm volatile("movq %1, %%gs:%0" : "=m" (of_this_cpu) : "re" (d));
	d->nested_parent = true;	/* PF2117: this_cpu_write() */
	return &d->domain;
}

/* ------------------------------------------------------------- several ways to fail */

static struct dmar_domain *made(int agaw)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return ERR_PTR(-ENOMEM);
	if (agaw > 4) {
		kfree(d);
		return ERR_PTR(-EINVAL);
	}
	if (agaw < 2) {
		kfree(d);
		return ERR_PTR(-16);
	}
	d->agaw = agaw;
	return d;
}

struct dmar_domain *last_made;

struct iommu_domain *made_and_shared(int agaw)
{
	struct dmar_domain *d = made(agaw);

	if ((unsigned long)d >= (unsigned long)-4095)
		return (void *)d;
	last_made = d;
	d->nested_parent = true;	/* certain PF2117: others can reach it */
	return &d->domain;
}

struct iommu_domain *made_and_given(int agaw)
{
	struct dmar_domain *d = made(agaw);

	if ((unsigned long)d >= (unsigned long)-4095)
		return (void *)d;
	d->nested_parent = true;	/* ok PF2117: it is still its own */
	last_made = d;
	return &d->domain;
}

/* ---------------------------------------------------- a helper that shows it to others */

struct dmar_domain *shown;

static void show_and_set(struct dmar_domain *d)
{
	shown = d;
	d->nested_parent = true;	/* PF2117: its caller does not know, the helper does */
}

static void set_and_show(struct dmar_domain *d)
{
	d->nested_parent = true;	/* ok PF2117 */
	shown = d;
}

int alloc_shown(void)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return -ENOMEM;
	show_and_set(d);
	return 0;
}

int alloc_and_show(void)
{
	struct dmar_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return -ENOMEM;
	set_and_show(d);
	return 0;
}
