/* SPDX-License-Identifier: MIT */
/*
 * PF2135: what gives back a locked domain, or an error. Nothing at the address of an error was
 * locked, nor at null.
 */
#include "vtd-example-locks.h"

#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-4095)

static inline bool IS_ERR(const void *p)
{
	return IS_ERR_VALUE(p);
}

static inline bool IS_ERR_OR_NULL(const void *p)
{
	return !p || IS_ERR_VALUE(p);
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

struct dmar_domain *find_domain(int id);
int kept(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* PF2135: held at the first return */
	if (domain->agaw > 3)
		return -EINVAL;
	spin_unlock(&domain->lock);
	return 0;
}
static struct dmar_domain *find_locked(int id)
{
	struct dmar_domain *d = find_domain(id);

	if (!d)
		return ERR_PTR(-EINVAL);
	spin_lock(&d->lock);	/* ok PF2135 */
	return d;
}

int by_id(int id)
{
	struct dmar_domain *d = find_locked(id);

	if (IS_ERR(d))
		return PTR_ERR(d);
	d->agaw++;
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}
static struct dmar_domain *get_locked(struct iommu_domain *domain)
{
	struct dmar_domain *d = to_dmar_domain(domain);

	spin_lock(&d->lock);	/* ok PF2135 */
	if (d->agaw > 4) {
		spin_unlock(&d->lock);
		return ERR_PTR(-EINVAL);
	}
	return d;
}
int by_domain(struct iommu_domain *domain)
{
	struct dmar_domain *d = get_locked(domain);

	if (IS_ERR(d))
		return PTR_ERR(d);
	d->agaw++;
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}
int by_domain2(struct iommu_domain *domain)
{
	struct dmar_domain *d = get_locked(domain);

	if (IS_ERR(d))
		return PTR_ERR(d) == -EINVAL ? 0 : PTR_ERR(d);
	d->agaw++;
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}
static int lookup(int id, struct dmar_domain **out)
{
	struct dmar_domain *d = find_domain(id);

	if (IS_ERR_OR_NULL(d))
		return d ? PTR_ERR(d) : -EINVAL;
	spin_lock(&d->lock);	/* ok PF2135 */
	*out = d;
	return 0;
}
int by_lookup(int id)
{
	struct dmar_domain *d;
	int ret = lookup(id, &d);

	if (ret)
		return ret;
	d->agaw++;
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}

/* Null, or an error: whichever its callers ask for. */
static struct dmar_domain *find_or_null(int id)
{
	struct dmar_domain *d = find_domain(id);

	if (!d || d->agaw < 0)
		return NULL;
	spin_lock(&d->lock);	/* ok PF2135 */
	return d;
}

int by_null(int id)
{
	struct dmar_domain *d = find_or_null(id);

	if (IS_ERR_OR_NULL(d))
		return -EINVAL;
	d->agaw++;
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}

/* By a second function, which passes the error on. */
static struct iommu_domain *member_locked(int id)
{
	struct dmar_domain *d = find_locked(id);

	if (IS_ERR(d))
		return (struct iommu_domain *)d;
	return &d->domain;
}

int by_member(int id)
{
	struct iommu_domain *domain = member_locked(id);

	if (IS_ERR(domain))
		return PTR_ERR(domain);
	spin_unlock(&to_dmar_domain(domain)->lock);	/* ok PF2135 */
	return 0;
}

/* The address of what is locked, a word of its own. */
int by_word(int id)
{
	struct dmar_domain *d = find_locked(id);
	unsigned long word = (unsigned long)d;

	if (word > (unsigned long)-4096)
		return -EINVAL;
	d->agaw++;
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}

/* The test is of something else, and it is the lock that is lost. */
static struct dmar_domain *lost_locked(int id)
{
	struct dmar_domain *d = find_domain(id);

	if (!d)
		return ERR_PTR(-EINVAL);
	spin_lock(&d->lock);	/* PF2135: kept where the other one is an error */
	return d;
}

int by_another(int id)
{
	struct dmar_domain *d = lost_locked(id), *other = find_domain(id + 1);

	if (IS_ERR(d))
		return PTR_ERR(d);
	if (IS_ERR(other))
		return PTR_ERR(other);
	spin_unlock(&d->lock);	/* ok PF2135 */
	return 0;
}
