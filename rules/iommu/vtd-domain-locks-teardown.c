/* SPDX-License-Identifier: MIT */
/*
 * PF2110 where a domain is given back: on the ways on which it is, nobody else has
 * it any more, and nothing of it needs a lock.
 */
#include "vtd-example-locks.h"

struct counted {
	int users;
	struct dmar_domain *domain;
};

bool refcount_dec_and_test(int *users);

/* ------------------------------------------------------------ nobody has it any more */

/* The last one to go is alone with it. */
void put_returns_early(struct counted *c, struct dmar_domain *domain)
{
	if (!refcount_dec_and_test(&c->users))
		return;
	domain->dirty_tracking = false;	/* ok PF2110 */
	kfree(domain);
}

void put_by_branch(struct counted *c, struct dmar_domain *domain)
{
	if (refcount_dec_and_test(&c->users)) {
		domain->dirty_tracking = false;	/* ok PF2110 */
		kfree(domain);
	}
}

static void destroy(struct dmar_domain *domain)
{
	domain->force_snooping = false;	/* ok PF2110 */
	kfree(domain);
}

void put_by_helper(struct counted *c, struct dmar_domain *domain)
{
	if (refcount_dec_and_test(&c->users))
		destroy(domain);
}

void only_the_last(struct dmar_domain *domain, bool last)
{
	if (last)
		domain->dirty_tracking = false;	/* ok PF2110 */
	if (last)
		kfree(domain);
}

/* ------------------------------------------------------------------ others may have it */

void written_before_it_is_known(struct counted *c, struct dmar_domain *domain)
{
	domain->dirty_tracking = false;	/* PF2110: whoever else has it sees that */
	if (refcount_dec_and_test(&c->users))
		kfree(domain);
}

void on_the_other_way(struct counted *c, struct dmar_domain *domain)
{
	if (refcount_dec_and_test(&c->users))
		kfree(domain);
	else
		domain->dirty_tracking = false;	/* PF2110: it was not the last one */
}

void another_one_is_given_back(struct dmar_domain *domain, struct dmar_domain *other)
{
	domain->dirty_tracking = false;	/* PF2110: this one stays */
	kfree(other);
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct counted the_count;
static struct dmar_domain *shared, *mine;
static bool others_have_it;
static spinlock_t count_lock;

bool refcount_dec_and_test(int *users)
{
	bool last;

	spin_lock(&count_lock);
	last = !--*users;
	spin_unlock(&count_lock);
	return last;
}

static void alone(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	mine = kzalloc(sizeof(*mine), GFP_KERNEL);
	the_count.users = 1;
}

static void with_others(void)
{
	alone();
	the_count.users = 2;
	others_have_it = true;
}

static void other(void)
{
	if (!others_have_it)
		return;
	spin_lock(&shared->lock);
	shared->dirty_tracking = true;
	spin_unlock(&shared->lock);
}

static void run_put_returns_early(void) { put_returns_early(&the_count, shared); }
static void run_put_by_branch(void) { put_by_branch(&the_count, shared); }
static void run_put_by_helper(void) { put_by_helper(&the_count, shared); }
static void run_only_the_last(void) { only_the_last(shared, !others_have_it); }
static void run_written_before_it_is_known(void) { written_before_it_is_known(&the_count, shared); }
static void run_on_the_other_way(void) { on_the_other_way(&the_count, shared); }
static void run_another_one_is_given_back(void) { another_one_is_given_back(shared, mine); }
#endif

/*
 * oracle: threads=run_put_returns_early,other define=ORACLE init=alone expect=holds
 * oracle: threads=run_put_returns_early,other define=ORACLE init=with_others expect=holds
 * oracle: threads=run_put_by_branch,other define=ORACLE init=alone expect=holds
 * oracle: threads=run_put_by_branch,other define=ORACLE init=with_others expect=holds
 * oracle: threads=run_put_by_helper,other define=ORACLE init=alone expect=holds
 * oracle: threads=run_only_the_last,other define=ORACLE init=with_others expect=holds
 * oracle: threads=run_written_before_it_is_known,other define=ORACLE init=with_others expect=race
 * oracle: threads=run_on_the_other_way,other define=ORACLE init=with_others expect=race
 * oracle: threads=run_another_one_is_given_back,other define=ORACLE init=with_others expect=race
 */
