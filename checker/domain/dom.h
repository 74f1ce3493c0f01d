/* SPDX-License-Identifier: MIT */
/*
 * dom.h - the inside of struct dom, for the files of this folder only
 *
 * Bits: an id below 3 is 0, 1 or TOP; with BIT_LITERAL set it is an atom and a
 * sign; else it is an index into nodes[] and a sign. The sign is the lowest bit,
 * as in BDDs with complement edges. Words are indices into words[].
 * Both are hash-consed, so that equality is equality of numbers; the caches
 * may forget anything at any time, because computing again gives the same id.
 */
#ifndef PF_DOMAIN_DOM_H
#define PF_DOMAIN_DOM_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "domain/bits.h"
#include "domain/cond.h"
#include "domain/plant.h"
#include "domain/word.h"

#define BIT_LITERAL 0x80000000u
#define SYM_LIMIT (1u << 24)	/* an atom and a sign fit into 31 bits */
#define DEF_DEPTH 24		/* definitions nested in definitions */
#define DEF_BASES 48		/* symbols that one definition may rest on */
#define ADDRESS_SLACK ((uint64_t)1 << 20)	/* "small" of sym_set_address() */

/* A set of ids that is searched by hash; the owner compares those of one hash. */
struct ids {
	struct ids_slot { uint32_t id, hash; } *slot;	/* id 0 is free */
	uint32_t mask, n;
};

/* A lossy map from three numbers to one; full or not, it only saves time. */
struct memo_entry { uint32_t op, a, b, r; };
struct memo {
	struct memo_entry *e;
	uint32_t mask, used;
};

/* A boolean function of n <= 6 atoms, ascending; table repeats over unused variables. */
struct fn {
	uint64_t t;
	atom_id a[BIT_ATOMS];
	unsigned n;
};

/* What the solver knows of a comparison: base lies in [lo, lo+span], modulo 2^width. */
struct pred {
	word_id base;		/* NONE: not such a comparison */
	uint64_t lo, span;
};

struct sym {
	uint8_t width, origin, op, depth;
	bool nonzero, address, derived;
	bool linked;		/* there is a predicate over it */
	word_id a, b;
	struct pred pred;
};

enum word_kind { W_CONST, W_SYM, W_BITS, W_CHOICE };

struct word {
	uint8_t kind, width, n;
	bool has_top, all_top, bases_known;
	uint64_t value;		/* CONST: value; SYM: delta, modulo 2^width */
	sym_id sym;
	const bit_id *bits;	/* BITS: always; else when first asked for */
	const word_id *alt;	/* CHOICE */
	const bit_id *guard;
	/* Symbols of the atoms, ascending; and those without definition below them. */
	const sym_id *syms, *bases;
	uint32_t nsyms, nbases;
};

struct solver;
struct cond_table;

/* The value of a symbol in the last evaluation that computed it. */
struct weval_memo {
	uint32_t stamp;
	uint64_t value;
};

/* Bits of a symbol; those outside of mask have the default of the variant. */
struct wval {
	sym_id s;
	uint64_t mask, bits;
};

struct dom {
	struct arena arena;
	Array(struct sym) syms;
	Array(struct fn) nodes;		/* of each function and its negation the one that is 0 in row 0 */
	Array(struct word *) words;
	struct ids node_ids, def_ids, word_ids;
	struct memo bit_memo, word_memo;
	struct map bit_keys;		/* connect.c: what a bit mentions */
	struct cond_table *conds;
	struct solver *solver;
	Array(struct weval_memo) weval_memo;	/* witness.c: by symbol */
	uint32_t weval_stamp;
	uint64_t confirmed;	/* definitions whose values were computed, confirm.c */
	struct witness *default_witness[4];
	Array(struct wval) overlay;	/* witness.c: the assignment that is tried */
};

static inline uint64_t width_mask(unsigned w)
{
	return w >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << w) - 1;
}

static inline uint64_t width_sign(unsigned w) { return (uint64_t)1 << (w - 1); }

static inline int64_t sign_extend(uint64_t v, unsigned w)
{
	return (int64_t)(v << (64 - w)) >> (64 - w);
}

static inline bool bit_is_literal(bit_id b) { return b.i & BIT_LITERAL; }
static inline atom_id literal_atom(bit_id b) { return (atom_id){ (b.i & ~BIT_LITERAL) >> 1 }; }
static inline bool literal_value(bit_id b) { return !(b.i & 1); }

static inline bit_id bit_literal(atom_id a, bool v)
{
	return (bit_id){ BIT_LITERAL | a.i << 1 | !v };
}

static inline bool bit_is_top(bit_id b) { return b.i == 2; }
static inline bit_id bit_const(bool v) { return (bit_id){ v }; }

/* ids.c: tables of ids and memos */
uint32_t ids_find(const struct ids *t, uint64_t hash, bool (*same)(void *, uint32_t), void *arg);
void ids_add(struct ids *t, uint32_t id, uint64_t hash);
bool memo_get(const struct memo *m, uint32_t op, uint32_t a, uint32_t b, uint32_t *r);
void memo_put(struct memo *m, uint32_t op, uint32_t a, uint32_t b, uint32_t r);

/* bits.c, sym.c */
extern const uint64_t fn_var[BIT_ATOMS];
struct fn fn_of(const struct dom *d, bit_id b);		/* b is not TOP */
bit_id bit_make(struct dom *d, struct fn f);		/* f need not be minimal */
/* The table of f over the atoms all[0..n), a superset of f's. */
uint64_t fn_widen(const struct fn *f, const atom_id *all, unsigned n);

