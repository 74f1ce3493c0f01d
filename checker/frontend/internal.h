/* SPDX-License-Identifier: MIT */
/*
 * internal.h - what the files of the front end share
 *
 * parse.c reads a unit, decls.c lists what is in it, and lower.c turns one body
 * into IR with the help of the rest:
 *
 *	stmt.c loop.c switch.c jump.c cleanup.c	statements, scopes
 *	contract.c				what declarations say of locks
 *	expr.c operator.c cond.c lvalue.c	expressions
 *	memory.c unexposed.c
 *	call.c builtin.c overflow.c		calls
 *	init.c init_global.c string.c		initialisers
 *	asm.c asm_parse.c asm_template.c	inline asm
 *	asm_exact.c
 *	emit.c convert.c finish.c		instructions, folded where constant
 *	types.c record.c loc.c pretty.c		facts, cached
 *
 * libclang's cursors do not tell which implicit conversion a node is and
 * which of several shapes hides behind CXCursor_UnexposedExpr; the functions
 * that decide such a question say how.
 */
#ifndef PF_FRONTEND_INTERNAL_H
#define PF_FRONTEND_INTERNAL_H

#include <clang-c/Index.h>

#include "frontend/frontend.h"

/* ------------------------------------------------------------------ types */

/* A C type as lowering needs it; one for each canonical qualified type. */
struct fe_type {
	struct ir_type t;
	CXType c;			/* canonical */
	const char *opaque;		/* values of it are not modelled: what it is */
	bool is_record, is_array, is_func, is_void, is_vla;
	bool is_bad;			/* clang's recovery from an error */
	bool is_vector;			/* opaque, but its elements are not */
	bool is_noreturn;		/* a function that does not return */
	bool is_volatile;
	bool segment;			/* in an address space of its own: %gs */
	const struct fe_type *sub;	/* fe_sub() */
	const struct fe_type *decayed;	/* fe_decayed() */
};

typedef const struct fe_type *ctype;

/* A member that stands in the record itself; anonymous ones too. */
struct fe_member {
	uint64_t key;			/* of the FieldDecl */
	uint64_t off;			/* bits from the start of its record */
	ctype type;
	uint8_t bits;			/* of a bit-field, else 0 */
	bool is_bitfield;		/* also an unnamed one of width 0 */
	bool anonymous;			/* its members are members of the record */
	bool unnamed;			/* an unnamed bit-field: padding */
};

struct fe_record {
	CXType c;
	bool filled;
	Array(struct fe_member) members;
};

/* Where a member lies, seen from a record that has it directly or through anonymous ones. */
struct fe_place_in {
	uint64_t off;
	uint8_t bits;
};

struct fe_file {
	str_id name;
	bool header;			/* below include/ */
	CXFile file;
	const char *text;
	size_t len;
};

/* A function or a global, behind ir_func.decl and ir_global.decl. */
struct fe_decl {
	CXCursor cursor;		/* the definition where there is one */
	uint8_t builtin;		/* enum fe_builtin */
};

struct frontend {
	CXIndex index;
	CXTranslationUnit tu;
	struct ir_unit unit;
	bool has_unit;
	const struct model *model;
	const struct bodies *bodies;	/* that were not parsed, or NULL */
	bool missed;			/* one of them is called for */
	char *source;
	struct buffer text;		/* of the source with the snippet behind it */
	struct buffer shim;		/* parsed before the source */
	size_t snippet_at;		/* offset of the snippet in text; SIZE_MAX: none */
	unsigned snippet_line;		/* of text, at which the snippet starts */
	CXFile main_file;
	Array(struct frontend_diag) diags;
	Array(struct fe_file) files;
	Array(struct fe_record) records;	/* parallel to unit.records */
	Array(CXCursor) kids;		/* scratch of fe_kids() */
	Array(ir_glob) pending;		/* globals whose initialiser is to be lowered */
	struct map type_of;		/* QualType -> ctype */
	struct map file_of;		/* CXFile -> index into files */
	struct map loc_of;		/* range -> ir_loc */
	struct map record_of;		/* RecordDecl -> ir_rec + 1 */
	struct map member_of;		/* record, FieldDecl -> struct fe_place_in * */
	struct map anonymous_of;	/* FieldDecl -> 1 no, 2 yes */
	struct map func_of;		/* FunctionDecl -> ir_fn + 1 */
	struct map glob_of;		/* VarDecl -> ir_glob + 1 */
	struct map builtin_of;		/* name -> enum fe_builtin */
	struct map tentative_of;	/* first VarDecl -> CXCursor * of the definition */
	struct map record_names;	/* (name, cursor kind), of kinds that were asked for */
	struct map decl_of_name;	/* name -> CXCursor * at file scope, filled on demand */
	bool decls_named;
	ir_rec va_list_tag;		/* struct __va_list_tag, or IR_NONE */
	ctype t_void, t_int, t_uint, t_bool, t_long, t_ulong, t_ptr;
	ctype word[4];			/* unsigned, 8 to 64 bits */
	enum model_machine machine;	/* whose inline asm the unit has */
	struct frontend_stats stats;
};

