/* SPDX-License-Identifier: MIT */
/*
 * print.h - stable text of the IR, for --dump and the golden tests
 *
 * The same unit gives the same text on every machine: no addresses, no hash
 * order; locations only as file:line:col.
 */
#ifndef PF_IR_PRINT_H
#define PF_IR_PRINT_H

#include "base/buffer.h"
#include "ir/ir.h"

/* One function: locals, then blocks with instructions and successors. */
void ir_print_func(const struct ir_unit *u, ir_fn fn, struct buffer *out);

/* Its control-flow graph only: a line per block. */
void ir_print_cfg(const struct ir_unit *u, ir_fn fn, struct buffer *out);

/* One instruction, without newline. */
void ir_print_insn(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		   struct buffer *out);

#endif
