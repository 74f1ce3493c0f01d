/* SPDX-License-Identifier: MIT */
/*
 * mention.h - whether a state says anything of a value
 */
#ifndef PF_ENGINE_MENTION_H
#define PF_ENGINE_MENTION_H

#include "engine/state.h"

/*
 * Some value, clause, cell or lock depends on the symbol, which is no pointer. Where none does,
 * it may be any value: the state holds for each.
 */
bool state_mentions(const struct state *s, struct symbols *syms, sym_id id);

#endif
