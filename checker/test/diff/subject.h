/* SPDX-License-Identifier: MIT */
/* subject.h - what it takes to run a subject by the interpreter */
#ifndef PF_TEST_DIFF_SUBJECT_H
#define PF_TEST_DIFF_SUBJECT_H

#include <stddef.h>

#include "ir/interp.h"

/* The flags of the kernel that decide what C means; NULL-terminated. */
extern const char *const kernel_flags[];

/* Called by the subjects, natively and from IR: varargs. */
uint64_t sum(int n, ...);

/* An interpreter with the functions that subjects call and do not have. */
struct interp *make_interp(struct ir_unit *u);

/* Words of random bits, of few bits, and of the numbers at which types end. */
uint64_t random_arg(uint64_t *rng);
void random_bytes(uint64_t *rng, unsigned char *p, size_t n);

#endif
