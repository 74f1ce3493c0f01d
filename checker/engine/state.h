/* SPDX-License-Identifier: MIT */
/*
 * state.h - the abstract state at one program point
 *
 * A store of cells, a path condition, what was clobbered, what was published,
 * and one monitor byte per typestate rule. A cell is (root, bit offset, width)
 * with a word; a range (width over 64) is known to be zero or unknown.
 *
 * A cell that is absent from the store has its content at function entry,
 * unless its class was clobbered, the root is an object of the function's own
 * (then: uninitialised), or a policy says otherwise. A cell that was written
 * never becomes absent again: what clobbers it leaves it unknown, since its
 * object may be one that only the caller knows.
 */
#ifndef PF_ENGINE_STATE_H
#define PF_ENGINE_STATE_H

#include "domain/cond.h"
#include "engine/symbol.h"

#define STATE_MONITORS 16

/* The same clauses, wherever they were learnt. */
static inline bool state_same_clauses(const struct cond *a, const struct cond *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!bit_same(a->c[i].bit, b->c[i].bit))
			return false;
	return true;
}

enum cell_kind { CELL_WORD, CELL_ZERO, CELL_UNKNOWN };

/*
 * The class of memory that a cell belongs to, for aliasing: the innermost
 * record and the offset in it, or IR_NONE and the width of an untyped scalar.
 */
struct class {
	ir_rec rec;
	uint64_t off;
	uint32_t width;
};

struct cell {
	sym_id root;
	int64_t off;		/* bits from the root */
	uint64_t width;		/* bits; <= 64 for CELL_WORD */
	word_id val;		/* CELL_WORD */
	struct class class;
	uint8_t kind;		/* enum cell_kind */
	uint8_t mono;		/* 1 + the value that stays, of a monotone field; else 0 */
	bool written;		/* by this function or what it called, since its entry */
	/*
	 * What it holds where the object turns out to be the caller's own, which nobody
	 * else can have changed; WORD_NONE: the same as above.
	 */
	word_id own;
	/*
	 * Of a word that is lost, or was: the pointer that it began as, to what it leads into
	 * still; see moved.h. WORD_NONE: not known.
	 */
	word_id from;
};

/* A lock: a place in an object, or a token for one that has no object. */
struct lock_ref {
	sym_id root;
	int64_t off;		/* bits from the root */
};

struct lock {
	struct lock_ref ref;
	uint8_t mode;		/* enum model_lock_mode */
	uint8_t irq;		/* enum model_lock_irq */
	uint8_t depth;		/* taken so many times more */
	bool assumed;		/* an assertion says so: the caller must hold it */
	bool dominates;		/* at a return: no way leads there that does not take it */
	bool doubtful;		/* taken by a function that does so sometimes, or given to one
				 * that is not known and may have given it back */
	ir_fn fn;		/* where it was taken */
	uint32_t block;
	ir_loc loc;
};

/* A lock of which it is not known whether it is held. */
struct unsure_lock {
	struct lock_ref ref;
	bool other_name;	/* given back under another name, if that is the same lock; else
				 * held on some of the ways that were merged */
};

/* A lock that the function gave back and has not taken since: it does not hold it. */
struct given {
	struct lock_ref ref;
	uint8_t mode, irq;	/* of the last time; UINT8_MAX: not the same on all ways */
	bool doubtful;		/* code that is not known ran since, and may have taken it */
	ir_fn fn;		/* where, on one of them */
	ir_loc loc;
};

/* Interrupts of the processor, beside what they are at the function's entry. */
enum irqs { IRQS_AS_BEFORE, IRQS_OFF, IRQS_ON, IRQS_FROM, IRQS_UNKNOWN };

/* A word in which the state of interrupts was saved, and what that was. */
struct irq_saved {
	sym_id flags;
	uint8_t then;		/* enum irqs */
};

/* Where something was done to interrupts, with the lock that went with it; loc 0: nowhere. */
struct irq_by {
	struct lock_ref ref;
	ir_fn fn;
	ir_loc loc;
};

#define BH_UNKNOWN INT8_MAX

struct interrupts {
	uint8_t now;		/* enum irqs */
	bool presumed;		/* OFF: they were on before, or it would not have been done so */
	int8_t bh;		/* so many times were bottom halves shut out; BH_UNKNOWN */
	sym_id from;		/* FROM: as this word says, which is the caller's */
	struct irq_by out, in;	/* shut out last; let in whatever they were before */
	struct irq_by left, bh_left;	/* a lock was given, and they are not as it found them */
	Array(struct irq_saved) saved;
};

/* An object that was given back, or else there was a warning, on the ways that "when" tells. */
struct freed {
	sym_id object;
	bit_id when;
};

/* What becomes of a mark where a way with it and one without it meet. */
enum mark_join {
	MARK_MUST,		/* it is gone */
	MARK_MAY,		/* it stays, and is not sure any more */
	MARK_SEEN,		/* it stays as it is */
};

