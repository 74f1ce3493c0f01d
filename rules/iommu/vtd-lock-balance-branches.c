/* SPDX-License-Identifier: MIT */
/*
 * PF2132 where a lock is taken or given on some branches, and where a flag says on
 * which.
 */
#include "vtd-example-locks.h"

bool more(void);

struct options {
	bool locked;
	int n;
};

/* Where it was taken is where a lock is reported that a caller keeps. */
static void begin(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* PF2132: kept_by_wrapper() */
}

static void end(struct dmar_domain *domain)
{
	spin_unlock(&domain->lock);	/* ok PF2132 */
}

struct locking {
	void (*begin)(struct dmar_domain *domain);
	void (*end)(struct dmar_domain *domain);
};

static const struct locking locking = { .begin = begin, .end = end };

/* ------------------------------------------------------------------ balanced */

int given_on_each(struct dmar_domain *domain, bool supported)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (supported)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	else
		spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int taken_on_each(struct dmar_domain *domain, bool supported)
{
	if (supported)
		spin_lock(&domain->lock);	/* ok PF2132 */
	else
		begin(domain);	/* ok PF2132 */
	domain->agaw++;
	end(domain);	/* ok PF2132 */
	return 0;
}

int within_one(struct dmar_domain *domain, bool supported)
{
	if (supported) {
		spin_lock(&domain->lock);	/* ok PF2132 */
		domain->agaw++;
		spin_unlock(&domain->lock);	/* ok PF2132 */
	}
	return 0;
}

