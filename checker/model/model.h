/* SPDX-License-Identifier: MIT */
/*
 * model.h - what the kernel's primitives mean, read from data files
 *
 * Names that protflow must recognise stand in rules/models/ *.yaml, never in
 * the code: allocators, reporters and their gates, instructions of inline asm,
 * functions without effect on tracked memory. The files have the shape
 *
 *	functions:
 *	  - names: [kzalloc_noprof, kcalloc_noprof]
 *	    alloc: { zeroed: true, may_fail: true, size: 0 }
 *	  - names: [__kmalloc_noprof]
 *	    alloc: { zero_flag: __GFP_ZERO, zero_flag_arg: 1, may_fail: true, size: 0 }
 *	  - names: [memdup_user]
 *	    alloc: { may_fail: true, error: true }	# an error pointer, and not NULL
 *	  - names: [kfree]
 *	    free: 0			# the argument that is freed
 *	  - names: [___ratelimit]
 *	    gate: ratelimited		# plain, ratelimited or once
 *	  - names: [_printk, _dev_err]
 *	    report: plain
 *	  - names: [_raw_spin_lock]
 *	    effect: none		# or args
 *	  - names: [strcpy]
 *	    effect: args
 *	    returns: 0			# the argument that is also the result
 *	  - names: [panic]
 *	    noreturn: true
 *	  - names: [_raw_spin_lock_irqsave]
 *	    lock: { op: acquire, arg: 0, irq: save }
 *	  - names: [mutex_lock_interruptible]
 *	    lock: { op: acquire, arg: 0, success: zero }
 *	  - names: [__rcu_read_lock]
 *	    lock: { op: acquire, mode: rcu, name: rcu }	# a lock without an object
 *	  - names: [arch_local_irq_restore]
 *	    lock: { op: enable, irq: save, flags: 0 }	# no lock at all
 *	  - names: [xa_store]
 *	    publishes: 2		# the argument that others can reach from then on
 *	macros:
 *	  - names: [WARN_ON_ONCE]	# a report without a function that could be named
 *	    report: once
 *	  - names: [lockdep_assert_held]	# its operand is looked at as by a function
 *	    call: true			# of that name, which stands among the functions;
 *					# so is what a "test" in it is called with
 *	once_flags: [__already_done]	# static locals that gate a report once
 *	annotations: [__must_hold]	# macros behind a declaration, of a function or of
 *					# a member of a record; they name locks
 *	lock_records: [struct mutex]	# an address in one means the lock
 *	unguarded_functions: [__no_context_analysis]	# a macro without arguments behind a
 *					# function: what declarations of members say
 *					# is not asked of its accesses
 *	unguarded_macros: [data_race]	# nor of those in what this expands to
 *	machine: x86			# or arm64: whose instructions the file describes
 *	asm:
 *	  - mnemonics: [cmpxchg]
 *	    effect: cmpxchg
 *
 * A name may end in '*': any suffix. The first entry that matches wins, in the
 * order of files (by name) and of lines; the same name twice is a fault. What
 * allocates, frees, reports, gates, locks or publishes has effect: none unless it
 * says args.
 *
 * lock: op is acquire, release, downgrade (exclusive to shared), test (a result
 * that is not zero says that it is held), assert (it is held), need (as assert,
 * and the function says so of itself), held (it must be held here) or free (it must
 * not be). disable and enable shut interrupts or bottom halves out and let them in,
 * without a lock. mode is exclusive (the default), shared or rcu. success is when it was
 * acquired: always (the default), nonzero or zero of the result. irq is what else it does to the
 * processor: off or save (interrupts), bh (bottom halves). What saves gives the word
 * as its result; flags is the argument that what restores is given. errno: where it fails
 * the result is negative.
 *
 * What a declaration of f says with an annotation A(lock) is a call of a function
 * that the models describe, with the lock's address: A.entry where the body of f
 * begins, A.exit where it returns, and, where the body is not seen, A.before and
 * A.after around a call of f; A.nonzero and A.zero after a call that returned such
 * a value, where A has the result as its first argument, or is said of a result.
 */
#ifndef PF_MODEL_MODEL_H
#define PF_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"

enum model_effect {
	MODEL_EFFECT_UNSAID,	/* analyse the body; unknown without one */
	MODEL_EFFECT_NONE,	/* writes nothing that C code can see; result unknown */
	MODEL_EFFECT_ARGS,	/* writes only what its pointer arguments point to */
};

enum model_flavour { MODEL_PLAIN, MODEL_RATELIMITED, MODEL_ONCE };

enum model_lock_op {
	MODEL_LOCK_NONE, MODEL_LOCK_ACQUIRE, MODEL_LOCK_RELEASE, MODEL_LOCK_DOWNGRADE,
	MODEL_LOCK_TEST, MODEL_LOCK_ASSERT, MODEL_LOCK_NEED, MODEL_LOCK_HELD, MODEL_LOCK_FREE,
	MODEL_LOCK_DISABLE, MODEL_LOCK_ENABLE,
};
enum model_lock_mode { MODEL_LOCK_EXCLUSIVE, MODEL_LOCK_SHARED, MODEL_LOCK_RCU };
enum model_lock_success { MODEL_LOCK_ALWAYS, MODEL_LOCK_NONZERO, MODEL_LOCK_ZERO };
enum model_lock_irq { MODEL_IRQ_NONE, MODEL_IRQ_OFF, MODEL_IRQ_SAVE, MODEL_IRQ_BH };

