/* SPDX-License-Identifier: MIT */
/*
 * gen.h - random C programs without undefined behaviour
 *
 * A program is a file of C that includes nothing. It has the functions
 *
 *	u64 f0(u64 a, u64 b, struct ctx *m) ... f<n-1>
 *
 * each of which computes from its arguments and the bytes of *m and leaves its
 * traces in *m and in static locals; `const u64 ctx_size`, and
 *
 *	void ctx_fix(struct ctx *m)
 *
 * which makes any bytes at m a valid object: each _Bool 0 or 1, each pointer
 * into *m. One seed and count give one text.
 *
 * What keeps it defined: signed arithmetic wraps (the kernel's flags say so),
 * shift counts are masked to the promoted type, divisors are positive or below
 * -1, indices are masked, locals are initialised, loops are counted, and only
 * whole statements have effects on what another operand could read. No struct
 * has padding, whose bytes a copy may leave alone or not.
 *
 * Bit-fields wider than int are cast where they are read: gcc computes in
 * their exact width, clang in the declared type.
 */
#ifndef PF_TEST_DIFF_GEN_H
#define PF_TEST_DIFF_GEN_H

#include <stdint.h>

#include "base/buffer.h"

void gen_program(uint64_t seed, unsigned nfuncs, struct buffer *out);

/* splitmix64 */
uint64_t rng_next(uint64_t *state);

#endif
