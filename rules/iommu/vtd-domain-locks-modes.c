/* SPDX-License-Identifier: MIT */
/*
 * PF2110, PF2112 with a lock that readers share: what would be needed if the lock
 * of a domain were a semaphore. And a domain that is written as a whole.
 */
typedef _Bool bool;
typedef unsigned long size_t;

#define true	1
#define false	0
#define NULL	((void *)0)
#define EINVAL	22
#define GFP_KERNEL	0xcc0u
#define lockdep_assert_held(lock)		do { (void)(lock); } while (0)
#define lockdep_assert_held_read(lock)		do { (void)(lock); } while (0)
#define lockdep_assert_held_write(lock)		do { (void)(lock); } while (0)

struct list_head { struct list_head *next, *prev; };
struct rw_semaphore { long count; };

void down_read(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int down_write_killable(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);
void rcu_read_lock(void);
void rcu_read_unlock(void);
void *kzalloc(size_t size, unsigned int flags);
void kfree(const void *p);
void *memset(void *s, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
bool more(void);

struct dmar_domain {
	bool force_snooping;
	bool dirty_tracking;
	struct list_head devices, dev_pasids;
	struct rw_semaphore lock;
};

/* not-applicable PF2111 */
/* not-applicable PF2113 */
/* not-applicable PF2114 */
/* not-applicable PF2115 */

/* ----------------------------------------------------------------- enough is held */

void writer(struct dmar_domain *domain)
{
	down_write(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	up_write(&domain->lock);
}

bool reader(struct dmar_domain *domain)
{
	bool idle;

	down_read(&domain->lock);
	idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	up_read(&domain->lock);
	return idle;
}

bool reader_as_writer(struct dmar_domain *domain)
{
	bool idle;

	down_write(&domain->lock);
	idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	up_write(&domain->lock);
	return idle;
}

bool reader_after_writing(struct dmar_domain *domain)
{
	bool idle;

	down_write(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	downgrade_write(&domain->lock);
	idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	up_read(&domain->lock);
	return idle;
}

bool reader_if_free(struct dmar_domain *domain)
{
	bool idle;

	if (!down_read_trylock(&domain->lock))
		return false;
	idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	up_read(&domain->lock);
	return idle;
}

int writer_if_not_killed(struct dmar_domain *domain)
{
	int ret = down_write_killable(&domain->lock);

	if (ret)
		return ret;
	domain->dirty_tracking = true;	/* ok PF2110 */
	up_write(&domain->lock);
	return 0;
}

/* One of two modes, and each of them will do for reading. */
bool reader_in_either(struct dmar_domain *domain, bool write)
{
	bool idle;

	if (write)
		down_write(&domain->lock);
	else
		down_read(&domain->lock);
	idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	if (write)
		up_write(&domain->lock);
	else
		up_read(&domain->lock);
	return idle;
}

/* The lock is written for itself, and read for the other field. */
void writer_in_one_mode(struct dmar_domain *domain, bool write)
{
	if (write)
		down_write(&domain->lock);
	else
		down_read(&domain->lock);
	if (write)
		domain->dirty_tracking = true;	/* ok PF2110 */
	if (write)
		up_write(&domain->lock);
	else
		up_read(&domain->lock);
}

static bool is_idle(struct dmar_domain *domain)
{
	lockdep_assert_held_read(&domain->lock);
	return domain->devices.next == &domain->devices;	/* ok PF2112 */
}

bool by_helper(struct dmar_domain *domain)
{
	bool idle;

	down_read(&domain->lock);
	idle = is_idle(domain);
	up_read(&domain->lock);
	return idle;
}

void cleared_new(void)
{
	struct dmar_domain *domain = kzalloc(sizeof(*domain), GFP_KERNEL);

	if (!domain)
		return;
	memset(domain, 0, sizeof(*domain));	/* ok PF2110 */
	kfree(domain);
}

void copied_out(struct dmar_domain *domain, struct dmar_domain *to)
{
	struct dmar_domain copy;

	down_read(&domain->lock);
	copy = *domain;	/* ok PF2112 */
	up_read(&domain->lock);
	copy.dirty_tracking = to != NULL;	/* ok PF2110 */
}

/* --------------------------------------------------------------------- too little */

void reader_writes(struct dmar_domain *domain)
{
	down_read(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: readers share the lock */
	up_read(&domain->lock);
}

void reader_writes_the_list(struct dmar_domain *domain)
{
	down_read(&domain->lock);
	domain->devices.next = &domain->devices;	/* PF2112: readers share the lock */
	up_read(&domain->lock);
}

void rcu_reader_writes(struct dmar_domain *domain)
{
	rcu_read_lock();
	domain->dirty_tracking = true;	/* PF2110: no lock at all */
	rcu_read_unlock();
}

static void let_readers_in(struct dmar_domain *domain)
{
	downgrade_write(&domain->lock);
	domain->force_snooping = true;	/* PF2110: a reader by now */
}

void writes_after_downgrade_by_helper(struct dmar_domain *domain)
{
	down_write(&domain->lock);
	domain->force_snooping = false;	/* ok PF2110 */
	let_readers_in(domain);
	domain->dirty_tracking = true;	/* PF2110: a reader by now */
	up_read(&domain->lock);
}

void writes_after_downgrade(struct dmar_domain *domain)
{
	down_write(&domain->lock);
	downgrade_write(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: a reader by now */
	up_read(&domain->lock);
}

void writes_in_either(struct dmar_domain *domain, bool write)
{
	if (write)
		down_write(&domain->lock);
	else
		down_read(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: a reader where write is false */
	if (write)
		up_write(&domain->lock);
	else
		up_read(&domain->lock);
}

/* Read, let go, and taken to write: what was read is not what is there. */
void writes_between(struct dmar_domain *domain)
{
	down_read(&domain->lock);
	up_read(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: between the two */
	down_write(&domain->lock);
	up_write(&domain->lock);
}

bool reads_between(struct dmar_domain *domain)
{
	bool idle;

	down_write(&domain->lock);
	up_write(&domain->lock);
	idle = domain->devices.next == &domain->devices;	/* PF2112: between the two */
	down_read(&domain->lock);
	up_read(&domain->lock);
	return idle;
}

void killed_anyway(struct dmar_domain *domain)
{
	int ret = down_write_killable(&domain->lock);

	domain->dirty_tracking = true;	/* PF2110: killed, and not locked */
	if (!ret)
		up_write(&domain->lock);
}

static void known_to_read(struct dmar_domain *domain)
{
	lockdep_assert_held_read(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: its caller is a reader */
}

void by_helper_that_writes(struct dmar_domain *domain)
{
	down_read(&domain->lock);
	known_to_read(domain);
	up_read(&domain->lock);
}

/* What anyone may call says that it reads, and writes. */
void known_to_read_only(struct dmar_domain *domain)
{
	lockdep_assert_held_read(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: the assertion of a reader */
}

/* Known on one way only. */
void known_on_one_way(struct dmar_domain *domain, bool locked)
{
	if (locked)
		lockdep_assert_held_write(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: where locked is false, nothing says so */
}

void cleared(struct dmar_domain *domain)
{
	memset(domain, 0, sizeof(*domain));	/* PF2110: a flag */ /* PF2112: a list */
}

void copied_in(struct dmar_domain *domain, const struct dmar_domain *from)
{
	memcpy(domain, from, sizeof(*domain));	/* PF2110: a flag */ /* PF2112: a list */
}

void assigned(struct dmar_domain *domain, const struct dmar_domain *from)
{
	down_read(&domain->lock);
	*domain = *from;	/* PF2110: a flag */ /* PF2112: a list */
	up_read(&domain->lock);
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain the_domain, second;

static void init(void)
{
	the_domain.devices.next = &the_domain.devices;
}

static void other(void)
{
	bool seen;

	down_read(&the_domain.lock);
	seen = the_domain.dirty_tracking & (the_domain.devices.next != NULL);
	up_read(&the_domain.lock);
	down_write(&the_domain.lock);
	the_domain.dirty_tracking = seen;
	the_domain.devices.next = &the_domain.devices;
	up_write(&the_domain.lock);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(writer, &the_domain)
RUN(reader, &the_domain)
RUN(reader_as_writer, &the_domain)
RUN(reader_after_writing, &the_domain)
RUN(reader_if_free, &the_domain)
RUN(writer_if_not_killed, &the_domain)
RUN(reader_in_either, &the_domain, oracle_choose(2))
RUN(writer_in_one_mode, &the_domain, oracle_choose(2))
RUN(by_helper, &the_domain)
RUN(reader_writes, &the_domain)
RUN(reader_writes_the_list, &the_domain)
RUN(rcu_reader_writes, &the_domain)
RUN(writes_after_downgrade, &the_domain)
RUN(writes_after_downgrade_by_helper, &the_domain)
RUN(writes_in_either, &the_domain, oracle_choose(2))
RUN(writes_between, &the_domain)
RUN(reads_between, &the_domain)
RUN(killed_anyway, &the_domain)
RUN(by_helper_that_writes, &the_domain)
RUN(known_on_one_way, &the_domain, oracle_choose(2))
RUN(copied_out, &the_domain, &second)
RUN(assigned, &the_domain, &second)
#endif

/*
 * oracle: threads=run_writer,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_as_writer,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_after_writing,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_if_free,other define=ORACLE init=init expect=holds
 * oracle: threads=run_writer_if_not_killed,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_in_either,other define=ORACLE init=init expect=holds
 * oracle: threads=run_writer_in_one_mode,other define=ORACLE init=init expect=holds
 * oracle: threads=run_by_helper,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_writes,other define=ORACLE init=init expect=race
 * oracle: threads=run_reader_writes_the_list,other define=ORACLE init=init expect=race
 * oracle: threads=run_rcu_reader_writes,other define=ORACLE init=init expect=race
 * oracle: threads=run_writes_after_downgrade,other define=ORACLE init=init expect=race
 * oracle: threads=run_writes_after_downgrade_by_helper,other define=ORACLE init=init expect=race
 * oracle: threads=run_writes_in_either,other define=ORACLE init=init expect=race
 * oracle: threads=run_writes_between,other define=ORACLE init=init expect=race
 * oracle: threads=run_reads_between,other define=ORACLE init=init expect=race
 * oracle: threads=run_killed_anyway,other define=ORACLE init=init expect=race
 * oracle: threads=run_by_helper_that_writes,other define=ORACLE init=init expect=race
 * oracle: threads=run_known_on_one_way,other define=ORACLE init=init expect=race+misuse
 * oracle: threads=run_copied_out,other define=ORACLE init=init expect=holds
 * oracle: threads=run_assigned,other define=ORACLE init=init expect=race
 */
