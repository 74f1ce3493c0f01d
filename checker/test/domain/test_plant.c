/* SPDX-License-Identifier: MIT */
/*
 * Linked with a copy of the domain that has one mistake in each transfer
 * function (domain/plant.h). The soundness test must see each of them.
 */
#include <stdio.h>

#include "domain/plant.h"
#include "sound.h"

#define PROGRAMS 20000
#define RUNS 20
#define BATCH 500

int protflow_plant;

/* The number of programs until the first miss; 0: none missed. */
static unsigned hunt(int plant)
{
	struct sound_stats s = { 0 };

	protflow_plant = plant;
	for (unsigned i = 0; i < PROGRAMS; i++)
		if (!sound_program(1 + i, RUNS, &s))
			return i + 1;
	return 0;
}

/* The program itself must be sound, else everything would be "caught". */
static bool sound_without(void)
{
	struct sound_stats s = { 0 };

	protflow_plant = 0;
	for (unsigned i = 0; i < BATCH; i++)
		sound_program(1 + i, RUNS, &s);
	return !s.misses;
}

int main(void)
{
	unsigned missed = 0;

	if (!sound_without()) {
		puts("unsound without a planted bug");
		return 1;
	}
	for (int n = 1; n <= PLANTS; n++) {
		unsigned at = hunt(n);

		if (at)
			printf("planted bug %d: caught by program %u\n", n, at);
		else
			printf("planted bug %d: NOT caught\n", n);
		fflush(stdout);
		missed += !at;
	}
	return missed != 0;
}
