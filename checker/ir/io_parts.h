/* SPDX-License-Identifier: MIT */
/*
 * io_parts.h - how the bytes of a unit are laid out
 *
 * "PFIR", the version, the length of each column, the columns. A column holds
 * one number of every entry of a table, so that like stands by like for the
 * compressor behind; the reader walks all of them at once. Numbers are LEB128,
 * signed ones zigzag, and an index that may be IR_NONE is written plus one.
 *
 * What can be told from what stands before is not written, or is 0: an index
 * that is the next one of its column, the temporary behind the last one, the
 * width of the temporary. Which fields an instruction has says its shape; the
 * shapes and the types are tables, numbered by first use.
 */
#ifndef PF_IR_IO_PARTS_H
#define PF_IR_IO_PARTS_H

#include "ir/ir.h"

enum io_column {
	IO_HEAD,
	IO_TEXT,
	IO_PLACE, IO_PLACE_FILE, IO_PLACE_LINE, IO_PLACE_COL, IO_PLACE_STEP, IO_PLACE_END_LINE,
	IO_PLACE_END_COL, IO_PLACE_LONG, IO_PLACE_MACRO,
	IO_SPELL_FILE, IO_SPELL_LINE, IO_SPELL_COL,
	IO_CONST_WIDTH, IO_CONST_VALUE,
	IO_TYPE, IO_TYPE_WIDTH, IO_TYPE_REC, IO_TYPE_SIZE, IO_TYPE_ELEM,
	IO_SHAPE,
	IO_RECORD, IO_RECORD_TAG, IO_RECORD_SIZE, IO_RECORD_FIELDS,
	IO_FIELD, IO_FIELD_NAME, IO_FIELD_OFF, IO_FIELD_WIDTH, IO_FIELD_UNIT, IO_FIELD_TYPE,
	IO_REASON, IO_REASON_TEXT, IO_REASON_LOC,
	IO_GLOBAL, IO_GLOBAL_NAME, IO_GLOBAL_TYPE, IO_GLOBAL_OWNER, IO_GLOBAL_BYTES, IO_GLOBAL_INITS,
	IO_INIT_OFF, IO_INIT_WIDTH, IO_INIT_VALUE, IO_INIT_FUNC, IO_INIT_GLOBAL,
	IO_FUNC, IO_FUNC_NAME, IO_FUNC_STATE, IO_FUNC_REASON, IO_FUNC_TYPE, IO_FUNC_LOC,
	IO_FUNC_PARAMS, IO_FUNC_LOCALS, IO_FUNC_TEMPS, IO_FUNC_ARGS, IO_FUNC_BLOCKS,
	IO_LOCAL, IO_LOCAL_NAME, IO_LOCAL_TYPE, IO_LOCAL_LOC,
	IO_TEMP_TYPE,
	IO_ARG, IO_ARG_TEMP, IO_ARG_CONST,
	IO_BLOCK,
	IO_INSN, IO_INSN_DST, IO_INSN_WIDTH, IO_INSN_A, IO_INSN_B, IO_INSN_C, IO_INSN_CONST,
	IO_INSN_LOCAL, IO_INSN_FUNC, IO_INSN_GLOBAL, IO_INSN_REASON, IO_INSN_IMM,
	IO_INSN_ARGS, IO_INSN_NARGS, IO_INSN_REC, IO_INSN_RECOFF, IO_INSN_OFF, IO_INSN_LOC,
	IO_TERM, IO_TERM_COND, IO_TERM_CONST, IO_TERM_SUCCS, IO_SUCC,
	IO_TERM_CASES, IO_CASE_LO, IO_CASE_HI, IO_CASE_BLOCK,
	IO_NAMES, IO_NAME,
	IO_COLUMNS
};

/* The bits of IO_PLACE: what is as in the place before, or as usual. */
enum {
	IO_SAME_FILE = 1,
	IO_SAME_START = 2,	/* line and column */
	IO_SAME_LINE = 4,
	IO_SAME_END = 8,	/* both, as in the place before */
	IO_ONE_LINE = 16,	/* it ends in the line that it begins in */
	IO_SAME_MACRO = 32,
	IO_NO_SPELL = 64,	/* spell_* is 0 */
	IO_SAME_SPELL_FILE = 128,
};

/* The bits of IO_FIELD. */
enum {
	IO_BITFIELD = 1,
	IO_IN_UNION = 2,
	IO_HAS_OFF = 4,		/* it does not begin where the one before ends */
	IO_HAS_WIDTH = 8,	/* other than its type's size */
	IO_HAS_UNIT = 16,	/* its memory location is not itself */
	IO_DECLARED = 32,	/* it has an annotation */
};

/* The fields that an instruction of a shape has; the others are as usual. */
enum {
	IO_HAS_DST = 1,		/* a temporary follows in its column ... */
	IO_NEXT_DST = 2,	/* ... or it is the one behind the last; neither: none */
	IO_OWN_WIDTH = 4,	/* not that of io_width() */
	IO_HAS_IMM = 8,
	IO_NO_IMM = 16,		/* IR_NONE; neither: 0 */
	IO_HAS_ARGS = 32,	/* where its arguments begin is written, */
	IO_NEXT_ARGS = 64,	/* or it is behind those of the call before */
	IO_HAS_REC = 128,
	IO_HAS_RECOFF = 256,
	IO_OFF_IS_RECOFF = 512,
	IO_HAS_OFF_OWN = 1024,
};

/* op, mark, flags, the kinds of a, b and c, and what of IO_HAS_*, in one number. */
static inline uint64_t io_shape(const struct ir_insn *i, unsigned has)
{
	return i->op | (uint64_t)i->mark << 8 | (uint64_t)i->flags << 16 |
	       (uint64_t)i->a.kind << 24 | (uint64_t)i->b.kind << 26 |
	       (uint64_t)i->c.kind << 28 | (uint64_t)has << 32;
}

/* What was written or read last, which the next is told by. */
struct io_state {
	uint32_t next[IO_COLUMNS];	/* one behind the largest of the column */
	struct map lines;		/* file -> last line in it */
	struct ir_place place;		/* the one before */
};

static inline uint64_t io_zigzag(uint64_t v)
{
	return v << 1 ^ (0 - (v >> 63));
}

static inline uint64_t io_unzigzag(uint64_t v)
{
	return v >> 1 ^ (0 - (v & 1));
}

/* 0 for the next index of the column, small where one was used a short time ago. */
static inline uint64_t io_fresh(uint32_t *next, uint32_t i)
{
	uint64_t v = io_zigzag((uint64_t)*next - i);

	if (i >= *next)
		*next = i + 1;
	return v;
}

/* Which column an instruction's imm stands in. */
enum io_column io_imm_column(enum ir_op op);

/* The width that the operands of the instruction let expect. */
uint8_t io_width(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i);

#endif
