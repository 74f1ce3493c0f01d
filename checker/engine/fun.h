/* SPDX-License-Identifier: MIT */
/*
 * fun.h - one function under analysis; shared by the files of the engine
 */
#ifndef PF_ENGINE_FUN_H
#define PF_ENGINE_FUN_H

#include "domain/plant.h"
#include "engine/engine.h"

struct route;

struct partitions { Array(struct state) v; };

/* An edge of the control-flow graph, with the states that flow along it. */
struct edge {
	uint32_t from, to;
	struct partitions out;
};

/* A lock is given there, on some way. */
struct release_site { struct lock_ref ref; uint32_t block; };

struct fun {
	struct engine *e;
	ir_fn id;
	struct ir_func *body;		/* refreshed after anything that may add functions */
	struct summary *summary;
	struct partitions *in;		/* by block */
	struct partitions *exits;	/* by block: states at its return, value as last temp */
	Array(struct edge) edges;	/* sorted by from */
	uint32_t *first_edge;		/* by block, and one more */
	uint32_t *order;		/* blocks in a weak topological order */
	uint32_t norder;
	uint32_t *loop_end;		/* by block, a head: the position behind its loop; else
					 * the position behind the block */
	uint32_t *position;		/* inverse of order; IR_NONE: unreachable */
	uint32_t *visits;
	bool *is_head;			/* target of a back edge */
	bool *queued;
	bool emitting;			/* obligations count: the states are final */
	bool settled;			/* and on the edges already: nothing is sent */
	bool *repeats;			/* by block: it is in a loop */
	uint32_t block;			/* that is executed */
	word_id *temps;			/* values while a block is executed */
	uint32_t ntemps;
	uint32_t *slot;			/* temporary -> index in state.temps, or IR_NONE */
	uint32_t nslots;
	struct map executed;		/* sites that were executed before */
	struct map access_index;	/* of the summary's accesses: hash -> 1 + the last of it */
	struct map origins;		/* variable -> where its pointers come from: origin.c */
	Array(struct release_site) releases;	/* while emitting */
	uint64_t steps;
	struct route *route;		/* a replay, see replay.h; NULL: all ways at once */
	const word_id *args;		/* of this activation on a route; NULL: symbols */
	uint32_t activation;		/* its number there, 0 */
	bool lost;			/* the budget ran out */
	const char *why;
};

/* A site: an instruction of the function, as a key of symbols. */
static inline uint64_t site_of(uint32_t block, uint32_t insn)
{
	return (uint64_t)block << 20 | insn;
}

static inline uint32_t block_of_site(uint64_t site)
{
	return (uint32_t)(site >> 20);
}

#define SITE_TURN 44	/* on a route the rest of a site is the number of its execution */

/* --- memory.c */

#define ELEM_UNKNOWN UINT64_MAX	/* it may be such a pointer */

struct access {
	word_id ptr;
	int64_t off;		/* bits */
	uint32_t width;
	ir_rec rec;
	uint64_t recoff;
	uint64_t site;
	ir_loc loc;
	ir_rec pointee;		/* record that a loaded pointer points to */
	bool is_pointer;	/* a pointer is loaded */
	bool untyped;		/* what is loaded may be a pointer to scalars */
	uint64_t elem;		/* and so many bits each of them has; 0: it is no such pointer */
	bool raw;		/* bits of no type of their own: of a union, an array, a cut field */
	ir_rec told;		/* raw: of the member that is copied as a whole, and where in it */
	uint64_t told_off;
};

/* --- origin.c */
void origin_note(struct fun *f, const struct access *a, word_id w);
bool origin_is_found(struct fun *f, sym_id variable);

#define MEM_TARGETS WORD_CHOICES

struct target {
	sym_id root;
	int64_t off;		/* bits from the root */
	bit_id guard;
};

/* The objects that a pointer may point to; always at least one. An unknown
 * pointer gives a root of its own, made at the site. */
unsigned mem_targets(struct fun *f, struct state *s, const struct access *a,
		     struct target out[MEM_TARGETS]);

word_id mem_load(struct fun *f, struct state *s, const struct access *a);
void mem_store(struct fun *f, struct state *s, const struct access *a, word_id val, bool maybe);
void mem_set(struct fun *f, struct state *s, const struct access *a, word_id byte, word_id size);
void mem_copy(struct fun *f, struct state *s, const struct access *to, word_id from,
	      word_id size);

/*
 * base + index * scale, of key: with site and record, and the index WORD_NONE where it
 * is not known. base and delta of key are set. WORD_NONE where base is no pointer that
 * can be named.
 */
word_id element_at(struct fun *f, word_id base, struct symbol *key);

