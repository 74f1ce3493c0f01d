# SPDX-License-Identifier: MIT
"""Entries that become read-only elsewhere than in __domain_mapping."""
from ctext import above, before, inside, sub
from edits import DIRTY, Edit, IN_DIRTY
from expect import violates


def bad(name, *places, expect, **more):
    return Edit(name, *places, expect=[violates("PF2101", *e) for e in expect], **more)


def helper(name, text, call, where, **more):
    """A new static function, called from set_dirty_tracking, that stores."""
    return bad(name, inside(DIRTY, above(text), before(IN_DIRTY, call)), expect=[where], **more)


def exported(name, text, *wheres, **more):
    """A new global function that stores."""
    head = text[:text.index("{")].strip()
    return bad(name, inside("intel_iommu_map_pages", above(head + ";\n" + text.strip("\n") +
               "\nEXPORT_SYMBOL_GPL(%s);" % head.split("(")[0].split()[-1].lstrip("*"))),
               expect=wheres, **more)


WALK = """
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	if (!pte)
		return;
"""

EDITS = [
    # --- a function that is given to another, with the entry
    helper("callback", """
static void protect_entry(void *entry)
{
	*(u64 *)entry &= ~2ULL;
}

static void on_entries(unsigned int n, void (*fn)(void *), void *entry)
{
	while (n--)
		fn(entry);
}

static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	on_entries(1, protect_entry, &pte->val);
}
""", "protect_first(dmar_domain, 0);", ("protect_entry", "*(u64 *)entry &=")),
    helper("callback-handed-on", """
typedef int (*entry_fn)(struct dmar_domain *domain, void *priv);

static int protect_entry(struct dmar_domain *domain, void *priv)
{
	u64 *entry = priv;

	WRITE_ONCE(*entry, *entry & ~2ULL);
	return 0;
}

static int with_entry(struct dmar_domain *domain, entry_fn fn, void *priv)
{
	entry_fn call = fn;

	return call(domain, priv);
}

static int for_entry(struct dmar_domain *domain, unsigned long pfn, entry_fn fn)
{
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	return pte ? with_entry(domain, fn, &pte->val) : 0;
}
""", "for_entry(dmar_domain, 0, protect_entry);", ("protect_entry", "WRITE_ONCE(*entry")),
    helper("cleanup-by-a-pasted-name", """
static inline void protecting_exit(struct dma_pte **pte)
{
	(*pte)->val &= ~DMA_PTE_WRITE;
}

#define LEAVES(what, var) var __attribute__((__cleanup__(what##_exit)))

static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{
	int level = 1;
	struct dma_pte *LEAVES(protecting, pte) = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	domain_flush_cache(domain, pte, sizeof(*pte));
}
""", "protect_first(dmar_domain, 0);", ("protecting_exit", "(*pte)->val &=")),

    # --- a new function with the pointer to an entry
    helper("fill-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	pte->val = ((u64)pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "pte->val =")),
    helper("clear-bit-of-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	pte->val &= ~DMA_PTE_WRITE;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "pte->val &=")),
    helper("arithmetic-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	if (pte->val & DMA_PTE_WRITE)
		pte->val -= DMA_PTE_WRITE;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "pte->val -=")),
    helper("loop-over-entries", """
static void protect_range(struct dmar_domain *domain, unsigned long pfn, unsigned long last)
{
	while (pfn <= last) {
		int level = 1;
		struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

		if (pte && dma_pte_present(pte))
			WRITE_ONCE(pte->val, READ_ONCE(pte->val) & ~DMA_PTE_WRITE);
		pfn++;
	}
}
""", "protect_range(dmar_domain, 0, 511);", ("protect_range", "WRITE_ONCE(pte->val")),
    helper("table-of-entries", """
static void protect_table(struct dmar_domain *domain)
{
	struct dma_pte *table = domain->pgd;
	unsigned int i;

	for (i = 0; i < 512; i++)
		if (dma_pte_present(&table[i]))
			table[i].val = (table[i].val | DMA_PTE_READ) & ~(u64)DMA_PTE_WRITE;
}
""", "protect_table(dmar_domain);", ("protect_table", "table[i].val =")),
    helper("table-below-table", """
static void protect_table(struct dmar_domain *domain)
{
	struct dma_pte *table = phys_to_virt(dma_pte_addr(domain->pgd));

	table[3].val = dma_pte_addr(&table[3]) | DMA_PTE_READ;
}
""", "protect_table(dmar_domain);", ("protect_table", "table[3].val")),
    helper("untyped-pointer-to-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	u64 *word = &pte->val;

	*word &= ~(u64)DMA_PTE_WRITE;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "*word &=")),
    helper("cast-pointer-to-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	*(volatile u32 *)pte = DMA_PTE_READ;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "*(volatile u32 *)pte")),
    helper("byte-of-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	((u8 *)pte)[0] &= 0xfd;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "((u8 *)pte)[0]")),
    helper("helper-that-takes-u64", """
static void drop_bits(u64 *word, u64 bits)
{
	*word &= ~bits;
}

static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	drop_bits(&pte->val, DMA_PTE_WRITE);
}
""", "protect_first(dmar_domain, 0);", ("drop_bits", "*word &= ~bits")),
    helper("helper-that-takes-an-entry", """
static inline void entry_set(struct dma_pte *pte, u64 value)
{
	WRITE_ONCE(pte->val, value);
}

static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	entry_set(pte, pte->val & ~(u64)DMA_PTE_WRITE);
}
""", "protect_first(dmar_domain, 0);", ("entry_set", "WRITE_ONCE(pte->val")),
    helper("clear_bit-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	clear_bit(1, (unsigned long *)&pte->val);
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "clear_bit(1")),
    helper("__clear_bit-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	__clear_bit(1, (unsigned long *)&pte->val);
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "__clear_bit(1")),
    helper("test_and_clear_bit-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	if (test_and_clear_bit(1, (unsigned long *)&pte->val))
		pr_debug("protected\\n");
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "test_and_clear_bit(1")),
    helper("xchg-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	xchg(&pte->val, ((u64)pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ);
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "xchg(&pte->val")),
    helper("cmpxchg-loop-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	u64 old = READ_ONCE(pte->val);

	while (!try_cmpxchg64(&pte->val, &old, old & ~(u64)DMA_PTE_WRITE))
		cpu_relax();
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "try_cmpxchg64(&pte->val")),
    helper("atomic64-on-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	atomic64_andnot(DMA_PTE_WRITE, (atomic64_t *)&pte->val);
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "atomic64_andnot(")),
    helper("copied-struct", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	struct dma_pte entry = { .val = ((u64)pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ };

	*pte = entry;
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "*pte = entry")),
    helper("compound-literal", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	*pte = (struct dma_pte){ dma_pte_addr(pte) | DMA_PTE_READ };
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "*pte = (struct dma_pte)")),
    helper("memcpy-to-entry", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	u64 value = dma_pte_addr(pte) | DMA_PTE_READ;

	memcpy(pte, &value, sizeof(value));
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "memcpy(pte")),
    helper("memset-of-entries", """
static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	memset(pte, DMA_PTE_READ, sizeof(*pte));
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "memset(pte")),
    helper("entries-swapped-for-read-only-ones", """
static struct dma_pte saved_entry;

static void protect_first(struct dmar_domain *domain, unsigned long pfn)
{""" + WALK + """	saved_entry.val = 0x1000 | DMA_PTE_READ;
	swap(*pte, saved_entry);
}
""", "protect_first(dmar_domain, 0);", ("protect_first", "swap(*pte")),
    helper("memory-without-a-type", """
static void protect_below(struct dmar_domain *domain)
{
	u64 *table = phys_to_virt(dma_pte_addr(domain->pgd));

	table[3] = (table[3] & ~3ULL) | DMA_PTE_READ;
}
""", "protect_below(dmar_domain);", ("protect_below", "table[3] ="),
           todo="what phys_to_virt() gives has no type, so that nothing says it is a page table"),
    helper("guarded-by-another-domain", """
static void protect_first(struct dmar_domain *domain, struct dmar_domain *other,
			  unsigned long pfn)
{""" + WALK + """	if (!other->nested_parent)
		pte->val &= ~DMA_PTE_WRITE;
}
""", """if (!list_empty(&dmar_domain->devices))
	protect_first(dmar_domain, list_first_entry(&dmar_domain->devices,
						    struct device_domain_info, link)->domain, 0);
""", ("protect_first", "pte->val &=")),

    # --- exported functions
    exported("exported-write-protect", """
int intel_iommu_write_protect(struct iommu_domain *dom, unsigned long pfn)
{
	struct dmar_domain *domain = to_dmar_domain(dom);
	int level = 0;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_KERNEL);

	if (!pte || !dma_pte_present(pte))
		return -ENOENT;
	WRITE_ONCE(pte->val, pte->val & ~(u64)DMA_PTE_WRITE);
	return 0;
}
""", ("intel_iommu_write_protect", "WRITE_ONCE(pte->val")),
    exported("exported-entry-without-domain", """
