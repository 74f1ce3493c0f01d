/* SPDX-License-Identifier: MIT */
/* PF2137, PF2138: what nearly all accesses do. */
#include "vtd-example-locks.h"

struct intel_iommu {
	spinlock_t lock, register_lock;
	u32 gcmd;
	u32 flags;
	struct list_head table;
};

/* ------------------------------------------------------------- the lock of nearly all */

void enable(struct intel_iommu *iommu)
{
	spin_lock(&iommu->register_lock);
	iommu->gcmd |= 1;	/* ok PF2138 */
	spin_unlock(&iommu->register_lock);
}

void disable(struct intel_iommu *iommu)
{
	spin_lock(&iommu->register_lock);
	iommu->gcmd &= ~1u;	/* ok PF2138 */
	spin_unlock(&iommu->register_lock);
}

void set_root(struct intel_iommu *iommu)
{
	guard(&iommu->register_lock);
	iommu->gcmd |= 2;	/* ok PF2138 */
}

static void write_locked(struct intel_iommu *iommu, u32 bits)
{
	iommu->gcmd |= bits;	/* ok PF2138 */
}

void queue(struct intel_iommu *iommu)
{
	spin_lock(&iommu->register_lock);
	write_locked(iommu, 4);
	spin_unlock(&iommu->register_lock);
}

/* One that nobody has yet. */
struct intel_iommu *alloc_iommu(void)
{
	struct intel_iommu *iommu = kzalloc(sizeof(*iommu), GFP_KERNEL);

	if (iommu)
		iommu->gcmd = 0;	/* ok PF2138 */
	return iommu;
}

/* A look is enough. */
bool is_enabled(const struct intel_iommu *iommu)
{
	return iommu->gcmd & 1;	/* ok PF2138 */
}

bool is_enabled_once(const struct intel_iommu *iommu)
{
	return READ_ONCE(iommu->gcmd) & 1;	/* ok PF2138 */
}

void suspend(struct intel_iommu *iommu)
{
	iommu->gcmd = 0;	/* PF2138: four others hold register_lock */
}

/* Three places are no discipline. */
void flag_one(struct intel_iommu *iommu)
{
	guard(&iommu->lock);
	iommu->flags |= 1;	/* ok PF2138 */
}

void flag_two(struct intel_iommu *iommu)
{
	guard(&iommu->lock);
	iommu->flags |= 2;	/* ok PF2138 */
}

void flag_three(struct intel_iommu *iommu)
{
	guard(&iommu->lock);
	iommu->flags |= 4;	/* ok PF2138 */
}

void flag_none(struct intel_iommu *iommu)
{
	iommu->flags = 0;	/* ok PF2138 */
}

/* A list is more than a number: who looks at it follows it. */
void put_one(struct dmar_domain *domain, struct device_info *info)
{
	guard(&domain->lock);
	list_add(&info->link, &domain->devices);	/* ok PF2137 */
}

void put_another(struct dmar_domain *domain, struct device_info *info)
{
	spin_lock(&domain->lock);
	list_add(&info->link, &domain->devices);	/* ok PF2137 */
	spin_unlock(&domain->lock);
}

bool is_idle(struct dmar_domain *domain)
{
	guard(&domain->lock);
	return list_empty(&domain->devices);	/* ok PF2137 */
}

void mark_all(struct dmar_domain *domain)
{
	struct device_info *info;

	guard(&domain->lock);
	list_for_each_entry(info, &domain->devices, link)	/* ok PF2137 */
		info->supports_snooping = true;
}

void mark_first(struct dmar_domain *domain)
{
	struct device_info *info;

	info = list_first_entry(&domain->devices, struct device_info, link);	/* PF2137: no lock */
	info->supports_snooping = false;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
static struct intel_iommu the_iommu;
static struct dmar_domain the_domain;
static struct device_info first, second;

static void init(void)
{
	INIT_LIST_HEAD(&the_domain.devices);
	list_add(&first.link, &the_domain.devices);
}

static void run_enable(void) { enable(&the_iommu); }
static void run_disable(void) { disable(&the_iommu); }
static void run_set_root(void) { set_root(&the_iommu); }
static void run_queue(void) { queue(&the_iommu); }
static void run_suspend(void) { suspend(&the_iommu); }
static void run_put_another(void) { put_another(&the_domain, &second); }
static void run_mark_all(void) { mark_all(&the_domain); }
static void run_mark_first(void) { mark_first(&the_domain); }
#endif

/*
 * oracle: threads=run_enable,run_disable define=ORACLE expect=holds
 * oracle: threads=run_set_root,run_queue define=ORACLE expect=holds
 * oracle: threads=run_suspend,run_enable define=ORACLE expect=race
 * oracle: threads=run_mark_all,run_put_another define=ORACLE init=init expect=holds
 * oracle: threads=run_mark_first,run_put_another define=ORACLE init=init expect=race
 */

/* ------------------------------------------------ a number that no other rule looks at */

void next_node(struct dmar_domain *domain)
{
	guard(&domain->lock);
	domain->nid++;	/* ok PF2137 */
}

void previous_node(struct dmar_domain *domain)
{
	guard(&domain->lock);
	domain->nid--;	/* ok PF2137 */
}

void set_node(struct dmar_domain *domain, int nid)
{
	guard(&domain->lock);
	domain->nid = nid;	/* ok PF2137 */
}

int node_of(struct dmar_domain *domain)
{
	guard(&domain->lock);
	return domain->nid;	/* ok PF2137 */
}

void reset_node(struct dmar_domain *domain)
{
	domain->nid = 0;	/* PF2137: four others hold lock */
}
