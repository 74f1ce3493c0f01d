# SPDX-License-Identifier: MIT
"""The same guard in other words and other places: proved, and nothing reported."""
from ctext import above, after, before, below, cut, inside, move, put, rename, sub, within
from edits import ATTR, Edit, GUARD, MAPPING, REFUSE, mapping
from expect import proves

CONDITION = "(!(prot & DMA_PTE_WRITE) && domain->nested_parent)"
FIRST = "if (unlikely(!domain_pfn_supported"
MESSAGE = 'pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");'


def good(name, *places, guard=(MAPPING,), **more):
    return Edit(name, *places, expect=[proves("PF2101", *guard)], **more)


def condition(name, text, *changes):
    return good(name, mapping(sub(CONDITION, text), *changes))


def instead(name, text, *changes, **more):
    """Other statements in the place of the guard."""
    return good(name, mapping(put(GUARD, text), *changes), **more)


def reporter(name, text):
    """The refusal with another message."""
    return good(name, mapping(within(GUARD, put("pr_err_ratelimited", text))))


def in_caller(name, text, anchor="max_addr = iova + size", **more):
    return good(name, mapping(cut(GUARD)), inside("intel_iommu_map", before(anchor, text)),
                guard=("intel_iommu_map",), **more)


def unrelated(name, text):
    """Code that has nothing to do with it, in the way."""
    return good(name, mapping(after(GUARD, text)))


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
    condition("exclusive-or", "(((prot ^ DMA_PTE_WRITE) & DMA_PTE_WRITE) && domain->nested_parent)"),
    condition("shifted-and-compared", "(domain->nested_parent > ((prot & DMA_PTE_WRITE) >> 1))"),
    condition("statement-expression",
              "(({ bool readonly = !(prot & DMA_PTE_WRITE); readonly && domain->nested_parent; }))"),
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
                 sub("if (!(prot & DMA_PTE_WRITE) && domain", "if (!(attr & DMA_PTE_WRITE) && domain"))),
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

    # --- helpers
    instead("helper-bool", "if (readonly_on_parent(domain, prot))\n" + REFUSE, above("""
static bool readonly_on_parent(const struct dmar_domain *d, int rights)
{
	return !(rights & DMA_PTE_WRITE) && d->nested_parent;
}
"""), guard=(MAPPING, "readonly_on_parent")),
    instead("helper-bool-with-ifs", "if (!rights_fit(prot, domain))\n" + REFUSE, above("""
static bool rights_fit(int rights, struct dmar_domain *d)
{
	if (rights & DMA_PTE_WRITE)
		return true;
	if (d->nested_parent)
		return false;
	return true;
}
"""), guard=(MAPPING, "rights_fit")),
    instead("helper-errno", "int ret = check_rights(domain, prot);\n\nif (ret)\n\treturn ret;",
            above("""
static int check_rights(struct dmar_domain *d, int prot)
{
	if (prot & DMA_PTE_WRITE || !d->nested_parent)
		return 0;
	pr_warn_ratelimited("read-only mapping of a nesting parent refused\\n");
	return -EPERM;
}
"""), guard=(MAPPING, "check_rights")),
    instead("helper-errno-negative", "int ret;\n\nif ((ret = check_rights(domain, prot)) < 0)\n"
            "\treturn ret;", above("""
static int check_rights(struct dmar_domain *d, int prot)
{
	int ret = 0;

	if (!(prot & DMA_PTE_WRITE) && d->nested_parent) {
		pr_warn_once("read-only mapping of a nesting parent refused\\n");
		ret = -EPERM;
	}
	return ret;
}
"""), guard=(MAPPING, "check_rights")),
    instead("helper-by-pointer", "if (check_rights(&domain->domain, &prot))\n\treturn -EINVAL;",
            above("""
static int check_rights(struct iommu_domain *dom, const int *rights)
{
	if (to_dmar_domain(dom)->nested_parent && !(*rights & DMA_PTE_WRITE)) {
		pr_warn_ratelimited("read-only mapping of a nesting parent refused\\n");
		return -EPERM;
	}
	return 0;
}
"""), guard=(MAPPING, "check_rights")),
    instead("helper-by-struct", "struct request req = { domain, prot };\n\n"
            "if (check_request(&req))\n\treturn -EINVAL;", above("""
struct request {
	struct dmar_domain *domain;
	int prot;
};

static int check_request(const struct request *req)
{
	if (!req->domain->nested_parent || req->prot & DMA_PTE_WRITE)
		return 0;
	pr_warn_ratelimited("read-only mapping of a nesting parent refused\\n");
	return -EPERM;
}
"""), guard=(MAPPING, "check_request")),
    instead("helpers-one-for-each-half", "if (is_parent(domain) && is_readonly(prot))\n" + REFUSE,
            above("""
static inline bool is_parent(const struct dmar_domain *d)
{
	return d->nested_parent;
}

static inline int is_readonly(unsigned int prot)
{
	return !(prot & DMA_PTE_WRITE);
}
"""), guard=(MAPPING, "is_parent", "is_readonly")),
    instead("helper-that-gives-rights", "prot = rights_for(domain, prot);", above("""
static int rights_for(const struct dmar_domain *d, int prot)
{
	return d->nested_parent ? prot | DMA_PTE_WRITE : prot;
}
"""), guard=()),
    instead("accessor-in-header", "if (!(prot & DMA_PTE_WRITE) && domain_is_parent(domain))\n"
            + REFUSE, guard=(MAPPING, "domain_is_parent"),
            iommu_h=[inside("struct dmar_domain", below("""
static inline bool domain_is_parent(const struct dmar_domain *domain)
{
	return domain->nested_parent;
}
"""))]),
    good("message-in-helper",
         mapping(above("""
static noinline int refused(const struct dmar_domain *d)
{
	pr_err_ratelimited("domain of node %d: read-only mapping refused\\n", d->nid);
	return -EINVAL;
}
"""), put(GUARD, "if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)\n"
                 "\treturn refused(domain);"))),

    # --- callers
    in_caller("caller", "if (!(prot & DMA_PTE_WRITE) && dmar_domain->nested_parent)\n" + REFUSE),
    in_caller("caller-before-translation",
              "if (!(iommu_prot & IOMMU_WRITE) && dmar_domain->nested_parent)\n" + REFUSE,
              anchor="if (iommu_prot & IOMMU_READ)"),
    in_caller("caller-else-branch", """
if (prot & DMA_PTE_WRITE)
	pr_debug("a writable mapping\\n");
else if (dmar_domain->nested_parent)
""" + REFUSE),
    good("caller-of-caller",
         mapping(cut(GUARD)),
         inside("intel_iommu_map_pages",
                before("ret = intel_iommu_map(domain", "if (!(prot & IOMMU_WRITE) && "
                       "to_dmar_domain(domain)->nested_parent)\n" + REFUSE)),
         guard=("intel_iommu_map_pages",)),
    good("split-over-two-functions",
         mapping(cut(GUARD), below("""
static int map_into_parent(struct dmar_domain *domain, unsigned long iov_pfn,
			   unsigned long phys_pfn, unsigned long nr_pages, int prot, gfp_t gfp)
{
	if (!(prot & DMA_PTE_WRITE)) {
		pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
		return -EINVAL;
	}
	return __domain_mapping(domain, iov_pfn, phys_pfn, nr_pages, prot, gfp);
}
""")),
         inside("intel_iommu_map",
                before("return __domain_mapping(dmar_domain", """
if (dmar_domain->nested_parent)
	return map_into_parent(dmar_domain, iova >> VTD_PAGE_SHIFT, hpa >> VTD_PAGE_SHIFT, size,
			       prot, gfp);""")),
         guard=("intel_iommu_map", "map_into_parent")),
    good("second-caller-read-write",
         inside("intel_iommu_map", below("""
int intel_iommu_map_firmware(struct iommu_domain *domain, unsigned long pfn);
int intel_iommu_map_firmware(struct iommu_domain *domain, unsigned long pfn)
{
	return __domain_mapping(to_dmar_domain(domain), pfn, pfn, 1,
				DMA_PTE_READ | DMA_PTE_WRITE, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(intel_iommu_map_firmware);
"""))),
    good("second-caller-read-only-below-the-guard",
         inside("intel_iommu_map", below("""
int intel_iommu_map_firmware(struct iommu_domain *domain, unsigned long pfn);
int intel_iommu_map_firmware(struct iommu_domain *domain, unsigned long pfn)
{
	return __domain_mapping(to_dmar_domain(domain), pfn, pfn, 1, DMA_PTE_READ, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(intel_iommu_map_firmware);
"""))),

    # --- the flag
    good("flag-is-a-bool-read-once",
         mapping(sub("&& domain->nested_parent", "&& READ_ONCE(domain->nested_parent)")),
         iommu_h=[inside("struct dmar_domain", sub("u8 nested_parent:1", "bool nested_parent"))]),
    good("flag-is-a-bool-bit",
         iommu_h=[inside("struct dmar_domain", sub("u8 nested_parent:1", "bool nested_parent:1"))]),
    good("flag-is-an-unsigned-bit-elsewhere",
         iommu_h=[inside("struct dmar_domain", cut("u8 nested_parent:1"),
                         after("struct qi_batch *qi_batch", "unsigned int kind:3, nested_parent:1;"))]),
    good("flag-is-an-int",
         iommu_h=[inside("struct dmar_domain", sub("u8 nested_parent:1", "int nested_parent"))]),
    good("mapped-after-the-flag-is-set",
         inside("intel_iommu_domain_alloc_user", after("if (nested_parent)", """
if (__domain_mapping(dmar_domain, 0, 0, 1, DMA_PTE_READ, GFP_KERNEL)) {
	iommu_domain_free(domain);
	return ERR_PTR(-ENOMEM);
}"""))),
    good("mapped-read-only-where-the-flag-stays-clear",
         inside("intel_iommu_domain_alloc_user", before("if (nested_parent)", """
if (!nested_parent &&
    __domain_mapping(dmar_domain, 0, 0, 1, DMA_PTE_READ, GFP_KERNEL)) {
	iommu_domain_free(domain);
	return ERR_PTR(-ENOMEM);
}"""))),

    # --- messages
    reporter("pr_err_once", 'pr_err_once("refused\\n");'),
    reporter("pr_warn_ratelimited", 'pr_warn_ratelimited("refused on node %d\\n", domain->nid);'),
    reporter("pr_info_once", 'pr_info_once("refused\\n");'),
    reporter("warn_once", 'WARN_ONCE(1, "read-only mapping refused\\n");'),
    reporter("warn_on_once", "WARN_ON_ONCE(1);"),
    reporter("dev_err_ratelimited",
             'dev_err_ratelimited(list_first_entry(&domain->devices, struct device_domain_info,\n'
             '\t\t\t\t     link)->dev, "refused\\n");'),
    reporter("dev_warn_once", 'dev_warn_once(NULL, "refused\\n");'),
    reporter("printk_ratelimited", 'printk_ratelimited(KERN_WARNING "refused\\n");'),
    reporter("ratelimit-by-hand", """
static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

if (__ratelimit(&limit))
	pr_err("refused\\n");"""),
    reporter("printk_ratelimit", 'if (printk_ratelimit())\n\tpr_err("refused\\n");'),
    reporter("once-by-DO_ONCE_LITE", 'DO_ONCE_LITE(pr_err, "refused\\n");'),
    reporter("two-messages", 'pr_err_ratelimited("refused\\n");\npr_debug("prot %x\\n", prot);'),

    # --- code that has nothing to do with it
    unrelated("statistics", "if (nr_pages > 512 && !domain->force_snooping)\n"
              "\tpr_debug(\"%lu pages with %x\\n\", nr_pages, prot);"),
    unrelated("other-bits-of-prot", "if (domain->force_snooping)\n\tprot |= DMA_PTE_SNP;\n"
              "prot &= ~(int)DMA_PTE_LARGE_PAGE;"),
    unrelated("write-added", "if (domain->iommu_superpage)\n\tprot |= DMA_PTE_WRITE;"),
    unrelated("another-early-return", "if (!domain->pgd)\n\treturn -ENODEV;"),
    unrelated("a-loop", "for (unsigned long n = nr_pages; n; n >>= 1)\n\tcpu_relax();"),
    unrelated("a-lock", "spin_lock(&domain->lock);\nif (list_empty(&domain->devices))\n"
              "\tpr_debug(\"no device\\n\");\nspin_unlock(&domain->lock);"),
    unrelated("rights-copied-and-back", "int kept = prot;\n\nprot = 0;\nprot |= kept & 0xfff;"),
    good("entry-keeps-write",
         inside("intel_iommu_set_dirty_tracking", above("""
static void forget_dirty(struct dmar_domain *domain, unsigned long pfn)
{
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	if (!pte)
		return;
	pte->val &= ~DMA_SL_PTE_DIRTY;
	pte->val |= DMA_PTE_SNP;
	clear_bit(DMA_SL_PTE_DIRTY_BIT, (unsigned long *)&pte->val);
	WRITE_ONCE(pte->val, READ_ONCE(pte->val) | DMA_PTE_WRITE);
}
"""), before("if (dmar_domain->dirty_tracking == enable)", "forget_dirty(dmar_domain, 0);"))),
    good("entry-cleared-or-writable",
         inside("intel_iommu_set_dirty_tracking", above("""
static void fill_or_clear(struct dmar_domain *domain, unsigned long pfn, bool clear)
{
	int level = 1;
	struct dma_pte *pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);

	if (!pte)
		return;
	xchg(&pte->val, clear ? 0 : ((u64)pfn << VTD_PAGE_SHIFT) | DMA_PTE_READ | DMA_PTE_WRITE);
	if (clear)
		memset(pte, 0, sizeof(*pte));
}
"""), before("if (dmar_domain->dirty_tracking == enable)", "fill_or_clear(dmar_domain, 0, enable);"))),
    good("read-only-entry-below-a-guard",
         inside("intel_iommu_set_dirty_tracking", above("""
static void protect_unless_parent(struct dmar_domain *domain, unsigned long pfn)
{
	int level = 1;
	struct dma_pte *pte;

	if (domain->nested_parent)
		return;
	pte = pfn_to_dma_pte(domain, pfn, &level, GFP_ATOMIC);
	if (pte)
		pte->val &= ~DMA_PTE_WRITE;
}
"""), before("if (dmar_domain->dirty_tracking == enable)", "protect_unless_parent(dmar_domain, 0);")),
         guard=()),
    good("read-only-entry-of-another-kind-of-table",
         inside("intel_iommu_set_dirty_tracking", above("""
static void mark(struct context_entry *entry)
{
	entry->lo = (entry->lo & ~3ULL) | DMA_PTE_READ;
}
"""), before("if (dmar_domain->dirty_tracking == enable)",
             "mark(iommu_context_addr(NULL, 0, 0, 0));"))),
]
