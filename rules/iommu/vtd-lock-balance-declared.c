/* SPDX-License-Identifier: MIT */
/*
 * PF2132: what declarations say of locks, __must_hold(x), __acquires(x) and
 * __releases(x), is taken for granted where it is used and checked where it can be.
 */
#include "vtd-example-locks.h"
#include "include/lockdep.h"

/* ---------------------------------------------- said of what has no body here */

void other_begin(struct dmar_domain *domain) __acquires(&domain->lock);
void other_end(struct dmar_domain *domain) __releases(&domain->lock);
void other_use(struct dmar_domain *domain) __must_hold(&domain->lock);
int other_begin_if_free(struct dmar_domain *domain) __cond_acquires(true, &domain->lock);
int other_begin_or_error(struct dmar_domain *domain) __cond_acquires(0, &domain->lock);
void other_taker(struct dmar_domain *domain) __must_not_hold(&domain->lock);
void other_relax(struct dmar_domain *domain) __releases(&domain->lock) __acquires(&domain->lock);
void other_reader(void) __acquires(RCU);

int declared_pair(struct dmar_domain *domain)
{
	other_begin(domain);	/* ok PF2132 */
	domain->agaw++;
	other_end(domain);	/* ok PF2132 */
	return 0;
}

void declared_taker(struct dmar_domain *domain)
{
	other_taker(domain);	/* ok PF2132 */
}

void declared_taker_inside(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	other_taker(domain);	/* PF2132: it takes the lock itself */
	spin_unlock(&domain->lock);
}

void declared_taker_behind(struct dmar_domain *domain, struct dmar_domain *other)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	spin_lock(&other->lock);
	spin_unlock(&other->lock);
	other_taker(domain);	/* ok PF2132 */
}

int declared_kept(struct dmar_domain *domain, bool supported)
{
	other_begin(domain);	/* PF2132: held at the first return */
	if (!supported)
		return -EINVAL;
	other_end(domain);
	return 0;
}

int declared_twice(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	other_begin(domain);	/* PF2132: held already */
	spin_unlock(&domain->lock);
	return 0;
}

int declared_given_twice(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->agaw++;
	other_end(domain);	/* ok PF2132 */
	spin_unlock(&domain->lock);	/* PF2132: given back by the other one */
	return 0;
}

int declared_use(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	other_use(domain);	/* ok PF2132 */
	spin_unlock(&domain->lock);
	return 0;
}

int declared_use_late(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->agaw++;
	spin_unlock(&domain->lock);
	other_use(domain);	/* PF2132: the lock is gone */
	return 0;
}

/* Who calls it holds the lock, or not: that is not known here. */
int declared_use_only(struct dmar_domain *domain)
{
	other_use(domain);	/* ok PF2132 */
	return 0;
}

int declared_if_free(struct dmar_domain *domain)
{
	if (!other_begin_if_free(domain))	/* ok PF2132 */
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int declared_if_free_kept(struct dmar_domain *domain, bool supported)
{
	if (!other_begin_if_free(domain))	/* PF2132: held where it is not supported */
		return -EINVAL;
	if (!supported)
		return -ENOMEM;
	spin_unlock(&domain->lock);
	return 0;
}

int declared_or_error(struct dmar_domain *domain)
{
	int ret = other_begin_or_error(domain);	/* ok PF2132 */

	if (ret)
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int declared_relax(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	other_relax(domain);	/* ok PF2132 */
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* A word for sparse, and no object. */
int declared_token(struct dmar_domain *domain)
{
	other_reader();	/* ok PF2132 */
	return domain->agaw;
}

/* ------------------------------------------------------ said of what has a body */

static void use(struct dmar_domain *domain) __must_hold(&domain->lock);

static void use(struct dmar_domain *domain)
{
	domain->agaw++;
}

int use_inside(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	use(domain);	/* ok PF2132 */
	spin_unlock(&domain->lock);
	return 0;
}

int use_late(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	use(domain);	/* PF2132: the lock is gone */
	return 0;
}

static void use_by_assertion(struct dmar_domain *domain)
{
	lockdep_assert_held(&domain->lock);
	domain->agaw++;
}

int assertion_inside(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	use_by_assertion(domain);	/* ok PF2132 */
	spin_unlock(&domain->lock);
	return 0;
}

int assertion_late(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	use_by_assertion(domain);	/* PF2132: the lock is gone */
	return 0;
}

/* Through a function that says nothing itself. */
static void use_between(struct dmar_domain *domain, bool really)
{
	if (really)
		use_by_assertion(domain);
}

int between_late(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	use_between(domain, true);	/* PF2132: the lock is gone */
	return 0;
}

int between_not(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	use_between(domain, false);	/* ok PF2132 */
	return 0;
}

int asserts_late(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	lockdep_assert_held(&domain->lock);	/* PF2132: the lock is gone */
	return domain->agaw;
}

void takes(struct dmar_domain *domain) __acquires(&domain->lock)
{
	spin_lock(&domain->lock);
	domain->agaw++;
}	/* ok PF2132 */

void gives(struct dmar_domain *domain) __releases(&domain->lock)
{
	domain->agaw++;
	spin_unlock(&domain->lock);
}	/* ok PF2132 */

int takes_sometimes(struct dmar_domain *domain, bool supported) __acquires(&domain->lock)
{
	if (!supported)
		return 1;	/* PF2132: not held, and the declaration says so */
	spin_lock(&domain->lock);
	return 2;
}

void gives_sometimes(struct dmar_domain *domain, bool supported) __releases(&domain->lock)
{
	if (!supported)
		return;	/* PF2132: held, and the declaration says that it is not */
	spin_unlock(&domain->lock);
}

void loses(struct dmar_domain *domain) __must_hold(&domain->lock)
{
	domain->agaw++;
	spin_unlock(&domain->lock);
}	/* PF2132: not held any more */

void relaxes(struct dmar_domain *domain) __releases(&domain->lock) __acquires(&domain->lock)
{
	spin_unlock(&domain->lock);
	domain->agaw++;
	spin_lock(&domain->lock);
}	/* ok PF2132 */

/* The lock by way of a pointer, and one that is a variable. */
void by_pointer(struct device_info *info) __must_hold(&info->domain->lock)
{
	info->domain->agaw++;
	spin_unlock(&info->domain->lock);
	info->supports_snooping = true;
	spin_lock(&info->domain->lock);
}	/* ok PF2132 */

static spinlock_t all_domains;

void by_variable(struct dmar_domain *domain) __must_hold(&all_domains)
{
	spin_unlock(&all_domains);
	domain->agaw++;
}	/* PF2132: not held any more */

/* ------------------------------------- a kernel that watches its locks: lockdep */

static void watched_use(struct watched *w)
{
	lockdep_assert_held_once(&w->lock);
	w->n++;
}

int watched_inside(struct watched *w)
{
	watched_lock(&w->lock);
	watched_use(w);	/* ok PF2132 */
	watched_unlock(&w->lock);
	return 0;
}

int watched_late(struct watched *w)
{
	watched_lock(&w->lock);
	watched_unlock(&w->lock);
	watched_use(w);	/* PF2132: the lock is gone */
	return 0;
}

int watched_nested(struct watched *w, bool supported)
{
	watched_lock_nested(&w->lock);	/* PF2132: held at the first return */
	if (!supported)
		return -EINVAL;
	watched_unlock(&w->lock);
	return 0;
}

int watched_nested_pair(struct watched *w)
{
	watched_lock_nested(&w->lock);	/* ok PF2132 */
	w->n++;
	watched_unlock(&w->lock);	/* ok PF2132 */
	return 0;
}
