/* SPDX-License-Identifier: MIT */
/*
 * targets.h - the functions that a call through a member can reach
 *
 * An operations table is a record with pointers to functions. Of a program all
 * that is put into a member is known: by initialisers, and by stores of a
 * function's address. A member is named by the innermost record that it
 * stands in, so that it is one wherever that record is embedded.
 *
 * A member into which something else is stored, a parameter or what another
 * member holds, is open: the call may lead elsewhere too. Copies of whole
 * records between objects of one type put nothing new into it.
 */
#ifndef PF_ENGINE_TARGETS_H
#define PF_ENGINE_TARGETS_H

#include "ir/ir.h"

struct slot_targets {
	str_id member;		/* its name */
	Array(ir_fn) fns;	/* in the order of the program */
	bool open;
	bool called;		/* some body calls through the member */
};

struct targets {
	struct ir_unit *unit;
	struct map index;	/* member -> slot + 1 */
	Array(struct slot_targets) slots;
	struct map escaped;	/* functions whose address goes elsewhere than into members */
};

/* From the bodies that are there. */
void targets_init(struct targets *t, struct ir_unit *u);
void targets_release(struct targets *t);

/* Of a call through a pointer; NULL where it was loaded from no member, or nothing is put there. */
const struct slot_targets *targets_of(const struct targets *t, const struct ir_insn *call);

/* The name of the member that the call's pointer was loaded from, or NULL. */
const char *targets_member(const struct targets *t, const struct ir_insn *call);

/*
 * The function can be called by who is not in the program: its address is passed
 * on, or stands in a member that is open or that nobody here calls through.
 */
bool targets_escapes(const struct targets *t, ir_fn fn);

/* Whether it stands in the member. */
bool targets_stands_in(const struct slot_targets *s, ir_fn fn);

/* Another unit may put something into members of that name. */
void targets_open(struct targets *t, bool (*elsewhere)(void *arg, const char *name), void *arg);

#endif
