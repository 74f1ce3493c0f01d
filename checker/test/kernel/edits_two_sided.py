# SPDX-License-Identifier: MIT
"""Design A with plain flags, made from 6.12: both sides under one lock, or not quite.

The mapping side sets read_only_mapped unless the domain is nested on, the
nesting side sets set_nested unless there are read-only mappings.
"""
from ctext import above, after, before, inside, put, sub
from edits import DIRTY, Edit, GUARD, MAPPING, mapping
from edits_locks import ATTACH, BALANCE, BASE, BASE_NESTED, LOCK_DIRTY, NESTED_ALLOC, STORAGE
from expect import LOCKS, violates

FAMILY = LOCKS

TWO_SIDED, COUNTED = "PF2119", "PF2118"
MARK, MARK_COUNTED = "PF2124", "PF2123"
CLEARED, FALLS, FORGETS = "PF2120", "PF2121", "PF2122"
TAKE, GIVE = "spin_lock_irqsave(&domain->lock, flags);", "spin_unlock_irqrestore(&domain->lock, flags);"
ASK = 'if (domain->set_nested) {\n\t%s\n\tpr_err_once("refused\\n");\n\treturn -EINVAL;\n}'
RECORD = "domain->read_only_mapped = true;"
N_TAKE = "spin_lock_irqsave(&s2_domain->lock, flags);"
N_GIVE = "spin_unlock_irqrestore(&s2_domain->lock, flags);"
N_ASK = ('if (s2_domain->read_only_mapped) {\n\t%s\n\tpr_err_once("refused\\n");\n'
         "\treturn ERR_PTR(-EBUSY);\n}")
N_SET = "s2_domain->set_nested = true;"

MAP_SET = violates(TWO_SIDED, MAPPING, "read_only_mapped = true")
MAP_BARE = violates(MARK, MAPPING, "read_only_mapped = true")
NEST_SET = violates(TWO_SIDED, NESTED_ALLOC, "set_nested = true")
NEST_BARE = violates(MARK, NESTED_ALLOC, "set_nested = true")


def fields(*lines):
    return [inside("struct dmar_domain", after("u8 iotlb_sync_map:1", "\n".join(lines)))]


PLAIN = fields("bool read_only_mapped;", "bool set_nested;")


def map_side(*lines, asked="!(prot & DMA_PTE_WRITE) && !domain->read_only_mapped"):
    return mapping(put(GUARD, "if (%s) {\n\tunsigned long flags;\n\n\t%s\n}" % (
        asked, "\n".join(lines).replace("\n", "\n\t"))))


def nest_side(*lines):
    return [inside(NESTED_ALLOC, before("int ret", "unsigned long flags;"),
                   before("domain = kzalloc(", "\n".join(lines)))]


MAP = map_side(TAKE, ASK % GIVE, RECORD, GIVE)
NEST = nest_side(N_TAKE, N_ASK % N_GIVE, N_SET, N_GIVE)


def bad_map(name, *places, expect, iommu_h=PLAIN, **more):
    return Edit(name, *places, iommu_h=iommu_h, nested_c=NEST, expect=BASE + expect,
                expect_nested=BASE_NESTED, **more)


def bad_nest(name, nested_c, expect, **more):
    return Edit(name, MAP, iommu_h=PLAIN, nested_c=nested_c, expect=BASE,
                expect_nested=BASE_NESTED + expect, **more)


def good(name, *places, nested_c=NEST, iommu_h=PLAIN, **more):
    return Edit(name, *places or (MAP,), iommu_h=iommu_h, nested_c=nested_c, expect=BASE,
                expect_nested=BASE_NESTED, **more)


