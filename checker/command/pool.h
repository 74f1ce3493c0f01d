/* SPDX-License-Identifier: MIT */
/*
 * pool.h - numbered pieces of work in parallel processes
 *
 *	struct pool p = { .jobs = 4, .seconds = 300, .work = work, .done = done };
 *
 *	pool_run(&p, n);	calls work(ctx, 0) .. work(ctx, n - 1), each in a child
 *
 * A child's stderr is kept and given to done(), in the parent, when it has
 * ended, so that the lines of two pieces never mix. Its end is bounded, and it
 * ends with the parent, however that ends. Where no process can be had, done()
 * hears of it as of a piece that failed: none is left out.
 */
#ifndef PF_COMMAND_POOL_H
#define PF_COMMAND_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool_end {
	int status;		/* as of waitpid(); -1: could not be started */
	bool late;		/* was killed for its time */
	const char *text;	/* its stderr */
	size_t n;
};

struct pool {
	unsigned jobs;		/* at once, 1 and more */
	double seconds;		/* for one piece */
	int (*work)(void *ctx, uint32_t i);	/* gives the child's exit status */
	void (*done)(void *ctx, uint32_t i, const struct pool_end *end);
	void *ctx;
};

void pool_run(const struct pool *p, uint32_t n);

#endif
