/* SPDX-License-Identifier: MIT */
/*
 * PF2132 where a lock is tied to a scope, in all the ways in which C can do it with
 * the attribute cleanup.
 */
#include "vtd-example-locks.h"
#include "include/scopes.h"

bool more(void);

/* ------------------------------------------------------------------ balanced */

int two_scopes(struct dmar_domain *domain, bool supported)
{
	guard(&domain->lock);	/* ok PF2132 */
	guard(&domain->cache_lock);	/* ok PF2132 */

	if (!supported)
		return -EINVAL;
	domain->agaw++;
	return 0;
}

int scope_in_a_branch(struct dmar_domain *domain, bool wanted)
{
	if (wanted) {
		guard(&domain->lock);	/* ok PF2132 */
		domain->agaw++;
	} else {
		guard(&domain->cache_lock);	/* ok PF2132 */
		domain->agaw--;
	}
	return 0;
}

int scope_each_round(struct dmar_domain *domain, int n)
{
	for (int i = 0; i < n; i++) {
		guard(&domain->lock);	/* ok PF2132 */
		if (domain->force_snooping)
			continue;
		if (domain->set_pte_snp)
			break;
		if (!domain->pgd)
			return -ENOMEM;
		domain->agaw++;
	}
	return 0;
}

int scope_left_by_goto(struct dmar_domain *domain, bool supported)
{
	scoped_guard(&domain->lock) {	/* ok PF2132 */
		if (!supported)
			goto refuse;
		domain->agaw++;
	}
	return 0;
refuse:
	return -EINVAL;
}

int scope_tried(struct dmar_domain *domain)
{
	guard_try(got, &domain->lock);	/* ok PF2132 */

	if (!got.lock)
		return -EINVAL;
	domain->agaw++;
	return 0;
}

/* What the scope gives back at its end was taken before it, or in it. */
int scope_for_what_is_held(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	spinlock_t *held at_end_unlock = &domain->lock;

	domain->agaw++;
	return 0;
}

int scope_before_the_lock(struct dmar_domain *domain)
{
	spinlock_t *held at_end_unlock = &domain->lock;

	spin_lock(held);	/* ok PF2132 */
	domain->agaw++;
	return 0;
}

/* The end of the scope is told that there is nothing left to do. */
int scope_let_go(struct dmar_domain *domain, bool early)
{
	spinlock_t *held at_end_unlock = &domain->lock;

	spin_lock(&domain->lock);	/* ok PF2132 */
	if (early) {
		spin_unlock(held);	/* ok PF2132 */
		held = NULL;
		more();
	}
	return 0;
}

/* Not held in the scope, and held again behind it. */
int scope_without_lock(struct dmar_domain *domain)
{
	guard(&domain->lock);	/* ok PF2132 */
	if (!domain->pgd) {
		spinlock_t *given at_end_lock = &domain->lock;

		spin_unlock(given);	/* ok PF2132 */
		if (!more())
			return -ENOMEM;
	}
	domain->agaw++;
	return 0;
}

