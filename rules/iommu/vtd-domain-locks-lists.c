/* SPDX-License-Identifier: MIT */
/* PF2112 to PF2115: the lists of a domain, each under its lock. */
#include "vtd-example-locks.h"

/* -------------------------------------------------------- devices, under lock */

int attach(struct dmar_domain *domain, struct device_info *info)
{
	unsigned long flags;

	info->domain = domain;
	spin_lock_irqsave(&domain->lock, flags);
	list_add(&info->link, &domain->devices);	/* ok PF2112 */
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

bool all_snoop(struct dmar_domain *domain)
{
	struct device_info *info;
	bool all = true;

	spin_lock(&domain->lock);
	list_for_each_entry(info, &domain->devices, link)	/* ok PF2112 */
		all = all && info->supports_snooping;
	spin_unlock(&domain->lock);
	return all;
}

struct iommu_domain *alloc(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return NULL;
	INIT_LIST_HEAD(&domain->devices);	/* ok PF2112 */
	INIT_LIST_HEAD(&domain->dev_pasids);	/* ok PF2112 */
	INIT_LIST_HEAD(&domain->cache_tags);	/* ok PF2113 */
	return &domain->domain;
}

void attach_unlocked(struct dmar_domain *domain, struct device_info *info)
{
	list_add(&info->link, &domain->devices);	/* PF2112: no lock */
}

bool walk_unlocked(struct dmar_domain *domain)
{
	struct device_info *info;
	bool all = true;

	list_for_each_entry(info, &domain->dev_pasids, link)	/* PF2112: no lock */
		all = all && info->supports_snooping;
	return all;
}

bool is_idle(struct dmar_domain *domain)
{
	return list_empty(&domain->devices);	/* PF2112: no lock */
}

void attach_cache_lock(struct dmar_domain *domain, struct device_info *info)
{
	spin_lock(&domain->cache_lock);
	list_add(&info->link, &domain->devices);	/* PF2112: not this lock */
	spin_unlock(&domain->cache_lock);
}

/* An entry that is taken out by its own link names no list. */
void detach_unlocked(struct device_info *info)
{
	list_del(&info->link);	/* todo PF2112: whose list it is in is not known */
}

/* ------------------------------------------------- cache tags, under cache_lock */

void assign_tag(struct dmar_domain *domain, struct cache_tag *tag)
{
	guard(&domain->cache_lock);
	list_add(&tag->node, &domain->cache_tags);	/* ok PF2113 */
}

int count_tags(struct dmar_domain *domain)
{
	struct cache_tag *tag;
	int n = 0;

	spin_lock(&domain->cache_lock);
	list_for_each_entry(tag, &domain->cache_tags, node)	/* ok PF2113 */
		n += tag->users;
	spin_unlock(&domain->cache_lock);
	return n;
}

void assign_tag_wrong_lock(struct dmar_domain *domain, struct cache_tag *tag)
{
	spin_lock(&domain->lock);
	list_add(&tag->node, &domain->cache_tags);	/* PF2113: not this lock */
	spin_unlock(&domain->lock);
}

int count_tags_unlocked(struct dmar_domain *domain)
{
	struct cache_tag *tag;
	int n = 0;

	list_for_each_entry(tag, &domain->cache_tags, node)	/* PF2113: no lock */
		n += tag->users;
	return n;
}

/* ------------------------------------------------------- a list that is given to others */

void sort_elsewhere(void *priv, struct list_head *head);
void show_elsewhere(const char *name, void *cookie);

void given_unlocked(struct dmar_domain *domain)
{
	sort_elsewhere(NULL, &domain->devices);	/* review PF2112: what it does is not seen */
}

void given_locked(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	sort_elsewhere(NULL, &domain->devices);	/* ok PF2112 */
	spin_unlock(&domain->lock);
}

void whole_domain(struct dmar_domain *domain)
{
	show_elsewhere("domain", domain);	/* ok PF2112: a cookie */
}
