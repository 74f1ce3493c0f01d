/* SPDX-License-Identifier: MIT */
#include "ir/io_parts.h"

enum io_column io_imm_column(enum ir_op op)
{
	switch (op) {
	case IR_ADDR_LOCAL:
		return IO_INSN_LOCAL;
	case IR_ADDR_FUNC:
	case IR_CALL:
		return IO_INSN_FUNC;
	case IR_ADDR_GLOBAL:
		return IO_INSN_GLOBAL;
	case IR_UNKNOWN:
	case IR_HAVOC:
	case IR_ASM:
		return IO_INSN_REASON;
	default:
		return IO_INSN_IMM;
	}
}

static uint8_t temp_width(const struct ir_func *f, uint32_t t)
{
	return t < f->temps.n ? f->temps.v[t].type.width : 0;
}

uint8_t io_width(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i)
{
	if (i->dst != IR_NONE)
		return temp_width(f, i->dst);
	if (i->op == IR_STORE && i->b.kind == IR_V_CONST)
		return i->b.i < u->consts.n ? u->consts.v[i->b.i].width : 0;
	return i->op == IR_STORE && i->b.kind == IR_V_TEMP ? temp_width(f, i->b.i) : 0;
}
