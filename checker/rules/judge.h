/* SPDX-License-Identifier: MIT */
/*
 * judge.h - the rules at work on one unit; shared by the rule templates
 */
#ifndef PF_RULES_JUDGE_H
#define PF_RULES_JUDGE_H

#include "base/edges.h"
#include "engine/engine.h"
#include "engine/fun.h"
#include "ir/specialise.h"
#include "report/finding.h"
#include "rules/analysis.h"
#include "rules/bind.h"

/* A branch that makes the guard true. Where success follows all the same it refuses nothing. */
struct guard_branch {
	ir_fn fn;
	ir_loc loc;
	bool accepts;
};

/* A refusal that was found: a failing return behind such a branch. */
struct refusal {
	ir_fn fn;
	ir_loc loc;
	uint8_t branch;		/* number of the branch, from 1 */
};

/* An error that is returned where an act was not undone. */
struct unpaired {
	ir_fn fn;
	ir_loc act, loc;
	bool sure;
};

/* What a program says of a policy of the rule. */
struct policy_state {
	bool proved;
	unsigned writers;	/* that write to published objects */
};

/* What the run learns about one rule. */
struct docket {
	struct bound_rule bound;
	struct map sinks;		/* places of sinks */
	Array(struct tag) guards;	/* branches that a proof rests on */
	bool uses_policy;		/* a proof needed a field to be stable */
	struct policy_state *policies;	/* by number in the rule */
	Array(const char *) reasons;	/* why it is incomplete */
	const char *lost;		/* some paths were not followed: where */
	Array(struct guard_branch) branches;
	Array(struct refusal) refusals;
	Array(struct unpaired) unpaired;
	struct map answers;		/* pairing.c: functions that answer yes or no -> when act failed */
	Array(struct class) reads;	/* coupling.c: what the rule's condition reads */
	struct map gone;		/* functions whose locks were found wrong at a place */
	struct map taken, given;	/* lock_key() of what functions take and give */
	struct map additions;		/* where a member is put into a list: fn << 32 | loc of
					 * the install that follows */
	unsigned findings;
	bool violated, may;
	bool undecided;			/* a finding says so */
	uint64_t *setters;		/* relevant_setters(), once asked for */
	uint64_t *appliers;		/* publish_update.c: who calls a function of apply, the same */
	uint64_t *installers;		/* publish_section.c: install, and what it calls, the same */
	struct map walked;		/* changes of a flag whose members get it -> 1 */
	struct map rounds;		/* publish_loop.c: blocks -> 1, or 2: a loop goes round it */
	struct map doubts;		/* publish_report.c: places of which something is not known */
};

/* An access to a watched record, as an entry point makes it; see shared.h. */
struct shared {
	const struct shared_access *a;
	ir_fn entry;
	bool teardown;		/* the entry point gives the object back on every way out */
};

/* An obligation that may be violated as an entry point has it; see witness.c. */
struct way {
	struct docket *d;
	ir_fn entry;
	const struct obligation *o;
	const struct cond *bad;
	ir_loc at;		/* the place that a finding is about */
	bool inner;		/* the entry point has callers in the program */
	bool sets;		/* a field of the rule's policies can be set from there too */
	bool followed;		/* worth a replay */
	uint8_t verdict;	/* without a replay */
	uint32_t unknown;	/* values that are not known, of those that matter */
	uint32_t number;
};

struct judge {
	struct engine e;
	struct binder in;
	const struct rule_set *rules;
	struct report *report;
	struct docket *dockets;		/* by rule number */
	uint32_t ndockets;
	uint64_t *touching, *relevant, *reaching;	/* bit sets of functions, see relevant.c */
	struct map called;		/* functions with a caller in the unit */
	struct map begun;		/* one of them for each cycle that nobody else calls */
	struct edges callers;		/* from a function to those that call it */
	struct map subjects;		/* records -> whether a rule's record is in them */
	struct map open;		/* functions that call what they are given */
	struct ir_specials specials;	/* until relevant_release() */
	uint32_t nfuncs;
	Array(struct shared) shared;
	Array(struct shared) unseen;	/* by what is not known, which may do nothing */
	ir_rec infer;			/* the record whose discipline is asked for, or IR_NONE */
	struct targets targets;		/* of a program */
	struct map refuted;		/* fields whose policy does not hold -> why */
	unsigned nrefuted;
	Array(struct way) ways;
	unsigned replays, not_replayed;	/* findings with a path; those whose path led nowhere */
	Array(struct class) origins;	/* fields whose stores are asked for */
	unsigned norigins;		/* that are asked for in this round; the others were wanted in it */
	unsigned lost_replays;		/* ways that were followed in vain */
	const char *lost_accesses;	/* an entry point some of whose accesses were not kept */
};

void docket_reason(struct judge *j, struct docket *d, const char *text);

/* The marks of a rule: so many kinds, which its template numbers. */
#define MARK_KIND_BITS 4

static inline uint32_t docket_mark(const struct docket *d, unsigned kind)
{
	return d->bound.number << MARK_KIND_BITS | kind;
}

