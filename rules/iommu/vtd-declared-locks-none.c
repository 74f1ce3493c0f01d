/* SPDX-License-Identifier: MIT */
/* Where no member is declared with a lock the rule has nothing to say. */
#include "vtd-example-locks.h"

/* not-applicable PF2125 */

void used(struct dmar_domain *domain)
{
	domain->agaw++;		/* ok PF2125 */
}
