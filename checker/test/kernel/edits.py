# SPDX-License-Identifier: MIT
"""What the edits of the kernel have in common."""
import edit
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


class Edit(edit.Edit):
    """Changes to iommu.c, and to other files; expected results by source."""

    def __init__(self, name, *places, expect, iommu_h=(), nested_c=(), expect_nested=None,
                 todo=None):
        files = {s: p for s, p in ((IOMMU_C, places), (IOMMU_H, iommu_h), (NESTED_C, nested_c))
                 if p}
        wanted = {s: e for s, e in ((IOMMU_C, expect), (NESTED_C, expect_nested))
                  if e is not None}
        super().__init__(name, files, wanted, todo=todo)


def mapping(*changes):
    return inside(MAPPING, *changes)
