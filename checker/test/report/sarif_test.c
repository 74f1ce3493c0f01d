/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <string.h>

#include "report/dom.h"
#include "report/sarif.h"
#include "sample.h"

static struct sample sample;

static int setup(void **state)
{
	(void)state;
	sample_init(&sample, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sample_release(&sample);
	return 0;
}

static char *write_log(const struct report *r, const struct sarif_options *o)
{
	struct buffer b = BUFFER_INIT;
	char *text;

	sarif_write(r, o, &b);
	text = arena_strdup(&sample.arena, b.s);
	buffer_release(&b);
	return text;
}

static json_t *log_of(const struct report *r, const struct sarif_options *o)
{
	json_error_t error;
	json_t *v = json_loads(write_log(r, o), JSON_REJECT_DUPLICATES, &error);

	if (!v)
		fail_msg("%d:%d: %s", error.line, error.column, error.text);
	return v;
}

/* The i-th result with that rule and kind, of the sample with everything. */
static json_t *full_log(const struct sarif_options *o)
{
	struct report r = { 0 };
	json_t *v;

	sample_report(&sample, SAMPLE_FULL, &r);
	v = log_of(&r, o);
	report_release(&r);
	return v;
}

static json_t *find_result(json_t *log, const char *rule, const char *kind)
{
	json_t *v;
	size_t i;

	json_array_foreach(dom_get(log, "runs.0.results"), i, v)
		if (!strcmp(dom_text(v, "ruleId"), rule) && !strcmp(dom_text(v, "kind"), kind))
			return v;
	fail_msg("no %s result of %s", kind, rule);
	return NULL;
}

/* Every region of a log is one: GitHub drops a log with a bad one. */
static unsigned check_regions(const json_t *v)
{
	unsigned n = 0;
	const char *key;
	json_t *member;
	size_t i;

	json_object_foreach((json_t *)v, key, member) {
		n += check_regions(member);
		if (strcmp(key, "region"))
			continue;
		n++;
		assert_true(dom_int(member, "startLine") >= 1);
		assert_true(dom_int(member, "startColumn") >= 1);
		assert_true(dom_int(member, "endLine") >= dom_int(member, "startLine"));
		if (dom_int(member, "endLine") == dom_int(member, "startLine"))
			assert_true(dom_int(member, "endColumn") > dom_int(member, "startColumn"));
	}
	json_array_foreach(v, i, member)
		n += check_regions(member);
	return n;
}

static void verdicts_have_kinds_and_levels(void **state)
{
	static const struct sarif_options o = { .report_passes = true };
	json_t *log = full_log(&o), *v;

	(void)state;
	assert_int_equal(json_array_size(dom_get(log, "runs.0.results")), 6);
	assert_string_equal(dom_text(find_result(log, "PF2101", "fail"), "level"), "error");
	assert_string_equal(dom_text(find_result(log, "PF2102", "fail"), "level"), "warning");
	assert_string_equal(dom_text(find_result(log, "PF2101", "review"), "level"), "none");
	v = find_result(log, "PF2101", "pass");
	assert_string_equal(dom_text(v, "level"), "none");
	assert_string_equal(dom_text(v, "properties.assumptions.0"),
			    "'struct dom.nested' is init-only");
	assert_string_equal(dom_text(v, "relatedLocations.0.message.text"),
			    "the guard in 'map_one'");
	assert_true(check_regions(log) > 20);
	json_decref(log);
}

/* What viewers sort rules by; a severity for security only where the rule is about it. */
static void rules_have_properties(void **state)
{
	static const struct sarif_options o = { 0 };
	json_t *log = full_log(&o), *rules = dom_get(log, "runs.0.tool.driver.rules");

	(void)state;
	assert_string_equal(dom_text(rules, "0.properties.tags.0"), "external/cwe/cwe-1220");
	assert_string_equal(dom_text(rules, "0.properties.precision"), "high");
	assert_string_equal(dom_text(rules, "0.properties.security-severity"), "8.0");
	assert_null(dom_get(rules, "1.properties.security-severity"));
	assert_int_equal(dom_int(rules, "0.defaultConfiguration.rank"), 95);
	assert_string_equal(dom_text(rules, "0.help.text"), dom_text(rules, "0.help.markdown"));
	json_decref(log);
}

static void passes_only_on_request(void **state)
{
	static const struct sarif_options o = { 0 };
	json_t *log = full_log(&o), *v;
	size_t i;

	(void)state;
	json_array_foreach(dom_get(log, "runs.0.results"), i, v)
		assert_string_not_equal(dom_text(v, "kind"), "pass");
	json_decref(log);
}

static void clean_is_an_empty_list(void **state)
{
	static const struct sarif_options o = { 0 };

	(void)state;
	for (enum sample_kind k = SAMPLE_SKIPPED; k < SAMPLE_KINDS; k++) {
		struct report r = { 0 };
		json_t *log, *results;

		sample_report(&sample, k, &r);
		log = log_of(&r, &o);
		results = dom_get(log, "runs.0.results");
		assert_true(json_is_array(results));
		assert_int_equal(json_array_size(results), 0);
		assert_int_equal(json_is_true(dom_get(log, "runs.0.invocations.0"
						      ".executionSuccessful")),
				 k != SAMPLE_FAILED);
		json_decref(log);
		report_release(&r);
	}
}

static void messages_have_text_and_arguments(void **state)
{
	static const struct sarif_options o = { 0 };
	json_t *log = full_log(&o), *v = find_result(log, "PF2101", "fail");

	(void)state;
	assert_string_equal(dom_text(v, "message.text"),
			    "'prot' may lack write permission in 'struct entry.val'. A guest can "
			    "then change memory that is not its own. Reached from 'map_all'. With "
			    "prot = 1 and nested = 1. See [the guard \\[of v1\\] in 'map_one'](1).");
	assert_string_equal(dom_text(v, "message.id"), "default");
	assert_string_equal(dom_text(v, "message.arguments.0"), "prot");
	assert_string_equal(dom_text(v, "message.arguments.1"), "struct entry.val");
	assert_int_equal(dom_int(v, "relatedLocations.0.id"), 1);
	v = find_result(log, "PF2101", "review");
	assert_null(dom_get(v, "message.id"));
	json_decref(log);
}

/* The values of a message are found again even where they hold what surrounds them. */
static void arguments_of_awkward_values(void **state)
{
	static const struct sarif_options o = { 0 };
	struct rule rule = { .id = "PF1", .name = "One", .short_text = "One.", .help = "Help.",
			     .message = "{a}: {b}{c} and '{a}' {no brace} {d}." };
	struct rule_set rules = { 0 };
	struct report r = { .rules = &rules, .directory = sample.obj };
	struct finding *f;
	json_t *log, *v;

	(void)state;
	array_push(&rules.rules, rule);
	f = report_add(&r, &rules.rules.v[0], VERDICT_VIOLATION_EXACT);
	f->place = (struct place){ .file = "x.c", .line = 1, .col = 1 };
	f->message = "x.y: z and 'x.y' {no brace} e. f..";
	log = log_of(&r, &o);
	assert_string_equal(dom_text(log, "runs.0.tool.driver.rules.0.messageStrings.default.text"),
			    "{0}: {1}{2} and '{0}' {{no brace}} {3}.");
	v = dom_get(log, "runs.0.results.0.message.arguments");
	assert_int_equal(json_array_size(v), 4);
	assert_string_equal(dom_text(v, "0"), "x.y");
	assert_string_equal(dom_text(v, "1"), "");
	assert_string_equal(dom_text(v, "2"), "z");
	assert_string_equal(dom_text(v, "3"), "e. f.");
	json_decref(log);
	r.findings.v[0].message = "x.y: z and 'x.z' {no brace} e.";
	log = log_of(&r, &o);
	assert_null(dom_get(log, "runs.0.results.0.message.id"));
	json_decref(log);
	array_release(&rules.rules);
	report_release(&r);
}

static void steps_of_a_path(void **state)
{
	static const struct sarif_options o = { 0 };
	json_t *log = full_log(&o), *v = find_result(log, "PF2101", "fail");
	json_t *steps = dom_get(v, "codeFlows.0.threadFlows.0.locations"), *step;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(steps), 5);
	json_array_foreach(steps, i, step) {
		assert_int_equal(dom_int(step, "executionOrder"), i + 1);
		assert_true(*dom_text(step, "location.message.text"));
	}
	assert_int_equal(dom_int(steps, "4.nestingLevel"), 2);
	assert_string_equal(dom_text(steps, "4.kinds.0"), "danger");
	assert_string_equal(dom_text(steps, "0.kinds.1"), "function");
	step = json_array_get(steps, 3);
	assert_string_equal(dom_text(json_object_get(dom_get(step, "state"), "prot.WRITE"), "text"),
			    "0");
	assert_string_equal(dom_text(step, "location.logicalLocations.0.name"), "map_one");
	json_decref(log);
}

