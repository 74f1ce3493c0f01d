/* SPDX-License-Identifier: MIT */
/*
 * Reads any bytes as a rule file. Expressions and positions are followed to
 * their ends; the faults are printed into a buffer.
 */
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "command/example.h"
#include "rules/expr.h"
#include "rules/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk_expr(const struct rule_expr *e)
{
	const char *p = e->text;

	for (;;) {
		struct expr_token t;

		if (!p)
			return;
		t = expr_next(&p);
		rule_expr_at(e, (size_t)(t.s - e->text));
		if (t.kind == EXPR_END)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_set rs = { 0 };
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct buffer text = BUFFER_INIT;
	struct example example = { .path = "fuzz.c" };
	char *copy = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	copy[size] = 0;
	if (!rules_read_text(&rs, "fuzz.yaml", copy, size, &faults) && !faults.v.n)
		abort();
	for (uint32_t i = 0; i < rs.rules.n; i++) {
		const struct rule *r = &rs.rules.v[i];

		if (!r->id || !r->message || rules_find(&rs, r->id) != r)
			abort();
		walk_expr(&r->require);
		walk_expr(&r->guard);
		for (unsigned k = 0; r->template == RULE_TWO_SIDED && k < RULE_SIDES; k++)
			walk_expr(&r->locking.sides[k].unless);
		rule_format(&rs.arena, r, NULL, NULL);
	}
	example_parse(&example, copy, &rs, &faults);
	yaml_faults_text(&faults, &text);
	example_release(&example);
	buffer_release(&text);
	yaml_faults_release(&faults);
	rules_release(&rs);
	free(copy);
	return 0;
}
