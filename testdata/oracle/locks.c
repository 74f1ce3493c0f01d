/* SPDX-License-Identifier: MIT */
/* Locks taken and given, by all ways of doing so. */
#include "oracle.h"

static struct object {
	spinlock_t a, b, c;
	struct mutex m;
	struct rw_semaphore sem;
	int value, seen;
} o;

static void locked_add(void)
{
	spin_lock(&o.a);
	o.value++;
	spin_unlock(&o.a);
}

static int at_most_two(void)
{
	return o.value <= 2;
}

/* ------------------------------------------------------------- deadlocks */

static void a_then_b(void)
{
	spin_lock(&o.a);
	spin_lock(&o.b);
	spin_unlock(&o.b);
	spin_unlock(&o.a);
}

static void b_then_a(void)
{
	spin_lock(&o.b);
	spin_lock(&o.a);
	spin_unlock(&o.a);
	spin_unlock(&o.b);
}

static void b_then_try_a(void)
{
	spin_lock(&o.b);
	if (spin_trylock(&o.a))
		spin_unlock(&o.a);
	spin_unlock(&o.b);
}

static void b_then_c(void)
{
	spin_lock(&o.b);
	spin_lock(&o.c);
	spin_unlock(&o.c);
	spin_unlock(&o.b);
}

static void c_then_a(void)
{
	spin_lock(&o.c);
	spin_lock(&o.a);
	spin_unlock(&o.a);
	spin_unlock(&o.c);
}

static void a_twice(void)
{
	spin_lock(&o.a);
	locked_add();
	spin_unlock(&o.a);
}

static void upgrade(void)
{
	down_read(&o.sem);
	down_write(&o.sem);
	up_write(&o.sem);
	up_read(&o.sem);
}

/*
 * oracle: threads=a_then_b,a_then_b expect=holds
 * oracle: threads=a_then_b,b_then_a expect=deadlock
 * oracle: threads=a_then_b,b_then_try_a expect=holds
 * oracle: threads=a_then_b,b_then_c,c_then_a expect=deadlock
 * oracle: threads=a_then_b,b_then_c expect=holds
 * oracle: threads=a_twice,locked_add expect=deadlock
 * oracle: threads=upgrade,locked_add expect=deadlock
 */

/* --------------------------------------------------------------- balance */

static void unlock_only(void)
{
	spin_unlock(&o.a);
}

static void unlock_twice(void)
{
	spin_lock(&o.a);
	spin_unlock(&o.a);
	spin_unlock(&o.a);
}

static void unlock_other(void)
{
	spin_lock(&o.b);
	spin_unlock(&o.a);
	spin_unlock(&o.b);
}

static int early_return(void)
{
	spin_lock(&o.a);
	if (oracle_choose(2))
		return -EINVAL;
	spin_unlock(&o.a);
	return 0;
}

static int goto_out(void)
{
	int ret = 0;

	spin_lock(&o.a);
	if (oracle_choose(2)) {
		ret = -EINVAL;
		goto out;
	}
	o.value = 1;
out:
	spin_unlock(&o.a);
	return ret;
}

static void conditional(void)
{
	bool locked = oracle_choose(2);

	if (locked)
		spin_lock(&o.a);
	if (locked)
		spin_unlock(&o.a);
}

static void conditional_wrong(void)
{
	bool locked = oracle_choose(2);

	if (locked)
		spin_lock(&o.a);
	spin_unlock(&o.a);
}

/*
 * oracle: threads=unlock_only,a_then_b expect=misuse
 * oracle: threads=unlock_twice,a_then_b expect=misuse
 * oracle: threads=unlock_other,a_then_b expect=misuse
 * oracle: threads=early_return,locked_add expect=leak
 * oracle: threads=goto_out,locked_add check=at_most_two expect=holds
 * oracle: threads=conditional,locked_add expect=holds
 * oracle: threads=conditional_wrong,locked_add expect=misuse
 */

/* --------------------------------------------------------------- trylock */

static void try_add(void)
{
	if (!spin_trylock(&o.a))
		return;
	o.value++;
	spin_unlock(&o.a);
}

static void try_result_kept(void)
{
	int got = spin_trylock(&o.a);

	if (got)
		o.value++;
	if (got)
		spin_unlock(&o.a);
}

static void try_ignored(void)
{
	spin_trylock(&o.a);
	o.value++;
	spin_unlock(&o.a);
}

static void try_turned_round(void)
{
	if (spin_trylock(&o.a))
		return;
	o.value++;
	spin_unlock(&o.a);
}

static int interruptible_add(void)
{
	if (mutex_lock_interruptible(&o.m))
		return -EINVAL;
	o.value++;
	mutex_unlock(&o.m);
	return 0;
}

static void interruptible_ignored(void)
{
	mutex_lock_interruptible(&o.m);
	mutex_unlock(&o.m);
}

