# SPDX-License-Identifier: MIT
"""The guard, the way of prot and the store in other shapes: loops, tables, bits by number."""
from ctext import above, before, cut, inside, put, sub, wrap
from edits import AT_STORE, Edit, GUARD, MAPPING, mapping
from expect import proves, violates

MAP = "intel_iommu_map"
STORE = "!try_cmpxchg64_local(&pte->val, &tmp, pteval)"
CONDITION = "!(prot & DMA_PTE_WRITE) && domain->nested_parent"
DENY = """{
	pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");
	return -EINVAL;
}"""
IF_DENIED = "if (%s)\n" + DENY


def good(name, *places, by=(MAPPING,)):
    return Edit(name, *places, expect=[proves("PF2101", *by)])


def bad(name, *places, at=AT_STORE):
    return Edit(name, *places, expect=[at])


def guard(text):
    return mapping(put(GUARD, text))


def helper(text, use):
    return inside(MAPPING, above(text), put(GUARD, use))


def attr(text):
    return mapping(put("attr = prot &", text))


# --- rights by a table
def rights(*entries):
    return above("static const int rights_of[4] = { %s };" % ", ".join(entries))


BOTH = "DMA_PTE_READ | DMA_PTE_WRITE"
CALLERS_GUARD = """if (!(iommu_prot & IOMMU_WRITE) && dmar_domain->nested_parent)
""" + DENY


def table(*entries, head=""):
    return inside(MAP, rights(*entries), cut("if (iommu_prot & IOMMU_READ)"),
                  put("if (iommu_prot & IOMMU_WRITE)", head + "prot = rights_of[iommu_prot & 3];"))


# --- a round or two
AGAIN = """again:
if (%s)
%s
if (nr_pages > 512) {
	prot &= ~DMA_PTE_WRITE;
	nr_pages = 512;
	%%s
}""" % (CONDITION, DENY)

# --- a helper that says no
REQUEST = """
struct map_request {
	struct dmar_domain *domain;
	int prot;
};

static int check_request(const struct map_request *r)
{
	if (!(r->prot & DMA_PTE_WRITE) && r->domain->nested_parent)
""" + DENY + """
	return 0;
}
"""
CHECK = """
static int check(struct dmar_domain *d, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && d->nested_parent)
""" + DENY + """
	return 0;
}
"""
TABLE_OR_ERROR = """
static void *table_for(struct dmar_domain *d, int prot)
{
	if (!(prot & DMA_PTE_WRITE) && d->nested_parent)
		return ERR_PTR(-EPERM);
	return d->pgd;
}
"""
VERDICT = """
static void judge(struct dmar_domain *d, int prot, bool *deny)
{
	if (%s)
		return;
	*deny = d->nested_parent;
}
"""
IS_DENIED = """
static bool is_denied(struct dmar_domain *d, int prot)
{
	return d->nested_parent && !(prot & DMA_PTE_WRITE);
}
"""
CHUNKS = """
static int __domain_mapping(struct dmar_domain *domain, unsigned long iov_pfn,
			    unsigned long phys_pfn, unsigned long nr_pages, int prot, gfp_t gfp);

static int map_chunks(struct dmar_domain *d, unsigned long iov, unsigned long phys,
		      unsigned long n, int prot, gfp_t gfp)
{
	int err;

	if (n <= 512)
		return __domain_mapping(d, iov, phys, n, prot, gfp);
	err = map_chunks(d, iov, phys, 512, prot, gfp);
	return err ?: map_chunks(d, iov + 512, phys + 512, n - 512, prot, gfp);
}
"""

# --- the entry
ENTRY = """
union entry_bits {
	u64 val;
	struct { u64 r : 1, w : 1, rest : 62; };
};
"""
IN_BITS = """{
	union entry_bits e = { .val = 0 };

	e.r = !!(prot & DMA_PTE_READ);
	e.w = %s;
	attr = e.val;
}"""
BY_NUMBER = """{
	unsigned long bits = 0;

	if (prot & DMA_PTE_READ)
		__set_bit(0, &bits);
	if (prot & DMA_PTE_WRITE)
		__set_bit(%d, &bits);
	attr = bits;
}"""
DROP_WRITE = """
static void drop_write(struct dma_pte *pte)
{
	u64 old = READ_ONCE(pte->val);

	while (!try_cmpxchg64(&pte->val, &old, old & ~DMA_PTE_WRITE))
		;
}
"""


def drops(condition):
    return inside(MAP, above(DROP_WRITE), before("max_addr = iova + size",
                                                 "if (%s)\n\tdrop_write(dmar_domain->pgd);"
                                                 % condition))


