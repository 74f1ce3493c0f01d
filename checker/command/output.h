/* SPDX-License-Identifier: MIT */
/*
 * output.h - a report as the bytes that leave the program
 */
#ifndef PF_COMMAND_OUTPUT_H
#define PF_COMMAND_OUTPUT_H

#include "base/buffer.h"
#include "command/call.h"
#include "report/finding.h"

void output_text(const struct report *r, const struct check_options *o, struct buffer *out);

/*
 * The logs of one check: the complete one, where --sarif asks for it, and what is left in the
 * object tree, where the call has a place there. The rest stays empty.
 */
struct output_logs {
	struct buffer sarif, left;
};

void output_logs(const struct report *r, const struct call *c, int status,
		 struct output_logs *out);
void output_logs_release(struct output_logs *l);

/* Whether --fail-on or --strict is met: the exit status 1. */
bool output_fails(const struct report *r, const struct check_options *o);

#endif