/* The identity of a declaration: clang's Decl, which is what clang_equalCursors() compares. */
static inline uint64_t fe_key(CXCursor c) { return (uint64_t)(uintptr_t)c.data[0]; }
/* The identity of a statement or an expression. */
static inline uint64_t fe_stmt_key(CXCursor c) { return (uint64_t)(uintptr_t)c.data[1]; }

struct kids {
	CXCursor *v;
	unsigned n;
};

/* parse.c */
/* The children of a cursor, in the arena. */
struct kids fe_kids(struct frontend *fe, struct arena *a, CXCursor c);
/* The spelling of a cursor, interned. */
str_id fe_name(struct frontend *fe, CXCursor c);
const char *fe_str(const struct frontend *fe, str_id id);
/* True with the value where libclang folds the expression to an integer. */
bool fe_evaluate(CXCursor c, uint64_t *value);

/* loc.c */
const struct fe_file *fe_file(struct frontend *fe, CXFile file);
ir_loc fe_loc(struct frontend *fe, CXSourceRange r);
/* The last character of what c covers. */
ir_loc fe_loc_end(struct frontend *fe, CXCursor c);
/* The source text from where the cursor is spelt, and the characters left; NULL without a file. */
const char *fe_spelt_at(struct frontend *fe, CXSourceLocation loc, size_t *left);

/* types.c */
ctype fe_type(struct frontend *fe, CXType t);
/* What a pointer points to, the element of an array or vector; NULL where it has none. */
ctype fe_sub(struct frontend *fe, ctype t);
/* The pointer that an array or a function decays to. */
ctype fe_decayed(struct frontend *fe, ctype t);
/* What kind of reason an opaque type is. */
enum ir_reason_kind fe_opaque_kind(ctype t);
/* The bits that pointer arithmetic on p steps over; 0 where that is unknown. */
uint64_t fe_step(struct frontend *fe, ctype p);
void fe_types_init(struct frontend *fe);
/* The unsigned integer of 8, 16, 32 or 64 bits; NULL for another width. */
ctype fe_word(struct frontend *fe, unsigned width);
static inline bool fe_is_agg(ctype t) { return t->t.kind == IR_T_AGG; }
static inline bool fe_is_ptr(ctype t) { return t->t.kind == IR_T_PTR; }

/* record.c */
ir_rec fe_record(struct frontend *fe, CXType canonical);
const struct fe_record *fe_record_filled(struct frontend *fe, ir_rec rec);
/* NULL where the record has no such member. */
const struct fe_place_in *fe_member(struct frontend *fe, ir_rec rec, CXCursor field);
bool fe_is_anonymous(struct frontend *fe, CXCursor field);

/* decls.c */
void fe_list_decls(struct frontend *fe);
ir_fn fe_func(struct frontend *fe, CXCursor decl);
void fe_func_locate(struct frontend *fe, ir_fn fn);
/* A function of the C library, which the unit may never have declared. */
ir_fn fe_func_library(struct frontend *fe, const char *name, ctype ret);
ir_fn fe_func_named(struct frontend *fe, const char *name);
/* The declaration of a variable of the unit, or the null cursor. */
CXCursor fe_variable_named(struct frontend *fe, const char *name);
ir_glob fe_global(struct frontend *fe, CXCursor decl, ir_fn owner);
ir_glob fe_global_new(struct frontend *fe, struct ir_global g);
/* Lowers the initialisers of the globals that became known. */
void fe_drain_globals(struct frontend *fe);

/* diag.c */
void fe_read_diags(struct frontend *fe);
void fe_add_diag(struct frontend *fe, struct frontend_diag d);

/* ------------------------------------------------------- lowering of a body */

/* The value of an expression. */
struct val {
	struct ir_val v;	/* NONE: void, or of an opaque type. Aggregate: its address */
	bool bit;		/* v has one bit; the value is that bit, widened to t */
	ctype t;
};

