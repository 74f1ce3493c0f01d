/* SPDX-License-Identifier: MIT */
/*
 * lockset.h - the locks that are held at a program point
 *
 * A lock is an object and a place in it, (root, bit offset), not a name. The
 * set is a must-set: a lock is in it only where every execution holds it. What
 * the function released of its caller's locks is remembered, since the caller
 * subtracts it. A wrapper needs no description: its summary has the set.
 *
 * States with different locksets are kept apart (ESP's property simulation),
 * so that the result of a trylock goes with whether the lock is held. Where they
 * become too many some are merged: a lock that only one of them holds is unsure
 * from then on. So is one that may have been given back under another name.
 */
#ifndef PF_ENGINE_LOCKSET_H
#define PF_ENGINE_LOCKSET_H

#include "engine/state.h"

struct engine;
struct fun;

/* The lock that a pointer points to, at off bits from root. */
bool lock_of_word(struct fun *f, word_id ptr, struct lock_ref *out);
bool lock_at_word(struct fun *f, word_id ptr, int64_t off, struct lock_ref *out);
/*
 * An address inside a lock is the lock: what lockdep is given is its dep_map. The
 * models say which records are locks.
 */
void lock_settle(struct fun *f, struct lock_ref *ref);

/* NULL where it is not held. */
const struct lock *lockset_find(const struct state *s, struct lock_ref ref);

/*
 * What becomes of taking or giving a lock. NOT_HELD: a caller may hold it; GONE:
 * nobody does, since it was given back and not taken again; IRQS_IN: interrupts come in
 * while another lock is held that was taken with them off.
 */
enum lock_fault { LOCK_OK, LOCK_DOUBLE, LOCK_NOT_HELD, LOCK_GONE, LOCK_WRONG_MODE, LOCK_WRONG_IRQ,
		  LOCK_IRQS_IN };

/*
 * l->root and off say which; a release with a mode or irq of UINT8_MAX is one of which
 * that is not known. The fault, with *before the entry that it contradicts.
 */
enum lock_fault lockset_acquire(struct state *s, const struct lock *l, struct lock *before);
enum lock_fault lockset_release(struct state *s, const struct engine *e, const struct lock *l,
				struct lock *before);
/* Which lock is not known: none can be relied on any more. */
void lockset_release_unknown(struct state *s);

/* What was given back and not taken again; NULL: not that one, or it is not known. */
const struct given *lockset_given(const struct state *s, struct lock_ref ref);
void lockset_give(struct state *s, struct given g);
/* Code that is not known ran: it may have taken what was given back. */
void lockset_doubt_given(struct state *s);
/* It was given back, is not doubtful, and no caller can hold it either. */
bool lockset_is_gone(const struct state *s, struct lock_ref ref);
/* The same was given back and may be held. */
bool lockset_same_rest(const struct state *a, const struct state *b);
/* NULL where it is surely held, or surely not. */
const struct unsure_lock *lockset_unsure(const struct state *s, struct lock_ref ref);
/* Unless it is surely held. */
void lockset_doubt(struct state *s, struct unsure_lock l);
/* Locks that may be this one are not sure to be held any more; true where there are some. */
bool lockset_doubt_same(struct state *s, const struct engine *e, struct lock_ref ref);

/* A lock of an object that a caller can name. */
bool lockset_is_callers(const struct symbols *syms, sym_id root);

/* What is held is in objects, by what the path says: their addresses are no errors. */
bool lockset_is_real(struct dom *d, const struct state *s);

bool lockset_same(const struct state *a, const struct state *b);
/* What both hold, and what either released. */
void lockset_meet(struct state *out, const struct state *a, const struct state *b);
/* Locks of objects that are made anew are forgotten. */
void lockset_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg);

/* Some lock of those that are held, given or unsure is named by such a symbol. */
bool lockset_mentions(const struct state *s, bool (*pred)(void *, sym_id), void *arg);

void lockset_print(const struct state *s, struct symbols *syms, struct buffer *out);

#endif
