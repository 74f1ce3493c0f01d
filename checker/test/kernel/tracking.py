# SPDX-License-Identifier: MIT
"""Who changes dirty tracking, and who takes it over: edits that two kernels share."""
import edit
from ctext import before, cut, inside, put, sub
from expect import violates

RULE = "PF2133"
IOMMU_C, NESTED_C = "drivers/iommu/intel/iommu.c", "drivers/iommu/intel/nested.c"
PASID_C = "drivers/iommu/intel/pasid.c"
UNITS = (IOMMU_C, NESTED_C, PASID_C)
# What both kernels have as they are; see rules/TRIAGE.md.
BASE = violates(RULE, "intel_nested_attach_dev", "intel_pasid_setup_nested(")

DIRTY, PARENT = "intel_iommu_set_dirty_tracking", "parent_domain_set_dirty_tracking"
APPLY = "intel_pasid_setup_dirty_tracking"
SECOND = "intel_pasid_setup_second_level"
LOCK, UNLOCK = "spin_lock(&dmar_domain->lock)", "spin_unlock(&dmar_domain->lock)"
CHANGE = "dmar_domain->dirty_tracking = enable"
UNDO = "err_unwind:"


def unit(name, *places, source=IOMMU_C, expect=()):
    return edit.Edit(name, {source: places}, {source: list(expect)})


def link(name, files, *expect):
    return edit.Edit(name, files, link=[BASE, *expect], units=UNITS)


def dirty(name, *changes, expect=()):
    return unit(name, inside(DIRTY, *changes), expect=expect)


def at_change(says):
    return [violates(RULE, DIRTY, CHANGE, says=says)]


def apply(name, *changes, expect=()):
    return link(name, {PASID_C: [inside(APPLY, *changes)]}, *expect)


def edits(walker, last, first, again, config):
    """
    walker calls APPLY for each device, and ends so; first and again are how DIRTY calls it, for the new and
    for the old setting; config is where the entry of a second stage is set up.
    """
    call = "ret = %s;" % first
    test = "if (ret) goto err_unwind;"

    def at_apply(says):
        return [violates(RULE, walker, "ret = %s(" % APPLY, says=says)]

    def first_of_all(back):
        """The setting is changed before the devices get it."""
        return (sub(call + " " + test, "dmar_domain->dirty_tracking = enable;\n"
                    "\tret = %s;\n\tif (ret)\n\t\tgoto err_unwind;" % first),
                sub("} dmar_domain->dirty_tracking = enable; out_unlock:", "}\nout_unlock:"),
                sub("err_unwind: " + again + ";", "err_unwind:\n\t" + back +
                    first.replace("enable", "!enable") + ";"))

    if config == SECOND:
        uses = [inside(SECOND, sub("if (domain->dirty_tracking)", "if (dirty)"))]
    else:
        uses = [inside(config, sub("if (domain->dirty_tracking)", "if (dirty)"),
                       sub("struct dmar_domain *domain, u16 did",
                           "struct dmar_domain *domain, u16 did, bool dirty")),
                inside(SECOND, sub("pte, domain, did", "pte, domain, did, dirty"))]
    at_entry = "pasid_set_ssade(pte)" if config == SECOND else "pasid_pte_config_second_level("
    local = inside(SECOND, sub("u16 did;", "u16 did;\n\tbool dirty;"))
    return [
        edit.Edit("untouched", {IOMMU_C: []}, {IOMMU_C: []}),
        edit.Edit("untouched-apply", {PASID_C: []}, {PASID_C: []}),
        link("untouched-linked", {PASID_C: []}),

        # one error is none
        dirty("error-ignored", sub(call + " " + test, first + ";"),
              expect=at_apply("is changed although")),
        dirty("error-is-no-error", sub(call + " " + test, call + "\n\tif (ret == -ENOMEM)\n"
                                       "\t\tgoto err_unwind;"),
              expect=at_apply("is changed although")),
        dirty("nested-error-ignored", sub("ret = %s(dmar_domain, enable); %s" % (PARENT, test),
                                          "%s(dmar_domain, enable);" % PARENT),
              expect=at_apply("is changed although")),
        unit("walk-returns-no-error", inside(walker, sub(last, last.replace("ret;", "0;"))),
             expect=at_apply("is changed although")),
        # nothing is taken back
        dirty("not-undone", sub(again + ";", ""), expect=at_apply("nothing takes back")),
        dirty("returns-at-once", sub(call + " " + test, call + "\n\tif (ret) {\n\t\t" + UNLOCK +
                                     ";\n\t\treturn ret;\n\t}"),
              expect=at_apply("nothing takes back")),
        # no walk in the section
        dirty("not-walked", sub(call + " " + test, ""), expect=at_change("does not go through")),
        dirty("walked-before-the-lock", sub(call + " " + test, ""),
              before(LOCK, call + "\nif (ret)\n\treturn ret;"),
              expect=at_change("does not go through")),
        dirty("lock-dropped-before-the-change",
              before(CHANGE, UNLOCK + ";\n\t" + LOCK + ";"),
              expect=at_change("does not go through")),
        dirty("changed-after-the-unlock", cut(CHANGE),
              put("out_unlock:", "out_unlock:\n\tspin_unlock(&dmar_domain->lock);\n"
                  "\tdmar_domain->dirty_tracking = enable;\n\treturn 0;"),
              expect=at_change("without 'lock'")),
        # the other order
        dirty("changed-first", *first_of_all("dmar_domain->dirty_tracking = !enable;\n\t")),
        dirty("changed-first-and-not-back", *first_of_all(""), expect=at_apply("stays as it is")),
        # the same protocol
        dirty("undone-in-place", sub(call + " " + test, call + "\n\tif (ret) {\n\t\t" + again +
                                     ";\n\t\t" + UNLOCK + ";\n\t\treturn ret;\n\t}")),
        dirty("error-named-anew", sub(call + " " + test, "if (%s) {\n\t\tret = -EIO;\n"
                                      "\t\tgoto err_unwind;\n\t}" % first)),

        # a device that has no entry
        apply("no-entry-is-no-error", sub("return -ENODEV;", "return 0;"),
              expect=[violates(RULE, APPLY, "return 0", says="passes over a member")]),
        apply("other-type-is-no-error", sub("return -EOPNOTSUPP;", "return 0;"),
              expect=[violates(RULE, APPLY, "return 0", says="passes over a member")]),
        apply("returns-at-one-place", sub("return -ENODEV;", "return -EIO;")),

        # the section in which the entry is set up
        unit("read-in-another-section", local, *uses,
             inside(SECOND, before("spin_lock(&iommu->lock)", "spin_lock(&iommu->lock);\n"
                                   "dirty = domain->dirty_tracking;\n"
                                   "spin_unlock(&iommu->lock);")),
             source=PASID_C, expect=[violates(RULE, (SECOND, config), at_entry,
                                              says="another section")]),
        unit("read-in-the-same-section", local, *uses,
             inside(SECOND, sub("pte = intel_pasid_get_entry(dev, pasid);",
                                "dirty = domain->dirty_tracking;\n"
                                "\tpte = intel_pasid_get_entry(dev, pasid);")),
             source=PASID_C),
    ]
