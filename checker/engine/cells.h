/* SPDX-License-Identifier: MIT */
/*
 * cells.h - the cells of a state, below loads and stores
 */
#ifndef PF_ENGINE_CELLS_H
#define PF_ENGINE_CELLS_H

#include "engine/fun.h"

/* The class of the memory at (root, off); a may be NULL. */
struct class mem_class(const struct fun *f, sym_id root, int64_t off, uint32_t width,
		       const struct access *a);

/* What the policies say of a class. */
bool mem_is_init(const struct fun *f, struct class c);
bool mem_is_once(const struct fun *f, struct class c);
bool mem_is_mono(const struct fun *f, struct class c);
bool mem_is_changing(const struct fun *f, struct class c);	/* monotone, or guarded */
uint8_t mem_mono_of(const struct fun *f, struct class c);	/* the "mono" of its cells */

/* One site may make many values: each is told apart by the cell that it is for. */
uint32_t site_slot(sym_id root, int64_t off, unsigned k);

/* The cell that holds bit at, or NULL; *next is where the following cell starts. */
const struct cell *cell_find(const struct state *s, sym_id root, int64_t at, int64_t *next);
/* Some cell in the range was written. */
bool cells_written(const struct state *s, sym_id root, int64_t off, int64_t end);
/* What the cell holds that is just this range; false where there is none, or it is not known. */
bool cells_word(const struct fun *f, const struct state *s, sym_id root, int64_t off,
		uint32_t width, word_id *out);
/* The "own" of the cell that is just this range; WORD_NONE for other cells. */
word_id cells_own(const struct state *s, sym_id root, int64_t off, uint32_t width);
/* The same of "from". */
word_id cells_from(const struct state *s, sym_id root, int64_t off, uint32_t width);
/* If it is a word. */
void cells_set_word(struct state *s, sym_id root, int64_t off, uint32_t width, word_id w);
void cells_set_from(struct state *s, sym_id root, int64_t off, uint32_t width, word_id from);
void cells_set_own(struct state *s, sym_id root, int64_t off, uint32_t width, word_id own);
/* The cell takes the place of what overlaps it. */
void cell_set(struct fun *f, struct state *s, struct cell c);
/* What the cell holds is not known any more: it may have been written. */
void cell_lose(const struct fun *f, struct cell *c);
/*
 * Others may have changed what the cell holds. Of an object that the caller may turn
 * out to own, what it held is kept for that case.
 */
void cell_lose_to_others(struct fun *f, const struct state *s, struct cell *c);
/* Nobody but the caller may be able to reach the object: it is told apart at the call. */
bool mem_is_maybe_callers(const struct fun *f, const struct state *s, sym_id root);

/* The content of the range, put together from its cells. */
word_id cells_load(struct fun *f, struct state *s, sym_id root, int64_t off, uint32_t width,
		   struct class class, const struct access *a);

/* The value of a field that others may change, by its policy. */
word_id mem_load_changing(struct fun *f, struct state *s, sym_id root, int64_t off,
			  uint32_t width, struct class class, const struct access *a);

#endif
