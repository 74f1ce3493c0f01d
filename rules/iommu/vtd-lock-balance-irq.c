/* SPDX-License-Identifier: MIT */
/*
 * PF2132 and the interrupts of the processor: saved and restored through helpers,
 * switched by themselves, handed from one lock to the next.
 */
#include "vtd-example-locks.h"

unsigned long arch_local_irq_save(void);
void arch_local_irq_restore(unsigned long flags);
void arch_local_irq_disable(void);
void arch_local_irq_enable(void);
void __local_bh_disable_ip(unsigned long ip, unsigned int cnt);
void __local_bh_enable_ip(unsigned long ip, unsigned int cnt);
void _raw_spin_lock_bh(spinlock_t *lock);
void _raw_spin_unlock_bh(spinlock_t *lock);
bool more(void);

/* ------------------------------------------------------------------ balanced */

static unsigned long begin(struct dmar_domain *domain)
{
	return _raw_spin_lock_irqsave(&domain->lock);	/* ok PF2132 */
}

static void end(struct dmar_domain *domain, unsigned long flags)
{
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
}

void by_helpers(struct dmar_domain *domain)
{
	unsigned long flags = begin(domain);	/* ok PF2132 */

	domain->agaw++;
	end(domain, flags);	/* ok PF2132 */
}

static void begin_by_pointer(struct dmar_domain *domain, unsigned long *flags)
{
	spin_lock_irqsave(&domain->lock, *flags);	/* ok PF2132 */
}

void by_pointer_to_the_word(struct dmar_domain *domain)
{
	unsigned long flags;

	begin_by_pointer(domain, &flags);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
}

/* The lock and the interrupts one after the other, and together again. */
void by_themselves(struct dmar_domain *domain)
{
	unsigned long flags = arch_local_irq_save();

	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
}

/* The helper knows of no lock. */
static void let_in(unsigned long flags)
{
	arch_local_irq_restore(flags);
}

void by_a_helper_alone(struct dmar_domain *domain)
{
	unsigned long flags = arch_local_irq_save();

	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	let_in(flags);
}

void off_and_on(struct dmar_domain *domain)
{
	arch_local_irq_disable();	/* ok PF2132 */
	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock_irq(&domain->lock);	/* ok PF2132 */
	spin_lock_irq(&domain->lock);	/* ok PF2132 */
	domain->agaw--;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	arch_local_irq_enable();	/* ok PF2132 */
}

/* One lock is given for the next, and the interrupts go with it. */
void hand_over_hand(struct dmar_domain *domain, struct dmar_domain *next)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);	/* ok PF2132 */
	spin_lock(&next->lock);	/* ok PF2132 */
	spin_unlock(&domain->lock);	/* ok PF2132 */
	next->agaw++;
	spin_unlock_irqrestore(&next->lock, flags);	/* ok PF2132 */
}

void one_in_the_other(struct dmar_domain *domain, struct dmar_domain *inner)
{
	unsigned long flags, more_flags;

	spin_lock_irqsave(&domain->lock, flags);	/* ok PF2132 */
	spin_lock_irqsave(&inner->lock, more_flags);	/* ok PF2132 */
	inner->agaw++;
	spin_unlock_irqrestore(&inner->lock, more_flags);	/* ok PF2132 */
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
}

void each_round(struct dmar_domain *domain, int n)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);	/* ok PF2132 */
	while (n-- > 0) {
		domain->agaw++;
		spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
		more();
		spin_lock_irqsave(&domain->lock, flags);	/* ok PF2132 */
	}
	spin_unlock_irqrestore(&domain->lock, flags);	/* ok PF2132 */
}

void bottom_halves_by_themselves(struct dmar_domain *domain)
{
	__local_bh_disable_ip(0, 512);	/* ok PF2132 */
	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	_raw_spin_unlock_bh(&domain->lock);	/* ok PF2132 */
	_raw_spin_lock_bh(&domain->lock);	/* ok PF2132 */
	domain->agaw--;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	__local_bh_enable_ip(0, 512);	/* ok PF2132 */
}

/* Who calls it keeps the word, and gives the lock later. */
unsigned long begin_for_others(struct dmar_domain *domain)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);	/* ok PF2132 */
	return flags;
}

/* -------------------------------------------------------------- not balanced */

static void end_without(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);	/* PF2132: they stay off, in stays_off_by_helper() */
}

void stays_off_by_helper(struct dmar_domain *domain)
{
	unsigned long flags = begin(domain);

	(void)flags;
	domain->agaw++;
	end_without(domain);
}

void flags_of_another_by_helpers(struct dmar_domain *domain, struct dmar_domain *other)
{
	unsigned long flags = begin(domain), inner = begin(other);

	other->agaw++;
	end(other, flags);	/* PF2132: on, and domain is locked */
	end(domain, inner);	/* PF2132: and off again */
}

/* On, although the outer lock was taken with them off. */
void on_in_between(struct dmar_domain *domain, struct dmar_domain *inner)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	spin_lock_irq(&inner->lock);
	inner->agaw++;
	spin_unlock_irq(&inner->lock);	/* PF2132: and domain is locked */
	spin_unlock_irqrestore(&domain->lock, flags);
}

static void track(struct dmar_domain *domain)
{
	spin_lock_irq(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock_irq(&domain->lock);	/* ok PF2132 */
}

void on_by_helper(struct dmar_domain *domain, struct dmar_domain *inner)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	track(inner);	/* PF2132: on where it comes back, and domain is locked */
	spin_unlock_irqrestore(&domain->lock, flags);
}

int stays_off_on_one_way(struct dmar_domain *domain, bool supported)
{
	arch_local_irq_disable();	/* PF2132: still off at the first return */
	spin_lock(&domain->lock);
	if (!supported) {
		spin_unlock(&domain->lock);
		return -EINVAL;
	}
	spin_unlock_irq(&domain->lock);
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain one, two;

bool more(void)
{
	return oracle_choose(2);
}

static void handler(void)
{
	spin_lock(&one.lock);
	one.agaw++;
	spin_unlock(&one.lock);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(by_helpers, &one)
RUN(by_pointer_to_the_word, &one)
RUN(by_themselves, &one)
RUN(by_a_helper_alone, &one)
RUN(off_and_on, &one)
RUN(hand_over_hand, &one, &two)
RUN(one_in_the_other, &one, &two)
RUN(each_round, &one, 2)
RUN(bottom_halves_by_themselves, &two)
RUN(stays_off_by_helper, &one)
RUN(flags_of_another_by_helpers, &one, &two)
RUN(on_in_between, &one, &two)
RUN(on_by_helper, &one, &two)
RUN(track, &one)
RUN(stays_off_on_one_way, &one, oracle_choose(2))
#endif

/*
 * oracle: threads=run_by_helpers interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_by_pointer_to_the_word interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_by_themselves interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_by_a_helper_alone interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_off_and_on interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_hand_over_hand interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_one_in_the_other interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_each_round interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_bottom_halves_by_themselves interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_stays_off_by_helper interrupt=handler define=ORACLE expect=leak
 * oracle: threads=run_flags_of_another_by_helpers interrupt=handler define=ORACLE expect=deadlock+leak
 * oracle: threads=run_on_in_between interrupt=handler define=ORACLE expect=deadlock
 * oracle: threads=run_track interrupt=handler define=ORACLE expect=holds
 * oracle: threads=run_on_by_helper interrupt=handler define=ORACLE expect=deadlock
 * oracle: threads=run_stays_off_on_one_way interrupt=handler define=ORACLE expect=leak
 */
