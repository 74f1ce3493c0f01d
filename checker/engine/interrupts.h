/* SPDX-License-Identifier: MIT */
/*
 * interrupts.h - whether interrupts and bottom halves are shut out at a program point
 *
 * Relative to the function's entry, as the lockset is: nobody knows how its callers
 * have them. What saves the state gives a word, and what restores it is given one:
 * the state remembers what each word that was saved here stands for, so that the
 * flags of another lock are noticed by what they do, wherever they come from.
 *
 * Who shuts them out whatever they were (spin_lock_irq()) says that they were not.
 */
#ifndef PF_ENGINE_INTERRUPTS_H
#define PF_ENGINE_INTERRUPTS_H

#include "engine/state.h"

struct fun;
struct inst;
struct model_lock;

bool interrupts_same(const struct state *a, const struct state *b);
void interrupts_copy(struct interrupts *to, const struct interrupts *from);
void interrupts_release(struct interrupts *i);
/* Where the two differ nothing is known. */
void interrupts_join(struct interrupts *out, const struct interrupts *a,
		     const struct interrupts *b);
/* Words that are saved anew are forgotten. */
void interrupts_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg);

/*
 * A primitive shuts them out or lets them in. flags: the word that is saved, or
 * restored; WORD_NONE for neither. l: the lock that goes with it, or one without an
 * object; it is taken or given already.
 */
void interrupts_apply(struct fun *f, struct state *s, const struct model_lock *m, word_id flags,
		      const struct lock *l);
/* A lock was given in another way than it was taken (enum model_lock_irq): what it did to
 * interrupts stays. */
void interrupts_leave(struct state *s, const struct lock *given, uint8_t had);
/* What a callee has done to them, in the caller's state. */
void interrupts_apply_summary(struct inst *in, struct state *t, const struct state *exit);

void interrupts_print(const struct state *s, struct symbols *syms, struct buffer *out);

#endif
