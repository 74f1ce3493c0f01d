# SPDX-License-Identifier: MIT
"""The lock rules on the kernel as it is: the defects that it has, and nothing else.

Each of them is argued in rules/TRIAGE.md.
"""
from edits_locks import BASE, BASE_NESTED
from edits import IOMMU_C, NESTED_C
from expect import LOCKS

FAMILY = LOCKS
FOLDERS = ["drivers/iommu", "drivers/vfio"]
EXPECT = {IOMMU_C: BASE, NESTED_C: BASE_NESTED}
