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
		domain->agaw++;
	}
}

void left_between(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	for (;;) {
		domain->agaw++;
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
		domain->agaw++;
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

void given_each_round(struct dmar_domain *domain)	/* PF2132: the second round has no lock */
{
	spin_lock(&domain->lock);
	do {
		spin_unlock(&domain->lock);
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

void gone_on_without(struct dmar_domain *domain)	/* PF2132: not held behind continue */
{
	spin_lock(&domain->lock);
	while (domain->agaw > 0) {
		spin_unlock(&domain->lock);
		if (more())
			continue;
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);
}

void broken_off_without(struct dmar_domain *domain)	/* PF2132: given back before the break */
{
	spin_lock(&domain->lock);
	while (domain->agaw > 0) {
		spin_unlock(&domain->lock);
		if (more())
			break;
		spin_lock(&domain->lock);
	}
	spin_unlock(&domain->lock);
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

int into_the_unlock(struct dmar_domain *domain, bool supported)	/* PF2132: not taken there */
{
	int ret = -EINVAL;

	if (!supported)
		goto out;
	spin_lock(&domain->lock);
	domain->agaw++;
	ret = 0;
out:
	spin_unlock(&domain->lock);
	return ret;
}

int falls_through(struct dmar_domain *domain, int kind)	/* PF2132: given back in two cases */
{
	spin_lock(&domain->lock);
	switch (kind) {
	case 0:
		spin_unlock(&domain->lock);
		/* fall through */
	case 1:
		spin_unlock(&domain->lock);
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