EDITS = [
    good("as-it-should-be"),

    # --- the mapping side
    bad_map("map-no-lock", map_side("(void)flags;", ASK % ";", RECORD),
            expect=[MAP_SET, MAP_BARE]),
    bad_map("map-other-lock",
            map_side(TAKE.replace("lock,", "cache_lock,"),
                     ASK % GIVE.replace("lock,", "cache_lock,"), RECORD,
                     GIVE.replace("lock,", "cache_lock,")), expect=[MAP_SET, MAP_BARE]),
    bad_map("map-lock-of-another-domain",
            map_side(TAKE.replace("domain->", "domain->s2_domain->"),
                     ASK % GIVE.replace("domain->", "domain->s2_domain->"), RECORD,
                     GIVE.replace("domain->", "domain->s2_domain->")),
            expect=[MAP_SET, MAP_BARE]),
    bad_map("map-unlock-before-the-write", map_side(TAKE, ASK % GIVE, GIVE, RECORD),
            expect=[MAP_SET, MAP_BARE]),
    bad_map("map-check-before-the-lock", map_side("(void)flags;", ASK % ";", TAKE, RECORD, GIVE),
            expect=[MAP_SET]),
    bad_map("map-lock-dropped-between", map_side(TAKE, ASK % GIVE, GIVE, TAKE, RECORD, GIVE),
            expect=[MAP_SET]),
    bad_map("map-copy-read-before-the-lock",
            map_side("bool nested = domain->set_nested;", "", TAKE,
                     (ASK % GIVE).replace("domain->set_nested", "nested"), RECORD, GIVE),
            expect=[MAP_SET]),
    bad_map("map-early-return-with-the-lock", map_side(TAKE, ASK % ";", RECORD, GIVE),
            expect=[violates(BALANCE, MAPPING, "spin_lock_irqsave(&domain->lock")]),
    bad_map("map-scope-too-short",
            map_side("(void)flags;", "scoped_guard(spinlock_irqsave, &domain->lock)",
                     "\t" + (ASK % ";").replace("\n", "\n\t"), RECORD),
            expect=[MAP_SET, MAP_BARE]),
    bad_map("map-no-check", map_side(TAKE, RECORD, GIVE), expect=[MAP_SET]),
    bad_map("map-check-inverted",
            map_side(TAKE, (ASK % GIVE).replace("(domain->set", "(!domain->set"), RECORD, GIVE),
            expect=[MAP_SET]),
    bad_map("map-check-of-another-domain",
            map_side(TAKE, (ASK % GIVE).replace("(domain->set", "(domain->s2_domain->set"), RECORD,
                     GIVE), expect=[MAP_SET]),
    bad_map("flag-beside-unlocked-neighbours", MAP,
            iommu_h=fields("u8 read_only_mapped:1;", "bool set_nested;"),
            # It is written under the lock: who does not hold that is the finding.
            expect=[violates(STORAGE, MAPPING, "has_mappings = true", says="read_only_mapped"),
                    violates(STORAGE, ATTACH, "iotlb_sync_map |=", says="read_only_mapped")]),
    bad_map("record-cleared", MAP,
            inside(DIRTY, after(LOCK_DIRTY, "dmar_domain->read_only_mapped = false;")),
            expect=[violates(CLEARED, DIRTY, "read_only_mapped = false")]),
    bad_map("record-cleared-without-the-lock", MAP,
            inside(DIRTY, before(LOCK_DIRTY, "dmar_domain->read_only_mapped = false;")),
            expect=[violates(CLEARED, DIRTY, "read_only_mapped = false"),
                    violates(MARK, DIRTY, "read_only_mapped = false")]),

    # --- the nesting side
    bad_nest("nest-no-lock", nest_side("(void)flags;", N_ASK % ";", N_SET), [NEST_SET, NEST_BARE]),
    bad_nest("nest-other-lock",
             nest_side(N_TAKE.replace("->lock", "->s1_lock"),
                       N_ASK % N_GIVE.replace("->lock", "->s1_lock"), N_SET,
                       N_GIVE.replace("->lock", "->s1_lock")), [NEST_SET, NEST_BARE]),
    bad_nest("nest-unlock-before-the-write", nest_side(N_TAKE, N_ASK % N_GIVE, N_GIVE, N_SET),
             [NEST_SET, NEST_BARE]),
    bad_nest("nest-check-before-the-lock",
             nest_side("(void)flags;", N_ASK % ";", N_TAKE, N_SET, N_GIVE), [NEST_SET]),
    bad_nest("nest-no-check", nest_side(N_TAKE, N_SET, N_GIVE), [NEST_SET]),
    bad_nest("nest-early-return-with-the-lock", nest_side(N_TAKE, N_ASK % ";", N_SET, N_GIVE),
             [violates(BALANCE, NESTED_ALLOC, "spin_lock_irqsave(&s2_domain->lock")]),
    bad_nest("nest-forgets",
             NEST + [inside("intel_nested_domain_free",
                            after("spin_lock(", "s2_domain->set_nested = false;"))],
             [violates(FORGETS, "intel_nested_domain_free", "set_nested = false"),
              violates(MARK, "intel_nested_domain_free", "set_nested = false")]),
    Edit("counter-that-falls",
         map_side(TAKE, (ASK % GIVE).replace("set_nested", "nested_users"), RECORD, GIVE),
         iommu_h=fields("bool read_only_mapped;", "int nested_users;"),
         nested_c=nest_side(N_TAKE, N_ASK % N_GIVE, "s2_domain->nested_users++;", N_GIVE) +
         [inside("intel_nested_domain_free", before("spin_lock(", """
spin_lock(&s2_domain->lock);
s2_domain->nested_users--;
spin_unlock(&s2_domain->lock);"""))],
         expect=BASE, expect_nested=BASE_NESTED + [
             violates(FALLS, "intel_nested_domain_free", "nested_users--")]),

    # --- the same in other words
    good("guards", mapping(put(GUARD, """
if (!(prot & DMA_PTE_WRITE)) {
	guard(spinlock_irqsave)(&domain->lock);
	if (domain->set_nested) {
		pr_err_once("refused\\n");
		return -EINVAL;
	}
	domain->read_only_mapped = true;
}"""))),
    good("scoped-guard-on-the-nesting-side", nested_c=[inside(NESTED_ALLOC, before(
        "domain = kzalloc(", """
scoped_guard(spinlock_irqsave, &s2_domain->lock) {
	if (s2_domain->read_only_mapped) {
		pr_err_once("refused\\n");
		return ERR_PTR(-EBUSY);
	}
	s2_domain->set_nested = true;
}"""))]),
    good("helper-that-asserts", mapping(above("""
static int record_read_only(struct dmar_domain *domain)
{
	lockdep_assert_held(&domain->lock);
	if (domain->set_nested)
		return -EINVAL;
	domain->read_only_mapped = true;
	return 0;
}"""), put(GUARD, """
if (!(prot & DMA_PTE_WRITE)) {
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&domain->lock, flags);
	ret = record_read_only(domain);
	spin_unlock_irqrestore(&domain->lock, flags);
	if (ret) {
		pr_err_once("refused\\n");
		return ret;
	}
}"""))),
    good("helper-under-the-callers-lock", mapping(above("""
static bool may_map_read_only(struct dmar_domain *domain)
{
	if (domain->set_nested)
		return false;
	domain->read_only_mapped = true;
	return true;
}"""), put(GUARD, """
if (!(prot & DMA_PTE_WRITE)) {
	unsigned long flags;
	bool may;

	spin_lock_irqsave(&domain->lock, flags);
	may = may_map_read_only(domain);
	spin_unlock_irqrestore(&domain->lock, flags);
	if (!may) {
		pr_err_once("refused\\n");
		return -EINVAL;
	}
}"""))),
    good("written-as-a-value", map_side(TAKE, "domain->read_only_mapped = !domain->set_nested;",
                                        """if (!domain->read_only_mapped) {
	%s
	pr_err_once("refused\\n");
	return -EINVAL;
}""" % GIVE, GIVE),
         todo="a rule of one field does not know what the other one says of it"),
    good("unlock-on-each-branch", map_side(TAKE, """if (!domain->set_nested) {
	%s
	%s
} else {
	%s
	pr_err_once("refused\\n");
	return -EINVAL;
}""" % (RECORD, GIVE, GIVE))),
]
