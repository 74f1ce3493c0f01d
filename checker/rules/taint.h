/* SPDX-License-Identifier: MIT */
/*
 * taint.h - which values of a function can be made of what it reads from a field
 *
 * By the look of the code: whatever is computed from the content, is put into a variable where a
 * branch has looked at it, or comes out of a function that got it or the record. For what the
 * engine has lost, where it has to be said that a rule may be concerned.
 */
#ifndef PF_RULES_TAINT_H
#define PF_RULES_TAINT_H

#include "rules/judge.h"

/* The store at loc in f's block has such a value; loc 0: a function that it calls gets one. */
bool taint_leaves(const struct judge *j, const struct fun *f, ir_loc loc, const struct class *of);

#endif
