/* SPDX-License-Identifier: MIT */
/* compare.h - one function under comparison, with its IR */
#ifndef PF_TEST_DIFF_COMPARE_H
#define PF_TEST_DIFF_COMPARE_H

#include "diff.h"
#include "ir/interp.h"

#define STEPS 5000000
#define PLANT_STEPS 100000

struct outcome {
	const char *runner;
	uint64_t ret;
	unsigned char *bytes;
};

struct run {
	const struct subject *s;
	struct progress *p;
	struct ir_unit *u;
	const char *name;
	unsigned char *m;	/* where *m lies in every run */
	size_t size;
	unsigned shown;
	Array(ir_fn) odd;	/* an optimiser was alone with its result of them */
	interp_trace watch;	/* of run_differs() */
	void *watch_arg;
};

bool run_differs(struct run *r);

/* plant.c: changes the IR of the function, one instruction at a time, and counts who notices. */
void plant_bugs(struct run *r);

#endif
