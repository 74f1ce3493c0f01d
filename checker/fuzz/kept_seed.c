/* SPDX-License-Identifier: MIT */
/* kept_seed.c - writes a report with some of everything, as the fuzzer's seed */
#include "report/keep.h"

int main(int argc, char **argv)
{
	struct rule rule = { .id = "R" };
	struct rule_set rules = { .rules = { &rule, 1, 1 } };
	struct report r = { .rules = &rules };
	const struct place place = { .file = "a.c", .line = 3, .col = 2, .end_line = 3,
				     .end_col = 9, .macro = "M" };
	struct step step = { .place = place, .function = "f", .text = "stores", .kinds = STEP_DANGER };
	struct related guard = { place, "the guard" };
	const char *texts[] = { "one", "two" };
	struct buffer out = BUFFER_INIT;
	struct finding *f;
	int err;

	if (argc != 2)
		return 2;
	f = report_add(&r, &rule, VERDICT_VIOLATION_MAY);
	*f = (struct finding){ .rule = &rule, .verdict = f->verdict, .level = f->level,
			       .place = place, .function = "f", .message = "It can.",
			       .steps = &step, .nsteps = 1, .related = &guard, .nrelated = 1,
			       .assumptions = texts, .nassumptions = 2, .reasons = texts, .nreasons = 1 };
	report_notify(&r, NOTE_EXECUTION, SEVERITY_WARNING, "PF-note", &place, "A note.");
	*report_outcome(&r, &rule) = (struct rule_outcome){ .rule = &rule, .when = WHEN_TRUE,
							    .sinks = 2, .guards = texts, .nguards = 1 };
	report_keep(&r, (struct report_mark){ 0 }, &out);
	err = file_replace(argv[1], out.s, out.n);
	report_release(&r);
	buffer_release(&out);
	return err != 0;
}