/* The content of cell (root, off, width) as it is now. */
word_id mem_load_root(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
		      const struct access *a);
/* What the field will be of an object that is given away now: others may set it once. */
word_id mem_load_final(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
		       const struct access *a);
/* As mem_load(), with what such a field may be set to. */
word_id mem_load_end(struct fun *f, struct state *s, const struct access *a);
/* The same, in the state: for who looks at the object as it is from now on. */
void mem_give_away(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width);

/* Sets a cell without telling the client; aliases are dropped. */
void mem_write(struct fun *f, struct state *s, sym_id root, int64_t off, uint64_t width,
	       enum cell_kind kind, word_id val, struct class class);

/* The same for a cell of a callee, whose classes were clobbered before. */
void mem_write_applied(struct fun *f, struct state *s, const struct target *t,
		       const struct cell *cell, enum cell_kind kind, word_id val);

/* Some cell is an element of an array, at an index that is not known. */
bool mem_has_elements(const struct fun *f, const struct state *s);
/* A part of root is written: its elements, or where it is one the object, are not known. */
void mem_drop_elements(struct fun *f, struct state *s, sym_id root);

/*
 * The same for bits of no type of their own; classes: what they may be, the members of a
 * union.
 */
void mem_write_raw(struct fun *f, struct state *s, const struct target *t, uint64_t width,
		   enum cell_kind kind, word_id val, const struct class *classes, unsigned n);

/* Anything that others can reach may have changed. */
void mem_clobber(struct fun *f, struct state *s);
void mem_clobber_class(struct fun *f, struct state *s, struct class c);
/*
 * A lock was taken or given: what it guards may have changed. Root SYM_NONE: any
 * lock. site: of the instruction, for what is not known any more.
 */
void mem_forget_guarded(struct fun *f, struct state *s, struct lock_ref ref, uint64_t site);
/* What the object holds is unknown from here on. */
void mem_clobber_object(struct fun *f, struct state *s, sym_id root);

/*
 * Others can reach what w points to, and what that points to: everybody
 * (SYM_NONE), or whoever can reach the object into. A variable of the function
 * that nobody else sees publishes nothing: it is looked through when it is.
 */
void mem_publish(struct fun *f, struct state *s, word_id w, sym_id into);
bool mem_is_private(const struct fun *f, const struct state *s, sym_id root);
/*
 * The function has shown the object to others, whosever it was before. *into: only to those
 * who can reach this one; SYM_NONE: to all.
 */
bool mem_is_made_public(const struct fun *f, const struct state *s, sym_id root, sym_id *into);

/* Notes in *k which pointers the value was computed from. */
void mem_parents(struct fun *f, word_id w, struct symbol *k);

/* Tells the client of a store; val may be WORD_NONE where a->raw is set. */
void mem_tell_store(struct fun *f, struct state *s, const struct access *a,
		    const struct target *t, word_id val, bool maybe);

/* A new symbol of this site; what an earlier execution made of it is forgotten. */
sym_id site_symbol(struct fun *f, uint64_t site, uint32_t n, uint8_t width,
		   enum sym_origin origin, ir_rec rec, ir_loc loc);
/* w with a symbol of this site, one for each cell, in the place of its unknown bits. */
word_id site_complete(struct fun *f, uint64_t site, sym_id root, int64_t off, word_id w);
void site_enter(struct fun *f, struct state *s, uint64_t site);

/* --- unseen.c */

/* Who may store: "'memcpy_fromio'", "asm 'rep'". */
struct unseen {
	const char *by;
	bool sure;		/* it does store, only what is not known */
	ir_loc loc;
	word_id through;	/* it is called through this pointer; WORD_NONE for none */
};

/* Tells the client of what the code that the instruction calls may store through its arguments. */
void unseen_stores(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site,
		   const struct unseen *u);
/* The argument is a pointer to memory, as far as is known. */
bool unseen_is_pointer(struct fun *f, const struct ir_insn *i, unsigned k);
/*
 * The same of a range that is filled or copied to: so many bytes, NULL: all that follows. val:
 * what any field holds after it; WORD_NONE: not known.
 */
void unseen_range(struct fun *f, struct state *s, const struct access *a, const uint64_t *bytes,
		  word_id val);

/* --- transfer.c */

/* One instruction that is no call. */
void transfer_insn(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site);
word_id value_of(struct fun *f, struct ir_val v);
/* w as the temporary has it, by its type: a _Bool is 0 or 1. */
word_id value_as(struct fun *f, uint32_t dst, word_id w);

/* --- walk.c */

