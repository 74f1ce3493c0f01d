/* SPDX-License-Identifier: MIT */
/*
 * ir.h - the intermediate representation of a translation unit
 *
 * Three-address code over a control-flow graph. C's objects (locals,
 * parameters, globals, static locals) live in memory and are reached by
 * addresses; temporaries are the values in between, each defined by exactly
 * one instruction. There is no SSA for variables: a local is stored and loaded.
 *
 * Everything that C leaves implicit is explicit here: conversions (truncation
 * and _Bool conversion are different instructions), bit-field positions in
 * bits, member offsets as numbers, cleanup calls on every scope exit, the
 * order of evaluation (left to right), the value of sizeof and offsetof.
 * Integer arithmetic wraps (the kernel is built with -fno-strict-overflow).
 *
 * What the front end cannot express becomes IR_UNKNOWN or IR_HAVOC with a
 * reason, and the engine carries the reason to the verdict.
 *
 * Ownership: all of a unit is in unit->arena and goes with ir_unit_release().
 * Bodies are lowered on demand: ask for one with ir_func_body().
 *
 * Sizes and offsets are in bits unless a name says bytes.
 */
#ifndef PF_IR_IR_H
#define PF_IR_IR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"

#define IR_NONE UINT32_MAX

typedef uint32_t ir_rec;	/* index into unit->records */
typedef uint32_t ir_fn;		/* index into unit->funcs */
typedef uint32_t ir_glob;	/* index into unit->globals */
typedef uint32_t ir_loc;	/* index into unit->locs; 0 is "nowhere" */

/* ------------------------------------------------------------------ types */

enum ir_tkind {
	IR_T_VOID,
	IR_T_INT,		/* width 1..128, is_signed; enums are their integer type */
	IR_T_BOOL,		/* _Bool: 8 bits in memory, values 0 and 1 */
	IR_T_PTR,		/* width 64 or 32 */
	IR_T_AGG,		/* struct, union, array: only in memory */
	IR_T_FLOAT,		/* not modelled: values of it are unknown */
};

struct ir_type {
	uint8_t kind;		/* enum ir_tkind */
	uint8_t width;		/* INT, BOOL (8), PTR: bits of the value */
	bool is_signed;
	bool is_func_ptr;	/* PTR to a function */
	ir_rec rec;		/* PTR: record pointed to; AGG: the record (or the
				 * element's record for an array); else IR_NONE */
	uint64_t size;		/* bits in memory; for a PTR also its own size.
				 * An array of unknown bound has size 0 */
	uint64_t elem_size;	/* PTR: size of what it points to (0 unknown);
				 * AGG array: size of one element; else 0 */
};

/*
 * A named or embedded member. Members of anonymous struct and union members
 * are listed in the record that encloses them, under their own name and with
 * the offset from the start of that record; nested named members are listed
 * once, with rec telling their type.
 */
struct ir_field {
	str_id name;
	uint64_t off;		/* bits from the start of the record */
	uint64_t width;		/* bits; for arrays the whole array */
	uint64_t unit_off;	/* its C11 memory location (3.14): a maximal run of */
	uint64_t unit_width;	/* adjacent bit-fields, else the member itself */
	struct ir_type type;
	str_id declared;	/* an annotation that the models name, "__guarded_by(&lock)"; or 0 */
	bool is_bitfield;
	bool in_union;		/* below an anonymous union or in a union record */
};

struct ir_record {
	str_id tag;		/* "struct foo", "union bar", "typedef baz_t" for an
				 * untagged one with a typedef name, else
				 * "struct (file:line)" */
	uint64_t size;
	bool complete;		/* the fields are listed: once one is accessed, or by name */
	bool is_union;
	Array(struct ir_field) fields;
};

/* -------------------------------------------------------------- locations */

/*
 * A place in the source. file/line/col is the expansion location (where a
 * reader looks); macro is the name of the outermost macro whose expansion the
 * code is part of, or 0. spell_* is the place inside the macro definition, 0
 * without one. Columns are clang's: 1-based bytes.
 */
struct ir_place {
	str_id file;		/* as clang names it */
	uint32_t line, col;
	uint32_t end_line, end_col;	/* exclusive end */
	str_id macro;
	str_id spell_file;
	uint32_t spell_line, spell_col;
};

/* ----------------------------------------------------------------- values */

enum ir_vkind {
	IR_V_NONE,		/* no operand */
	IR_V_TEMP,		/* i: temporary of the function */
	IR_V_CONST,		/* i: index into unit->consts */
};

struct ir_val {
	uint32_t kind : 2;
	uint32_t i : 30;
};

#define IR_VAL_NONE ((struct ir_val){ IR_V_NONE, 0 })
#define IR_VAL_MAX 0x3fffffffu	/* of i */

