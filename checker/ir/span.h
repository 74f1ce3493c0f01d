/* SPDX-License-Identifier: MIT */
/*
 * span.h - bits of a record, found again in the records that hold it
 */
#ifndef PF_IR_SPAN_H
#define PF_IR_SPAN_H

#include "ir/ir.h"

struct ir_span {
	ir_rec rec;		/* IR_NONE: it is nowhere */
	uint64_t off, width;	/* bits */
};

/*
 * Whether the width bits from off on of a record rec, UINT64_MAX for all that follow, have
 * some of the span: it is of that record, or of one that is a member there. Yes where
 * records are nested too deep to tell, or the members of one are not listed that is large enough.
 */
bool ir_span_in(const struct ir_unit *u, const struct ir_span *span, ir_rec rec, uint64_t off,
		uint64_t width);

/*
 * Whether a record of that kind begins at that bit of the outer one, in an element of an array say,
 * or is it. Yes where the members of one are not listed that reaches so far.
 */
bool ir_record_at(const struct ir_unit *u, ir_rec rec, ir_rec outer, int64_t at);

/* Whether a record of that kind stands in the outer one, in an arm of a union say. */
bool ir_record_in(const struct ir_unit *u, ir_rec rec, ir_rec outer);

#endif
