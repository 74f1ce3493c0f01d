# SPDX-License-Identifier: MIT
"""Dirty tracking in 7.x: who changes it, and who takes it over."""
import tracking

KERNEL = "NEWER"
RULES = [tracking.RULE]
FAMILY = r"PF2133$"
ALONE = True

EDITS = tracking.edits("domain_set_dirty_tracking", "break; } return ret; }",
                       "domain_set_dirty_tracking(dmar_domain, enable)",
                       "domain_set_dirty_tracking(dmar_domain, dmar_domain->dirty_tracking)",
                       "pasid_pte_config_second_level")
