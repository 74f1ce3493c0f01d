/* SPDX-License-Identifier: MIT */
/*
 * mark.h - what a client has seen done to an object
 *
 * The engine carries marks along the ways through a function and from a callee
 * into its caller, where the object has another name. What they mean, and what
 * sets and clears them, is the client's.
 */
#ifndef PF_ENGINE_MARK_H
#define PF_ENGINE_MARK_H

#include "engine/fun.h"

/* One with that key and object that is about no other object; NULL where there is none. */
struct mark *mark_find(const struct state *s, uint32_t key, struct lock_ref ref);
/* Takes the place of one with that key, object and other object. */
void mark_set(struct state *s, const struct mark *m);
/* Any with that key, object and other object. True where there was one. */
bool mark_clear_of(struct state *s, uint32_t key, struct lock_ref ref, struct lock_ref with);
/* The same where it is about no other object. */
bool mark_clear(struct state *s, uint32_t key, struct lock_ref ref);

/* Those that keep states apart are the same. */
bool marks_same_key(const struct state *a, const struct state *b);
bool marks_equal(const struct state *a, const struct state *b);
void marks_join(struct state *out, const struct state *a, const struct state *b);
/*
 * Objects that are made anew: what may still be so is so of an object without a name, unless that
 * is so already.
 */
void marks_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg);

/* The client is told of the callee's marks, in the caller's terms. */
void marks_apply(struct inst *in, struct state *t, const struct state *exit);

void marks_print(const struct state *s, struct symbols *syms, struct buffer *out);

#endif
