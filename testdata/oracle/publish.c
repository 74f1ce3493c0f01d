/* SPDX-License-Identifier: MIT */
/* An object is made, and then others can reach it. */
#include "oracle.h"

struct domain {
	spinlock_t lock;
	bool parent;
	int users;
};

static struct domain *shared;
static spinlock_t list_lock;

static struct domain *make(void)
{
	return kzalloc(sizeof(struct domain), GFP_KERNEL);
}

static void init_then_publish(void)
{
	struct domain *d = make();

	d->parent = true;
	spin_lock(&list_lock);
	shared = d;
	spin_unlock(&list_lock);
}

static void publish_then_init(void)
{
	struct domain *d = make();

	spin_lock(&list_lock);
	shared = d;
	spin_unlock(&list_lock);
	d->parent = true;
}

static void publish_then_init_locked(void)
{
	struct domain *d = make();

	spin_lock(&list_lock);
	shared = d;
	spin_unlock(&list_lock);
	spin_lock(&d->lock);
	d->parent = true;
	spin_unlock(&d->lock);
}

static void user(void)
{
	struct domain *d;

	spin_lock(&list_lock);
	d = shared;
	spin_unlock(&list_lock);
	if (!d)
		return;
	spin_lock(&d->lock);
	oracle_assert(d->parent);
	spin_unlock(&d->lock);
}

/*
 * oracle: threads=init_then_publish,user expect=holds
 * oracle: threads=publish_then_init,user expect=broken+race
 * oracle: threads=publish_then_init_locked,user expect=broken
 */

static void publish_once(void)
{
	struct domain *d = make();

	d->parent = true;
	WRITE_ONCE(shared, d);
}

static void publish_plain(void)
{
	struct domain *d = make();

	d->parent = true;
	shared = d;
}

static void user_once(void)
{
	struct domain *d;

	rcu_read_lock();
	d = READ_ONCE(shared);
	if (d)
		oracle_assert(d->parent);
	rcu_read_unlock();
}

/*
 * oracle: threads=publish_once,user_once expect=holds
 * oracle: threads=publish_plain,user_once expect=race
 */

/* An object that is not published is nobody else's, nor is a container that is local. */
struct box {
	struct domain *d;
};

static void keep_to_oneself(void)
{
	struct domain *d = make(), *e = make();
	struct box box = { d };

	box.d->users++;
	e->users++;
	box.d->users += e->users;
	oracle_assert(d->users == 2);
	kfree(d);
	kfree(e);
}

/* oracle: threads=keep_to_oneself,keep_to_oneself,keep_to_oneself expect=holds */

/* Published with what it is in. */
static struct box *shared_box;

static void publish_container(void)
{
	struct box *box = kzalloc(sizeof(*box), GFP_KERNEL);
	struct domain *d = make();

	box->d = d;
	WRITE_ONCE(shared_box, box);
	d->users = 1;
}

static void use_container(void)
{
	struct box *box = READ_ONCE(shared_box);

	if (box)
		oracle_assert(box->d->users);
}

/* oracle: threads=publish_container,use_container expect=broken+race */

/* Freed while another one looks. */
static void setup(void)
{
	shared = make();
	shared->parent = true;
}

static void taker(void)
{
	struct domain *d;

	spin_lock(&list_lock);
	d = shared;
	shared = NULL;
	spin_unlock(&list_lock);
	kfree(d);
}

static void user_locked(void)
{
	spin_lock(&list_lock);
	if (shared)
		oracle_assert(shared->parent);
	spin_unlock(&list_lock);
}

/*
 * oracle: init=setup threads=taker,user_locked expect=holds
 * oracle: init=setup threads=taker,user expect=fault+race
 */

static void make_or_fail(void)
{
	struct domain *d = make();

	d->parent = true;
	kfree(d);
}

/*
 * oracle: threads=make_or_fail,make_or_fail expect=holds
 * oracle: threads=make_or_fail,make_or_fail alloc=may-fail expect=fault
 */

/* An object of the stack that is made known. */
static int *borrowed;

static void lender(void)
{
	int on_stack = 0;

	spin_lock(&list_lock);
	borrowed = &on_stack;
	spin_unlock(&list_lock);
	on_stack = 1;
	spin_lock(&list_lock);
	borrowed = NULL;
	spin_unlock(&list_lock);
}

static void borrower(void)
{
	spin_lock(&list_lock);
	if (borrowed)
		*borrowed = 2;
	spin_unlock(&list_lock);
}

/* oracle: threads=lender,borrower expect=race */

/* A copy of a record is made of parts. */
static struct pair { long a, b; } source, copy;

static void copier(void)
{
	copy = source;
	oracle_assert(copy.a == copy.b);
}

static void changer(void)
{
	struct pair p = { 1, 1 };

	source = p;
}

static void copier_locked(void)
{
	spin_lock(&list_lock);
	copy = source;
	spin_unlock(&list_lock);
	oracle_assert(copy.a == copy.b);
}

static void changer_locked(void)
{
	spin_lock(&list_lock);
	source.a = source.b = 1;
	spin_unlock(&list_lock);
}

/*
 * oracle: threads=copier,changer expect=broken+race
 * oracle: threads=copier_locked,changer_locked expect=holds
 */
