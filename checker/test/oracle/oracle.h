/* SPDX-License-Identifier: MIT */
/*
 * oracle.h - a bounded model checker over the IR
 *
 * A scenario is a setup function, two or three thread functions and a check,
 * in one file of C (scenario.h). The oracle runs them in every order in which
 * their accesses to shared memory can follow each other, sequentially
 * consistent, and tells which outcomes there are. It shares with the checker
 * only the front end, the IR and the models: what it says of an example is a
 * fact to hold a rule against.
 *
 * A step is one access of shared memory, or one operation on a lock. A store
 * to a bit-field is two steps: a load of its C11 memory location and a store
 * of all of it. A thread runs on between its steps; what nobody else can
 * reach (locals, objects that were not published) makes no step.
 */
#ifndef PF_TEST_ORACLE_ORACLE_H
#define PF_TEST_ORACLE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/buffer.h"
#include "frontend/frontend.h"
#include "ir/interp_eval.h"
#include "scenario.h"

#define SEQ THREADS_MAX		/* the thread of setup and check; nothing runs beside it */
#define SLOTS (THREADS_MAX + 1)

/* ----------------------------------------------------------------- memory */

/*
 * Memory is segments: one for globals, one for the stack and one for the heap
 * of each thread. Where an object lies depends only on what its own thread has
 * done, so that orders that lead to the same contents lead to the same state.
 */
#define SEG_STATIC 0u
#define SEG_STACK(t) (1u + 2 * (t))
#define SEG_HEAP(t) (2u + 2 * (t))
#define SEGMENTS (1 + 2 * SLOTS)

struct object {
	uint32_t at, size;	/* bytes, in the segment */
	bool freed;
	bool shared;		/* another thread can reach it */
	bool constant;
	bool quiet;		/* accesses are no steps and no races: a flag that gates a report */
	uint32_t name;		/* static: ir_glob */
};

struct segment {
	Array(uint8_t) bytes;
	Array(struct object) objects;
};

/* ------------------------------------------------------------------ state */

struct frame {
	ir_fn fn;
	uint32_t block, insn;
	uint32_t temps;		/* its first temporary in the thread's; the arguments follow them */
	uint32_t objects, bytes;	/* of the stack segment before it */
};

enum thread_state { THREAD_IDLE, THREAD_RUNS, THREAD_DONE };

struct thread {
	Array(struct frame) frames;
	Array(word) temps;
	uint8_t state;		/* enum thread_state */
	bool irqs_off, begun;	/* begun: an interrupt that has come */
	uint8_t bh_off;		/* how often bottom halves were shut out */
	uint8_t part;		/* of the instruction: 1 where its load is done */
	uint64_t pos;		/* of a copy: bytes done */
	word latch;		/* what the load gave */
};

struct hold {
	uint64_t lock;
	uint8_t thread, mode;	/* enum model_lock_mode */
	uint16_t count;
};

/*
 * The last plain access of a thread to some bytes, and who knows of it: the
 * threads and the locks (and marked variables) that it happens before. Two
 * conflicting accesses race where the second one's thread does not know of the
 * first. The sets are finite, which clocks are not, so states stay comparable.
 */
struct access {
	uint64_t addr;
	uint32_t len;
	uint8_t thread;
	bool write;
	uint64_t known;
	ir_loc loc;
};

struct state {
	struct segment seg[SEGMENTS];
	struct thread t[SLOTS];
	Array(struct hold) holds;	/* by lock, thread and mode */
	Array(struct access) accesses;	/* by address, length, thread, kind */
	uint8_t nthreads;
	bool started;		/* setup is done */
	uint64_t steps;		/* instructions on this path */
	uint32_t switches;	/* away from a thread that could have gone on */
	uint8_t last;		/* thread of the last step */
};

/* --------------------------------------------------------------- outcomes */

enum event_kind {
	EVENT_NONE, EVENT_LOAD, EVENT_STORE, EVENT_LOAD_UNIT, EVENT_STORE_UNIT, EVENT_RMW,
	EVENT_COPY, EVENT_LOCK, EVENT_UNLOCK, EVENT_DOWNGRADE,
	EVENT_TRY, EVENT_CHOOSE, EVENT_FREE, EVENT_COMES,
};

