/* SPDX-License-Identifier: MIT */
/*
 * machine.h - runs a function by the interpreter, under the eyes of the oracle
 */
#ifndef PF_TEST_ENGINE_MACHINE_H
#define PF_TEST_ENGINE_MACHINE_H

#include "oracle.h"

struct sound_stats {
	uint64_t functions, lost;	/* lost: given up by the engine */
	uint64_t runs, points, misses;
	uint64_t bits, exact;
};

struct machine {
	struct atlas *atlas;
	struct interp *in;
	struct oracle o;
	Array(struct activation) frames;
	uint32_t serial, run;
	bool missed;			/* in this run: what follows says nothing */
	bool quiet, states;		/* print no misses; print their abstract states too */
	struct sound_stats *stats;
};

void machine_init(struct machine *m, struct atlas *a, struct interp *in,
		  struct sound_stats *stats);
void machine_release(struct machine *m);

/* Calls fn(a, b, object); the object has size bytes. False at a miss. */
bool machine_run(struct machine *m, ir_fn fn, uint64_t a, uint64_t b, void *object, size_t size);

#endif
