/* SPDX-License-Identifier: MIT */
/*
 * word.h - abstract machine words, 1 to 64 bits
 *
 * A word (word_id, hash-consed) is one of
 *   a constant,
 *   a symbol plus a constant: also the form of every pointer that is known to
 *     point into one object (symbol = address of the object, delta = bytes),
 *   one bit_id per bit,
 *   a choice between up to WORD_CHOICES (symbol + delta or constant) words by
 *     guard bits that exclude each other and cover everything.
 *
 * The transfer functions over-approximate: whatever values the atoms have,
 * the concrete result lies in the abstract one (a TOP bit covers both).
 * Addition keeps low bits exact: a run of known zero low bits in one operand
 * copies the other's bits.
 */
#ifndef PF_DOMAIN_WORD_H
#define PF_DOMAIN_WORD_H

#include "domain/bits.h"

#define WORD_CHOICES 4

word_id word_const(struct dom *d, uint64_t value, uint8_t width);
word_id word_sym(struct dom *d, sym_id s);
/* s + delta (bytes, modulo the width of s). */
word_id word_symoff(struct dom *d, sym_id s, int64_t delta);
word_id word_top(struct dom *d, uint8_t width);
word_id word_from_bits(struct dom *d, const bit_id *bits, uint8_t width);
/* A word of width 1. */
word_id word_bool(struct dom *d, bit_id b);

static inline bool word_same(word_id a, word_id b) { return a.i == b.i; }
static inline bool word_is_none(word_id a) { return !a.i; }
uint8_t word_width(const struct dom *d, word_id w);
bit_id word_bit(struct dom *d, word_id w, unsigned i);
bool word_is_const(const struct dom *d, word_id w, uint64_t *value);
bool word_is_top(const struct dom *d, word_id w);	/* every bit TOP */
bool word_has_top(const struct dom *d, word_id w);	/* some bit TOP */

/* w is symbol + delta. */
bool word_as_symoff(const struct dom *d, word_id w, sym_id *s, int64_t *delta);

/* The alternatives with merged guards; NONE where it is no choice of WORD_CHOICES. */
word_id word_choice(struct dom *d, const word_id *alt, const bit_id *guard, unsigned n);
/*
 * The alternatives of w: n <= WORD_CHOICES words that are constants or
 * symbol + delta, each with the guard under which it is the value. A word that
 * is itself such an alternative gives one with guard BIT_1. 0 where w is none
 * of that.
 */
unsigned word_choices(struct dom *d, word_id w, word_id alt[WORD_CHOICES],
		      bit_id guard[WORD_CHOICES]);
/*
 * The same beside a pointer "with": a word that is one of a few constants, as the errors of
 * a function are, is a choice then and not bits.
 */
unsigned word_choices_with(struct dom *d, word_id w, word_id with, word_id alt[WORD_CHOICES],
			   bit_id guard[WORD_CHOICES]);

/* IR_ADD .. IR_ASHR; a and b of one width (shift counts of any width). */
word_id word_bin(struct dom *d, enum ir_op op, word_id a, word_id b);
/* IR_EQ .. IR_SLE. Exact where it fits; else the derived symbol's bit. */
bit_id word_cmp(struct dom *d, enum ir_op op, word_id a, word_id b);
/* IR_NOT, IR_NEG. */
word_id word_un(struct dom *d, enum ir_op op, word_id a);
/* IR_TRUNC, IR_ZEXT, IR_SEXT to width. */
word_id word_conv(struct dom *d, enum ir_op op, uint8_t width, word_id a);
/* a != 0, as IR_TOBOOL. */
bit_id word_nonzero(struct dom *d, word_id a);

/* Bits [lo, lo+width) of w. */
word_id word_extract(struct dom *d, word_id w, unsigned lo, uint8_t width);
/* w with the bits from lo on replaced by part. */
word_id word_insert(struct dom *d, word_id w, unsigned lo, word_id part);
/* lo in the low bits, hi above; widths add up to at most 64. */
word_id word_concat(struct dom *d, word_id lo, word_id hi);

/* c ? a : b; a choice where both are pointers, else bit by bit. */
word_id word_ite(struct dom *d, bit_id c, word_id a, word_id b);

/* The symbols that some bit of w mentions, ascending; definitions are not looked into. */
const sym_id *word_mentions(struct dom *d, word_id w, uint32_t *n);
/* The symbols without definition that these are made of, ascending. */
const sym_id *word_bases(struct dom *d, word_id w, uint32_t *n);

/* Every bit that mentions a forgotten symbol becomes TOP. See bit_forget(). */
word_id word_forget(struct dom *d, word_id w, bool (*pred)(void *, sym_id), void *arg);

/* True where the concrete value v is one that w can have under the assignment. */
bool word_contains(struct dom *d, word_id w, uint64_t v, bool (*value)(void *, atom_id),
		   void *arg);

/* The value under an assignment; TOP bits count as 0, *exact tells if there were none. */
uint64_t word_eval(struct dom *d, word_id w, bool (*value)(void *, atom_id), void *arg,
		   bool *exact);

void word_print(struct dom *d, word_id w, sym_namer name, void *arg, struct buffer *out);

#endif
