# SPDX-License-Identifier: MIT
"""The guard of __domain_mapping taken away, weakened or led around."""
from ctext import above, after, before, below, cut, inside, move, put, rename, sub, within, wrap
from edits import ATTR, AT_STORE, Edit, GUARD, MAPPING, REFUSE, mapping
from expect import violates

WRITE = "!(prot & DMA_PTE_WRITE) &&"
PARENT = "&& domain->nested_parent"


def bad(name, *places, expect=(AT_STORE,), **more):
    return Edit(name, *places, expect=expect, **more)


def condition(name, text, *places):
    """The guard with another condition."""
    return bad(name, mapping(sub("(!(prot & DMA_PTE_WRITE) && domain->nested_parent)", text)),
               *places)


HELPER = """
static int refuse_readonly(struct dmar_domain *d, int rights)
{
	if (!(rights & DMA_PTE_WRITE) && d->nested_parent) {
		pr_err_once("read-only mapping of a nesting parent refused\\n");
		return -EINVAL;
	}
	return 0;
}
"""

EDITS = [
    bad("removed", mapping(cut(GUARD)),
        expect=[violates("PF2101", MAPPING, "try_cmpxchg64_local",
                         flow=["intel_iommu_map", MAPPING], certain=True)]),

    # --- the condition
    bad("not-dropped", mapping(sub(WRITE, "(prot & DMA_PTE_WRITE) &&"))),
    bad("flag-inverted", mapping(sub(PARENT, "&& !domain->nested_parent"))),
    bad("wrong-bit-read", mapping(sub(WRITE, "!(prot & DMA_PTE_READ) &&"))),
    bad("wrong-bit-snoop", mapping(sub(WRITE, "!(prot & DMA_PTE_SNP) &&"))),
    bad("wrong-bit-number", mapping(sub(WRITE, "!(prot & 1) &&"))),
    bad("wrong-field-has-mappings", mapping(sub(PARENT, "&& domain->has_mappings"))),
    bad("wrong-field-first-level", mapping(sub(PARENT, "&& domain->use_first_level"))),
    condition("precedence", "(!prot & DMA_PTE_WRITE && domain->nested_parent)"),
    condition("constant-false", "(0 && !(prot & DMA_PTE_WRITE) && domain->nested_parent)"),
    condition("further-condition-gfp",
              "(!(prot & DMA_PTE_WRITE) && domain->nested_parent && gfp != GFP_ATOMIC)"),
    condition("further-condition-pages",
              "(nr_pages > 1 && !(prot & DMA_PTE_WRITE) && domain->nested_parent)"),
    condition("equals-wrong-mask", "((prot & (DMA_PTE_READ | DMA_PTE_WRITE)) == DMA_PTE_WRITE && "
              "domain->nested_parent)"),
    # misses DMA_PTE_READ | DMA_PTE_SNP
    condition("equals-without-mask", "(prot == DMA_PTE_READ && domain->nested_parent)"),
    condition("shifted", "(!((prot << 1) & DMA_PTE_WRITE) && domain->nested_parent)"),
    condition("truncated-flag", "(!(prot & DMA_PTE_WRITE) && (u8)(domain->nested_parent << 8))"),
    condition("truncated-value", "((u8)(~prot << 7) && domain->nested_parent)"),
    condition("logical-not-for-complement", "((prot & !DMA_PTE_WRITE) && domain->nested_parent)"),
    bad("one-bit-field-loses-it",
        mapping(put(GUARD, """
struct { u8 readonly:1; } want = { .readonly = ~prot & DMA_PTE_WRITE };

if (want.readonly && domain->nested_parent)
""" + REFUSE))),
    bad("bool-negated",
        mapping(put(GUARD, "bool parent = !domain->nested_parent;\n\n"
                    "if (!(prot & DMA_PTE_WRITE) && parent)\n" + REFUSE))),
    bad("bool-overwritten",
        mapping(put(GUARD, "bool deny = !(prot & DMA_PTE_WRITE);\n\n"
                    "deny = domain->nested_parent && nr_pages > 512;\nif (deny)\n" + REFUSE))),
    bad("or-for-and-of-permission",
        mapping(put(GUARD, "bool fine = (prot & DMA_PTE_WRITE) || !domain->nested_parent ||\n"
                    "\t\t(prot & DMA_PTE_READ);\n\nif (!fine)\n" + REFUSE))),
    bad("unrelated-condition", mapping(put(GUARD, "if (iov_pfn & phys_pfn)\n" + REFUSE))),

    # --- the object
    bad("other-domain",
        mapping(above("static struct dmar_domain *last_parent;"),
                sub(PARENT, "&& last_parent && last_parent->nested_parent"))),
    bad("copied-domain",
        mapping(put(GUARD, "struct dmar_domain seen = { .nid = domain->nid };\n\n"
                    "if (!(prot & DMA_PTE_WRITE) && seen.nested_parent)\n" + REFUSE))),
    bad("remembered-flag",
        mapping(put(GUARD, """
static bool known, parent;

if (!known)
	parent = domain->nested_parent;
known = true;
if (!(prot & DMA_PTE_WRITE) && parent)
""" + REFUSE))),
    bad("domain-changed-after",
        mapping(above("static struct dmar_domain *spare_domain;"),
                after(GUARD, "if (spare_domain)\n\tdomain = spare_domain;")),
        inside("intel_iommu_domain_free",
               put("domain_exit(dmar_domain)", "swap(spare_domain, dmar_domain);\n"
                   "if (dmar_domain)\n\tdomain_exit(dmar_domain);"))),

    # --- what it does
    bad("warning-only", mapping(within(GUARD, cut("return -EINVAL")))),
    bad("error-not-returned",
        mapping(within(GUARD, put("return -EINVAL", "error = -EINVAL;")),
                before("if (unlikely(!domain_pfn_supported", "int error = 0;"))),
    bad("switch-without-return",
        mapping(put(GUARD, """
switch (prot & (DMA_PTE_READ | DMA_PTE_WRITE)) {
case DMA_PTE_READ:
	if (domain->nested_parent)
		pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
	break;
case DMA_PTE_WRITE:
	return -EINVAL;
}"""))),
    bad("switch-on-wrong-case",
        mapping(put(GUARD, """
switch (prot & (DMA_PTE_READ | DMA_PTE_WRITE)) {
case DMA_PTE_WRITE:
case DMA_PTE_READ | DMA_PTE_WRITE:
	if (domain->nested_parent && nr_pages > 1)
		return -EINVAL;
}"""))),
    bad("helper-result-ignored",
        mapping(above(HELPER), put(GUARD, "refuse_readonly(domain, prot);"))),
    bad("helper-result-overwritten",
        mapping(above(HELPER), put(GUARD, """
int bad = refuse_readonly(domain, prot);

bad = refuse_readonly(domain, DMA_PTE_WRITE);
if (bad)
	return bad;"""))),
    bad("helper-positive-error",
        mapping(above(HELPER), put(GUARD, "if (refuse_readonly(domain, prot) > 0)\n"
                                   "\treturn -EINVAL;"))),
    bad("helper-of-other-value",
        mapping(above(HELPER), put(GUARD, "if (refuse_readonly(domain, (int)gfp))\n"
                                   "\treturn -EINVAL;"))),
    bad("helper-polarity",
        mapping(above("""
static bool readonly_allowed(const struct dmar_domain *d, int rights)
{
	return (rights & DMA_PTE_WRITE) || !d->nested_parent;
}
"""), put(GUARD, "if (readonly_allowed(domain, prot))\n" + REFUSE))),

    # --- where it stands
    bad("after-the-loop", mapping(move(GUARD, after="while (nr_pages > 0)"))),
    bad("after-the-store", mapping(move(GUARD, after="if (!try_cmpxchg64_local("))),
    bad("not-in-first-iteration",
        mapping(cut(GUARD), before("tmp = 0ULL", "if (iov_pfn != first && !(prot & DMA_PTE_WRITE) "
                                   "&& domain->nested_parent)\n" + REFUSE),
                before("if (unlikely(!domain_pfn_supported", "unsigned long first = iov_pfn;"))),
    bad("only-in-first-branch-of-loop",
        mapping(cut(GUARD), within("if (largepage_lvl > 1)",
                                   before("pteval |= DMA_PTE_LARGE_PAGE",
                                          "if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)\n"
                                          + REFUSE)))),
    bad("jumped-over",
        mapping(before(GUARD, "if (nr_pages == 1)\n\tgoto build;"),
                before(ATTR, "build:"))),
    bad("backward-jump-behind-it",
        mapping(before(ATTR, "build:"),
                after("domain->has_mappings = true", """
if (nr_pages > 512 && (prot & DMA_PTE_WRITE)) {
	prot = DMA_PTE_READ;
	goto build;
}"""))),
    bad("fast-path", mapping(wrap(GUARD, "if (!domain->iommu_coherency) {"))),
    bad("early-accept-too-wide",
        mapping(before(GUARD, "if (prot & (DMA_PTE_WRITE | DMA_PTE_SNP))\n\tgoto accepted;"),
                before(ATTR, "accepted:"))),
    bad("under-first-level", mapping(wrap(GUARD, "if (domain->use_first_level) {"))),
    bad("under-if-0", mapping(wrap(GUARD, "if (0) {"))),
    bad("under-option-that-is-off",
        mapping(wrap(GUARD, "if (IS_ENABLED(CONFIG_INTEL_IOMMU_READONLY_GUARD)) {"))),
    bad("under-ifdef",
        mapping(wrap(GUARD, "\n#ifdef CONFIG_INTEL_IOMMU_READONLY_GUARD", "#endif"))),
    bad("under-module-parameter",
        mapping(above("static int strict_readonly = 1;"), wrap(GUARD, "if (strict_readonly) {")),
        inside("intel_iommu_domain_free", before("domain_exit(dmar_domain)",
                                                 "strict_readonly = 0;"))),
    bad("under-loop-that-may-not-run", mapping(wrap(GUARD, "while (gfp & __GFP_ZERO) {",
                                                    "\tbreak;\n}"))),
    bad("in-debug-assertion",
        mapping(put(GUARD, "WARN_ON_ONCE(!(prot & DMA_PTE_WRITE) && domain->nested_parent);"))),

    # --- guard in a caller, and another caller
    bad("moved-to-caller-wrong-bit",
        mapping(cut(GUARD)),
        inside("intel_iommu_map", before("max_addr = iova + size",
                                         "if (!(iommu_prot & IOMMU_READ) && "
                                         "dmar_domain->nested_parent)\n" + REFUSE))),
    bad("moved-to-caller-before-translation",
        mapping(cut(GUARD)),
        inside("intel_iommu_map",
               before("if (iommu_prot & IOMMU_READ)",
                      "if ((prot & DMA_PTE_READ) && dmar_domain->nested_parent)\n" + REFUSE))),
    bad("translation-loses-write",
        mapping(cut(GUARD)),
        inside("intel_iommu_map",
               sub("prot |= DMA_PTE_WRITE", "prot |= DMA_PTE_READ"),
               before("max_addr = iova + size", "if (!(iommu_prot & IOMMU_WRITE) && "
                      "dmar_domain->nested_parent)\n" + REFUSE))),
    bad("second-caller-constant-read",
        mapping(cut(GUARD)),
        inside("intel_iommu_map",
               before("max_addr = iova + size", "if (!(prot & DMA_PTE_WRITE) && "
                      "dmar_domain->nested_parent)\n" + REFUSE),
               below("""
int intel_iommu_map_firmware(struct iommu_domain *domain, unsigned long pfn);
int intel_iommu_map_firmware(struct iommu_domain *domain, unsigned long pfn)
{
	return __domain_mapping(to_dmar_domain(domain), pfn, pfn, 1, DMA_PTE_READ, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(intel_iommu_map_firmware);
""")),
        expect=[violates("PF2101", MAPPING, "try_cmpxchg64_local",
                         flow=["intel_iommu_map_firmware", MAPPING])]),
    bad("second-caller-static",
        mapping(cut(GUARD), below("""
static void map_msi_window(struct dmar_domain *domain, unsigned long pfn)
{
	if (__domain_mapping(domain, pfn, pfn, 16, DMA_PTE_READ, GFP_ATOMIC))
		pr_info("no window for messages\\n");
}
""")),
        inside("intel_iommu_map",
               before("max_addr = iova + size", "if (!(prot & DMA_PTE_WRITE) && "
                      "dmar_domain->nested_parent)\n" + REFUSE)),
        inside("intel_iommu_attach_device",
               before("return dmar_domain_attach_device", "map_msi_window(to_dmar_domain(domain), "
                      "0xfee00);"))),
    bad("split-in-two-one-unguarded",
        mapping(cut(GUARD)),
        inside("intel_iommu_map_pages",
               before("ret = intel_iommu_map(domain",
                      "if (pgcount > 1 && !(prot & IOMMU_WRITE) && "
                      "to_dmar_domain(domain)->nested_parent)\n" + REFUSE))),
    bad("guard-renamed-and-wrong", mapping(rename("prot", "rights"),
                                           sub("!(rights & DMA_PTE_WRITE) &&",
                                               "!(rights & DMA_PTE_READ) &&"))),
]