struct model_lock {
	uint8_t op;		/* enum model_lock_op */
	uint8_t mode;		/* enum model_lock_mode */
	uint8_t success;	/* enum model_lock_success; ACQUIRE only */
	uint8_t irq;		/* enum model_lock_irq */
	bool fails_negative;	/* ACQUIRE with success ZERO */
	int arg;		/* the argument that points to the lock; -1: none */
	int flags_arg;		/* irq SAVE: the argument that is restored; -1: none */
	const char *name;	/* of a lock without an object, or NULL */
};

struct model_func {
	const char *name;	/* may end in '*' */
	uint8_t effect;		/* enum model_effect */
	bool is_alloc, zeroed, may_fail;
	bool error_pointer;	/* may_fail: not NULL, but an error as a pointer */
	int zero_flag_arg;	/* -1, or the argument whose bits zero_flag decide zeroed */
	const char *zero_flag;	/* C constant expression, "__GFP_ZERO" */
	int size_arg;		/* -1: unknown */
	bool is_free;
	int free_arg;
	bool is_report, is_gate;
	uint8_t flavour;	/* enum model_flavour */
	int returns_arg;	/* -1, or the argument that is also the result */
	bool returns_error;	/* the first argument, an error number or 0, as a pointer */
	bool noreturn;
	struct model_lock lock;
	int publishes_arg;	/* -1: none */
};

enum model_machine { MODEL_X86, MODEL_ARM64, MODEL_NO_MACHINE };

enum model_asm_effect {
	MODEL_ASM_NONE,		/* no effect on memory but its register outputs */
	MODEL_ASM_TRAP,		/* may not return (ud2 of BUG); outputs unknown */
	MODEL_ASM_XCHG, MODEL_ASM_CMPXCHG,
	MODEL_ASM_XADD, MODEL_ASM_ADD, MODEL_ASM_SUB,
	MODEL_ASM_AND, MODEL_ASM_OR, MODEL_ASM_XOR, MODEL_ASM_ANDNOT,
	MODEL_ASM_BTS, MODEL_ASM_BTR, MODEL_ASM_BTC, MODEL_ASM_BT,
	MODEL_ASM_INC, MODEL_ASM_DEC, MODEL_ASM_MOV,
	MODEL_ASM_BSF, MODEL_ASM_BSR, MODEL_ASM_TZCNT,
	MODEL_ASM_ARITH,	/* reads its inputs, writes its outputs: unknown values */
	MODEL_ASM_LOAD,		/* what memory has comes into a register */
	MODEL_ASM_LINKED,	/* the same, for the store that follows */
	MODEL_ASM_CONDITIONAL,	/* that store: happens if nobody wrote in between */
	MODEL_ASM_BRANCH,	/* goes on elsewhere in the template, or not */
};

struct model_asm {
	/*
	 * One word: the first word of an instruction, after lock and rep; of x86 a
	 * size suffix b, w, l or q is also accepted. Several words: a whole instruction
	 * with single blanks, "call foo" or ".byte 0x0f, 0x0b". May end in '*'.
	 */
	const char *mnemonic;
	uint8_t effect;		/* enum model_asm_effect */
	uint8_t machine;	/* enum model_machine */
};

struct model_macro {
	const char *name;
	bool is_report;
	uint8_t flavour;	/* enum model_flavour */
	bool is_call;		/* its operand goes to the function of the same name */
};

struct model_names {
	const char **v;
	unsigned n;
};

struct model {
	struct arena arena;
	struct model_func *funcs;
	unsigned nfuncs;
	struct model_asm *asms;
	unsigned nasms;
	struct model_macro *macros;
	unsigned nmacros;
	struct model_names once_flags, annotations, lock_records;
	struct model_names unguarded_functions, unguarded_macros;
	struct map index;	/* hash of a function's name -> its place + 1 */
	unsigned *patterns;	/* places of the names that end in a star */
	unsigned npatterns;
};

/* One fault in a data or rule file, in the form file:line:col: text. */
struct yaml_faults;

/* Reads every *.yaml of the folder, in name order. False when a fault was added. */
bool model_read_dir(struct model *m, const char *dir, struct yaml_faults *faults);
/* The faults of one file. */
void model_check_file(const char *path, struct yaml_faults *faults);
void model_release(struct model *m);

/* NULL where nothing is said of the name. */
const struct model_func *model_func(const struct model *m, const char *name);
/* insn is one instruction of a template without its labels and prefixes, or its first word. */
const struct model_asm *model_asm(const struct model *m, enum model_machine machine,
				  const char *insn);
const struct model_macro *model_macro(const struct model *m, const char *name);
bool model_is_once_flag(const struct model *m, const char *name);
bool model_has_name(const struct model_names *list, const char *name);

#endif
