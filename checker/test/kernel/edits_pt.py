# SPDX-License-Identifier: MIT
"""What the edits of a kernel with the generic page table have in common."""
import edit
from ctext import inside
from expect import proves, violates

IOMMU_C = "drivers/iommu/intel/iommu.c"
NESTED_C = "drivers/iommu/intel/nested.c"
VTDSS_C = "drivers/iommu/generic_pt/fmt/iommu_vtdss.c"
VTDSS_H = "drivers/iommu/generic_pt/fmt/vtdss.h"
IOMMU_PT_H = "drivers/iommu/generic_pt/iommu_pt.h"

FAMILY = r"PF(214\d|2117|2151)$"

SET_PROT = "vtdss_pt_iommu_set_prot"
INSTALL = "vtdss_pt_install_leaf_entry"
TABLE_ENTRY = "vtdss_pt_install_table"
REBUILD = "vtdss_pt_attr_from_entry"
MAP_LEAF = "__map_range_leaf"
ALLOC = "intel_iommu_domain_alloc_second_stage"
NESTED = "intel_iommu_domain_alloc_nested"

GUARD = "if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))"
CONDITION = "(pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))"
STORE = "attrs->descriptor_bits = pte"
AT_STORE = violates("PF2140", SET_PROT, STORE)


# The allocator ties the two halves together; the table is initialised in the format's unit.
FORCE = "if (flags & IOMMU_HWPT_ALLOC_NEST_PARENT)"
FORCED = "cfg.common.features |= BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE)"
PARENT = "dmar_domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT"
TABLE = "dmar_domain->sspt.vtdss_pt.common.features"
INIT = "pt_iommu_init"
TEST = "if (!intel_domain_is_ss_paging(s2_domain) || !s2_domain->nested_parent)"
FREE_NESTED = "intel_nested_domain_free"
ALLOCATORS = (ALLOC, "intel_iommu_domain_alloc_paging_flags")
UNFORCED = violates("PF2149", ALLOCATORS, "return")
UNDECIDED = "what the fields hold depends on what is not known of the way: for review"
COUPLED = [proves("PF2149", assumes=["nested_parent' is init-only"]), proves("PF2140"),
           proves("PF2146"), proves("PF2148")]

# What the links judge, and the units that they consist of.
RULES = ["PF2117", "PF2151"] + ["PF214%d" % n for n in range(10)]
UNCOUPLED = [r for r in RULES if r != "PF2149"]
UNITS = (IOMMU_C, NESTED_C, VTDSS_C)


class Edit(edit.Edit):
    def __init__(self, name, files, expect=None, link=None, todo=None, units=UNITS):
        super().__init__(name, files, expect, link, todo, units)


def set_prot(*changes):
    return inside(SET_PROT, *changes)


def fmt(name, *places, expect, **more):
    """An edit of the format's header, judged in its unit."""
    return Edit(name, {VTDSS_H: places}, {VTDSS_C: expect}, **more)
