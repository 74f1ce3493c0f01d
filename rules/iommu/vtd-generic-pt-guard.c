/* SPDX-License-Identifier: MIT */
/*
 * PF2140: the bits of a leaf, and the feature that says which it must not have.
 */
#include "vtd-example-pt.h"

static u64 bits_of(unsigned int iommu_prot)
{
	u64 pte = 0;

	if (iommu_prot & IOMMU_READ)
		pte |= VTDSS_FMT_R;
	if (iommu_prot & IOMMU_WRITE)
		pte |= VTDSS_FMT_W;
	return pte;
}

int guarded(struct pt_common *common, struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	u64 pte = bits_of(iommu_prot);

	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_COHERENCE))
		pte |= VTDSS_FMT_SNP;
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE)) {
		pr_err_ratelimited("refused\n");
		return -EINVAL;
	}
	attrs->descriptor_bits = pte;	/* ok PF2140 */
	return 0;
}

int guarded_by_bits(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		    unsigned int iommu_prot)
{
	u64 pte = bits_of(iommu_prot);
	bool forced = common->features >> PT_FEAT_VTDSS_FORCE_WRITEABLE & 1;

	switch (pte & (VTDSS_FMT_R | VTDSS_FMT_W)) {
	case VTDSS_FMT_R:
		if (forced)
			return -EINVAL;
	}
	attrs->descriptor_bits = pte;	/* ok PF2140 */
	return 0;
}

/* The guard stands in the caller, the store in a helper. */
static void set_bits(struct vtdss_pt_write_attrs *attrs, u64 pte)
{
	attrs->descriptor_bits = pte;	/* PF2140: by unguarded_caller() */
}

static int refuses(struct pt_common *common, unsigned int iommu_prot)
{
	return pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE);
}

int guarded_caller(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		   unsigned int iommu_prot)
{
	if (refuses(common, iommu_prot))
		return -EINVAL;
	set_bits(attrs, bits_of(iommu_prot));
	return 0;
}

int unguarded_caller(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		     unsigned int iommu_prot)
{
	if (!pt_feature(common, PT_FEAT_FLUSH_RANGE))
		return -EINVAL;
	set_bits(attrs, bits_of(iommu_prot));
	return 0;
}

int without(struct pt_common *common, struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	u64 pte = bits_of(iommu_prot);

	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_COHERENCE))
		pte |= VTDSS_FMT_SNP;
	attrs->descriptor_bits = pte;	/* PF2140: there is no guard */
	return 0;
}

int wrong_feature(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		  unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_COHERENCE) && !(iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	attrs->descriptor_bits = bits_of(iommu_prot);	/* PF2140: another feature */
	return 0;
}

int wrong_bit(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
	      unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_READ))
		return -EINVAL;
	attrs->descriptor_bits = bits_of(iommu_prot);	/* PF2140: the read bit was tested */
	return 0;
}

int wrong_table(struct pt_common *common, struct pt_common *other,
		struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	if (pt_feature(other, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	attrs->descriptor_bits = bits_of(iommu_prot);	/* PF2140: of another table */
	return common->max_vasz_lg2;
}

int says_only(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
	      unsigned int iommu_prot)
{
	int ret = 0;

	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE)) {
		pr_err_ratelimited("refused\n");
		ret = -EINVAL;
	}
	ret = 0;
	attrs->descriptor_bits = bits_of(iommu_prot);	/* PF2140: the error is assigned over */
	return ret;
}

/* What is tested is right, what is stored has lost the bit since. */
int clears_later(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		 unsigned int iommu_prot)
{
	u64 pte = bits_of(iommu_prot);

	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(pte & VTDSS_FMT_W))
		return -EINVAL;
	if (common->max_vasz_lg2 < 39)
		pte &= ~(u64)VTDSS_FMT_W;
	attrs->descriptor_bits = pte;	/* PF2140: the bit is cleared behind the guard */
	return 0;
}

/* The attributes are a variable of the function itself. */
int variable(struct pt_common *common, u64 *entry, unsigned int iommu_prot)
{
	struct vtdss_pt_write_attrs attrs = { .gfp = GFP_KERNEL };

	attrs.descriptor_bits = bits_of(iommu_prot);	/* PF2140: there is no guard */
	*entry = attrs.descriptor_bits;
	return common->max_vasz_lg2;
}

int constant(struct pt_common *common, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = VTDSS_FMT_R | VTDSS_FMT_W;	/* ok PF2140 */
	return common->max_vasz_lg2;
}

/* What is in the table already passed the guard; PF2144 says that it stays as it is. */
int rebuilt(const struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = pts->entry & (VTDSS_FMT_R | VTDSS_FMT_W);	/* ok PF2140 */
	return 0;
}

/* The error comes back before anything is installed, but the bits are there. */
int refuses_after(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
		  unsigned int iommu_prot)
{
	attrs->descriptor_bits = bits_of(iommu_prot);	/* fixme PF2140: nobody installs them */
	return refuses(common, iommu_prot) ? -EINVAL : 0;
}

void __compiletime_assert_1(void) __attribute__((noreturn));

/*
 * What the compiler finds to be constant need not look so: the assertion is not
 * there any more in what runs, and the way behind it is.
 */
int asserts(struct pt_common *common, struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	int size = 57;

	if (!(__builtin_constant_p(size) && size >= 0))
		__compiletime_assert_1();
	attrs->descriptor_bits = bits_of(iommu_prot);	/* PF2140: behind the assertion */
	return common->max_vasz_lg2;
}