/* The object that an lvalue names. */
struct place {
	struct ir_val a;	/* pointer */
	int64_t off;		/* bits from there */
	ctype t;
	uint8_t bits;		/* a bit-field of that width; 0: none */
	bool is_volatile;
	bool segment;
	ir_rec rec;
	uint64_t recoff;
};

/* A local whose cleanup function is due when its scope ends; the chain goes outwards. */
struct cleanup {
	struct cleanup *up;
	unsigned depth;
	uint32_t local;
	ctype t;
	ir_fn fn;		/* IR_NONE: one that could not be found */
};

struct sw {			/* a switch that is being lowered */
	struct sw *up;
	uint8_t width;
	ctype t;
	bool constant;
	uint64_t chosen;	/* constant: the key of the one case that is reached, or 0 */
	uint32_t dflt;		/* block, or IR_NONE */
	Array(struct ir_case) cases;
};

/* What an annotation asks for later: where the function returns, or is called. */
struct due {
	const char *name;	/* of the annotation */
	const char *result;	/* of the call, on which it depends; NULL: it does not */
	struct ir_val lock;	/* its address, as it was before */
};

struct jump_target {		/* of break or continue */
	uint32_t block;
	struct cleanup *cleanups;
};

struct label {
	uint64_t key;		/* of the LabelStmt */
	str_id name;
	uint32_t block;
	struct cleanup *cleanups;
	uint32_t region;
	bool defined;
};

/*
 * A goto, computed goto or asm goto. Where its labels stand, and so which
 * cleanups are due on the way, is known only at the end of the function.
 */
struct pending_jump {
	uint32_t block;		/* left open */
	struct cleanup *cleanups;
	CXCursor at;
	uint32_t region;
	uint32_t label;		/* the one label, or IR_NONE: those below */
	uint32_t fall;		/* block behind an asm goto, else IR_NONE */
	bool all;		/* any label of the function */
	const str_id *names;
	unsigned nnames;
};

struct lblock {
	struct ir_block b;
	bool closed;		/* has a terminator */
	bool used;		/* something jumps here */
};

struct lower {
	struct frontend *fe;
	struct ir_unit *u;
	ir_fn fn;		/* IR_NONE: the initialiser of a global */
	struct arena arena;
	Array(struct lblock) blocks;
	uint32_t cur;		/* the open block, IR_NONE where control cannot be */
	Array(struct ir_temp) temps;
	Array(struct ir_local) locals;
	uint32_t nparams;
	Array(struct ir_val) args;
	struct map local_of;	/* VarDecl -> local + 1 */
	struct map label_of;	/* LabelStmt -> index into labels + 1 */
	Array(struct label) labels;
	Array(struct pending_jump) jumps;
	struct cleanup *cleanups;
	Array(struct due) due;
	/*
	 * Statement expressions, by number and the one around it; 0 is the body. A
	 * jump never enters one, and names of labels may repeat in different ones.
	 */
	Array(uint32_t) regions;
	uint32_t region;
	struct jump_target brk, cont;
	struct sw *sw;
	CXCursor body;		/* the FunctionDecl */
	ctype ret;
	struct ir_val sret;	/* where an aggregate result goes */
	CXCursor at;		/* what is being lowered, for locations */
	ir_loc loc;
	bool loc_known;
	unsigned depth;
	bool failed;
	uint32_t reason;
	struct pretty *pretty;	/* the body as clang prints it; made on demand */
};

/* lower.c */
void fe_lower(struct ir_unit *u, ir_fn fn);
void lw_init(struct lower *lw, struct frontend *fe, ir_fn fn);
void lw_release(struct lower *lw);
/* Gives up on the whole function. */
void lw_fail(struct lower *lw, enum ir_reason_kind kind, const char *text);
/* False, and the function has failed, where nesting is too deep. */
bool lw_enter(struct lower *lw);
void lw_leave(struct lower *lw);
struct kids lw_kids(struct lower *lw, CXCursor c);
/* __attribute__((weak)), which libclang does not name: another unit may have what counts. */
bool lw_is_weak(struct lower *lw, CXCursor decl);
/*
 * The type of an expression, and of a variable or parameter. libclang shows a
 * parameter that is written as an array or a function, and what is computed
 * from it, with the type as written; here it is the pointer that it is.
 */
ctype lw_type(struct lower *lw, CXCursor c);
ctype lw_decl_type(struct lower *lw, CXCursor decl);
/* The last of a chain of parentheses. */
CXCursor lw_strip_parens(struct lower *lw, CXCursor c);

