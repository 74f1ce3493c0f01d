/* SPDX-License-Identifier: MIT */
/* A fact is checked, and then acted upon: does it still hold? */
#include "oracle.h"

struct pool {
	spinlock_t lock;
	int users;
	bool closed;
	bool used_closed;
};

static struct pool p, q;

static void use(struct pool *pool)
{
	pool->users++;
	if (pool->closed)
		pool->used_closed = true;
}

static int never_used_closed(void)
{
	return !p.used_closed;
}

static void closer(void)
{
	spin_lock(&p.lock);
	p.closed = true;
	spin_unlock(&p.lock);
}

static void check_and_act(void)
{
	spin_lock(&p.lock);
	if (!p.closed)
		use(&p);
	spin_unlock(&p.lock);
}

static void lock_dropped_between(void)
{
	bool closed;

	spin_lock(&p.lock);
	closed = p.closed;
	spin_unlock(&p.lock);
	if (closed)
		return;
	spin_lock(&p.lock);
	use(&p);
	spin_unlock(&p.lock);
}

static void checked_before_the_lock(void)
{
	if (READ_ONCE(p.closed))
		return;
	spin_lock(&p.lock);
	use(&p);
	spin_unlock(&p.lock);
}

static void checked_again(void)
{
	if (READ_ONCE(p.closed))
		return;
	spin_lock(&p.lock);
	if (!p.closed)
		use(&p);
	spin_unlock(&p.lock);
}

static void plain_look_then_again(void)
{
	if (p.closed)
		return;
	spin_lock(&p.lock);
	if (!p.closed)
		use(&p);
	spin_unlock(&p.lock);
}

static void other_objects_lock(void)
{
	spin_lock(&q.lock);
	if (!p.closed)
		use(&p);
	spin_unlock(&q.lock);
}

/*
 * oracle: threads=check_and_act,closer check=never_used_closed expect=holds
 * oracle: threads=lock_dropped_between,closer check=never_used_closed expect=broken
 * oracle: threads=checked_before_the_lock,closer check=never_used_closed expect=broken
 * oracle: threads=checked_again,closer check=never_used_closed expect=holds
 * oracle: threads=plain_look_then_again,closer check=never_used_closed expect=race
 * oracle: threads=other_objects_lock,closer check=never_used_closed expect=broken+race
 * oracle: threads=check_and_act,check_and_act,closer check=never_used_closed expect=holds
 */

/* A callee that drops its caller's lock and takes it back. */
static void wait_a_moment(struct pool *pool)
{
	spin_unlock(&pool->lock);
	spin_lock(&pool->lock);
}

static void callee_drops_the_lock(void)
{
	spin_lock(&p.lock);
	if (!p.closed) {
		wait_a_moment(&p);
		use(&p);
	}
	spin_unlock(&p.lock);
}

static void need_lock(struct pool *pool)
{
	lockdep_assert_held(&pool->lock);
	if (!pool->closed)
		use(pool);
}

static void helper_under_lock(void)
{
	unsigned long flags;

	spin_lock_irqsave(&p.lock, flags);
	need_lock(&p);
	spin_unlock_irqrestore(&p.lock, flags);
}

static void helper_without_lock(void)
{
	need_lock(&p);
}

/*
 * oracle: threads=callee_drops_the_lock,closer check=never_used_closed expect=broken
 * oracle: threads=helper_under_lock,closer check=never_used_closed expect=holds
 * oracle: threads=helper_without_lock,closer check=never_used_closed expect=misuse
 */

/* The same by a pointer to the object, of which there are two. */
static struct pool *first = &p, *second = &q;

static void close_first(void)
{
	spin_lock(&first->lock);
	first->closed = true;
	spin_unlock(&first->lock);
}

static void use_under_second(void)
{
	spin_lock(&second->lock);
	if (!first->closed)
		use(first);
	spin_unlock(&second->lock);
}

static void make_one(void)
{
	second = first;
}

/*
 * oracle: threads=use_under_second,close_first check=never_used_closed expect=broken+race
 * oracle: init=make_one threads=use_under_second,close_first check=never_used_closed expect=holds
 */

/* Adding is a load and a store. */
static void add_plain(void)
{
	p.users++;
}

static void add_locked(void)
{
	spin_lock(&p.lock);
	p.users++;
	spin_unlock(&p.lock);
}

static void add_once(void)
{
	WRITE_ONCE(p.users, READ_ONCE(p.users) + 1);
}

static int two_users(void)
{
	return p.users == 2;
}

static int three_users(void)
{
	return p.users == 3;
}

/*
 * oracle: threads=add_plain,add_plain check=two_users expect=broken+race
 * oracle: threads=add_locked,add_locked,add_locked check=three_users expect=holds
 * oracle: threads=add_once,add_once check=two_users expect=broken orders=6
 */