struct ir_const {
	uint64_t value;		/* zero-extended; bits above width are 0 */
	uint8_t width;		/* 1..64 */
};

/* ----------------------------------------------------------- instructions */

enum ir_op {
	IR_NOP,
	/*
	 * dst = the k-th parameter (k in imm). Only in the entry block. An
	 * aggregate comes as the address of a copy that the caller has made; where
	 * ret is an aggregate, parameter 0 is the address of the result, the
	 * parameters of C follow from 1, and RET has no value.
	 */
	IR_PARAM,
	/* dst = address of an object + off bits. imm: index of the object. */
	IR_ADDR_LOCAL,		/* imm: index into fn->locals */
	IR_ADDR_GLOBAL,		/* imm: ir_glob (static locals, string literals too) */
	IR_ADDR_FUNC,		/* imm: ir_fn */
	/* dst = a. Also between a pointer and an integer of the same width. */
	IR_COPY,
	/* dst = a op b, all of dst's width. Shift counts are taken as they are: a
	 * count >= width is undefined in C and any value here. */
	IR_ADD, IR_SUB, IR_MUL, IR_UDIV, IR_SDIV, IR_UREM, IR_SREM,
	IR_AND, IR_OR, IR_XOR, IR_SHL, IR_LSHR, IR_ASHR,
	/* dst (width 1) = a op b; a and b of one width. */
	IR_EQ, IR_NE, IR_ULT, IR_ULE, IR_SLT, IR_SLE,
	/* dst = op a, same width. */
	IR_NOT, IR_NEG,
	/* dst = conversion of a. TRUNC keeps the low dst-width bits; TOBOOL gives
	 * width 1: a != 0. */
	IR_TRUNC, IR_ZEXT, IR_SEXT, IR_TOBOOL,
	/* dst = pointer a + off bits (constant, signed). */
	IR_PTROFF,
	/* dst = pointer a + b * off bits; b is a signed 64-bit index. */
	IR_PTRADD,
	/* dst = *(a + off bits), width bits, zero-extended to nothing: dst has the
	 * width that is read. See struct ir_insn for rec, recoff, mark. */
	IR_LOAD,
	/* *(a + off bits) = b, width bits. flags: IR_F_COND where the store may
	 * not happen (a compare-and-exchange). */
	IR_STORE,
	/* memset: c bytes at a set to the byte b. */
	IR_MEMSET,
	/* memcpy of c bytes from b to a; also struct assignment. */
	IR_MEMCPY,
	/*
	 * dst = the old value of *(a + off bits), width bits, and the location
	 * takes rmw(old, b) in one atomic step (imm: enum ir_rmw). For
	 * IR_RMW_CMPXCHG b is the new value and c the expected one; the store
	 * happens only where old == c.
	 */
	IR_RMW,
	/* dst = call. Direct: imm is the ir_fn and a is NONE. Indirect: a is the
	 * function pointer, imm is IR_NONE, rec/recoff name the member that it was
	 * loaded from, if it was. Arguments: fn->args[args .. args+nargs); an
	 * aggregate argument or result as for IR_PARAM. off: what the declaration
	 * of a callee without a body says, see IR_ARG_CONST(). */
	IR_CALL,
	/* dst = some value. imm: index into unit->reasons. */
	IR_UNKNOWN,
	/* *(a + off bits), width bits (0: the whole object around it), takes some
	 * value. imm: reason. */
	IR_HAVOC,
	/* An instruction that raises an exception; goes on behind it if the block does. */
	IR_TRAP,
	/* The execution of an inline asm that has no model; its outputs are
	 * IR_HAVOCs after it. imm: reason. flags: IR_F_CLOBBER where it has a
	 * "memory" clobber and a template that is not empty; then what its pointer
	 * operands point to may be written: they are its arguments, as of a call. Without
	 * the flag they may be stored where others find them, and nothing else. */
	IR_ASM,
};

enum ir_mark {
	IR_PLAIN,
	IR_ONCE,		/* volatile access: READ_ONCE, WRITE_ONCE */
	IR_ACQUIRE,
	IR_RELEASE,
	IR_ATOMIC,		/* atomic read-modify-write */
};

enum ir_rmw { IR_RMW_XCHG, IR_RMW_CMPXCHG, IR_RMW_ADD, IR_RMW_SUB,
	      IR_RMW_AND, IR_RMW_OR, IR_RMW_XOR };

/*
 * Of the first 21 arguments of a call, in its off: what it points to is not written, since the
 * parameter points to what is const or to a record of another type; it is a record that the
 * callee knows; it is the context, as void *, of a function that the callee is given with it, or
 * of one that is called through a pointer by who got it as void * himself.
 */
