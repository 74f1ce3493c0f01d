/* SPDX-License-Identifier: MIT */
/*
 * Stores to an entry that are no assignments: copies, fills, and code that is
 * not known here and gets a pointer to the entry. The latter is not decided; it
 * must not be proved.
 */
#include "vtd-example.h"

#define PAGE_SIZE	4096ul

unsigned long _copy_from_user(void *to, const void *from, unsigned long n);
void memcpy_fromio(void *to, const volatile void *from, size_t n);
void clflush_cache_range(void *addr, unsigned int size);
extern void fill_any(void *p);
extern void fill_pte(struct dma_pte *p);
extern void fill_u64(u64 *p);
extern void fill_number(unsigned long p);
extern void show_pte(const struct dma_pte *p);
extern void show_u64(const u64 *p, int more, ...);
extern void each_alias(void *dev, int (*fn)(void *dev, void *data), void *data);

struct table {
	int level;
	struct dma_pte e[512];
};

union slot {
	struct dma_pte pte;
	u32 half[2];
};

/* ------------------------------------------------------- it stores, and what is not known */

int by_user(struct dmar_domain *domain, const void *p)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	return (int)_copy_from_user(pte, p, sizeof(*pte));	/* PF2101: whatever the user has */
}

int by_user_scalar(struct dmar_domain *domain, const void *p)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	return (int)_copy_from_user(&pte->val, p, sizeof(pte->val));	/* PF2101: the same */
}

void by_device(struct dmar_domain *domain, const volatile void *p)
{
	memcpy_fromio(domain->pgd, p, PAGE_SIZE);	/* PF2101: whatever the device has */
}

void by_copy_of_many(struct dmar_domain *domain, const struct dma_pte *from, size_t n)
{
	__builtin_memcpy(domain->pgd, from, n * sizeof(*from));	/* PF2101: from elsewhere */
}

void by_fill(struct dmar_domain *domain)
{
	__builtin_memset(domain->pgd, 0x55, PAGE_SIZE);	/* PF2101: READ, and not WRITE */
}

void by_fill_of_some(struct dmar_domain *domain, size_t n)
{
	__builtin_memset(domain->pgd, 0x55, n);	/* PF2101: READ, and not WRITE */
}

void by_fill_of_table(struct dmar_domain *domain, struct table *t)
{
	__builtin_memset(t, 0x55, sizeof(*t));	/* PF2101: of whatever domain it is */
}

void by_table_copy(struct dmar_domain *domain, struct table *t, const struct table *from)
{
	*t = *from;	/* PF2101: of whatever domain it is */
}

void by_union(struct dmar_domain *domain, union slot *s, union slot v)
{
	*s = v;	/* PF2101: of whatever domain it is */
}

void by_struct(struct dmar_domain *domain, struct dma_pte v)
{
	*pfn_to_dma_pte(domain, 1) = v;	/* PF2101: a whole entry */
}

void by_asm(struct dmar_domain *domain, u64 v)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	__asm__ volatile("mov %1, %0" : "=m"(pte->val) : "r"(v));	/* PF2101: an operand */
}

static void put(u64 *p, u64 v)
{
	*p = v;	/* PF2101: the second entry of a table */
}

void by_second(struct dmar_domain *domain, u64 v)
{
	put(&domain->pgd[1].val, v);
}

/* --------------------------------------------------------------- it may store: not decided */

void by_any(struct dmar_domain *domain)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	fill_any(pte);	/* incomplete PF2101: no body and no model */
}

void by_typed(struct dmar_domain *domain)
{
	fill_pte(pfn_to_dma_pte(domain, 1));	/* incomplete PF2101: no body and no model */
}

void by_u64(struct dmar_domain *domain)
{
	fill_u64(&pfn_to_dma_pte(domain, 1)->val);	/* incomplete PF2101: no body and no model */
}

void by_number(struct dmar_domain *domain)
{
	fill_number((unsigned long)domain->pgd);	/* incomplete PF2101: no body and no model */
}

void by_table(struct dmar_domain *domain, struct table *t)
{
	fill_any(t);	/* incomplete PF2101: entries stand in it */
}

static void forward(void *p)
{
	fill_any(p);	/* incomplete PF2101: the caller has an entry */
}

