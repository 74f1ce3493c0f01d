/* SPDX-License-Identifier: MIT */
/*
 * binder.h - where the names of a rule are looked up
 *
 * In a unit behind the front end, which makes records known when they are
 * asked for and has diagnostics about the rules' expressions; or in a program
 * that was put together from the facts of many units, where what is not there
 * was in none of them.
 */
#ifndef PF_RULES_BINDER_H
#define PF_RULES_BINDER_H

#include "frontend/frontend.h"
#include "ir/ir.h"

struct rule;

struct binder {
	struct ir_unit *unit;
	struct frontend *fe;	/* NULL: a program */
	/* PROGRAM: a unit that is not in it may have that name; NULL: none may. */
	bool (*elsewhere)(void *arg, const char *name);
	/* The same of what matters to a rule: who answers may look further. NULL: none. */
	bool (*wants)(void *arg, const char *name);
	/* Who names it must be seen, or nothing is decided; NULL: all that can be is. */
	void (*needs)(void *arg, const char *name);
	/* Whether a unit in the rule's scope has the function; NULL: that is known. */
	bool (*covers)(void *arg, const struct rule *r, ir_fn fn);
	void *arg;
};

struct binder binder_of_unit(struct frontend *fe);
struct binder binder_of_program(struct ir_unit *program);

/* The record of that tag, with its fields where the source has them; IR_NONE for none. */
ir_rec binder_record(const struct binder *in, const char *tag);

/* The variable at file scope; IR_NONE for none. */
ir_glob binder_variable(const struct binder *in, const char *name);

/* Why the function on that line of the snippet did not parse, or NULL. */
const char *binder_fault(const struct binder *in, uint32_t line);

#endif
