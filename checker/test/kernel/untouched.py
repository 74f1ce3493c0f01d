# SPDX-License-Identifier: MIT
"""The kernel as it is: proved where it is decided, and no finding anywhere."""
from edits import IOMMU_C, MAPPING
from expect import proves

FOLDERS = ["drivers/iommu", "drivers/vfio"]
EXPECT = {
    IOMMU_C: [proves("PF2101", MAPPING, assumes=["nested_parent' is init-only"]),
              proves("PF2102", MAPPING)],
}
