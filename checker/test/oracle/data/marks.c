/* SPDX-License-Identifier: MIT */
/* Annotations that the scenarios do not bear out; the rule's own verdict is not asked. */
typedef struct { unsigned int raw; } spinlock_t;
void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);

static spinlock_t lock;
static int value;

static void wrong_flag(void)
{
	_raw_spin_lock(&lock);
	value++;	/* PF2101: but it holds */
	_raw_spin_unlock(&lock);
}

static void wrong_ok(void)
{
	value++;	/* ok PF2101 */
}

static void right_flag(void)
{
	value++;	/* todo PF2101: not yet */
}

static void never_run(void)
{
	value++;	/* PF2101: nobody knows */
}

static int two(void)
{
	return value == 2;
}

/* oracle: threads=wrong_flag,wrong_flag check=two expect=holds */
/* oracle: threads=wrong_ok,right_flag check=two expect=broken+race */
