/* SPDX-License-Identifier: MIT */
/*
 * link_parts.h - what the parts of the linker share
 */
#ifndef PF_IR_LINK_PARTS_H
#define PF_IR_LINK_PARTS_H

#include "ir/link.h"

/* The copy of one unit. Maps lead from an index there to one here, plus one. */
struct ir_copy {
	struct ir_linker *l;
	struct ir_unit *to, *from;
	struct map names, locs, recs, reasons, funcs, globs;
	struct map complete;		/* records whose fields were copied */
	struct map open;		/* records here whose fields are being copied */
	struct map hashes;		/* function -> hash of its body; see link_hash.c */
	unsigned hash_depth;		/* functions that are being hashed */
	Array(ir_fn) bodies;		/* to be copied: of from */
	Array(ir_glob) values;		/* the same of initial values */
};

str_id link_name(struct ir_copy *c, str_id id);
ir_loc link_loc(struct ir_copy *c, ir_loc loc);

/* --- link_record.c */
/* The record here. fields: with its fields, those of records in it too. */
ir_rec link_record(struct ir_copy *c, ir_rec rec, bool fields);
struct ir_type link_type(struct ir_copy *c, struct ir_type t);

/* --- link_hash.c */
/*
 * What a function of a header is, whatever unit it stands in: equal hashes are
 * equal bodies with equal callees. 0: it refers to what only its unit has.
 */
uint64_t link_hash(struct ir_copy *c, ir_fn fn);

#endif
