/* SPDX-License-Identifier: MIT */
/*
 * reach.h - what of a state at a return the caller can get at
 */
#ifndef PF_ENGINE_REACH_H
#define PF_ENGINE_REACH_H

#include "engine/fun.h"

/*
 * Drops the cells of objects that have no name for the caller: nothing that came back and
 * nothing that was written leads to them. What was written there is known to the caller as
 * classes of memory that may have changed. ret: the result, WORD_NONE for void. Marks and
 * locks of an object are no way to it.
 *
 * An object that the path has made and lost, a failed allocation, say, must not meet the
 * object of the path on which it did not fail: it is as good as given back.
 */
void reach_drop(struct fun *f, struct state *s, word_id ret);

#endif