static void long_paths_are_shortened(void **state)
{
	static const struct sarif_options o = { 0 };
	struct report r = { .rules = &sample.rules, .directory = sample.obj };
	struct finding *f = report_add(&r, &sample.rules.rules.v[0], VERDICT_VIOLATION_EXACT);
	struct step steps[950];
	json_t *log, *v, *step;
	unsigned essential = 0;
	size_t i;

	(void)state;
	f->place = (struct place){ .file = "x.c", .line = 1, .col = 1 };
	f->message = "m.";
	for (i = 0; i < 950; i++)
		steps[i] = (struct step){ .place = { .file = "x.c", .line = (uint32_t)i + 1 },
					  .text = i ? i < 949 ? "s" : "last" : "first",
					  .importance = i % 19 ? i % 2 : STEP_ESSENTIAL };
	f->steps = steps;
	f->nsteps = 950;
	log = log_of(&r, &o);
	v = dom_get(log, "runs.0.results.0.codeFlows.0.threadFlows.0.locations");
	assert_int_equal(json_array_size(v), 100);
	assert_true(!strncmp(dom_text(v, "0.location.message.text"), "first", 5));
	assert_string_equal(dom_text(v, "99.location.message.text"), "last");
	json_array_foreach(v, i, step)
		essential += !strcmp(dom_text(step, "importance"), "essential");
	assert_int_equal(essential, 50);
	assert_non_null(strstr(dom_text(v, "49.location.message.text"), "left out"));
	json_decref(log);
	report_release(&r);
}

