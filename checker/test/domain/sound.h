/* SPDX-License-Identifier: MIT */
/*
 * sound.h - random programs, run abstractly and concretely
 *
 * A program of a tiny language (eight variables, assignments by every transfer
 * function, branches, joins, loops, inputs that change from one execution to
 * the next) is interpreted over the domain: states are joined where paths
 * meet, and loops are widened. Then it runs on random inputs, and at every
 * program point the real values must lie in the abstract state.
 */
#ifndef PF_TEST_DOMAIN_SOUND_H
#define PF_TEST_DOMAIN_SOUND_H

#include <stdbool.h>
#include <stdint.h>

struct sound_stats {
	uint64_t runs, points;	/* executions, program points checked in them */
	uint64_t misses;
	uint64_t bits, exact;	/* of all abstract states */
};

/* Makes the program of that seed and runs it. Adds to *stats; false at the first miss. */
bool sound_program(uint64_t seed, unsigned runs, struct sound_stats *stats);

#endif
