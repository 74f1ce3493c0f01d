/* SPDX-License-Identifier: MIT */
/*
 * build.h - IR by hand, for the tests
 *
 *	struct build b;
 *	build_init(&b);
 *	build_func(&b, "inc", INT(32), 1, (struct ir_type[]){ INT(32) });
 *	build_ret(&b, build_op(&b, IR_ADD, 32, build_param(&b, 0), build_const(&b, 1, 32)));
 *	...
 *	build_release(&b);
 */
#ifndef PF_TEST_IR_BUILD_H
#define PF_TEST_IR_BUILD_H

#include "ir/ir.h"

struct build {
	struct ir_unit u;
	ir_fn fn;
	uint32_t block;		/* where instructions are added */
};

#define INT(w) ((struct ir_type){ .kind = IR_T_INT, .width = (w), .rec = IR_NONE, .size = (w) })
#define SINT(w) ((struct ir_type){ .kind = IR_T_INT, .width = (w), .is_signed = true, \
				   .rec = IR_NONE, .size = (w) })
#define PTR ((struct ir_type){ .kind = IR_T_PTR, .width = 64, .rec = IR_NONE, .size = 64 })
#define VOID ((struct ir_type){ .kind = IR_T_VOID, .rec = IR_NONE })

/* The cmocka groups of the parts, each of which gives the number of failures. */
int print_tests(void);
int verify_tests(void);
int io_tests(void);
int interp_tests(void);

void build_init(struct build *b);
void build_release(struct build *b);

/* Begins a function with one empty block; its parameters become locals too. */
ir_fn build_func(struct build *b, const char *name, struct ir_type ret, uint32_t nparams,
		 const struct ir_type *params);
ir_fn build_extern(struct build *b, const char *name, struct ir_type ret);
uint32_t build_local(struct build *b, const char *name, struct ir_type t);
ir_glob build_global(struct build *b, const char *name, struct ir_type t);
ir_rec build_record(struct build *b, const char *tag, uint64_t size);
void build_field(struct build *b, ir_rec rec, const char *name, uint64_t off, uint64_t width,
		 struct ir_type t);

struct ir_func *build_fn(struct build *b);
uint32_t build_block(struct build *b);
void build_at(struct build *b, uint32_t block);

/* Adds an instruction as it is; with a width and no dst it gets a temporary. */
struct ir_val build_insn(struct build *b, struct ir_insn i);
struct ir_val build_const(struct build *b, uint64_t v, uint8_t width);
struct ir_val build_op(struct build *b, enum ir_op op, uint8_t width, struct ir_val x,
		       struct ir_val y);
struct ir_val build_param(struct build *b, uint32_t k);
struct ir_val build_addr(struct build *b, enum ir_op op, uint32_t object);
struct ir_val build_load(struct build *b, struct ir_val p, int64_t off, uint8_t width);
void build_store(struct build *b, struct ir_val p, int64_t off, struct ir_val v, uint8_t width);
struct ir_val build_call(struct build *b, ir_fn callee, uint8_t width, uint32_t nargs,
			 const struct ir_val *args);

void build_jmp(struct build *b, uint32_t to);
void build_br(struct build *b, struct ir_val cond, uint32_t yes, uint32_t no);
void build_switch(struct build *b, struct ir_val v, bool is_signed, uint32_t def, uint32_t n,
		  const struct ir_case *cases);
void build_ret(struct build *b, struct ir_val v);
void build_end(struct build *b, enum ir_tmkind kind);

/*
 * A unit with a bit of everything in it, for the printer and the reader: a
 * record with bit-fields and an embedded record, globals, a loop, a switch,
 * an indirect call, an atomic operation, what is not modelled.
 */
void build_sample(struct build *b);

#endif
