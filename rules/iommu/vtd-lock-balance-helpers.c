/* SPDX-License-Identifier: MIT */
/*
 * PF2132 where a helper takes or gives a lock sometimes, in another mode, or of one
 * of two objects.
 */
#include "vtd-example-locks.h"

struct rw_semaphore { long count; };

void down_read(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);
bool refcount_dec_and_lock(int *count, spinlock_t *lock);
bool more(void);

/* ------------------------------------------------------------------ balanced */

/* The last one to go takes the lock. */
void last_one(struct dmar_domain *domain, int *users)
{
	if (!refcount_dec_and_lock(users, &domain->lock))	/* ok PF2132 */
		return;
	domain->agaw = 0;
	spin_unlock(&domain->lock);	/* ok PF2132 */
}

/* After a section of its own. */
void section_and_last_one(struct dmar_domain *domain, int *users)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	last_one(domain, users);	/* ok PF2132 */
}

/* Two of them in a fixed order, and one if they are the same. */
int both_in_order(struct dmar_domain *a, struct dmar_domain *b)
{
	struct dmar_domain *first = a < b ? a : b, *second = a < b ? b : a;

	spin_lock(&first->lock);	/* ok PF2132 */
	if (first != second)
		spin_lock(&second->lock);	/* ok PF2132 */
	a->agaw = b->agaw;
	if (first != second)
		spin_unlock(&second->lock);	/* ok PF2132 */
	spin_unlock(&first->lock);	/* ok PF2132 */
	return 0;
}

/* What it holds for its caller says which object there is. */
static struct dmar_domain *lock_parent(struct dmar_domain *domain)
{
	struct dmar_domain *parent = NULL;

	if (domain->s2_domain) {
		parent = domain->s2_domain;
		spin_lock(&parent->lock);	/* ok PF2132 */
	}
	if (parent && parent->force_snooping) {
		spin_unlock(&parent->lock);	/* ok PF2132 */
		return NULL;
	}
	return parent;
}

void by_parent(struct dmar_domain *domain)
{
	struct dmar_domain *parent = lock_parent(domain);	/* ok PF2132 */

	if (parent)
		spin_unlock(&parent->lock);	/* ok PF2132 */
}

static void up_either(struct rw_semaphore *sem, bool write)
{
	if (write)
		up_write(sem);	/* ok PF2132 */
	else
		up_read(sem);	/* ok PF2132 */
}

static void up_shared(struct rw_semaphore *sem)
{
	up_either(sem, false);	/* ok PF2132 */
}

void by_mode(struct rw_semaphore *sem, int *n)
{
	down_read(sem);	/* ok PF2132 */
	if (*n) {
		up_shared(sem);	/* ok PF2132 */
		return;
	}
	up_either(sem, false);	/* ok PF2132 */
}

static void let_readers_in(struct rw_semaphore *sem)
{
	downgrade_write(sem);	/* ok PF2132 */
}

void downgraded_by_helper(struct rw_semaphore *sem, int *n)
{
	down_write(sem);	/* ok PF2132 */
	++*n;
	let_readers_in(sem);	/* ok PF2132 */
	more();
	up_read(sem);	/* ok PF2132 */
}

/* One flag in memory decides, and nobody changes it meanwhile. */
static void lock_if_used(struct dmar_domain *domain)
{
	if (domain->has_mappings)
		spin_lock(&domain->lock);	/* review PF2132: its callers know why */
}

static void unlock_if_used(struct dmar_domain *domain)
{
	if (domain->has_mappings)
		spin_unlock(&domain->lock);	/* review PF2132: its callers know why */
}

void where_used(struct dmar_domain *domain)
{
	lock_if_used(domain);	/* ok PF2132 */
	unlock_if_used(domain);	/* ok PF2132 */
}

/* -------------------------------------------------------------- not balanced */

void last_one_keeps(struct dmar_domain *domain, int *users)
{
	if (!refcount_dec_and_lock(users, &domain->lock))	/* PF2132: held where it is in use */
		return;
	if (domain->has_mappings)
		return;
	spin_unlock(&domain->lock);
}

void up_in_the_old_mode(struct rw_semaphore *sem)
{
	down_write(sem);
	let_readers_in(sem);
	up_write(sem);	/* PF2132: a reader by now */
}

void up_in_either(struct rw_semaphore *sem)
{
	down_read(sem);
	up_either(sem, true);	/* todo PF2132: which of its ways it is is lost in up_either() */
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain one, two;
static struct rw_semaphore the_sem;
static int the_count;

bool more(void)
{
	return oracle_choose(2);
}

static void init(void)
{
	one.has_mappings = oracle_choose(2);
	one.s2_domain = oracle_choose(2) ? &two : NULL;
	two.force_snooping = oracle_choose(2);
	the_count = oracle_choose(2);
}

static void other(void)
{
	spin_lock(&one.lock);
	spin_unlock(&one.lock);
	down_write(&the_sem);
	up_write(&the_sem);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(last_one, &one, &the_count)
RUN(section_and_last_one, &one, &the_count)
RUN(both_in_order, &one, oracle_choose(2) ? &one : &two)
RUN(by_parent, &one)
RUN(by_mode, &the_sem, &the_count)
RUN(downgraded_by_helper, &the_sem, &the_count)
RUN(where_used, &one)
RUN(last_one_keeps, &one, &the_count)
RUN(up_in_the_old_mode, &the_sem)
RUN(up_in_either, &the_sem)
#endif

/*
 * oracle: threads=run_last_one,other define=ORACLE init=init expect=holds
 * oracle: threads=run_section_and_last_one,other define=ORACLE init=init expect=holds
 * oracle: threads=run_both_in_order,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_parent,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_mode,other define=ORACLE init=init expect=holds
 * oracle: threads=run_downgraded_by_helper,other define=ORACLE init=init expect=holds
 * oracle: threads=run_where_used,other define=ORACLE init=init expect=holds
 * oracle: threads=run_last_one_keeps,other define=ORACLE init=init expect=leak
 * oracle: threads=run_up_in_the_old_mode,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_up_in_either,other define=ORACLE init=init expect=misuse
 */
