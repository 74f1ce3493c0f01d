/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - what a file wants to be run, from its comments
 *
 *	/+ oracle: init=setup threads=mapper,nester check=invariant expect=holds +/
 *
 * (with the asterisks of C in place of +). One file has any number of them.
 *
 *	name=WORD	for the output; otherwise the threads
 *	init=FN		runs before the threads
 *	threads=FN,FN	two or three; an argument is the number of the thread
 *	interrupt=FN	one thread more: an interrupt on the processor of the first
 *	check=FN	gives 0 where the final state is bad
 *	always=FN	gives 0 where a state between two steps is bad
 *	define=N[=V],..	macros for this scenario
 *	alloc=may-fail	allocations that can fail do, too
 *	switches=N	at most so many preemptions
 *	orders=N	in how many orders the steps can follow each other
 *	expect=WORD	holds, or the outcomes that there are: broken+race
 *
 * A scenario ends with its comment, with an empty line of it, or with the next
 * "oracle:". In the C of a scenario two functions can be declared and used:
 *
 *	unsigned oracle_choose(unsigned n);	0 .. n-1, each of them
 *	void oracle_assert(int holds);		0: the outcome is broken
 */
#ifndef PF_TEST_ORACLE_SCENARIO_H
#define PF_TEST_ORACLE_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/yaml.h"

#define THREADS_MAX 3

enum outcome {
	BROKEN,			/* a check or an assertion fails */
	RACE,			/* two plain accesses, one a write, that nothing orders */
	DEADLOCK,
	MISUSE,			/* a lock released that is not held, or asserted and not held */
	LEAK,			/* a lock held when its thread ends */
	FAULT,			/* a bad address, a use after free, BUG() */
	INCOMPLETE,		/* the oracle cannot tell; never an expectation */
	OUTCOMES
};

struct scenario {
	const char *path, *name;
	uint32_t line;
	const char *init, *check, *always;	/* NULL: none */
	const char *threads[THREADS_MAX];
	unsigned nthreads;
	bool has_interrupt;		/* the last thread is one */
	Array(const char *) defines;	/* "-DNAME" */
	bool alloc_fails;
	uint32_t switches;		/* UINT32_MAX: any number */
	uint64_t orders;		/* 0: unsaid */
	unsigned expect;		/* bits 1 << enum outcome */
};

struct scenarios {
	Array(struct scenario) v;
};

/* False where a fault was added. No scenario at all is none. */
bool scenarios_read(struct scenarios *l, struct arena *a, const char *path,
		    struct yaml_faults *faults);
bool scenarios_parse(struct scenarios *l, struct arena *a, const char *path, const char *text,
		     struct yaml_faults *faults);
void scenarios_release(struct scenarios *l);

/* "broken+race", or "holds". */
const char *outcomes_text(struct arena *a, unsigned set);
const char *outcome_name(enum outcome o);

#endif
