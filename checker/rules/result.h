/* SPDX-License-Identifier: MIT */
/*
 * result.h - what the result of a function says of its success
 *
 * An integer of 0, true, and a pointer that is neither NULL nor an ERR_PTR() are success.
 */
#ifndef PF_RULES_RESULT_H
#define PF_RULES_RESULT_H

#include "domain/word.h"

/* The result of a function of this type is an error, as one bit; BIT_TOP: not known. */
bit_id result_is_error(struct dom *d, const struct ir_type *t, word_id ret);

#endif
