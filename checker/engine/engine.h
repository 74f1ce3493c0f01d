/* SPDX-License-Identifier: MIT */
/*
 * engine.h - the abstract interpreter over a unit
 *
 * A flow-sensitive fixpoint over the blocks of a function, bottom-up over the
 * call graph: each function gets a summary, which calls instantiate. What a
 * rule asks of a program point is an obligation: a condition over the symbols
 * of the function under which the rule is violated. Obligations that are not
 * refuted where they arise are lifted to the callers, with their symbols
 * replaced by the callers' values, until they are unsatisfiable or arrive at
 * an entry point of the unit.
 *
 * The engine knows no rule. A client (checker/rules) gets the events and adds
 * obligations.
 *
 * Soundness: each step over-approximates, see domain/. What is not modelled
 * becomes a symbol of origin UNKNOWN with its reason. Recursive calls and
 * functions that exceed the budget take the summary "anything shared may have
 * changed, any value may be returned".
 */
#ifndef PF_ENGINE_ENGINE_H
#define PF_ENGINE_ENGINE_H

#include "engine/ignored.h"
#include "engine/lockset.h"
#include "engine/state.h"
#include "engine/targets.h"
#include "ir/span.h"
#include "model/model.h"

#define ENGINE_CASES 8		/* cases of a summary, partitions of a block */
#define ENGINE_CHAIN 24		/* call sites through which an obligation is lifted */
#define OBLIGATION_FOCUS 6
#define ENGINE_LOCK_USES 256	/* of its callers' locks by one function */
#define ENGINE_ACCESSES 65536	/* shared accesses of one function */
#define ENGINE_OBLIGATIONS 512	/* open obligations of one function */

struct engine;
struct fun;

/* Stability of a field's facts; see POLICY_* in rules/rule.h. */
enum policy { POLICY_SEQ, POLICY_INIT, POLICY_MONO, POLICY_GUARD, POLICY_ONCE };

struct field_policy {
	ir_rec rec;		/* innermost record */
	uint64_t off, width;
	uint8_t kind;		/* enum policy */
	bool stable;		/* MONO: the value that stays */
	bool has_lock;		/* GUARD always, MONO where it is written under a lock: */
	uint64_t lock_off;	/* bits from the start of the record to the lock */
};

/* A call site, for the path of a finding. */
struct hop {
	ir_fn fn;		/* the caller */
	ir_loc loc;
};

/* A store, seen before it takes effect. */
struct store_event {
	sym_id root;		/* the object; {0} where the pointer is unknown */
	int64_t off;		/* bits from it */
	uint32_t width;
	word_id ptr, val, old;	/* old: the content before, WORD_NONE where not known */
	struct class class;
	ir_rec outer;		/* the record of the member path or of the root */
	uint64_t outer_off;
	ir_loc loc;
	bool maybe;		/* the store may not happen */
	/*
	 * width bits of memory from there on, of whatever type; those beyond the object's end
	 * do not count. is_any: val is what any field in it holds after, as far as it is wide.
	 */
	bool is_range, is_any;
	uint32_t unseen;	/* code that is not known has a pointer there, and may store: the
				 * number of the reason; else 0 */
	bool typed;		/* that code knows what the pointer points to: it is a record */
	word_id by;		/* what it is called through; WORD_NONE for no pointer */
	/* The store of a callee through an untyped pointer: where it stands, and the calls. */
	bool from_call;
	ir_fn fn;
	const struct hop *hops;
	uint32_t nhops;
};

/*
 * What a function does to a record that a rule watches, and what it held then:
 * the callers lift it, add their locks and drop it where the object is still
 * their own, so that at an entry point the whole lockset is known.
 */
enum access_kind {
	ACCESS_READ,
	ACCESS_WRITE,
	ACCESS_UPDATE,		/* an atomic read-modify-write */
	ACCESS_UNSEEN,		/* code that is not known is given a pointer there */
};

/* A pointer that was stored in the object before it is accessed. */
struct access_link {
	int64_t off;		/* bits from the object's root */
	struct lock_ref to;	/* where it leads; root SYM_NONE: that is not known */
};