static inline struct docket *docket_of_mark(const struct judge *j, const struct mark *m)
{
	return &j->dockets[m->key >> MARK_KIND_BITS];
}

static inline unsigned docket_mark_kind(const struct mark *m)
{
	return m->key & ((1u << MARK_KIND_BITS) - 1);
}

/* Whether the rule is about what stands in the function: a unit in its scope has it. */
bool docket_covers(const struct judge *j, const struct docket *d, ir_fn fn);

/* The same of a place in fn that is reached so; a header's function is the caller's. */
bool docket_covers_way(const struct judge *j, const struct docket *d, ir_fn fn,
		       const struct hop *hops, uint32_t nhops);

/* --- range.c: the range of the store has bits of the field in it */
bool range_covers(const struct judge *j, const struct store_event *e, const struct class *field);
/* What the field holds after the store; unknown where its place in the range is not. */
word_id range_value(const struct judge *j, const struct store_event *e, const struct class *field);
/* Code that is not known may write a field that a rule, or a policy of a program, says is not. */
void range_unseen(struct judge *j, struct fun *f, const struct state *s,
		  const struct store_event *e);

/* --- flag_flow.c */
void flag_flow_store(struct judge *j, struct fun *f, struct state *s, const struct store_event *e);
void flag_flow_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		    const word_id *args, unsigned nargs, ir_loc loc);
/* The obligations of an entry point become ways to a finding. */
void flag_flow_entry(struct judge *j, ir_fn fn);
/* What was lost in a function, whether or not it is an entry point. */
void flag_flow_lost(struct judge *j, ir_fn fn);
/*
 * A mapping for subst_new(): FINAL cells of objects that were made on the way have
 * their value in the state exit, others are INIT; who calls from outside holds no lock.
 */
struct final_map {
	struct judge *j;
	const struct state *exit;
	bool used;
	bool gone;	/* an object of these was lost before anybody could reach it */
};
word_id flag_flow_final(void *arg, sym_id id);

/* The same of an inline function that nobody here calls: what a value is made of is its own. */
void flag_flow_unused(struct judge *j, ir_fn fn);

/* --- coupling.c */
void coupling_store(struct judge *j, struct state *s, const struct store_event *e);
void coupling_written(struct judge *j, struct state *s, const struct cell *from, sym_id root,
		      ir_loc loc);
void coupling_mark(const struct judge *j, struct state *s, const struct mark *m);
void coupling_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc);

/* --- refuse_warn.c */
void refuse_warn_branch(struct judge *j, struct fun *f, struct state *s,
			const struct cond *before, ir_loc loc);
void refuse_warn_report(struct judge *j, struct fun *f, struct state *s, unsigned flavour);
void refuse_warn_gate(struct judge *j, struct fun *f, struct state *s, unsigned flavour, bool open);
void refuse_warn_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc);
void refuse_warn_case(struct judge *j, struct fun *f, struct state *s, const uint8_t *callee);
void refuse_warn_merge(const struct judge *j, uint8_t *into, const uint8_t *from);
void refuse_warn_entry(struct judge *j, ir_fn fn);

/* --- the templates of locks and shared fields, on j->shared */
void guarded_by_judge(struct judge *j, struct docket *d);
void stable_field_judge(struct judge *j, struct docket *d);
void storage_unit_judge(struct judge *j, struct docket *d);
void consistent_lock_judge(struct judge *j, struct docket *d);
void lock_balance_event(struct judge *j, struct fun *f, struct state *s,
			const struct lock_event *e);
void lock_balance_judge(struct judge *j, struct docket *d);

/* --- lost_bit.c: before each instruction, and at the end */
void lost_bit_point(struct judge *j, struct fun *f, const struct state *s, uint32_t block,
		    uint32_t insn);
void lost_bit_judge(struct judge *j, struct docket *d);

/* --- pairing.c */
void pairing_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		  const word_id *args, unsigned nargs, ir_loc loc);
bool pairing_result(struct judge *j, struct fun *f, struct state *s, struct state *other,
		    ir_fn callee, const word_id *args, unsigned nargs, word_id ret, ir_loc loc);
void pairing_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		  const struct mark *m);
void pairing_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc);
void pairing_judge(struct judge *j, struct docket *d);

/* --- publish_read.c */
void publish_read_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		       const word_id *args, unsigned nargs, ir_loc loc);
void publish_read_store(struct judge *j, struct fun *f, struct state *s,
			const struct store_event *e);
void publish_read_written(struct judge *j, struct fun *f, struct state *s, const struct cell *from,
			  struct lock_ref at, word_id val, ir_loc loc);
void publish_read_load(struct judge *j, struct fun *f, struct state *s, const struct ir_insn *i);
void publish_read_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		       const struct mark *m);
void publish_read_judge(struct judge *j, struct docket *d);

/* --- publish_update.c. split: *other is where the callee failed already. */
bool publish_update_result(struct judge *j, struct fun *f, struct state *s, struct state *other,
			   bool split, ir_fn callee, word_id ret, ir_loc loc);
