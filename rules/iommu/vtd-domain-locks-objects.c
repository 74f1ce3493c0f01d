/* SPDX-License-Identifier: MIT */
/*
 * PF2110, PF2112, and whose lock it is: the domain and its lock are reached in
 * ways that lead to the same object, or do not.
 */
#include "vtd-example-locks.h"
#include "include/scopes.h"

bool more(void);

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
void forget(struct dmar_domain **domain);

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
	s->slot[i & 3].domain.dirty_tracking = true;	/* fixme PF2110: one index, two elements */
	spin_unlock(&s->slot[i & 3].domain.lock);
}

void by_pointer_into_an_array(struct slots *s, unsigned int i)
{
	struct slot *slot = &s->slot[i & 3];

	spin_lock(&slot->domain.lock);
	s->slot[i & 3].domain.dirty_tracking = true;	/* fixme PF2110: one index, two elements */
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
	domain->dirty_tracking = true;	/* fixme PF2110: of two, the one that is locked */
	spin_unlock(&domain->lock);
}

/* Whichever it is, it is the one that is locked. */
void one_of_two_by_name(struct dmar_domain *first, struct dmar_domain *second, bool which)
{
	struct dmar_domain *domain = which ? first : second;

	spin_lock(&domain->lock);
	if (which)
		first->dirty_tracking = true;	/* fixme PF2110: of two, the locked one */
	else
		second->dirty_tracking = true;	/* fixme PF2110: of two, the locked one */
	spin_unlock(&domain->lock);
}

/* The same flag decides on the lock and on the write. */
void where_it_is_locked(struct dmar_domain *domain, bool wanted)
{
	if (wanted)
		spin_lock(&domain->lock);
	more();
	if (wanted)
		domain->dirty_tracking = true;	/* ok PF2110 */
	if (wanted)
		spin_unlock(&domain->lock);
}

void on_either_way(struct dmar_domain *domain, bool which)
{
	if (which)
		spin_lock(&domain->lock);
	else
		spin_lock_irq(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	if (which)
		spin_unlock(&domain->lock);
	else
		spin_unlock_irq(&domain->lock);
}

void result_kept(struct dmar_domain *domain)
{
	bool got = spin_trylock(&domain->lock);

	if (got)
		domain->dirty_tracking = true;	/* ok PF2110 */
	if (got)
		spin_unlock(&domain->lock);
}

void until_it_is_had(struct dmar_domain *domain)
{
	while (!spin_trylock(&domain->lock))
		more();
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

void each_round(struct dmar_domain *domain, int n)
{
	spin_lock(&domain->lock);
	while (n-- > 0) {
		domain->dirty_tracking = n & 1;	/* ok PF2110 */
		spin_unlock(&domain->lock);
		more();
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);
}

void found_in_a_statement(int id)
{
	struct dmar_domain *domain = ({
		struct dmar_domain *d = find_domain(id);

		spin_lock(&d->lock);
		d;
	});

	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(&domain->lock);
}

/* Locked on one way, and known to be locked on the other. */
static void locked_or_known(struct dmar_domain *domain, bool locked)
{
	if (!locked)
		spin_lock(&domain->lock);
	else
		lockdep_assert_held(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	if (!locked)
		spin_unlock(&domain->lock);
}

void by_locked_or_known(struct dmar_domain *domain)
{
	locked_or_known(domain, false);
	spin_lock(&domain->lock);
	locked_or_known(domain, true);
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
	s->slot[i].domain.dirty_tracking = true;	/* PF2110: the next one's */
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
	s->slot[1].domain.dirty_tracking = true;	/* todo PF2110: a fixed index is not seen */
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

void tried_and_failed(struct dmar_domain *domain)
{
	if (spin_trylock(&domain->lock)) {
		spin_unlock(&domain->lock);
		return;
	}
	domain->dirty_tracking = true;	/* PF2110: it was not had */
}

void result_not_looked_at(struct dmar_domain *domain)
{
	bool got = spin_trylock(&domain->lock);

	domain->dirty_tracking = true;	/* PF2110: had or not */
	if (got)
		spin_unlock(&domain->lock);
}

void result_overwritten(struct dmar_domain *domain, bool special)
{
	bool got = spin_trylock(&domain->lock), known = got;

	if (special)
		got = true;
	if (got)
		domain->dirty_tracking = true;	/* PF2110: special is not locked */
	if (known)
		spin_unlock(&domain->lock);
}

void after_the_round(struct dmar_domain *domain, int n)
{
	spin_lock(&domain->lock);
	while (n-- > 0) {
		spin_unlock(&domain->lock);
		if (more())
			goto out;
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);
	return;
out:
	domain->dirty_tracking = true;	/* PF2110: left in the pause */
}

void in_the_pause(struct dmar_domain *domain)
{
	guard(&domain->lock);
	{
		spinlock_t *given at_end_lock = &domain->lock;

		spin_unlock(given);
		domain->dirty_tracking = true;	/* PF2110: the scope has no lock */
	}
	domain->force_snooping = true;	/* ok PF2110 */
}

void scope_let_go(struct dmar_domain *domain)
{
	spinlock_t *held at_end_unlock = &domain->lock;

	spin_lock(held);
	domain->dirty_tracking = true;	/* ok PF2110 */
	spin_unlock(held);
	held = NULL;
	domain->force_snooping = true;	/* PF2110: given back early */
}

void scope_tried(struct dmar_domain *domain)
{
	guard_try(got, &domain->lock);

	if (got.lock)
		domain->dirty_tracking = true;	/* ok PF2110 */
	else
		domain->force_snooping = true;	/* PF2110: it was not had */
}

/* Called with the lock here, and from anywhere by the table. */
static void op_track(struct dmar_domain *domain)
{
	domain->dirty_tracking = true;	/* PF2110: by the table it is called without */
}

struct tracking_ops {
	void (*track)(struct dmar_domain *domain);
};

const struct tracking_ops tracking_ops = { .track = op_track };

void by_direct_call(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	op_track(domain);
	spin_unlock(&domain->lock);
}

struct list {
	struct slot *first;
};

/* Put into the list under the lock of the list, and then written under another. */
int published_under_another(struct list *list)
{
	struct slot *slot = kzalloc(sizeof(*slot), GFP_KERNEL);

	if (!slot)
		return -ENOMEM;
	spin_lock(&the_lock);
	slot->next = list->first;
	list->first = slot;
	spin_unlock(&the_lock);
	spin_lock(&the_slots.slot[0].domain.lock);
	slot->domain.dirty_tracking = true;	/* PF2110: others find it by now */
	spin_unlock(&the_slots.slot[0].domain.lock);
	return 0;
}

/* The address is taken under the lock, and used without. */
static struct list_head *devices_of(struct dmar_domain *domain)
{
	return &domain->devices;
}

void by_address(struct dmar_domain *domain, struct device_info *info)
{
	struct list_head *devices;

	spin_lock(&domain->lock);
	devices = devices_of(domain);
	spin_unlock(&domain->lock);
	list_add(&info->link, devices);	/* PF2112: the lock is gone */
}

void by_address_locked(struct dmar_domain *domain, struct device_info *info)
{
	struct list_head *devices = devices_of(domain);

	guard(&domain->lock);
	list_add(&info->link, devices);	/* ok PF2112 */
}
