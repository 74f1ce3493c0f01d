# SPDX-License-Identifier: MIT
"""The guard as it is, with other messages and other code around it."""
from ctext import above, before, inside
from edits import DIRTY, IN_DIRTY
from silent import good, reporter, unrelated

EDITS = [
    # --- messages
    reporter("pr_err_once", 'pr_err_once("refused\\n");'),
    reporter("pr_warn_ratelimited", 'pr_warn_ratelimited("refused on node %d\\n", domain->nid);'),
    reporter("pr_info_once", 'pr_info_once("refused\\n");'),
    reporter("warn_once", 'WARN_ONCE(1, "read-only mapping refused\\n");'),
    reporter("warn_on_once", "WARN_ON_ONCE(1);"),
    reporter("dev_err_ratelimited",
             'dev_err_ratelimited(list_first_entry(&domain->devices, struct device_domain_info,\n'
             '\t\t\t\t     link)->dev, "refused\\n");'),
    reporter("dev_warn_once", 'dev_warn_once(NULL, "refused\\n");'),
    reporter("printk_ratelimited", 'printk_ratelimited(KERN_WARNING "refused\\n");'),
    reporter("ratelimit-by-hand", """
static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

if (__ratelimit(&limit))
	pr_err("refused\\n");"""),
    reporter("printk_ratelimit", 'if (printk_ratelimit())\n\tpr_err("refused\\n");'),
    reporter("once-by-DO_ONCE_LITE", 'DO_ONCE_LITE(pr_err, "refused\\n");'),
    reporter("two-messages", 'pr_err_ratelimited("refused\\n");\npr_debug("prot %x\\n", prot);'),

    # --- code that has nothing to do with it
    unrelated("statistics", "if (nr_pages > 512 && !domain->force_snooping)\n"
              "\tpr_debug(\"%lu pages with %x\\n\", nr_pages, prot);"),
    unrelated("other-bits-of-prot", "if (domain->force_snooping)\n\tprot |= DMA_PTE_SNP;\n"
              "prot &= ~(int)DMA_PTE_LARGE_PAGE;"),
    unrelated("write-added", "if (domain->iommu_superpage)\n\tprot |= DMA_PTE_WRITE;"),
    unrelated("another-early-return", "if (!domain->pgd)\n\treturn -ENODEV;"),
    unrelated("a-loop", "for (unsigned long n = nr_pages; n; n >>= 1)\n\tcpu_relax();"),
    unrelated("a-lock", "spin_lock(&domain->lock);\nif (list_empty(&domain->devices))\n"
              "\tpr_debug(\"no device\\n\");\nspin_unlock(&domain->lock);"),
    unrelated("rights-copied-and-back", "int kept = prot;\n\nprot = 0;\nprot |= kept & 0xfff;"),
    good("entry-keeps-write",
         inside(DIRTY, above("""
static void forget_dirty(struct dmar_domain *domain, unsigned long pfn)
{
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	if (!pte)
		return;
	pte->val &= ~DMA_SL_PTE_DIRTY;
	pte->val |= DMA_PTE_SNP;
	clear_bit(DMA_SL_PTE_DIRTY_BIT, (unsigned long *)&pte->val);
	WRITE_ONCE(pte->val, READ_ONCE(pte->val) | DMA_PTE_WRITE);
}
"""), before(IN_DIRTY, "forget_dirty(dmar_domain, 0);"))),
    good("entry-cleared-or-writable",
         inside(DIRTY, above("""
static void fill_or_clear(struct dmar_domain *domain, unsigned long pfn, bool clear)
{
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	if (!pte)
		return;
	xchg(&pte->val, clear ? 0 : ((u64)pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ | DMA_PTE_WRITE);
	if (clear)
		memset(pte, 0, sizeof(*pte));
}
"""), before(IN_DIRTY, "fill_or_clear(dmar_domain, 0, enable);"))),
    good("read-only-entry-below-a-guard",
         inside(DIRTY, above("""
static void protect_unless_parent(struct dmar_domain *domain, unsigned long pfn)
{
	int level = 1;
	struct dma_pte *pte;

	if (domain->nested_parent)
		return;
	pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);
	if (pte)
		pte->val &= ~DMA_PTE_WRITE;
}
"""), before(IN_DIRTY, "protect_unless_parent(dmar_domain, 0);")),
         guard=()),
    good("read-only-entry-of-another-kind-of-table",
         inside(DIRTY, above("""
static void mark(struct context_entry *entry)
{
	entry->lo = (entry->lo & ~3ULL) | DMA_PTE_READ;
}
"""), before(IN_DIRTY,
             "mark(iommu_context_addr(NULL, 0, 0, 0));"))),
]
