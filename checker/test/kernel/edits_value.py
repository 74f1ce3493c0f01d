# SPDX-License-Identifier: MIT
"""The guard stands, but what is stored is not what it looked at."""
from ctext import above, after, before, inside, put, sub, within
from edits import ATTR, AT_STORE, Edit, MAPPING, mapping
from expect import violates

STORE = "if (!try_cmpxchg64_local("


def bad(name, *places, expect=(AT_STORE,), **more):
    return Edit(name, *places, expect=expect, **more)


def behind_guard(name, text):
    """A change of prot between the guard and its use."""
    return bad(name, mapping(before(ATTR, text)))


EDITS = [
    # --- prot
    behind_guard("prot-write-cleared", "if (domain->set_pte_snp)\n\tprot &= ~(int)DMA_PTE_WRITE;"),
    behind_guard("prot-assigned", "if (nr_pages > 512)\n\tprot = DMA_PTE_READ;"),
    behind_guard("prot-toggled", "prot ^= DMA_PTE_WRITE;"),
    behind_guard("prot-shifted", "prot >>= 1;"),
    behind_guard("prot-subtracted", "if (prot & DMA_PTE_WRITE && gfp == GFP_ATOMIC)\n"
                 "\tprot -= DMA_PTE_WRITE;"),
    behind_guard("prot-truncated", "prot = (u8)(prot << 6) >> 6;\n"
                 "if (nr_pages & 1)\n\tprot = (u8)(prot << 7) >> 7;"),
    bad("prot-masked-by-variable",
        mapping(above("static unsigned int allowed_rights = 3;"),
                before(ATTR, "prot &= allowed_rights;")),
        inside("intel_iommu_domain_free", before("domain_exit(dmar_domain)",
                                                 "allowed_rights = 1;"))),
    bad("prot-in-a-loop",
        mapping(before(ATTR, "for (int i = 0; i < domain->agaw; i++)\n"
                       "\tprot &= ~(1 << i);"))),
    bad("prot-through-pointer",
        mapping(above("""
static void restrict_rights(const struct dmar_domain *d, int *rights)
{
	if (d->iommu_coherency)
		*rights &= ~2;
}
"""), before(ATTR, "restrict_rights(domain, &prot);"))),
    bad("prot-from-function",
        mapping(above("""
static int effective_rights(int rights, unsigned long pages)
{
	return pages > 1 ? rights : rights & DMA_PTE_READ;
}
"""), sub("attr = prot &", "attr = effective_rights(prot, nr_pages) &"))),
    bad("stale-copy",
        mapping(before("if (unlikely(!domain_pfn_supported", "const int asked = prot;\n\n"
                       "if (domain->iommu_coherency)\n\tprot &= DMA_PTE_READ;"),
                sub("!(prot & DMA_PTE_WRITE) &&", "!(asked & DMA_PTE_WRITE) &&"))),
    bad("stale-copy-in-struct",
        mapping(before("if (unlikely(!domain_pfn_supported", """
struct { int asked, used; } rights = { prot, prot };

if (phys_pfn & 1)
	rights.used = DMA_PTE_READ;"""),
                sub("!(prot & DMA_PTE_WRITE) &&", "!(rights.asked & DMA_PTE_WRITE) &&"),
                sub("attr = prot &", "attr = rights.used &"))),
    bad("stale-verdict",
        mapping(before("if (unlikely(!domain_pfn_supported", """
bool readonly = !(prot & DMA_PTE_WRITE);

if (gfp & __GFP_NOWARN)
	prot = DMA_PTE_READ;"""),
                sub("(!(prot & DMA_PTE_WRITE) && domain->nested_parent)",
                    "(readonly && domain->nested_parent)"))),

    # --- attr
    bad("attr-write-left-out",
        mapping(sub("attr = prot & (DMA_PTE_READ | DMA_PTE_WRITE | DMA_PTE_SNP)",
                    "attr = prot & (DMA_PTE_READ | DMA_PTE_SNP)"))),
    bad("attr-write-cleared",
        mapping(before("domain->has_mappings = true",
                       "if (domain->iommu_superpage > 2)\n\tattr &= ~DMA_PTE_WRITE;"))),
    bad("attr-truncated",
        mapping(before("domain->has_mappings = true",
                       "struct { u64 low:1; } kept = { .low = attr };\n\nattr = kept.low;"))),
    bad("attr-overwritten-in-branch",
        mapping(after("if (domain->use_first_level)",
                      "if (domain->set_pte_snp)\n\tattr = DMA_FL_PTE_PRESENT | DMA_PTE_SNP;"))),

    # --- pteval
    bad("pteval-write-cleared-in-loop",
        mapping(before("tmp = 0ULL",
                       "if (nr_pages & 1)\n\tpteval &= ~(u64)DMA_PTE_WRITE;"))),
    bad("pteval-write-cleared-for-large-pages",
        mapping(sub("pteval |= DMA_PTE_LARGE_PAGE",
                    "pteval = (pteval | DMA_PTE_LARGE_PAGE) & ~2ULL"))),
    bad("pteval-counts-into-the-bits",
        mapping(sub("pteval += lvl_pages * VTD_PAGE_SIZE", "pteval += lvl_pages * 2"))),
    bad("pteval-mask-of-other-width",
        mapping(before("tmp = 0ULL", "pteval &= (phys_addr_t)(u32)~DMA_PTE_WRITE | "
                       "0xffffffff00000000ULL;"))),
    bad("pteval-replaced-on-retry",
        mapping(within(STORE, before("WARN_ON(1)", "pteval = (pteval & ~3ULL) | DMA_PTE_READ;")))),
    bad("other-value-stored",
        mapping(sub("try_cmpxchg64_local(&pte->val, &tmp, pteval)",
                    "try_cmpxchg64_local(&pte->val, &tmp, pteval & ~(u64)DMA_PTE_WRITE)"))),
    bad("plain-store-of-other-value",
        mapping(after(STORE, "if (domain->force_snooping)\n"
                      "\tWRITE_ONCE(pte->val, (pteval & ~3ULL) | DMA_PTE_READ);")),
        expect=[violates("PF2101", MAPPING, "WRITE_ONCE(pte->val")]),

    # --- the flag is not yet what it will be
    bad("mapped-before-the-flag-is-set",
        inside("intel_iommu_domain_alloc_user", before("if (nested_parent)", """
if (__domain_mapping(dmar_domain, 0, 0, 1, DMA_PTE_READ, GFP_KERNEL)) {
	iommu_domain_free(domain);
	return ERR_PTR(-ENOMEM);
}""")),
        expect=[violates("PF2101", MAPPING, "try_cmpxchg64_local",
                         flow=["intel_iommu_domain_alloc_user", MAPPING])]),
    bad("mapped-in-a-helper-before-the-flag-is-set",
        inside("intel_iommu_domain_alloc_user",
               above("""
static int map_boot_pages(struct dmar_domain *domain, unsigned long from, unsigned long to)
{
	int ret = 0;

	while (!ret && from < to) {
		ret = __domain_mapping(domain, from, from, 1, DMA_PTE_READ, GFP_KERNEL);
		from++;
	}
	return ret;
}
"""),
               before("if (nested_parent)", "if (map_boot_pages(dmar_domain, 16, 32))\n"
                      "\tpr_warn(\"no boot pages\\n\");"))),
    bad("stored-by-hand-before-the-flag-is-set",
        inside("intel_iommu_domain_alloc_user",
               before("if (nested_parent)", "dmar_domain->pgd[1].val = 0x100000 | DMA_PTE_READ;")),
        expect=[violates("PF2101", "intel_iommu_domain_alloc_user", "pgd[1].val")]),
    bad("flag-set-only-after-a-read-only-mapping-on-one-path",
        inside("intel_iommu_domain_alloc_user",
               put("if (nested_parent)", """
if (dirty_tracking &&
    __domain_mapping(dmar_domain, 0, 0, 1, DMA_PTE_READ | DMA_PTE_SNP, GFP_KERNEL))
	pr_info("no window\\n");
dmar_domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
INIT_LIST_HEAD(&dmar_domain->s1_domains);
spin_lock_init(&dmar_domain->s1_lock);"""))),
]