void publish_update_branch(struct judge *j, struct fun *f, struct state *s,
			   const struct cond *before);
void publish_update_return(struct judge *j, struct fun *f, struct state *s, word_id ret,
			   ir_loc loc);

/* --- trusted.c: that callers hold the locks which an entry point says are held; the texts */
#define TRUSTED_MAX 8
unsigned trusted_callers(struct judge *j, const struct docket *d, const char **out, unsigned max);

/*
 * --- relevant.c: the functions that the rules can concern: those that touch what the
 * rules are about, and of those that call them all to whom something is left to decide.
 */
void relevant_compute(struct judge *j);
void relevant_analyse(struct judge *j, unsigned *nfunctions);
void relevant_release(struct judge *j);
/* Nothing can be said of the function without those that call it, of whatever unit. */
void relevant_need_callers(const struct judge *j, ir_fn fn);
/* One of them, once they are analysed. */
bool relevant_has(const struct judge *j, ir_fn fn);
/* Touches what the rules are about itself. */
bool relevant_touches(const struct judge *j, ir_fn fn);
/* Touches it, or calls who does, whether or not something is left to it. */
bool relevant_reaches(const struct judge *j, ir_fn fn);
/* Callable from outside of what this unit shows: exported, address taken, or never called. */
bool relevant_is_entry(const struct judge *j, ir_fn fn);
/* Inline, in the source or a private header, and called by nobody in the unit. */
bool relevant_is_unused(const struct judge *j, ir_fn fn);
/* Of a program: it has callers, which show more of a way. */
bool relevant_is_inner(const struct judge *j, ir_fn fn);
/*
 * A bit for each function, in the report's arena: pred is true of it, or it calls such a one,
 * near or far.
 */
uint64_t *relevant_users(struct judge *j, bool (*pred)(void *, const struct ir_func *), void *arg);
/*
 * The same: it stores to a field of the rule's policies,
 * or calls what does, near or far. Errs to both sides.
 */
uint64_t *relevant_setters(struct judge *j, const struct bound_rule *b);

/* --- replay.c: one way to the obligation, followed by itself */
struct witness_replay {
	const struct cond *why;	/* the clauses that matter, on that way */
	struct numbers *numbers;	/* under which all that was decided on it holds */
};
/*
 * Looks for a way of the entry point on which the obligation is violated and nothing that
 * matters is unknown. bad: the obligation's condition there. False: none was found. To be
 * released with numbers_free().
 */
bool replay_obligation(struct judge *j, ir_fn entry, const struct obligation *o,
		       const struct cond *bad, struct witness_replay *out);

/* --- origin.c: where a value comes from that was read from the memory of an object */

/* The symbol is the content of such a field; false: of something else. */
bool origin_field_of(const struct judge *j, sym_id id, struct class *out);
bool origin_is_asked(const struct judge *j, struct class c);
/* The next round is to tell who stores to the field. */
void origin_want(struct judge *j, struct class c);
/* A store to a field that is asked for is noted for the callers. */
void origin_store(struct judge *j, struct fun *f, const struct state *s,
		  const struct store_event *e);
struct origin {
	ir_fn entry;			/* where the value begins */
	const struct obligation *o;	/* the store, over its symbols */
	const struct cond *when;	/* it stores what the finding wants */
	const struct cond *why;		/* the clauses of that that speak of the value */
};
/*
 * The entry points that store to the field id such that why, the finding's conditions, can hold of
 * it; at most max: those from where nobody leads before others, and of each those of the bit set.
 */
unsigned origin_find(struct judge *j, sym_id id, const struct cond *why, const uint64_t *first,
		     struct origin *out, unsigned max);
/* "struct iopt_area.iommu_prot" */
const char *origin_name(struct judge *j, struct class c);

/* --- witness.c */
/* The place has a finding of the rule already, which entry joins. */
bool witness_is_known(struct judge *j, struct docket *d, ir_fn entry, const struct place *at);
struct place witness_place(struct judge *j, ir_loc loc);
const char *witness_function(struct judge *j, ir_fn fn);
#define WITNESS_PATH \
	"a condition on the way is too complex to be kept, so the path may be impossible"
/* Why a violation only may be one. */
void witness_uncertain(struct judge *j, struct finding *f, const char *why);
/* An essential step of a path. state: what is known there, "locks held=none, prot=1". */
struct step witness_step(struct judge *j, ir_fn fn, ir_loc loc, unsigned kinds, const char *text,
			 const char *state);
/* The rule's message with its placeholders replaced. o: the obligation, or NULL. */
const char *witness_message(struct judge *j, const struct docket *d, const struct obligation *o,
			    ir_fn fn);
/* Keeps the way; o and bad are those of a summary. */
void witness_way(struct judge *j, struct docket *d, ir_fn entry, const struct obligation *o,
		 const struct cond *bad);
/* The ways become findings: of each place the best one is told, the others lead there too. */
void witness_findings(struct judge *j);

#endif