static void macros_point_to_their_definition(void **state)
{
	static const struct sarif_options o = { 0 };
	json_t *log = full_log(&o), *v = find_result(log, "PF2102", "fail");

	(void)state;
	assert_string_equal(dom_text(v, "locations.0.physicalLocation.region.snippet.text"),
			    "SET_ENTRY(e + 1, prot)");
	assert_string_equal(dom_text(v, "relatedLocations.0.message.text"),
			    "in the definition of macro 'SET_ENTRY'");
	assert_int_equal(dom_int(v, "relatedLocations.0.physicalLocation.region.startLine"), 5);
	json_decref(log);
}

static void results_are_told_apart(void **state)
{
	static const struct sarif_options o = { 0 };
	struct report r = { .rules = &sample.rules, .directory = sample.obj };
	json_t *log, *v;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct finding *f = report_add(&r, &sample.rules.rules.v[0],
					       i == 2 ? VERDICT_INCOMPLETE : VERDICT_VIOLATION_MAY);

		f->place = (struct place){ .file = "x.c", .line = 9 - i, .col = 1 };
		f->function = "f";
		f->message = "m.";
	}
	log = log_of(&r, &o);
	v = dom_get(log, "runs.0.results");
	for (unsigned i = 0; i < 3; i++) {
		json_t *at = json_array_get(v, i);
		const char *print = dom_text(at, "partialFingerprints.protflow/v1");

		assert_int_equal(dom_int(at, "locations.0.physicalLocation.region.startLine"),
				 7 + i);
		assert_int_equal(strlen(print), 34);
		assert_string_equal(print + 32, i == 2 ? ":2" : ":1");
	}
	assert_int_equal(strncmp(dom_text(v, "1.partialFingerprints.protflow/v1"),
				 dom_text(v, "2.partialFingerprints.protflow/v1"), 32), 0);
	assert_int_not_equal(strncmp(dom_text(v, "0.partialFingerprints.protflow/v1"),
				     dom_text(v, "1.partialFingerprints.protflow/v1"), 32), 0);
	json_decref(log);
	report_release(&r);
}

