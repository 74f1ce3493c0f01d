/* SPDX-License-Identifier: MIT */
/*
 * PF2142, PF2143, PF2144: the write bit from the request to the entry.
 */
#include "vtd-example-pt.h"

/* ------------------------------------------------ from the request to the bits */

int usual(struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	u64 pte = 0;

	if (iommu_prot & IOMMU_READ)
		pte |= VTDSS_FMT_R;
	if (iommu_prot & IOMMU_WRITE)
		pte |= VTDSS_FMT_W;
	attrs->descriptor_bits = pte;	/* ok PF2142 */
	return 0;
}

int by_mask(struct vtdss_pt_write_attrs *attrs, unsigned int prot)
{
	attrs->descriptor_bits = prot & (IOMMU_READ | IOMMU_WRITE);	/* ok PF2142 */
	return 0;
}

static u64 translate(unsigned int flags)
{
	bool writable = flags & IOMMU_WRITE;

	return (flags & IOMMU_READ ? VTDSS_FMT_R : 0) | (writable ? VTDSS_FMT_W : 0);
}

static void keep(struct vtdss_pt_write_attrs *attrs, u64 bits)
{
	attrs->descriptor_bits = bits;	/* ok PF2142 */
}

int by_helpers(struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	keep(attrs, translate(iommu_prot));
	return 0;
}

int swapped(struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	u64 pte = 0;

	if (iommu_prot & IOMMU_READ)
		pte |= VTDSS_FMT_W;
	if (iommu_prot & IOMMU_WRITE)
		pte |= VTDSS_FMT_R;
	attrs->descriptor_bits = pte;	/* PF2142: the two are swapped */
	return 0;
}

int forgotten(struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	attrs->descriptor_bits = iommu_prot & IOMMU_READ ? VTDSS_FMT_R : 0;	/* PF2142: lost */
	return 0;
}

int always(struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	u64 pte = VTDSS_FMT_W;

	if (iommu_prot & IOMMU_READ)
		pte |= VTDSS_FMT_R;
	attrs->descriptor_bits = pte;	/* PF2142: nobody asked for it */
	return 0;
}

int shifted(struct vtdss_pt_write_attrs *attrs, unsigned int iommu_prot)
{
	attrs->descriptor_bits = iommu_prot << 1 & (VTDSS_FMT_R | VTDSS_FMT_W);	/* PF2142: by one */
	return 0;
}

/* It has no such parameter: the rule is not about it. */
int constant(struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = VTDSS_FMT_R | VTDSS_FMT_W;	/* ok PF2142 */
	return 0;
}

/* ------------------------------------------------- from the bits to the entry */

static inline void install(struct pt_state *pts, u64 address,
			   const struct vtdss_pt_write_attrs *attrs)
{
	u64 entry = (address & ~0xfffULL) | attrs->descriptor_bits;

	if (pts->index & 1)
		entry |= VTDSS_FMT_PS;
	WRITE_ONCE(pts->table[pts->index], entry);	/* ok PF2143 */
	pts->entry = entry;	/* ok PF2143 */
}

void map_one(struct pt_state *pts, u64 address, const struct vtdss_pt_write_attrs *attrs)
{
	install(pts, address, attrs);
}

void install_masked(struct pt_state *pts, u64 address, const struct vtdss_pt_write_attrs *attrs)
{
	u64 bits = attrs->descriptor_bits & (VTDSS_FMT_R | VTDSS_FMT_SNP);

	WRITE_ONCE(pts->table[pts->index], (address & ~0xfffULL) | bits);	/* PF2143: lost */
}

void install_large(struct pt_state *pts, u64 address, const struct vtdss_pt_write_attrs *attrs)
{
	u64 entry = (address & ~0xfffULL) | attrs->descriptor_bits;

	if (pts->index > 511)
		entry &= ~(u64)VTDSS_FMT_W;
	pts->table[pts->index] = entry;	/* PF2143: on some way */
}

void install_more(struct pt_state *pts, u64 address, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = (address & ~0xfffULL) | /* PF2143: appears */
				 attrs->descriptor_bits |
				 VTDSS_FMT_W;
}

/* A narrower place can not be an entry. */
void note(u32 *log, const struct vtdss_pt_write_attrs *attrs)
{
	*log = attrs->descriptor_bits & VTDSS_FMT_R;	/* ok PF2143 */
}

/* The function itself puts the bits there: they are no longer those that it found. */
void install_own(struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = VTDSS_FMT_R | VTDSS_FMT_W;
	pts->table[pts->index] = attrs->descriptor_bits & VTDSS_FMT_R;	/* todo PF2143: by value */
}

/* ------------------------------------------------- from the entry to the bits */

static inline void rebuild(const struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits =
		pts->entry & (VTDSS_FMT_R | VTDSS_FMT_W | VTDSS_FMT_SNP);	/* ok PF2144 */
}

static inline void rebuild_lossy(const struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = pts->entry & (VTDSS_FMT_R | VTDSS_FMT_SNP);	/* PF2144: lost */
}

void rebuild_clean(const struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = pts->entry & ~(u64)VTDSS_FMT_D;	/* ok PF2144 */
}

void rebuild_dirty(const struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	u64 bits = pts->entry & (VTDSS_FMT_R | VTDSS_FMT_W);

	if (pts->entry & VTDSS_FMT_D)
		bits |= VTDSS_FMT_W;
	attrs->descriptor_bits = bits;	/* PF2144: it appears with the dirty bit */
}
