# SPDX-License-Identifier: MIT
"""The refusal of read-only mappings in the format of the second stage."""
from ctext import above, after, before, cut, inside, move, put, sub, within
from edits_pt import (AT_STORE, CONDITION, Edit, GUARD, IOMMU_PT_H, SET_PROT, STORE, VTDSS_C,
                      VTDSS_H, fmt, set_prot)
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import proves, violates

KERNEL = "NEWER"
FEATURE = "pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE)"
SILENT = violates("PF2141", SET_PROT, "return -EINVAL")
PROVED = [proves("PF2140", SET_PROT)]


def bad(name, *changes, expect=(AT_STORE,), **more):
    return fmt(name, set_prot(*changes), expect=expect, **more)


def condition(name, text, **more):
    return bad(name, sub(CONDITION, text), **more)


def good(name, *changes, expect=None, **more):
    return fmt(name, set_prot(*changes), expect=PROVED if expect is None else expect, **more)


def same(name, text, **more):
    return good(name, sub(CONDITION, text), **more)


MAP_RANGE = "vtdss_map_range"


def ignored(name, text, expect):
    """The caller, with something else than a return of the error."""
    return Edit(name, {IOMMU_PT_H: [inside(None, sub(
        "ret = pt_iommu_set_prot(common, &map.attrs, prot); if (ret) return ret;", text))]},
        {VTDSS_C: expect})


HELPER = """
static inline bool vtdss_pt_refuses(struct pt_common *table, unsigned int rights)
{
	return pt_feature(table, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(rights & IOMMU_WRITE);
}
"""
REFUSE = """if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) &&
    !(prot & IOMMU_WRITE)) {
	pr_err_ratelimited("read-only mapping refused\\n");
	return -EINVAL;
}"""

