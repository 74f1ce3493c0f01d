# SPDX-License-Identifier: MIT
"""
The flag or the feature, written when others can reach the domain, in this unit or another one.
Judged by the link: what other rules take for granted is taken back.
"""
from ctext import before, inside, put, sub
from edits_pt import Edit, FREE_NESTED, IOMMU_C, NESTED, NESTED_C, TABLE, TEST, UNCOUPLED
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import proves, violates, withdraws

KERNEL = "NEWER"
RULES = UNCOUPLED
BIT = "BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE)"
FEATURES = "s2_domain->sspt.vtdss_pt.common.features"
SNOOP = "intel_iommu_enforce_cache_coherency_ss"
ANYTHING = "a field whose policy does not hold counts as one that anybody sets to anything"
STORED = "domain->s2_domain = s2_domain"


def late(name, files, *expected, todo=None):
    return Edit(name, files, link=expected, todo=todo)


def nesting(text):
    """Who is no parent yet is made one, instead of being refused."""
    return inside(NESTED, put(TEST, "if (!intel_domain_is_ss_paging(s2_domain))\n"
                              "\treturn ERR_PTR(-EINVAL);\n" + text))


def unnesting(text):
    return inside(FREE_NESTED, before("kfree(dmar_domain->qi_batch)",
                                      "if (list_empty(&s2_domain->s1_domains))\n\t" + text))


EDITS = [
    late("flag-raised-at-nesting", {NESTED_C: [nesting("s2_domain->nested_parent = 1;")]},
         violates("PF2117", NESTED, "s2_domain->nested_parent = 1"),
         withdraws("PF2146", NESTED), todo=ANYTHING),
    late("both-raised-at-nesting",
         {NESTED_C: [nesting("%s |= %s;\ns2_domain->nested_parent = 1;" % (FEATURES, BIT))]},
         violates("PF2117", NESTED, "s2_domain->nested_parent = 1"),
         violates("PF2148", NESTED, FEATURES + " |="), withdraws("PF2146", NESTED),
         todo=ANYTHING),
    # Another thread may do so between the test and the store.
    late("flag-cleared-when-unnested", {NESTED_C: [unnesting("s2_domain->nested_parent = 0;")]},
         violates("PF2117", FREE_NESTED, "s2_domain->nested_parent = 0"),
         violates("PF2146", NESTED, STORED), withdraws("PF2146", FREE_NESTED)),
    late("flag-cleared-by-snooping",
         {IOMMU_C: [inside(SNOOP, before(TABLE + " |=", "dmar_domain->nested_parent = false;"))]},
         violates("PF2117", SNOOP, "dmar_domain->nested_parent = false"),
         violates("PF2146", NESTED, STORED), withdraws("PF2146", SNOOP)),

    late("feature-raised-at-nesting",
         {NESTED_C: [inside(NESTED, before(STORED, "%s |= %s;" % (FEATURES, BIT)))]},
         violates("PF2148", NESTED, FEATURES + " |=")),
    late("feature-cleared-when-unnested",
         {NESTED_C: [unnesting("%s &= ~%s;" % (FEATURES, BIT))]},
         violates("PF2148", FREE_NESTED, FEATURES + " &=")),
    late("features-emptied-when-unnested",
         {NESTED_C: [unnesting("memset(&s2_domain->sspt.vtdss_pt, 0, "
                               "sizeof(s2_domain->sspt.vtdss_pt));")]},
         violates("PF2148", FREE_NESTED, "memset(&s2_domain->sspt.vtdss_pt")),
    late("feature-assigned-over-for-snooping",
         {IOMMU_C: [inside(SNOOP, sub(TABLE + " |=", TABLE + " ="))]},
         violates("PF2148", SNOOP, TABLE + " =")),
    late("feature-masked-for-snooping",
         {IOMMU_C: [inside(SNOOP, before(TABLE + " |=", "%s &= 0xffu;" % TABLE))]},
         violates("PF2148", SNOOP, TABLE + " &=")),

    # What is given back at once, or was never seen, is nobody else's.
    late("feature-cleared-with-its-domain",
         {IOMMU_C: [inside("intel_iommu_domain_free",
                           before("kfree(dmar_domain->qi_batch)", "%s &= ~%s;" % (TABLE, BIT)))]},
         proves("PF2148"), proves("PF2117"), proves("PF2146")),
    late("flag-cleared-with-its-domain",
         {IOMMU_C: [inside("intel_iommu_domain_free",
                           before("kfree(dmar_domain->qi_batch)",
                                  "dmar_domain->nested_parent = false;"))]},
         proves("PF2148"), proves("PF2117"), proves("PF2146")),
]