struct shared_access {
	uint8_t kind;		/* enum access_kind */
	uint8_t mark;		/* enum ir_mark */
	bool maybe;		/* the store may not happen */
	bool sets;		/* what is overwritten is 0, of a field that is set once */
	bool may;		/* something was lost on the way: the path may not exist */
	bool teardown;		/* on every way from here the object is given back */
	bool repeats;		/* made in a loop: what pc says of it may be of another round */
	bool named;		/* the object had a name in a function that other units call */
	bool public;		/* the function, or what it called, has shown it to others before: */
	sym_id into;		/* to whom can reach this object; SYM_NONE: to all */
	ir_rec rec;		/* the watched record */
	uint64_t off, width;	/* bits in it */
	ir_rec part;		/* the record in it that was accessed, "struct list_head"; or IR_NONE */
	uint64_t part_off;	/* bits in that */
	sym_id root;		/* the object: the record begins base bits from root */
	int64_t base;
	word_id val;		/* stored, WORD_NONE where not known */
	uint64_t kept;		/* bits of a store that are what was there before */
	const struct cond *pc;
	const struct lock *held;	/* of the function and the callers so far; sorted */
	uint32_t nheld;
	const struct lock_ref *dropped;	/* what the callers' locks lost before */
	uint32_t ndropped;
	const struct unsure_lock *unsure;
	uint32_t nunsure;
	const struct access_link *links;
	uint32_t nlinks;
	ir_fn fn;
	ir_loc loc;
	const struct hop *hops;	/* call sites from the access outwards */
	uint32_t nhops;
	uint32_t chain;		/* 1 + the one before with the same hash; 0: none */
};

/*
 * What a function wants of a lock of its callers: that they hold it (op NEED), or
 * that they do not, since it takes it itself (op ACQUIRE).
 */
struct lock_use {
	uint8_t op, mode;	/* enum model_lock_op, model_lock_mode */
	struct lock_ref ref;
	const struct cond *pc;
	ir_fn fn;		/* that says so, or takes it */
	ir_loc loc;
};

/* A lock is taken or given. */
struct lock_event {
	uint8_t op;		/* enum model_lock_op */
	uint8_t fault;		/* enum lock_fault */
	struct lock lock;
	struct lock before;	/* the entry that a fault contradicts */
	ir_loc loc;
	bool may;		/* the way there is not known to exist */
	bool by_callee;		/* op NEED or ACQUIRE: at loc a function is called that wants it */
};

/* Where a clause of a condition was learnt. */
struct tag {
	ir_fn fn;
	ir_loc loc;
	bool taken;		/* the condition was true */
};

struct obligation {
	uint32_t rule;		/* the client's number */
	const struct cond *bad;	/* the rule is violated where this holds */
	bit_id focus[OBLIGATION_FOCUS];	/* its clauses that the rule itself made */
	unsigned nfocus;
	ir_fn fn;		/* the sink */
	ir_loc loc;
	const struct hop *hops;	/* call sites from the sink outwards */
	uint32_t nhops;
	bool may;		/* something was lost on the way */
	uint32_t unseen;	/* nobody knows whether the store happens: see store_event */
	bool settled;		/* refuted as long as init-only fields are (FINAL is INIT) */
	sym_id unbound;		/* a bound symbol not yet replaced by an object */
	struct store_event pending;	/* an untyped store whose class callers decide */
	bool is_pending;
	bool is_origin;		/* nothing is wrong: where bad holds pending.val is stored */
};

/* One way through a function. */
struct summary_case {
	struct state exit;	/* pc and cells at the return */
	word_id ret;		/* WORD_NONE for void */
	uint8_t ret_class;	/* enum ret_class */
	bool imprecise;		/* a clause was lost on the way to the return */
	ir_loc loc;		/* the return statement, 0 where several were merged */
};

enum ret_class { RET_VOID, RET_ZERO, RET_ERRNO, RET_NONZERO, RET_OTHER };

struct summary {
	bool ready, running;
	bool anything;		/* not analysed: recursion, budget, failed body */
	const char *why;	/* why anything, for the reasons of a verdict */
	struct summary_case cases[ENGINE_CASES];
	uint32_t ncases;	/* 0: does not return */
	Array(struct obligation) obligations;
	bool lost_obligations;	/* some could not be kept or lifted: incomplete */
	bool lost_pending;	/* the same of stores of which only a caller can say what they
				 * store to */
	Array(struct shared_access) accesses;
	bool lost_accesses;
	Array(struct lock_use) uses;
	bool lost_uses;		/* there are more of them, or a callee has */
	bool recursive;
	ir_fn caller;		/* running: that it is made for; else IR_NONE */
	ir_fn within;		/* calls this one, which was running, or IR_NONE */
};

