/* SPDX-License-Identifier: MIT */
/*
 * lockdep.h - locks of a kernel that watches them, for the examples of the rules
 *
 * What asks whether a lock is held is given a record inside of it, as with
 * CONFIG_LOCKDEP.
 */
#ifndef EXAMPLE_LOCKDEP_H
#define EXAMPLE_LOCKDEP_H

struct lockdep_map { const char *name; };
struct raw_spinlock { unsigned int val; struct lockdep_map dep_map; };

struct watched_lock {
	union {
		struct raw_spinlock rlock;
		struct {
			char pad[__builtin_offsetof(struct raw_spinlock, dep_map)];
			struct lockdep_map dep_map;
		};
	};
};

struct watched {
	int n;
	struct watched_lock lock;
};

extern int debug_locks;
int lock_is_held_type(const struct lockdep_map *map, int read);
void _raw_spin_lock_nest_lock(struct raw_spinlock *lock, struct lockdep_map *nest);
void __warn_printk(const char *text);

static inline int lock_is_held(const struct lockdep_map *map)
{
	return lock_is_held_type(map, -1);
}

static inline void watched_lock(struct watched_lock *lock)
{
	_raw_spin_lock((void *)&lock->rlock);
}

static inline void watched_unlock(struct watched_lock *lock)
{
	_raw_spin_unlock((void *)&lock->rlock);
}

#define watched_lock_nested(lock)	_raw_spin_lock_nest_lock(&(lock)->rlock, &(lock)->dep_map)

#define lockdep_assert_held_once(lock) \
	do { \
		if (debug_locks && !(lock_is_held(&(lock)->dep_map) != 0)) \
			__warn_printk("not held"); \
	} while (0)

#endif
