/* SPDX-License-Identifier: MIT */
/* PF2132 and the kinds of lock that the other examples have not. */
#include "vtd-example-locks.h"

struct rt_mutex { int owner; };
struct ww_mutex { struct mutex base; };
struct ww_acquire_ctx { int stamp; };
struct srcu_struct { int idx; };
struct xarray { spinlock_t xa_lock; void *head; };
typedef struct { int dep; } local_lock_t;
typedef struct { unsigned int sequence; spinlock_t lock; } seqlock_t;

void rt_mutex_lock(struct rt_mutex *lock);
int rt_mutex_trylock(struct rt_mutex *lock);
void rt_mutex_unlock(struct rt_mutex *lock);
int ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
void ww_mutex_unlock(struct ww_mutex *lock);
int __srcu_read_lock(struct srcu_struct *sp);
void __srcu_read_unlock(struct srcu_struct *sp, int idx);
void local_lock_acquire(local_lock_t *lock);
void local_lock_release(local_lock_t *lock);
unsigned int read_seqbegin(const seqlock_t *lock);
unsigned int read_seqretry(const seqlock_t *lock, unsigned int start);
local_lock_t *this_cpu(local_lock_t *lock);

#define xa_lock(xa)	spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)	spin_unlock(&(xa)->xa_lock)

/* ------------------------------------------------------------------ balanced */

int of_real_time(struct rt_mutex *lock, int n)
{
	if (!rt_mutex_trylock(lock))	/* ok PF2132 */
		rt_mutex_lock(lock);	/* ok PF2132 */
	n++;
	rt_mutex_unlock(lock);	/* ok PF2132 */
	return n;
}

/* Two, of which the second may have to wait for somebody older. */
int wound_or_wait(struct ww_mutex *a, struct ww_mutex *b, struct ww_acquire_ctx *ctx)
{
	int ret = ww_mutex_lock(a, ctx);	/* ok PF2132 */

	if (ret)
		return ret;
	ret = ww_mutex_lock(b, ctx);	/* ok PF2132 */
	if (ret)
		goto out;
	ww_mutex_unlock(b);	/* ok PF2132 */
out:
	ww_mutex_unlock(a);	/* ok PF2132 */
	return ret;
}

int sleeping_reader(struct srcu_struct *sp, struct dmar_domain *domain)
{
	int idx = __srcu_read_lock(sp);	/* ok PF2132 */
	int agaw = domain->agaw;

	__srcu_read_unlock(sp, idx);	/* ok PF2132 */
	return agaw;
}

int of_an_array(struct xarray *xa)
{
	xa_lock(xa);	/* ok PF2132 */
	if (!xa->head) {
		xa_unlock(xa);	/* ok PF2132 */
		return -ENOMEM;
	}
	xa_unlock(xa);	/* ok PF2132 */
	return 0;
}

/* Each end asks for the processor's own. */
int of_the_processor(local_lock_t *lock, int n)
{
	local_lock_acquire(this_cpu(lock));	/* ok PF2132 */
	n++;
	local_lock_release(this_cpu(lock));	/* ok PF2132 */
	return n;
}

int tries_again(const seqlock_t *lock, const int *n)
{
	unsigned int seq;
	int seen;

	do {
		seq = read_seqbegin(lock);	/* ok PF2132 */
		seen = *n;
	} while (read_seqretry(lock, seq));	/* ok PF2132 */
	return seen;
}

/* -------------------------------------------------------------- not balanced */

int of_real_time_kept(struct rt_mutex *lock, int n)
{
	rt_mutex_lock(lock);	/* PF2132: held at the first return */
	if (n < 0)
		return -EINVAL;
	rt_mutex_unlock(lock);
	return 0;
}

int wounded_keeps(struct ww_mutex *a, struct ww_mutex *b, struct ww_acquire_ctx *ctx)
{
	int ret = ww_mutex_lock(a, ctx);	/* PF2132: held where the second one fails */

	if (ret)
		return ret;
	ret = ww_mutex_lock(b, ctx);
	if (ret)
		return ret;
	ww_mutex_unlock(b);
	ww_mutex_unlock(a);
	return 0;
}

int sleeping_reader_kept(struct srcu_struct *sp, struct dmar_domain *domain)
{
	int idx = __srcu_read_lock(sp);	/* PF2132: held where there is nothing to read */

	if (!domain->agaw)
		return -EINVAL;
	__srcu_read_unlock(sp, idx);
	return 0;
}

int of_the_processor_kept(local_lock_t *lock, int n)
{
	local_lock_acquire(this_cpu(lock));	/* PF2132: held at the first return */
	if (n < 0)
		return -EINVAL;
	local_lock_release(this_cpu(lock));
	return 0;
}

/* ---------------------------------------------------------- for the oracle */

#ifdef ORACLE
unsigned int oracle_choose(unsigned int n);

static struct rt_mutex the_mutex;
static struct ww_mutex first, second;
static struct ww_acquire_ctx the_context;
static struct srcu_struct the_srcu;
static struct dmar_domain the_domain;
static struct xarray the_array;
static local_lock_t the_local;
static seqlock_t the_seqlock;
static const int the_count;

local_lock_t *this_cpu(local_lock_t *lock)
{
	return lock;
}

static void init(void)
{
	the_domain.agaw = oracle_choose(2);
	the_array.head = oracle_choose(2) ? &the_array : NULL;
}

static void other(void)
{
	rt_mutex_lock(&the_mutex);
	rt_mutex_unlock(&the_mutex);
	xa_lock(&the_array);
	xa_unlock(&the_array);
}

#define RUN(fn, ...) \
	static void run_##fn(void) { fn(__VA_ARGS__); }

RUN(of_real_time, &the_mutex, 1)
RUN(wound_or_wait, &first, &second, &the_context)
RUN(sleeping_reader, &the_srcu, &the_domain)
RUN(of_an_array, &the_array)
RUN(of_the_processor, &the_local, 1)
RUN(tries_again, &the_seqlock, &the_count)
RUN(of_real_time_kept, &the_mutex, (int)oracle_choose(2) - 1)
RUN(wounded_keeps, &first, &second, &the_context)
RUN(sleeping_reader_kept, &the_srcu, &the_domain)
RUN(of_the_processor_kept, &the_local, (int)oracle_choose(2) - 1)
#endif

/*
 * oracle: threads=run_of_real_time,other define=ORACLE init=init expect=holds
 * oracle: threads=run_wound_or_wait,other define=ORACLE init=init expect=holds
 * oracle: threads=run_sleeping_reader,other define=ORACLE init=init expect=holds
 * oracle: threads=run_of_an_array,other define=ORACLE init=init expect=holds
 * oracle: threads=run_of_the_processor,other define=ORACLE init=init expect=holds
 * oracle: threads=run_tries_again,other define=ORACLE init=init expect=holds
 * oracle: threads=run_of_real_time_kept,other define=ORACLE init=init expect=leak
 * oracle: threads=run_wounded_keeps,other define=ORACLE init=init expect=leak
 * oracle: threads=run_sleeping_reader_kept,other define=ORACLE init=init expect=leak
 * oracle: threads=run_of_the_processor_kept,other define=ORACLE init=init expect=leak
 */