struct engine_client {
	void *arg;
	/* A store with a known class. */
	void (*on_store)(void *arg, struct fun *f, struct state *s, const struct store_event *e);
	/* A direct call, before it is made. */
	void (*on_call)(void *arg, struct fun *f, struct state *s, ir_fn callee,
			const word_id *args, unsigned nargs, ir_loc loc);
	/* A branch was taken, which made the condition before to what s has; may change the
	 * monitors. */
	void (*on_branch)(void *arg, struct fun *f, struct state *s, const struct cond *before,
			  ir_loc loc);
	/* A report of this flavour (enum model_flavour) was made. */
	void (*on_report)(void *arg, struct fun *f, struct state *s, unsigned flavour, ir_loc loc);
	/* A gate before a report was asked; it is open in this state, or shut. */
	void (*on_gate)(void *arg, struct fun *f, struct state *s, unsigned flavour, bool open);
	/* A return; may change the monitors. */
	void (*on_return)(void *arg, struct fun *f, struct state *s, word_id ret, ir_loc loc);
	/* A case of a callee was taken: fold its monitors into the caller's. */
	void (*on_case)(void *arg, struct fun *f, struct state *s, const uint8_t *callee);
	/* Two states are joined whose monitors differ: into is to stand for both. */
	void (*on_merge)(void *arg, uint8_t *into, const uint8_t *from);
	/*
	 * A direct call came back with ret (WORD_NONE for void). True: the state was
	 * split, what *s does not stand for any more is in *other.
	 */
	bool (*on_result)(void *arg, struct fun *f, struct state *s, struct state *other,
			  ir_fn callee, const word_id *args, unsigned nargs, word_id ret,
			  ir_loc loc);
	/* A mark of the callee, in the caller's terms; to set it is up to the client. */
	void (*on_mark)(void *arg, struct fun *f, struct state *s, const struct mark *m);
	/* A callee has written val, WORD_NONE where that is not known, to (root, off), which it
	 * knows as the cell *from. */
	void (*on_written)(void *arg, struct fun *f, struct state *s, const struct cell *from,
			   sym_id root, int64_t off, word_id val, ir_loc loc);
	/* A load, before it is made. NULL: nobody asks. */
	void (*on_read)(void *arg, struct fun *f, struct state *s, const struct ir_insn *i);
	/* A lock was taken or given; f->emitting tells whether the state is final. */
	void (*on_lock)(void *arg, struct fun *f, struct state *s, const struct lock_event *e);
	/* A bound object of a rule: the caller's words for it; gives their number, at most max. */
	unsigned (*on_bind)(void *arg, struct fun *f, struct state *s, sym_id bound, word_id ptr,
			    word_id *out, unsigned max);
	/* A function was not analysed. */
	void (*on_lost)(void *arg, ir_fn fn, const char *why);
	/* An obligation was refuted; tags of the clauses that it took. */
	void (*on_discharged)(void *arg, struct fun *f, const struct obligation *o,
			      const struct tag *const *tags, unsigned ntags);
	/* The final state before an instruction, or before the terminator where insn is their
	 * number; for the soundness test. NULL: nobody asks. */
	void (*on_point)(void *arg, struct fun *f, const struct state *s, uint32_t block,
			 uint32_t insn);
};

/* The value of a C constant expression that a model names. */
struct engine_constant {
	const char *text;
	uint64_t value;
};

struct engine_stats {
	unsigned summaries, merged, obligations, discharged, lifted;
	uint64_t steps;
	uint64_t ignored;	/* a bit for each ignored guard that a branch was met of */
};

/* What a symbol points into: a watched record that begins base bits from it. */
struct container {
	int64_t base;
	ir_rec rec;
};

/* Accesses that are asked for. */
struct watch {
	struct ir_span span;
	bool writes;		/* these only */
};

