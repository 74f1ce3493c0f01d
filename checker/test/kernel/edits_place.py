# SPDX-License-Identifier: MIT
"""The same guard in other places: proved, and nothing reported."""
from ctext import above, after, before, below, cut, inside, put, sub
from edits import GUARD, MAPPING, REFUSE, mapping
from silent import good, in_caller, instead

EDITS = [
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
                         after("struct qi_batch *qi_batch",
                               "unsigned int kind:3, nested_parent:1;"))]),
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
}""")),
         todo="that an object is published on the way where the flag is not set, and only there, "
              "is lost where the ways meet"),
]
