/* SPDX-License-Identifier: MIT */
/* oracle.h - a small world for the scenarios of this folder */
#ifndef ORACLE_H
#define ORACLE_H

typedef _Bool bool;
typedef unsigned long size_t;
typedef struct { unsigned int raw; } spinlock_t;
struct mutex { unsigned long owner; };
struct rw_semaphore { long count; };

#define true	1
#define false	0
#define NULL	((void *)0)
#define EINVAL	22
#define EBUSY	16
#define GFP_KERNEL	0xcc0u

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

/* The oracle's own. */
unsigned int oracle_choose(unsigned int n);
void oracle_assert(int holds);

void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);
int _raw_spin_trylock(spinlock_t *lock);
void _raw_spin_lock_irq(spinlock_t *lock);
void _raw_spin_unlock_irq(spinlock_t *lock);
void _raw_spin_lock_bh(spinlock_t *lock);
void _raw_spin_unlock_bh(spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void _raw_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);

static inline void spin_lock(spinlock_t *lock)
{
	_raw_spin_lock(lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	_raw_spin_unlock(lock);
}

static inline int spin_trylock(spinlock_t *lock)
{
	return _raw_spin_trylock(lock);
}

#define spin_lock_irq(lock)	_raw_spin_lock_irq(lock)
#define spin_unlock_irq(lock)	_raw_spin_unlock_irq(lock)
#define spin_lock_bh(lock)	_raw_spin_lock_bh(lock)
#define spin_unlock_bh(lock)	_raw_spin_unlock_bh(lock)
#define spin_lock_irqsave(lock, flags)	((flags) = _raw_spin_lock_irqsave(lock))
#define spin_unlock_irqrestore(lock, flags) \
	_raw_spin_unlock_irqrestore(lock, flags)

void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

void down_read(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);

void rcu_read_lock(void);
void rcu_read_unlock(void);

void lockdep_assert_held(const void *lock);
void lockdep_assert_held_read(const void *lock);

void *kzalloc(size_t size, unsigned int flags);
void kfree(const void *p);
int _printk(const char *fmt, ...);

#endif
