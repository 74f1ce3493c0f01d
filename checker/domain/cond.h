/* SPDX-License-Identifier: MIT */
/*
 * cond.h - path conditions: conjunctions of bits, satisfiability, join
 *
 * A condition is an immutable set of at most COND_CLAUSES clauses; a clause is
 * a bit that is 1 on this path, with a tag that tells where it was learnt (a
 * branch). Clauses that are TOP say nothing and are not kept. Dropping a
 * clause makes the condition weaker, which is sound, and marks it imprecise.
 *
 * Satisfiability knows what atoms mean: the bits of one symbol against the
 * comparisons with constants that are defined on it (x == 5 fixes the bits of
 * x; x < 8 against x == 9), non-zero and address symbols. A definition that
 * the solver does not understand is a free atom: the answer "unsatisfiable"
 * is always right, "satisfiable" may be wrong.
 */
#ifndef PF_DOMAIN_COND_H
#define PF_DOMAIN_COND_H

#include "domain/bits.h"
#include "domain/word.h"

#define COND_CLAUSES 48

struct clause {
	bit_id bit;
	uint32_t tag;		/* the caller's: where it was learnt; 0 none */
};

struct cond {
	uint32_t n;
	bool imprecise;		/* a clause was dropped on the way here */
	bool unsat;		/* nothing satisfies it; n is 0 then */
	struct clause c[];
};

/* All conditions live in the dom. The empty conjunction. */
const struct cond *cond_true(struct dom *d);

/* c and b. Sets unsat where that is found. Trivial and entailed clauses are not added. */
const struct cond *cond_and(struct dom *d, const struct cond *c, bit_id b, uint32_t tag);
const struct cond *cond_and_all(struct dom *d, const struct cond *c, const struct cond *e);

/* c alone, or with n more bits, has no model. False also when the budget of the search ran out. */
bool cond_unsat(struct dom *d, const struct cond *c, const bit_id *extra, unsigned n);

/* Every model of c makes b true. TOP is never entailed. */
bool cond_entails(struct dom *d, const struct cond *c, bit_id b);

/* A model of c and the extra bits: values of the atoms that occur (with predicates' operands). */
struct valuation {
	uint32_t n;
	struct { atom_id atom; bool value; } v[1024];
};
bool cond_model(struct dom *d, const struct cond *c, const bit_id *extra, unsigned n,
		struct valuation *m);
/*
 * The value of a word in the model; symbols that the model does not name count
 * as 0, or as the least address.
 */
uint64_t model_word(struct dom *d, const struct valuation *m, word_id w);
bool model_bit(struct dom *d, const struct valuation *m, bit_id b);

/*
 * A minimal subset of c's clauses that is still unsatisfiable with the extra
 * bits, as a bit mask by clause index. 0 where c and extra are satisfiable, or
 * the extra bits alone are not (the mask is then empty and *alone is set).
 */
uint64_t cond_core(struct dom *d, const struct cond *c, const bit_id *extra, unsigned n,
		   bool *alone);

/* The same condition over other symbols; clauses that become TOP are dropped. */
const struct cond *cond_subst(struct subst *s, const struct cond *c);

/*
 * There are values of the symbols that keep() rejects such that c holds: a
 * weaker condition over the kept symbols. imprecise where it may be strictly
 * weaker than that. keep() is asked for symbols without definition.
 */
const struct cond *cond_project(struct dom *d, const struct cond *c,
				bool (*keep)(void *, sym_id), void *arg);

/* Clauses that mention a forgotten symbol are dropped. */
const struct cond *cond_forget(struct dom *d, const struct cond *c,
			       bool (*pred)(void *, sym_id), void *arg);

/* The clauses of c connected to the bits by shared atoms (the rest cannot matter). */
const struct cond *cond_relevant(struct dom *d, const struct cond *c, const bit_id *bits,
				 unsigned n);

/*
 * c without the clauses that share nothing with another one; these are put into out[0..*n).
 * Some clauses may stay that could go.
 */
const struct cond *cond_without_lone(struct dom *d, const struct cond *c,
				     struct clause out[COND_CLAUSES], uint32_t *n);

/*
 * Join by discriminator. A discriminator is a bit that holds on every state of
 * side a and on none of side b. join_begin() finds those that the two
 * conditions offer; the others use them: a bit or word that differs becomes
 * ite(discriminator, a, b), exact, or TOP where that does not fit.
 */
struct join;
struct join *join_begin(struct dom *d, const struct cond *a, const struct cond *b);
bit_id join_bit(struct join *j, bit_id a, bit_id b);
word_id join_word(struct join *j, word_id a, word_id b);
const struct cond *join_cond(struct join *j);
void join_end(struct join *j);

void cond_print(struct dom *d, const struct cond *c, sym_namer name, void *arg,
		struct buffer *out);

#endif
