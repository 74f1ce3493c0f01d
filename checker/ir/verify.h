/* SPDX-License-Identifier: MIT */
/*
 * verify.h - the invariants of a lowered body
 *
 * Checked after lowering and after reading: operands exist and have the right
 * widths, each temporary has exactly one definition, every use is dominated
 * by it, successors exist, every block ends in a terminator that fits, places
 * and reasons exist.
 */
#ifndef PF_IR_VERIFY_H
#define PF_IR_VERIFY_H

#include "base/buffer.h"
#include "ir/ir.h"

/* True where the body is sound; else appends one line per fault to out. */
bool ir_verify(const struct ir_unit *u, ir_fn fn, struct buffer *out);

/*
 * Between the passes of a debug build (CMAKE_BUILD_TYPE=Debug): a body that is not
 * sound ends the process, with the pass that left it so.
 */
#ifdef PROTFLOW_DEBUG
void ir_check(const struct ir_unit *u, ir_fn fn, const char *pass);
#else
static inline void ir_check(const struct ir_unit *u, ir_fn fn, const char *pass)
{
	(void)u;
	(void)fn;
	(void)pass;
}
#endif

#endif
