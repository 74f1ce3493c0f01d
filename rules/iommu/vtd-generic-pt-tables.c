/* SPDX-License-Identifier: MIT */
/*
 * PF2151: a table of the next level is installed with the write bit.
 */
#include "vtd-example-pt.h"

static inline bool pt_table_install64(struct pt_state *pts, u64 table_entry)
{
	return __sync_bool_compare_and_swap(&pts->table[pts->index], pts->entry, table_entry);
}

bool install(struct pt_state *pts, u64 table)
{
	u64 entry = VTDSS_FMT_R | VTDSS_FMT_W | (table & ~0xfffULL);

	return pt_table_install64(pts, entry);	/* ok PF2151 */
}

/* With a bit of the leaf that has nothing to do with what is allowed. */
bool install_snooped(struct pt_state *pts, u64 table, const struct vtdss_pt_write_attrs *attrs)
{
	u64 entry = VTDSS_FMT_R | VTDSS_FMT_W | (table & ~0xfffULL);

	entry |= attrs->descriptor_bits & VTDSS_FMT_SNP;
	return pt_table_install64(pts, entry);	/* ok PF2151 */
}

bool install_read_only(struct pt_state *pts, u64 table)
{
	return pt_table_install64(pts, VTDSS_FMT_R | (table & ~0xfffULL));	/* PF2151: always */
}

bool install_as_leaf(struct pt_state *pts, u64 table, const struct vtdss_pt_write_attrs *attrs)
{
	u64 entry = (table & ~0xfffULL) | attrs->descriptor_bits;

	return pt_table_install64(pts, entry);	/* PF2151: what the first leaf has */
}

static u64 table_bits(bool writable)
{
	return writable ? VTDSS_FMT_R | VTDSS_FMT_W : VTDSS_FMT_R;
}

bool install_for(struct pt_state *pts, u64 table, bool writable)
{
	u64 entry = (table & ~0xfffULL) | table_bits(writable);

	return pt_table_install64(pts, entry);	/* PF2151: where it is not writable */
}

bool install_checked(struct pt_state *pts, u64 table, bool writable)
{
	if (!writable)
		return false;
	return pt_table_install64(pts, (table & ~0xfffULL) | table_bits(writable));	/* ok PF2151 */
}
