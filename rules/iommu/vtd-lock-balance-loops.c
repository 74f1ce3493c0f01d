/* SPDX-License-Identifier: MIT */
/*
 * PF2132 in loops, with goto and with switch: what a way round leaves is what the
 * next one finds.
 */
#include "vtd-example-locks.h"

bool more(void);
void bug(void) __attribute__((noreturn));

/* ------------------------------------------------------------------ balanced */

void each_round(struct dmar_domain *domain, int n)
{
	while (n-- > 0) {
		spin_lock(&domain->lock);	/* ok PF2132 */
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
}

void each_round_broken_off(struct dmar_domain *domain)
{
	for (;;) {
		spin_lock(&domain->lock);	/* ok PF2132 */
		if (domain->agaw > 5) {
			spin_unlock(&domain->lock);	/* ok PF2132 */
			break;
		}
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
}

void each_round_gone_on(struct dmar_domain *domain, int n)
{
	for (int i = 0; i < n; i++) {
		spin_lock(&domain->lock);	/* ok PF2132 */
		if (domain->force_snooping) {
			spin_unlock(&domain->lock);	/* ok PF2132 */
			continue;
		}
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
}

/* Held all the time, but for a pause in each round. */
void pause_each_round(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	while (domain->agaw > 0) {
		domain->agaw--;
		spin_unlock(&domain->lock);	/* ok PF2132 */
		if (more()) {
			spin_lock(&domain->lock);
			continue;
		}
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);	/* ok PF2132 */
}

void given_back_at_the_end(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	for (;;) {
		if (!more()) {
			spin_unlock(&domain->lock);	/* ok PF2132 */
			break;
		}
		domain->agaw = 1;
	}
}

void left_between(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	for (;;) {
		domain->agaw = 1;
		spin_unlock(&domain->lock);	/* ok PF2132 */
		if (!more())
			break;
		spin_lock(&domain->lock);	/* ok PF2132 */
	}
}

void again_until_idle(struct dmar_domain *domain)
{
	do {
		spin_lock(&domain->lock);	/* ok PF2132 */
		domain->agaw = 1;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	} while (more());
}

int retry(struct dmar_domain *domain)
{
again:
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (!domain->pgd) {
		spin_unlock(&domain->lock);	/* ok PF2132 */
		if (more())
			goto again;
		return -ENOMEM;
	}
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* Two labels, for what is taken first and for what is taken later. */
int two_labels(struct dmar_domain *domain, bool supported)
{
	int ret = -EINVAL;

	spin_lock(&domain->lock);	/* ok PF2132 */
	if (!supported)
		goto out;
	spin_lock(&domain->cache_lock);	/* ok PF2132 */
	if (!domain->pgd)
		goto out_cache;
	domain->agaw++;
	ret = 0;
out_cache:
	spin_unlock(&domain->cache_lock);	/* ok PF2132 */
out:
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return ret;
}

int by_switch(struct dmar_domain *domain, int kind)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	switch (kind) {
	case 0:
		spin_unlock(&domain->lock);	/* ok PF2132 */
		return 0;
	case 1:
		domain->agaw++;
		/* fall through */
	default:
		domain->agaw++;
	}
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 1;
}

/* Who never comes back leaves nothing. */
int no_return(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (!domain->pgd) {
		bug();
		return -EINVAL;
	}
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int not_reached(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (!domain->pgd) {
		__builtin_unreachable();
		return -EINVAL;
	}
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* A way that is never gone. */
int never_true(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (0)
		return -EINVAL;
	if (!1)
		spin_lock(&domain->lock);	/* ok PF2132 */
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* -------------------------------------------------------------- not balanced */

void taken_each_round(struct dmar_domain *domain, int n)
{
	while (n-- > 0)
		spin_lock(&domain->lock);	/* PF2132: the second round waits for the first */
}

void taken_each_round_given_once(struct dmar_domain *domain)
{
	do {
		spin_lock(&domain->lock);	/* PF2132: the second round waits for the first */
	} while (more());
	spin_unlock(&domain->lock);
}

void given_each_round(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	do {
		spin_unlock(&domain->lock);	/* PF2132: the second round has no lock */
	} while (more());
}

void broken_off(struct dmar_domain *domain, int n)
{
	while (n-- > 0) {
		spin_lock(&domain->lock);	/* PF2132: held after the break */
		if (domain->force_snooping)
			break;
		spin_unlock(&domain->lock);
	}
}

void gone_on_without(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	while (domain->agaw > 0) {
		spin_unlock(&domain->lock);	/* PF2132: not held after continue */
		if (more())
			continue;
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);	/* PF2132: not held behind continue */
}

void broken_off_without(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	while (domain->agaw > 0) {
		spin_unlock(&domain->lock);
		if (more())
			break;
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);	/* PF2132: given back before the break */
}

int past_the_unlock(struct dmar_domain *domain, bool supported)
{
	int ret = -EINVAL;

	spin_lock(&domain->lock);	/* PF2132: held at the label */
	if (!supported)
		goto out;
	domain->agaw++;
	spin_unlock(&domain->lock);
	ret = 0;
out:
	return ret;
}

int into_the_unlock(struct dmar_domain *domain, bool supported)
{
	int ret = -EINVAL;

	if (!supported)
		goto out;
	spin_lock(&domain->lock);
	domain->agaw++;
	ret = 0;
out:
	spin_unlock(&domain->lock);	/* PF2132: not taken there */
	return ret;
}

int falls_through(struct dmar_domain *domain, int kind)
{
	spin_lock(&domain->lock);
	switch (kind) {
	case 0:
		spin_unlock(&domain->lock);
		/* fall through */
	case 1:
		spin_unlock(&domain->lock);	/* PF2132: given back in the case above */
		return 0;
	}
	spin_unlock(&domain->lock);
	return 1;
}

int missing_case(struct dmar_domain *domain, int kind)
{
	spin_lock(&domain->lock);	/* PF2132: held at the default */
	switch (kind) {
	case 0:
		domain->agaw++;
		break;
	default:
		return -EINVAL;
	}
	spin_unlock(&domain->lock);
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
	the_domain.agaw = 2;
	the_domain.pgd = oracle_choose(2) ? &a_table : NULL;
	the_domain.force_snooping = oracle_choose(2);
}

static void other(void)
{
	spin_lock(&the_domain.lock);
	spin_unlock(&the_domain.lock);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(each_round, &the_domain, 2)
RUN(each_round_broken_off, &the_domain)
RUN(each_round_gone_on, &the_domain, 2)
RUN(pause_each_round, &the_domain)
RUN(given_back_at_the_end, &the_domain)
RUN(left_between, &the_domain)
RUN(again_until_idle, &the_domain)
RUN(retry, &the_domain)
RUN(two_labels, &the_domain, oracle_choose(2))
RUN(by_switch, &the_domain, (int)oracle_choose(3))
RUN(never_true, &the_domain)
RUN(taken_each_round, &the_domain, 2)
RUN(taken_each_round_given_once, &the_domain)
RUN(given_each_round, &the_domain)
RUN(broken_off, &the_domain, 2)
RUN(gone_on_without, &the_domain)
RUN(broken_off_without, &the_domain)
RUN(past_the_unlock, &the_domain, oracle_choose(2))
RUN(into_the_unlock, &the_domain, oracle_choose(2))
RUN(falls_through, &the_domain, (int)oracle_choose(3))
RUN(missing_case, &the_domain, (int)oracle_choose(2))
#endif

/*
 * oracle: threads=run_each_round,other define=ORACLE init=init expect=holds
 * oracle: threads=run_each_round_broken_off,other define=ORACLE init=init expect=holds
 * oracle: threads=run_each_round_gone_on,other define=ORACLE init=init expect=holds
 * oracle: threads=run_pause_each_round,other define=ORACLE init=init expect=holds
 * oracle: threads=run_given_back_at_the_end,other define=ORACLE init=init expect=holds
 * oracle: threads=run_left_between,other define=ORACLE init=init expect=holds
 * oracle: threads=run_again_until_idle,other define=ORACLE init=init expect=holds
 * oracle: threads=run_retry,other define=ORACLE init=init expect=holds
 * oracle: threads=run_two_labels,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_switch,other define=ORACLE init=init expect=holds
 * oracle: threads=run_never_true,other define=ORACLE init=init expect=holds
 * oracle: threads=run_taken_each_round,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_taken_each_round_given_once,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_given_each_round,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_broken_off,other define=ORACLE init=init expect=leak
 * oracle: threads=run_gone_on_without,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_broken_off_without,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_past_the_unlock,other define=ORACLE init=init expect=leak
 * oracle: threads=run_into_the_unlock,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_falls_through,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_missing_case,other define=ORACLE init=init expect=leak
 */
