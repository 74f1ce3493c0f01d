/* SPDX-License-Identifier: MIT */
/*
 * infer.h - the discipline of the fields of a record, from their accesses
 */
#ifndef PF_RULES_INFER_H
#define PF_RULES_INFER_H

#include "base/buffer.h"
#include "rules/shared.h"

/*
 * A table of the fields of rec: accesses once others can reach the object, the
 * locks of the object that are held at the writes, and what follows from that;
 * then the rules that say so, to be pasted into a rule file.
 */
void infer_print(struct judge *j, ir_rec rec, struct buffer *out);

#endif
