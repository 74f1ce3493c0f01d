# SPDX-License-Identifier: MIT
"""The locks of struct dmar_domain in 6.12: edits that break them, and some that do not."""
import edit
from ctext import above, after, before, cut, inside, move, put, sub
from edits import DIRTY, Edit
from expect import LOCKS, violates, withdraws

FAMILY = LOCKS

FLAG, SNOOP, LIST, TAGS = "PF2110", "PF2111", "PF2112", "PF2113"
S1_LIST, S2_LINK, STORAGE, INIT = "PF2114", "PF2115", "PF2116", "PF2117"
BALANCE, ORDER, LINK = "PF2135", "PF2133", "PF2136"
CACHE_C, TAG_OUT = "drivers/iommu/intel/cache.c", "cache_tag_unassign"
PASID, PASID_OUT = "PF2150", "intel_iommu_remove_dev_pasid"
DETACH = "device_block_translation"
OUT = "list_del(&info->link)"
ENFORCE = "intel_iommu_enforce_cache_coherency"
ATTACH = "dmar_domain_attach_device"
ALLOC = "intel_iommu_domain_alloc_user"
PARENT = "parent_domain_set_dirty_tracking"
NESTED_FREE = "intel_nested_domain_free"
NESTED_ALLOC = "intel_nested_domain_alloc"
NESTED_ATTACH = "intel_nested_attach_dev"
LOCK_DIRTY = "spin_lock(&dmar_domain->lock)"
SET_DIRTY = "dmar_domain->dirty_tracking = enable"
SAVE = "spin_lock_irqsave(&dmar_domain->lock, flags)"
SET_FORCED = "dmar_domain->force_snooping = true"

# What 6.12 has as it is; see rules/TRIAGE.md.
BASE = [violates(STORAGE, "__domain_mapping", "has_mappings = true"),
        violates(STORAGE, ATTACH, "iotlb_sync_map |="),
        violates(STORAGE, "domain_update_iommu_coherency", "iommu_coherency = true")]
BASE_NESTED = [violates(ORDER, NESTED_ATTACH, "intel_pasid_setup_nested(")]


def bad(name, *places, expect, nested_c=(), expect_nested=None, **more):
    return Edit(name, *places, nested_c=nested_c,
                expect=None if nested_c and not places else BASE + expect,
                expect_nested=BASE_NESTED + expect_nested if expect_nested else None, **more)


def bad_cache(name, *places, expect):
    return edit.Edit(name, {CACHE_C: places}, {CACHE_C: expect})


def good(name, *places, nested_c=(), **more):
    return Edit(name, *places, nested_c=nested_c,
                expect=None if nested_c and not places else BASE,
                expect_nested=BASE_NESTED if nested_c else None, **more)


def dirty(*changes):
    return inside(DIRTY, *changes)


def enforce(*changes):
    return inside(ENFORCE, *changes)


FLAG_DIRTY = [violates(FLAG, DIRTY, SET_DIRTY), violates(ORDER, DIRTY, SET_DIRTY)]
UNLOCKED_ADD = [violates(LIST, ATTACH, "list_add("), violates(LINK, ATTACH, "list_add("),
                violates(ORDER, ATTACH, "list_add(")]
FLAG_FORCED = [violates(FLAG, ENFORCE, SET_FORCED)]

