/* SPDX-License-Identifier: MIT */
/*
 * confirm.h - values under which bits hold, computed and not deduced
 *
 * The solver takes a definition that it does not understand for a free atom, so its
 * model may be none. Here every symbol without a definition has a number and all
 * others are computed from these: where the bits hold, they hold.
 */
#ifndef PF_DOMAIN_CONFIRM_H
#define PF_DOMAIN_CONFIRM_H

#include "domain/bits.h"

struct numbers;

/*
 * Numbers that make all bits 1; NULL where none were found, which says nothing. Looked
 * for near others (NULL: none), and near the solver's model.
 */
struct numbers *numbers_find(struct dom *d, const bit_id *bits, unsigned n,
			     const struct numbers *near);
void numbers_free(struct numbers *m);

/* So many definitions were computed so far, a measure of the time that went by. */
uint64_t numbers_effort(const struct dom *d);

/* The bits are 1 under these numbers. A symbol that has none gets one, for good. */
bool numbers_hold(struct numbers *m, const bit_id *bits, unsigned n);

/* The value of a symbol, with or without a definition. */
uint64_t numbers_value(struct numbers *m, sym_id s);

#endif