/* A pause within the scope. */
int scope_with_a_pause(struct dmar_domain *domain)
{
	guard(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	more();
	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw--;
	return 0;
}

static class_spinlock_t begin_scope(struct dmar_domain *domain)
{
	return class_spinlock_constructor(&domain->lock);	/* ok PF2132 */
}

/* Another function has begun the scope. */
int scope_returned(struct dmar_domain *domain)
{
	class_spinlock_t scope __attribute__((cleanup(class_spinlock_destructor), unused)) =
		begin_scope(domain);	/* ok PF2132 */

	domain->agaw++;
	return 0;
}

static void end_scope(class_spinlock_t *scope)
{
	spin_unlock(scope->lock);	/* ok PF2132 */
	scope->lock = NULL;
}

/* Another function ends the scope before it ends. */
int scope_ended_elsewhere(struct dmar_domain *domain, bool early)
{
	class_spinlock_t scope __attribute__((cleanup(class_spinlock_destructor), unused)) =
		class_spinlock_constructor(&domain->lock);	/* ok PF2132 */

	if (early)
		end_scope(&scope);
	more();
	return 0;
}

/* -------------------------------------------------------------- not balanced */

int scope_twice(struct dmar_domain *domain)
{
	guard(&domain->lock);
	guard(&domain->lock);	/* PF2132: held already */

	domain->agaw++;
	return 0;
}

int lock_in_scope(struct dmar_domain *domain)
{
	guard(&domain->lock);
	spin_lock(&domain->lock);	/* PF2132: held already */
	domain->agaw++;
	spin_unlock(&domain->lock);
	return 0;
}

int unlock_in_scope(struct dmar_domain *domain, bool early)
{
	guard(&domain->lock);
	if (early)
		spin_unlock(&domain->lock);
	return 0;	/* PF2132: and again at the end */
}

int scope_tried_lock_kept(struct dmar_domain *domain, bool supported)
{
	guard_try(got, &domain->lock);

	if (!got.lock)
		return -EINVAL;
	spin_lock(&domain->cache_lock);	/* PF2132: held where it is not supported */
	if (!supported)
		return -EINVAL;
	spin_unlock(&domain->cache_lock);
	return 0;
}

int scope_forgotten(struct dmar_domain *domain, bool early)
{
	spinlock_t *held at_end_unlock = &domain->lock;

	spin_lock(&domain->lock);	/* PF2132: nothing gives it back where early is true */
	if (early) {
		held = NULL;
		return -EINVAL;
	}
	if (!domain->pgd)
		return -ENOMEM;
	return 0;
}

int scope_without_lock_twice(struct dmar_domain *domain)
{
	guard(&domain->lock);
	{
		spinlock_t *given at_end_lock = &domain->lock;

		spin_unlock(given);
		more();
		spin_lock(given);
	}	/* PF2132: held already when the scope ends */
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain the_domain;
static struct dma_pte a_table;

bool more(void)
{
	return oracle_choose(2);
}

static void init(void)
{
	the_domain.agaw = oracle_choose(2);
	the_domain.pgd = oracle_choose(2) ? &a_table : NULL;
	the_domain.force_snooping = oracle_choose(2);
	the_domain.set_pte_snp = oracle_choose(2);
}

static void other(void)
{
	spin_lock(&the_domain.lock);
	spin_unlock(&the_domain.lock);
	spin_lock(&the_domain.cache_lock);
	spin_unlock(&the_domain.cache_lock);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(two_scopes, &the_domain, oracle_choose(2))
RUN(scope_in_a_branch, &the_domain, oracle_choose(2))
RUN(scope_each_round, &the_domain, 2)
RUN(scope_left_by_goto, &the_domain, oracle_choose(2))
RUN(scope_tried, &the_domain)
RUN(scope_for_what_is_held, &the_domain)
RUN(scope_before_the_lock, &the_domain)
RUN(scope_let_go, &the_domain, oracle_choose(2))
RUN(scope_without_lock, &the_domain)
RUN(scope_with_a_pause, &the_domain)
RUN(scope_returned, &the_domain)
RUN(scope_ended_elsewhere, &the_domain, oracle_choose(2))
RUN(scope_twice, &the_domain)
RUN(lock_in_scope, &the_domain)
RUN(unlock_in_scope, &the_domain, oracle_choose(2))
RUN(scope_tried_lock_kept, &the_domain, oracle_choose(2))
RUN(scope_forgotten, &the_domain, oracle_choose(2))
RUN(scope_without_lock_twice, &the_domain)
#endif

/*
 * oracle: threads=run_two_scopes,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_in_a_branch,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_each_round,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_left_by_goto,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_tried,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_for_what_is_held,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_before_the_lock,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_let_go,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_without_lock,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_with_a_pause,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_returned,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_ended_elsewhere,other define=ORACLE init=init expect=holds
 * oracle: threads=run_scope_twice,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_lock_in_scope,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_unlock_in_scope,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_scope_tried_lock_kept,other define=ORACLE init=init expect=leak
 * oracle: threads=run_scope_forgotten,other define=ORACLE init=init expect=leak
 * oracle: threads=run_scope_without_lock_twice,other define=ORACLE init=init expect=deadlock
 */
