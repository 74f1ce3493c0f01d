/* SPDX-License-Identifier: MIT */
/*
 * interp.h - runs the IR on host memory, for the tests
 *
 * The interpreter is the oracle between lowering and the compiler: locals and
 * globals of the unit are host allocations, pointers are host addresses, so
 * a body can work on the same buffers as its natively compiled twin.
 */
#ifndef PF_IR_INTERP_H
#define PF_IR_INTERP_H

#include "ir/ir.h"

struct interp;

enum interp_status {
	INTERP_OK,
	INTERP_STEPS,		/* the step budget ran out */
	INTERP_UNKNOWN,		/* an IR_UNKNOWN, IR_HAVOC or IR_ASM was executed */
	INTERP_NO_BODY,		/* a call of a function without a body or native */
	INTERP_UNREACH,		/* an IR_UNREACH was executed */
	INTERP_UNDEFINED,	/* division by zero, shift count too large */
};

/* A native function that IR calls reach by name. */
typedef uint64_t (*interp_native)(void *arg, const uint64_t *args, uint32_t nargs);

/* Called before each instruction, with the values of the temporaries; for the
 * soundness tests of the engine. insn is UINT32_MAX at the terminator. */
typedef void (*interp_trace)(void *arg, ir_fn fn, uint32_t depth, uint32_t block, uint32_t insn,
			     const uint64_t *temps, void *const *locals);

/* The unit must outlive the interpreter. */
struct interp *interp_new(struct ir_unit *u);
void interp_free(struct interp *in);
void interp_set_native(struct interp *in, const char *name, interp_native f, void *arg);
void interp_set_trace(struct interp *in, interp_trace f, void *arg);

/* The host address of a global; allocated and initialised on first use. */
void *interp_global(struct interp *in, ir_glob g);

/*
 * Calls fn with nargs arguments (zero-extended bits). *ret gets the value, its
 * bits above the return type's width 0. steps bounds the instructions executed.
 */
enum interp_status interp_call(struct interp *in, ir_fn fn, const uint64_t *args, uint32_t nargs,
			       uint64_t steps, uint64_t *ret);

#endif
