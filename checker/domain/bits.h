/* SPDX-License-Identifier: MIT */
/*
 * bits.h - symbols, atoms, and one-bit functions of atoms as truth tables
 *
 * A symbol (sym_id) is an unknown but fixed word: a parameter, the value that
 * a cell had at function entry, the result of a call. An atom is one bit of a
 * symbol; it never changes its value during one execution of the function.
 *
 * A bit (bit_id) is a boolean function of at most BIT_ATOMS atoms, kept as a
 * truth table and hash-consed: equal functions have equal ids. A function of
 * more atoms is BIT_TOP, "some value": two BIT_TOPs need not be equal.
 * Absorption comes before TOP: 0 & TOP is 0.
 *
 * A symbol may have a definition (op, a, b over words): a comparison that is
 * no function of few bits (width 1), or an arithmetic result that cannot be
 * told bit by bit. The same definition gives the same symbol, so equal
 * expressions stay equal, and bit_subst() computes it anew.
 *
 * Every object here lives in struct dom and goes with dom_free().
 */
#ifndef PF_DOMAIN_BITS_H
#define PF_DOMAIN_BITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "ir/ir.h"

#define BIT_ATOMS 6

typedef struct { uint32_t i; } sym_id;	/* 0: none */
typedef struct { uint32_t i; } bit_id;	/* 0: the constant 0 */
typedef struct { uint32_t i; } word_id;	/* see word.h; 0: none */
typedef struct { uint32_t i; } atom_id;	/* symbol and bit number */

#define BIT_0 ((bit_id){ 0 })
#define BIT_1 ((bit_id){ 1 })
#define BIT_TOP ((bit_id){ 2 })
#define SYM_NONE ((sym_id){ 0 })
#define WORD_NONE ((word_id){ 0 })

/* Where a symbol's value comes from; decides exact against may. */
enum sym_origin {
	ORIGIN_INPUT,		/* a parameter or a cell at function entry */
	ORIGIN_INTERFERE,	/* a load of a shared cell: another thread decides */
	ORIGIN_ENV,		/* an allocation may fail, hardware, time */
	ORIGIN_SET,		/* one bit: what is set once was set when it was read */
	ORIGIN_UNKNOWN,		/* something that is not modelled */
};

struct dom;

struct dom *dom_new(void);
void dom_free(struct dom *d);

/* A new symbol of width 1..64 bits without definition. */
sym_id sym_new(struct dom *d, uint8_t width, enum sym_origin origin);

uint8_t sym_width(const struct dom *d, sym_id s);
enum sym_origin sym_origin_of(const struct dom *d, sym_id s);

/*
 * Facts that hold in every execution. sym_set_nonzero: s != 0 (the address of
 * an object). sym_set_address: s is the address of an object of its own; two
 * such symbols are different, and s+x == t+y never holds for small x, y (the
 * C standard's rule for distinct objects, 6.5.9). No object begins in the first
 * or the last MiB of the address space: s is neither NULL nor an ERR_PTR.
 */
void sym_set_nonzero(struct dom *d, sym_id s);
void sym_set_address(struct dom *d, sym_id s);
bool sym_is_address(const struct dom *d, sym_id s);

/* The definition of a derived symbol; false where it has none. */
bool sym_def(const struct dom *d, sym_id s, enum ir_op *op, word_id *a, word_id *b);
/* pred() is true of s, or of one that its definition goes back to. */
bool sym_mentions(const struct dom *d, sym_id s, bool (*pred)(void *, sym_id), void *arg);

/*
 * The symbol defined as op(a, b); always the same for the same three. b may be
 * WORD_NONE. SYM_NONE where an operand has TOP bits (two TOPs need not be
 * equal) or definitions would nest too deep: the result is then unknown.
 */
sym_id sym_derived(struct dom *d, uint8_t width, enum ir_op op, word_id a, word_id b);

static inline atom_id atom_make(sym_id s, unsigned bit)
{
	return (atom_id){ s.i << 6 | bit };
}

static inline sym_id atom_sym(atom_id a) { return (sym_id){ a.i >> 6 }; }
static inline unsigned atom_bit(atom_id a) { return a.i & 63; }
static inline bool bit_same(bit_id a, bit_id b) { return a.i == b.i; }
static inline bool bit_is_const(bit_id b) { return b.i < 2; }

bit_id bit_atom(struct dom *d, atom_id a);
bit_id bit_not(struct dom *d, bit_id a);
bit_id bit_and(struct dom *d, bit_id a, bit_id b);
bit_id bit_or(struct dom *d, bit_id a, bit_id b);
bit_id bit_xor(struct dom *d, bit_id a, bit_id b);
bit_id bit_ite(struct dom *d, bit_id c, bit_id a, bit_id b);

/* The atoms that b really depends on, ascending; gives their number (0 for constants and TOP). */
unsigned bit_support(const struct dom *d, bit_id b, atom_id out[BIT_ATOMS]);

/* b where atom a has the value v. */
bit_id bit_cofactor(struct dom *d, bit_id b, atom_id a, bool v);

/* There is a value of atom a for which b holds. */
bit_id bit_exists(struct dom *d, bit_id b, atom_id a);

/* TOP where b mentions a symbol for which pred is true, through definitions too; else b. */
bit_id bit_forget(struct dom *d, bit_id b, bool (*pred)(void *, sym_id), void *arg);

/* The value under a full assignment of its atoms. b must not be TOP. */
bool bit_eval(const struct dom *d, bit_id b, bool (*value)(void *, atom_id), void *arg);

/*
 * Replaces symbols by words: map gives the word for a symbol without
 * definition (WORD_NONE: stays as it is). Definitions are computed anew from
 * their replaced operands. A struct subst memoises; use it for one mapping.
 */
struct subst;
struct subst *subst_new(struct dom *d, word_id (*map)(void *, sym_id), void *arg);
void subst_free(struct subst *s);
bit_id bit_subst(struct subst *s, bit_id b);
word_id word_subst(struct subst *s, word_id w);

/* Calls name for the text of a symbol without definition; printed "a.1 & !b.3". */
struct buffer;
typedef void (*sym_namer)(void *arg, sym_id s, struct buffer *out);
void bit_print(const struct dom *d, bit_id b, sym_namer name, void *arg, struct buffer *out);

#endif
