# SPDX-License-Identifier: MIT
"""
The allocator gives the feature to the table and nested_parent to the domain, both by one flag;
the table is initialised in another unit. Judged by the link of these units.
"""
from ctext import after, before, cut, inside, move, put, sub
from edits_pt import (ALLOC, COUPLED, Edit, FORCE, FORCED, IOMMU_C, PARENT, TABLE, UNDECIDED,
                      UNFORCED)
from edits_pt import FAMILY, RULES  # noqa: F401 the runner's

KERNEL = "NEWER"
BIT = "BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE)"
FLAG = "(flags & IOMMU_HWPT_ALLOC_NEST_PARENT)"
BEHIND_INIT = "if (ret)"


def alloc(name, *changes, link, todo=None):
    return Edit(name, {IOMMU_C: [inside(ALLOC, *changes)]}, link=link, todo=todo)


def bad(name, *changes, **more):
    return alloc(name, *changes, link=[UNFORCED], **more)


def good(name, *changes, **more):
    return alloc(name, *changes, link=COUPLED, **more)


def condition(name, text, **more):
    return bad(name, sub("if " + FLAG, "if (%s)" % text), **more)


def parent(text):
    return sub(PARENT, "dmar_domain->nested_parent = " + text)


EDITS = [
    # --- the feature
    bad("never-set", cut(FORCE)),
    condition("only-with-dirty-tracking",
              FLAG + " && (flags & IOMMU_HWPT_ALLOC_DIRTY_TRACKING)"),
    condition("only-where-coherent", FLAG + " && iommu_paging_structure_coherency(iommu)",
              todo=UNDECIDED),
    condition("for-another-flag", "flags & IOMMU_HWPT_ALLOC_DIRTY_TRACKING"),
    condition("inverted", "!" + FLAG),
    bad("another-feature", sub(FORCED, "cfg.common.features |= BIT(PT_FEAT_VTDSS_FORCE_COHERENCE)")),
    # Another bit than was meant, which no table has: no parent is made at all.
    good("number-for-mask", sub(FORCED, "cfg.common.features |= PT_FEAT_VTDSS_FORCE_WRITEABLE")),
    bad("assigned-over", move("cfg.common.features = BIT(PT_FEAT_FLUSH_RANGE)", after=FORCE)),
    bad("assigned-over-on-one-way", sub("cfg.common.features |= BIT(PT_FEAT_DMA_INCOHERENT)",
                                        "cfg.common.features = BIT(PT_FEAT_DMA_INCOHERENT)"),
        todo=UNDECIDED),
    bad("masked-on-one-way", after(FORCE, "if (!intel_iommu_superpage)\n"
                                   "\tcfg.common.features &= 0xffu;")),
    bad("configuration-emptied", after(FORCE, "if (!cfg.common.hw_max_vasz_lg2)\n"
                                       "\tcfg = (struct pt_iommu_vtdss_cfg){};\n"
                                       "cfg.common.hw_max_oasz_lg2 = 52;\n"
                                       "cfg.common.hw_max_vasz_lg2 = 48;"), todo=UNDECIDED),
    bad("in-a-copy", put(FORCE, "struct pt_iommu_vtdss_cfg forced = cfg;\n\nif %s\n"
                         "\tforced.common.features |= %s;" % (FLAG, BIT))),
    bad("through-a-one-bit-field", put(FORCE, "struct { u8 parent:1; } is = "
                                       "{ .parent = %s << 1 };\n\nif (is.parent)\n\t%s;"
                                       % (FLAG, FORCED))),
    bad("through-a-byte", put(FORCE, "u8 forced = flags & IOMMU_HWPT_ALLOC_NEST_PARENT ? %s : 0;"
                              "\n\ncfg.common.features |= forced;" % BIT)),
    bad("before-the-init", put(FORCE, "if %s\n\t%s |= %s;" % (FLAG, TABLE, BIT))),
    bad("cleared-behind-the-init", after(BEHIND_INIT, "if (rwbf_required(iommu))\n"
                                         "\t%s &= ~%s;" % (TABLE, BIT))),
    bad("assigned-behind-the-init", after(BEHIND_INIT, "%s = BIT(PT_FEAT_FLUSH_RANGE);" % TABLE)),

    # --- the flag
    bad("parent-by-two-flags", parent("!!(flags & (IOMMU_HWPT_ALLOC_NEST_PARENT | "
                                      "IOMMU_HWPT_ALLOC_DIRTY_TRACKING))")),
    bad("parent-always", parent("true")),
    bad("parent-inverted", parent("!" + FLAG)),
    bad("parent-late", before("return &dmar_domain->domain;", "if (cap_caching_mode(iommu->cap))\n"
                              "\tdmar_domain->nested_parent = true;")),
    # The bit of that flag does not fit: no parent is made at all.
    alloc("parent-lost-in-one-bit", parent("flags & IOMMU_HWPT_ALLOC_DIRTY_TRACKING"),
          link=COUPLED),

    # --- the same, written otherwise
    good("untouched"),
    good("forced-always", put(FORCE, FORCED + ";")),
    good("local-bool", put(FORCE, "bool nests = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;\n\n"
                           "if (nests)\n\t%s;" % FORCED), parent("nests")),
    good("ternary", put(FORCE, "cfg.common.features |= %s ? %s : 0;" % (FLAG, BIT))),
    good("shifted", put(FORCE, "cfg.common.features |= %s << PT_FEAT_VTDSS_FORCE_WRITEABLE;"
                        % FLAG)),
    good("switch", put(FORCE, "switch %s {\ncase 0:\n\tbreak;\ndefault:\n\t%s;\n}"
                       % (FLAG, FORCED))),
    good("behind-the-init", cut(FORCE), after(BEHIND_INIT, "if %s\n\t%s |= %s;"
                                              % (FLAG, TABLE, BIT))),
    good("by-the-flag-of-the-domain", move(FORCE, after=PARENT),
         sub("if " + FLAG, "if (dmar_domain->nested_parent)")),
    good("flag-by-the-feature", parent("!!(cfg.common.features & %s)" % BIT)),
    good("flag-behind-the-init", move(PARENT, after=BEHIND_INIT)),
    good("flag-by-the-table", cut(PARENT),
         after(BEHIND_INIT, "if (%s & %s)\n\tdmar_domain->nested_parent = true;" % (TABLE, BIT)),
         todo=UNDECIDED),
    good("a-copy-of-all", sub("&cfg, GFP_KERNEL", "&all, GFP_KERNEL"),
         before("ret = pt_iommu_vtdss_init(", "struct pt_iommu_vtdss_cfg all = cfg;\n")),
    good("a-further-error", before("return &dmar_domain->domain;",
                                   "if (!sslps && !intel_iommu_superpage) {\n"
                                   "\tpt_iommu_deinit(&dmar_domain->iommu);\n"
                                   "\tkfree(dmar_domain);\n\treturn ERR_PTR(-ENODEV);\n}"),
         todo=UNDECIDED),
]
