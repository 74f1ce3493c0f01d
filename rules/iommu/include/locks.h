/* SPDX-License-Identifier: MIT */
/*
 * locks.h - locks and lists for the examples of the rules about them
 *
 * The primitives have the kernel's names, since the models know them by name. Below
 * include/, since what stands in a public header is reported where it is called.
 */
#ifndef EXAMPLE_LOCKS_H
#define EXAMPLE_LOCKS_H

/* Needs spinlock_t, struct list_head, container_of() and READ_ONCE(). */

struct mutex { unsigned long owner; };

void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);
void _raw_spin_lock_irq(spinlock_t *lock);
void _raw_spin_unlock_irq(spinlock_t *lock);
int _raw_spin_trylock(spinlock_t *lock);
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

static inline void spin_lock(spinlock_t *lock)
{
	_raw_spin_lock(lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	_raw_spin_unlock(lock);
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	_raw_spin_lock_irq(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	_raw_spin_unlock_irq(lock);
}

static inline int spin_trylock(spinlock_t *lock)
{
	return _raw_spin_trylock(lock);
}

#define spin_lock_init(lock)	__raw_spin_lock_init(lock, #lock, NULL, 0)

#define lockdep_assert_held(lock)	do { (void)(lock); } while (0)

/* What guard(spinlock)(&lock) is made of. */
typedef struct { spinlock_t *lock; } class_spinlock_t;

static inline class_spinlock_t class_spinlock_constructor(spinlock_t *lock)
{
	class_spinlock_t c = { lock };

	spin_lock(lock);
	return c;
}

static inline void class_spinlock_destructor(class_spinlock_t *c)
{
	if (c->lock)
		spin_unlock(c->lock);
}

#define GUARD_NAME_(line)	guard_##line
#define GUARD_NAME(line)	GUARD_NAME_(line)
#define guard(lock) \
	class_spinlock_t GUARD_NAME(__LINE__) \
	__attribute__((cleanup(class_spinlock_destructor), unused)) = \
	class_spinlock_constructor(lock)
#define scoped_guard(lock) \
	for (class_spinlock_t scope \
	     __attribute__((cleanup(class_spinlock_destructor))) = \
	     class_spinlock_constructor(lock), *once = &scope; once; once = NULL)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void list_add(struct list_head *new, struct list_head *head)
{
	struct list_head *next = head->next;

	next->prev = new;
	new->next = next;
	new->prev = head;
	head->next = new;
}

static inline void __list_del_entry(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
}

static inline void list_del(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->next = (struct list_head *)0x100;
	entry->prev = (struct list_head *)0x122;
}

static inline void list_del_init(struct list_head *entry)
{
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

static inline int list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

#define list_first_entry(head, type, member)	container_of((head)->next, type, member)
#define list_for_each_entry(pos, head, member) \
	for (pos = container_of((head)->next, __typeof__(*pos), member); \
	     &pos->member != (head); \
	     pos = container_of(pos->member.next, __typeof__(*pos), member))

#endif