static void mutex_add(void)
{
	mutex_lock(&o.m);
	o.value++;
	mutex_unlock(&o.m);
}

/*
 * oracle: threads=try_add,locked_add check=at_most_two expect=holds
 * oracle: threads=try_result_kept,locked_add check=at_most_two expect=holds
 * oracle: threads=try_ignored,locked_add expect=misuse+race
 * oracle: threads=try_turned_round,locked_add expect=leak+misuse+race
 * oracle: threads=interruptible_add,mutex_add check=at_most_two expect=holds
 * oracle: threads=interruptible_ignored,mutex_add expect=misuse
 */

/* ------------------------------------------------------ readers, writers */

static void read_side_add(void)
{
	down_read(&o.sem);
	o.value++;
	up_read(&o.sem);
}

static void read_side_look(void)
{
	int before;

	down_read(&o.sem);
	before = o.value;
	oracle_assert(before == o.value);
	up_read(&o.sem);
}

static void write_side_add(void)
{
	down_write(&o.sem);
	o.value++;
	up_write(&o.sem);
}

static void add_then_look(void)
{
	down_write(&o.sem);
	o.value++;
	downgrade_write(&o.sem);
	oracle_assert(o.value);
	up_read(&o.sem);
}

static void look_then_add(void)
{
	down_write(&o.sem);
	downgrade_write(&o.sem);
	o.value++;
	up_read(&o.sem);
}

static void gives_the_wrong_side(void)
{
	down_read(&o.sem);
	up_write(&o.sem);
}

static void rcu_add(void)
{
	rcu_read_lock();
	o.value++;
	rcu_read_unlock();
}

static int is_two(void)
{
	return o.value == 2;
}

static bool inside;

/* Two readers are there at once. */
static void reader_enters(void)
{
	down_read(&o.sem);
	WRITE_ONCE(inside, true);
	WRITE_ONCE(inside, false);
	up_read(&o.sem);
}

static void reader_meets(void)
{
	down_read(&o.sem);
	oracle_assert(!READ_ONCE(inside));
	up_read(&o.sem);
}

/*
 * oracle: threads=read_side_add,read_side_add check=is_two expect=broken+race
 * oracle: threads=read_side_add,write_side_add check=is_two expect=holds
 * oracle: threads=read_side_look,write_side_add expect=holds
 * oracle: threads=read_side_look,read_side_look,write_side_add expect=holds
 * oracle: threads=add_then_look,write_side_add check=is_two expect=holds
 * oracle: threads=look_then_add,read_side_look expect=broken+race
 * oracle: threads=gives_the_wrong_side,write_side_add expect=misuse
 * oracle: threads=rcu_add,rcu_add check=is_two expect=broken+race
 * oracle: threads=reader_enters,reader_meets expect=broken
 */

/* --------------------------------------------------------------- threads */

/* What the first has written, the second gives on to the third. */
static void give(void)
{
	o.value = 1;
	spin_lock(&o.a);
	o.seen = 1;
	spin_unlock(&o.a);
}

static void give_on(void)
{
	int seen;

	spin_lock(&o.a);
	seen = o.seen;
	spin_unlock(&o.a);
	spin_lock(&o.b);
	if (seen)
		o.seen = 2;
	spin_unlock(&o.b);
}

static void take(void)
{
	int seen;

	spin_lock(&o.b);
	seen = READ_ONCE(o.seen);
	spin_unlock(&o.b);
	if (seen == 2)
		oracle_assert(o.value == 1);
}

/* seen itself has a lock too few: it is read by give_on() under a, and written under b.
 * oracle: threads=give,give_on,take expect=holds */

static void dekker_0(void)
{
	WRITE_ONCE(o.value, 1);
	if (!READ_ONCE(o.seen))
		oracle_assert(READ_ONCE(o.value) == 1);
}

static void dekker_1(void)
{
	WRITE_ONCE(o.seen, 1);
	if (!READ_ONCE(o.value))
		oracle_assert(READ_ONCE(o.seen) == 1);
}

/* A loop that waits ends, or comes round to the state in which it was. */
static void waiter(void)
{
	while (!READ_ONCE(o.seen))
		;
	oracle_assert(o.value == 1);
}

static void waker(void)
{
	o.value = 1;
	WRITE_ONCE(o.seen, 1);
}

static void waker_too_early(void)
{
	WRITE_ONCE(o.seen, 1);
	o.value = 1;
}

/*
 * oracle: threads=dekker_0,dekker_1 expect=holds
 * oracle: threads=waiter,waker expect=holds
 * oracle: threads=waiter,waker_too_early expect=broken+race
 */

static void bug(void)
{
	if (o.value)
		__builtin_unreachable();
}

static void null_lock(void)
{
	struct object *none = NULL;

	spin_lock(&none->a);
}

/*
 * oracle: threads=bug,bug expect=holds
 * oracle: threads=null_lock,locked_add expect=fault
 */
