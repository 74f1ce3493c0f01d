# SPDX-License-Identifier: MIT
"""
What other units do for the allocator: the initialisation of the table, in the unit of its format,
and functions that say what is to be. Judged by the link.
"""
from ctext import above, after, before, cut, inside, move, put, sub
from edits_pt import (ALLOC, COUPLED, Edit, FORCE, INIT, IOMMU_C, IOMMU_PT_H, NESTED, NESTED_C,
                      PARENT, TEST, UNDECIDED, UNFORCED, VTDSS_H)
from edits_pt import FAMILY, RULES  # noqa: F401 the runner's
from expect import proves, violates

KERNEL = "NEWER"
BIT = "BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE)"
COPY = "common->features = cfg->common.features"
FEATURES = "s2_domain->sspt.vtdss_pt.common.features"


def init(name, *changes, link=(UNFORCED,), todo=None):
    return Edit(name, {IOMMU_PT_H: [inside(INIT, *changes)]}, link=link, todo=todo)


def same(name, *changes):
    return init(name, *changes, link=COUPLED)


MARK = """
void intel_mark_parent(struct dmar_domain *domain, u32 flags)
{
	domain->nested_parent = flags & IOMMU_HWPT_ALLOC_NEST_PARENT;
}
"""
MARK_PROTO = "void intel_mark_parent(struct dmar_domain *domain, u32 flags);"
FEATURES_OF = """
unsigned int intel_features(u32 flags)
{
	return flags & IOMMU_HWPT_ALLOC_NEST_PARENT ? BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE) : 0;
}
"""
FEATURES_PROTO = "unsigned int intel_features(u32 flags);"


def in_nested_c(name, proto, text, *changes, link, todo=None):
    """A function of nested.c that the allocator calls."""
    return Edit(name, {IOMMU_C: [inside(ALLOC, above(proto), *changes)],
                       NESTED_C: [inside(NESTED, above(proto + "\n" + text))]},
                link=link, todo=todo)


EDITS = [
    # --- the initialisation of the table, in the unit of the format
    init("not-copied", cut(COPY)),
    init("emptied-behind-the-copy", move("pt_iommu_zero(fmt_table)", after=COPY)),
    init("copied-as-a-byte", sub(COPY, "common->features = (u8)cfg->common.features")),
    init("copied-without-it", sub(COPY, COPY + " & (BIT(PT_FEAT_FLUSH_RANGE) | "
                                  "BIT(PT_FEAT_DMA_INCOHERENT) | "
                                  "BIT(PT_FEAT_VTDSS_FORCE_COHERENCE))")),
    init("copied-on-one-way", put(COPY, "if (cfg->common.hw_max_vasz_lg2 < 57)\n\t%s;" % COPY),
         todo=UNDECIDED),
    Edit("assigned-by-the-format",
         {VTDSS_H: [inside("vtdss_pt_iommu_fmt_init",
                           before("pt_top_set_level(", "if (cfg->top_level == 4)\n"
                                  "\ttable->common.features = BIT(PT_FEAT_FLUSH_RANGE);"))]},
         link=[UNFORCED, violates("PF2148", "vtdss_pt_iommu_fmt_init", "table->common.features")],
         todo=UNDECIDED),
    same("copied-by-a-local", put(COPY, "unsigned int wanted = cfg->common.features;\n\n"
                                  "common->features = wanted;")),
    same("copied-bit-by-bit", put(COPY, "common->features = cfg->common.features & ~%s;\n"
                                  "if (cfg->common.features & %s)\n"
                                  "\tcommon->features |= %s;" % (BIT, BIT, BIT))),
    same("or-ed-into-the-empty-table", put(COPY, "common->features |= cfg->common.features;")),
    same("copied-last-of-three", move(COPY, after="common->max_oasz_lg2 = cfg->common.hw_max_oasz_lg2")),

    # --- what the allocator calls
    in_nested_c("flag-set-there-before-publication", MARK_PROTO, MARK,
                sub(PARENT, "intel_mark_parent(dmar_domain, flags)"), link=COUPLED),
    in_nested_c("flag-set-there-without-feature", MARK_PROTO, MARK, cut(FORCE),
                sub(PARENT, "intel_mark_parent(dmar_domain, flags)"), link=[UNFORCED]),
    in_nested_c("feature-by-a-function-there", FEATURES_PROTO, FEATURES_OF,
                put(FORCE, "cfg.common.features |= intel_features(flags);"), link=COUPLED),
    in_nested_c("feature-by-a-wrong-function-there", FEATURES_PROTO,
                FEATURES_OF.replace("NEST_PARENT", "DIRTY_TRACKING"),
                put(FORCE, "cfg.common.features |= intel_features(flags);"), link=[UNFORCED]),
    # The table may have read-only mappings by then.
    Edit("feature-raised-when-nested",
         {IOMMU_C: [inside(ALLOC, cut(FORCE))],
          NESTED_C: [inside(NESTED, after(TEST, "%s |= %s;" % (FEATURES, BIT)))]},
         link=[UNFORCED, violates("PF2148", NESTED, FEATURES + " |=")]),

    # Nothing is changed, and all units of the folders are there.
    Edit("all-units", {}, link=COUPLED + [proves("PF2117")], units=None),
]
