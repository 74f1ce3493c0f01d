# SPDX-License-Identifier: MIT
"""The design of the patches of 2023, made from 6.12: either side may come first.

The mapping side records read-only mappings in read_only_mapped, the nesting
side counts its users (version 3) or sets a flag (version 4), both under the
lock of the second-stage domain, and each refuses what the other has done.
"""
from ctext import above, after, before, cut, inside, put, sub, within
from edits import ATTR, Edit, GUARD, MAPPING, mapping
from expect import proves, violates

ASSUMPTIONS = ("read_only_mapped' is monotone", "written only under 'lock'")
AT_STORE = violates("PF2103", MAPPING, "try_cmpxchg64_local")
RECORDED = proves("PF2103", MAPPING, assumes=ASSUMPTIONS)
SILENT_MAP = violates("PF2104", MAPPING, "return -EINVAL")
SILENT_NEST = violates("PF2105", "intel_nested_domain_alloc", "return ERR_PTR(-EBUSY)")
ONCE = 'pr_err_once("refused, erratum 772415\\n");'


def fields(nesting):
    return [inside("struct dmar_domain", after("u8 iotlb_sync_map:1", "bool read_only_mapped;\n" +
                                               nesting))]


V3 = fields("int nested_users;")
V4 = fields("u8 set_nested:1;")


def map_side(nested="domain->nested_users > 0", tell="", record="domain->read_only_mapped = true;",
             asked="!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped"):
    return mapping(put(GUARD, """
if (%s) {
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	if (%s) {
		spin_unlock_irqrestore(&domain->lock, flags);
		%s
		return -EINVAL;
	}
	%s
	spin_unlock_irqrestore(&domain->lock, flags);
}""" % (asked, nested, tell, record)))


def nest_side(record="s2_domain->nested_users++;", tell=""):
    return [inside("intel_nested_domain_alloc",
                   before("int ret", "unsigned long flags;"),
                   sub("|| !s2_domain->nested_parent", ""),
                   before("domain = kzalloc(", """
spin_lock_irqsave(&s2_domain->lock, flags);
if (s2_domain->read_only_mapped) {
	spin_unlock_irqrestore(&s2_domain->lock, flags);
	%s
	return ERR_PTR(-EBUSY);
}
%s
spin_unlock_irqrestore(&s2_domain->lock, flags);""" % (tell, record)))]


def version3(name, *places, expect, **more):
    more.setdefault("nested_c", nest_side(tell=ONCE))
    more.setdefault("expect_nested", [])
    return Edit(name, *places, iommu_h=V3, expect=expect, **more)


def broken(name, *places, **more):
    return version3(name, *places, expect=[AT_STORE], **more)


