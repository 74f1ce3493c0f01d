/* SPDX-License-Identifier: MIT */
/*
 * lock_alias.h - two names of locks that may be one lock
 *
 * A pointer that is not known may lead to any lock of its type, and to any object that its
 * type is embedded in: a lock in a record may be given back through a pointer to the lock,
 * or through the record around that one. The layouts of the records tell which can meet.
 */
#ifndef PF_ENGINE_LOCK_ALIAS_H
#define PF_ENGINE_LOCK_ALIAS_H

#include "engine/state.h"

struct engine;

bool lock_may_be_same(const struct engine *e, struct lock_ref a, struct lock_ref b);

#endif