/* One step, for the trace. */
struct event {
	uint8_t kind, thread, width;
	ir_loc loc;
	uint64_t addr;		/* in bytes */
	word value;
	ir_rec rec;
	uint64_t recoff;
};

/* Mistakes that a test plants to see that the scenarios would notice them. */
enum plant {
	PLANT_NONE,
	PLANT_UNIT,		/* a bit-field is stored without its neighbours */
	PLANT_NO_LOCK,		/* an acquisition never waits */
	PLANT_TRY,		/* trylock always succeeds */
	PLANT_ONE_LOCK,		/* all locks are one */
	PLANT_READERS,		/* readers exclude readers */
	PLANT_NO_ORDER,		/* locks order nothing */
	PLANT_NO_SWITCH,	/* no preemption */
	PLANT_NO_SHARE,		/* what is on a heap stays the allocator's */
	PLANT_NO_LEAK,		/* a lock held at the end is released */
	PLANT_NO_IRQ,		/* an interrupt comes at any time */
	PLANT_FORGET,		/* states that differ in memory only count as one */
	PLANTS
};

struct limits {
	uint64_t states;	/* in all */
	uint64_t steps;		/* instructions on one path */
	uint32_t switches;	/* preemptions on one path; UINT32_MAX: any number */
};

/* How often a temporary is used; ONCE: in the block that defines it. */
enum use { USED_NEVER, USED_ONCE, USED_OFTEN };

/* Where one scenario is run. */
struct oracle {
	struct ir_unit *u;
	const struct model *model;
	const struct scenario *sc;
	struct limits limits;
	enum plant plant;
	ir_fn init, check, always;	/* IR_NONE: none */
	ir_fn thread[THREADS_MAX];
	Array(uint64_t) globals;	/* addresses */
	Array(uint64_t) syncs;		/* what an access can be known to beside threads */
	uint64_t code;			/* address of the first function */
	unsigned wanted;		/* outcomes that end the search; 0: none does */
	bool unmerged;			/* a state is entered each time that it is reached */

	/* Of the step under way. */
	struct event event;
	unsigned outcome;		/* bits 1 << enum outcome; only RACE lets the path go on */
	struct buffer why[OUTCOMES];

	/* Results. */
	unsigned found;			/* bits 1 << enum outcome */
	struct buffer trace[OUTCOMES];	/* of the first of each kind */
	uint64_t states, steps;
	uint64_t orders;		/* ends of paths; all of them where unmerged */
	bool *ran;			/* by function */
	uint8_t **uses;			/* by function and temporary: enum use */
};

static inline bool path_ended(const struct oracle *x)
{
	return x->outcome & ~(1u << RACE);
}

/* ---------------------------------------------------------------- memory.c */

uint64_t mem_add(struct state *s, unsigned seg, uint64_t size, uint8_t fill);
/* The object around [addr, addr + len), or NULL. */
struct object *mem_object(struct state *s, uint64_t addr, uint64_t len);
uint64_t mem_stack_address(unsigned t, uint32_t at);
bool mem_on_heap(uint64_t addr);
uint8_t *mem_at(struct state *s, uint64_t addr);
/* Back to n objects and as many bytes. */
void mem_truncate(struct segment *g, uint32_t objects, uint32_t bytes);
/* True where an access of this thread is a step. */
bool mem_is_shared(struct state *s, unsigned t, uint64_t addr);
/* A word was stored in shared memory: if it points to something, that is shared now too. */
void mem_publish(struct oracle *x, struct state *s, uint64_t value);
void mem_globals(struct oracle *x, struct state *s);
/* What setup made is everyone's once the threads run. */
void mem_share_setup(struct state *s);
/* True where the name ends in a member's. */
bool mem_name(const struct oracle *x, struct state *s, uint64_t addr, struct buffer *out);

/* ----------------------------------------------------------------- state.c */

void state_copy(struct state *to, const struct state *from);
void state_release(struct state *s);
/* Two states out of a million have the same one with a probability of 10^-7. */
uint64_t state_digest(const struct oracle *x, const struct state *s);

/* ------------------------------------------------------------------ race.c */

enum sync_kind { SYNC_EXCLUSIVE, SYNC_SHARED, SYNC_MARKED };