EDITS = [
    version3("version-3-as-posted", map_side(), nested_c=nest_side(),
             expect=[RECORDED, SILENT_MAP], expect_nested=[SILENT_NEST]),
    version3("version-3-with-messages", map_side(tell=ONCE), expect=[RECORDED]),
    version3("version-3-messages-without-limit", map_side(tell='pr_err("refused\\n");'),
             nested_c=nest_side(tell='pr_warn("refused\\n");'),
             expect=[RECORDED, SILENT_MAP], expect_nested=[SILENT_NEST]),
    version3("version-3-map-side-silent", map_side(), expect=[RECORDED, SILENT_MAP]),
    version3("version-3-nest-side-silent", map_side(tell=ONCE), nested_c=nest_side(),
             expect=[RECORDED], expect_nested=[SILENT_NEST]),
    Edit("version-4-as-posted", map_side(nested="domain->set_nested"), iommu_h=V4,
         nested_c=nest_side("s2_domain->set_nested = true;"),
         expect=[RECORDED, violates("PF2106", MAPPING, "return -EINVAL")],
         expect_nested=[SILENT_NEST]),
    Edit("version-4-with-messages", map_side(nested="domain->set_nested", tell=ONCE), iommu_h=V4,
         nested_c=nest_side("s2_domain->set_nested = true;", tell=ONCE),
         expect=[RECORDED], expect_nested=[]),

    # --- the same in other words
    version3("recorded-in-a-helper",
             mapping(above("""
static int record_readonly(struct dmar_domain *domain)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&domain->lock, flags);
	if (domain->nested_users)
		ret = -EINVAL;
	else
		domain->read_only_mapped = true;
	spin_unlock_irqrestore(&domain->lock, flags);
	if (ret)
		pr_err_once("refused, erratum 772415\\n");
	return ret;
}
"""), put(GUARD, """
if (!(prot & DMA_PTE_WRITE) && !READ_ONCE(domain->read_only_mapped)) {
	int ret = record_readonly(domain);

	if (ret)
		return ret;
}""")), expect=[proves("PF2103", assumes=ASSUMPTIONS)]),
    version3("always-under-the-lock", mapping(put(GUARD, """
if (!(prot & DMA_PTE_WRITE)) {
	guard(spinlock_irqsave)(&domain->lock);
	if (domain->nested_users) {
		pr_err_once("refused, erratum 772415\\n");
		return -EINVAL;
	}
	domain->read_only_mapped = true;
}""")), expect=[proves("PF2103", assumes=ASSUMPTIONS)]),
    version3("never-read-only", mapping(put(GUARD, "prot |= DMA_PTE_WRITE;")),
             expect=[proves("PF2103")]),

    # --- the mapping side broken
    broken("flag-never-set", map_side(tell=ONCE, record="")),
    broken("guard-missing", mapping(cut(GUARD))),
    broken("flag-set-for-the-wrong-bit",
           map_side(tell=ONCE, asked="!(prot & DMA_PTE_READ) && !domain->read_only_mapped")),
    broken("flag-set-for-writable-ones",
           map_side(tell=ONCE, asked="(prot & DMA_PTE_WRITE) && !domain->read_only_mapped")),
    broken("flag-cleared-instead", map_side(tell=ONCE, record="domain->read_only_mapped = false;")),
    broken("flag-looked-at-the-wrong-way",
           map_side(tell=ONCE, asked="!(prot & DMA_PTE_WRITE) && domain->read_only_mapped")),
    broken("flag-set-under-a-further-condition",
           map_side(tell=ONCE, record="if (domain->has_mappings)\n"
                    "\t\tdomain->read_only_mapped = true;")),
    broken("flag-looked-at-under-a-further-condition",
           map_side(tell=ONCE, asked="!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped && "
                    "nr_pages > 1")),
    broken("flag-set-after-the-store",
           map_side(tell=ONCE, record=""),
           mapping(after("while (nr_pages > 0)", "if (!(prot & DMA_PTE_WRITE))\n"
                         "\tdomain->read_only_mapped = true;"))),
    broken("flag-set-on-another-domain",
           mapping(above("static struct dmar_domain *last_domain;")),
           map_side(tell=ONCE, record="last_domain = domain;\n\t"
                    "if (last_domain->devices.next != last_domain->devices.prev)\n"
                    "\t\tlast_domain = list_first_entry(&domain->devices,\n"
                    "\t\t\tstruct device_domain_info, link)->domain;\n"
                    "\tlast_domain->read_only_mapped = true;")),
    broken("another-flag-set", map_side(tell=ONCE, record="domain->has_mappings = true;")),
    broken("prot-changed-after", map_side(tell=ONCE),
           mapping(before(ATTR, "if (domain->set_pte_snp)\n\tprot &= ~(int)DMA_PTE_WRITE;"))),
    broken("jumped-over", map_side(tell=ONCE),
           mapping(before("if (!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped)",
                          "if (nr_pages == 1)\n\tgoto build;"), before(ATTR, "build:"))),
    broken("refusal-does-not-return",
           map_side(tell=ONCE), mapping(within("if (domain->nested_users > 0)",
                                               put("return -EINVAL", "goto unlocked;")),
                                        before(ATTR, "unlocked:"))),
    version3("new-store-without-record",
             map_side(tell=ONCE),
             inside("intel_iommu_map_pages", above("""
void intel_iommu_protect(struct iommu_domain *domain, unsigned long pfn);
void intel_iommu_protect(struct iommu_domain *domain, unsigned long pfn)
{
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(to_dmar_domain(domain), pfn, &level, GFP_KERNEL);

	if (pte)
		WRITE_ONCE(pte->val, pte->val & ~DMA_PTE_WRITE);
}
EXPORT_SYMBOL_GPL(intel_iommu_protect);
""")), expect=[violates("PF2103", "intel_iommu_protect", "WRITE_ONCE(pte->val")]),
]
