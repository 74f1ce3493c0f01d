# SPDX-License-Identifier: MIT
"""What the edits of a kernel with the generic page table have in common."""
from ctext import inside
from expect import violates

IOMMU_C = "drivers/iommu/intel/iommu.c"
NESTED_C = "drivers/iommu/intel/nested.c"
VTDSS_C = "drivers/iommu/generic_pt/fmt/iommu_vtdss.c"
VTDSS_H = "drivers/iommu/generic_pt/fmt/vtdss.h"
IOMMU_PT_H = "drivers/iommu/generic_pt/iommu_pt.h"

FAMILY = r"PF214\d$"

SET_PROT = "vtdss_pt_iommu_set_prot"
INSTALL = "vtdss_pt_install_leaf_entry"
REBUILD = "vtdss_pt_attr_from_entry"
MAP_LEAF = "__map_range_leaf"
ALLOC = "intel_iommu_domain_alloc_second_stage"
NESTED = "intel_iommu_domain_alloc_nested"

GUARD = "if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))"
CONDITION = "(pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))"
STORE = "attrs->descriptor_bits = pte"
AT_STORE = violates("PF2140", SET_PROT, STORE)


class Edit:
    """Changes by file; expected results of units, or of all of them linked (link)."""

    def __init__(self, name, files, expect=None, link=None, todo=None,
                 units=(IOMMU_C, NESTED_C, VTDSS_C)):
        self.name, self.files, self.todo = name, files, todo
        self.expect = expect or {}
        self.link, self.units = link, units


def set_prot(*changes):
    return inside(SET_PROT, *changes)


def fmt(name, *places, expect, **more):
    """An edit of the format's header, judged in its unit."""
    return Edit(name, {VTDSS_H: places}, {VTDSS_C: expect}, **more)