EDITS = [
    # --- taken away, weakened
    bad("removed", cut(GUARD)),
    bad("no-return", within(GUARD, cut("return -EINVAL"))),
    condition("not-dropped", "(%s && (iommu_prot & IOMMU_WRITE))" % FEATURE),
    condition("feature-inverted", "(!%s && !(iommu_prot & IOMMU_WRITE))" % FEATURE),
    condition("wrong-bit", "(%s && !(iommu_prot & IOMMU_READ))" % FEATURE),
    condition("wrong-feature",
              "(pt_feature(common, PT_FEAT_VTDSS_FORCE_COHERENCE) && !(iommu_prot & IOMMU_WRITE))"),
    condition("number-for-mask",
              "((common->features & PT_FEAT_VTDSS_FORCE_WRITEABLE) && "
              "!(iommu_prot & IOMMU_WRITE))"),
    condition("truncated", "((u8)(common->features & BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE) & ~0xffu) "
              "&& !(iommu_prot & IOMMU_WRITE))"),
    condition("further-condition", "(%s && !(iommu_prot & IOMMU_WRITE) && "
              "!(iommu_prot & IOMMU_NOEXEC))" % FEATURE),
    condition("precedence", "(%s && !iommu_prot & IOMMU_WRITE)" % FEATURE),
    condition("constant-false", "(0 && %s && !(iommu_prot & IOMMU_WRITE))" % FEATURE),
    bad("error-assigned-over",
        sub("u64 pte = 0;", "u64 pte = 0;\n\tint ret = 0;"),
        within(GUARD, put("return -EINVAL", "ret = -EINVAL;")),
        sub("return 0;", "return ret = 0;")),
    bad("returns-success", within(GUARD, put("return -EINVAL", "{\nattrs->descriptor_bits = pte;\n"
                                             "return 0;\n}")),
        expect=[violates("PF2140", SET_PROT, "attrs->descriptor_bits = pte")]),
    bad("fast-path", before(GUARD, "if (iommu_prot & IOMMU_CACHE) {\n"
                            "\tattrs->descriptor_bits = pte;\n\treturn 0;\n}")),
    bad("goto-around", before(GUARD, "if (iommu_prot & IOMMU_MMIO)\n\tgoto store;"),
        sub(STORE, "store:\n\t" + STORE)),
    bad("cleared-behind", after(GUARD, "if (common->max_vasz_lg2 < 39)\n"
                                "\tpte &= ~(u64)VTDSS_FMT_W;"),
        expect=[AT_STORE, violates("PF2142", SET_PROT, STORE)]),
    bad("changed-behind", after(GUARD, "iommu_prot &= ~IOMMU_WRITE;\nif (!iommu_prot)\n"
                                "\tpte = VTDSS_FMT_R;"),
        expect=[AT_STORE, violates("PF2142", SET_PROT, STORE)]),
    Edit("unsupported", {VTDSS_C: [inside(None, sub("BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE) |", ""))]},
         {VTDSS_C: [AT_STORE]}),

    # The bits are zero then: nothing is mapped, read-only or not.
    ignored("result-ignored", "pt_iommu_set_prot(common, &map.attrs, prot);",
            [proves("PF2140", SET_PROT)]),
    ignored("result-ignored-and-bits-preset", "map.attrs.descriptor_bits = VTDSS_FMT_R;\n\t"
            "pt_iommu_set_prot(common, &map.attrs, prot);",
            [violates("PF2140", MAP_RANGE, "map.attrs.descriptor_bits =")]),
    ignored("result-asked-for-another-error", "ret = pt_iommu_set_prot(common, &map.attrs, prot);\n"
            "\tif (ret && ret != -EINVAL)\n\t\treturn ret;\n"
            "\tif (ret)\n\t\tmap.attrs.descriptor_bits = VTDSS_FMT_R;",
            [violates("PF2140", MAP_RANGE, "map.attrs.descriptor_bits =")]),

    # --- silent
    bad("message-dropped", within(GUARD, cut("pr_err_ratelimited(")),
        expect=[SILENT, proves("PF2140", SET_PROT)]),
    bad("message-floods", within(GUARD, put("pr_err_ratelimited(", 'pr_err("refused\\n");')),
        expect=[SILENT, proves("PF2140", SET_PROT)]),

    # --- the same, written otherwise
    good("untouched"),
    good("store-before-guard", move(GUARD, after=STORE),
         todo="the bits count where they are stored, not where they are installed"),
    same("operands-swapped", "(!(iommu_prot & IOMMU_WRITE) && %s)" % FEATURE),
    same("demorgan", "(!(!%s || (iommu_prot & IOMMU_WRITE)))" % FEATURE),
    same("compare", "(%s && (iommu_prot & IOMMU_WRITE) == 0)" % FEATURE),
    same("by-the-bits", "(%s && !(pte & VTDSS_FMT_W))" % FEATURE),
    same("without-the-helper", "((common->features & BIT(PT_FEAT_VTDSS_FORCE_WRITEABLE)) && "
         "!(iommu_prot & IOMMU_WRITE))"),
    same("shifted", "((common->features >> PT_FEAT_VTDSS_FORCE_WRITEABLE & 1) && "
         "!(iommu_prot & IOMMU_WRITE))"),
    good("local-bool", sub("u64 pte = 0;", "u64 pte = 0;\n\tbool forced = %s;" % FEATURE),
         sub(CONDITION, "(forced && !(iommu_prot & IOMMU_WRITE))")),
    good("local-rights", sub("u64 pte = 0;", "u64 pte = 0;\n\tconst bool writable = "
                             "iommu_prot & IOMMU_WRITE;"),
         sub(CONDITION, "(%s && !writable)" % FEATURE)),
    good("nested-ifs", put(GUARD, "if (!(iommu_prot & IOMMU_WRITE))\n\tif (%s) {\n\t\t"
                           'pr_err_once("refused\\n");\n\t\treturn -EPERM;\n\t}' % FEATURE)),
    fmt("helper", inside(SET_PROT, above(HELPER),
                         sub(CONDITION, "(vtdss_pt_refuses(common, iommu_prot))")),
        expect=PROVED),
    good("first", move("if (pt_feature(common, PT_FEAT_VTDSS_FORCE_COHERENCE))", after=GUARD)),
    good("goto-error", within(GUARD, put("return -EINVAL", "goto refuse;")),
         sub("return 0;", "return 0;\n\nrefuse:\n\treturn -EINVAL;")),
    good("switch", put(GUARD, """
switch (iommu_prot & IOMMU_WRITE) {
case 0:
	if (!%s)
		break;
	pr_err_ratelimited("refused\\n");
	return -EINVAL;
}""" % FEATURE)),
    Edit("in-the-caller",
         {VTDSS_H: [set_prot(cut(GUARD))],
          IOMMU_PT_H: [inside(None, sub("ret = pt_iommu_set_prot(common, &map.attrs, prot);",
                                        REFUSE + "\n\tret = pt_iommu_set_prot(common, &map.attrs, "
                                        "prot);"))]},
         {VTDSS_C: [proves("PF2140")]}),
]
