/* SPDX-License-Identifier: MIT */
/*
 * PF2148: who changes the features of a page table that others can reach.
 */
#include "vtd-example-pt.h"

/* The initialisation, in the unit of the format: of whose table it is only its callers know. */
int pt_iommu_vtdss_init(struct pt_iommu_vtdss *table, const struct pt_iommu_vtdss_cfg *cfg)
{
	struct pt_common *common = &table->vtdss_pt.common;

	memset(&table->vtdss_pt, 0, sizeof(table->vtdss_pt));	/* ok PF2148 */
	common->features = cfg->common.features;	/* ok PF2148 */
	return 0;
}

bool intel_iommu_enforce_cache_coherency_ss(struct iommu_domain *domain)
{
	struct dmar_domain *d = to_dmar_domain(domain);

	d->sspt.vtdss_pt.common.features |= BIT(PT_FEAT_VTDSS_FORCE_COHERENCE);	/* ok PF2148 */
	return true;
}

/* Of its own, before anybody has seen it. */
struct iommu_domain *alloc(u32 flags)
{
	struct pt_iommu_vtdss_cfg cfg = {};
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
	cfg.common.features = BIT(PT_FEAT_FLUSH_RANGE);	/* ok PF2148: not the table's */
	pt_iommu_vtdss_init(&domain->sspt, &cfg);
	if (domain->nested_parent)
		domain->sspt.vtdss_pt.common.features |=	/* ok PF2148 */
			BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	return &domain->domain;
}

/* The table can have read-only mappings by now. */
struct dmar_domain *nest(struct dmar_domain *parent)
{
	struct dmar_domain *domain;

	if (!intel_domain_is_ss_paging(parent) || !parent->nested_parent)
		return ERR_PTR(-EINVAL);
	parent->sspt.vtdss_pt.common.features |=	/* PF2148: raised at nesting */
		BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = parent;
	return domain;
}

/* A domain can be nested on it again. */
void unnest(struct dmar_domain *domain)
{
	struct dmar_domain *parent = domain->s2_domain;

	parent->sspt.vtdss_pt.common.features &=	/* PF2148: cleared when unnested */
		~BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
	kfree(domain);
}

static void forget(struct pt_common *common)
{
	common->features = 0;	/* PF2148: by a helper that knows of no domain */
}

void reset(struct dmar_domain *domain)
{
	forget(&domain->sspt.vtdss_pt.common);
}

void empty(struct dmar_domain *domain)
{
	memset(&domain->sspt, 0, sizeof(domain->sspt));	/* PF2148: a record inside */
}

static void wipe(void *p, unsigned long n)
{
	memset(p, 0, n);	/* PF2148: by a helper that knows of no table */
}

void empty_by_helper(struct dmar_domain *domain)
{
	wipe(&domain->sspt, sizeof(domain->sspt));
}

void empty_all(struct dmar_domain *domain)
{
	memset(domain, 0, sizeof(*domain));	/* PF2148: deep inside */
}

void as_another(struct dmar_domain *domain, const struct dmar_domain *other)
{
	*domain = *other;	/* PF2148: deep inside */
}

/* What stands beside it is its own. */
void empty_lists(struct dmar_domain *domain)
{
	memset(&domain->domain, 0, sizeof(domain->domain));	/* ok PF2148 */
}

/* Who gives the domain back does not open it for anybody. */
void domain_free(struct iommu_domain *domain)
{
	struct dmar_domain *d = to_dmar_domain(domain);

	d->sspt.vtdss_pt.common.features = 0;	/* ok PF2148 */
	kfree(d);
}

/* Another feature, by a read and a write of the whole. */
void incoherent(struct pt_common *common, bool on)
{
	u32 features = common->features;

	if (on)
		features |= BIT(PT_FEAT_DMA_INCOHERENT);
	else
		features &= ~BIT(PT_FEAT_DMA_INCOHERENT);
	common->features = features;	/* ok PF2148 */
}

/* The others are meant, and all are written. */
void coherence_alone(struct dmar_domain *domain)
{
	domain->sspt.vtdss_pt.common.features =	/* PF2148: the feature goes with the others */
		BIT(PT_FEAT_VTDSS_FORCE_COHERENCE);
}

/* As another table has it, which may not be a parent's. */
void copy(struct pt_common *to, const struct pt_common *from)
{
	to->features = from->features;	/* PF2148: of another table */
}

/* What was read before may be old. */
void from_outside(struct pt_common *common, u32 features)
{
	common->features = features | BIT(PT_FEAT_VTDSS_FORCE_COHERENCE);	/* PF2148: not as it was */
}

bool reads(struct dmar_domain *domain)
{
	return domain->sspt.vtdss_pt.common.features &	/* ok PF2148 */
	       BIT(PT_FEAT_VTDSS_FORCE_COHERENCE);
}

static void clear(u32 *features)
{
	*features &= ~BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);	/* PF2148: by its address */
}

void by_address(struct dmar_domain *domain)
{
	clear(&domain->sspt.vtdss_pt.common.features);
}

/* A word that is wider than the field, one of several, and a bit of a string of bits. */
void as_a_word(struct dmar_domain *domain)
{
	*(unsigned long *)&domain->sspt.vtdss_pt.common.features &=	/* PF2148: wider than it */
		~(unsigned long)BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE);
}

static void clear_nth(u32 *features, unsigned long n)
{
	features[n] = 0;	/* PF2148: some element */
}

void by_element(struct dmar_domain *domain)
{
	clear_nth(&domain->sspt.vtdss_pt.common.features, 0);
}

static void clear_bit(long nr, volatile unsigned long *map)
{
	__asm__ volatile("btrq %1,%0" : : "m" (*(volatile long *)map), "Ir" (nr)	/* PF2148: by asm */
			 : "memory");
}

void by_bit(struct dmar_domain *domain)
{
	clear_bit(PT_FEAT_VTDSS_FORCE_WRITEABLE,
		  (unsigned long *)&domain->sspt.vtdss_pt.common.features);
}
