/* SPDX-License-Identifier: MIT */
/*
 * PF2110, PF2112, and whose lock it is: the domain and its lock are reached in
 * ways that lead to the same object, or do not.
 */
#include "vtd-example-locks.h"

struct slot {
	struct dmar_domain domain;
	struct dmar_domain *other;
	struct slot *next;
};

struct slots {
	struct slot slot[4];
	struct dmar_domain *domains[4];
};

static struct dmar_domain the_domain;
static struct slots the_slots;
static spinlock_t the_lock;

struct dmar_domain *find_domain(int id);

/* ----------------------------------------------------------------- the lock is held */

void by_alias(struct dmar_domain *domain)
{
	struct dmar_domain *same = domain;

	spin_lock(&same->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&same->lock);
}

void by_pointer_to_the_lock(struct dmar_domain *domain)
{
	spinlock_t *lock = &domain->lock;

	spin_lock(lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(lock);
}

static spinlock_t *lock_of(struct dmar_domain *domain)
{
	return &domain->lock;
}

void by_accessor(struct dmar_domain *domain)
{
	spin_lock(lock_of(domain));
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(lock_of(domain));
}

static void begin_at(spinlock_t *lock)
{
	spin_lock(lock);
}

void by_wrapper_of_the_lock(struct dmar_domain *domain)
{
	begin_at(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void by_embedded(struct iommu_domain *d)
{
	struct dmar_domain *domain = container_of(d, struct dmar_domain, domain);

	spin_lock(&domain->lock);
	to_dmar_domain(d)->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void by_member(struct slot *slot)
{
	struct dmar_domain *domain = &slot->domain;

	spin_lock(&domain->lock);
	slot->domain.dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void by_chain(struct slot *slot)
{
	struct dmar_domain *domain = slot->other;

	spin_lock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* The walk goes on, what was found stays. */
void walk_goes_on(struct slot *slot)
{
	struct dmar_domain *domain = slot->other;

	spin_lock(&domain->lock);
	slot = slot->next;
	domain->dirty_tracking = slot != NULL;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void by_index(struct slots *s, unsigned int i)
{
	spin_lock(&s->slot[i & 3].domain.lock);
	s->slot[i & 3].domain.dirty_tracking = true;	/* review PF2110: one index, two elements */
	spin_unlock(&s->slot[i & 3].domain.lock);
}

void by_pointer_into_an_array(struct slots *s, unsigned int i)
{
	struct slot *slot = &s->slot[i & 3];

	spin_lock(&slot->domain.lock);
	s->slot[i & 3].domain.dirty_tracking = true;	/* review PF2110: one index, two elements */
	spin_unlock(&slot->domain.lock);
}

static void set_tracking(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void all_of_an_array(void)
{
	for (int i = 0; i < 4; i++)
		set_tracking(&the_slots.slot[i].domain);
}

void two_of_an_array(struct slots *s)
{
	spin_lock(&s->slot[0].domain.lock);
	spin_lock(&s->slot[1].domain.lock);
	s->slot[0].domain.dirty_tracking = true;	/* ok PF2110 */
	s->slot[1].domain.dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&s->slot[1].domain.lock);
	spin_unlock(&s->slot[0].domain.lock);
}

void of_the_unit(void)
{
	spin_lock(&the_domain.lock);
	the_domain.dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&the_domain.lock);
}

void one_of_two(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	struct dmar_domain *domain = which ? first : second;

	spin_lock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* Whichever it is, it is the one that is locked. */
void one_of_two_by_name(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	struct dmar_domain *domain = which ? first : second;

	spin_lock(&domain->lock);
	if (which)
		first->dirty_tracking = true;	/* ok PF2110 */
	else
		second->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* --------------------------------------------------------------------- not this lock */

void unlocked_by_alias(struct dmar_domain *domain)
{
	struct dmar_domain *same = domain;

	spin_lock(&domain->lock);
	spin_unlock(&same->lock);
	domain->dirty_tracking = true;	/* PF2110: an alias gave it back */
}

void perhaps_unlocked(struct dmar_domain *domain, struct dmar_domain *other, bool which)
{
	spinlock_t *lock = which ? &domain->lock : &other->lock;

	spin_lock(&domain->lock);
	spin_lock(&other->lock);
	spin_unlock(lock);
	domain->dirty_tracking = true;	/* PF2110: given back where which is true */
	spin_unlock(which ? &other->lock : &domain->lock);
}

void perhaps_locked(struct dmar_domain *domain, struct dmar_domain *other, bool which)
{
	spinlock_t *lock = which ? &domain->lock : &other->lock;

	spin_lock(lock);
	domain->dirty_tracking = true;	/* PF2110: not taken where which is false */
	spin_unlock(lock);
}

void other_of_two(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	struct dmar_domain *domain = which ? first : second;

	spin_lock(&domain->lock);
	if (which)
		second->dirty_tracking = true;	/* PF2110: the first is locked */
	spin_unlock(&domain->lock);
}

void pointed_elsewhere(struct dmar_domain *first, struct dmar_domain *second)
{
	struct dmar_domain *domain = first;

	spin_lock(&domain->lock);
	domain = second;
	domain->dirty_tracking = true;	/* PF2110: the first is locked */
	spin_unlock(&first->lock);
}

void next_of_an_array(struct slot *slot)
{
	spin_lock(&slot->domain.lock);
	slot[1].domain.dirty_tracking = true;	/* PF2110: the next one's */
	spin_unlock(&slot->domain.lock);
}

void index_goes_on(struct slots *s, unsigned int i)
{
	struct slot *slot = &s->slot[i];

	spin_lock(&slot->domain.lock);
	i++;
	s->slot[i].domain.dirty_tracking = true;	/* review PF2110: the next one's */
	spin_unlock(&slot->domain.lock);
}

/* By an address first, it is. */
void other_of_an_array_by_pointer(struct slots *s)
{
	struct dmar_domain *domain = &s->slot[1].domain;

	spin_lock(&s->slot[0].domain.lock);
	domain->dirty_tracking = true;	/* PF2110: another one's */
	spin_unlock(&s->slot[0].domain.lock);
}

void other_of_an_array(struct slots *s)
{
	spin_lock(&s->slot[0].domain.lock);
	s->slot[1].domain.dirty_tracking = true;	/* PF2110: another element than the locked one */
	spin_unlock(&s->slot[0].domain.lock);
}

void of_what_contains_it(struct slot *slot)
{
	spin_lock(&slot->domain.lock);
	slot->other->dirty_tracking = true;	/* PF2110: the other one's */
	spin_unlock(&slot->domain.lock);
}

void of_the_unit_unlocked(void)
{
	the_domain.dirty_tracking = true;	/* PF2110: no lock */
}

void of_the_unit_other_lock(void)
{
	spin_lock(&the_lock);
	the_domain.dirty_tracking = true;	/* PF2110: not this lock */
	spin_unlock(&the_lock);
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain second;

static void init(void)
{
	the_slots.slot[0].other = &the_domain;
}

static void touch(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = false;
	spin_unlock(&domain->lock);
}

static void other(void)
{
	touch(&the_domain);
	touch(&second);
	touch(&the_slots.slot[0].domain);
	touch(&the_slots.slot[1].domain);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(by_alias, &the_domain)
RUN(by_pointer_to_the_lock, &the_domain)
RUN(by_accessor, &the_domain)
RUN(by_wrapper_of_the_lock, &the_domain)
RUN(by_embedded, &the_domain.domain)
RUN(by_member, &the_slots.slot[0])
RUN(by_chain, &the_slots.slot[0])
RUN(walk_goes_on, &the_slots.slot[0])
RUN(by_index, &the_slots, 0)
RUN(by_pointer_into_an_array, &the_slots, 0)
RUN(all_of_an_array, )
RUN(two_of_an_array, &the_slots)
RUN(of_the_unit, )
RUN(one_of_two, &the_domain, &second, oracle_choose(2))
RUN(one_of_two_by_name, &the_domain, &second, oracle_choose(2))
RUN(unlocked_by_alias, &the_domain)
RUN(perhaps_unlocked, &the_domain, &second, oracle_choose(2))
RUN(perhaps_locked, &the_domain, &second, oracle_choose(2))
RUN(other_of_two, &the_domain, &second, oracle_choose(2))
RUN(pointed_elsewhere, &the_domain, &second)
RUN(next_of_an_array, &the_slots.slot[0])
RUN(index_goes_on, &the_slots, 0)
RUN(other_of_an_array, &the_slots)
RUN(other_of_an_array_by_pointer, &the_slots)
RUN(of_what_contains_it, &the_slots.slot[0])
RUN(of_the_unit_unlocked, )
RUN(of_the_unit_other_lock, )
#endif

/*
 * oracle: threads=run_by_alias,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_pointer_to_the_lock,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_accessor,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_wrapper_of_the_lock,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_embedded,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_member,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_chain,other define=ORACLE init=init expect=holds
 * oracle: threads=run_walk_goes_on,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_index,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_pointer_into_an_array,other define=ORACLE init=init expect=holds
 * oracle: threads=run_all_of_an_array,other define=ORACLE init=init expect=holds
 * oracle: threads=run_two_of_an_array,other define=ORACLE init=init expect=holds
 * oracle: threads=run_of_the_unit,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_of_two,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_of_two_by_name,other define=ORACLE init=init expect=holds
 * oracle: threads=run_unlocked_by_alias,other define=ORACLE init=init expect=race
 * oracle: threads=run_perhaps_unlocked,other define=ORACLE init=init expect=race
 * oracle: threads=run_perhaps_locked,other define=ORACLE init=init expect=race
 * oracle: threads=run_other_of_two,other define=ORACLE init=init expect=race
 * oracle: threads=run_pointed_elsewhere,other define=ORACLE init=init expect=race
 * oracle: threads=run_next_of_an_array,other define=ORACLE init=init expect=race
 * oracle: threads=run_index_goes_on,other define=ORACLE init=init expect=race
 * oracle: threads=run_other_of_an_array,other define=ORACLE init=init expect=race
 * oracle: threads=run_other_of_an_array_by_pointer,other define=ORACLE init=init expect=race
 * oracle: threads=run_of_what_contains_it,other define=ORACLE init=init expect=race
 * oracle: threads=run_of_the_unit_unlocked,other define=ORACLE init=init expect=race
 * oracle: threads=run_of_the_unit_other_lock,other define=ORACLE init=init expect=race
 */
