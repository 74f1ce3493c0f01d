/* SPDX-License-Identifier: MIT */
/*
 * output.h - a report as the bytes that leave the program
 */
#ifndef PF_COMMAND_OUTPUT_H
#define PF_COMMAND_OUTPUT_H

#include "base/buffer.h"
#include "command/options.h"
#include "report/finding.h"

void output_text(const struct report *r, const struct check_options *o, struct buffer *out);
void output_sarif(const struct report *r, const struct check_options *o, int status,
		  struct buffer *out);

/* Whether --fail-on or --strict is met: the exit status 1. */
bool output_fails(const struct report *r, const struct check_options *o);

#endif
