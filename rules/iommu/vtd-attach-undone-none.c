/* SPDX-License-Identifier: MIT */
/*
 * A loop that gives the domain to all of the IOMMUs, and takes it back from none.
 */
struct intel_iommu;
struct dmar_domain { int users; };

int domain_attach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);
void domain_detach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);

int attach_all(struct dmar_domain *domain, struct intel_iommu **iommus, int n)
{
	int ret, i;

	for (i = 0; i < n; i++) {
		ret = domain_attach_iommu(domain, iommus[i]);
		if (ret)
			return ret;	/* PF2134: those of the rounds before keep it */
	}
	return 0;
}
