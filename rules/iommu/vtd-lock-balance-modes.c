/* SPDX-License-Identifier: MIT */
/* PF2132 and locks that readers share, that nest, or that are a bit of a word. */
#include "vtd-example-locks.h"

struct rw_semaphore { long count; };
typedef struct { unsigned int raw; } rwlock_t;

void down_read(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);
void _raw_read_lock(rwlock_t *lock);
void _raw_read_unlock(rwlock_t *lock);
void _raw_write_lock(rwlock_t *lock);
void _raw_write_unlock(rwlock_t *lock);
void rcu_read_lock(void);
void rcu_read_unlock(void);
void bit_spin_lock(int bit, unsigned long *word);
int bit_spin_trylock(int bit, unsigned long *word);
void bit_spin_unlock(int bit, unsigned long *word);
void _raw_spin_lock_bh(spinlock_t *lock);
void _raw_spin_unlock_bh(spinlock_t *lock);
bool more(void);

/* ------------------------------------------------------------------ balanced */

int reader(struct rw_semaphore *sem, int *n)
{
	down_read(sem);	/* ok PF2132 */
	if (*n) {
		up_read(sem);	/* ok PF2132 */
		return -EINVAL;
	}
	up_read(sem);	/* ok PF2132 */
	return 0;
}

int reader_of_a_lock(rwlock_t *lock, const int *n)
{
	int seen;

	_raw_read_lock(lock);	/* ok PF2132 */
	seen = *n;
	_raw_read_unlock(lock);	/* ok PF2132 */
	_raw_write_lock(lock);	/* ok PF2132 */
	_raw_write_unlock(lock);	/* ok PF2132 */
	return seen;
}

int writer_then_reader(struct rw_semaphore *sem, int *n)
{
	int seen;

	down_write(sem);	/* ok PF2132 */
	seen = ++*n;
	downgrade_write(sem);	/* ok PF2132 */
	more();
	up_read(sem);	/* ok PF2132 */
	return seen;
}

/* Not by the lock itself: read, let go, and taken anew. */
int reader_then_writer(struct rw_semaphore *sem, int *n)
{
	down_read(sem);	/* ok PF2132 */
	up_read(sem);	/* ok PF2132 */
	down_write(sem);	/* ok PF2132 */
	++*n;
	up_write(sem);	/* ok PF2132 */
	return 0;
}

int in_either_mode(struct rw_semaphore *sem, bool write)
{
	if (write)
		down_write(sem);	/* ok PF2132 */
	else
		down_read(sem);	/* ok PF2132 */
	more();
	if (write)
		up_write(sem);	/* ok PF2132 */
	else
		up_read(sem);	/* ok PF2132 */
	return 0;
}

int tried_in_either_mode(struct rw_semaphore *sem)
{
	if (down_write_trylock(sem)) {	/* ok PF2132 */
		downgrade_write(sem);	/* ok PF2132 */
	} else if (!down_read_trylock(sem)) {	/* ok PF2132 */
		return -EINVAL;
	}
	more();
	up_read(sem);	/* ok PF2132 */
	return 0;
}

/* A section of RCU may be within another. */
int rcu_twice(struct dmar_domain *domain)
{
	int agaw;

	rcu_read_lock();	/* ok PF2132 */
	rcu_read_lock();	/* ok PF2132 */
	agaw = domain->agaw;
	rcu_read_unlock();	/* ok PF2132 */
	rcu_read_unlock();	/* ok PF2132 */
	return agaw;
}

static int rcu_look(struct dmar_domain *domain)
{
	int agaw;

	rcu_read_lock();	/* ok PF2132 */
	agaw = domain->agaw;
	rcu_read_unlock();	/* ok PF2132 */
	return agaw;
}

int rcu_by_helper(struct dmar_domain *domain)
{
	int agaw;

	rcu_read_lock();	/* ok PF2132 */
	agaw = rcu_look(domain);	/* ok PF2132 */
	rcu_read_unlock();	/* ok PF2132 */
	return agaw;
}

int bit_of_a_word(unsigned long *word)
{
	bit_spin_lock(0, word);	/* ok PF2132 */
	if (*word & 2) {
		bit_spin_unlock(0, word);	/* ok PF2132 */
		return -EINVAL;
	}
	*word |= 4;
	bit_spin_unlock(0, word);	/* ok PF2132 */
	return 0;
}

int bit_tried(unsigned long *word)
{
	if (!bit_spin_trylock(0, word))	/* ok PF2132 */
		return -EINVAL;
	*word |= 4;
	bit_spin_unlock(0, word);	/* ok PF2132 */
	return 0;
}

