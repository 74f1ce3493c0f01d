/* SPDX-License-Identifier: MIT */
/*
 * solver.h - the inside of the solver: problem.c sets a problem up, propagate.c
 * draws conclusions, solve.c searches and gives the model
 *
 * Davis, Putnam, Logemann and Loveland over clauses that are truth tables, with
 * one theory: the value of a word against intervals (theory.c).
 *
 * A group is a word that comparisons with constants speak of. Whenever atoms
 * are decided, the group's assigned predicates leave a set of intervals and
 * its known bits a pattern; a word value must satisfy both. What every such
 * value has in common is propagated. A predicate that names one bit
 * (bit_named()) needs no group: it is a clause "the atom equals the table".
 */
#ifndef PF_DOMAIN_SOLVER_H
#define PF_DOMAIN_SOLVER_H

#include "domain/dom.h"

#define ATOM_LIMIT 4096
#define UNKNOWN (-1)
#define HOLDS (-1)

/* A function of atoms, by their number here, and what it is equal to. */
struct lclause {
	uint64_t t;
	uint16_t v[BIT_ATOMS];
	uint8_t n;
	int16_t def;		/* an atom; HOLDS: the function is true */
};

struct gpred {
	uint16_t atom;
	struct pred p;
};

/* A bit of a group's word that the problem speaks of. */
struct gbit {
	struct lclause f;
	uint8_t bit;
};

struct group {
	word_id base;
	uint8_t width;
	bool whole_sym, dirty;
	uint64_t mask, bits;	/* constant bits */
	Array(struct gpred) preds;
	Array(struct gbit) open;
};

/* A range of a list of users of an atom. */
struct use { uint32_t first, n; };

struct solver {
	struct dom *d;
	struct map index;	/* atom -> local number */
	Array(atom_id) atoms;
	Array(int8_t) val;
	Array(struct lclause) clauses;
	Array(struct group) groups;
	uint32_t ngroups;	/* in use; the arrays of the others are kept */
	struct map group_of;	/* word -> group + 1 */
	Array(struct use) uses, guses;	/* by atom: in clauses, in groups */
	Array(uint16_t) use_list, guse_list;
	Array(uint16_t) trail;
	uint32_t done;		/* trail entries that are propagated */
	uint32_t steps;
	uint32_t tried;		/* models */
	bool any_dirty;
	bool light;		/* predicates over masked words are free atoms */
	bool skipped;		/* light, and there were some */
	bool zeros;		/* the model's other atoms must be 0 */
	uint8_t variant;	/* of the defaults that the model needs */
	const bit_id *bits;	/* the clauses as they were given */
	unsigned nbits;
	unsigned failed;	/* the bit that was false under the last values, if any was */
	Array(struct wval) values;	/* the model, ascending by symbol */
	struct map value_of;	/* symbol -> index + 1, while it is made */
};

/* problem.c: the clauses over local atoms; NULL where there are too many. */
struct solver *solver_start(struct dom *d, const bit_id *bits, unsigned n, bool light);

/* propagate.c */
/* The table of c under the assignment. */
static inline uint64_t table_now(const struct solver *s, const struct lclause *c)
{
	uint64_t t = c->t;

	for (unsigned k = 0; k < c->n; k++) {
		int8_t v = s->val.v[c->v[k]];

		if (v != UNKNOWN)
			t = fn_cofactor(t, k, v);
	}
	return t;
}

void assign(struct solver *s, uint16_t atom, bool v);
/* Draws all conclusions; false where the assignment contradicts itself. */
bool propagate(struct solver *s);
/* The same from nothing assigned. */
bool propagate_all(struct solver *s);

/* The values left to a group, and the bits of them that are known. */
struct view {
	struct ivs ivs;
	uint64_t mask, bits;
	bool bounded;
};
void group_view(const struct solver *s, const struct group *g, struct view *v);

#endif
