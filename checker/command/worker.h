/* SPDX-License-Identifier: MIT */
/*
 * worker.h - one unit in a process of its own
 *
 * libclang takes some 9 ms to load and relocate, can crash on what it is given,
 * and its time and memory have to be bounded. So it is linked into a second
 * program, protflow-unit, which "protflow check" starts only for a unit that a
 * rule can concern:
 *
 *	protflow-unit unit RULES-DIR TEXT-FD SARIF-FD LEFT-FD ARGUMENTS-OF-CHECK...
 *
 * It writes what is to go to stderr, and the logs (output.h), to the descriptors;
 * only after it has ended well are they passed on, so a unit has a complete log
 * or the parent's own about its end, never half of one. Dumps go to stdout.
 */
#ifndef PF_COMMAND_WORKER_H
#define PF_COMMAND_WORKER_H

#include "base/buffer.h"
#include "command/call.h"
#include "command/output.h"

/*
 * The exit status of a worker that has written all it has to: this, and 1 more
 * where --fail-on or --strict was met. No runtime and no shell ends with it, so
 * that whatever else ends the process is not taken for the end of its work.
 */
#define WORKER_ENDED_WELL 40

/* How the worker ended. */
enum worker_end {
	WORKER_DONE,		/* as told, status is 0 or 1 */
	WORKER_SECONDS,		/* ran out of time */
	WORKER_MEMORY,		/* ran out of memory */
	WORKER_DIED,		/* of a signal: a crash */
	WORKER_FAILED,		/* could not be run, or another status */
};

struct worker_result {
	uint8_t end;		/* enum worker_end */
	int status;		/* exit status, signal or errno */
	struct buffer text;
	struct output_logs logs;
	struct buffer noise;	/* what it and libclang wrote to stderr */
};

void worker_run(const struct call *c, const char *rules_dir, struct worker_result *out);
void worker_result_release(struct worker_result *w);


#endif
