/* SPDX-License-Identifier: MIT */
/*
 * diff.h - the IR of a function against what compilers make of it
 *
 * A subject is a file of C with functions `u64 NAME(u64 a, u64 b, struct ctx *m)`.
 * Each is compiled by every compiler at every level, lowered to IR, and run on
 * the same arguments and the same bytes at the same address; the result and
 * the bytes must be equal. Before each function everything is loaded anew, so
 * that static variables start from the same state and one function can be
 * reproduced alone.
 *
 * Optimisers have bugs of their own: clang-22 -O2 has the wrong low bit where
 * __builtin_sub_overflow() takes a signed and an unsigned operand. One that
 * differs from all others is printed; in more than one function of a hundred
 * it fails the run, since then it is the subjects that are undefined.
 */
#ifndef PF_TEST_DIFF_DIFF_H
#define PF_TEST_DIFF_DIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buffer.h"
#include "model/model.h"

/* Those without optimisation stand first. */
enum { VARIANTS_PLAIN = 2, VARIANTS = 4 };

struct variant {
	const char *cc, *level;
};
extern const struct variant variants[VARIANTS];

/* Mistakes for plant.c; the name says what is done instead of the right thing. */
enum plant {
	PLANT_SEXT, PLANT_ZEXT, PLANT_BOOL, PLANT_UNSIGNED, PLANT_SIGNED, PLANT_BOUND, PLANT_SHIFT,
	PLANT_DIVISION, PLANT_OPERATOR, PLANT_BIT, PLANT_OFFSET, PLANT_STORE, PLANT_CLEANUP, PLANTS
};

struct subject {
	const char *source;
	const char *include;		/* folder of its headers, or NULL */
	const char *work;		/* folder for what is compiled */
	const struct model *model;
	Array(const char *) names;	/* functions to run */
	const char *only;		/* just this one, or NULL */
	uint64_t seed;			/* of the inputs */
	unsigned inputs;		/* runs of each function */
	bool plant;			/* also try whether planted mistakes are seen */
};

/* What a run is at, in memory that the parent shares and reads after a crash. */
struct progress {
	char function[64];
	char runner[32];
	unsigned input;
	unsigned functions, runs, differences;
	unsigned optimisers;	/* functions in which one of them is alone with its result */
	unsigned planted[PLANTS], caught[PLANTS];
};

/* Path of the shared object of a variant; in a static buffer. */
const char *native_path(const struct subject *s, unsigned variant);
/* Compiles all variants. False with the compilers' messages on stderr. */
bool native_compile(const struct subject *s);

typedef uint64_t (*native_fn)(uint64_t a, uint64_t b, void *m);
struct native {
	void *so;
	native_fn f;
	void (*fix)(void *m);
	uint64_t size;
};
bool native_load(const struct subject *s, unsigned variant, const char *name, struct native *n);
void native_unload(struct native *n);

/* Runs everything; false where something differed. Prints to stdout. */
bool compare_subject(const struct subject *s, struct progress *p);

#endif
