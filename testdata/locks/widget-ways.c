/* SPDX-License-Identifier: MIT */
/* Locks on unusual ways through a function. */
#include "widget.h"
struct ctx { struct widget *w; unsigned long flags; bool locked; };

/* Guard with early return, nested guards */
int nested_guard(struct widget *w, int x)
{
	guard(&w->lock);
	if (x < 0)
		return -EINVAL;
	{
		guard(&w->slots[0].lock);
		if (x == 3)
			return 3;
		w->slots[0].val = x;	/* ok PF9004 */
	}
	w->state = x;	/* ok PF9001 */
	return 0;
}

/* After the scope */
int after_scope(struct widget *w, int x)
{
	scoped_guard(&w->lock) {
		if (x)
			break;
		w->state = 1;	/* ok PF9001 */
	}
	w->count++;	/* PF9001: after the scope */
	return 0;
}

/* Trylock in a loop */
void try_loop(struct widget *w)
{
	while (!spin_trylock(&w->lock))
		sleep_a_bit();
	w->state = 1;	/* ok PF9001 */
	spin_unlock(&w->lock);
}

/* Trylock with limited tries */
int try_some(struct widget *w)
{
	int i;

	for (i = 0; i < 3; i++)
		if (spin_trylock(&w->lock))
			break;
	if (i == 3)
		return -EBUSY;
	w->state = 1;	/* fixme PF9001: that the counter is 3 where the lock was not taken */
	spin_unlock(&w->lock);	/* fixme PF9008: the same */
	return 0;
}

/* Result kept */
int try_kept(struct widget *w, int n)
{
	bool got = spin_trylock(&w->lock);
	int ret = -EBUSY;

	if (n > 3)
		w->used = 1;	/* ok PF9010 */
	if (got) {
		w->state = n;	/* ok PF9001 */
		ret = 0;
	}
	if (got)
		spin_unlock(&w->lock);
	return ret;
}

/* Trylock, wrong sense */
void try_wrong(struct widget *w)
{
	if (!spin_trylock(&w->lock)) {
		w->state = 1;	/* PF9001: it was not taken */
		return;
	}
	spin_unlock(&w->lock);
}

/* Flags in a struct */
static void ctx_lock(struct ctx *c)
{
	spin_lock_irqsave(&c->w->lock, c->flags);
}

static void ctx_unlock(struct ctx *c)
{
	spin_unlock_irqrestore(&c->w->lock, c->flags);
}

void by_ctx(struct widget *w)
{
	struct ctx c = { .w = w };

	ctx_lock(&c);
	w->state = 1;	/* ok PF9001 */
	ctx_unlock(&c);
}

/* Flags in the object */
void flags_in_object(struct widget *w)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	w->irqflags = flags;
	w->state = 1;	/* ok PF9001 */
	spin_unlock_irqrestore(&w->lock, w->irqflags);
}

/* The same condition twice */
void cond_twice(struct widget *w, bool lock)
{
	if (lock)
		spin_lock(&w->lock);
	if (lock)
		w->state = 1;	/* ok PF9001 */
	if (lock)
		spin_unlock(&w->lock);
}

/* Condition, access outside */
void cond_outside(struct widget *w, bool lock)
{
	if (lock)
		spin_lock(&w->lock);
	w->state = 1;	/* PF9001: not without lock */
	if (lock)
		spin_unlock(&w->lock);
}

/* Condition in memory */
void cond_ctx(struct widget *w, int x)
{
	struct ctx c = { .w = w, .locked = false };

	if (x > 2) {
		spin_lock(&w->lock);
		c.locked = true;
	}
	sleep_a_bit();
	if (c.locked)
		w->state = 2;	/* ok PF9001 */
	if (c.locked)
		spin_unlock(&w->lock);
}

/* Goto unwinding */
int unwinding(struct widget *w)
{
	int ret = -EINVAL;

	spin_lock(&w->lock);	/* ok PF9008 */
	if (w->state)	/* ok PF9001 */
		goto out;
	mutex_lock(&w->mu);
	if (unknown())
		goto out_mutex;
	w->state = 1;	/* ok PF9001 */
	ret = 0;
out_mutex:
	mutex_unlock(&w->mu);
out:
	spin_unlock(&w->lock);
	return ret;
}

/* Goto to the wrong label */
int unwinding_wrong(struct widget *w)
{
	int ret = -EINVAL;

	spin_lock(&w->lock);	/* PF9008: held at the return on one way */
	if (w->state)	/* ok PF9001 */
		goto out_free;
	w->state = 1;	/* ok PF9001 */
	ret = 0;
	spin_unlock(&w->lock);
out_free:
	return ret;
}

/* Rwlock upgrade that is none */
void upgrade(struct widget *w)
{
	read_lock(&w->rw);
	if (!w->mode) {	/* ok PF9002 */
		read_unlock(&w->rw);
		write_lock(&w->rw);
		w->mode = 1;	/* ok PF9002 */
		write_unlock(&w->rw);
		return;
	}
	read_unlock(&w->rw);
}

void write_under_read(struct widget *w)
{
	read_lock(&w->rw);
	w->mode = 1;	/* PF9002: reading only */
	read_unlock(&w->rw);
}