#define IR_ARGS_TOLD		21
#define IR_ARG_BIT(k, n)	((int64_t)((k) < IR_ARGS_TOLD ? \
				 (uint64_t)1 << ((k) + (n) * IR_ARGS_TOLD) : 0))
#define IR_ARG_CONST(k)		IR_ARG_BIT(k, 0)
#define IR_ARG_RECORD(k)	IR_ARG_BIT(k, 1)
#define IR_ARG_CONTEXT(k)	IR_ARG_BIT(k, 2)

enum ir_iflag {
	IR_F_COND = 1,		/* the store may not happen */
	IR_F_CLOBBER = 2,	/* asm: may write memory that is not an operand */
	IR_F_CLEANUP = 4,	/* a call made by __attribute__((cleanup)) */
	IR_F_BITFIELD = 8,	/* LOAD/STORE of a bit-field: the machine reads or
				 * writes the whole memory location */
	IR_F_INIT = 16,		/* store made by an initialiser */
	IR_F_NORETURN = 32,	/* call of a function that does not return */
};

struct ir_insn {
	uint8_t op;		/* enum ir_op */
	uint8_t mark;		/* enum ir_mark, of LOAD, STORE, RMW */
	uint8_t width;		/* bits of dst; of the access for STORE, HAVOC */
	uint8_t flags;		/* enum ir_iflag */
	uint32_t dst;		/* temporary, or IR_NONE */
	struct ir_val a, b, c;
	uint32_t imm;
	uint32_t args, nargs;	/* CALL */
	/*
	 * LOAD, STORE, RMW, HAVOC, MEMCPY/MEMSET target and indirect CALL: what
	 * the source accesses. rec is the record at the base of the member path
	 * (the last pointer dereferenced, or the local or global variable);
	 * recoff the offset in bits of the accessed bits from its start. IR_NONE
	 * where the access is no member access (*p of a scalar). A variable index
	 * ends the path: behind it the element's record is the base, and there is
	 * none where the elements are scalars.
	 * "d->sspt.iommu.features" has rec struct dmar_domain.
	 */
	ir_rec rec;
	uint64_t recoff;
	int64_t off;		/* bits; see the instruction */
	ir_loc loc;
};

enum ir_tmkind {
	IR_JMP,			/* to succ[0] */
	IR_BR,			/* cond (width 1): true succ[0], false succ[1] */
	IR_SWITCH,		/* cond against cases; else succ[0] */
	IR_RET,			/* returns cond, or nothing (IR_V_NONE) */
	IR_UNREACH,		/* control cannot come here: BUG(), noreturn */
	IR_ASM_GOTO,		/* to any of succ[0..nsucc): asm goto, computed goto */
};

struct ir_case {
	uint64_t lo, hi;	/* inclusive, zero-extended; compared as is_signed says */
	uint32_t block;
};

struct ir_term {
	uint8_t kind;		/* enum ir_tmkind */
	bool is_signed;		/* SWITCH: cases are signed */
	struct ir_val cond;
	uint32_t *succ;		/* blocks */
	uint32_t nsucc;
	struct ir_case *cases;
	uint32_t ncases;
	ir_loc loc;
};

struct ir_block {
	Array(struct ir_insn) insns;
	struct ir_term term;
};

/* -------------------------------------------------------------- functions */

struct ir_local {
	str_id name;		/* "" for one that the front end made */
	struct ir_type type;
	bool is_param;
	ir_loc loc;		/* for the printer; the link drops it */
};

struct ir_temp {
	struct ir_type type;
};

enum ir_fflag {
	IR_FN_STATIC = 1,
	IR_FN_INLINE = 2,
	IR_FN_NORETURN = 4,
	IR_FN_VARIADIC = 8,
	IR_FN_ADDR_TAKEN = 16,	/* its address is stored or passed, in what was lowered so far
				 * or in an initialiser outside of headers */
	IR_FN_HEADER = 32,	/* defined in a file below include/ or arch/x/include */
	IR_FN_HAS_BODY = 64,	/* a definition stands in this unit */
	IR_FN_EXPR = 128,	/* made for an expression of a rule */
	IR_FN_WEAK = 256,	/* another unit may replace the body; known once it is lowered */
	IR_FN_UNGUARDED = 512,	/* says that it does not keep to what members are declared with;
				 * known once it is lowered */
};

enum ir_body_state { IR_BODY_NONE, IR_BODY_READY, IR_BODY_FAILED };

struct ir_func {
	str_id name;
	uint32_t flags;		/* enum ir_fflag */
	uint8_t state;		/* enum ir_body_state: of the lowered body */
	uint32_t reason;	/* why FAILED: index into unit->reasons */
	struct ir_type ret;
	Array(struct ir_local) locals;	/* the parameters first, in order */
	uint32_t nparams;
	Array(struct ir_temp) temps;
	Array(struct ir_block) blocks;	/* blocks.v[0] is the entry */
	Array(struct ir_val) args;
	ir_loc loc;		/* of a header's function once it is referenced */
	void *decl;		/* the front end's */
};