/* Two words with a lock each. */
void bit_of_two_words(unsigned long *words)
{
	bit_spin_lock(0, &words[0]);	/* ok PF2132 */
	bit_spin_lock(0, &words[1]);	/* ok PF2132 */
	bit_spin_unlock(0, &words[1]);	/* ok PF2132 */
	bit_spin_unlock(0, &words[0]);	/* ok PF2132 */
}

/* -------------------------------------------------------------- not balanced */

int reader_kept(struct rw_semaphore *sem, int *n)
{
	down_read(sem);	/* PF2132: held at the first return */
	if (*n)
		return -EINVAL;
	up_read(sem);
	return 0;
}

int reader_given_as_writer(struct rw_semaphore *sem)
{
	down_read(sem);
	up_write(sem);	/* PF2132: taken for reading */
	return 0;
}

int writer_given_as_reader(struct rw_semaphore *sem)
{
	down_write(sem);
	up_read(sem);	/* PF2132: taken for writing */
	return 0;
}

int given_in_the_old_mode(struct rw_semaphore *sem)
{
	down_write(sem);
	downgrade_write(sem);
	up_write(sem);	/* PF2132: a reader by now */
	return 0;
}

int in_either_mode_given_in_one(struct rw_semaphore *sem, bool write)
{
	if (write)
		down_write(sem);
	else
		down_read(sem);
	more();
	up_write(sem);	/* PF2132: a reader where write is false */
	return 0;
}

/* A writer waits for all readers, and so for itself. */
int upgraded(struct rw_semaphore *sem)
{
	down_read(sem);
	down_write(sem);	/* PF2132: held already */
	up_write(sem);
	up_read(sem);
	return 0;
}

/* A writer that comes between makes the second reader wait, and waits for the first. */
int reader_twice(struct rw_semaphore *sem)
{
	down_read(sem);
	down_read(sem);	/* todo PF2132: held already, and readers share it */
	up_read(sem);
	up_read(sem);
	return 0;
}

int writer_twice(struct rw_semaphore *sem)
{
	down_write(sem);
	down_write(sem);	/* PF2132: held already */
	up_write(sem);
	up_write(sem);
	return 0;
}

int rcu_kept(struct dmar_domain *domain)
{
	rcu_read_lock();	/* PF2132: held at the first return */
	if (!domain->pgd)
		return -EINVAL;
	rcu_read_unlock();
	return 0;
}

int rcu_half(struct dmar_domain *domain, bool supported)
{
	rcu_read_lock();	/* PF2132: one of two is kept at the first return */
	rcu_read_lock();
	if (!supported) {
		rcu_read_unlock();
		return -EINVAL;
	}
	rcu_read_unlock();
	rcu_read_unlock();
	return domain->agaw;
}

int bit_kept(unsigned long *word)
{
	bit_spin_lock(0, word);	/* PF2132: held at the first return */
	if (*word & 2)
		return -EINVAL;
	bit_spin_unlock(0, word);
	return 0;
}

int unlock_twice(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	domain->agaw++;
	spin_unlock(&domain->lock);
	spin_unlock(&domain->lock);	/* PF2132: not held any more, on every way */
	return 0;
}

void elsewhere(void);
void settle_elsewhere(struct dmar_domain *domain);

int unlock_twice_with_more_between(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	spin_unlock(&domain->lock);
	elsewhere();
	spin_unlock(&domain->lock);	/* PF2132: nothing has taken it */
	return 0;
}

int unlock_twice_by_label(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);
	if (domain->agaw < 0)
		goto out;
	spin_unlock(&domain->lock);
	settle_elsewhere(domain);
	if (!domain->nid)
		goto out;
	return 0;
out:
	spin_unlock(&domain->lock);	/* review PF2132: unless what is called takes it, and does not say so */
	return -EINVAL;
}

int unlock_twice_tried(struct dmar_domain *domain, bool special)
{
	if (!spin_trylock(&domain->lock))
		return -EINVAL;
	spin_unlock(&domain->lock);
	if (special)
		spin_unlock(&domain->lock);	/* PF2132: given twice */
	return 0;
}

int bottom_halves_stay_off(struct dmar_domain *domain)
{
	_raw_spin_lock_bh(&domain->lock);
	domain->agaw++;
	_raw_spin_unlock(&domain->lock);	/* PF2132: they are not let in */
	return 0;
}

