/* SPDX-License-Identifier: MIT */
/*
 * PF2134: functions that answer true or false. What false means is what they say where the
 * domain was not given to the IOMMU.
 */
typedef _Bool bool;
#define true	1
#define false	0
struct intel_iommu;
struct dmar_domain { int users; };

int domain_attach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);
void domain_detach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);
int assign_tag(struct dmar_domain *domain);

bool one_return(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	bool done = false;

	if (!domain_attach_iommu(domain, iommu) && !assign_tag(domain))
		done = true;
	return done;	/* PF2134: it stays where there is no tag */
}

bool late_failure(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	if (domain_attach_iommu(domain, iommu) == 0) {
		if (assign_tag(domain) == 0)
			return true;
		return false;	/* PF2134: it stays */
	}
	return false;
}

bool undone(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	if (domain_attach_iommu(domain, iommu))
		return false;	/* ok PF2134 */
	if (!assign_tag(domain))
		return true;
	domain_detach_iommu(domain, iommu);
	return false;	/* ok PF2134 */
}

/* Here true is the bad news. */
bool has_failed(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	if (domain_attach_iommu(domain, iommu))
		return true;	/* ok PF2134 */
	return false;	/* ok PF2134: it has not */
}

/* It is asked for something else. */
bool is_first(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	bool first = domain->users == 0;

	if (domain_attach_iommu(domain, iommu))
		domain->users--;
	return first;	/* ok PF2134 */
}

static bool helper(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	if (domain_attach_iommu(domain, iommu))
		return false;	/* ok PF2134 */
	if (assign_tag(domain))
		return false;	/* PF2134: caller() cannot know */
	return true;
}

int caller(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	return helper(domain, iommu) ? 0 : -22;
}

static bool quiet(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	return !domain_attach_iommu(domain, iommu) && domain->users > 1;	/* PF2134: false says both */
}

int not_undone(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	bool many = quiet(domain, iommu);

	if (assign_tag(domain))
		return -22;
	return many;
}

static bool has_tag(struct dmar_domain *domain, struct intel_iommu *iommu, int *err)
{
	*err = domain_attach_iommu(domain, iommu);
	if (*err)
		return true;	/* ok PF2134 */
	return assign_tag(domain) > 0;	/* ok PF2134 */
}

int first_error(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	int err;

	if (!has_tag(domain, iommu, &err))
		return -22;	/* PF2134: it is attached */
	return err;	/* ok PF2134 */
}