/* Seqlock */
int seq_read(struct widget *w)
{
	unsigned s;
	int v;

	do {
		s = read_seqbegin(&w->seq);
		v = w->seqval;	/* ok PF9011 */
	} while (read_seqretry(&w->seq, s));
	return v;
}

int seq_read_once(struct widget *w)
{
	return w->seqval;	/* PF9011: outside of a section */
}

void seq_write(struct widget *w, int v)
{
	write_seqlock(&w->seq);
	w->seqval = v;	/* ok PF9011 */
	write_sequnlock(&w->seq);
}

void seq_write_wrong(struct widget *w, int v)
{
	unsigned s;

	do {
		s = read_seqbegin(&w->seq);
		w->seqval = v;	/* PF9011: a reader writes */
	} while (read_seqretry(&w->seq, s));
}

/* RCU read, then write */
void rcu_write(struct widget *w)
{
	rcu_read_lock();
	w->state = 1;	/* PF9001: RCU is no lock */
	rcu_read_unlock();
}

/* Double-checked */
void double_checked(struct widget *w)
{
	if (READ_ONCE(w->red))
		return;
	spin_lock(&w->lock);
	if (!w->red && !w->blue)
		w->red = true;	/* ok PF9012 */
	spin_unlock(&w->lock);
}

void checked_outside(struct widget *w)
{
	if (w->blue)
		return;
	spin_lock(&w->lock);
	w->red = true;	/* PF9012: blue may have changed */
	spin_unlock(&w->lock);
}

void dropped_between(struct widget *w)
{
	spin_lock(&w->lock);
	if (w->red) {
		spin_unlock(&w->lock);
		return;
	}
	spin_unlock(&w->lock);
	sleep_a_bit();
	spin_lock(&w->lock);
	w->blue = true;	/* PF9012: red may have changed */
	spin_unlock(&w->lock);
}

/* A loop that drops and retakes, with a fresh check */
void drop_and_again(struct widget *w)
{
	spin_lock(&w->lock);
	while (w->red) {
		spin_unlock(&w->lock);
		sleep_a_bit();
		spin_lock(&w->lock);
	}
	w->blue = true;	/* ok PF9012 */
	spin_unlock(&w->lock);
}

/* Do/while retry */
int retry(struct widget *w)
{
	int ret;
again:
	spin_lock(&w->lock);
	if (w->state == 3) {	/* ok PF9001 */
		spin_unlock(&w->lock);
		sleep_a_bit();
		goto again;
	}
	ret = w->count++;	/* ok PF9001 */
	spin_unlock(&w->lock);
	return ret;
}

/* Switch */
void by_switch(struct widget *w, int op)
{
	switch (op) {
	case 1:
		spin_lock(&w->lock);
		w->state = 1;	/* ok PF9001 */
		spin_unlock(&w->lock);
		break;
	case 2:
		spin_lock(&w->lock);	/* PF9008: never given back */
		/* fallthrough */
	case 3:
		w->state = 3;	/* PF9001: case 3 has no lock */
		break;
	}
}

/* Macro wrapper */
#define WITH_LOCK(w, stmt) do { spin_lock(&(w)->lock); stmt; spin_unlock(&(w)->lock); } while (0)
void by_macro(struct widget *w)
{
	WITH_LOCK(w, w->state = 2);	/* ok PF9001 */
}

/* Ops */
static void my_lock(struct widget *w) { spin_lock(&w->lock); }
static void my_unlock(struct widget *w) { spin_unlock(&w->lock); }
static const struct widget_ops my_ops = { my_lock, my_unlock };

void by_const_ops(struct widget *w)
{
	my_ops.lock(w);
	w->state = 1;	/* ok PF9001 */
	my_ops.unlock(w);
}

void by_ops(struct widget *w)
{
	w->ops->lock(w);
	w->state = 1;	/* fixme PF9001: what the operation takes is known at the link alone */
	w->ops->unlock(w);
}
static void (*const lock_fn)(struct widget *w) = my_lock;
void by_fn(struct widget *w)
{
	lock_fn(w);
	w->state = 1;	/* ok PF9001 */
	my_unlock(w);
}

/* Interruptible */
int intr(struct widget *w)
{
	int ret = mutex_lock_interruptible(&w->mu);

	if (ret)
		return ret;
	list_add(&w->list, &w->list);	/* ok PF9003 */
	mutex_unlock(&w->mu);
	return 0;
}

int intr_ignored(struct widget *w)
{
	mutex_lock_interruptible(&w->mu);
	INIT_LIST_HEAD(&w->list);	/* PF9003: it may have failed */
	mutex_unlock(&w->mu);	/* PF9008: not taken on some ways */
	return 0;
}

/* Lock returned by a helper that finds and locks */
static struct widget *find_locked(struct widget *all, int n)
{
	for (int i = 0; i < n; i++) {
		spin_lock(&all[i].lock);
		if (all[i].state == 1)	/* review PF9001: that it is the same element is not known */
			return &all[i];
		spin_unlock(&all[i].lock);
	}
	return NULL;
}

void use_found(struct widget *all, int n)
{
	struct widget *w = find_locked(all, n);

	if (!w)
		return;
	w->count++;	/* review PF9001: that it is the same element is not known */
	spin_unlock(&w->lock);
}
