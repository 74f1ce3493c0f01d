/* SPDX-License-Identifier: MIT */
/* scopes.h - ends of scopes, for the examples of the rules about locks */
#ifndef EXAMPLE_SCOPES_H
#define EXAMPLE_SCOPES_H

#include "locks.h"

static inline void unlock_scope(spinlock_t **lock)
{
	if (*lock)
		spin_unlock(*lock);
}

static inline void lock_scope(spinlock_t **lock)
{
	spin_lock(*lock);
}

#define at_end_unlock	__attribute__((cleanup(unlock_scope), unused))
#define at_end_lock	__attribute__((cleanup(lock_scope), unused))

static inline class_spinlock_t class_spinlock_try_constructor(spinlock_t *lock)
{
	class_spinlock_t c = { spin_trylock(lock) ? lock : NULL };

	return c;
}

#define guard_try(name, lock) \
	class_spinlock_t name __attribute__((cleanup(class_spinlock_destructor), unused)) = \
	class_spinlock_try_constructor(lock)

#endif
