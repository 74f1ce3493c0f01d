# SPDX-License-Identifier: MIT
"""Dirty tracking in 6.12: who changes it, and who takes it over."""
import tracking

RULES = [tracking.RULE]
FAMILY = r"PF2133$"
ALONE = True

EDITS = tracking.edits("device_set_dirty_tracking", "return ret; }",
                       "device_set_dirty_tracking(&dmar_domain->devices, enable)",
                       "device_set_dirty_tracking(&dmar_domain->devices, "
                       "dmar_domain->dirty_tracking)", tracking.SECOND)
