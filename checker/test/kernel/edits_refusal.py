# SPDX-License-Identifier: MIT
"""The refusal without a message, or with one that floods the log."""
from ctext import above, after, before, cut, inside, put, within
from edits import Edit, GUARD, MAPPING, mapping
from expect import proves, violates

MESSAGE = "pr_err_ratelimited("
SILENT = violates("PF2102", MAPPING, "return -EINVAL")


def silent(name, *places, expect=(SILENT,), guard=(MAPPING,), **more):
    return Edit(name, *places, expect=[*expect, proves("PF2101", *guard)], **more)


def reporter(name, text, **more):
    return silent(name, mapping(within(GUARD, put(MESSAGE, text))), **more)


EDITS = [
    silent("message-dropped", mapping(within(GUARD, cut(MESSAGE)))),
    silent("bare-return",
           mapping(put(GUARD, "if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)\n"
                       "\treturn -EINVAL;"))),
    reporter("not-limited", 'pr_err("refused\\n");'),
    reporter("not-limited-warning", 'pr_warn("refused on %p\\n", domain);'),
    reporter("not-limited-dev_err", 'dev_err(NULL, "refused\\n");'),
    reporter("not-limited-WARN_ON", "WARN_ON(1);"),
    reporter("not-limited-WARN", 'WARN(1, "refused\\n");'),
    reporter("not-limited-printk", 'printk(KERN_ERR "refused\\n");'),
    reporter("only-debug", 'pr_debug("refused\\n");'),
    reporter("only-debug-limited", 'pr_debug_ratelimited("refused\\n");'),
    reporter("only-once-set", "static bool told;\n\ntold = true;"),
    reporter("under-option-that-is-off",
             'if (IS_ENABLED(CONFIG_INTEL_IOMMU_VERBOSE))\n\tpr_err_ratelimited("refused\\n");'),
    reporter("under-debug-variable",
             'if (domain->force_snooping)\n\tpr_err_once("refused\\n");'),
    reporter("only-for-large-mappings",
             'if (nr_pages > 512)\n\tpr_err_ratelimited("refused\\n");'),
    reporter("limited-on-one-branch-only",
             'if (prot & DMA_PTE_SNP)\n\tpr_err_ratelimited("refused\\n");\n'
             'else\n\tpr_err("refused\\n");'),
    reporter("limit-asked-and-ignored",
             'bool fine = printk_ratelimit();\n\nif (fine || nr_pages)\n\tpr_err("refused\\n");'),
    silent("message-only-of-another-refusal",
           mapping(within(GUARD, cut(MESSAGE)),
                   put("if ((prot & (DMA_PTE_READ|DMA_PTE_WRITE)) == 0)",
                       "if ((prot & (DMA_PTE_READ | DMA_PTE_WRITE)) == 0) {\n"
                       '\tpr_err_ratelimited("no rights\\n");\n\treturn -EINVAL;\n}'))),
    silent("message-on-the-other-branch",
           mapping(put(GUARD, """
if (!(prot & DMA_PTE_WRITE)) {
	if (domain->nested_parent)
		return -EINVAL;
	pr_warn_once("a read-only mapping\\n");
}"""))),
    silent("message-behind-the-return",
           mapping(within(GUARD, cut(MESSAGE), after("return -EINVAL",
                                                     'pr_err_ratelimited("refused\\n");')))),
    silent("message-only-where-it-is-mapped",
           mapping(within(GUARD, cut(MESSAGE)), after(GUARD, 'pr_info_once("mapping\\n");'))),
    silent("shared-error-label",
           mapping(put("if ((prot & (DMA_PTE_READ|DMA_PTE_WRITE)) == 0)",
                       "if ((prot & (DMA_PTE_READ | DMA_PTE_WRITE)) == 0)\n\tgoto invalid;"),
                   put(GUARD, """
if (!(prot & DMA_PTE_WRITE) && domain->nested_parent)
	goto invalid;
if (0) {
invalid:
	return -EINVAL;
}"""))),
    silent("helper-bool-no-message",
           mapping(above("""
static bool readonly_on_parent(const struct dmar_domain *d, int rights)
{
	return !(rights & DMA_PTE_WRITE) && d->nested_parent;
}
"""), put(GUARD, "if (readonly_on_parent(domain, prot))\n\treturn -EINVAL;")),
           guard=(MAPPING, "readonly_on_parent")),
    silent("helper-errno-no-message",
           mapping(above("""
static int check_rights(struct dmar_domain *d, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && d->nested_parent)
		return -EPERM;
	return 0;
}
"""), put(GUARD, "int ret = check_rights(domain, prot);\n\nif (ret)\n\treturn ret;")),
           expect=[violates("PF2102", "check_rights", "return -EPERM")],
           guard=(MAPPING, "check_rights")),
    silent("helper-tells-of-something-else",
           mapping(above("""
static void tell_mapping(const struct dmar_domain **d)
{
	pr_info_once("mappings on node %d\\n", (*d)->nid);
}
"""), before("if (unlikely(!domain_pfn_supported",
             "const struct dmar_domain *d = domain;\n\ntell_mapping(&d);"),
                   within(GUARD, cut(MESSAGE)))),
    silent("helper-tells-only-sometimes",
           mapping(above("""
struct request {
	struct dmar_domain *domain;
	int prot;
};

static int check_request(const struct request *req)
{
	if (!req->domain->nested_parent || req->prot & DMA_PTE_WRITE)
		return 0;
	if (req->domain->force_snooping)
		pr_warn_ratelimited("read-only mapping of a nesting parent refused\\n");
	return -EPERM;
}
"""), put(GUARD, "struct request req = { domain, prot };\n\n"
          "if (check_request(&req))\n\treturn -EINVAL;")), guard=(MAPPING, "check_request")),
    silent("helper-with-a-message-without-limit",
           mapping(above("""
static void tell_refusal(const struct dmar_domain *d)
{
	pr_err("domain of node %d: read-only mapping refused\\n", d->nid);
}
"""), within(GUARD, put(MESSAGE, "tell_refusal(domain);")))),
    silent("caller-no-message",
           mapping(cut(GUARD)),
           inside("intel_iommu_map", before("max_addr = iova + size", """
if (!(prot & DMA_PTE_WRITE) && dmar_domain->nested_parent)
	return -EINVAL;""")),
           expect=[violates("PF2102", "intel_iommu_map", "return -EINVAL")],
           guard=("intel_iommu_map",)),
    silent("caller-before-translation-no-message",
           mapping(cut(GUARD)),
           inside("intel_iommu_map", before("if (iommu_prot & IOMMU_READ)", """
if (dmar_domain->nested_parent && !(iommu_prot & IOMMU_WRITE))
	return -EPERM;""")),
           expect=[violates("PF2102", "intel_iommu_map", "return -EPERM")],
           guard=("intel_iommu_map",)),
    silent("two-refusals-one-silent",
           mapping(before(GUARD, """
if (nr_pages > 512 && domain->nested_parent && !(prot & DMA_PTE_WRITE))
	return -E2BIG;""")),
           expect=[violates("PF2102", MAPPING, "return -E2BIG")]),
    silent("switch-no-message",
           mapping(put(GUARD, """
switch (prot & (DMA_PTE_READ | DMA_PTE_WRITE)) {
case DMA_PTE_READ:
	if (domain->nested_parent)
		return -EACCES;
}""")), expect=[violates("PF2102", MAPPING, "return -EACCES")]),

    # --- a caller that has the message for it
    Edit("caller-tells-for-it",
         mapping(within(GUARD, put("return -EINVAL", "return -EUCLEAN;"), cut(MESSAGE))),
         inside("intel_iommu_map", put("return __domain_mapping(dmar_domain", """
int ret = __domain_mapping(dmar_domain, iova >> VTD_PAGE_SHIFT, hpa >> VTD_PAGE_SHIFT, size,
			   prot, gfp);

if (ret < 0)
	pr_err_ratelimited("mapping failed: %d\\n", ret);
return ret;""")), expect=[proves("PF2101", MAPPING)]),
    Edit("caller-tells-of-something-else",
         mapping(within(GUARD, put("return -EINVAL", "return -EUCLEAN;"), cut(MESSAGE))),
         inside("intel_iommu_map", put("return __domain_mapping(dmar_domain", """
int ret = __domain_mapping(dmar_domain, iova >> VTD_PAGE_SHIFT, hpa >> VTD_PAGE_SHIFT, size,
			   prot, gfp);

if (ret == -ENOMEM)
	pr_err_ratelimited("no memory\\n");
return ret;""")), expect=[proves("PF2101", MAPPING),
                          violates("PF2102", MAPPING, "return -EUCLEAN")]),
]
