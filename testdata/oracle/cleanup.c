/* SPDX-License-Identifier: MIT */
/* Locks that end with their scope, by __attribute__((cleanup)). */
#include "oracle.h"

typedef struct { spinlock_t *lock; } class_spinlock_t;

static inline class_spinlock_t class_spinlock_constructor(spinlock_t *lock)
{
	class_spinlock_t t = { lock };

	spin_lock(t.lock);
	return t;
}

static inline class_spinlock_t class_spinlock_try_constructor(spinlock_t *lock)
{
	class_spinlock_t t = { spin_trylock(lock) ? lock : NULL };

	return t;
}

static inline void class_spinlock_destructor(class_spinlock_t *t)
{
	if (t->lock)
		spin_unlock(t->lock);
}

static inline void free_pointer(void *p)
{
	kfree(*(void **)p);
}

#define guard_lock(lock) \
	class_spinlock_t __attribute__((cleanup(class_spinlock_destructor))) scope = \
		class_spinlock_constructor(lock)
#define guard_try(lock) \
	class_spinlock_t __attribute__((cleanup(class_spinlock_destructor))) scope = \
		class_spinlock_try_constructor(lock)
#define scoped_lock(lock) \
	for (class_spinlock_t scope __attribute__((cleanup(class_spinlock_destructor))) = \
	     class_spinlock_constructor(lock), *done = NULL; !done; done = (void *)1)
#define __free_it __attribute__((cleanup(free_pointer)))
#define no_free_ptr(p) ({ __typeof__(p) taken = (p); (p) = NULL; taken; })

static struct domain {
	spinlock_t lock;
	bool closed;
	int users;
	int users_when_closed;
} d;

static int check(void)
{
	return !d.users_when_closed;
}

static void use(void)
{
	if (d.closed)
		d.users_when_closed++;
	d.users++;
}

static void closer(void)
{
	guard_lock(&d.lock);
	d.closed = true;
}

static int guarded(void)
{
	guard_lock(&d.lock);
	if (d.closed)
		return -EINVAL;
	if (oracle_choose(2))
		goto out;
	use();
	return 0;
out:
	d.users++;
	return -EBUSY;
}

static void guard_ends_too_early(void)
{
	bool closed;

	{
		guard_lock(&d.lock);
		closed = d.closed;
	}
	if (!closed)
		use();
}

static void scoped(void)
{
	scoped_lock(&d.lock) {
		if (d.closed)
			return;
		use();
	}
}

static void scoped_break(void)
{
	scoped_lock(&d.lock) {
		if (d.closed)
			break;
		use();
	}
}

static void scope_is_too_short(void)
{
	bool closed = true;

	scoped_lock(&d.lock)
		closed = d.closed;
	guard_lock(&d.lock);
	if (!closed)
		use();
}

static void guarded_try(void)
{
	guard_try(&d.lock);
	if (!scope.lock)
		return;
	if (!d.closed)
		use();
}

static void guarded_try_ignored(void)
{
	guard_try(&d.lock);
	if (!d.closed)
		use();
}

static void unlocks_what_the_guard_holds(void)
{
	guard_lock(&d.lock);
	spin_unlock(&d.lock);
}

static void locks_in_the_guard(void)
{
	guard_lock(&d.lock);
	spin_lock(&d.lock);
	spin_unlock(&d.lock);
}

/*
 * oracle: threads=guarded,closer check=check expect=holds
 * oracle: threads=guarded,guarded,closer check=check expect=holds
 * oracle: threads=guard_ends_too_early,closer check=check expect=broken+race
 * oracle: threads=scoped,closer check=check expect=holds
 * oracle: threads=scoped_break,closer check=check expect=holds
 * oracle: threads=scope_is_too_short,closer check=check expect=broken
 * oracle: threads=guarded_try,closer check=check expect=holds
 * oracle: threads=guarded_try_ignored,closer check=check expect=broken+race
 * oracle: threads=unlocks_what_the_guard_holds,closer expect=misuse
 * oracle: threads=locks_in_the_guard,closer expect=deadlock
 */

static struct domain *shared;

static int build(void)
{
	struct domain *made __free_it = kzalloc(sizeof(*made), GFP_KERNEL);

	if (!made)
		return -EINVAL;
	made->users = 1;
	if (oracle_choose(2))
		return -EBUSY;
	WRITE_ONCE(shared, no_free_ptr(made));
	return 0;
}

static int build_and_free(void)
{
	struct domain *made __free_it = kzalloc(sizeof(*made), GFP_KERNEL);

	if (!made)
		return -EINVAL;
	made->users = 1;
	WRITE_ONCE(shared, made);
	return 0;
}

static void look(void)
{
	struct domain *seen = READ_ONCE(shared);

	if (seen)
		oracle_assert(seen->users == 1);
}

/*
 * oracle: threads=build,look alloc=may-fail expect=holds
 * oracle: threads=build_and_free,look expect=fault+race
 */