/* A plain access; reports a race with an earlier one. */
void race_access(struct oracle *x, struct state *s, unsigned t, uint64_t addr, uint32_t len,
		 bool write, ir_loc loc);
/* The thread learns what the sync object knows. */
void race_learn(struct oracle *x, struct state *s, unsigned t, uint64_t addr, enum sync_kind k);
/* The sync object learns what the thread knows; and only that, where it is a plain store. */
void race_teach(struct oracle *x, struct state *s, unsigned t, uint64_t addr, enum sync_kind k,
		bool replace);
/* Forgets what all that still run know of. */
void race_prune(struct state *s);
/* The memory is another object's from now on. */
void race_forget(struct state *s, uint64_t addr, uint64_t len);

/* --------------------------------------------------------------- machine.c */

/* The path ends with this outcome, or goes on if it is RACE. */
void stop(struct oracle *x, enum outcome o, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void machine_start(struct oracle *x, struct state *s, unsigned t, ir_fn fn);
/* Runs on until the next instruction is a step, or the thread is done. */
void machine_advance(struct oracle *x, struct state *s, unsigned t);
/* Ways in which the next step can go; 0: it has to wait. */
unsigned machine_choices(struct oracle *x, struct state *s, unsigned t);
/* The step, in one of these ways, and on to the next. */
void machine_step(struct oracle *x, struct state *s, unsigned t, unsigned choice);
/* Runs a function to its end. Its value, or 0 where it did not get there. */
uint64_t machine_run(struct oracle *x, struct state *s, ir_fn fn);

word machine_value(const struct oracle *x, const struct thread *th, struct ir_val v);
/* The instruction is done; v is its value. */
void machine_result(struct oracle *x, struct thread *th, const struct ir_insn *i, word v);
/* The call in the top frame is of fn. */
void machine_enter(struct oracle *x, struct state *s, unsigned t, ir_fn fn,
		   const struct ir_insn *i);
void machine_event(struct oracle *x, const struct state *s, unsigned t, const struct ir_insn *i,
		   enum event_kind k, uint64_t addr, word value);

/* ---------------------------------------------------------------- access.c */

/* A load, a store or a part of a copy. */
void access_exec(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i);
bool access_is_step(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i);

/* ------------------------------------------------------------------ call.c */

bool call_is_step(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i);
unsigned call_choices(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i);
void call_exec(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
	       unsigned choice);

/* ------------------------------------------------------------------ hold.c */

bool lock_available(const struct oracle *x, const struct state *s, uint64_t lock,
		    enum model_lock_mode mode);
/* Held by the thread itself, so that waiting for it does not end. */
bool lock_is_own(const struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode);
void lock_take(struct oracle *x, struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode);
bool lock_drop(struct oracle *x, struct state *s, unsigned t, uint64_t lock, enum model_lock_mode mode);
/* In any mode: a model's assertion does not say which. */
bool lock_held(const struct state *s, unsigned t, uint64_t lock);
const struct hold *lock_leaked(const struct state *s, unsigned t);

/* ------------------------------------------------------------------- irq.c */

bool irq_may_run(const struct oracle *x, const struct state *s, unsigned t);
/* An interrupt that has not come yet comes, which is a step of its own. False for all else. */
bool irq_waits(const struct oracle *x, const struct state *s, unsigned t);
void irq_begin(struct oracle *x, struct state *s, unsigned t);
/* What a lock does besides. The value is what is saved. */
word irq_acquire(struct oracle *x, struct state *s, unsigned t, enum model_lock_irq irq);
void irq_release(struct oracle *x, struct state *s, unsigned t, enum model_lock_irq irq,
		 word flags);
/* What the thread leaves behind, or NULL. */
const char *irq_end(struct oracle *x, struct state *s, unsigned t);

/* --------------------------------------------------------------- explore.c */

/* Every order. The results are in x. */
void explore(struct oracle *x);

/* ----------------------------------------------------------------- trace.c */

/* A line. */
void trace_event(const struct oracle *x, struct state *s, const struct event *e,
		 struct buffer *out);
void trace_place(const struct oracle *x, ir_loc loc, struct buffer *out);

#endif
