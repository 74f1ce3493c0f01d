/* SPDX-License-Identifier: MIT */
/*
 * link.h - functions of many units brought together in one
 *
 * What a linker does with objects, done with the IR: ir_link_unit() copies
 * functions of a unit, and all that they refer to, into a program, itself a
 * struct ir_unit, in which they are what they are in the kernel:
 *
 *	external functions and variables	one for each name; the body, or the
 *			initial value, is that of the unit that defines it. A strong
 *			definition replaces a weak one. A second strong one (of another
 *			module) stays its unit's own
 *	static ones	each unit's own, also where names agree. Those of headers are
 *			one where their bodies, with all that they call, are the same
 *	records		one for each tag and layout; one whose members a unit never
 *			asked for is that of its tag with the same size
 *
 * The same copy with one unit makes that unit small: only what is reached from
 * the roots comes along.
 *
 *	struct ir_linker l;
 *
 *	ir_linker_init(&l, &program);
 *	ir_link_unit(&l, &unit);	for each unit, in the order of their names
 *	ir_linker_release(&l);
 */
#ifndef PF_IR_LINK_H
#define PF_IR_LINK_H

#include "ir/ir.h"

/* A function of the program that a unit has, among others perhaps. */
struct ir_owner {
	ir_fn fn;
	uint32_t unit;
};

struct ir_linker {
	struct ir_unit *to;
	struct map shared;		/* hash of a header's body -> function + 1 */
	struct map same_tag;		/* tag -> first record + 1 */
	Array(ir_rec) next_same;	/* by record: the next of that tag, or IR_NONE */
	unsigned doubles;		/* external definitions that were there already */
	uint32_t unit;			/* of what is copied next, for owners */
	Array(struct ir_owner) owners;	/* of bodies */
};

void ir_linker_init(struct ir_linker *l, struct ir_unit *to);
void ir_linker_release(struct ir_linker *l);

/*
 * Copies the roots of from and what they need: the functions with a body that
 * are no header's, those made for expressions of rules, the variables that hold
 * addresses of functions or have a value for other units, and the records
 * listed. from is lowered on demand and
 * can go afterwards.
 */
void ir_link_unit(struct ir_linker *l, struct ir_unit *from, const ir_rec *records, unsigned n);

#endif
