# SPDX-License-Identifier: MIT
"""
Changes of 7.x that are known to be judged wrongly, or not at all, and some beside them that are
not any more.
"""
from ctext import before, cut, inside, put, sub
from edits_pt import (ALLOC, COUPLED, Edit, FORCE, FORCED, IOMMU_C, PARENT, TABLE, VTDSS_C,
                      VTDSS_H)
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import violates

KERNEL = "NEWER"
RULES = ["PF2117"] + ["PF214%d" % n for n in range(10)]
NEST = "IOMMU_HWPT_ALLOC_NEST_PARENT"
PAGING = "intel_iommu_domain_alloc_paging_flags"
SNOOP = "intel_iommu_enforce_cache_coherency_ss"
CLEAN = "vtdss_pt_entry_make_write_clean"
LATE = """{
	struct iommu_domain *ss;

	ss = intel_iommu_domain_alloc_second_stage(dev, iommu, flags);
	if (!IS_ERR(ss) && (flags & IOMMU_HWPT_ALLOC_NEST_PARENT))
		to_dmar_domain(ss)->nested_parent = true;
	return ss;
}"""


def alloc(name, *changes, link, todo):
    return Edit(name, {IOMMU_C: changes}, link=link, todo=todo)


EDITS = [
    alloc("role-given-again-by-the-caller",
          inside(PAGING, put("return intel_iommu_domain_alloc_second_stage", LATE)), link=COUPLED,
          todo="what a callee gives back behind a pointer that may be an error is not fresh"),
    alloc("feature-and-role-in-one-if",
          inside(ALLOC, cut(PARENT),
                 put(FORCE, "if (flags & %s) {\n\t%s;\n\tdmar_domain->nested_parent = true;\n}" %
                     (NEST, FORCED))), link=COUPLED,
          todo="that the flag is 0 where nobody sets it is lost on the way: not decided"),
    Edit("feature-by-clear-bit",
         {IOMMU_C: [inside(SNOOP, before(TABLE + " |=",
                                         "__clear_bit(PT_FEAT_VTDSS_FORCE_WRITEABLE,\n"
                                         "\t    (unsigned long *)&%s);" % TABLE))]},
         link=[violates("PF2148", ("arch___clear_bit", SNOOP), "")]),
    Edit("clean-takes-write-away",
         {VTDSS_H: [inside(CLEAN, sub("~(u64)VTDSS_FMT_D",
                                      "~(u64)(VTDSS_FMT_D | VTDSS_FMT_W)"))]},
         {VTDSS_C: [violates("PF2143", CLEAN, "tablep")]},
         todo="an entry that is changed in its place is not followed: it has no type"),
]
