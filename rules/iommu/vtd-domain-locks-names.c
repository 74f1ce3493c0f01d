/* SPDX-License-Identifier: MIT */
/*
 * PF2110 where a lock has several names, or one name may stand for several locks,
 * and where there are more ways than are kept apart.
 */
#include "vtd-example-locks.h"

bool more(void);

struct holder {
	struct dmar_domain *domain;
};

static struct dmar_domain *the_current;

/* ------------------------------------------------------------------- it is that lock */

/* The path says that the two are one. */
void the_same_by_a_comparison(struct dmar_domain *domain)
{
	spin_lock(&the_current->lock);
	if (domain == the_current)
		domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&the_current->lock);
}

static void lock_one(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
}

/* Whichever it is, the helper locks that one. */
void one_of_two_by_helper(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	struct dmar_domain *domain = which ? first : second;

	lock_one(domain);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* ------------------------------------------------------- it is another one, or was given */

/* Takes one and gives another, which is the caller's. */
static void hand_over(struct dmar_domain *first, struct dmar_domain *second)
{
	spin_lock(&first->lock);
	spin_unlock(&second->lock);
	second->dirty_tracking = true;	/* review PF2110: given back a line above */
	spin_lock(&second->lock);
	spin_unlock(&first->lock);
}

void by_hand_over(struct dmar_domain *first, struct dmar_domain *second)
{
	spin_lock(&second->lock);
	hand_over(first, second);
	spin_unlock(&second->lock);
}

/* The same lock under a name that memory gives twice, and the caller has another one. */
static void look(struct holder *holder)
{
	spin_lock(&holder->domain->lock);
	more();
	spin_unlock(&holder->domain->lock);
}

void looks_at_another(struct holder *holder, struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	look(holder);
	domain->dirty_tracking = true;	/* review PF2110: unless look() gave this one */
	spin_unlock(&domain->lock);
}

/* The holder points elsewhere in between. */
void of_another_meanwhile(struct holder *holder, struct dmar_domain *domain)
{
	struct dmar_domain *old = holder->domain;

	spin_lock(&old->lock);
	holder->domain = domain;
	holder->domain->dirty_tracking = true;	/* review PF2110: not the old one any more */
	spin_unlock(&old->lock);
}

/* Thirty-two ways, of which a few are kept apart. */
void five_perhaps(struct dmar_domain *a, struct dmar_domain *b, struct dmar_domain *c,
		  struct dmar_domain *d, struct dmar_domain *e)
{
	bool v = more(), w = more(), x = more(), y = more(), z = more();

	if (v)
		spin_lock(&a->lock);
	if (w)
		spin_lock(&b->lock);
	if (x)
		spin_lock(&c->lock);
	if (y)
		spin_lock(&d->lock);
	if (z)
		spin_lock(&e->lock);
	if (v)
		a->dirty_tracking = true;	/* review PF2110: locked just where it is written */
	e->dirty_tracking = true;	/* PF2110: not locked where z is false */
	if (z)
		spin_unlock(&e->lock);
	if (y)
		spin_unlock(&d->lock);
	if (x)
		spin_unlock(&c->lock);
	if (w)
		spin_unlock(&b->lock);
	if (v)
		spin_unlock(&a->lock);
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain one, two, three, four, five;
static struct holder the_holder;

bool more(void)
{
	return oracle_choose(2);
}

static void init(void)
{
	the_current = &one;
	the_holder.domain = &two;
}

static void touch(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = false;
	spin_unlock(&domain->lock);
}

static void other(void)
{
	touch(&one);
	touch(&five);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(the_same_by_a_comparison, &one)
RUN(one_of_two_by_helper, &one, &two, oracle_choose(2))
RUN(by_hand_over, &two, &one)
RUN(looks_at_another, &the_holder, &one)
RUN(of_another_meanwhile, &the_holder, &one)
RUN(five_perhaps, &one, &two, &three, &four, &five)
#endif

/*
 * oracle: threads=run_the_same_by_a_comparison,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_of_two_by_helper,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_hand_over,other define=ORACLE init=init expect=race
 * oracle: threads=run_looks_at_another,other define=ORACLE init=init expect=holds
 * oracle: threads=run_of_another_meanwhile,other define=ORACLE init=init expect=race
 * oracle: threads=run_five_perhaps,other define=ORACLE init=init expect=race
 */
