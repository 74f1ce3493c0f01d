# SPDX-License-Identifier: MIT
"""The guard and the flag of 6.12 in several units, judged by their link."""
from ctext import above, before, cut, inside, put, rename, sub
from edit import Edit
from edits import AT_STORE, GUARD, IOMMU_C, IOMMU_H, MAPPING, NESTED_C
from expect import inapplicable, proves, violates, withdraws

RULES = ["PF2101", "PF2102", "PF2117"]
FAMILY = r"PF(2101|2102|2117)$"
PASID_C = "drivers/iommu/intel/pasid.c"
UNITS = (IOMMU_C, NESTED_C, PASID_C)
ALLOC = "intel_iommu_domain_alloc_user"
NESTED = "intel_nested_domain_alloc"
FREE_NESTED = "intel_nested_domain_free"
SETUP_NESTED = "intel_pasid_setup_nested"
PARENT = "dmar_domain->nested_parent = true"
INIT_ONLY = "nested_parent' is init-only: nobody writes it after the object is published (proved"
PROVED = [proves("PF2101", MAPPING, assumes=[INIT_ONLY]), proves("PF2117")]


def link(name, files, *expected, units=UNITS, **more):
    return Edit(name, files, link=expected, units=units, **more)


def late(name, source, function, write, *place):
    """The flag is written when others can reach the domain: the proof is taken back."""
    return link(name, {source: [inside(function, *place)]}, violates("PF2117", function, write),
                withdraws("PF2101", function), AT_STORE)


# --- a function of nested.c that is called from iommu.c
MARK_PROTO = "void intel_mark(struct dmar_domain *domain);"
MARK = MARK_PROTO + """

void intel_mark(struct dmar_domain *domain)
{
	domain->nested_parent = true;
}
"""
REFUSE_PROTO = "int intel_refuse(struct dmar_domain *domain, int prot);"
REFUSE = REFUSE_PROTO + """

int intel_refuse(struct dmar_domain *domain, int prot)
{
	if (%s) {
		pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
		return -EINVAL;
	}
	return 0;
}
"""
CONDITION = "!(prot & DMA_PTE_WRITE) && domain->nested_parent"


def callee(name, condition, *expected):
    return link(name, {IOMMU_C: [inside(MAPPING, above(REFUSE_PROTO),
                                        put(GUARD, "if (intel_refuse(domain, prot))\n"
                                            "\treturn -EINVAL;"))],
                       NESTED_C: [inside(NESTED, above(REFUSE % condition))]}, *expected)


# --- a function of nested.c that the table of operations leads to, and that calls iommu.c
ARGUMENTS = ("(struct iommu_domain *domain, unsigned long iova, phys_addr_t paddr,\n"
             "\tsize_t pgsize, size_t pgcount, int prot, gfp_t gfp, size_t *mapped)")
MAP_PROTOS = "int intel_iommu_map_pages%s;\nint intel_map%s;" % (ARGUMENTS, ARGUMENTS)
MAP = MAP_PROTOS + """

int intel_map%s
{
	%%s
	return intel_iommu_map_pages(domain, iova, paddr, pgsize, pgcount, prot, gfp, mapped);
}
""" % ARGUMENTS
GUARDED = """if (!(prot & IOMMU_%s) && to_dmar_domain(domain)->nested_parent) {
		pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
		return -EINVAL;
	}"""
MAP_PAGES = ".map_pages = intel_iommu_map_pages"


def caller(name, text, *expected, table=True, more=""):
    use = [sub(MAP_PAGES, ".map_pages = intel_map")] if table else []
    return link(name, {IOMMU_C: [inside(MAPPING, cut(GUARD)),
                                 inside("intel_iommu_map_pages",
                                        sub("static int intel_iommu_map_pages",
                                            "int intel_iommu_map_pages"), above(MAP_PROTOS)),
                                 inside(None, *use)],
                       NESTED_C: [inside(NESTED, above(MAP % text + more))]}, *expected)


BESIDE = """
int intel_map_again%s;
int intel_map_again%s
{
	return intel_iommu_map_pages(domain, iova, paddr, pgsize, pgcount, IOMMU_READ, gfp, mapped);
}
""" % (ARGUMENTS, ARGUMENTS)

EDITS = [
    link("all-units", {}, *PROVED, proves("PF2102"), units=None),

    # --- who writes the flag
    late("cleared-when-unnested", NESTED_C, FREE_NESTED, "s2_domain->nested_parent = false",
         before("kfree(dmar_domain->qi_batch)", "s2_domain->nested_parent = false;")),
    late("raised-at-nesting", NESTED_C, NESTED, "s2_domain->nested_parent = true",
         before("domain->use_first_level = true", "s2_domain->nested_parent = true;")),
    late("raised-at-attach", PASID_C, SETUP_NESTED, "s2_domain->nested_parent = 1",
         before("spin_lock(&iommu->lock)", "s2_domain->nested_parent = 1;")),
    link("written-there-before-publication",
         {IOMMU_C: [inside(ALLOC, above(MARK_PROTO), sub(PARENT, "intel_mark(dmar_domain)"))],
          NESTED_C: [inside(NESTED, above(MARK))]}, *PROVED),

    # --- where the guard is
    link("removed", {IOMMU_C: [inside(MAPPING, cut(GUARD))]},
         violates("PF2101", MAPPING, "try_cmpxchg64_local", flow=["intel_iommu_map", MAPPING],
                  certain=True), proves("PF2117")),
    callee("refused-there", CONDITION, proves("PF2101", "intel_refuse"), proves("PF2102"),
           proves("PF2117")),
    callee("refused-there-for-read", CONDITION.replace("WRITE", "READ"), AT_STORE),
    callee("refused-there-for-both", CONDITION.replace("&& d", "&& domain->has_mappings && d"),
           AT_STORE),
    caller("guarded-there", GUARDED % "WRITE", proves("PF2101", "intel_map"), proves("PF2102"),
           proves("PF2117")),
    caller("guarded-there-for-read", GUARDED % "READ", AT_STORE),
    caller("guarded-there-beside-the-table", GUARDED % "WRITE", AT_STORE, table=False),
    caller("guarded-there-and-a-second-way-in", GUARDED % "WRITE",
           violates("PF2101", MAPPING, "try_cmpxchg64_local", flow=["intel_map_again", MAPPING]),
           more=BESIDE),

    # --- no nesting, as in 6.1
    link("no-nested-parent",
         {IOMMU_H: [inside("struct dmar_domain", sub("u8 nested_parent:1;", ""),
                           sub("*s2_domain;", "*second;\n#define s2_domain second\n"))],
          IOMMU_C: [inside(MAPPING, cut(GUARD)),
                    inside(ALLOC, cut("if (nested_parent) { dmar_domain"),
                           rename("nested_parent", "nests")),
                    inside("intel_iommu_domain_free", cut("WARN_ON")),
                    inside("intel_iommu_set_dirty_tracking",
                           cut("if (dmar_domain->nested_parent)"))],
          NESTED_C: [inside(NESTED, sub("!s2_domain->nested_parent", "!s2_domain"))]},
         inapplicable("PF2101"), inapplicable("PF2102"), inapplicable("PF2117"), units=None),
]
