/* SPDX-License-Identifier: MIT */
/*
 * infer.h - the discipline of the fields of a record, from their accesses
 */
#ifndef PF_RULES_INFER_H
#define PF_RULES_INFER_H

#include "base/buffer.h"
#include "rules/shared.h"

/*
 * A rule file: in comments a table of the fields of rec, with the places that access
 * them once others can reach the object and the locks that are held there; then, where
 * the evidence is strong, the rules that say so. Strong is a lock that all writes hold
 * and three places or more do; and a field that three places read, and nobody writes.
 */
void infer_print(struct judge *j, ir_rec rec, struct buffer *out);

#endif
