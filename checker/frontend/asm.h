/* SPDX-License-Identifier: MIT */
/*
 * asm.h - an inline asm statement in parts
 *
 * The template is in GCC's form whatever libclang gives: %0 and %b1 are
 * operands by number, outputs first, and %% is a percent sign.
 */
#ifndef PF_FRONTEND_ASM_H
#define PF_FRONTEND_ASM_H

#include "frontend/internal.h"

struct asm_operand {
	const char *constraint;
	const char *name;	/* of [name], or "" */
	CXCursor expr;
	bool output, memory;
	bool inout;		/* "+" */
	const char *flag;	/* "=@ccz": "z"; else NULL */
	int tied;		/* an input "0" and its output: each other's index, else -1 */
	struct place p;		/* memory, and every output */
	struct val v;		/* of an input or inout that is no memory */
	bool done;		/* output: has got its value */
};

struct asm_insn {
	const char *text;	/* without label, lock and rep */
	const struct model_asm *model;	/* NULL: not modelled */
};

struct asm_stmt {
	CXCursor c;
	const char *text;
	struct asm_operand *ops;
	unsigned nout, nops;
	bool is_goto;
	bool clobbers_memory;
	bool known;		/* false: only the expressions of ops are known */
	struct asm_insn *insns;
	unsigned ninsns;
	bool has_sections;	/* data in other sections: the code may be patched */
	bool is_conditional;	/* the assembler may leave out a part */
};

/* asm_parse.c */
void asm_read(struct lower *lw, CXCursor c, struct asm_stmt *s);
/* asm_template.c */
void asm_split(struct lower *lw, struct asm_stmt *s);
/* The operands of an instruction, trimmed, in their order. */
unsigned asm_operands(struct lower *lw, const char *insn, const char **out, unsigned max);
/* The index of the operand that "%0" or "%b0" names, or -1. */
int asm_operand_index(const struct asm_stmt *s, const char *text);
/* The width that the suffix of the mnemonic gives; 0 without one. */
unsigned asm_suffix_width(const struct asm_insn *i);
/* asm_exact.c, of x86, and asm_arm64.c: true where the effect of the whole was expressed. */
bool asm_exact(struct lower *lw, struct asm_stmt *s);
bool asm_exact_arm64(struct lower *lw, struct asm_stmt *s);
/* A struct of one word, like a page table entry, is that word here. */
void asm_as_word(struct lower *lw, struct place *p);
void asm_set(struct lower *lw, struct asm_operand *o, struct ir_val v, bool is_signed);

/* pretty.c: the statement as clang prints it, or NULL. */
const char *lw_asm_printed(struct lower *lw, CXCursor c);

#endif