/* emit.c */
void lw_at(struct lower *lw, CXCursor c);
/* The closing brace of c. */
void lw_at_end(struct lower *lw, CXCursor c);
ir_loc lw_loc(struct lower *lw);
uint32_t lw_block(struct lower *lw);
void lw_start(struct lower *lw, uint32_t block);
void lw_term(struct lower *lw, struct ir_term t);
void lw_jump(struct lower *lw, uint32_t block);
void lw_branch(struct lower *lw, struct ir_val bit, uint32_t yes, uint32_t no);
uint32_t *lw_succs(struct lower *lw, uint32_t a, uint32_t b, uint32_t n);
/* An instruction of the current block, its fields at their defaults; valid until the next. */
struct ir_insn *lw_emit(struct lower *lw, enum ir_op op);
struct ir_val lw_dst(struct lower *lw, struct ir_insn *i, struct ir_type t);
struct ir_type lw_int_type(unsigned width, bool is_signed);
struct ir_val lw_const(struct lower *lw, uint64_t v, unsigned width);
bool lw_const_of(const struct lower *lw, struct ir_val v, uint64_t *value);
unsigned lw_width(const struct lower *lw, struct ir_val v);
struct ir_val lw_op2(struct lower *lw, enum ir_op op, struct ir_val a, struct ir_val b,
		     struct ir_type t);
struct ir_val lw_op1(struct lower *lw, enum ir_op op, struct ir_val a, struct ir_type t);
struct ir_val lw_cmp(struct lower *lw, enum ir_op op, struct ir_val a, struct ir_val b);
/* a zero- or sign-extended or truncated to the width. */
struct ir_val lw_resize(struct lower *lw, struct ir_val a, unsigned width, bool is_signed);
struct ir_val lw_ptroff(struct lower *lw, struct ir_val a, int64_t bits, struct ir_type t);
struct ir_val lw_addr(struct lower *lw, enum ir_op op, uint32_t index, struct ir_type t);
/* The type of a value of type t: t, or 64 bits for what is wider. */
struct ir_type lw_value_type(struct ir_type t);
struct ir_val lw_unknown(struct lower *lw, struct ir_type t, enum ir_reason_kind kind,
			 const char *text);

/* convert.c */
struct val lw_val(struct ir_val v, ctype t);
struct val lw_none(ctype t);
struct val lw_bit(struct ir_val bit, ctype t);
struct ir_val lw_force(struct lower *lw, struct val v);
struct ir_val lw_truth(struct lower *lw, struct val v);
struct val lw_convert(struct lower *lw, struct val v, ctype to);
struct val lw_unknown_val(struct lower *lw, ctype t, enum ir_reason_kind kind, const char *text);
/* The type of v after the integer promotions; bits: of the bit-field it was read from, or 0. */
ctype lw_promoted(struct lower *lw, ctype t, unsigned bits);
ctype lw_usual(struct lower *lw, ctype a, ctype b);

/* lvalue.c */
struct place lw_lvalue(struct lower *lw, CXCursor c);
/* An lvalue that is assigned to, so no array, whatever libclang says. */
struct place lw_modified(struct lower *lw, CXCursor c);
bool lw_is_lvalue(struct lower *lw, CXCursor c);
uint32_t lw_local(struct lower *lw, str_id name, ctype t, bool is_param);
uint32_t lw_local_of(struct lower *lw, CXCursor decl);
/* p[index] where p is taken as an array of t. */
struct place lw_element(struct lower *lw, struct place p, struct ir_val index, ctype t);

/* memory.c */
struct ir_type lw_pointer_to(struct lower *lw, ctype t);
struct place lw_deref(struct lower *lw, struct ir_val ptr, ctype t);
struct place lw_local_place(struct lower *lw, uint32_t local, ctype t);
/* A fresh local without a name. */
struct place lw_synthetic(struct lower *lw, ctype t);
struct place lw_at_offset(struct place p, uint64_t off, ctype t, unsigned bits);
struct ir_val lw_address(struct lower *lw, struct place p);
struct val lw_load(struct lower *lw, struct place p);
/* v has the type of p. The result is what p then holds: a bit-field cuts v. */
struct val lw_store(struct lower *lw, struct place p, struct val v, unsigned flags);
void lw_havoc(struct lower *lw, struct place p, enum ir_reason_kind kind, const char *text);
void lw_copy(struct lower *lw, struct place to, struct ir_val from, unsigned flags);
void lw_zero(struct lower *lw, struct place p);
/* Its result is the old value. */
struct ir_val lw_rmw(struct lower *lw, struct place p, enum ir_rmw rmw, struct ir_val b,
		     struct ir_val c, struct ir_type t);