void by_helper(struct dmar_domain *domain)
{
	forward(pfn_to_dma_pte(domain, 1));
}

void by_asm_pointer(struct dmar_domain *domain, u64 v)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	__asm__ volatile("mov %1, (%0)" : : "r"(pte), "r"(v) : "memory");	/* incomplete PF2101: by
										 * its address */
}

void by_builtin(struct dmar_domain *domain, u64 v)
{
	__atomic_store_n(&pfn_to_dma_pte(domain, 1)->val, v, 0);	/* incomplete PF2101: no model */
}

void by_sync(struct dmar_domain *domain, u64 v)
{
	__sync_fetch_and_and(&pfn_to_dma_pte(domain, 1)->val, v);	/* incomplete PF2101: no model */
}

void by_pointer(struct dmar_domain *domain, u64 v, void (*fn)(u64 *, u64))
{
	fn(&pfn_to_dma_pte(domain, 1)->val, v);	/* incomplete PF2101: any function */
}

/* --------------------------------------------------------------------- nothing is stored */

u64 is_read(struct dmar_domain *domain)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);
	struct dma_pte copy;

	show_pte(pte);	/* ok PF2101 */
	show_u64(&pte->val, 0);	/* ok PF2101 */
	clflush_cache_range(pte, sizeof(*pte));	/* ok PF2101 */
	_printk("%p\n", pte);	/* ok PF2101 */
	__builtin_memcpy(&copy, pte, sizeof(copy));	/* ok PF2101 */
	fill_pte(&copy);	/* ok PF2101 */
	kfree(pte);	/* ok PF2101 */
	return copy.val + READ_ONCE(pte->val);
}

/* The domain itself is handed out all the time: who gets it knows what it is. */
void is_handed_on(struct dmar_domain *domain, int (*fn)(void *dev, void *data))
{
	each_alias(NULL, fn, domain->pgd);	/* ok PF2101 */
}

void is_cleared(struct dmar_domain *domain)
{
	__builtin_memset(domain->pgd, 0, PAGE_SIZE);	/* ok PF2101 */
	__builtin_memset(domain->pgd, 0xff, PAGE_SIZE);	/* ok PF2101 */
}

/* --------------------------------------------------------------------- it is guarded all */

int is_guarded(struct dmar_domain *domain, const void *p)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	if (domain->nested_parent)
		return -EINVAL;
	fill_any(pte);	/* ok PF2101 */
	forward(pte);
	__asm__ volatile("mov %1, (%0)" : : "r"(pte), "r"(0) : "memory");	/* ok PF2101 */
	return (int)_copy_from_user(pte, p, sizeof(*pte));	/* ok PF2101 */
}

/* What was filled is a variable; the store is judged. */
int is_filled_before(struct dmar_domain *domain, const void *p)
{
	struct dma_pte v;

	if (_copy_from_user(&v, p, sizeof(v)))	/* ok PF2101 */
		return -EINVAL;
	fill_pte(&v);	/* ok PF2101 */
	v.val |= DMA_PTE_WRITE;
	*pfn_to_dma_pte(domain, 1) = v;	/* ok PF2101 */
	return 0;
}

/* ------------------------------------------------------------------ by an address that comes back */

static u64 *slot_of(struct dmar_domain *domain, unsigned long pfn)
{
	return &pfn_to_dma_pte(domain, pfn)->val;
}

void store_slot(struct dmar_domain *domain, unsigned long pfn, u64 phys)
{
	*slot_of(domain, pfn) = phys | DMA_PTE_READ;	/* PF2101: whose slot it is */
}

/* What another entry allows, which is right if that one is; of whose table it is nothing is known. */
void by_split(struct dmar_domain *domain, const struct dma_pte *large)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	pte->val = READ_ONCE(large->val) & (DMA_PTE_READ | DMA_PTE_WRITE); /* incomplete PF2101: as it */
}

void by_split_of_half(struct dmar_domain *domain, const struct dma_pte *large)
{
	struct dma_pte *pte = pfn_to_dma_pte(domain, 1);

	pte->val = READ_ONCE(large->val) & DMA_PTE_READ;	/* PF2101: whatever the other is */
}
