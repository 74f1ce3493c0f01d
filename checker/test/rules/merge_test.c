/* SPDX-License-Identifier: MIT */
/*
 * The join of what refuse-warn has noted on two ways. A loop comes to an end only
 * if what was joined once stays as it is when the same way comes again.
 */
#include "cmocka_all.h"

#include "rules/judge.h"

#define GATES (STATE_MONITORS - 1)

static uint8_t random_byte(void)
{
	static uint32_t state = 12345;

	state = state * 1664525u + 1013904223u;
	return (uint8_t)(state >> 24);
}

/* Two rules; of a way that has not come to a refusal the number is 0. */
static void random_way(uint8_t *m)
{
	memset(m, 0, STATE_MONITORS);
	for (unsigned at = 0; at < 4; at += 2) {
		m[at] = random_byte();
		m[at + 1] = m[at] & 3 ? random_byte() % 4 + 1 : 0;
	}
	m[GATES] = random_byte() & 0x7f;
}

static void join(const struct judge *j, uint8_t *to, const uint8_t *a, const uint8_t *b)
{
	memcpy(to, a, STATE_MONITORS);
	refuse_warn_merge(j, to, b);
}

static void joined_once_is_joined(void **state)
{
	const struct rule rule = { .template = RULE_REFUSE_WARN };
	struct docket d[2] = { { .bound = { .rule = &rule, .usable = true, .monitor = 0 } },
			       { .bound = { .rule = &rule, .usable = true, .monitor = 2 } } };
	const struct judge j = { .dockets = d, .ndockets = 2 };
	uint8_t way[4][STATE_MONITORS], all[STATE_MONITORS], again[STATE_MONITORS];

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		for (unsigned k = 0; k < 4; k++)
			random_way(way[k]);
		memcpy(all, way[0], sizeof(all));
		for (unsigned k = 1; k < 4; k++)
			join(&j, all, all, way[k]);
		for (unsigned k = 0; k < 4; k++) {
			join(&j, again, all, way[k]);
			assert_memory_equal(again, all, sizeof(all));
		}
	}
}

/* It refuses if one of them does, and has reported only what both have. */
static void the_worse_of_both(void **state)
{
	const struct rule rule = { .template = RULE_REFUSE_WARN };
	struct docket d = { .bound = { .rule = &rule, .usable = true } };
	const struct judge j = { .dockets = &d, .ndockets = 1 };
	uint8_t loud[STATE_MONITORS] = { 2 | 4 | 16, 1 }, silent[STATE_MONITORS] = { 2, 1 };
	uint8_t other[STATE_MONITORS] = { 0 }, all[STATE_MONITORS];

	(void)state;
	join(&j, all, loud, silent);
	assert_int_equal(all[0], 2);
	join(&j, all, silent, loud);
	assert_int_equal(all[0], 2);
	join(&j, all, other, loud);
	assert_int_equal(all[0], 2 | 4 | 16);
	assert_int_equal(all[1], 1);
	join(&j, all, loud, other);
	assert_int_equal(all[0], 2 | 4 | 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joined_once_is_joined), cmocka_unit_test(the_worse_of_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