/* Executes one block on a state; hands what comes out to fixpoint_leave(). */
void walk_block(struct fun *f, uint32_t block, const struct state *in);
/* The rest of a block, from an instruction on, with the temporaries that are there. */
void walk_resume(struct fun *f, uint32_t block, uint32_t insn, const word_id *temps,
		 const struct state *in);

/* --- call.c */

/* A call: the outcomes are added to out with the result as their last temporary. */
void call_execute(struct fun *f, const struct state *s, const struct ir_insn *i, uint64_t site,
		  struct partitions *out);

/* --- partition.c */

/* Takes s over. At most ENGINE_CASES remain. */
void partitions_add(struct fun *f, struct partitions *p, struct state *s);
void partitions_release(struct partitions *p);
/* The more, the less is lost where the two are joined. */
unsigned partitions_likeness(const struct state *a, const struct state *b);
/* Joins b into a; the client joins the monitors. */
void partitions_join(struct fun *f, struct state *a, const struct state *b);

/* --- obligation.c: the callee's open obligations become the caller's */
/* It could not be kept, or not lifted. */
void obligation_lose(struct fun *f, const struct obligation *o);
void obligations_lift(struct fun *f, struct state *s, ir_fn callee, const word_id *args,
		      unsigned nargs, uint64_t site, ir_loc loc);

/* --- instance.c: the callee's symbols in the caller's terms */

/* A symbol that was made for one of the callee's; where it comes from is still to be set. */
struct twin {
	sym_id id, of;
	bool is_new;
};

struct inst {
	struct fun *f;
	struct state *s;		/* the caller's state at the call */
	ir_fn callee;
	const word_id *args;
	unsigned nargs;
	uint64_t site;
	ir_loc loc;
	bool final;			/* init-only cells mean their final content */
	sym_id bound;			/* a bound symbol, and what it is here */
	word_id bound_to;
	struct map memo;
	Array(struct twin) twins;
	unsigned depth;			/* of symbols inside of symbols, in work */
	struct subst *subst;
};
void inst_begin(struct inst *in, struct fun *f, struct state *s, ir_fn callee,
		const word_id *args, unsigned nargs, uint64_t site, ir_loc loc);
void inst_end(struct inst *in);
word_id inst_word(struct inst *in, word_id w);
word_id inst_symbol(struct inst *in, sym_id id);
const struct cond *inst_cond(struct inst *in, const struct cond *c);

/* --- locking.c */

/* Takes, gives or asserts a lock; ptr points to it. flags: see interrupts_apply(). */
void locking_apply(struct fun *f, struct state *s, const struct model_lock *m, word_id ptr,
		   word_id flags, uint64_t site, ir_loc loc);
/* What the callee took and gave, in the caller's terms. */
void locking_apply_summary(struct inst *in, struct state *t, const struct state *exit);
/* A function that is not known has got the object, and may have given its locks back. */
void locking_doubt_object(struct state *s, sym_id root);
/* Some lock is held, and it is not known which: a lock of this name. */
#define LOCK_UNKNOWN "?"
/* A lock without an object. */
word_id locking_token(struct fun *f, const char *name);
void locking_tell(struct fun *f, struct state *s, const struct lock_event *e);
/* 1 where the lock is held here, by this function or its callers. */
bit_id locking_held(struct fun *f, const struct state *s, struct lock_ref ref);

/* --- access.c */

/* Notes what the instruction accesses of the watched records, before it is executed. */
void access_note(struct fun *f, struct state *s, const struct ir_insn *i);
/* A call does that to so many bits; rec: of what type they are, IR_NONE: not known. */
void access_note_range(struct fun *f, struct state *s, enum access_kind kind,
		       const struct target *t, ir_rec rec, uint64_t width, ir_loc loc);
void access_learn(struct fun *f, const struct ir_insn *i);
void accesses_lift(struct fun *f, struct inst *in);
void accesses_clear(struct fun *f);
/* One more of the summary, if it has none like it; *n and what it points to is copied. */
void access_add(struct fun *f, const struct shared_access *n);

/* --- lock_use.c: what is wanted of the callers' locks */
void lock_use_note(struct fun *f, struct state *s, const struct lock *l, enum model_lock_op op);
void lock_uses_lift(struct inst *in);

/* --- fixpoint.c */

/* The end of a block: the state goes to the successors or is a return. */
void fixpoint_leave(struct fun *f, uint32_t block, struct state *s);
/* The branch there is to teach nothing. */
bool fixpoint_is_ignored(struct fun *f, ir_loc loc);
/* The condition of a case of a switch on v. */
bit_id fixpoint_in_case(struct fun *f, const struct ir_term *t, word_id v, const struct ir_case *c);
void fun_analyse(struct engine *e, ir_fn fn, struct summary *out);

#endif