void intel_iommu_entry_readonly(struct dma_pte *pte)
{
	pte->val = (pte->val & ~3ULL) | DMA_PTE_READ;
}
""", ("intel_iommu_entry_readonly", "pte->val =")),
    exported("exported-with-guard-for-one-of-two", """
int intel_iommu_share(struct iommu_domain *from, struct iommu_domain *to, unsigned long pfn)
{
	struct dmar_domain *a = to_dmar_domain(from), *b = to_dmar_domain(to);
	int level = 1;
	struct dma_pte *pte;

	if (a->nested_parent)
		return -EINVAL;
	pte = pfn_to_dma_pte(b, pfn, &level, GFP_KERNEL);
	if (!pte)
		return -ENOMEM;
	pte->val = ((u64)pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ;
	return 0;
}
""", ("intel_iommu_share", "pte->val =")),

    # --- functions that are there
    bad("table-entry-without-write",
        inside("pfn_to_dma_pte", sub("| DMA_PTE_READ | DMA_PTE_WRITE", "| DMA_PTE_READ")),
        expect=[("pfn_to_dma_pte", "try_cmpxchg64(&pte->val")]),
    bad("table-entry-write-by-level",
        inside("pfn_to_dma_pte",
               before("tmp = 0ULL", "if (level == 2)\n\tpteval &= ~(u64)DMA_PTE_WRITE;")),
        expect=[("pfn_to_dma_pte", "try_cmpxchg64(&pte->val")]),
    bad("super-page-entry-read-only",
        inside("switch_to_super_page",
               before("pte++", "pte->val = ((u64)start_pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ |\n"
                      "\tDMA_PTE_LARGE_PAGE;")),
        expect=[("switch_to_super_page", "pte->val =")]),
    bad("clear-leaves-read",
        iommu_h=[inside("dma_clear_pte", sub("pte->val = 0", "pte->val &= DMA_PTE_READ"))],
        expect=[("dma_clear_pte", "pte->val &=")]),
    bad("dirty-bit-is-the-write-bit",
        iommu_h=[inside(None, sub("#define DMA_SL_PTE_DIRTY_BIT 9",
                                  "#define DMA_SL_PTE_DIRTY_BIT 1"))],
        expect=[("dma_sl_pte_test_and_clear_dirty", "test_and_clear_bit(")]),
    bad("walk-for-unmapping-protects",
        inside("dma_pte_clear_range", sub("dma_clear_pte(pte)", "pte->val &= ~DMA_PTE_WRITE")),
        expect=[("dma_pte_clear_range", "pte->val &=")]),
]
