/* SPDX-License-Identifier: MIT */
/* The role of a domain with a generic page table is a bit of a word: that is said. */
#define BIT(n)	(1ul << (n))
enum { PT_FEAT_VTDSS_FORCE_WRITEABLE, DOMAIN_NESTED_PARENT };
struct pt_common { unsigned int features; };
struct dmar_domain {
	unsigned long flags;
	struct { struct { struct pt_common common; } vtdss_pt; } sspt;
};
_Bool intel_domain_is_ss_paging(struct dmar_domain *domain);

void make_parent(struct dmar_domain *domain)
{
	domain->flags |= BIT(DOMAIN_NESTED_PARENT);
}

/* incomplete PF2149: 'struct dmar_domain.nested_parent' was not found */
