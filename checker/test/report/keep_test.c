/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <string.h>

#include "report/keep.h"
#include "sample.h"

/* What was kept of a report, recalled into an empty one and kept again, is the same bytes. */
static void keep_all(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s, NULL);
	for (int kind = 0; kind < SAMPLE_KINDS; kind++) {
		struct buffer first = BUFFER_INIT, second = BUFFER_INIT;
		struct report r = { 0 }, again = { .rules = &s.rules };

		sample_report(&s, (enum sample_kind)kind, &r);
		report_keep(&r, (struct report_mark){ 0 }, &first);
		assert_true(report_recall(&again, first.s, first.n));
		assert_int_equal(again.findings.n, r.findings.n);
		assert_int_equal(again.notifications.n, r.notifications.n);
		assert_int_equal(again.outcomes.n, r.outcomes.n);
		report_keep(&again, (struct report_mark){ 0 }, &second);
		assert_int_equal(first.n, second.n);
		assert_memory_equal(first.s, second.s, first.n);
		report_release(&again);
		report_release(&r);
		buffer_release(&first);
		buffer_release(&second);
	}
	sample_release(&s);
}

/* Only what was added since the mark; what there was stays. */
static void keep_some(void **state)
{
	struct buffer b = BUFFER_INIT;
	struct report r = { 0 };
	struct report_mark m;
	struct sample s;

	(void)state;
	sample_init(&s, NULL);
	sample_report(&s, SAMPLE_FULL, &r);
	m = report_mark(&r);
	report_keep(&r, m, &b);
	assert_int_equal(b.n, 3);
	assert_true(report_recall(&r, b.s, b.n));
	assert_int_equal(r.findings.n, m.findings);
	report_add(&r, &s.rules.rules.v[0], VERDICT_INCOMPLETE)->message = "One more.";
	buffer_clear(&b);
	report_keep(&r, m, &b);
	assert_true(report_recall(&r, b.s, b.n));
	assert_int_equal(r.findings.n, m.findings + 2);
	assert_string_equal(r.findings.v[m.findings + 1].message, "One more.");
	report_release(&r);
	buffer_release(&b);
	sample_release(&s);
}

/* No part of it is taken, nor anything behind it, nor what is about another rule. */
static void recall_damaged(void **state)
{
	struct buffer b = BUFFER_INIT;
	struct report r = { 0 }, empty;
	struct rule_set none = { 0 };
	struct sample s;

	(void)state;
	sample_init(&s, NULL);
	sample_report(&s, SAMPLE_FULL, &r);
	report_keep(&r, (struct report_mark){ 0 }, &b);
	buffer_putc(&b, 0);
	for (size_t n = 0; n <= b.n; n++) {
		empty = (struct report){ .rules = &s.rules };
		assert_int_equal(report_recall(&empty, b.s, n), n == b.n - 1);
		assert_int_equal(empty.findings.n != 0, n == b.n - 1);
		report_release(&empty);
	}
	empty = (struct report){ .rules = &none };
	assert_false(report_recall(&empty, b.s, b.n - 1));
	assert_int_equal(empty.findings.n + empty.notifications.n + empty.outcomes.n, 0);
	report_release(&empty);
	report_release(&r);
	buffer_release(&b);
	sample_release(&s);
}

int test_keep(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keep_all),
		cmocka_unit_test(keep_some),
		cmocka_unit_test(recall_damaged),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
