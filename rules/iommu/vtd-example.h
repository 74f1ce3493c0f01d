/* SPDX-License-Identifier: MIT */
/*
 * vtd-example.h - a small world for the examples of the VT-d rules
 *
 * Records and constants have the kernel's names, since the rules know them by
 * name. VTD_RECORDS_READ_ONLY and VTD_COUNTS_NESTED or VTD_FLAGS_NESTED give
 * struct dmar_domain the fields of the patches of 2023, VTD_FLAGS_IN_BITS makes
 * them bit-fields as version 4 had them.
 */
#ifndef VTD_EXAMPLE_H
#define VTD_EXAMPLE_H

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

#define __GFP_ZERO	0x100u
#define GFP_KERNEL	0xcc0u
#define GFP_ATOMIC	0x820u

#define IOMMU_READ	1
#define IOMMU_WRITE	2

#define DMA_PTE_READ		1ULL
#define DMA_PTE_WRITE		2ULL
#define DMA_PTE_RW		(DMA_PTE_READ | DMA_PTE_WRITE)
#define DMA_PTE_LARGE_PAGE	(1ULL << 7)
#define DMA_SL_PTE_DIRTY	(1ULL << 9)
#define DMA_PTE_SNP		(1ULL << 11)
#define VTD_PAGE_SHIFT		12

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define offsetof(type, member)	__builtin_offsetof(type, member)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define FIELD_GET(mask, reg)	(((reg) & (mask)) >> __builtin_ctzll(mask))
#define FIELD_PREP(mask, val)	(((u64)(val) << __builtin_ctzll(mask)) & (mask))

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

typedef struct { unsigned int slock; } spinlock_t;

unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void _raw_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
void __raw_spin_lock_init(spinlock_t *lock, const char *name, void *key, short inner);

#define spin_lock_irqsave(lock, flags)	((flags) = _raw_spin_lock_irqsave(lock))
#define spin_unlock_irqrestore(lock, flags) \
	_raw_spin_unlock_irqrestore(lock, flags)

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

void *kzalloc(size_t size, gfp_t flags);
void kfree(const void *p);

struct iommu_domain {
	unsigned int type;
	void *ops;
};

struct dma_pte {
	u64 val;
};

struct list_head {
	struct list_head *next, *prev;
};

#ifdef VTD_FLAGS_IN_BITS
#define VTD_FLAG(name)	u8 name:1
#else
#define VTD_FLAG(name)	bool name
#endif

struct dmar_domain {
	struct iommu_domain domain;
	u8 iommu_coherency:1;
	u8 force_snooping:1;
	u8 set_pte_snp:1;
	u8 use_first_level:1;
	u8 dirty_tracking:1;
	u8 nested_parent:1;
	u8 has_mappings:1;
	u8 iotlb_sync_map:1;
#ifdef VTD_RECORDS_READ_ONLY
	VTD_FLAG(read_only_mapped);
#endif
#ifdef VTD_FLAGS_NESTED
	VTD_FLAG(set_nested);
#endif
	spinlock_t lock;		/* of devices, dev_pasids and some of the flags */
	struct list_head devices;
	struct list_head dev_pasids;
	int nid;			/* where its tables are, by preference */
	spinlock_t cache_lock;		/* of cache_tags */
	struct list_head cache_tags;
#ifdef VTD_COUNTS_NESTED
	int nested_users;
#endif
	union {
		struct {		/* a second stage */
			struct dma_pte *pgd;
			int agaw;
			spinlock_t s1_lock;	/* of s1_domains */
			struct list_head s1_domains;
		};
		struct {		/* nested on one */
			struct dmar_domain *s2_domain;
			struct list_head s2_link;
		};
	};
};

static inline struct dmar_domain *to_dmar_domain(struct iommu_domain *domain)
{
	return container_of(domain, struct dmar_domain, domain);
}

/* The leaf entry of a page; NULL where there is no table. */
static inline struct dma_pte *pfn_to_dma_pte(struct dmar_domain *domain, unsigned long pfn)
{
	return domain->pgd ? &domain->pgd[pfn & 511] : NULL;
}

#endif
