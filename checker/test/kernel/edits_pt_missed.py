# SPDX-License-Identifier: MIT
"""
Changes of 7.x that are known to be judged wrongly, or not at all, and some beside them that are
not any more.
"""
from ctext import before, below, cut, inside, put, sub
from edits_pt import (ALLOC, COUPLED, Edit, FORCE, FORCED, INSTALL, IOMMU_C, IOMMU_PT_H, MAP_LEAF,
                      NESTED_C, PARENT, SET_PROT, TABLE, VTDSS_C, VTDSS_H)
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import violates

KERNEL = "NEWER"
RULES = ["PF2117"] + ["PF214%d" % n for n in range(10)]
NEST = "IOMMU_HWPT_ALLOC_NEST_PARENT"
PAGING = "intel_iommu_domain_alloc_paging_flags"
SNOOP = "intel_iommu_enforce_cache_coherency_ss"
CLEAN = "vtdss_pt_entry_make_write_clean"
SET_PROT_CALL = "ret = pt_iommu_set_prot(common, &map.attrs, prot)"
ANOTHER = """{
	struct pt_common probe = { .max_vasz_lg2 = common->max_vasz_lg2 };

	ret = pt_iommu_set_prot(&probe, &map.attrs, prot);
}"""
LEAF = "pt_install_leaf_entry(&pts, oa, leaf_pgsize_lg2, &map->attrs);"
STATIC_LEAF = """{
	static const struct pt_write_attrs ro = { .descriptor_bits = 1 };

	pt_install_leaf_entry(&pts, oa, leaf_pgsize_lg2, level == 2 ? &ro : &map->attrs);
}"""
FAST = """if (pts->level == 2) {
	entry = FIELD_PREP(VTDSS_FMT_OA, log2_div(oa, PT_GRANULE_LG2SZ)) | VTDSS_FMT_R |
		VTDSS_FMT_PS;
	WRITE_ONCE(tablep[pts->index], entry);
	pts->entry = entry;
	return;
}"""
REPARENT = """
void intel_nested_reparent(struct dmar_domain *domain, struct dmar_domain *s2);
void intel_nested_reparent(struct dmar_domain *domain, struct dmar_domain *s2)
{
	memcpy(&domain->s2_domain, &s2, sizeof(s2));
}"""
REINIT = """{
	struct pt_iommu_vtdss_cfg cfg = {
		.common.features = BIT(PT_FEAT_FLUSH_RANGE),
		.common.hw_max_vasz_lg2 = 48, .common.hw_max_oasz_lg2 = 52, .top_level = 3,
	};

	pt_iommu_deinit(&dmar_domain->iommu);
	if (pt_iommu_vtdss_init(&dmar_domain->sspt, &cfg, GFP_ATOMIC))
		return false;
}"""
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
    Edit("published-table-made-anew",
         {IOMMU_C: [inside(SNOOP, before(TABLE + " |=", REINIT))]},
         link=[violates("PF2148", ("pt_iommu_vtdss_init", "pt_iommu_zero", "pt_init_common"), "")]),
    Edit("guard-asked-of-another-table",
         {IOMMU_PT_H: [inside(None, put(SET_PROT_CALL, ANOTHER))]},
         link=[violates("PF2140", SET_PROT, "")],
         todo="that what set_prot made goes into the table that it was asked for is not asked"),
    Edit("attributes-of-a-static",
         {IOMMU_PT_H: [inside(MAP_LEAF, put(LEAF, STATIC_LEAF))]},
         link=[violates("PF2140", MAP_LEAF, "")],
         todo="what a variable is initialised by is no store"),
    Edit("leaf-of-constants",
         {VTDSS_H: [inside(INSTALL, before("entry = FIELD_PREP", FAST))]},
         {VTDSS_C: [violates("PF2143", INSTALL, "tablep")]},
         todo="an entry that is not made of descriptor_bits on its way is no sink"),
    Edit("parent-by-memcpy", {NESTED_C: [inside("intel_nested_attach_dev", below(REPARENT))]},
         link=[violates("PF2147", "intel_nested_reparent", "")],
         todo="a copy to an arm of a union is taken for the other arm"),
    Edit("clean-takes-write-away",
         {VTDSS_H: [inside(CLEAN, sub("~(u64)VTDSS_FMT_D",
                                      "~(u64)(VTDSS_FMT_D | VTDSS_FMT_W)"))]},
         {VTDSS_C: [violates("PF2143", CLEAN, "tablep")]},
         todo="an entry that is changed in its place is not followed: it has no type"),
]
