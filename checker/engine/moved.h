/* SPDX-License-Identifier: MIT */
/*
 * moved.h - pointers that move
 *
 * A pointer that a loop moves is a value that is lost at the loop's head. It leads
 * into the object still that it began in (C11 6.5.6p8): the cell that holds it keeps
 * that, and what is read from it is a pointer to some element of that object. Where it
 * can be one of several objects the value has each of them for a parent.
 */
#ifndef PF_ENGINE_MOVED_H
#define PF_ENGINE_MOVED_H

#include "engine/fun.h"

/* The "from" of a cell that stands for both, and holds now; WORD_NONE: nothing is to be kept. */
word_id moved_from(struct symbols *syms, const struct cell *a, const struct cell *b,
		   const struct cell *now);

/* It leads into one object. */
bool moved_is_in_one(const struct symbols *syms, word_id from);

/*
 * A name for the pointer w that is not known and was loaded from t, by what the cell there knows
 * of it. slot: one site may load several.
 */
word_id moved_name(struct fun *f, struct state *s, const struct access *a, word_id w,
		   const struct target *t, uint32_t slot);
/* Adds what the pointer can have been made of. */
void moved_add_parents(struct symbols *syms, sym_id id, word_id from);

/* Where a pointer that is a value of its own was made: the places in what it was made of. */
#define MADE_OF 4
unsigned moved_targets(const struct symbols *syms, sym_id root, const struct target *t,
		       struct target out[MADE_OF]);

/* A symbol for the place, as a parent; and the place that a parent is, added to *delta. */
sym_id moved_parent(struct symbols *syms, sym_id root, int64_t delta);
void moved_place(const struct symbols *syms, sym_id *root, int64_t *delta);

#endif
