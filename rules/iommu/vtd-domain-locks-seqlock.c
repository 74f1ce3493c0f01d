/* SPDX-License-Identifier: MIT */
/*
 * PF2110, PF2112 with a sequence lock: what would be needed if the lock of a domain
 * were one. Who writes has the spin lock inside; who reads tries again until nobody
 * has written meanwhile.
 */
typedef _Bool bool;

#define true	1
#define false	0
#define NULL	((void *)0)

struct list_head { struct list_head *next, *prev; };
typedef struct { unsigned int slock; } spinlock_t;
typedef struct { unsigned int sequence; spinlock_t lock; } seqlock_t;

void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);
unsigned int read_seqbegin(const seqlock_t *lock);
unsigned int read_seqretry(const seqlock_t *lock, unsigned int start);
bool more(void);

static inline void write_seqlock(seqlock_t *lock)
{
	_raw_spin_lock(&lock->lock);
	lock->sequence++;
}

static inline void write_sequnlock(seqlock_t *lock)
{
	lock->sequence++;
	_raw_spin_unlock(&lock->lock);
}

/* A reader that keeps writers out, and does not tell other readers. */
static inline void read_seqlock_excl(seqlock_t *lock)
{
	_raw_spin_lock(&lock->lock);
}

static inline void read_sequnlock_excl(seqlock_t *lock)
{
	_raw_spin_unlock(&lock->lock);
}

struct dmar_domain {
	bool force_snooping;
	bool dirty_tracking;
	struct list_head devices, dev_pasids;
	seqlock_t lock;
};

/* not-applicable PF2111 */
/* not-applicable PF2113 */
/* not-applicable PF2114 */
/* not-applicable PF2115 */

/* ----------------------------------------------------------------- enough is held */

void writer(struct dmar_domain *domain)
{
	write_seqlock(&domain->lock);
	domain->dirty_tracking = true;	/* ok PF2110 */
	write_sequnlock(&domain->lock);
}

bool reader(struct dmar_domain *domain)
{
	unsigned int seq;
	bool idle;

	do {
		seq = read_seqbegin(&domain->lock);
		idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	} while (read_seqretry(&domain->lock, seq));
	return idle;
}

bool reader_that_excludes(struct dmar_domain *domain)
{
	bool idle;

	read_seqlock_excl(&domain->lock);
	idle = domain->devices.next == &domain->devices;	/* ok PF2112 */
	read_sequnlock_excl(&domain->lock);
	return idle;
}

/* --------------------------------------------------------------------- not enough */

void reader_writes(struct dmar_domain *domain)
{
	unsigned int seq = read_seqbegin(&domain->lock);

	domain->dirty_tracking = true;	/* PF2110: as a reader */
	read_seqretry(&domain->lock, seq);
}

bool reads_behind(struct dmar_domain *domain)
{
	unsigned int seq;

	do {
		seq = read_seqbegin(&domain->lock);
		more();
	} while (read_seqretry(&domain->lock, seq));
	return domain->devices.next == &domain->devices;	/* PF2112: nobody tries again */
}

void writes_behind(struct dmar_domain *domain)
{
	write_seqlock(&domain->lock);
	write_sequnlock(&domain->lock);
	domain->dirty_tracking = true;	/* PF2110: the lock is gone */
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
static struct dmar_domain the_domain;

bool more(void)
{
	return true;
}

static void other(void)
{
	write_seqlock(&the_domain.lock);
	the_domain.dirty_tracking = false;
	the_domain.devices.next = NULL;
	write_sequnlock(&the_domain.lock);
}

#define RUN(fn) \
	static void run_##fn(void) { fn(&the_domain); }

RUN(writer)
RUN(reader)
RUN(reader_that_excludes)
RUN(reader_writes)
RUN(reads_behind)
RUN(writes_behind)
#endif

/*
 * oracle: threads=run_writer,other define=ORACLE expect=holds
 * oracle: threads=run_reader_that_excludes,other define=ORACLE expect=holds
 * oracle: threads=run_writes_behind,other define=ORACLE expect=race
 */
