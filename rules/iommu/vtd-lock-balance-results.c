/* SPDX-License-Identifier: MIT */
/* What a result says of a lock that is kept: an error, a count, a success. */
#include "vtd-example-locks.h"

int enable(struct dmar_domain *domain);
void *find(struct dmar_domain *domain);

int error_passed_on(struct dmar_domain *domain)
{
	int ret;

	spin_lock(&domain->lock);	/* PF2132: kept where enable() fails */
	ret = enable(domain);
	if (ret)
		return ret;
	spin_unlock(&domain->lock);
	return 0;
}

int error_passed_on_twice(struct dmar_domain *domain)
{
	int ret = enable(domain);

	if (ret)
		return ret;
	spin_lock(&domain->lock);	/* PF2132: kept where it fails the second time */
	ret = enable(domain);
	if (ret)
		return ret;
	spin_unlock(&domain->lock);
	return 0;
}

int error_at_a_label(struct dmar_domain *domain)
{
	int ret;

	spin_lock(&domain->lock);	/* PF2132: the label is behind the unlock */
	ret = enable(domain);
	if (ret)
		goto out;
	spin_unlock(&domain->lock);
out:
	return ret;
}

int error_given_back(struct dmar_domain *domain)
{
	int ret;

	spin_lock(&domain->lock);	/* ok PF2132 */
	ret = enable(domain);
	if (ret)
		goto out;
	domain->agaw++;
out:
	spin_unlock(&domain->lock);
	return ret;
}

int count(struct dmar_domain *domain, int n)
{
	spin_lock(&domain->lock);	/* review PF2132: a large number keeps it, a small one does not */
	if (n > 10)
		return n;
	spin_unlock(&domain->lock);
	return n;
}

int one_if_had(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* review PF2132: 1 may mean that it is kept */
	if (domain->agaw > 3)
		return 1;
	spin_unlock(&domain->lock);
	return 0;
}

bool false_with_it(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* review PF2132: false is no success */
	if (!domain->agaw)
		return false;
	spin_unlock(&domain->lock);
	return true;
}

bool true_with_it(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132: had, and said so */
	if (domain->agaw)
		return true;
	spin_unlock(&domain->lock);
	return false;
}

void *none_with_it(struct dmar_domain *domain)
{
	void *p;

	spin_lock(&domain->lock);	/* review PF2132: NULL is no success */
	p = find(domain);
	if (!p)
		return NULL;
	spin_unlock(&domain->lock);
	return p;
}

void *found_with_it(struct dmar_domain *domain)
{
	void *p;

	spin_lock(&domain->lock);	/* ok PF2132: what was found is locked */
	p = find(domain);
	if (p)
		return p;
	spin_unlock(&domain->lock);
	return NULL;
}

/* Its callers know. */
static int begin(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (domain->agaw > 3)
		return 1;
	spin_unlock(&domain->lock);
	return 0;
}

void by_begin(struct dmar_domain *domain)
{
	if (begin(domain))
		spin_unlock(&domain->lock);	/* ok PF2132 */
}