/* The union of the atoms of f and all[0..n) into all; false where they are too many. */
bool atoms_merge(const struct fn *f, atom_id *all, unsigned *n);

static inline uint64_t fn_cofactor(uint64_t t, unsigned var, bool v)
{
	uint64_t half = v ? t & fn_var[var] : t & ~fn_var[var];

	return v ? half | half >> (1u << var) : half | half << (1u << var);
}
/*
 * One atom that stands for the function b: a symbol defined as b == 1, which
 * the solver understands. So functions of more than BIT_ATOMS atoms can be
 * built from smaller ones, where it matters: at joins. b itself where it is
 * simple already, or cannot be named.
 */
bit_id bit_named(struct dom *d, bit_id b);
/* bit_ite(), with operands named where it would be TOP otherwise. */
bit_id bit_select(struct dom *d, bit_id c, bit_id a, bit_id b);

static inline const struct sym *sym_get(const struct dom *d, sym_id s)
{
	return &d->syms.v[s.i];
}

/* word.c, convert.c, subst.c */
static inline const struct word *word_get(const struct dom *d, word_id w)
{
	return d->words.v[w.i];
}

const bit_id *word_bits(struct dom *d, word_id w);	/* all of them; stays valid */
bool word_is_alt(const struct dom *d, word_id w);	/* constant or symbol + delta */
const struct word *word_symbols(struct dom *d, word_id w);	/* with syms and bases */

/* eval.c: the operators on numbers. *ok is false where C leaves it undefined. */
uint64_t eval_bin(enum ir_op op, uint64_t a, uint64_t b, unsigned width, bool *ok);
bool eval_cmp(enum ir_op op, uint64_t a, uint64_t b, unsigned width);
/* Of any definition; width: of the first operand. The result is not cut. */
uint64_t eval_op(enum ir_op op, uint64_t a, uint64_t b, unsigned width, bool *ok);
/* The value of a derived symbol from values of its operands' atoms; false if not computable. */
bool eval_def(struct dom *d, sym_id s, bool (*value)(void *, atom_id), void *arg, uint64_t *v);

/* solve.c */
enum solve_result { SOLVE_UNSAT, SOLVE_SAT, SOLVE_BUDGET };
/* The conjunction of the bits; zeros: the model must not need other defaults than 0. */
enum solve_result solve(struct dom *d, const bit_id *bits, unsigned n, bool zeros);
/* After SOLVE_SAT, until the next solve(): the values found, ascending by symbol. */
const struct wval *solve_values(struct dom *d, uint32_t *n, unsigned *variant);
void solver_free(struct solver *s);

/* connect.c: which clauses share atoms, or symbols that predicates speak of */
/* The clauses of c connected to the bits, as a mask by index. */
uint64_t connected(struct dom *d, const struct cond *c, const bit_id *bits, unsigned n);
/* The clauses that are connected with no other one. */
uint64_t unconnected(struct dom *d, const struct clause *c, unsigned n);
/* What connected() has found out about a condition before. */
struct links;

/* theory.c: sets of values as intervals */
#define IV_MAX 64
struct iv { uint64_t lo, hi; };		/* inclusive */
struct ivs {
	unsigned n;
	struct iv v[IV_MAX];
};
void ivs_all(struct ivs *s, const struct dom *d, word_id base);
/* The values that a symbol can have. */
struct iv sym_range(const struct dom *d, sym_id s);
/* Keeps what lies in the predicate's interval (or outside). Too many pieces: keeps more. */
void ivs_restrict(struct ivs *s, const struct pred *p, unsigned width, bool in);
/* A value of s with (v & mask) == bits. */
bool ivs_pick(const struct ivs *s, uint64_t mask, uint64_t bits, uint64_t *v);

/* witness.c */
#define WITNESSES 6

struct witness {
	uint32_t n, stamp;
	uint8_t variant;
	struct wval v[];	/* ascending by symbol */
};

struct wits {
	const struct witness *w[WITNESSES];
	uint8_t n, next;
	bool tried;
};

/* The evaluation of atoms under values; weval_atom is the callback of bit_eval(). */
struct weval {
	struct dom *d;
	const struct wval *v;
	uint32_t n;
	unsigned variant;
	uint32_t stamp;
};
struct weval weval_start(struct dom *d, const struct wval *v, uint32_t n, unsigned variant);
bool weval_atom(void *e, atom_id a);

/* c and b have a known model. */
bool witness_allows(struct dom *d, const struct cond *c, bit_id b);
/* x and y have a known model together. */
bool witness_common(struct dom *d, const struct cond *x, const struct cond *y);
/* Keeps the values as a model of c and b, if with what is known of c they are one. */
void witness_learn(struct dom *d, const struct cond *c, bit_id b, const struct wval *v, uint32_t n,
		   unsigned variant);
/* Keeps the models of from that are models of to, whose clauses are b and some of from's. */
void witness_inherit(struct dom *d, const struct cond *from, const struct cond *to, bit_id b);

/* cond.c */
struct wits *cond_wits(struct dom *d, const struct cond *c);
const struct links **cond_links(struct dom *d, const struct cond *c);
/* A condition of the first clauses of c, all but one; NULL where none is known. */
const struct cond *cond_extends(const struct cond *c);
void conds_free(struct cond_table *t);
struct cond_builder {
	struct clause c[COND_CLAUSES];
	uint32_t n;
	bool imprecise;
};
void builder_add(struct dom *d, struct cond_builder *b, bit_id bit, uint32_t tag);
const struct cond *builder_done(struct dom *d, const struct cond_builder *b);
const struct cond *cond_false(struct dom *d);

#endif
