/* SPDX-License-Identifier: MIT */
/*
 * protflow rules infer RECORD OBJTREE...: what the units of a build say of the
 * fields of a record, as one program. Of one unit it is a check (main.c).
 */
#include "command/infer.h"

#include <stdio.h>

#include "base/buffer.h"
#include "command/commands.h"
#include "command/linked.h"

static bool parse(struct linked *l, int argc, char **argv, const char **record)
{
	for (int i = 2; i < argc; i++) {
		const char *arg = argv[i];

		if (arg[0] == '-' && !linked_option(l, argc, argv, &i)) {
			fprintf(stderr, "protflow: rules infer does not understand '%s'\n", arg);
			return false;
		}
		if (arg[0] == '-')
			continue;
		if (*record)
			linked_tree(l, arg);
		else
			*record = arg;
	}
	if (!l->trees.n)
		fprintf(stderr, "usage: protflow rules infer RECORD [OPTION...] -- ARGV\n"
			"       protflow rules infer RECORD [OPTION...] OBJTREE...\n%s", linked_usage);
	return l->trees.n > 0;
}

int command_infer(int argc, char **argv)
{
	struct buffer out = BUFFER_INIT;
	struct analysis_options o = { .dump_out = &out };
	struct analysis_stats stats;
	struct report report = { 0 };
	struct linked l;
	int status = STATUS_USAGE;

	linked_init(&l);
	if (parse(&l, argc, argv, &o.infer))
		status = linked_open(&l);
	else
		o.infer = NULL;
	if (o.infer && !status) {
		linked_judge(&l, &l.rules, &o, &report, &stats);
		fd_write_all(1, buffer_str(&out), out.n);
	}
	buffer_release(&out);
	report_release(&report);
	linked_release(&l);
	return status;
}