/*
 * What a client has seen done to an object and looks for later: an act that must
 * be undone, say. See mark.h.
 */
struct mark {
	uint32_t key;		/* the client's */
	struct lock_ref ref;	/* a place in the object; root SYM_NONE: not known any more */
	struct lock_ref with;	/* the other one that it is about; SYM_NONE: none, or not known */
	uint8_t join;		/* enum mark_join */
	bool splits;		/* states with it and without it are kept apart */
	bool sure;
	ir_fn fn, then_fn;	/* where it was made, and where what the client saw then is */
	ir_loc loc, then_loc;
};

/*
 * Others can reach the object: at once, or where they can reach the one that a
 * pointer to it was stored in, which the caller may know to be its own.
 */
struct publication {
	sym_id object;
	sym_id into;		/* SYM_NONE: everybody */
};

struct state {
	const struct cond *pc;
	Array(struct cell) cells;	/* sorted by (root, off) */
	Array(struct class) clobbered;	/* classes that may differ from the entry */
	bool clobber_all;		/* every shared class may differ */
	Array(struct publication) published;	/* sorted by (object, into) */
	Array(struct lock) held;	/* sorted by ref; see lockset.h */
	Array(struct unsure_lock) unsure;	/* perhaps held, perhaps not; sorted */
	Array(struct lock_ref) dropped;	/* of the caller's locks; sorted */
	Array(struct given) given;	/* on every path; sorted */
	struct interrupts irq;		/* see interrupts.h */
	Array(struct freed) freed;	/* objects that were given back */
	Array(struct mark) marks;	/* of the client; sorted */
	Array(word_id) temps;		/* of temporaries used across blocks */
	bit_id warned;			/* a trap was passed: what follows is no way that is meant */
	uint8_t monitor[STATE_MONITORS];
	bool live;
};

void state_init(struct state *s, struct dom *d);
void state_release(struct state *s);
void state_copy(struct state *to, const struct state *from);
bool state_equal(const struct state *a, const struct state *b);
bool state_same_monitors(const struct state *a, const struct state *b);
/* Of one partition: the monitors, locks, interrupts and marks that split are the same. */
bool state_same_key(const struct state *a, const struct state *b);

/* What the cell holds if nobody else can reach its object; WORD_NONE: not known. */
word_id cell_own(struct dom *d, const struct cell *c);

/* Index of the first cell with (root, off) not before the given one. */
uint32_t state_seek(const struct state *s, sym_id root, int64_t off);

void state_insert(struct state *s, uint32_t at, const struct cell *c);
void state_remove(struct state *s, uint32_t at, uint32_t n);

/*
 * Pointers to objects of the function's own that the value may be are not known
 * any more: a pointer of which nothing is known may lead to them.
 */
void state_lose_pointers(struct state *s, struct symbols *syms, word_id from);
/* The same of all that the cell may hold. */
void state_lose_cell(struct state *s, struct symbols *syms, const struct cell *c);
/* The object was given back. */
void state_free(struct state *s, sym_id root);
/* It was, on every way here on which also pc is true. */
bool state_is_freed(struct dom *d, const struct state *s, sym_id root, const struct cond *pc);
void state_publish(struct state *s, struct publication p);
bool state_is_published(const struct state *s, struct publication p);
/* Index of the first publication of the object, or where it would be. */
uint32_t state_publication(const struct state *s, sym_id object);

/* May be memory of any class. */
#define CLASS_ALL ((struct class){ IR_NONE, 0, UINT32_MAX })

/*
 * An element of an array of scalars has no class but its width. Where the array
 * is a member of a record that is known, gives the class of the whole member:
 * other members of a union meet it there. ALL where the element is none of the
 * record's, by a cast for example. Else c.
 */
struct class class_member(const struct symbols *s, sym_id root, int64_t off, struct class c);

/* The classes overlap: some bit of memory can belong to both. */
bool class_overlaps(struct class a, struct class b);
bool state_is_clobbered(const struct state *s, const struct symbols *syms, sym_id root,
			int64_t off, struct class c);
void state_clobber_class(struct state *s, struct class c);

/*
 * Every value, clause and root that mentions a symbol which this site of fn
 * made is forgotten: the site is about to make it anew.
 */
void state_forget_site(struct state *s, struct symbols *syms, ir_fn fn, uint64_t site);

/* The same for one value. */
word_id word_forget_site(struct symbols *syms, word_id w, ir_fn fn, uint64_t site);

enum widening {
	WIDEN_NOT,
	WIDEN_BITS,		/* bits that differ become unknown */
	WIDEN_FAST,		/* and those to which the carry of a counter would come next */
};

/* a becomes the join of a and b. */
void state_join(struct state *a, const struct state *b, struct symbols *syms, enum widening how);

void state_print(const struct state *s, struct symbols *syms, struct buffer *out);

#endif
