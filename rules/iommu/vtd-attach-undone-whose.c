/* SPDX-License-Identifier: MIT */
/*
 * PF2134: from which IOMMU the domain is taken back, and a loop that takes back all.
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
	return ret;	/* todo PF2134: the first one keeps it */
}

int attach_none(struct dmar_domain *domain, struct intel_iommu *first, struct intel_iommu *second)
{
	int ret = domain_attach_iommu(domain, first);

	if (ret)
		return ret;	/* ok PF2134 */
	return domain_attach_iommu(domain, second);	/* PF2134: the first one keeps it */
}

int attach_all(struct dmar_domain *domain, struct intel_iommu **iommus, int n)
{
	int ret, i;

	for (i = 0; i < n; i++) {
		ret = domain_attach_iommu(domain, iommus[i]);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	while (i--)
		domain_detach_iommu(domain, iommus[i]);
	return ret;	/* fixme PF2134: it is safe */
}
