/* SPDX-License-Identifier: MIT */
/* widget.h - a record with many locks, and what takes them */
#ifndef WIDGET_H
#define WIDGET_H

#include "../../rules/iommu/vtd-example-locks.h"

#define EBUSY	16

typedef struct { unsigned int lock; } rwlock_t;

void _raw_read_lock(rwlock_t *lock);
void _raw_read_unlock(rwlock_t *lock);
void _raw_write_lock(rwlock_t *lock);
void _raw_write_unlock(rwlock_t *lock);
void rcu_read_lock(void);
void rcu_read_unlock(void);

#define read_lock(lock)		_raw_read_lock(lock)
#define read_unlock(lock)	_raw_read_unlock(lock)
#define write_lock(lock)	_raw_write_lock(lock)
#define write_unlock(lock)	_raw_write_unlock(lock)

typedef struct { unsigned int seq; spinlock_t lock; } seqlock_t;

unsigned int read_seqbegin(const seqlock_t *s);
unsigned int read_seqretry(const seqlock_t *s, unsigned int seq);

static inline void write_seqlock(seqlock_t *s)
{
	spin_lock(&s->lock);
	s->seq++;
}

static inline void write_sequnlock(seqlock_t *s)
{
	s->seq++;
	spin_unlock(&s->lock);
}

void *xa_store(void *xa, unsigned long index, void *entry, gfp_t gfp);

struct slot {
	spinlock_t lock;
	int val;
};

struct inner {
	spinlock_t lock;
	u8 p:1, q:1;
};

struct widget {
	spinlock_t lock;
	int state, count;
	rwlock_t rw;
	int mode;
	struct mutex mu;
	struct list_head list;
	int registered;
	int role;
	u8 a:1, b:1, c:1;
	int used;
	seqlock_t seq;
	int seqval;
	bool red, blue;
	unsigned long irqflags;
	struct slot slots[8];
	struct inner in, two;
	struct widget *peer;
	const struct widget_ops *ops;
	spinlock_t *borrowed;
	int refs;
};

struct widget_ops {
	void (*lock)(struct widget *w);
	void (*unlock)(struct widget *w);
};

struct item {
	struct widget *owner;
	struct list_head node;
	int owned;
};

extern spinlock_t registry_lock;
int unknown(void);
void sleep_a_bit(void);

#endif