/* expr.c */
struct val lw_rvalue(struct lower *lw, CXCursor c);
void lw_effect(struct lower *lw, CXCursor c);
/* An object that holds the value of an expression of aggregate type. */
struct place lw_aggregate(struct lower *lw, CXCursor c);
/* Evaluates an expression of aggregate type into a fresh object. */
void lw_aggregate_into(struct lower *lw, CXCursor c, struct place to, unsigned flags);
struct val lw_code_address(struct lower *lw, ctype t);
struct val lw_unmodelled(struct lower *lw, CXCursor c, const char *what);
/* The same; what its pointer operands point to may be written too. */
struct val lw_unmodelled_with(struct lower *lw, CXCursor c, const char *what,
			      const struct ir_val *args, unsigned nargs);
/* Code of which nothing is known but its operands, an IR_ASM. */
void lw_unknown_code(struct lower *lw, uint32_t reason, bool clobbers, const struct ir_val *args,
		     unsigned n);
/* The value has the width of a pointer, and is none to a function. */
bool lw_may_point(const struct lower *lw, struct ir_val v);

/* unexposed.c: what hides behind CXCursor_UnexposedExpr */
enum fe_shape {
	SHAPE_CAST, SHAPE_CONST, SHAPE_ELVIS, SHAPE_CHOSEN, SHAPE_VA_ARG,
	SHAPE_OFFSETOF,		/* with an index that is no constant */
	SHAPE_OTHER,
};
struct shape {
	enum fe_shape kind;
	struct kids k;
	uint64_t value;		/* CONST */
	CXCursor inner;		/* CAST, CHOSEN: the expression; ELVIS: the condition */
};
struct shape lw_shape(struct lower *lw, CXCursor c);
/* What implicit conversions and parentheses stand around. */
CXCursor lw_strip_conversions(struct lower *lw, CXCursor c);
/* The association of a _Generic that is taken. False where that cannot be told. */
bool lw_generic(struct lower *lw, CXCursor c, CXCursor *chosen);

/* operator.c */
struct val lw_binary(struct lower *lw, CXCursor c);
struct val lw_unary(struct lower *lw, CXCursor c);
struct val lw_compound_assign(struct lower *lw, CXCursor c);
struct val lw_arith(struct lower *lw, int op, struct val a, struct val b, ctype t);

/* cond.c */
void lw_cond(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no);
struct val lw_logical(struct lower *lw, CXCursor c);
struct val lw_select(struct lower *lw, CXCursor c, CXCursor test, bool elvis, CXCursor yes,
		     CXCursor no);

/* call.c */
/* into: where an aggregate result goes, or NULL. */
struct val lw_call(struct lower *lw, CXCursor c, const struct place *into);
struct val lw_call_named(struct lower *lw, const char *name, const struct val *args, unsigned n,
			 ctype ret);
/* __builtin_expect(x, y): the truth of x. k are the children of the call. */
bool lw_is_expect(struct lower *lw, struct kids k);
/* The name of the function that a direct call names. */
const char *lw_callee_name(struct lower *lw, CXCursor callee);
void lw_call_cleanup(struct lower *lw, const struct cleanup *cl);

/* The models know a macro around c that says something of its operand; else NULL. */
const struct model_macro *lw_calling_macro(struct lower *lw, CXCursor c);

/* builtin.c */
enum fe_builtin {
	FE_NO_BUILTIN, FE_EXPECT, FE_FIRST, FE_CONSTANT_P, FE_OBJECT_SIZE, FE_UNREACHABLE,
	FE_NOTHING, FE_EFFECTS, FE_CODE_ADDRESS, FE_MEMCPY, FE_MEMSET, FE_FFS, FE_CTZ, FE_CLZ,
	FE_POPCOUNT, FE_PARITY, FE_BSWAP, FE_ABS, FE_ADD_OVERFLOW, FE_SUB_OVERFLOW,
	FE_MUL_OVERFLOW, FE_ADDRESS, FE_LIBRARY, FE_UNMODELLED,
};
uint8_t fe_builtin(struct frontend *fe, str_id name);
/* FE_FFS, FE_CTZ, FE_CLZ, FE_PARITY, else the number of bits that are set, as wide as v. */
struct ir_val lw_count_bits(struct lower *lw, uint8_t builtin, struct ir_val v);
struct val lw_builtin(struct lower *lw, uint8_t builtin, CXCursor c, struct kids k);