EDITS = [
    # the flags
    bad("dirty-without-the-lock",
        dirty(cut(LOCK_DIRTY), put("out_unlock:", "out_unlock:\n\treturn 0;"),
              sub("err_unwind: device_set_dirty_tracking(&dmar_domain->devices,",
                  "err_unwind:\n\tspin_lock(&dmar_domain->lock);\n"
                  "\tdevice_set_dirty_tracking(&dmar_domain->devices,")),
        expect=FLAG_DIRTY + [violates(LIST, "device_set_dirty_tracking", "list_for_each_entry"),
                             violates(STORAGE, DIRTY, SET_DIRTY)]),
    bad("dirty-after-the-unlock",
        dirty(cut(SET_DIRTY), put("out_unlock:", "out_unlock:\n"
                                  "\tspin_unlock(&dmar_domain->lock);\n"
                                  "\tdmar_domain->dirty_tracking = enable;\n\treturn 0;")),
        expect=FLAG_DIRTY + [violates(STORAGE, DIRTY, SET_DIRTY)]),
    bad("dirty-under-another-lock",
        dirty(sub(LOCK_DIRTY, "spin_lock(&dmar_domain->cache_lock)"),
              sub("out_unlock: spin_unlock(&dmar_domain->lock)",
                  "out_unlock:\n\tspin_unlock(&dmar_domain->cache_lock)"),
              sub("dmar_domain->dirty_tracking); spin_unlock(&dmar_domain->lock)",
                  "dmar_domain->dirty_tracking);\n\tspin_unlock(&dmar_domain->cache_lock)")),
        expect=FLAG_DIRTY + [violates(LIST, "device_set_dirty_tracking", "list_for_each_entry"),
                             violates(STORAGE, DIRTY, SET_DIRTY)]),
    bad("forced-after-the-unlock",
        enforce(move(SET_FORCED, after="domain_set_force_snooping(dmar_domain)"),
                cut(SET_FORCED), sub("return true; }", "dmar_domain->force_snooping = true;\n"
                                     "\treturn true;\n}")),
        expect=FLAG_FORCED + [violates(STORAGE, ENFORCE, SET_FORCED)]),
    bad("forced-before-the-lock",
        enforce(cut(SET_FORCED), before(SAVE, "dmar_domain->force_snooping = true;")),
        expect=FLAG_FORCED + [violates(STORAGE, ENFORCE, SET_FORCED)]),
    bad("forced-with-the-lock-dropped-between",
        enforce(before(SET_FORCED, "spin_unlock_irqrestore(&dmar_domain->lock, flags);"),
                after(SET_FORCED, "spin_lock_irqsave(&dmar_domain->lock, flags);")),
        expect=FLAG_FORCED + [violates(STORAGE, ENFORCE, SET_FORCED)]),
    bad("forced-by-a-new-function",
        inside(ENFORCE, above("""
void intel_iommu_force(struct iommu_domain *domain);
void intel_iommu_force(struct iommu_domain *domain)
{
	to_dmar_domain(domain)->force_snooping = true;
}""")),
        expect=[violates(FLAG, "intel_iommu_force", "force_snooping = true"),
                violates(STORAGE, "intel_iommu_force", "force_snooping = true")]),
    bad("snooping-set-by-a-caller-without-the-lock",
        enforce(before("if (dmar_domain->force_snooping)",
                       "if (dmar_domain->use_first_level)\n"
                       "\tdomain_set_force_snooping(dmar_domain);")),
        expect=[violates(LIST, "domain_set_force_snooping", "list_for_each_entry")]),
    bad("snooping-set-by-another-caller-without-the-lock",
        enforce(before("if (dmar_domain->force_snooping)",
                       "if (!dmar_domain->use_first_level)\n"
                       "\tdomain_set_force_snooping(dmar_domain);")),
        expect=[violates(SNOOP, "domain_set_force_snooping", "set_pte_snp = true"),
                violates(STORAGE, "domain_set_force_snooping", "set_pte_snp = true")]),
    # the lists
    bad("attach-adds-without-the-lock",
        inside(ATTACH, cut("spin_lock_irqsave(&domain->lock"),
               cut("spin_unlock_irqrestore(&domain->lock")),
        expect=UNLOCKED_ADD),
    bad("attach-adds-after-the-unlock",
        inside(ATTACH, move("list_add(", after="spin_unlock_irqrestore(&domain->lock")),
        expect=UNLOCKED_ADD),
    bad("detach-without-the-lock",
        inside(DETACH, cut("spin_lock_irqsave(&info->domain->lock"),
               cut("spin_unlock_irqrestore(&info->domain->lock")),
        expect=[violates(LINK, DETACH, OUT)]),
    bad("detach-after-the-unlock",
        inside(DETACH, move(OUT, after="spin_unlock_irqrestore(&info->domain->lock")),
        expect=[violates(LINK, DETACH, OUT)]),
    bad("detach-under-another-lock",
        inside(DETACH, sub("spin_lock_irqsave(&info->domain->lock",
                           "spin_lock_irqsave(&info->domain->cache_lock"),
               sub("spin_unlock_irqrestore(&info->domain->lock",
                   "spin_unlock_irqrestore(&info->domain->cache_lock")),
        expect=[violates(LINK, DETACH, OUT)]),
    bad("pasid-out-after-the-unlock",
        inside(PASID_OUT, cut("list_del(&curr->link_domain)"),
               sub("spin_unlock_irqrestore(&dmar_domain->lock, flags)",
                   "spin_unlock_irqrestore(&dmar_domain->lock, flags);\n"
                   "\tlist_del(&dev_pasid->link_domain)")),
        expect=[violates(PASID, PASID_OUT, "list_del(&dev_pasid->link_domain)")]),
    bad("pasid-out-under-another-lock",
        inside(PASID_OUT, sub("spin_lock_irqsave(&dmar_domain->lock",
                              "spin_lock_irqsave(&dmar_domain->cache_lock"),
               sub("spin_unlock_irqrestore(&dmar_domain->lock",
                   "spin_unlock_irqrestore(&dmar_domain->cache_lock")),
        expect=[violates(PASID, PASID_OUT, "list_del(&curr->link_domain)"),
                violates(LIST, PASID_OUT, "list_for_each_entry(")]),
    bad("attach-under-the-lock-of-another-domain",
        inside(ATTACH, sub("spin_lock_irqsave(&domain->lock",
                           "spin_lock_irqsave(&domain->s2_domain->lock"),
               sub("spin_unlock_irqrestore(&domain->lock",
                   "spin_unlock_irqrestore(&domain->s2_domain->lock")),
        expect=[violates(LIST, ATTACH, "list_add("), violates(ORDER, ATTACH, "list_add(")]),
    bad("nested-attach-adds-without-the-lock",
        nested_c=[inside(NESTED_ATTACH, cut("spin_lock_irqsave("),
                         cut("spin_unlock_irqrestore("))],
        expect=[], expect_nested=[violates(LIST, NESTED_ATTACH, "list_add("),
                                  violates(LINK, NESTED_ATTACH, "list_add(")]),
    bad("nested-list-walked-without-its-lock",
        inside(PARENT, cut("spin_lock(&domain->s1_lock)"),
               sub("} spin_unlock(&domain->s1_lock); return 0;", "}\n\treturn 0;"),
               sub("} spin_unlock(&domain->s1_lock); return ret;", "}\n\treturn ret;")),
        expect=[violates(S1_LIST, PARENT, "list_for_each_entry")]),
    bad("nested-free-without-the-parents-lock",
        nested_c=[inside(NESTED_FREE, cut("spin_lock("), cut("spin_unlock("))],
        expect=[], expect_nested=[violates(S2_LINK, NESTED_FREE, "list_del(")]),
    bad("nested-free-under-the-lock-of-the-domain",
        nested_c=[inside(NESTED_FREE, sub("spin_lock(&s2_domain->s1_lock)",
                                          "spin_lock(&dmar_domain->s1_lock)"),
                         sub("spin_unlock(&s2_domain->s1_lock)",
                             "spin_unlock(&dmar_domain->s1_lock)"))],
        expect=[], expect_nested=[violates(S2_LINK, NESTED_FREE, "list_del(")]),
    bad("nested-alloc-adds-without-the-lock",
        nested_c=[inside(NESTED_ALLOC, cut("spin_lock(&s2_domain->s1_lock)"),
                         cut("spin_unlock(&s2_domain->s1_lock)"))],
        expect=[], expect_nested=[violates(S1_LIST, NESTED_ALLOC, "list_add(")]),
    # nested_parent after publication
    bad("nested-parent-set-at-attach",
        inside(ATTACH, before("info->domain = domain;", "domain->nested_parent = true;")),
        expect=[violates(INIT, ATTACH, "nested_parent = true"),
                violates(STORAGE, ATTACH, "nested_parent = true"), withdraws("PF2101", ATTACH)]),
    bad("nested-parent-cleared",
        dirty(before(LOCK_DIRTY, "dmar_domain->nested_parent = false;")),
        expect=[violates(INIT, DIRTY, "nested_parent = false"),
                violates(STORAGE, DIRTY, "nested_parent = false"), withdraws("PF2101", DIRTY)]),
    bad("nested-parent-cleared-under-the-lock",
        dirty(after(LOCK_DIRTY, "dmar_domain->nested_parent = false;")),
        expect=[violates(INIT, DIRTY, "nested_parent = false"), withdraws("PF2101", DIRTY)]),
    # balance
    bad("early-return-with-the-lock",
        dirty(put("if (dmar_domain->dirty_tracking == enable)",
                  "if (dmar_domain->dirty_tracking == enable)\n\treturn -EALREADY;")),
        expect=[violates(BALANCE, DIRTY, LOCK_DIRTY)]),
    bad("locked-twice",
        dirty(after(LOCK_DIRTY, "spin_lock(&dmar_domain->lock);")),
        expect=[violates(BALANCE, DIRTY, LOCK_DIRTY)]),
    bad("a-helper-takes-the-lock-again",
        inside(DIRTY, above("""
static void dirty_again(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = false;
	spin_unlock(&domain->lock);
}"""), before(SET_DIRTY, "dirty_again(dmar_domain);")),
        expect=[violates(BALANCE, DIRTY, "dirty_again(dmar_domain)"),
                violates(ORDER, "dirty_again", "dirty_tracking = false")]),
    # what no rule declares, and all others do
    bad_cache("batch-written-without-the-lock-of-the-others",
              inside(TAG_OUT, above("""
void cache_forget_batch(struct dmar_domain *domain);
void cache_forget_batch(struct dmar_domain *domain)
{
	domain->qi_batch = NULL;
}""")),
              expect=[violates("PF2137", "cache_forget_batch", "domain->qi_batch = NULL")]),
    bad_cache("tag-out-without-the-lock",
              inside(TAG_OUT, cut("spin_lock_irqsave("), cut("spin_unlock_irqrestore(")),
              expect=[violates(TAGS, TAG_OUT, "list_for_each_entry("),
                      violates("PF2139", TAG_OUT, "list_del(&tag->node)")]),
    bad_cache("tag-out-under-the-other-lock",
              inside(TAG_OUT, sub("spin_lock_irqsave(&domain->cache_lock",
                                  "spin_lock_irqsave(&domain->lock"),
                     sub("spin_unlock_irqrestore(&domain->cache_lock",
                         "spin_unlock_irqrestore(&domain->lock")),
              expect=[violates(TAGS, TAG_OUT, "list_for_each_entry("),
                      violates("PF2139", TAG_OUT, "list_del(&tag->node)")]),
    # right as they are
    good("guard-in-place-of-lock",
         enforce(put(SAVE, "guard(spinlock_irqsave)(&dmar_domain->lock);"),
                 sub("spin_unlock_irqrestore(&dmar_domain->lock, flags); return false;",
                     "return false;"),
                 sub("spin_unlock_irqrestore(&dmar_domain->lock, flags); return true;",
                     "return true;"),
                 cut("unsigned long flags"))),
    good("detach-by-a-local-name",
         inside(DETACH, sub("spin_lock_irqsave(&info->domain->lock",
                            "struct dmar_domain *mine = info->domain;\n\n"
                            "\tspin_lock_irqsave(&mine->lock"),
                sub("spin_unlock_irqrestore(&info->domain->lock",
                    "spin_unlock_irqrestore(&mine->lock"))),
    good("detach-by-a-helper",
         inside(DETACH, above("""
static void leave_domain(struct device_domain_info *info)
{
	guard(spinlock_irqsave)(&info->domain->lock);
	list_del(&info->link);
}"""), cut("spin_lock_irqsave(&info->domain->lock"), put(OUT, "leave_domain(info);"),
                cut("spin_unlock_irqrestore(&info->domain->lock"), cut("unsigned long flags"))),
    # What the destructor asks for is lost where many ways meet before it.
    good("scoped-guard-behind-many-ways",
         inside("intel_iommu_set_dev_pasid",
                put("list_add(", "scoped_guard(spinlock_irqsave, &dmar_domain->lock)\n"
                    "\tlist_add(&dev_pasid->link_domain, &dmar_domain->dev_pasids);"),
                cut(SAVE), cut("spin_unlock_irqrestore(&dmar_domain->lock"),
                cut("unsigned long flags"))),
    good("scoped-guard",
         inside(ATTACH, cut("spin_lock_irqsave(&domain->lock"),
                cut("spin_unlock_irqrestore(&domain->lock"),
                put("list_add(", "scoped_guard(spinlock_irqsave, &domain->lock)\n"
                    "\tlist_add(&info->link, &domain->devices);"),
                cut("unsigned long flags"))),
    good("guarded-by-a-wrapper",
         inside(DIRTY, above("""
static void domain_enter(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
}

static void domain_leave(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);
}""")),
         dirty(sub(LOCK_DIRTY, "domain_enter(dmar_domain)"),
               sub("out_unlock: spin_unlock(&dmar_domain->lock)",
                   "out_unlock:\n\tdomain_leave(dmar_domain)"),
               sub("dmar_domain->dirty_tracking); spin_unlock(&dmar_domain->lock)",
                   "dmar_domain->dirty_tracking);\n\tdomain_leave(dmar_domain)"))),
    good("helper-with-lockdep-assert-held",
         inside(DIRTY, above("""
static void set_dirty(struct dmar_domain *domain, bool enable)
{
	lockdep_assert_held(&domain->lock);
	domain->dirty_tracking = enable;
}""")),
         dirty(put(SET_DIRTY, "set_dirty(dmar_domain, enable);"))),
    good("helper-without-an-assertion",
         inside(DIRTY, above("""
static void set_dirty(struct dmar_domain *domain, bool enable)
{
	domain->dirty_tracking = enable;
}""")),
         dirty(put(SET_DIRTY, "set_dirty(dmar_domain, enable);"))),
    good("unlock-on-each-branch",
         dirty(sub("out_unlock: spin_unlock(&dmar_domain->lock); return 0;",
                   "spin_unlock(&dmar_domain->lock);\n\treturn 0;"),
               put("if (dmar_domain->dirty_tracking == enable)",
                   "if (dmar_domain->dirty_tracking == enable) {\n"
                   "\tspin_unlock(&dmar_domain->lock);\n\treturn 0;\n}"))),
    good("trylock",
         dirty(put(LOCK_DIRTY, "if (!spin_trylock(&dmar_domain->lock))\n\treturn -EBUSY;"))),
    good("conditional-lock",
         dirty(put(LOCK_DIRTY, "if (enable)\n\tspin_lock(&dmar_domain->lock);\nelse\n"
                   "\tspin_lock_bh(&dmar_domain->lock);"),
               sub("out_unlock: spin_unlock(&dmar_domain->lock)",
                   "out_unlock:\n\tif (enable)\n\t\tspin_unlock(&dmar_domain->lock);\n"
                   "\telse\n\t\tspin_unlock_bh(&dmar_domain->lock)"),
               sub("dmar_domain->dirty_tracking); spin_unlock(&dmar_domain->lock)",
                   "dmar_domain->dirty_tracking);\n\tif (enable)\n"
                   "\t\tspin_unlock(&dmar_domain->lock);\n"
                   "\telse\n\t\tspin_unlock_bh(&dmar_domain->lock)"))),
    good("flag-read-once-outside",
         dirty(before(LOCK_DIRTY, "if (dmar_domain->nested_parent && !enable)\n"
                      "\tpr_debug(\"off\\n\");"))),
    good("flag-set-in-the-allocator",
         inside(ALLOC, before("if (nested_parent)", "dmar_domain->dirty_tracking = false;\n"
                              "dmar_domain->force_snooping = false;"))),
    good("lock-taken-by-pointer",
         dirty(put(LOCK_DIRTY, "spinlock_t *lock = &dmar_domain->lock;\n\nspin_lock(lock);"),
               sub("out_unlock: spin_unlock(&dmar_domain->lock)",
                   "out_unlock:\n\tspin_unlock(lock)"),
               sub("dmar_domain->dirty_tracking); spin_unlock(&dmar_domain->lock)",
                   "dmar_domain->dirty_tracking);\n\tspin_unlock(lock)"))),
]
