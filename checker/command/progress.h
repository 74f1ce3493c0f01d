/* SPDX-License-Identifier: MIT */
/*
 * progress.h - how far a run is, on stderr
 *
 * A counter on a terminal, which makes way for what is told meanwhile; else a
 * line for each hundred units. Nothing in it that a script would count: no
 * names, and no word for a fault.
 */
#ifndef PF_COMMAND_PROGRESS_H
#define PF_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	unsigned total, done;
	bool quiet, terminal;
};

void progress_begin(struct progress *p, unsigned total, bool quiet);
void progress_step(struct progress *p);

/* Text for stderr that is no progress: always written, one write(2) for each finding. */
void progress_text(struct progress *p, const char *text, size_t n);
void progress_printf(struct progress *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void progress_end(struct progress *p);

#endif
