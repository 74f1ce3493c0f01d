/* SPDX-License-Identifier: MIT */
/*
 * PF2135 in a kernel whose domains have fewer locks, as in 6.1: the rule is for another design,
 * and that it misses what it names is no fault of that kernel's.
 *
 * not-applicable PF2135
 */
typedef struct { unsigned int slock; } spinlock_t;

void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);

struct dmar_domain {
	spinlock_t lock;
};

int leaves_it_held(struct dmar_domain *domain, int bad);
int leaves_it_held(struct dmar_domain *domain, int bad)
{
	_raw_spin_lock(&domain->lock);	/* ok PF2135 */
	if (bad)
		return -22;
	_raw_spin_unlock(&domain->lock);
	return 0;
}
