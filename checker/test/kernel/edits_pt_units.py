# SPDX-License-Identifier: MIT
"""
The guard and the nested test in another unit than they are in: in what is called there, or in
what calls from there. Judged by the link.
"""
from ctext import above, before, cut, inside, sub
from edits_pt import (ALLOC, CONDITION, Edit, GUARD, IOMMU_C, IOMMU_PT_H, NESTED, NESTED_C,
                      SET_PROT, STORE, UNCOUPLED, VTDSS_H)
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import proves, violates

KERNEL = "NEWER"
RULES = UNCOUPLED
REST = [proves("PF2146", NESTED), proves("PF2147", NESTED), proves("PF2148")]
AT_STORE = violates("PF2140", SET_PROT, STORE)
THROUGH = violates("PF2140", SET_PROT, STORE, flow=["intel_map", "vtdss_map", SET_PROT])
WRITE = "!(prot & IOMMU_WRITE)"
FORCED = "(d->sspt.vtdss_pt.common.features & BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE))"

# --- called there
REFUSES_PROTO = "bool intel_refuses(struct pt_common *common, unsigned int prot);"
REFUSES = REFUSES_PROTO + """

bool intel_refuses(struct pt_common *common, unsigned int prot)
{
	return %s;
}
"""
REFUSED = "(common->features & BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE)) && " + WRITE


def callee(name, text, link, todo=None):
    """The condition of the guard is a function of iommu.c."""
    return Edit(name, {IOMMU_C: [inside(ALLOC, above(REFUSES % text))],
                       VTDSS_H: [inside(SET_PROT, above(REFUSES_PROTO),
                                        sub(CONDITION, "(intel_refuses(common, iommu_prot))"))]},
                link=link, todo=todo)


# --- called from there
ARGUMENTS = ("(struct pt_iommu *pt, dma_addr_t iova, phys_addr_t paddr, dma_addr_t len,\n"
             "\tunsigned int prot, gfp_t gfp, size_t *mapped)")
PROTOS = "int vtdss_map%s;\nint intel_map%s;" % (ARGUMENTS, ARGUMENTS)
MAP = PROTOS + """

int intel_map%s
{
	struct dmar_domain *d = to_dmar_domain(&pt->domain);

	%%s
	return vtdss_map(pt, iova, paddr, len, %%s, gfp, mapped);
}
""" % ARGUMENTS
REFUSE = """if (%s) {
		pr_err_ratelimited("read-only mapping refused\\n");
		return -EINVAL;
	}"""
EXPORT = PROTOS + """

int vtdss_map%s
{
	return NS(map_range)(pt, iova, paddr, len, prot, gfp, mapped);
}
""" % ARGUMENTS


def caller(name, text, link, passed="prot", todo=None):
    """The guard stands in iommu.c, which the table of operations leads to."""
    return Edit(name, {IOMMU_C: [inside(ALLOC, above(MAP % (text, passed)))],
                       VTDSS_H: [inside(SET_PROT, cut(GUARD))],
                       IOMMU_PT_H: [inside(None, before("static const struct pt_iommu_ops "
                                                        "NS(ops) = {", EXPORT),
                                           sub(".map_range = NS(map_range)",
                                               ".map_range = intel_map"))]},
                link=link, todo=todo)


# --- the test of the parent
FITS_PROTO = "bool intel_fits(struct dmar_domain *domain);"
FITS = FITS_PROTO + """

bool intel_fits(struct dmar_domain *domain)
{
	return %s;
}
"""
TEST = "(!intel_domain_is_ss_paging(s2_domain) || !s2_domain->nested_parent)"
STORED = "domain->s2_domain = s2_domain"


def fits(name, text, link, todo=None):
    """The test of the parent is a function of iommu.c."""
    return Edit(name, {IOMMU_C: [inside(ALLOC, above(FITS % text))],
                       NESTED_C: [inside(NESTED, above(FITS_PROTO),
                                         sub(TEST, "(!intel_fits(s2_domain))"))]},
                link=link, todo=todo)


EDITS = [
    callee("asks-there", REFUSED, [proves("PF2140"), *REST]),
    callee("asks-there-by-a-bool", "!(%s ? prot & IOMMU_WRITE : true)"
           % REFUSED.split(" && ")[0], [proves("PF2140"), *REST]),
    callee("asks-there-for-read", REFUSED.replace("IOMMU_WRITE", "IOMMU_READ"),
           [AT_STORE, *REST]),
    callee("asks-there-for-another-feature", REFUSED.replace("WRITEABLE", "COHERENCE"),
           [AT_STORE, *REST]),
    callee("asks-there-for-both", "prot && " + REFUSED.replace("&& !", "&& (prot & 4) && !"),
           [AT_STORE, *REST]),
    callee("never-refused-there", "false", [AT_STORE, *REST]),

    caller("guarded-there", REFUSE % ("%s && %s" % (FORCED, WRITE)),
           [proves("PF2140", "intel_map"), *REST]),
    caller("guarded-there-for-all", REFUSE % WRITE, [proves("PF2140", "intel_map"), *REST]),
    caller("guarded-there-by-the-flag", REFUSE % ("d->nested_parent && " + WRITE),
           [proves("PF2140", "intel_map"), *REST],
           todo="that the flag goes with the feature (PF2149) is not known to PF2140"),
    caller("guarded-there-with-read", REFUSE % ("%s && !(prot & IOMMU_READ)" % FORCED),
           [THROUGH, *REST]),
    caller("guarded-there-not-at-all", "(void)d;", [THROUGH, *REST]),
    caller("guarded-there-with-a-way-around",
           "if (prot & IOMMU_CACHE)\n\t\treturn vtdss_map(pt, iova, paddr, len, prot, gfp, mapped);"
           "\n\t" + REFUSE % ("%s && %s" % (FORCED, WRITE)), [THROUGH, *REST]),
    caller("guarded-there-and-cleared", REFUSE % ("%s && %s" % (FORCED, WRITE)),
           [THROUGH, *REST], passed="len > SZ_2M ? prot & ~IOMMU_WRITE : prot"),
    caller("guarded-there-and-shifted", REFUSE % ("%s && %s" % (FORCED, WRITE)),
           [THROUGH, *REST], passed="prot >> 1"),

    fits("test-there", "intel_domain_is_ss_paging(domain) && domain->nested_parent",
         [proves("PF2146"), proves("PF2147"), proves("PF2140")]),
    fits("test-there-with-or", "intel_domain_is_ss_paging(domain) || domain->nested_parent",
         [violates("PF2146", NESTED, STORED), violates("PF2147", NESTED, STORED)]),
    fits("test-there-of-the-flag", "domain->nested_parent",
         [violates("PF2147", NESTED, STORED), proves("PF2146")]),
]
