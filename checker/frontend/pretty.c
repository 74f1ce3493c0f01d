/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

bool lw_for_clauses(struct lower *lw, CXCursor c, unsigned *which)
{
	(void)lw; (void)c; (void)which;
	return false;
}

bool lw_asm_labels(struct lower *lw, CXCursor c, const str_id **names, unsigned *n)
{
	(void)lw; (void)c; (void)names; (void)n;
	return false;
}
