/* SPDX-License-Identifier: MIT */
#include "rules/result.h"

bit_id result_is_error(struct dom *d, const struct ir_type *t, word_id ret)
{
	uint8_t width;

	if (word_is_none(ret))
		return BIT_0;
	width = word_width(d, ret);
	if (t->kind == IR_T_BOOL || (t->kind == IR_T_INT && width == 1))
		return bit_not(d, word_nonzero(d, ret));
	if (t->kind == IR_T_INT)
		return word_nonzero(d, ret);
	if (t->kind != IR_T_PTR)
		return BIT_0;
	return bit_or(d, bit_not(d, word_nonzero(d, ret)),
		      word_cmp(d, IR_ULE, word_const(d, (uint64_t)-4095, width), ret));
}
