/* SPDX-License-Identifier: MIT */
/* kept_fuzz.c - any bytes as what a link has kept; what is taken is kept as the same again */
#include <stdlib.h>
#include <string.h>

#include "report/keep.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void round_trip(const struct report *r)
{
	struct buffer first = BUFFER_INIT, second = BUFFER_INIT;
	struct report again = { .rules = r->rules };

	report_keep(r, (struct report_mark){ 0 }, &first);
	if (!report_recall(&again, first.s, first.n))
		abort();
	report_keep(&again, (struct report_mark){ 0 }, &second);
	if (first.n != second.n || memcmp(first.s, second.s, first.n))
		abort();
	report_release(&again);
	buffer_release(&first);
	buffer_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct rule rule = { .id = "R" };
	struct rule_set rules = { .rules = { &rule, 1, 1 } };
	struct report r = { .rules = &rules };

	if (report_recall(&r, p, n))
		round_trip(&r);
	else if (r.findings.n || r.notifications.n || r.outcomes.n)
		abort();
	report_release(&r);
	return 0;
}