struct engine {
	struct ir_unit *unit;
	struct dom *dom;
	struct symbols syms;
	const struct model *model;
	struct arena arena;
	struct arena scratch;		/* of one access; see access_add() */
	struct engine_client client;
	Array(struct field_policy) policies;
	Array(ir_rec) watched;		/* records whose accesses are noted, as far as it is asked: */
	Array(struct watch) watches;
	bool watches_reads;		/* one of them */
	struct map lock_records;	/* record -> 1 no lock, 2 a lock */
	struct map parts;		/* records that are a member of one of them -> 1 + how deep */
	struct map containers;		/* symbol -> index + 1 into container */
	Array(struct container) container;
	struct summary **summaries;	/* by ir_fn; NULL: not asked for yet */
	uint32_t nsummaries;
	Array(struct tag) tags;
	struct map tag_index;
	struct engine_stats stats;
	Array(struct engine_constant) constants;
	const struct targets *targets;	/* of calls through members; NULL: not known (one unit) */
	/* Branches at these places teach nothing, as if what they guard were not guarded. */
	const struct ignored_guard *ignored;
	unsigned nignored;	/* at most IGNORED_GUARDS */
	uint64_t max_steps;		/* per function */
	double deadline;		/* monotonic seconds; 0 none */
	unsigned depth;			/* nesting of summaries in work */
	struct buffer *dump;		/* states at block entry go here, or NULL */
	const char *dump_function;	/* only this function's, or NULL */
};

/* Everything referred to must outlive the engine. */
void engine_init(struct engine *e, struct ir_unit *unit, const struct model *model,
		 const struct engine_client *client);
void engine_release(struct engine *e);
/* Two policies of one field become one that has both: INIT before MONO or ONCE before GUARD. */
void engine_add_policy(struct engine *e, const struct field_policy *p);

/* Accesses to this record are noted in the summaries; to some of its bits; or what writes them. */
void engine_watch(struct engine *e, ir_rec rec);
void engine_watch_span(struct engine *e, const struct ir_span *span);
void engine_watch_writes(struct engine *e, const struct ir_span *span);
/* An access to the width bits from off on of the record is asked for. */
bool engine_asks(const struct engine *e, ir_rec rec, uint64_t off, uint64_t width, bool writes);
bool engine_watches(const struct engine *e, ir_rec rec);
/* The watched record that the symbol is known to point into, other than by its own type. */
bool engine_container(const struct engine *e, sym_id root, struct container *out);

/* The models say that the record is a lock. */
bool engine_is_lock_record(struct engine *e, ir_rec rec);

/* The summary of a function, made on first use. Never NULL. */
const struct summary *engine_summary(struct engine *e, ir_fn fn);

/* The policy of a class; NULL for none. */
const struct field_policy *engine_policy(const struct engine *e, struct class c);

/* The value of a constant of the models; 0 where the unit does not know it. */
uint64_t engine_constant(const struct engine *e, const char *text);

/* The class of an access. */
struct class engine_class(const struct engine *e, ir_rec rec, uint64_t off, uint32_t width);

uint32_t engine_tag(struct engine *e, ir_fn fn, ir_loc loc, bool taken);

/*
 * The values that function fn can have as an expression: evaluates it on args
 * in state s and calls found() for each case with its result and its condition,
 * in which the state's own condition is not. final: init-only fields count with
 * the value that they have when their object is published.
 */
typedef void (*expr_case)(void *arg, const struct cond *pc, word_id ret);
void engine_eval(struct fun *f, struct state *s, ir_fn fn, const word_id *args, unsigned nargs,
		 bool final, expr_case found, void *arg);

/*
 * The clauses whose conjunction is the condition of an obligation, as they were
 * before they were combined: when they contradict each other, the smallest set
 * that does says what a proof rests on.
 */
#define PREMISES 128
struct premises {
	struct clause c[PREMISES];
	unsigned n;
};
void premises_add(struct premises *p, bit_id bit, uint32_t tag);
void premises_add_cond(struct premises *p, const struct cond *c);

/* Adds an obligation to the function under analysis, unless it is refuted. */
void engine_oblige(struct fun *f, const struct obligation *o, const struct premises *why);

void engine_print_summary(struct engine *e, ir_fn fn, struct buffer *out);
void engine_print_obligations(struct engine *e, ir_fn fn, struct buffer *out);

#endif
