/* SPDX-License-Identifier: MIT */
/*
 * specialise.h - functions that call what they are given, once for each that they get
 *
 * "each(list, fn, arg)" does what its caller wants: with fn unknown nothing can be said of it,
 * and nothing of what fn does with arg. For a call that gives the address of a function whose
 * body is there the callee has a copy, in which the parameter is that address, and calls
 * through it, or through what it is handed on to, are direct ones (specialisation on constant
 * arguments: Jones, Gomard and Sestoft, "Partial Evaluation", 1993, chapter 11).
 *
 * A parameter counts as called where its value, or that of a variable which it is stored in,
 * is; which is more than it need be, and then the copy is as good as the function itself. Where
 * the function that is given comes back to the callee with another one, as those of the levels
 * of a page table do, there is no copy.
 */
#ifndef PF_IR_SPECIALISE_H
#define PF_IR_SPECIALISE_H

#include <stdbool.h>

#include "base/array.h"
#include "ir/ir.h"

struct ir_changed {
	ir_fn fn;
	uint32_t block, insn;
	struct ir_insn was;
};

/* What was done to a unit; zero: nothing. */
struct ir_specials {
	ir_fn first;		/* the copies, */
	uint32_t n;		/* so many */
	Array(struct ir_changed) changed;
	Array(ir_fn) hidden;	/* functions that only copies are called of */
};

/*
 * In all bodies that are lowered. The copies are new functions of the same name, static ones,
 * that ir_func_find() does not find; a static function that only copies are called of loses
 * IR_FN_HAS_BODY. Does nothing the second time. True: something was done, as log says.
 */
bool ir_specialise(struct ir_unit *u, struct ir_specials *log);

/*
 * The unit is as it was, but for copies that stay without being called and without
 * IR_FN_HAS_BODY. The log is empty then.
 */
void ir_unspecialise(struct ir_unit *u, struct ir_specials *log);

#endif
