/* SPDX-License-Identifier: MIT */
/*
 * PF2132, and which lock it is: one that is reached in two ways is one lock, and
 * two that are reached in the same way may be two.
 */
#include "vtd-example-locks.h"

struct bucket {
	spinlock_t lock;
	int n;
};

struct table {
	struct bucket buckets[4];
	spinlock_t locks[4];
	struct dmar_domain *domain;
	struct table *next;
};

static struct dmar_domain the_domain;
static spinlock_t the_lock;

struct dmar_domain *find_domain(int id);
void forget(struct dmar_domain **domain);

/* ------------------------------------------------------------------ balanced */

int by_alias(struct dmar_domain *domain)
{
	struct dmar_domain *same = domain;

	spin_lock(&same->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int by_pointer_to_the_lock(struct dmar_domain *domain)
{
	spinlock_t *lock = &domain->lock;

	spin_lock(lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* As an integer, as a macro may keep it. */
int by_integer(struct dmar_domain *domain)
{
	unsigned long cookie = (unsigned long)&domain->lock;

	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock((spinlock_t *)cookie);	/* ok PF2132 */
	return 0;
}

static spinlock_t *lock_of(struct dmar_domain *domain)
{
	return &domain->lock;
}

int by_accessor(struct dmar_domain *domain)
{
	spin_lock(lock_of(domain));	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

static void begin_at(spinlock_t *lock)
{
	spin_lock(lock);	/* ok PF2132 */
}

static void end_at(spinlock_t *const *lock)
{
	spin_unlock(*lock);	/* ok PF2132 */
}

int by_pointer_to_a_pointer(struct dmar_domain *domain)
{
	spinlock_t *lock = &domain->lock;

	begin_at(lock);	/* ok PF2132 */
	domain->agaw++;
	end_at(&lock);	/* ok PF2132 */
	return 0;
}

int by_embedded(struct iommu_domain *d)
{
	struct dmar_domain *domain = to_dmar_domain(d);

	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&to_dmar_domain(d)->lock);	/* ok PF2132 */
	return 0;
}

int by_statement_expression(int id)
{
	struct dmar_domain *domain = ({
		struct dmar_domain *d = find_domain(id);

		spin_lock(&d->lock);	/* ok PF2132 */
		d;
	});

	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int in_an_array(struct table *t, unsigned int i)
{
	spin_lock(&t->buckets[i & 3].lock);	/* ok PF2132 */
	t->buckets[i & 3].n++;
	spin_unlock(&t->buckets[i & 3].lock);	/* ok PF2132 */
	return 0;
}

int in_an_array_by_pointer(struct table *t, unsigned int i)
{
	struct bucket *b = &t->buckets[i & 3];

	spin_lock(&b->lock);	/* ok PF2132 */
	b->n++;
	spin_unlock(&b->lock);	/* ok PF2132 */
	return 0;
}

void all_of_an_array(struct table *t)
{
	for (int i = 0; i < 4; i++) {
		spin_lock(&t->locks[i]);	/* ok PF2132 */
		t->buckets[i].n++;
		spin_unlock(&t->locks[i]);	/* ok PF2132 */
	}
}

/* The entries of a list, one after the other. */
void each_of_a_list(struct dmar_domain *parent)
{
	struct dmar_domain *domain;

	list_for_each_entry(domain, &parent->s1_domains, s2_link) {
		spin_lock(&domain->lock);	/* ok PF2132 */
		domain->dirty_tracking = true;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
}

/* It goes on in the list, and has kept what it holds. */
int list_goes_on(struct table *t)
{
	struct dmar_domain *domain = t->domain;

	spin_lock(&domain->lock);	/* ok PF2132 */
	t = t->next;
	domain->agaw += t != NULL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* The pointer is pointed elsewhere between two sections. */
int one_after_the_other(struct dmar_domain *first, struct dmar_domain *second)
{
	struct dmar_domain *domain = first;

	spin_lock(&domain->lock);	/* ok PF2132 */
	first->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	domain = second;
	spin_lock(&domain->lock);	/* ok PF2132 */
	second->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* One of two, and the same one both times. */
int one_of_two(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	struct dmar_domain *domain = which ? first : second;

	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int one_of_two_by_branches(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	if (which)
		spin_lock(&first->lock);	/* ok PF2132 */
	else
		spin_lock(&second->lock);	/* ok PF2132 */
	if (which)
		spin_unlock(&first->lock);	/* ok PF2132 */
	else
		spin_unlock(&second->lock);	/* ok PF2132 */
	return 0;
}

int of_the_unit(void)
{
	spin_lock(&the_lock);	/* ok PF2132 */
	spin_lock(&the_domain.lock);	/* ok PF2132 */
	the_domain.agaw++;
	spin_unlock(&the_domain.lock);	/* ok PF2132 */
	spin_unlock(&the_lock);	/* ok PF2132 */
	return 0;
}

/* Not in the order in which they were taken: that is no fault. */
int crossed(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	spin_lock(&domain->cache_lock);	/* ok PF2132 */
	spin_unlock(&domain->lock);	/* ok PF2132 */
	spin_unlock(&domain->cache_lock);	/* ok PF2132 */
	return 0;
}

/* -------------------------------------------------------------- not balanced */

int kept_by_alias(struct dmar_domain *domain, bool supported)
{
	struct dmar_domain *same = domain;

	spin_lock(&same->lock);	/* PF2132: held at the first return */
	if (!supported)
		return -EINVAL;
	spin_unlock(&domain->lock);
	return 0;
}

int twice_by_alias(struct dmar_domain *domain)
{
	struct dmar_domain *same = domain;

	spin_lock(&domain->lock);
	spin_lock(&same->lock);	/* PF2132: held already */
	spin_unlock(&same->lock);
	spin_unlock(&domain->lock);
	return 0;
}

int pointed_elsewhere(struct dmar_domain *first, struct dmar_domain *second, bool other)
{
	struct dmar_domain *domain = first;

	spin_lock(&domain->lock);
	if (other)
		domain = second;
	first->agaw++;
	spin_unlock(&domain->lock);	/* review PF2132: the other one, where other is true */
	return 0;
}

int pointed_elsewhere_in_a_loop(struct dmar_domain *first, struct dmar_domain *second, int n)
{
	struct dmar_domain *domain = first;

	spin_lock(&domain->lock);	/* todo PF2132: one of two; held after six rounds */
	for (int i = 0; i < n; i++)
		if (i == 5)
			domain = second;
	spin_unlock(&domain->lock);
	return 0;
}

int other_of_two(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	if (which)
		spin_lock(&first->lock);
	else
		spin_lock(&second->lock);
	if (which)
		spin_unlock(&second->lock);	/* review PF2132: the other one, if it is another */
	else
		spin_unlock(&first->lock);	/* review PF2132: the other one, if it is another */
	return 0;
}

int other_of_an_array(struct table *t)
{
	spin_lock(&t->locks[0]);
	t->buckets[0].n++;
	spin_unlock(&t->locks[1]);	/* todo PF2132: takes one, gives another, on every way */
	return t->buckets[0].n;
}

int index_goes_on(struct table *t, unsigned int i)
{
	spin_lock(&t->locks[i & 3]);	/* todo PF2132: takes one, gives another, on every way */
	i++;
	spin_unlock(&t->locks[i & 3]);
	return 0;
}

int kept_in_an_array(struct table *t, unsigned int i)
{
	spin_lock(&t->buckets[i & 3].lock);	/* PF2132: held where there are many */
	if (t->buckets[i & 3].n > 9)
		return -ENOMEM;
	t->buckets[i & 3].n++;
	spin_unlock(&t->buckets[i & 3].lock);
	return 0;
}

int kept_in_a_list(struct dmar_domain *parent)
{
	struct dmar_domain *domain;

	list_for_each_entry(domain, &parent->s1_domains, s2_link) {
		spin_lock(&domain->lock);	/* PF2132: held where one is found */
		if (domain->force_snooping)
			return -EINVAL;
		spin_unlock(&domain->lock);
	}
	return 0;
}

int kept_of_the_unit(bool supported)
{
	spin_lock(&the_lock);	/* PF2132: held at the first return */
	if (!supported)
		return -EINVAL;
	spin_unlock(&the_lock);
	return 0;
}

/* What find_domain() finds the second time may be another one, or not: no finding without that. */
int found_again(int id)
{
	spin_lock(&find_domain(id)->lock);	/* ok PF2132: not known to be another */
	spin_unlock(&find_domain(id)->lock);
	return 0;
}

/* Who has the address of the pointer may have written it, or not. */
int forgotten(struct dmar_domain *domain)
{
	struct dmar_domain *same = domain;

	spin_lock(&domain->lock);	/* ok PF2132: not known to be another */
	forget(&same);
	spin_unlock(&same->lock);
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain second, the_parent;
static struct table the_table, next_table;

struct dmar_domain *find_domain(int id)
{
	return id ? &second : &the_domain;
}

static void init(void)
{
	the_domain.force_snooping = oracle_choose(2);
	the_table.domain = &the_domain;
	the_table.next = &next_table;
	the_table.buckets[1].n = oracle_choose(2) ? 10 : 0;
	the_parent.s1_domains.next = &the_domain.s2_link;
	the_domain.s2_link.next = &the_parent.s1_domains;
}

static void other(void)
{
	spin_lock(&the_domain.lock);
	spin_unlock(&the_domain.lock);
	spin_lock(&the_table.locks[0]);
	spin_unlock(&the_table.locks[0]);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(by_alias, &the_domain)
RUN(by_pointer_to_the_lock, &the_domain)
RUN(by_accessor, &the_domain)
RUN(by_pointer_to_a_pointer, &the_domain)
RUN(by_embedded, &the_domain.domain)
RUN(in_an_array, &the_table, 1)
RUN(in_an_array_by_pointer, &the_table, 1)
RUN(all_of_an_array, &the_table)
RUN(each_of_a_list, &the_parent)
RUN(list_goes_on, &the_table)
RUN(one_after_the_other, &the_domain, &second)
RUN(one_of_two, &the_domain, &second, oracle_choose(2))
RUN(one_of_two_by_branches, &the_domain, &second, oracle_choose(2))
RUN(of_the_unit, )
RUN(crossed, &the_domain)
RUN(kept_by_alias, &the_domain, oracle_choose(2))
RUN(twice_by_alias, &the_domain)
RUN(pointed_elsewhere, &the_domain, &second, oracle_choose(2))
RUN(pointed_elsewhere_in_a_loop, &the_domain, &second, 7)
RUN(other_of_two, &the_domain, &second, oracle_choose(2))
RUN(other_of_an_array, &the_table)
RUN(index_goes_on, &the_table, 1)
RUN(kept_in_an_array, &the_table, 1)
RUN(kept_in_a_list, &the_parent)
RUN(kept_of_the_unit, oracle_choose(2))
#endif

/*
 * oracle: threads=run_by_alias,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_pointer_to_the_lock,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_accessor,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_pointer_to_a_pointer,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_embedded,other define=ORACLE init=init expect=holds
 * oracle: threads=run_in_an_array,other define=ORACLE init=init expect=holds
 * oracle: threads=run_in_an_array_by_pointer,other define=ORACLE init=init expect=holds
 * oracle: threads=run_all_of_an_array,other define=ORACLE init=init expect=holds
 * oracle: threads=run_each_of_a_list,other define=ORACLE init=init expect=holds
 * oracle: threads=run_list_goes_on,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_after_the_other,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_of_two,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_of_two_by_branches,other define=ORACLE init=init expect=holds
 * oracle: threads=run_of_the_unit,other define=ORACLE init=init expect=holds
 * oracle: threads=run_crossed,other define=ORACLE init=init expect=holds
 * oracle: threads=run_kept_by_alias,other define=ORACLE init=init expect=leak
 * oracle: threads=run_twice_by_alias,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_pointed_elsewhere,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_pointed_elsewhere_in_a_loop,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_other_of_two,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_other_of_an_array,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_index_goes_on,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_kept_in_an_array,other define=ORACLE init=init expect=leak
 * oracle: threads=run_kept_in_a_list,other define=ORACLE init=init expect=leak
 * oracle: threads=run_kept_of_the_unit,other define=ORACLE init=init expect=leak
 */