EDITS = [
    good("table", table("0", "DMA_PTE_READ", "DMA_PTE_WRITE", BOTH)),
    good("table-behind-guard-in-caller", mapping(cut(GUARD)),
         table("0", "DMA_PTE_READ", "DMA_PTE_WRITE", BOTH, head=CALLERS_GUARD), by=(MAP,)),
    bad("table-with-a-wrong-entry", mapping(cut(GUARD)),
        table("0", "DMA_PTE_READ", "DMA_PTE_READ", BOTH, head=CALLERS_GUARD)),
    good("answers-in-an-array", guard("bool deny[2] = { false, domain->nested_parent };\n\n"
                                      + IF_DENIED % "deny[!(prot & DMA_PTE_WRITE)]")),
    bad("answers-swapped", guard("bool deny[2] = { domain->nested_parent, false };\n\n"
                                 + IF_DENIED % "deny[!(prot & DMA_PTE_WRITE)]")),

    good("guard-in-each-round", guard(AGAIN % "goto again;")),
    bad("guard-not-in-the-last-round", guard(AGAIN % "if (!gfp)\n\t\tgoto again;")),
    # In the first round they are one, and what is asked does not change.
    Edit("guard-for-the-first-entry-only",
         mapping(cut(GUARD), before("tmp = 0ULL",
                                    IF_DENIED % ("pte == first_pte && " + CONDITION))),
         expect=[proves("PF2101", MAPPING)],
         todo="that the first round has asked is lost where the rounds meet"),
    good("guard-in-a-loop-of-tries", guard("""int tries = 3;

do {
	if (%s)
%s
	if (!domain->iommu_superpage)
		break;
	cpu_relax();
} while (--tries);""" % (CONDITION, DENY))),
    bad("guard-in-a-loop-of-no-round", guard("""int tries = domain->iommu_superpage;

while (tries-- > 0) {
	if (%s)
%s
}""" % (CONDITION, DENY))),
    good("chunks-that-recurse", inside(MAPPING, above(CHUNKS)),
         inside(MAP, sub("return __domain_mapping(", "return map_chunks("))),

    good("request", helper(REQUEST, """struct map_request r = { .domain = domain, .prot = prot };
int err = check_request(&r);

if (err)
	return err;"""), by=("check_request",)),
    bad("request-that-is-changed", helper(REQUEST, """struct map_request r = { domain, prot };

r.prot |= DMA_PTE_WRITE;
if (check_request(&r))
	return -EINVAL;""")),
    good("helper-by-its-address", helper(IS_DENIED, """bool (*denied)(struct dmar_domain *, int);

denied = is_denied;
""" + IF_DENIED % "denied(domain, prot)")),
    good("error-by-its-sign", helper(CHECK, "if (check(domain, prot) < 0)\n\treturn -EINVAL;"),
         by=("check",)),
    bad("error-of-the-wrong-sign",
        helper(CHECK, "if (check(domain, prot) > 0)\n\treturn -EINVAL;")),
    good("error-pointer", helper(TABLE_OR_ERROR, """void *table = table_for(domain, prot);

if (IS_ERR(table))
	return PTR_ERR(table);"""), by=("table_for",)),
    bad("error-pointer-tested-for-null", helper(TABLE_OR_ERROR, """if (!table_for(domain, prot))
	return -EINVAL;""")),
    good("answer-by-a-pointer", helper(VERDICT % "prot & DMA_PTE_WRITE", """bool deny = false;

judge(domain, prot, &deny);
""" + IF_DENIED % "deny"), by=(MAPPING, "judge")),
    bad("answer-that-is-not-given", helper(VERDICT % "prot & DMA_PTE_WRITE || d->has_mappings",
                                           """bool deny = false;

judge(domain, prot, &deny);
""" + IF_DENIED % "deny")),

    good("bit-by-number", guard("unsigned long given = prot;\n\n"
                                + IF_DENIED % "!test_bit(1, &given) && domain->nested_parent")),
    bad("wrong-bit-by-number", guard("unsigned long given = prot;\n\n" + IF_DENIED %
                                     "!test_bit(0, &given) && domain->nested_parent")),
    good("least-of-both", guard(IF_DENIED % "min_t(int, !(prot & DMA_PTE_WRITE), "
                                "domain->nested_parent)")),
    good("switch-on-both", guard("""switch (!!(prot & DMA_PTE_WRITE) | domain->nested_parent << 1) {
case 2:
%s
}""" % DENY)),
    bad("switch-on-the-wrong-case",
        guard("""switch (!!(prot & DMA_PTE_WRITE) | domain->nested_parent << 1) {
case 1:
%s
}""" % DENY)),
    good("in-a-scope-of-the-lock",
         guard("scoped_guard(spinlock_irqsave, &domain->lock) {\n%s\n}" % IF_DENIED % CONDITION)),
    good("bug-on", guard("BUG_ON(%s);" % CONDITION)),
    bad("warn-on-alone", guard("WARN_ON_ONCE(%s);" % CONDITION)),
    bad("label-that-is-fallen-into",
        guard('if (%s) {\n\tpr_err_once("refused\\n");\n\tgoto out;\n}' % CONDITION),
        mapping(before("attr = prot &", "out:"))),
    good("compiled-in", mapping(wrap(GUARD, "\n#ifdef CONFIG_INTEL_IOMMU\n", "\n#endif\n"))),
    bad("compiled-out", mapping(wrap(GUARD, "\n#ifdef CONFIG_NOT_THERE\n", "\n#endif\n"))),
    bad("configured-out", guard(IF_DENIED % ("IS_ENABLED(CONFIG_NOT_THERE) && " + CONDITION))),
    bad("by-a-parameter", inside(MAPPING, above("static bool strict = true;\n"
                                                "module_param(strict, bool, 0644);")),
        guard(IF_DENIED % ("strict && " + CONDITION))),

    good("entry-as-a-struct", mapping(sub(STORE, """({
	struct dma_pte fresh = { .val = pteval };

	tmp = pte->val;
	*pte = fresh;
	tmp;
})"""))),
    good("entry-in-bits", inside(MAPPING, above(ENTRY)),
         attr(IN_BITS % "!!(prot & DMA_PTE_WRITE)")),
    bad("entry-in-bits-that-lose-it", inside(MAPPING, above(ENTRY)),
        attr(IN_BITS % "prot & DMA_PTE_WRITE")),
    good("attr-by-numbers", attr(BY_NUMBER % 1)),
    bad("attr-by-a-wrong-number", attr(BY_NUMBER % 2)),
    good("write-taken-away-but-of-parents", drops("!dmar_domain->nested_parent"),
         by=(MAPPING, MAP)),
    bad("write-taken-away", drops("dmar_domain->pgd"),
        at=violates("PF2101", "drop_write", "try_cmpxchg64")),
]
