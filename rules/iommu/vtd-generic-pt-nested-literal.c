/* SPDX-License-Identifier: MIT */
/*
 * PF2146, PF2147: the union of 7.3, whose other arm begins with a lock of 4 bytes where s2_domain is.
 * The world of vtd-example-pt.h with that union stands below.
 */

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned long size_t;
typedef unsigned int gfp_t;
typedef _Bool bool;

#define true	1
#define false	0
#define NULL	((void *)0)
#define EINVAL	22
#define ENOMEM	12
#define EOPNOTSUPP 95

#define __GFP_ZERO	0x100u
#define GFP_KERNEL	0xcc0u

#define BIT(nr)		(1UL << (nr))
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define offsetof(type, member)	__builtin_offsetof(type, member)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

void *kzalloc(size_t size, gfp_t flags);
void kfree(const void *p);
void *memset(void *p, int c, size_t n);

struct ratelimit_state { int interval, burst, printed, missed; };

int ___ratelimit(struct ratelimit_state *rs, const char *func);
int _printk(const char *fmt, ...);

#define pr_err(...)	_printk("vt-d: " __VA_ARGS__)
#define pr_err_ratelimited(...) do { \
	static struct ratelimit_state _rs = { 5, 10, 0, 0 }; \
	if (___ratelimit(&_rs, __func__)) \
		pr_err(__VA_ARGS__); \
} while (0)
#define pr_err_once(...) do { \
	static bool __already_done; \
	if (!__already_done) { \
		__already_done = true; \
		pr_err(__VA_ARGS__); \
	} \
} while (0)

#define IOMMU_READ	1
#define IOMMU_WRITE	2
#define IOMMU_HWPT_ALLOC_NEST_PARENT	1u
#define IOMMU_HWPT_ALLOC_DIRTY_TRACKING	2u

enum {
	VTDSS_FMT_R = BIT(0), VTDSS_FMT_W = BIT(1), VTDSS_FMT_PS = BIT(7),
	VTDSS_FMT_D = BIT(9), VTDSS_FMT_SNP = BIT(11),
};

enum {
	PT_FEAT_DMA_INCOHERENT, PT_FEAT_FLUSH_RANGE,
	PT_FEAT_VTDSS_FORCE_COHERENCE = 7, PT_FEAT_VTDSS_FORCE_WRITEABLE,
};

#ifndef PT_SUPPORTED_FEATURES
#define PT_SUPPORTED_FEATURES \
	(BIT(PT_FEAT_DMA_INCOHERENT) | BIT(PT_FEAT_FLUSH_RANGE) | \
	 BIT(PT_FEAT_VTDSS_FORCE_COHERENCE) | BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE))
#endif

struct pt_common {
	unsigned long top_of_table;
	u8 max_vasz_lg2;
	unsigned int features;
};

struct pt_vtdss {
	struct pt_common common;
};

struct iommu_domain {
	unsigned int type;
	const void *ops;
};

struct pt_iommu {
	struct iommu_domain domain;
	int nid;
};

struct pt_iommu_vtdss {
	struct pt_iommu iommu;
	struct pt_vtdss vtdss_pt;
};

struct pt_iommu_cfg {
	unsigned int features;
	u8 hw_max_vasz_lg2;
};

struct pt_iommu_vtdss_cfg {
	struct pt_iommu_cfg common;
	unsigned int top_level;
};

struct vtdss_pt_write_attrs {
	u64 descriptor_bits;
	gfp_t gfp;
};

struct pt_range {
	struct pt_common *common;
};

struct pt_state {
	struct pt_range *range;
	u64 *table;
	unsigned int index;
	u64 entry;
};

static inline bool pt_feature(const struct pt_common *common, unsigned int nr)
{
	if (!(PT_SUPPORTED_FEATURES & BIT(nr)))
		return false;
	return common->features & BIT(nr);
}

typedef struct { unsigned int slock; } spinlock_t;

struct list_head {
	struct list_head *next, *prev;
};

struct dmar_domain {
	union {
		struct iommu_domain domain;
		struct pt_iommu iommu;
		struct pt_iommu_vtdss sspt;
	};
	u8 force_snooping:1;
	u8 dirty_tracking:1;
	u8 nested_parent:1;
	u8 iotlb_sync_map:1;
	spinlock_t lock;
	struct list_head devices;
	union {
		struct {
			spinlock_t s1_lock;
			struct list_head s1_domains;
		};
		struct {
			struct dmar_domain *s2_domain;
			struct s1_cfg { u64 flags, addr; u32 width, pad; } s1_cfg;
			struct list_head s2_link;
		};
	};
};

extern const int intel_ss_paging_domain_ops, intel_nested_domain_ops;

static inline struct dmar_domain *to_dmar_domain(struct iommu_domain *domain)
{
	return container_of(domain, struct dmar_domain, domain);
}

static inline bool intel_domain_is_ss_paging(struct dmar_domain *domain)
{
	return domain->domain.ops == &intel_ss_paging_domain_ops;
}


static struct dmar_domain *parent_of(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = to_dmar_domain(parent);

	return intel_domain_is_ss_paging(s2) && s2->nested_parent ? s2 : NULL;
}

struct iommu_domain *by_literal(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = parent_of(parent), *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!s2 || !domain)
		return ERR_PTR(-EINVAL);
	*domain = (struct dmar_domain){ .s2_domain = s2 };	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

struct iommu_domain *by_field(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = parent_of(parent), *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!s2 || !domain)
		return ERR_PTR(-EINVAL);
	domain->s2_domain = s2;	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

struct iommu_domain *unguarded(struct iommu_domain *parent)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return ERR_PTR(-ENOMEM);
	domain->s2_domain = to_dmar_domain(parent);	/* PF2146: no test */ /* PF2147: none */
	return &domain->domain;
}

struct iommu_domain *unguarded_literal(struct iommu_domain *parent)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return ERR_PTR(-ENOMEM);
	*domain = (struct dmar_domain){ .s2_domain = to_dmar_domain(parent) };	/* PF2146: no test */ /* PF2147: none */
	return &domain->domain;
}

struct iommu_domain *by_copy(struct iommu_domain *parent)
{
	struct dmar_domain *s2 = parent_of(parent), *domain = kzalloc(sizeof(*domain), GFP_KERNEL);
	struct dmar_domain made = { .force_snooping = 1 };

	if (!s2 || !domain)
		return ERR_PTR(-EINVAL);
	made.s2_domain = s2;	/* ok PF2146 */ /* ok PF2147 */
	made.s1_cfg.width = 48;
	*domain = made;	/* ok PF2146 */ /* ok PF2147 */
	return &domain->domain;
}

/* The domain was made elsewhere. */
void into_shared(struct dmar_domain *domain, struct iommu_domain *parent)
{
	struct dmar_domain *s2 = parent_of(parent);

	if (s2)
		*domain = (struct dmar_domain){ .s2_domain = s2 };	/* ok PF2146 */ /* ok PF2147 */
}
