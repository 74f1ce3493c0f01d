/* SPDX-License-Identifier: MIT */
/*
 * interp_eval.h - the interpreter's arithmetic and its access to bits in memory
 *
 * Every value is a word of 128 bits whose bits above its width are 0.
 */
#ifndef PF_IR_INTERP_EVAL_H
#define PF_IR_INTERP_EVAL_H

#include "ir/ir.h"

typedef unsigned __int128 word;
typedef __int128 sword;

word word_cut(word v, unsigned width);
sword word_signed(word v, unsigned width);

/* The result of a unary operation on a value of width bits, not cut. */
word word_unary(enum ir_op op, unsigned width, word a);

/* Both operands have width bits. False where C leaves the result undefined. */
bool word_binary(enum ir_op op, unsigned width, word a, word b, word *v);

/* What IR_RMW stores, not cut. c: expected by IR_RMW_CMPXCHG. */
word word_rmw(enum ir_rmw rmw, word old, word b, word c);

/* The block that an IR_SWITCH on v, of width bits, goes to. */
uint32_t word_switch(const struct ir_term *t, unsigned width, word v);

/*
 * The width bits from bit off of p on, little-endian as x86-64 lays out
 * bit-fields. No byte is touched that has none of them.
 */
word bits_read(const void *p, int64_t off, unsigned width);
void bits_write(void *p, int64_t off, unsigned width, word v);

#endif
