/* SPDX-License-Identifier: MIT */
/*
 * PF2110, PF2112, and whether the lock is held there: by results, in scopes, in
 * loops, by who calls, and by who else may have the object by now.
 */
#include "vtd-example-locks.h"
#include "include/scopes.h"

bool more(void);

struct slot {
	struct dmar_domain domain;
	struct slot *next;
};

struct list {
	struct slot *first;
};

static struct dmar_domain second;
static spinlock_t the_lock;

struct dmar_domain *find_domain(int id);

/* ----------------------------------------------------------------- the lock is held */

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

/* ------------------------------------------------------------------------- not there */

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
	spin_lock(&second.lock);
	slot->domain.dirty_tracking = true;	/* PF2110: others find it by now */
	spin_unlock(&second.lock);
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

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain the_domain;
static struct list the_list;
static struct device_info the_info;

bool more(void)
{
	return oracle_choose(2);
}

struct dmar_domain *find_domain(int id)
{
	return id ? &second : &the_domain;
}

static void init(void)
{
	INIT_LIST_HEAD(&the_domain.devices);
}

static void touch(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->dirty_tracking = domain->devices.next != NULL;
	spin_unlock(&domain->lock);
}

static void other(void)
{
	struct slot *slot;

	touch(&the_domain);
	spin_lock(&the_lock);
	slot = the_list.first;
	spin_unlock(&the_lock);
	if (slot)
		touch(&slot->domain);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(where_it_is_locked, &the_domain, oracle_choose(2))
RUN(on_either_way, &the_domain, oracle_choose(2))
RUN(result_kept, &the_domain)
RUN(until_it_is_had, &the_domain)
RUN(each_round, &the_domain, 2)
RUN(found_in_a_statement, 0)
RUN(by_locked_or_known, &the_domain)
RUN(tried_and_failed, &the_domain)
RUN(result_not_looked_at, &the_domain)
RUN(result_overwritten, &the_domain, oracle_choose(2))
RUN(after_the_round, &the_domain, 2)
RUN(in_the_pause, &the_domain)
RUN(scope_let_go, &the_domain)
RUN(scope_tried, &the_domain)
RUN(op_track, &the_domain)
RUN(by_direct_call, &the_domain)
RUN(published_under_another, &the_list)
RUN(by_address, &the_domain, &the_info)
RUN(by_address_locked, &the_domain, &the_info)
#endif

/*
 * oracle: threads=run_where_it_is_locked,other define=ORACLE init=init expect=holds
 * oracle: threads=run_on_either_way,other define=ORACLE init=init expect=holds
 * oracle: threads=run_result_kept,other define=ORACLE init=init expect=holds
 * oracle: threads=run_until_it_is_had,other define=ORACLE init=init expect=holds
 * oracle: threads=run_each_round,other define=ORACLE init=init expect=holds
 * oracle: threads=run_found_in_a_statement,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_locked_or_known,other define=ORACLE init=init expect=holds
 * oracle: threads=run_tried_and_failed,other define=ORACLE init=init expect=race
 * oracle: threads=run_result_not_looked_at,other define=ORACLE init=init expect=race
 * oracle: threads=run_result_overwritten,other define=ORACLE init=init expect=race
 * oracle: threads=run_after_the_round,other define=ORACLE init=init expect=race
 * oracle: threads=run_in_the_pause,other define=ORACLE init=init expect=race
 * oracle: threads=run_scope_let_go,other define=ORACLE init=init expect=race
 * oracle: threads=run_scope_tried,other define=ORACLE init=init expect=race
 * oracle: threads=run_op_track,other define=ORACLE init=init expect=race
 * oracle: threads=run_by_direct_call,other define=ORACLE init=init expect=holds
 * oracle: threads=run_published_under_another,other define=ORACLE init=init expect=race
 * oracle: threads=run_by_address,other define=ORACLE init=init expect=race
 * oracle: threads=run_by_address_locked,other define=ORACLE init=init expect=holds
 */
