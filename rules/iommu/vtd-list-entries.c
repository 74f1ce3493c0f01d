/* SPDX-License-Identifier: MIT */
/* PF2139, PF2150: entries of lists that do not know whose list it is. */
#include "vtd-example-locks.h"

struct dev_pasid_info {
	struct list_head link_domain;
	u32 pasid;
};

/* ------------------------------------------------------------------ cache tags */

void unassign(struct dmar_domain *domain, int users)
{
	struct cache_tag *tag;

	guard(&domain->cache_lock);
	list_for_each_entry(tag, &domain->cache_tags, node)
		if (tag->users == users) {
			list_del(&tag->node);	/* ok PF2139 */
			break;
		}
}

static void drop(struct cache_tag *tag)
{
	if (!--tag->users)
		list_del(&tag->node);	/* ok PF2139 */
}

void unassign_by_helper(struct dmar_domain *domain)
{
	struct cache_tag *tag;

	spin_lock(&domain->cache_lock);
	list_for_each_entry(tag, &domain->cache_tags, node)
		if (tag->users == 1) {
			drop(tag);
			break;
		}
	spin_unlock(&domain->cache_lock);
}

int assign(struct dmar_domain *domain)
{
	struct cache_tag *tag = kzalloc(sizeof(*tag), GFP_KERNEL);

	if (!tag)
		return -ENOMEM;
	INIT_LIST_HEAD(&tag->node);	/* ok PF2139 */
	spin_lock(&domain->cache_lock);
	list_add(&tag->node, &domain->cache_tags);	/* ok PF2139 */
	spin_unlock(&domain->cache_lock);
	return 0;
}

void unassign_late(struct dmar_domain *domain, int users)
{
	struct cache_tag *tag;

	spin_lock(&domain->cache_lock);
	list_for_each_entry(tag, &domain->cache_tags, node)
		if (tag->users == users)
			break;
	spin_unlock(&domain->cache_lock);
	if (&tag->node != &domain->cache_tags)
		list_del(&tag->node);	/* PF2139: after the unlock */
}

void unassign_first(struct dmar_domain *domain)
{
	struct cache_tag *tag;

	spin_lock(&domain->lock);
	tag = list_first_entry(&domain->cache_tags, struct cache_tag, node);
	list_del(&tag->node);	/* PF2139: the other lock of the domain */
	spin_unlock(&domain->lock);
}

void unassign_one(struct cache_tag *tag)
{
	list_del(&tag->node);	/* PF2139: no lock */
	kfree(tag);
}

static void drop_unlocked(struct cache_tag *tag)
{
	list_del(&tag->node);	/* PF2139: one caller has no lock */
}

void unassign_with_lock(struct dmar_domain *domain, struct cache_tag *tag)
{
	guard(&domain->cache_lock);
	drop_unlocked(tag);
}

void unassign_without(struct cache_tag *tag)
{
	drop_unlocked(tag);
}

/* ---------------------------------------------------------------------- PASIDs */

void remove_pasid(struct dmar_domain *domain, u32 pasid)
{
	struct dev_pasid_info *info;

	spin_lock(&domain->lock);
	list_for_each_entry(info, &domain->dev_pasids, link_domain)
		if (info->pasid == pasid) {
			list_del(&info->link_domain);	/* ok PF2150 */
			break;
		}
	spin_unlock(&domain->lock);
}

/* A part at the beginning of the domain is all that is known of it. */
void remove_pasid_by_part(struct iommu_domain *d, u32 pasid)
{
	struct dmar_domain *domain = to_dmar_domain(d);
	struct dev_pasid_info *info;

	spin_lock(&domain->lock);
	list_for_each_entry(info, &domain->dev_pasids, link_domain)
		if (info->pasid == pasid) {
			list_del(&info->link_domain);	/* ok PF2150 */
			break;
		}
	spin_unlock(&domain->lock);
}

void remove_pasid_by_part_other_lock(struct iommu_domain *d, struct dev_pasid_info *info)
{
	spin_lock(&to_dmar_domain(d)->cache_lock);
	list_del(&info->link_domain);	/* PF2150: the lock of the tags */
	spin_unlock(&to_dmar_domain(d)->cache_lock);
}

void remove_pasid_unlocked(struct dev_pasid_info *info)
{
	list_del(&info->link_domain);	/* PF2150: no lock */
}

void remove_pasid_other_lock(struct dmar_domain *domain, struct dev_pasid_info *info)
{
	guard(&domain->cache_lock);
	list_del(&info->link_domain);	/* PF2150: the lock of the tags */
}

/* ---------------------------------------------------------------- for the oracle */

#ifdef ORACLE
static struct dmar_domain the_domain;
static struct cache_tag one, two;
static struct dev_pasid_info first, second;

static void init(void)
{
	INIT_LIST_HEAD(&the_domain.cache_tags);
	INIT_LIST_HEAD(&the_domain.dev_pasids);
	one.users = two.users = 1;
	list_add(&one.node, &the_domain.cache_tags);
	list_add(&two.node, &the_domain.cache_tags);
	first.pasid = 1;
	second.pasid = 2;
	list_add(&first.link_domain, &the_domain.dev_pasids);
	list_add(&second.link_domain, &the_domain.dev_pasids);
}

static void run_unassign(void) { unassign(&the_domain, 1); }
static void run_unassign_by_helper(void) { unassign_by_helper(&the_domain); }
static void run_late(void) { unassign_late(&the_domain, 1); }
static void run_first(void) { unassign_first(&the_domain); }
static void run_without(void) { unassign_without(&one); }
static void run_remove(void) { remove_pasid(&the_domain, 1); }
static void run_remove_by_part(void) { remove_pasid_by_part(&the_domain.domain, 2); }
static void run_by_part_other_lock(void)
{
	remove_pasid_by_part_other_lock(&the_domain.domain, &second);
}
static void run_remove_other(void) { remove_pasid(&the_domain, 2); }
static void run_remove_unlocked(void) { remove_pasid_unlocked(&second); }
static void run_remove_other_lock(void) { remove_pasid_other_lock(&the_domain, &second); }
#endif

/*
 * oracle: threads=run_unassign,run_unassign_by_helper define=ORACLE init=init expect=holds
 * oracle: threads=run_unassign,run_first define=ORACLE init=init expect=race+fault
 * oracle: threads=run_unassign,run_without define=ORACLE init=init expect=race
 * oracle: threads=run_remove,run_remove_other define=ORACLE init=init expect=holds
 * oracle: threads=run_remove,run_remove_unlocked define=ORACLE init=init expect=race+fault
 * oracle: threads=run_remove,run_remove_other_lock define=ORACLE init=init expect=race+fault
 * oracle: threads=run_remove,run_remove_by_part define=ORACLE init=init expect=holds
 * oracle: threads=run_remove,run_by_part_other_lock define=ORACLE init=init expect=race+fault
 * oracle: threads=run_unassign,run_late define=ORACLE init=init expect=race+fault
 */
