/* SPDX-License-Identifier: MIT */
/*
 * PF2131: a signed bit-field of one bit is 0 or -1.
 */
struct dmar_domain {
	int nested_parent:1;
	int levels:3;
	unsigned int dirty_tracking:1;
	_Bool force_snooping:1;
};

int is_parent(const struct dmar_domain *domain)
{
	return domain->nested_parent == 1;	/* PF2131: never */
}

int is_no_parent(const struct dmar_domain *domain)
{
	if (1 != domain->nested_parent)	/* PF2131: always */
		return 1;
	return domain->nested_parent > 0;	/* PF2131: never */
}

void set_levels(struct dmar_domain *domain)
{
	domain->levels = 9;	/* PF2131: stores 1 */
	domain->levels = -1;	/* ok PF2131 */
	domain->levels = 7;	/* ok PF2131: all bits of the field */
	domain->nested_parent = 1;	/* ok PF2131: not 0, as long as nobody compares it with 1 */
}

int is_set(const struct dmar_domain *domain)
{
	if (domain->nested_parent)	/* ok PF2131 */
		return 1;
	if (domain->nested_parent != 0)	/* ok PF2131 */
		return 2;
	if (domain->nested_parent == -1)	/* ok PF2131 */
		return 3;
	if (domain->levels == 1)	/* ok PF2131: of three bits */
		return 4;
	return domain->dirty_tracking == 1 && domain->force_snooping == 1;	/* ok PF2131 */
}

void set_bool(struct dmar_domain *domain, unsigned int flags)
{
	domain->force_snooping = flags & 8;	/* ok PF2131: a conversion to _Bool */
	domain->force_snooping = 2;	/* ok PF2131 */
}
