# SPDX-License-Identifier: MIT
"""The test of the parent where a nested domain is made."""
from ctext import above, before, cut, inside, move, put, sub, within
from edits_pt import Edit, NESTED, NESTED_C
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import proves, violates

KERNEL = "NEWER"
TEST = "if (!intel_domain_is_ss_paging(s2_domain) || !s2_domain->nested_parent)"
CONDITION = "(!intel_domain_is_ss_paging(s2_domain) || !s2_domain->nested_parent)"
STORE = "domain->s2_domain = s2_domain"
NO_PARENT = violates("PF2146", NESTED, STORE)
NO_STAGE = violates("PF2147", NESTED, STORE)
BOTH = [proves("PF2146", NESTED), proves("PF2147", NESTED)]


def nested(name, *changes, expect, **more):
    return Edit(name, {NESTED_C: [inside(NESTED, *changes)]}, {NESTED_C: expect}, **more)


def condition(name, text, expect):
    return nested(name, sub(CONDITION, text), expect=expect)


HELPER = """
static int intel_check_parent(struct dmar_domain *parent)
{
	if (parent->domain.ops != &intel_ss_paging_domain_ops)
		return -EOPNOTSUPP;
	return parent->nested_parent ? 0 : -EINVAL;
}
"""

EDITS = [
    nested("removed", cut(TEST), expect=[NO_PARENT, NO_STAGE]),
    nested("says-only", put(TEST, "WARN_ON" + CONDITION + ";"), expect=[NO_PARENT, NO_STAGE]),
    condition("parent-not-tested", "(!intel_domain_is_ss_paging(s2_domain))", [NO_PARENT]),
    condition("stage-not-tested", "(!s2_domain->nested_parent)", [NO_STAGE]),
    condition("one-is-enough", CONDITION.replace("||", "&&"), [NO_PARENT, NO_STAGE]),
    condition("inverted", CONDITION.replace("!s2_domain->", "s2_domain->"), [NO_PARENT]),
    condition("other-field", CONDITION.replace("nested_parent", "dirty_tracking"), [NO_PARENT]),
    condition("first-stage", CONDITION.replace("_is_ss_", "_is_fs_"), [NO_STAGE]),
    nested("too-late", move(TEST, after="spin_unlock(&s2_domain->s1_lock);"),
           expect=[NO_PARENT, NO_STAGE]),
    nested("skipped-without-flags", sub("if " + CONDITION, "if (flags && " +
                                            CONDITION + ")"), expect=[NO_PARENT, NO_STAGE]),
    nested("another-domain-stored", before("domain->s2_domain = s2_domain;",
                                           "if (s2_domain->qi_batch)\n"
                                           "\ts2_domain = info->domain;"),
           expect=[NO_PARENT, NO_STAGE]),

    nested("untouched", expect=BOTH),
    nested("two-ifs", put(TEST, "if (!s2_domain->nested_parent)\n\treturn ERR_PTR(-EINVAL);\n"
                          "if (!intel_domain_is_ss_paging(s2_domain))\n"
                          "\treturn ERR_PTR(-EINVAL);"), expect=BOTH),
    condition("demorgan", "(!(intel_domain_is_ss_paging(s2_domain) && s2_domain->nested_parent))",
              BOTH),
    nested("local-bool", sub("int ret;", "int ret;\n\tbool fits = intel_domain_is_ss_paging("
                             "s2_domain) && s2_domain->nested_parent;"),
           sub(CONDITION, "(!fits)"), expect=BOTH),
    nested("by-the-type", sub(CONDITION, "(to_dmar_domain(parent)->domain.ops != "
                              "&intel_ss_paging_domain_ops || !to_dmar_domain(parent)->"
                              "nested_parent)"), expect=BOTH),
    Edit("helper", {NESTED_C: [inside(NESTED, above(HELPER), put(TEST,
                    "ret = intel_check_parent(s2_domain);\nif (ret)\n\treturn ERR_PTR(ret);"))]},
         {NESTED_C: [proves("PF2146"), proves("PF2147")]}),
    nested("later-but-before", move(TEST, after="if (ret)"), expect=BOTH),
    nested("goto-error", within(TEST, put("return ERR_PTR(-EINVAL)", "goto refuse;")),
           sub("return &domain->domain;", "return &domain->domain;\n\nrefuse:\n\t"
               "return ERR_PTR(-EINVAL);"), expect=BOTH),
]
