/* SPDX-License-Identifier: MIT */
/*
 * PF2134: from which IOMMU the domain is taken back.
 */
struct intel_iommu;
struct dmar_domain { int users; };

int domain_attach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);
void domain_detach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);

int attach_two(struct dmar_domain *domain, struct intel_iommu *first, struct intel_iommu *second)
{
	int ret = domain_attach_iommu(domain, first);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = domain_attach_iommu(domain, second);
	if (ret)
		domain_detach_iommu(domain, first);
	return ret;	/* ok PF2134 */
}

int attach_two_wrong(struct dmar_domain *domain, struct intel_iommu *first,
		     struct intel_iommu *second)
{
	int ret = domain_attach_iommu(domain, first);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = domain_attach_iommu(domain, second);
	if (ret)
		domain_detach_iommu(domain, second);
	return ret;	/* PF2134: the first one keeps it */
}

int attach_none(struct dmar_domain *domain, struct intel_iommu *first, struct intel_iommu *second)
{
	int ret = domain_attach_iommu(domain, first);

	if (ret)
		return ret;	/* ok PF2134 */
	return domain_attach_iommu(domain, second);	/* PF2134: the first one keeps it */
}

struct device_info { struct intel_iommu *iommu; struct device_info *peer; };

static void take_back(struct intel_iommu *iommu, struct dmar_domain *domain)
{
	domain_detach_iommu(domain, iommu);
}

int by_helper(struct dmar_domain *domain, struct device_info *info, int fault)
{
	struct intel_iommu *iommu = info->iommu;
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	if (fault)
		take_back(iommu, domain);
	return fault ? -22 : 0;	/* ok PF2134 */
}

int by_helper_wrong(struct dmar_domain *domain, struct device_info *info,
		    struct intel_iommu *other, int fault)
{
	int ret = domain_attach_iommu(domain, info->iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	if (fault) {
		take_back(other, domain);
		return -22;	/* PF2134: that is another IOMMU */
	}
	return 0;
}

static int attach_one(struct intel_iommu *iommu, struct dmar_domain *domain, int fault)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	return fault ? -22 : 0;	/* ok PF2134: it is given no fault */
}

int undone_by_caller(struct intel_iommu *iommu, struct dmar_domain *domain)
{
	int ret = attach_one(iommu, domain, 0);

	if (ret)
		return ret;	/* ok PF2134 */
	if (domain->users > 7) {
		domain_detach_iommu(domain, iommu);
		return -22;	/* ok PF2134 */
	}
	return 0;
}

int swapped(struct dmar_domain *a, struct dmar_domain *b, struct intel_iommu *iommu)
{
	int ret = domain_attach_iommu(a, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = domain_attach_iommu(b, iommu);
	if (ret) {
		domain_detach_iommu(b, iommu);
		return ret;	/* PF2134: it is the first that has to go */
	}
	return 0;
}
