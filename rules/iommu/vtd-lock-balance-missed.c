/* SPDX-License-Identifier: MIT */
/* What is known to be judged wrongly of the balance of locks ("fixme": found, and right). */
#include "vtd-example-locks.h"

int kept(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* PF2132: held at the first return */
	if (domain->agaw > 3)
		return -EINVAL;
	spin_unlock(&domain->lock);
	return 0;
}

int given(struct dmar_domain *domain)
{
	spin_lock(&domain->lock);	/* ok PF2132 */
	domain->agaw++;
	spin_unlock(&domain->lock);
	return 0;
}

/* That n is 10 where no try had it, and nothing else, is lost at the loop. */
int tried_ten_times(struct dmar_domain *domain)
{
	int n;

	for (n = 0; n < 10; n++)
		if (spin_trylock(&domain->lock))
			break;
	if (n == 10)
		return -EINVAL;
	domain->agaw++;
	spin_unlock(&domain->lock);	/* fixme PF2132: it is held */
	return 0;
}
