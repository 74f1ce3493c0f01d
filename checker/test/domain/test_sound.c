/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "sound.h"

#define PROGRAMS 2500
#define RUNS 20
#define EXACT_PERCENT 60

static void check(uint64_t seed)
{
	struct sound_stats s = { 0 };

	for (unsigned i = 0; i < PROGRAMS; i++)
		if (!sound_program(seed + i, RUNS, &s))
			print_message("miss: program %llu\n", (unsigned long long)(seed + i));
	print_message("seed %llu: %llu runs, %llu points, %llu misses, "
		      "%.1f %% of %llu bits exact\n",
		      (unsigned long long)seed, (unsigned long long)s.runs,
		      (unsigned long long)s.points, (unsigned long long)s.misses,
		      100.0 * (double)s.exact / (double)s.bits, (unsigned long long)s.bits);
	assert_int_equal(s.misses, 0);
	assert_int_equal(s.runs, PROGRAMS * RUNS);
	assert_true(s.exact * 100 >= s.bits * EXACT_PERCENT);
}

static void test_fixed(void **state)
{
	(void)state;
	check(1);
}

/* Other programs each time; PROTFLOW_SEED repeats them. */
static void test_fresh(void **state)
{
	const char *seed = getenv("PROTFLOW_SEED");

	(void)state;
	check(seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
