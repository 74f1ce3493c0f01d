# SPDX-License-Identifier: MIT
"""What the edits of the kernel have in common."""
from ctext import inside
from expect import violates

IOMMU_C = "drivers/iommu/intel/iommu.c"
IOMMU_H = "drivers/iommu/intel/iommu.h"
NESTED_C = "drivers/iommu/intel/nested.c"

# The guard of 6.12, and the refusal that stands below it.
GUARD = "if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)"
MAPPING = "__domain_mapping"
ATTR = "attr = prot &"

# A place for calls of ours, in a function that a table of operations names.
DIRTY = "intel_iommu_set_dirty_tracking"
IN_DIRTY = "if (dmar_domain->dirty_tracking == enable)"
REFUSE = """{
	pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
	return -EINVAL;
}"""

# The finding for whatever lets a read-only value through to the loop's store.
AT_STORE = violates("PF2101", MAPPING, "try_cmpxchg64_local")


class Edit:
    """Changes to iommu.c, and to other files; expected results by source."""

    def __init__(self, name, *places, expect, iommu_h=(), nested_c=(), expect_nested=None,
                 todo=None):
        self.name = name
        self.todo = todo
        self.link = None
        self.files = {s: p for s, p in ((IOMMU_C, places), (IOMMU_H, iommu_h),
                                        (NESTED_C, nested_c)) if p}
        self.expect = {}
        if expect is not None:
            self.expect[IOMMU_C] = expect
        if expect_nested is not None:
            self.expect[NESTED_C] = expect_nested


def mapping(*changes):
    return inside(MAPPING, *changes)