/* overflow.c */
struct val lw_overflow(struct lower *lw, uint8_t builtin, CXCursor c, struct kids k);

/* init.c: initialisers of objects, of the running function and of the unit */
void lw_init_object(struct lower *lw, struct place p, CXCursor init);
struct init_target {
	struct lower *lw;
	struct place p;		/* of a local */
	ir_glob glob;		/* or a global; else IR_NONE */
	uint64_t end;		/* there are values below that bit only */
};
void lw_init_target(struct init_target *to, ctype t, CXCursor init);

/* init_global.c */
void fe_init_global(struct frontend *fe, ir_glob g);
void fe_init_scalar(struct init_target *to, uint64_t off, ctype t, unsigned bits, struct val v);
void fe_init_bytes(struct init_target *to, uint64_t off, const char *bytes, uint64_t n);
void fe_init_drop(struct init_target *to, uint64_t off, uint64_t width);
void fe_init_unknown(struct init_target *to);

/* string.c */
ir_glob lw_string(struct lower *lw, CXCursor c, ctype t);
/* The bytes of a string literal, size of them in the arena; a character has unit of them. */
const char *lw_string_bytes(struct lower *lw, CXCursor c, uint64_t size, unsigned unit);

/* asm.c */
void lw_asm(struct lower *lw, CXCursor c);

/* stmt.c */
void lw_stmt(struct lower *lw, CXCursor c);
/*
 * The statements of a ({ }); the last expression is left to the caller, its
 * cursor in *last, and then lw_stmt_expr_end(). False where it has no value.
 */
struct scope {
	struct cleanup *cleanups;
	uint32_t region;
};
bool lw_stmt_expr(struct lower *lw, CXCursor c, CXCursor *last, struct scope *outer);
void lw_stmt_expr_end(struct lower *lw, struct scope outer);
/* Runs the cleanups of the scope that ends. */
void lw_scope_end(struct lower *lw, struct cleanup *outer);
/* Makes block the current one where control can come to it, else there is none. */
void lw_resume(struct lower *lw, uint32_t block);

/* switch.c */
void lw_switch(struct lower *lw, CXCursor c);
void lw_case(struct lower *lw, CXCursor c, bool is_default);
/* True where control may enter the statement other than from its front. */
bool lw_has_label(struct lower *lw, CXCursor c);

/* jump.c */
void lw_run_cleanups(struct lower *lw, const struct cleanup *from, const struct cleanup *until);
uint32_t lw_label(struct lower *lw, CXCursor label);
/* Leaves the current block open for lw_finish_jumps(). */
void lw_pend(struct lower *lw, struct pending_jump j);
void lw_place_label(struct lower *lw, CXCursor label);
void lw_finish_jumps(struct lower *lw);

/* cleanup.c */
void lw_find_cleanup(struct lower *lw, CXCursor var, uint32_t local, ctype t);

/*
 * contract.c: what the declarations of the function and of a callee say of locks. The text
 * "NAME(args)" of an annotation that the models name, its first *name characters the name;
 * NULL of any other attribute.
 */
const char *fe_contract(struct frontend *fe, CXCursor attr, size_t *name);
void lw_contract_entry(struct lower *lw);
void lw_contract_exit(struct lower *lw);
struct called {
	ir_fn fn;
	const struct ir_val *args;	/* without the one for an aggregate result */
	unsigned nargs;
	struct ir_val ret;
	struct due *due;	/* set before the call */
	unsigned ndue;
};
void lw_contract_before(struct lower *lw, struct called *c);
void lw_contract_after(struct lower *lw, const struct called *c);

/* loop.c */
void lw_while(struct lower *lw, CXCursor c);
void lw_do(struct lower *lw, CXCursor c);
void lw_for(struct lower *lw, CXCursor c);

/* pretty.c: what only the printed form of a function shows */
/* Bits 1, 2, 4 of *which: the for statement has that clause. */
bool lw_for_clauses(struct lower *lw, CXCursor c, unsigned *which);
/* The types of the associations of a _Generic as they are written; how many. */
unsigned lw_generic_types(struct lower *lw, CXCursor c, const char **types, unsigned max);
/* The labels of an asm goto. */
bool lw_asm_labels(struct lower *lw, CXCursor c, const str_id **names, unsigned *n);

/* finish.c */
void lw_finish(struct lower *lw);

#endif
