/* SPDX-License-Identifier: MIT */
/*
 * PF2134: an attachment that fails takes the domain back from the IOMMU.
 */
struct intel_iommu;
struct device;
struct dmar_domain { int users; struct dmar_domain *s2_domain; _Bool attached; };

#define NULL	((void *)0)
#define EINVAL	22
#define ENOMEM	12

int domain_attach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);
void domain_detach_iommu(struct dmar_domain *domain, struct intel_iommu *iommu);
int assign_tag(struct dmar_domain *domain, struct device *dev);
void unassign_tag(struct dmar_domain *domain, struct device *dev);
int setup(struct dmar_domain *domain, struct device *dev);
void *kzalloc(unsigned long size, unsigned int flags);
void kfree(const void *p);

/* ------------------------------------------------------------------- reported */

int attach_forgets(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134: it has not succeeded */
	ret = assign_tag(domain, dev);
	if (ret)
		return ret;	/* PF2134: the domain stays with the IOMMU */
	return 0;
}

/* One of the labels is the wrong one. */
int attach_wrong_label(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = assign_tag(domain, dev);
	if (ret)
		goto out;
	ret = setup(domain, dev);
	if (ret)
		goto detach;
	return 0;
detach:
	domain_detach_iommu(domain, iommu);
out:
	return ret;	/* PF2134: by the first goto */
}

/* The error is NULL, and who succeeds gives back what it was given. */
struct dmar_domain *attach_null(struct dmar_domain *domain, struct intel_iommu *iommu,
				struct device *dev)
{
	if (domain_attach_iommu(domain, iommu))
		return NULL;	/* ok PF2134 */
	if (assign_tag(domain, dev))
		return NULL;	/* PF2134: it stays with the IOMMU */
	return domain;
}

struct dmar_domain *attach_null_undone(struct dmar_domain *domain, struct intel_iommu *iommu,
				       struct device *dev)
{
	if (domain_attach_iommu(domain, iommu))
		return NULL;	/* ok PF2134 */
	if (assign_tag(domain, dev)) {
		domain_detach_iommu(domain, iommu);
		return NULL;	/* ok PF2134 */
	}
	return domain;	/* ok PF2134: that it can be NULL makes no error of it */
}

_Bool attach_bool(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	if (domain_attach_iommu(domain, iommu))
		return 0;	/* ok PF2134 */
	if (assign_tag(domain, dev))
		return 0;	/* PF2134: false is an error: it says so itself */
	return 1;
}

int attach_two_returns(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	if (domain_attach_iommu(domain, iommu))
		return -EINVAL;	/* ok PF2134 */
	if (assign_tag(domain, dev))
		return -ENOMEM;	/* PF2134: the first */
	if (setup(domain, dev))
		return -EINVAL;	/* PF2134: the second */
	return 0;
}

int attach_tail(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	return setup(domain, dev);	/* PF2134: what fails last undoes nothing */
}

/* The other domain is taken back. */
int attach_undoes_other(struct dmar_domain *domain, struct dmar_domain *other,
			struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = setup(domain, dev);
	if (ret) {
		domain_detach_iommu(other, iommu);
		return ret;	/* PF2134: 'other' was not attached */
	}
	return 0;
}

/* Taken back too early: it is attached again. */
int attach_again(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	domain_detach_iommu(domain, iommu);
	ret = domain_attach_iommu(domain, iommu);
	if (ret)
		return ret;	/* ok PF2134 */
	ret = setup(domain, dev);
	if (ret)
		return ret;	/* PF2134: the second attachment */
	return 0;
}

static int attach_part(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	return ret ? ret : assign_tag(domain, dev);	/* PF2134: and no caller undoes it */
}

int attach_by_helper(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	return attach_part(domain, iommu, dev);
}

/* --------------------------------------------------------------- not reported */

int attach(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = domain_attach_iommu(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = assign_tag(domain, dev);
	if (ret)
		goto detach;
	ret = setup(domain, dev);
	if (ret)
		goto unassign;
	domain->attached = 1;
	return 0;	/* ok PF2134: handed over */
unassign:
	unassign_tag(domain, dev);
detach:
	domain_detach_iommu(domain, iommu);
	return ret;	/* ok PF2134 */
}

static int attach_only(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	return domain_attach_iommu(domain, iommu);
}

static void undo(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	unassign_tag(domain, dev);
	domain_detach_iommu(domain, iommu);
}

int attach_helpers(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = attach_only(domain, iommu);

	if (ret)
		return ret;	/* ok PF2134 */
	ret = setup(domain, dev);
	if (ret)
		undo(domain, iommu, dev);
	return ret;	/* ok PF2134: the helper undid it */
}

/* The caller, who is told of the error, undoes it. */
static int attach_first(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	if (domain_attach_iommu(domain, iommu))
		return -EINVAL;	/* ok PF2134 */
	return assign_tag(domain, dev) ? -ENOMEM : 0;	/* ok PF2134: the caller knows */
}

int attach_caller_undoes(struct dmar_domain *domain, struct intel_iommu *iommu, struct device *dev)
{
	int ret = attach_first(domain, iommu, dev);

	if (ret == -ENOMEM)
		domain_detach_iommu(domain, iommu);
	return ret;	/* ok PF2134 */
}

/* Whoever does not look at the result has no error to return. */
void attach_void(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	domain_attach_iommu(domain, iommu);
}

int attach_counted(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	if (domain_attach_iommu(domain, iommu))
		return -EINVAL;	/* ok PF2134 */
	return domain->users > 0 ? 1 : 0;	/* ok PF2134: no error */
}

int attach_nothing_else(struct dmar_domain *domain, struct intel_iommu *iommu)
{
	struct dmar_domain *s2_domain = domain->s2_domain;
	int ret;

	if (!s2_domain)
		return -EINVAL;	/* ok PF2134 */
	ret = domain_attach_iommu(s2_domain, iommu);
	if (!ret)
		domain->attached = 1;
	return ret;	/* ok PF2134 */
}