int bottom_halves_let_in(struct dmar_domain *domain)
{
	_raw_spin_lock(&domain->lock);
	domain->agaw++;
	_raw_spin_unlock_bh(&domain->lock);	/* PF2132: they were not shut out */
	return 0;
}

int interrupts_stay_off(struct dmar_domain *domain, bool supported)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	if (!supported) {
		_raw_spin_unlock(&domain->lock);	/* PF2132: they stay off */
		return -EINVAL;
	}
	spin_unlock_irqrestore(&domain->lock, flags);
	return 0;
}

int flags_of_another(struct dmar_domain *domain, struct dmar_domain *other)
{
	unsigned long flags, inner;

	spin_lock_irqsave(&domain->lock, flags);
	spin_lock_irqsave(&other->lock, inner);
	spin_unlock_irqrestore(&other->lock, flags);	/* PF2132: on, and domain is locked */
	spin_unlock_irqrestore(&domain->lock, inner);	/* PF2132: and off again */
	return 0;
}

int one_word_for_two(struct dmar_domain *domain, struct dmar_domain *other)
{
	unsigned long flags;

	spin_lock_irqsave(&domain->lock, flags);
	spin_lock_irqsave(&other->lock, flags);
	spin_unlock_irqrestore(&other->lock, flags);
	spin_unlock_irqrestore(&domain->lock, flags);	/* PF2132: those of the inner one */
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct dmar_domain the_domain, second;
static struct rw_semaphore the_sem;
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
	the_count = oracle_choose(2);
}

static void other(void)
{
	spin_lock(&the_domain.lock);
	spin_unlock(&the_domain.lock);
	spin_lock(&second.lock);
	spin_unlock(&second.lock);
	down_write(&the_sem);
	up_write(&the_sem);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(reader, &the_sem, &the_count)
RUN(writer_then_reader, &the_sem, &the_count)
RUN(reader_then_writer, &the_sem, &the_count)
RUN(in_either_mode, &the_sem, oracle_choose(2))
RUN(tried_in_either_mode, &the_sem)
RUN(rcu_twice, &the_domain)
RUN(rcu_by_helper, &the_domain)
RUN(reader_kept, &the_sem, &the_count)
RUN(reader_given_as_writer, &the_sem)
RUN(writer_given_as_reader, &the_sem)
RUN(given_in_the_old_mode, &the_sem)
RUN(in_either_mode_given_in_one, &the_sem, oracle_choose(2))
RUN(upgraded, &the_sem)
RUN(writer_twice, &the_sem)
RUN(rcu_kept, &the_domain)
RUN(rcu_half, &the_domain, oracle_choose(2))
RUN(unlock_twice, &the_domain)
RUN(unlock_twice_tried, &the_domain, oracle_choose(2))
RUN(bottom_halves_stay_off, &the_domain)
RUN(bottom_halves_let_in, &the_domain)
RUN(interrupts_stay_off, &the_domain, oracle_choose(2))
RUN(flags_of_another, &the_domain, &second)
RUN(one_word_for_two, &the_domain, &second)
#endif

/*
 * oracle: threads=run_reader,other define=ORACLE init=init expect=holds
 * oracle: threads=run_writer_then_reader,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_then_writer,other define=ORACLE init=init expect=holds
 * oracle: threads=run_in_either_mode,other define=ORACLE init=init expect=holds
 * oracle: threads=run_tried_in_either_mode,other define=ORACLE init=init expect=holds
 * oracle: threads=run_rcu_twice,other define=ORACLE init=init expect=holds
 * oracle: threads=run_rcu_by_helper,other define=ORACLE init=init expect=holds
 * oracle: threads=run_reader_kept,other define=ORACLE init=init expect=leak
 * oracle: threads=run_reader_given_as_writer,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_writer_given_as_reader,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_given_in_the_old_mode,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_in_either_mode_given_in_one,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_upgraded,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_writer_twice,other define=ORACLE init=init expect=deadlock
 * oracle: threads=run_rcu_kept,other define=ORACLE init=init expect=leak
 * oracle: threads=run_rcu_half,other define=ORACLE init=init expect=leak
 * oracle: threads=run_unlock_twice,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_unlock_twice_tried,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_bottom_halves_stay_off,other define=ORACLE init=init expect=leak
 * oracle: threads=run_bottom_halves_let_in,other define=ORACLE init=init expect=misuse
 * oracle: threads=run_interrupts_stay_off,other define=ORACLE init=init expect=leak
 * oracle: threads=run_flags_of_another,other define=ORACLE init=init expect=leak
 * oracle: threads=run_one_word_for_two,other define=ORACLE init=init expect=leak
 */
