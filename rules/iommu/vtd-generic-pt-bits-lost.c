/* SPDX-License-Identifier: MIT */
/*
 * PF2143 where the engine does not know any more what is stored: that is said.
 */
#include "vtd-example-pt.h"

u64 quirk(u64 bits);
void quirk_at(u64 *bits);

void usual(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = attrs->descriptor_bits | VTDSS_FMT_PS;	/* ok PF2143 */
}

void by_loop(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	static const u64 large[] = { VTDSS_FMT_R, VTDSS_FMT_SNP };
	u64 entry = VTDSS_FMT_PS;

	for (unsigned int i = 0; i < 2; i++)
		entry |= attrs->descriptor_bits & large[i];
	pts->table[pts->index] = entry;	/* incomplete PF2143: made of */
}

void by_another_unit(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = quirk(attrs->descriptor_bits);	/* incomplete PF2143: made of */
}

void by_address(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	u64 entry = attrs->descriptor_bits;

	quirk_at(&entry);
	pts->table[pts->index] = entry;	/* incomplete PF2143: made of */
}

static u64 plain(u64 bits)
{
	return bits;
}

static u64 read_only(u64 bits)
{
	return bits & ~(u64)VTDSS_FMT_W;
}

static u64 (*const of_level[])(u64) = { plain, read_only, read_only };

void by_table(struct pt_state *pts, unsigned int level, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = of_level[level](attrs->descriptor_bits);	/* incomplete PF2143: made of */
}

void by_steps(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	u64 x = attrs->descriptor_bits;

	x = (((((((((x * 3 + 1) * 5 + 1) * 7 + 1) * 9 + 1) * 11 + 1) * 13 + 1) * 15 + 1) * 17 + 1) *
	     19) + 1;
	pts->table[pts->index] = x & VTDSS_FMT_R;	/* incomplete PF2143: made of */
}

/* The bits only decide what is stored. */
void by_branches(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	u64 entry = 0;

	for (unsigned int i = 0; i < 12; i += 11)
		if (attrs->descriptor_bits & BIT(i))
			entry |= BIT(i);
	pts->table[pts->index] = entry;	/* incomplete PF2143: made of */
}

u64 bits_of(const struct vtdss_pt_write_attrs *attrs);
extern u64 (*bits_op)(const struct vtdss_pt_write_attrs *attrs);

void by_asking(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = bits_of(attrs);	/* incomplete PF2143: made of */
	pts->entry = bits_op(attrs);	/* incomplete PF2143: made of */
}

static u64 without_write(const struct vtdss_pt_write_attrs *attrs)
{
	u64 bits = 0;

	for (unsigned int i = 0; i < 12; i += 11)
		bits |= attrs->descriptor_bits & BIT(i);
	return bits;
}

static u64 large_bits(const struct vtdss_pt_write_attrs *attrs)
{
	return without_write(attrs) | VTDSS_FMT_PS;
}

void by_helper(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = without_write(attrs);	/* incomplete PF2143: made of */
}

void by_two_helpers(struct pt_state *pts, const struct vtdss_pt_write_attrs *attrs)
{
	pts->table[pts->index] = large_bits(attrs);	/* incomplete PF2143: made of */
}

/* A narrow place can not be an entry. */
void with_a_count(struct pt_state *pts, u32 *count, const struct vtdss_pt_write_attrs *attrs)
{
	for (unsigned int i = 0; i < 64; i++)
		*count += attrs->descriptor_bits >> i & 1;	/* ok PF2143 */
	pts->table[pts->index] = attrs->descriptor_bits;	/* ok PF2143 */
}