static void same_report_same_bytes(void **state)
{
	static const struct sarif_options o = { .report_passes = true, .reproducible = true };
	struct report a = { 0 }, b = { 0 };
	char *first;

	(void)state;
	sample_report(&sample, SAMPLE_FULL, &a);
	sample_report(&sample, SAMPLE_FULL, &b);
	b.start += 100;
	b.argc = 1;
	/* The order in which the engine found things does not matter. */
	for (uint32_t i = 0; i < b.findings.n / 2; i++) {
		struct finding f = b.findings.v[i];

		if (f.verdict == VERDICT_INCOMPLETE)
			continue;	/* gives a notification, too, in its order */
		b.findings.v[i] = b.findings.v[b.findings.n - 2 - i];
		b.findings.v[b.findings.n - 2 - i] = f;
	}
	first = write_log(&a, &o);
	assert_null(strstr(first, "TimeUtc"));
	assert_null(strstr(first, "\"-DX="));
	assert_string_equal(first, write_log(&a, &o));
	assert_int_equal(strlen(first), strlen(write_log(&b, &o)));
	report_release(&a);
	report_release(&b);
}

static void no_path_of_the_machine(void **state)
{
	static const struct sarif_options o = { .report_passes = true, .reproducible = true };
	struct report r = { 0 };
	char *text;

	(void)state;
	sample_report(&sample, SAMPLE_FULL, &r);
	report_notify(&r, NOTE_EXECUTION, SEVERITY_NOTE, "PF-x", NULL,
		      "'%s/drivers/x.c' and (%s/y.h) and /z but a/b", sample.src, sample.dir);
	text = write_log(&r, &o);
	assert_non_null(strstr(text, "'drivers/x.c' and (REDACTED/y.h) and REDACTED/z but a/b"));
	assert_null(strstr(text, sample.dir));
	assert_null(strstr(text, "file://"));
	assert_non_null(strstr(text, "\"redactionTokens\": [\"REDACTED\"]"));
	report_release(&r);
}

static void outcomes_of_a_unit(void **state)
{
	static const struct sarif_options o = { 0 };
	json_t *log = full_log(&o), *u = dom_get(log, "runs.0.properties.protflow.units.0");

	(void)state;
	assert_string_equal(dom_text(u, "status"), "incomplete");
	assert_string_equal(dom_text(u, "rulesDigest"), "0123456789abcdef");
	assert_string_equal(dom_text(u, "rules.PF2101.verdict"), "violation");
	assert_int_equal(dom_int(u, "rules.PF2101.sinks"), 3);
	assert_string_equal(dom_text(u, "rules.PF2103.when"), "false");
	json_decref(log);
}

/* Nothing known at all: still a whole log. */
static void log_of_nothing(void **state)
{
	static const struct sarif_options o = { .exit_code = 2 };
	struct report r = { .directory = "/" };
	json_t *log;

	(void)state;
	report_notify(&r, NOTE_CONFIGURATION, SEVERITY_ERROR, "PF-source", NULL, "no source");
	log = log_of(&r, &o);
	assert_int_equal(dom_int(log, "runs.0.invocations.0.exitCode"), 2);
	assert_string_equal(dom_text(log, "runs.0.invocations.0.toolConfigurationNotifications.0"
				     ".message.text"), "no source");
	assert_string_equal(dom_text(log, "runs.0.originalUriBaseIds.SRCROOT.uri"), "file:///");
	json_decref(log);
	report_release(&r);
}

int test_sarif(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_have_kinds_and_levels),
		cmocka_unit_test(passes_only_on_request), cmocka_unit_test(clean_is_an_empty_list),
		cmocka_unit_test(messages_have_text_and_arguments),
		cmocka_unit_test(arguments_of_awkward_values), cmocka_unit_test(steps_of_a_path),
		cmocka_unit_test(long_paths_are_shortened),
		cmocka_unit_test(macros_point_to_their_definition),
		cmocka_unit_test(results_are_told_apart), cmocka_unit_test(same_report_same_bytes),
		cmocka_unit_test(no_path_of_the_machine), cmocka_unit_test(outcomes_of_a_unit),
		cmocka_unit_test(log_of_nothing), cmocka_unit_test(rules_have_properties),
	};

	return cmocka_run_group_tests_name("sarif", tests, setup, teardown);
}
