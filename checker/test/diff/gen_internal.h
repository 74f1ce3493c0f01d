/* SPDX-License-Identifier: MIT */
/* gen_internal.h - what the parts of the generator share */
#ifndef PF_TEST_DIFF_GEN_INTERNAL_H
#define PF_TEST_DIFF_GEN_INTERNAL_H

#include <stdbool.h>

#include "base/array.h"
#include "gen.h"

enum ty { U8, S8, U16, S16, U32, S32, U64, S64, BOOL, CHAR, ENUM, SENUM, ULONG, LLONG, NTY };

struct ty_info {
	const char *name;
	uint8_t bits;
	bool is_signed;
};
extern const struct ty_info ty_info[NTY];

/* Something that can be read and assigned: pre, an index below mask + 1 in brackets, post. */
struct place {
	char pre[40];
	char post[24];
	uint8_t mask;		/* 0: not indexed */
	uint8_t ty;		/* enum ty */
	uint8_t width;		/* of a bit-field, else 0 */
	bool in_node;		/* pre follows a struct node */
	bool read_only;
	bool simple;		/* a variable of the function, reached by its name alone */
};

struct helper {
	uint8_t ret, params[3], nparams;	/* enum ty */
};

struct gen {
	struct buffer *out;
	uint64_t rng;
	int indent;
	Array(struct place) fields;	/* of struct ctx, of struct node, tables */
	Array(struct place) locals;	/* of the function being made */
	Array(struct place) effects;	/* locals that only effects write */
	Array(struct helper) helpers;
	Array(unsigned) costs;		/* of a call of f<i>, in statements */
	unsigned fn;
	unsigned cost, times;		/* of this one so far; of the loops around */
	unsigned loops, labels, temps;	/* names used; the next label */
	int depth;			/* nesting of statements */
	bool in_loop, in_switch, pure;	/* pure: a helper, which has no m */
};

#define GEN_COST_MAX 1500	/* statements that one call may execute */
#define GEN_LOOPS 6		/* loops in one function: i0 ... */

/* gen_expr.c */
uint64_t rnd(struct gen *g);
unsigned below(struct gen *g, unsigned n);
bool chance(struct gen *g, unsigned percent);
enum ty gen_type(struct gen *g);
__attribute__((format(printf, 2, 3)))
void emit(struct gen *g, const char *fmt, ...);
void gen_literal(struct gen *g);
/* A place to assign to; the struct stays valid until places are added. */
const struct place *gen_pick(struct gen *g, bool to_write);
void gen_place(struct gen *g, const struct place *p);
/* An expression without effects. */
void gen_expr(struct gen *g, int depth);
/* An expression whose effects are sequenced among themselves and touch only effects. */
void gen_effect(struct gen *g);

/* gen_types.c */
void gen_types(struct gen *g);

/* gen_stmt.c */
void gen_block(struct gen *g, unsigned n);
void gen_line(struct gen *g);

#endif
