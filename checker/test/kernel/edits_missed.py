# SPDX-License-Identifier: MIT
"""
Changes of 6.12 that are known to be judged wrongly, and some beside them that are not: what a
later version has to tell apart.
"""
from ctext import above, after, before, inside, put, sub
from edits import AT_STORE, Edit, GUARD, mapping
from edits_locks import ALLOC, BASE, BASE_NESTED, NESTED_ALLOC, PARENT, S1_LIST
from expect import proves, violates

FAMILY = r"PF21\d\d$"
MAP = "intel_iommu_map"
PROVED = proves("PF2101")
COND = "!(prot & DMA_PTE_WRITE) && domain->nested_parent"


def bad(name, *places, expect, todo=None, **more):
    return Edit(name, *places, expect=BASE + expect, todo=todo, **more)


def good(name, *places, todo=None, **more):
    return Edit(name, *places, expect=BASE + [PROVED], todo=todo, **more)


# --- a super page is split into entries that have its rights
SPLIT = """
static void domain_split(struct dmar_domain *domain, struct dma_pte *pte, struct dma_pte *child)
{
	u64 old = READ_ONCE(pte->val);
	int i;

	for (i = 0; i < 512; i++)
		child[i].val = ((old & VTD_PAGE_MASK) + ((u64)i << VTD_PAGE_SHIFT)) |
			       (old & (%s));
}
"""
SPLIT_ONE = """{
	struct dma_pte *pte, *child;
	int lvl = 2;

	pte = pfn_to_dma_pte(dmar_domain, iova >> VTD_PAGE_SHIFT, &lvl, gfp);
	child = iommu_alloc_page_node(dmar_domain->nid, gfp);
	if (pte && child)
		domain_split(dmar_domain, pte, child);
}"""
STORED = "child[i].val ="


def split(rights):
    return inside(MAP, above(SPLIT % rights), before("size = aligned_nrpages", SPLIT_ONE))


# --- the guard is one of a table of checks
CHECKS = """
static int check_some_right(const struct dmar_domain *domain, int prot)
{
	return prot & (DMA_PTE_READ | DMA_PTE_WRITE) ? 0 : -EINVAL;
}

static int check_parent(const struct dmar_domain *domain, int prot)
{
	if (%s) {
		pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
		return -EINVAL;
	}
	return 0;
}

static int (*const map_checks[])(const struct dmar_domain *, int) = {
	check_some_right,
	check_parent,
};
""" % COND
RUN_CHECKS = """{
	unsigned int i;
	int err;

	for (i = 0; i < %s; i++) {
		err = map_checks[i](domain, prot);
		if (err)
			return err;
	}
}"""

# --- another flag of the domain, which is set with nested_parent
REFUSE_RO = (inside("struct dmar_domain", sub("int nid;", "int nid;\n\tbool refuse_ro;\n")),)
BY_REFUSE_RO = mapping(sub("domain->nested_parent", "domain->refuse_ro"))

EDITS = [
    bad("split-forgets-write", split("DMA_PTE_READ | DMA_PTE_SNP"),
        expect=[violates("PF2101", "domain_split", STORED)]),
    good("split-keeps-write", split("DMA_PTE_READ | DMA_PTE_WRITE | DMA_PTE_SNP"),
         todo="of which domain another entry is is not known: not decided"),
    bad("table-of-checks-stops-early", mapping(above(CHECKS), put(GUARD, RUN_CHECKS % "1")),
        expect=[AT_STORE]),
    good("table-of-checks", mapping(above(CHECKS), put(GUARD, RUN_CHECKS %
                                                         "ARRAY_SIZE(map_checks)")),
         todo="an element of a table by a number that a loop counts is any"),
    good("flag-copied-in-time", BY_REFUSE_RO,
         inside(ALLOC, after("dmar_domain->nested_parent = true",
                             "dmar_domain->refuse_ro = true;")), iommu_h=REFUSE_RO,
         todo="that two fields of an object are equal is not known where it is used"),
    bad("flag-copied-too-early", BY_REFUSE_RO,
        inside("paging_domain_alloc", before("domain->use_first_level = first_stage",
                                             "domain->refuse_ro = domain->nested_parent;")),
        iommu_h=REFUSE_RO, expect=[AT_STORE]),
    bad("lock-dropped-in-the-walk",
        inside(PARENT, sub("ret = device_set_dirty_tracking(&s1_domain->devices, enable); "
                           "spin_unlock_irqrestore(&s1_domain->lock, flags);",
                           "ret = device_set_dirty_tracking(&s1_domain->devices, enable);\n"
                           "\t\tspin_unlock_irqrestore(&s1_domain->lock, flags);\n"
                           "\t\tspin_unlock(&domain->s1_lock);\n\t\tcond_resched();\n"
                           "\t\tspin_lock(&domain->s1_lock);")),
        expect=[violates(S1_LIST, PARENT, "list_for_each_entry")],
        todo="an entry that is kept while its list's lock is dropped counts as one still"),
    bad("table-of-another-domain",
        inside(ALLOC, before("if (nested_parent)",
                             "if (info->domain && !info->domain->use_first_level) {\n"
                             "\tiommu_free_page(dmar_domain->pgd);\n"
                             "\tdmar_domain->pgd = info->domain->pgd;\n}")),
        expect=[AT_STORE], todo="each domain is taken to have a table of its own"),
    Edit("nested-test-lost",
         nested_c=[inside(NESTED_ALLOC,
                          sub("if (parent->ops != intel_iommu_ops.default_domain_ops || "
                              "!s2_domain->nested_parent)",
                              "if (parent->ops != intel_iommu_ops.default_domain_ops)"))],
         expect=None, expect_nested=BASE_NESTED +
         [violates("PF2146", NESTED_ALLOC, "domain->s2_domain = s2_domain")],
         todo="s2_domain shares its place with pgd in 6.12: PF2146 is not for it"),
]
