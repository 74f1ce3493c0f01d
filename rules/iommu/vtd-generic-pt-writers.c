/* SPDX-License-Identifier: MIT */
/*
 * PF2145: who writes the bits of a leaf.
 */
#include "vtd-example-pt.h"

struct map_args {
	struct vtdss_pt_write_attrs attrs;
	u64 address;
};

int vtdss_pt_iommu_set_prot(struct pt_common *common, struct vtdss_pt_write_attrs *attrs,
			    unsigned int iommu_prot)
{
	if (pt_feature(common, PT_FEAT_VTDSS_FORCE_WRITEABLE) && !(iommu_prot & IOMMU_WRITE))
		return -EINVAL;
	attrs->descriptor_bits = iommu_prot & (VTDSS_FMT_R | VTDSS_FMT_W);	/* ok PF2145 */
	return 0;
}

void vtdss_pt_attr_from_entry(const struct pt_state *pts, struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits = pts->entry & (VTDSS_FMT_R | VTDSS_FMT_W);	/* ok PF2145 */
}

/* The walk has them by a pointer. */
int walk(struct pt_state *pts, void *arg)
{
	struct map_args *map = arg;

	if (pts->index > 3)
		map->attrs.descriptor_bits &= ~(u64)VTDSS_FMT_W;	/* PF2145: in the walk */
	return 0;
}

int walk_reads(struct pt_state *pts, void *arg)
{
	struct map_args *map = arg;

	map->address += 4096;	/* ok PF2145 */
	map->attrs.gfp = GFP_KERNEL;	/* ok PF2145 */
	pts->table[pts->index] = map->attrs.descriptor_bits;	/* ok PF2145 */
	return 0;
}

static void widen(struct vtdss_pt_write_attrs *attrs)
{
	attrs->descriptor_bits |= VTDSS_FMT_SNP;	/* PF2145: by a helper */
}

void map_one(struct map_args *map)
{
	widen(&map->attrs);
}

void reset(struct map_args *map)
{
	memset(map, 0, sizeof(*map));	/* PF2145: the bits are among what is written */
}

/* Of its own, before anybody walks with them. */
int map(struct pt_common *common, struct pt_state *pts, unsigned int prot)
{
	struct map_args map = { .address = 4096 };	/* ok PF2145 */
	int ret = vtdss_pt_iommu_set_prot(common, &map.attrs, prot);

	if (ret)
		return ret;
	map.attrs.descriptor_bits &= ~(u64)VTDSS_FMT_W;	/* todo PF2145: of its own */
	return walk_reads(pts, &map);
}
