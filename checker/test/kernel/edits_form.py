# SPDX-License-Identifier: MIT
"""The same guard in other words: proved, and nothing reported."""
from ctext import above, after, before, cut, inside, move, put, rename, sub
from edits import ATTR, GUARD, REFUSE, mapping
from silent import MESSAGE, condition, good, instead

EDITS = [
    # --- the condition
    condition("de-morgan", "(!((prot & DMA_PTE_WRITE) || !domain->nested_parent))"),
    condition("operands-swapped", "(domain->nested_parent && (prot & DMA_PTE_WRITE) == 0)"),
    condition("bitwise-and", "((!(prot & DMA_PTE_WRITE)) & domain->nested_parent)"),
    condition("masks-compared",
              "((prot & (DMA_PTE_READ | DMA_PTE_WRITE)) == DMA_PTE_READ && domain->nested_parent)"),
    condition("mask-not-reached",
              "((prot & DMA_PTE_WRITE) != DMA_PTE_WRITE && domain->nested_parent != 0)"),
    condition("unlikely", "(unlikely(!(prot & DMA_PTE_WRITE) && domain->nested_parent))"),
    condition("ternary", "(prot & DMA_PTE_WRITE ? false : domain->nested_parent)"),
    condition("ternary-without-middle", "(!((prot & DMA_PTE_WRITE) ?: !domain->nested_parent))"),
    condition("shifted-down", "(!((prot >> 1) & 1) && domain->nested_parent)"),
    condition("complement", "((~prot & DMA_PTE_WRITE) && domain->nested_parent)"),
    condition("exclusive-or",
              "(((prot ^ DMA_PTE_WRITE) & DMA_PTE_WRITE) && domain->nested_parent)"),
    condition("shifted-and-compared", "(domain->nested_parent > ((prot & DMA_PTE_WRITE) >> 1))"),
    condition("statement-expression",
              "(({ bool ro = !(prot & DMA_PTE_WRITE); ro && domain->nested_parent; }))"),
    condition("option-that-is-on",
              "(IS_ENABLED(CONFIG_INTEL_IOMMU) && !(prot & DMA_PTE_WRITE) && "
              "domain->nested_parent)"),
    condition("enumerator-of-iommu-core", "(!(prot & IOMMU_WRITE) && domain->nested_parent)"),
    condition("refuses-more-than-it-must", "(!(prot & DMA_PTE_WRITE) || domain->nested_parent)"),
    condition("refuses-every-read-only-mapping", "(!(prot & DMA_PTE_WRITE))"),
    condition("warn-on-once-in-condition",
              "(WARN_ON_ONCE(!(prot & DMA_PTE_WRITE) && domain->nested_parent))"),
    good("field-get", inside(None, sub('#include "iommu.h"', '#include <linux/bitfield.h>\n'
                                       '#include "iommu.h"')),
         mapping(sub("!(prot & DMA_PTE_WRITE)", "!FIELD_GET(DMA_PTE_WRITE, prot)"))),
    good("macro", mapping(above("#define READONLY(prot) (((prot) & DMA_PTE_WRITE) == 0)"),
                          sub("!(prot & DMA_PTE_WRITE)", "READONLY(prot)"))),
    good("macro-for-all-of-it", mapping(above("""
#define REFUSE_READONLY(domain, prot)						\\
	do {									\\
		if (!((prot) & DMA_PTE_WRITE) && (domain)->nested_parent) {	\\
			pr_err_ratelimited("read-only mapping refused\\n");	\\
			return -EINVAL;						\\
		}								\\
	} while (0)
"""), put(GUARD, "REFUSE_READONLY(domain, prot);"))),

    # --- locals
    instead("local-bool", "bool readonly = !(prot & DMA_PTE_WRITE);\n\n"
            "if (readonly && domain->nested_parent)\n" + REFUSE),
    instead("local-bool-of-both", "const bool deny = !(prot & DMA_PTE_WRITE) && "
            "domain->nested_parent;\n\nif (deny)\n" + REFUSE),
    instead("local-int", "int write = prot & DMA_PTE_WRITE, parent = domain->nested_parent;\n\n"
            "if (!write && parent)\n" + REFUSE),
    instead("local-set-in-branches", """
bool deny = false;

if (domain->nested_parent)
	deny = true;
if (prot & DMA_PTE_WRITE)
	deny = false;
if (deny)
""" + REFUSE),
    instead("test_bit", "unsigned long bits = prot;\n\n"
            "if (!test_bit(1, &bits) && domain->nested_parent)\n" + REFUSE),
    instead("alias-of-domain", "const struct dmar_domain *d = domain;\n\n"
            "if (!(prot & DMA_PTE_WRITE) && d->nested_parent)\n" + REFUSE),
    good("renamed", mapping(rename("prot", "rights"), rename("attr", "bits"),
                            rename("pteval", "entry"), rename("domain", "dom"))),

    # --- control flow
    instead("nested-ifs", "if (domain->nested_parent) {\n\tif (!(prot & DMA_PTE_WRITE))\n"
            + REFUSE + "\n}"),
    instead("empty-then", "if (likely((prot & DMA_PTE_WRITE) || !domain->nested_parent))\n\t;\n"
            "else\n" + REFUSE),
    instead("while-for-if", "while (!(prot & DMA_PTE_WRITE) && domain->nested_parent)\n" + REFUSE),
    instead("do-while-0-with-break", """
do {
	if (prot & DMA_PTE_WRITE)
		break;
	if (!domain->nested_parent)
		break;
	%s
	return -EINVAL;
} while (0);""" % MESSAGE),
    instead("early-accept", """
if (prot & DMA_PTE_WRITE)
	goto accepted;
if (domain->nested_parent)
""" + REFUSE, before(ATTR, "accepted:")),
    instead("switch-on-rights", """
switch (prot & (DMA_PTE_READ | DMA_PTE_WRITE)) {
case DMA_PTE_WRITE:
case DMA_PTE_READ | DMA_PTE_WRITE:
	break;
default:
	if (!domain->nested_parent)
		break;
	%s
	return -EINVAL;
}""" % MESSAGE),
    instead("switch-on-flag", """
switch (domain->nested_parent) {
case 1:
	if (prot & DMA_PTE_WRITE)
		break;
	%s
	return -EINVAL;
}""" % MESSAGE),
    instead("error-label", """
int ret = 0;

if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
	ret = -EINVAL;
	goto out;
}
if (0) {
out:
	%s
	return ret;
}""" % MESSAGE),
    instead("error-label-at-the-end", """
if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
	goto refused;""", after("while (nr_pages > 0)", "if (0) {\nrefused:\n\t" + MESSAGE +
                              "\n\treturn -EINVAL;\n}")),
    instead("error-variable-tested", """
int error = 0;

if (!(prot & DMA_PTE_WRITE) && domain->nested_parent) {
	%s
	error = -EINVAL;
}
if (error)
	return error;""" % MESSAGE),
    instead("under-a-lock", """
scoped_guard(spinlock_irqsave, &domain->lock) {
	if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
""" + REFUSE + "\n}"),
    good("in-the-loop-before-each-store",
         mapping(cut(GUARD), before("tmp = 0ULL", "if (!(prot & DMA_PTE_WRITE) && "
                                    "domain->nested_parent)\n" + REFUSE))),
    good("after-attr-is-made",
         mapping(move(GUARD, after="domain->has_mappings = true"),
                 sub("!(prot & DMA_PTE_WRITE) &&", "!(attr & DMA_PTE_WRITE) &&"))),
    good("on-the-value-to-be-stored",
         mapping(cut(GUARD), before("tmp = 0ULL", "if (!(pteval & DMA_PTE_WRITE) && "
                                    "domain->nested_parent)\n" + REFUSE))),
    good("twice", mapping(after(GUARD, "if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)\n"
                                + REFUSE))),

    # --- without a refusal
    instead("write-forced", "if (domain->nested_parent)\n\tprot |= DMA_PTE_WRITE;", guard=()),
    instead("write-forced-by-ternary", "prot |= domain->nested_parent ? DMA_PTE_WRITE : 0;",
            guard=()),
    good("write-forced-by-shift",
         mapping(cut(GUARD), before("domain->has_mappings = true",
                                    "attr |= (u64)domain->nested_parent << 1;")), guard=()),
    good("write-forced-in-entry",
         mapping(cut(GUARD), before("tmp = 0ULL", "if (domain->nested_parent)\n"
                                    "\tpteval |= DMA_PTE_WRITE;")), guard=()),
    instead("returns-nothing-mapped", "if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)\n"
            "\treturn 0;"),
]
