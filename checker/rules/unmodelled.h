/* SPDX-License-Identifier: MIT */
/*
 * unmodelled.h - what the bodies that were reached have and the IR has no model of
 *
 * Each such place is an unknown value, a havoc or an inline assembly without a
 * model, with a reason. It is sound: a proof holds for every value that may be
 * there. But it is where proofs get lost, so it is counted and can be listed.
 */
#ifndef PF_RULES_UNMODELLED_H
#define PF_RULES_UNMODELLED_H

#include "base/buffer.h"
#include "ir/ir.h"

/* Their number; with out a line "FUNCTION: REASON" for each, in the order of the functions. */
unsigned unmodelled_collect(const struct ir_unit *u, struct buffer *out);

#endif