/* One lock for all, and another for one branch. */
int one_more_on_one(struct dmar_domain *domain, bool supported)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	if (supported) {
		spin_lock(&domain->cache_lock);	/* ok PF2132 */
		domain->agaw++;
		spin_unlock(&domain->cache_lock);	/* ok PF2132 */
	}
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int noted(struct dmar_domain *domain, int kind)
{
	bool locked = false;

	if (kind > 0) {
		spin_lock(&domain->lock);	/* ok PF2132 */
		locked = true;
	}
	domain->agaw++;
	if (locked)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

/* What decides is nobody else's. */
int decided_by_a_local(struct dmar_domain *domain, int n)
{
	struct options o = { .locked = n > 1, .n = n };

	if (o.locked)
		spin_lock(&domain->lock);	/* ok PF2132 */
	o.n++;
	domain->agaw = o.n;
	if (o.locked)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int decided_by_two(struct dmar_domain *domain, bool a, bool b)
{
	if (a && b)
		spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	if (!a || !b)
		return 0;
	spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int decided_by_a_range(struct dmar_domain *domain, int n)
{
	if (n > 5)
		spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	if (n >= 6)
		spin_unlock(&domain->lock);	/* ok PF2132 */
	return 0;
}

int by_table(struct dmar_domain *domain)
{
	locking.begin(domain);	/* ok PF2132 */
	domain->agaw++;
	locking.end(domain);	/* ok PF2132 */
	return 0;
}

/* -------------------------------------------------------------- not balanced */

int taken_on_one(struct dmar_domain *domain, bool supported)
{
	if (supported)
		spin_lock(&domain->lock);
	domain->agaw++;
	spin_unlock(&domain->lock);	/* PF2132: not taken, given */
	return 0;
}

int given_on_one(struct dmar_domain *domain, bool supported)
{
	spin_lock(&domain->lock);	/* PF2132: kept where it is not supported */
	domain->agaw++;
	if (supported)
		spin_unlock(&domain->lock);
	return 0;
}

int one_lock_on_each(struct dmar_domain *domain, bool supported)
{
	if (supported)
		spin_lock(&domain->lock);	/* review PF2132: kept where it is supported */
	else
		spin_lock(&domain->cache_lock);	/* review PF2132: kept where it is not */
	domain->agaw++;
	return 0;
}

int decided_otherwise(struct dmar_domain *domain, bool locked)
{
	if (locked)
		spin_lock(&domain->lock);	/* PF2132: kept where locked is true */
	domain->agaw++;
	if (!locked)
		spin_unlock(&domain->lock);	/* PF2132: not taken, given */
	return 0;
}

int decided_anew(struct dmar_domain *domain, bool locked)
{
	if (locked)
		spin_lock(&domain->lock);	/* PF2132: kept where there is no more */
	domain->agaw++;
	locked = more();
	if (locked)
		spin_unlock(&domain->lock);	/* PF2132: not taken, given */
	return 0;
}

int decided_by_one_of_two(struct dmar_domain *domain, bool a, bool b)
{
	if (a && b)
		spin_lock(&domain->lock);
	domain->agaw++;
	if (a)
		spin_unlock(&domain->lock);	/* PF2132: not taken */
	return 0;
}

int kept_by_wrapper(struct dmar_domain *domain, bool supported)
{
	begin(domain);
	if (!supported)
		return -EINVAL;
	domain->agaw++;
	end(domain);
	return 0;
}

int kept_by_table(struct dmar_domain *domain, bool supported)
{
	locking.begin(domain);	/* todo PF2132: held at the first return, by the table */
	if (!supported)
		return -EINVAL;
	domain->agaw++;
	locking.end(domain);
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain the_domain;

bool more(void)
{
	return oracle_choose(2);
}

static void init(void)
{
	the_domain.agaw = oracle_choose(2);
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

RUN(given_on_each, &the_domain, oracle_choose(2))
RUN(taken_on_each, &the_domain, oracle_choose(2))
RUN(within_one, &the_domain, oracle_choose(2))
RUN(one_more_on_one, &the_domain, oracle_choose(2))
RUN(noted, &the_domain, (int)oracle_choose(2))
RUN(decided_by_a_local, &the_domain, 1 + (int)oracle_choose(2))
RUN(decided_by_two, &the_domain, oracle_choose(2), oracle_choose(2))
RUN(decided_by_a_range, &the_domain, 4 + (int)oracle_choose(4))
RUN(by_table, &the_domain)
RUN(taken_on_one, &the_domain, oracle_choose(2))
RUN(given_on_one, &the_domain, oracle_choose(2))
RUN(one_lock_on_each, &the_domain, oracle_choose(2))
RUN(decided_otherwise, &the_domain, oracle_choose(2))
RUN(decided_anew, &the_domain, oracle_choose(2))
RUN(decided_by_one_of_two, &the_domain, oracle_choose(2), oracle_choose(2))
RUN(kept_by_wrapper, &the_domain, oracle_choose(2))
RUN(kept_by_table, &the_domain, oracle_choose(2))
#endif

/*
 * oracle: threads=run_given_on_each,other define=ORACLE init=init expect=holds
 * oracle: threads=run_taken_on_each,other define=ORACLE init=init expect=holds
 * oracle: threads=run_within_one,other define=ORACLE init=init expect=holds
 * oracle: threads=run_one_more_on_one,other define=ORACLE init=init expect=holds
 * oracle: threads=run_noted,other define=ORACLE init=init expect=holds
 * oracle: threads=run_decided_by_a_local,other define=ORACLE init=init expect=holds
 * oracle: threads=run_decided_by_two,other define=ORACLE init=init expect=holds
 * oracle: threads=run_decided_by_a_range,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_table,other define=ORACLE init=init expect=holds
 * oracle: threads=run_taken_on_one,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_given_on_one,other define=ORACLE init=init expect=leak
 * oracle: threads=run_one_lock_on_each,other define=ORACLE init=init expect=leak
 * oracle: threads=run_decided_otherwise,other define=ORACLE init=init expect=misuse+leak
 * oracle: threads=run_decided_anew,other define=ORACLE init=init expect=misuse+leak
 * oracle: threads=run_decided_by_one_of_two,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_kept_by_wrapper,other define=ORACLE init=init expect=leak
 * oracle: threads=run_kept_by_table,other define=ORACLE init=init expect=leak
 */