/* One constant part of a global's initial value. */
struct ir_init {
	uint64_t off, width;	/* bits */
	uint64_t value;		/* the bits, or the byte offset from a symbol */
	ir_fn fn;		/* address of this function, or IR_NONE */
	ir_glob glob;		/* address of this global + value, or IR_NONE */
};

struct ir_global {
	str_id name;		/* "" for a string literal or a compound literal */
	struct ir_type type;
	bool is_static, is_const, is_extern, is_local;	/* is_local: static local */
	bool has_init;		/* inits is the whole initial value; the rest is 0 */
	bool init_unknown;	/* an initialiser stands there that is not modelled */
	Array(struct ir_init) inits;
	const char *bytes;	/* string literal: its bytes, NUL included */
	ir_fn owner;		/* is_local: the function, else IR_NONE */
	void *decl;
};

/* ------------------------------------------------------------------- unit */

enum ir_reason_kind {
	IR_R_CONSTRUCT,		/* a C construct that the front end does not model */
	IR_R_ASM,		/* inline asm without a model */
	IR_R_PARSE,		/* the function or the unit has parse errors */
	IR_R_BUDGET,
	IR_R_FLOAT,
	IR_R_UNINIT,		/* the value of an object without initialiser */
};

struct ir_reason {
	uint8_t kind;		/* enum ir_reason_kind */
	str_id text;		/* plain words: "computed goto", "asm 'cpuid'" */
	ir_loc loc;
};

struct ir_unit {
	struct arena arena;
	struct intern names;
	str_id file;		/* the source as Kbuild gave it */
	uint8_t ptr_width;	/* 64 or 32 */
	Array(struct ir_place) locs;
	Array(struct ir_const) consts;
	Array(struct ir_record) records;
	Array(struct ir_func) funcs;
	Array(struct ir_global) globals;
	Array(struct ir_reason) reasons;
	struct map const_index, record_index, func_index, global_index;
	/* Lowers the body of a function; set by the front end, NULL for a unit
	 * that was read from a file (then every body is there or never will be). */
	void (*lower)(struct ir_unit *, ir_fn);
	void *lower_arg;
};

/* An empty unit. ir_unit_release() frees the contents. */
void ir_unit_init(struct ir_unit *u);
void ir_unit_release(struct ir_unit *u);

/*
 * The function with its body lowered, or NULL where there is none or lowering
 * failed (func->reason tells). The pointer is valid until the next function is
 * added; keep the ir_fn.
 */
struct ir_func *ir_func_body(struct ir_unit *u, ir_fn fn);

/* By name; IR_NONE where the unit does not know it. */
ir_fn ir_func_find(const struct ir_unit *u, const char *name);
ir_rec ir_record_find(const struct ir_unit *u, const char *tag);
ir_glob ir_global_find(const struct ir_unit *u, const char *name);

/* The field of that name in the record (anonymous members seen through), or NULL. */
const struct ir_field *ir_field_find(const struct ir_unit *u, ir_rec rec, const char *name);

/*
 * The innermost named field that covers the bits [off, off+width) of the
 * record, embedded records entered; *inner and *inner_off tell the record in
 * which it stands. NULL where no one field does (padding, a union copy).
 */
const struct ir_field *ir_field_at(const struct ir_unit *u, ir_rec rec, uint64_t off,
				   uint64_t width, ir_rec *inner, uint64_t *inner_off);

/*
 * Bits from a pointer to the record as bits from the start of an element: behind the record
 * comes the next one, unless it ends in an array of unknown bound.
 */
uint64_t ir_element_off(const struct ir_unit *u, ir_rec rec, uint64_t off);

/* Fresh or existing entities. */
struct ir_val ir_const(struct ir_unit *u, uint64_t value, uint8_t width);
uint32_t ir_reason_add(struct ir_unit *u, enum ir_reason_kind kind, const char *text, ir_loc loc);
ir_loc ir_place_add(struct ir_unit *u, struct ir_place p);

/* It has arguments. */
static inline bool ir_has_args(const struct ir_insn *i)
{
	return i->op == IR_CALL || i->op == IR_ASM;
}

static inline bool ir_val_is_const(struct ir_val v) { return v.kind == IR_V_CONST; }

static inline struct ir_val ir_temp_val(uint32_t t)
{
	return (struct ir_val){ IR_V_TEMP, t & IR_VAL_MAX };
}

const char *ir_op_name(enum ir_op op);

#endif
