/* SPDX-License-Identifier: MIT */
/*
 * A loop that takes back all. That it goes round as often as the one before is not seen: "fixme".
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
			goto undo;
	}
	return 0;
undo:
	while (i--)
		domain_detach_iommu(domain, iommus[i]);
	return ret;	/* fixme PF2134: it is safe */
}

/* incomplete PF2134: whether 'domain_detach_iommu' is called for what 'domain_attach_iommu' was called for */
