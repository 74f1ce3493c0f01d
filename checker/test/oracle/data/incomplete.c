/* SPDX-License-Identifier: MIT */
/* What the oracle cannot follow is never "holds". */
int unheard_of(void);

static int value;

static void calls(void)
{
	value = unheard_of();
}

static void counts(void)
{
	while (1)
		*(volatile int *)&value = *(volatile int *)&value + 1;
}

static void spins(void)
{
	int i = 0;

	while (1)
		i++;
}

static void nothing(void)
{
}

/*
 * oracle: threads=calls,nothing expect=holds
 * oracle: threads=counts,nothing expect=holds
 * oracle: threads=spins,nothing expect=holds
 */
