/* SPDX-License-Identifier: MIT */
/*
 * PF2132 where it is only known from a result whether a lock was taken: all the
 * forms in which a result is looked at.
 */
#include "vtd-example-locks.h"

bool more(void);
unsigned long arch_local_irq_save(void);
void arch_local_irq_restore(unsigned long flags);

/* ------------------------------------------------------------------ balanced */

int positive(struct dmar_domain *domain)
{
	if (spin_trylock(&domain->lock)) {	/* ok PF2132 */
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
		return 0;
	}
	return -EINVAL;
}

int expected(struct dmar_domain *domain)
{
	if (unlikely(!spin_trylock(&domain->lock)))	/* ok PF2132 */
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int result_kept(struct dmar_domain *domain)
{
	int got = spin_trylock(&domain->lock);	/* ok PF2132 */

	if (!got)
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int result_kept_for_later(struct dmar_domain *domain, int n)
{
	bool got = spin_trylock(&domain->lock);	/* ok PF2132 */

	for (int i = 0; i < n; i++)
		more();
	if (got)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int result_turned_round(struct dmar_domain *domain)
{
	bool got = spin_trylock(&domain->lock);	/* ok PF2132 */
	bool failed = !got;

	if (failed)
		return -EINVAL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int result_overwritten(struct dmar_domain *domain)
{
	bool ret = spin_trylock(&domain->lock);	/* ok PF2132 */

	ret = !ret;
	if (ret)
		return -EINVAL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* Two looks at one result. */
int result_looked_at_twice(struct dmar_domain *domain, bool special)
{
	bool got = spin_trylock(&domain->lock);	/* ok PF2132 */

	if (special && got)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	else if (got)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int compared(struct dmar_domain *domain)
{
	if (spin_trylock(&domain->lock) == 0)	/* ok PF2132 */
		return -EINVAL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int conditional(struct dmar_domain *domain)
{
	if (spin_trylock(&domain->lock) ? 0 : 1)	/* ok PF2132 */
		return -EINVAL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int in_statement_expression(struct dmar_domain *domain)
{
	if (!({ more(); spin_trylock(&domain->lock); }))	/* ok PF2132 */
		return -EINVAL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int and_more(struct dmar_domain *domain, bool wanted)
{
	if (wanted && spin_trylock(&domain->lock)) {	/* ok PF2132 */
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
	return 0;
}

int or_less(struct dmar_domain *domain, bool refused)
{
	if (refused || !spin_trylock(&domain->lock))	/* ok PF2132 */
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int all_denied(struct dmar_domain *domain, bool wanted)
{
	if (!(wanted && more() && spin_trylock(&domain->lock)))	/* ok PF2132 */
		return -EINVAL;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

void as_long_as(struct dmar_domain *domain)
{
	while (more() && spin_trylock(&domain->lock)) {	/* ok PF2132 */
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
}

/* Taken for the first round, and tried for each other one. */
void tried_for_the_next(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	do {
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	} while (more() && spin_trylock(&domain->lock));	/* ok PF2132 */
}

void until_it_is_had(struct dmar_domain *domain)
{
	while (!spin_trylock(&domain->lock))	/* ok PF2132 */
		more();
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
}

/* Two ways to have it, and one to give it back. */
int tried_or_waited_for(struct dmar_domain *domain, bool may_wait)
{
	if (may_wait)
		spin_lock(&domain->lock);	/* ok PF2132 */
	else if (!spin_trylock(&domain->lock))	/* ok PF2132 */
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

void waited_for_if_not_free(struct dmar_domain *domain)
{
	if (!spin_trylock(&domain->lock))	/* ok PF2132 */
		spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
}

/* Both or none, and the result says which. */
static bool begin_both(struct dmar_domain *domain, struct dmar_domain *other)
{
	if (!spin_trylock(&domain->lock))	/* PF2132: one_of_both() keeps it */
		return false;
	spin_lock(&other->lock);	/* ok PF2132 */
	if (!other->pgd) {
		spin_unlock(&domain->lock);	/* ok PF2132 */
		spin_unlock(&other->lock);	/* ok PF2132 */
		return false;
	}
	return true;
}

int by_both(struct dmar_domain *domain, struct dmar_domain *other)
{
	if (!begin_both(domain, other))	/* ok PF2132 */
		return -EINVAL;
	domain->agaw = other->agaw;
	spin_unlock(&other->lock);	/* ok PF2132 */
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* Zero is success, and what is below zero is none. */
int interrupted_below_zero(struct mutex *m, int *n)
{
	if (mutex_lock_interruptible(m) < 0)	/* ok PF2132 */
		return -EINVAL;
	(*n)++;
	mutex_unlock(m);	/* ok PF2132 */
	return 0;
}

int interrupted_by_result(struct mutex *m, int *n)
{
	int ret = mutex_lock_interruptible(m);	/* ok PF2132 */

	if (ret)
		return ret;
	(*n)++;
	mutex_unlock(m);	/* ok PF2132 */
	return 0;
}

/* Who calls it says whether the lock is held. */
static void end_if(struct dmar_domain *domain, bool held)
{
	if (held)
		spin_unlock(&domain->lock);	/* review PF2132: held decides */
}

int by_argument(struct dmar_domain *domain)
{
	bool held = spin_trylock(&domain->lock);	/* ok PF2132 */

	more();
	end_if(domain, held);	/* ok PF2132 */
	return 0;
}

/* The lock and the interrupts together: both, or neither. */
int with_interrupts(struct dmar_domain *domain)
{
	unsigned long flags;

	if (!({ flags = arch_local_irq_save();
		spin_trylock(&domain->lock) ? 1 : ({ arch_local_irq_restore(flags); 0; }); }))
		return -EINVAL;
	domain->agaw++;
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
	return 0;
}

/* -------------------------------------------------------------- not balanced */

int not_given_back(struct dmar_domain *domain)
{
	if (!spin_trylock(&domain->lock))	/* PF2132: held at the end, and nothing says so */
		return -EINVAL;
	if (domain->agaw)
		return -ENOMEM;
	spin_unlock(&domain->lock);
	return 0;
}

int wrong_way_round(struct dmar_domain *domain)
{
	if (spin_trylock(&domain->lock))	/* PF2132: kept where it was had */
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);
	return 0;
}

int wrong_way_round_conditional(struct dmar_domain *domain)
{
	if (spin_trylock(&domain->lock) ? 0 : 1)	/* PF2132: kept where it was had */
		spin_unlock(&domain->lock);	/* PF2132: given back, not had */
	return 0;
}

int not_looked_at(struct dmar_domain *domain)
{
	spin_trylock(&domain->lock);
	domain->agaw++;
	spin_unlock(&domain->lock);	/* PF2132: given back, had or not */
	return 0;
}

int looked_at_too_late(struct dmar_domain *domain, bool special)
{
	bool got = spin_trylock(&domain->lock);

	if (special)
		got = true;
	if (got)
		spin_unlock(&domain->lock);	/* PF2132: not the result */
	return 0;
}

int error_after_success(struct mutex *m, int *n)
{
	if (mutex_lock_interruptible(m))	/* PF2132: held where there is no room */
		return -EINVAL;
	if (*n > 5)
		return -ENOMEM;
	(*n)++;
	mutex_unlock(m);
	return 0;
}

int interrupted_anyway(struct mutex *m, int *n)
{
	mutex_lock_interruptible(m);
	(*n)++;
	mutex_unlock(m);	/* PF2132: given back, had or not */
	return 0;
}

int one_of_both(struct dmar_domain *domain, struct dmar_domain *other)
{
	if (!begin_both(domain, other))
		return -EINVAL;
	if (domain->agaw != other->agaw) {
		spin_unlock(&other->lock);
		return -ENOMEM;
	}
	spin_unlock(&other->lock);
	spin_unlock(&domain->lock);
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain the_domain, second;
static struct mutex the_mutex;
static int the_count;
static struct dma_pte a_table;

bool more(void)
{
	return oracle_choose(2);
}

static void init(void)
{
	the_domain.agaw = oracle_choose(2);
	the_domain.pgd = oracle_choose(2) ? &a_table : NULL;
	the_count = 5 + oracle_choose(2);
	second.agaw = 1;
	second.pgd = the_domain.pgd;
}

static void other(void)
{
	spin_lock(&the_domain.lock);
	spin_unlock(&the_domain.lock);
	mutex_lock(&the_mutex);
	mutex_unlock(&the_mutex);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(positive, &the_domain)
RUN(expected, &the_domain)
RUN(result_kept, &the_domain)
RUN(result_kept_for_later, &the_domain, 2)
RUN(result_turned_round, &the_domain)
RUN(result_overwritten, &the_domain)
RUN(result_looked_at_twice, &the_domain, oracle_choose(2))
RUN(compared, &the_domain)
RUN(conditional, &the_domain)
RUN(in_statement_expression, &the_domain)
RUN(and_more, &the_domain, oracle_choose(2))
RUN(or_less, &the_domain, oracle_choose(2))
RUN(all_denied, &the_domain, oracle_choose(2))
RUN(until_it_is_had, &the_domain)
RUN(tried_or_waited_for, &the_domain, oracle_choose(2))
RUN(waited_for_if_not_free, &the_domain)
RUN(by_both, &the_domain, &second)
RUN(interrupted_below_zero, &the_mutex, &the_count)
RUN(interrupted_by_result, &the_mutex, &the_count)
RUN(by_argument, &the_domain)
RUN(not_given_back, &the_domain)
RUN(wrong_way_round, &the_domain)
RUN(wrong_way_round_conditional, &the_domain)
RUN(not_looked_at, &the_domain)
RUN(looked_at_too_late, &the_domain, oracle_choose(2))
RUN(error_after_success, &the_mutex, &the_count)
RUN(interrupted_anyway, &the_mutex, &the_count)
RUN(one_of_both, &the_domain, &second)
#endif

/*
 * oracle: threads=run_positive,other define=ORACLE init=init expect=holds
 * oracle: threads=run_expected,other define=ORACLE init=init expect=holds
 * oracle: threads=run_result_kept,other define=ORACLE init=init expect=holds
 * oracle: threads=run_result_kept_for_later,other define=ORACLE init=init expect=holds
 * oracle: threads=run_result_turned_round,other define=ORACLE init=init expect=holds
 * oracle: threads=run_result_overwritten,other define=ORACLE init=init expect=holds
 * oracle: threads=run_result_looked_at_twice,other define=ORACLE init=init expect=holds
 * oracle: threads=run_compared,other define=ORACLE init=init expect=holds
 * oracle: threads=run_conditional,other define=ORACLE init=init expect=holds
 * oracle: threads=run_in_statement_expression,other define=ORACLE init=init expect=holds
 * oracle: threads=run_and_more,other define=ORACLE init=init expect=holds
 * oracle: threads=run_or_less,other define=ORACLE init=init expect=holds
 * oracle: threads=run_all_denied,other define=ORACLE init=init expect=holds
 * oracle: threads=run_until_it_is_had,other define=ORACLE init=init expect=holds
 * oracle: threads=run_tried_or_waited_for,other define=ORACLE init=init expect=holds
 * oracle: threads=run_waited_for_if_not_free,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_both,other define=ORACLE init=init expect=holds
 * oracle: threads=run_interrupted_below_zero,other define=ORACLE init=init expect=holds
 * oracle: threads=run_interrupted_by_result,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_argument,other define=ORACLE init=init expect=holds
 * oracle: threads=run_not_given_back,other define=ORACLE init=init expect=leak
 * oracle: threads=run_wrong_way_round,other define=ORACLE init=init expect=misuse+leak
 * oracle: threads=run_wrong_way_round_conditional,other define=ORACLE init=init expect=misuse+leak
 * oracle: threads=run_not_looked_at,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_looked_at_too_late,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_error_after_success,other define=ORACLE init=init expect=leak
 * oracle: threads=run_interrupted_anyway,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_one_of_both,other define=ORACLE init=init expect=leak
 */
