/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

void lw_asm(struct lower *lw, CXCursor c)
{
	struct pending_jump j = { .label = IR_NONE, .all = true };
	struct kids k = lw_kids(lw, c);
	struct ir_insn *i;
	uint32_t reason;

	lw_at(lw, c);
	reason = ir_reason_add(lw->u, IR_R_ASM, "asm", lw_loc(lw));
	i = lw_emit(lw, IR_ASM);
	i->imm = reason;
	i->flags |= IR_F_CLOBBER;
	for (unsigned n = 0; n < k.n; n++)
		if (lw_is_lvalue(lw, k.v[n]) && !lw_type(lw, k.v[n])->is_func)
			lw_havoc(lw, lw_lvalue(lw, k.v[n]), IR_R_ASM, "asm");
	if (!clang_Cursor_isGCCAssemblyHasGoto(c))
		return;
	j.fall = lw_block(lw);
	lw->blocks.v[j.fall].used = true;
	lw_pend(lw, j);
	lw->cur = j.fall;
}
