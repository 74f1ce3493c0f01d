/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <errno.h>
#include <string.h>

#include "report/dom.h"
#include "report/merge.h"
#include "report/rules_file.h"
#include "report/summary.h"
#include "sample.h"

static struct sample sample;
static const char *logs[SAMPLE_KINDS];

static char *keep(struct buffer *b)
{
	char *text = arena_strdup(&sample.arena, buffer_str(b));

	buffer_release(b);
	return text;
}

static char *log_of(struct report *r, const char *rules_file)
{
	const struct sarif_options o = { .report_passes = true, .reproducible = true,
					 .rules_file = rules_file };
	struct buffer b = BUFFER_INIT;

	sarif_write(r, &o, &b);
	report_release(r);
	return keep(&b);
}

static char *unit_log(struct report *r)
{
	return log_of(r, NULL);
}

static int setup(void **state)
{
	(void)state;
	sample_init(&sample, NULL);
	for (unsigned i = 0; i < SAMPLE_KINDS; i++) {
		struct report r = { 0 };

		sample_report(&sample, i, &r);
		logs[i] = unit_log(&r);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sample_release(&sample);
	return 0;
}

static void add(struct merge *m, const char *text)
{
	struct buffer why = BUFFER_INIT;

	if (!merge_add(m, "log", text, strlen(text), &why))
		fail_msg("%s", why.s);
	buffer_release(&why);
}

static char *finish(struct merge *m)
{
	static const struct merge_options o = { 0 };
	struct buffer b = BUFFER_INIT;

	merge_finish(m);
	merge_write(m, &o, &b);
	merge_free(m);
	return keep(&b);
}

static char *merge_of(const char *const *v, unsigned n)
{
	struct merge *m = merge_new();

	for (unsigned i = 0; i < n; i++)
		add(m, v[i]);
	return finish(m);
}

static json_t *parse(const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	assert_non_null(v);
	return v;
}

/* All 720 orders of the six logs. */
static void permute(const char **v, unsigned n, const char *expected, unsigned *count)
{
	if (n == 1) {
		assert_string_equal(merge_of(v, SAMPLE_KINDS), expected);
		++*count;
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		const char *t = v[i];

		v[i] = v[n - 1];
		v[n - 1] = t;
		permute(v, n - 1, expected, count);
		t = v[i];
		v[i] = v[n - 1];
		v[n - 1] = t;
	}
}

static void order_does_not_matter(void **state)
{
	const char *v[SAMPLE_KINDS];
	unsigned count = 0;

	(void)state;
	memcpy(v, logs, sizeof(v));
	permute(v, SAMPLE_KINDS, merge_of(logs, SAMPLE_KINDS), &count);
	assert_int_equal(count, 720);
}

/* Every way to merge a part first: the same as all at once. */
static void merging_is_associative(void **state)
{
	const char *all = merge_of(logs, SAMPLE_KINDS);

	(void)state;
	for (unsigned set = 1; set < 1u << SAMPLE_KINDS; set++) {
		const char *part[SAMPLE_KINDS], *v[SAMPLE_KINDS + 1];
		unsigned npart = 0, n = 1;

		for (unsigned i = 0; i < SAMPLE_KINDS; i++) {
			if (set & 1u << i)
				part[npart++] = logs[i];
			else
				v[n++] = logs[i];
		}
		v[0] = merge_of(part, npart);
		assert_string_equal(merge_of(v, n), all);
	}
}

static void twice_is_once(void **state)
{
	const char *v[2 * SAMPLE_KINDS + 1];
	const char *all = merge_of(logs, SAMPLE_KINDS);

	(void)state;
	memcpy(v, logs, sizeof(logs));
	memcpy(v + SAMPLE_KINDS, logs, sizeof(logs));
	v[2 * SAMPLE_KINDS] = all;
	assert_string_equal(merge_of(v, 2 * SAMPLE_KINDS + 1), all);
	assert_string_equal(merge_of(&all, 1), all);
}

static json_t *result_in(json_t *log, const char *uri, const char *kind)
{
	json_t *v;
	size_t i;

	json_array_foreach(dom_get(log, "runs.0.results"), i, v)
		if (!strcmp(dom_text(v, "kind"), kind) &&
		    !strcmp(dom_text(v, "locations.0.physicalLocation.artifactLocation.uri"), uri))
			return v;
	return NULL;
}

static void headers_give_one_result(void **state)
{
	json_t *log = parse(merge_of(logs, SAMPLE_KINDS));
	json_t *v = result_in(log, "include/table.h", "fail");

	(void)state;
	assert_non_null(v);
	assert_int_equal(dom_int(v, "occurrenceCount"), 2);
	assert_int_equal(json_array_size(dom_get(v, "properties.units")), 2);
	assert_string_equal(dom_text(v, "properties.units.0"), "drivers/map%20one.o");
	assert_string_equal(dom_text(v, "properties.units.1"), "drivers/other.o");
	/* The one with a path is shown. */
	assert_non_null(dom_get(v, "codeFlows"));
	assert_int_equal(json_array_size(dom_get(log, "runs.0.results")), 6);
	json_decref(log);
}

/* Indices are those of the merged log. */
static void check_indices(json_t *run, const json_t *v)
{
	const char *key;
	json_t *member;
	size_t i;

	if (*dom_text(v, "uri") && json_object_get(v, "index")) {
		json_t *artifact = json_array_get(json_object_get(run, "artifacts"),
						  (size_t)dom_int(v, "index"));

		assert_string_equal(dom_text(artifact, "location.uri"), dom_text(v, "uri"));
	}
	if (*dom_text(v, "ruleId")) {
		json_t *rule = json_array_get(dom_get(run, "tool.driver.rules"),
					      (size_t)dom_int(v, "ruleIndex"));

		assert_string_equal(dom_text(rule, "id"), dom_text(v, "ruleId"));
	}
	if (*dom_text(v, "descriptor.id")) {
		json_t *d = json_array_get(dom_get(run, "tool.driver.notifications"),
					   (size_t)dom_int(v, "descriptor.index"));

		assert_string_equal(dom_text(d, "id"), dom_text(v, "descriptor.id"));
	}
	json_array_foreach(v, i, member)
		check_indices(run, member);
	json_object_foreach((json_t *)v, key, member)
		check_indices(run, member);
}

static void indices_fit(void **state)
{
	json_t *log = parse(merge_of(logs, SAMPLE_KINDS));

	(void)state;
	check_indices(dom_get(log, "runs.0"), log);
	json_decref(log);
}

/* A report with one finding at a line of a header. */
static struct finding *one_finding(struct report *r, const char *object, enum verdict v,
				   unsigned line)
{
	struct finding *f;

	*r = (struct report){ .rules = &sample.rules, .directory = sample.obj, .complete = true,
			      .srctree = sample.src, .source = "../src/drivers/plain.c",
			      .object = object };
	f = report_add(r, &sample.rules.rules.v[0], v);
	f->place = (struct place){ .file = "../src/include/table.h", .line = line, .col = 1 };
	f->function = "f";
	f->message = v == VERDICT_PROVED ? "It holds." : "It fails.";
	return f;
}

static char *log_with(const char *object, enum verdict v, unsigned line)
{
	struct report r;

	one_finding(&r, object, v, line);
	return unit_log(&r);
}

static void the_worst_verdict_wins(void **state)
{
	const char *v[] = { log_with("a.o", VERDICT_VIOLATION_MAY, 6),
			    log_with("b.o", VERDICT_VIOLATION_EXACT, 6),
			    log_with("c.o", VERDICT_PROVED, 6),
			    log_with("d.o", VERDICT_PROVED, 4) };
	json_t *log = parse(merge_of(v, 4)), *results = dom_get(log, "runs.0.results");

	(void)state;
	assert_int_equal(json_array_size(results), 2);
	assert_string_equal(dom_text(results, "0.kind"), "pass");
	assert_string_equal(dom_text(results, "1.level"), "error");
	assert_int_equal(dom_int(results, "1.occurrenceCount"), 2);
	json_decref(log);
}

/* What one unit saw first is the second of the file in the run. */
static void fingerprints_are_counted_again(void **state)
{
	const char *v[] = { log_with("a.o", VERDICT_VIOLATION_MAY, 6),
			    log_with("b.o", VERDICT_VIOLATION_MAY, 2) };
	json_t *log = parse(merge_of(v, 2)), *results = dom_get(log, "runs.0.results");

	(void)state;
	assert_int_equal(json_array_size(results), 2);
	assert_string_equal(dom_text(results, "0.partialFingerprints.protflow/v1") + 32, ":1");
	assert_string_equal(dom_text(results, "1.partialFingerprints.protflow/v1") + 32, ":2");
	json_decref(log);
}

static const json_t *notice(const json_t *log, const char *list, const char *id)
{
	json_t *v;
	size_t i;

	json_array_foreach(dom_get(dom_get(log, "runs.0.invocations.0"), list), i, v)
		if (!strcmp(dom_text(v, "descriptor.id"), id))
			return v;
	return NULL;
}

static void verdicts_of_the_run(void **state)
{
	struct merge *m = merge_new();
	const struct merge_run *run;

	(void)state;
	for (unsigned i = 0; i < SAMPLE_KINDS; i++)
		add(m, logs[i]);
	run = merge_finish(m);
	assert_int_equal(run->nrules, 3);
	assert_int_equal(run->rules[0].verdict, VERDICT_VIOLATION_EXACT);
	assert_int_equal(run->rules[0].violations, 2);
	assert_int_equal(run->rules[0].sinks, 4);
	assert_int_equal(run->rules[2].verdict, VERDICT_VACUOUS);
	assert_true(run->vacuous);
	assert_int_equal(run->skipped, 1);
	assert_int_equal(run->incomplete, 2);
	assert_int_equal(run->nfindings, 3);
	assert_int_equal(run->reviews, 2);
	merge_free(m);
}

/* One unit is never vacuous on its own account if another has the sink. */
static void vacuous_is_of_the_run(void **state)
{
	struct report r = { .rules = &sample.rules, .directory = sample.obj, .complete = true,
			    .source = "s.c", .object = "s.o" };
	struct rule_outcome *o = report_outcome(&r, &sample.rules.rules.v[2]);
	const char *v[] = { logs[SAMPLE_VACUOUS], NULL };
	json_t *log;

	(void)state;
	o->when = WHEN_TRUE;
	o->sinks = 1;
	o->verdict = VERDICT_PROVED;
	v[1] = unit_log(&r);
	log = parse(merge_of(v, 1));
	assert_non_null(notice(log, "toolConfigurationNotifications", "PF-vacuous"));
	assert_int_equal(dom_int(log, "runs.0.invocations.0.exitCode"), 3);
	json_decref(log);
	log = parse(merge_of(v, 2));
	assert_null(notice(log, "toolConfigurationNotifications", "PF-vacuous"));
	assert_non_null(notice(log, "toolConfigurationNotifications", "PF-not-applicable"));
	assert_int_equal(dom_int(log, "runs.0.invocations.0.exitCode"), 0);
	json_decref(log);
}

/* A unit that was given up does not hide that nothing was judged. */
static void incomplete_does_not_hide_vacuous(void **state)
{
	struct report r = { .rules = &sample.rules, .directory = sample.obj, .source = "s.c" };
	struct merge *m = merge_new();

	(void)state;
	report_add(&r, &sample.rules.rules.v[2], VERDICT_INCOMPLETE)->message = "Not decided.";
	add(m, unit_log(&r));
	add(m, logs[SAMPLE_VACUOUS]);
	assert_int_equal(merge_finish(m)->rules[2].verdict, VERDICT_VACUOUS);
	merge_free(m);
}

static void missing_units_are_told(void **state)
{
	struct merge *m = merge_new();
	const struct merge_run *run;
	const char *v[2];
	json_t *log;

	(void)state;
	add(m, logs[SAMPLE_OTHER]);
	merge_missing(m, "drivers/map one.o");
	merge_missing(m, "drivers/other.o");
	run = merge_finish(m);
	assert_int_equal(run->nmissing, 1);
	v[0] = finish(m);
	log = parse(v[0]);
	assert_string_equal(dom_text(notice(log, "toolExecutionNotifications", "PF-missing"),
				     "message.text"),
			    "1 unit of the build left no result: 'drivers/map%20one.o'.");
	json_decref(log);
	/* Found later. */
	v[1] = logs[SAMPLE_FULL];
	log = parse(merge_of(v, 2));
	assert_null(notice(log, "toolExecutionNotifications", "PF-missing"));
	json_decref(log);
}

static void versions_and_files_that_differ(void **state)
{
	static const char digest[] = "0123456789abcdef";
	char *other = arena_strdup(&sample.arena, logs[SAMPLE_OTHER]);
	const char *v[] = { logs[SAMPLE_FULL], other }, *hash, *twice[2];
	json_t *log;

	(void)state;
	*strstr(other, digest) = 'f';
	hash = strstr(strstr(other, "include/table.h\", \"uriBaseId\": \"SRCROOT\"}"), "sha-256");
	other[hash - other + 11] ^= 1;
	twice[0] = merge_of(v, 2);
	twice[1] = logs[SAMPLE_CLEAN];
	for (unsigned i = 0; i < 2; i++) {
		log = parse(i ? merge_of(twice, 2) : twice[0]);
		assert_non_null(notice(log, "toolConfigurationNotifications", "PF-stale"));
		assert_non_null(notice(log, "toolExecutionNotifications", "PF-changed"));
		json_decref(log);
	}
}

static void assert_refused(const char *text, size_t n, const char *expected)
{
	struct buffer why = BUFFER_INIT;
	struct merge *m = merge_new();

	assert_false(merge_add(m, "x.sarif", text, n, &why));
	if (expected)
		assert_string_equal(why.s, expected);
	assert_int_equal(strncmp(why.s, "x.sarif:", 8), 0);
	merge_finish(m);
	merge_free(m);
	buffer_release(&why);
}

static void what_is_no_log_is_refused(void **state)
{
	static const char no_log[] = "x.sarif:1:1: is no SARIF 2.1.0 log";
	static const struct { const char *text, *why; } cases[] = {
		{ "[]", no_log }, { "{}", no_log }, { "{\"version\":\"2.1.0\",\"runs\":[]}", no_log },
		{ "{\"version\":\"2.0.0\",\"runs\":[{}]}", no_log },
		{ "{\"version\":\"2.1.0\",\"runs\":[{}]}",
		  "x.sarif:1:1: is a log of another tool" },
		{ "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"protflow\"}}}]}",
		  "x.sarif:1:1: is not a whole log of protflow" },
		{ "\n {\"a\":1,\"a\":2}", NULL }, { "\xff\xfe", NULL }, { "", NULL },
	};
	struct buffer deep = BUFFER_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_refused(cases[i].text, strlen(cases[i].text), cases[i].why);
	buffer_puts(&deep, "{\"version\":\"2.1.0\",\"runs\":[");
	for (unsigned i = 0; i < 100; i++)
		buffer_putc(&deep, '[');
	for (unsigned i = 0; i < 100; i++)
		buffer_putc(&deep, ']');
	buffer_puts(&deep, "]}");
	assert_refused(deep.s, deep.n, "x.sarif:1:1: nests too deeply");
	buffer_release(&deep);
}

/* A log that was cut anywhere is no log. */
static void half_a_log_is_refused(void **state)
{
	size_t n = strlen(logs[SAMPLE_OTHER]);

	(void)state;
	for (size_t i = 0; i + 1 < n; i += 7)
		assert_refused(logs[SAMPLE_OTHER], i, NULL);
}

static char *summary_of(const char *const *v, unsigned n, const char *missing)
{
	struct merge *m = merge_new();
	struct buffer b = BUFFER_INIT;

	for (unsigned i = 0; i < n; i++)
		add(m, v[i]);
	if (missing)
		merge_missing(m, missing);
	summary_write(merge_finish(m), "out.sarif", &b);
	merge_free(m);
	return keep(&b);
}

static void summary_golden(void **state)
{
	(void)state;
	assert_string_equal(summary_of(logs, SAMPLE_KINDS, "drivers/gone.o"),
"Units: 3 checked, 1 skipped because no rule can concern them, 2 not checked in full, 1 missing\n"
"  Not checked in full; the log has the reasons:\n"
"    drivers/failed.o\n"
"    drivers/map%20one.o\n"
"  Missing: compiled, but not checked by this build. 'protflow run -p OBJTREE --missing' checks them:\n"
"    drivers/gone.o\n"
"\n"
"PF2101 ReadOnlyNested: VIOLATED, 2 findings; 1 place to review by hand, in the log\n"
"    drivers/map%20one.c:11:10: in 'map_one': 'prot' may lack write permission in "
	"'struct entry.val'.\n"
"    include/table.h:6:2: in 'set_entry': 'v' may lack write permission in 'struct entry.val'.\n"
"PF2102 SilentRefusal: VIOLATED, 1 finding; 1 place to review by hand, in the log\n"
"    drivers/map%20one.c:12:2: in 'map_one': 'map_one' refuses without a message.\n"
"PF2103 OtherDesign: incomplete, 1 unit of the build was not checked\n"
"\n"
"SARIF: out.sarif\n");
}

/* The log of a unit that proves the first rule. */
static char *log_of_a_proof(void)
{
	struct report r = { .rules = &sample.rules, .directory = sample.obj, .complete = true,
			    .source = "s.c", .object = "s.o" };
	struct rule_outcome *o = report_outcome(&r, &sample.rules.rules.v[0]);
	static const char *guards[] = { "the guard in 'f'" };
	static const char *assumptions[] = { "'struct dom.nested' is init-only" };

	o->when = WHEN_TRUE;
	o->sinks = 3;
	o->verdict = VERDICT_PROVED;
	o->guards = guards;
	o->assumptions = assumptions;
	o->nguards = o->nassumptions = 1;
	return unit_log(&r);
}

static void summary_of_a_proof(void **state)
{
	const char *v[] = { log_of_a_proof() };

	(void)state;
	assert_string_equal(summary_of(v, 1, NULL),
"Units: 1 checked\n"
"\n"
"PF2101 ReadOnlyNested: proved (3 places in 1 unit)\n"
"    rests on the guard in 'f'\n"
"    assuming: 'struct dom.nested' is init-only\n"
"Not applicable, no unit has the design they are for:\n"
"    PF2102 SilentRefusal, PF2103 OtherDesign\n"
"\n"
"SARIF: out.sarif\n");
}

/* What several proofs take for granted is said once, and what is to be done comes first. */
static void summary_of_several_proofs(void **state)
{
	const char *own[] = { "own", "common", "other" }, *fewer[] = { "common", "other" };
	struct merge_rule rules[] = {
		{ .id = "PF1", .name = "One", .verdict = VERDICT_PROVED, .sinks = 2, .units = 2,
		  .assumptions = own, .nassumptions = 3 },
		{ .id = "PF2", .name = "Two", .verdict = VERDICT_NOT_APPLICABLE },
		{ .id = "PF3", .name = "Three", .verdict = VERDICT_PROVED, .sinks = 1, .units = 1,
		  .assumptions = fewer, .nassumptions = 2 },
		{ .id = "PF4", .name = "Four", .verdict = VERDICT_VIOLATION_MAY, .reviews = 2 },
		{ .id = "PF5", .name = "Five", .verdict = VERDICT_VACUOUS, .units = 1 },
	};
	struct merge_run run = { .rules = rules, .nrules = 5, .checked = 2 };
	struct buffer b = BUFFER_INIT;

	(void)state;
	summary_write(&run, NULL, &b);
	assert_string_equal(b.s,
"Units: 2 checked\n"
"\n"
"PF5 Five: VACUOUS: 1 unit has the design it is for, none has a place that it is about\n"
"PF4 Four: not certain: 2 places to review by hand, in the log\n"
"PF1 One: proved (2 places in 2 units)\n"
"    assuming: own\n"
"    assuming (a), (b)\n"
"PF3 Three: proved (1 place in 1 unit)\n"
"    assuming (a), (b)\n"
"Not applicable, no unit has the design they are for:\n"
"    PF2 Two\n"
"\n"
"Assumed in several proofs:\n"
"    (a) common\n"
"    (b) other\n");
	buffer_release(&b);
}

/* What was not checked may break the rule, have its design, or the place that it judges. */
static void nothing_is_proved_of_a_part(void **state)
{
	const char *v[] = { log_of_a_proof() };

	(void)state;
	assert_string_equal(summary_of(v, 1, "gone.o"),
"Units: 1 checked, 1 missing\n"
"  Missing: compiled, but not checked by this build. 'protflow run -p OBJTREE --missing' checks them:\n"
"    gone.o\n"
"\n"
"PF2101 ReadOnlyNested: incomplete, 1 unit of the build was not checked\n"
"PF2102 SilentRefusal: incomplete, 1 unit of the build was not checked\n"
"PF2103 OtherDesign: incomplete, 1 unit of the build was not checked\n"
"\n"
"SARIF: out.sarif\n");
	v[0] = logs[SAMPLE_VACUOUS];
	assert_non_null(strstr(summary_of(v, 1, "gone.o"), "OtherDesign: incomplete, 1 unit"));
}

/* The file of the rules as a reader gives it, and how often it was asked for. */
struct shelf {
	char name[RULES_FILE_NAME];
	struct buffer text;
	unsigned asked;
	int err;
};

static int read_shelf(void *arg, const char *log, const char *name, struct buffer *text)
{
	struct shelf *s = arg;

	assert_string_equal(log, "log");
	assert_string_equal(name, s->name);
	s->asked++;
	if (!s->err)
		buffer_add(text, s->text.s, s->text.n);
	return s->err;
}

/* The logs of the sample as a build leaves them. */
static void leave_logs(struct shelf *s, const char **left)
{
	*s = (struct shelf){ .err = 0 };
	rules_file_write(&sample.rules, &s->text, s->name);
	for (unsigned i = 0; i < SAMPLE_KINDS; i++) {
		struct report r = { 0 };

		sample_report(&sample, i, &r);
		left[i] = log_of(&r, s->name);
		assert_true(strlen(left[i]) < strlen(logs[i]));
		assert_null(strstr(left[i], "messageStrings"));
	}
}

static void logs_of_a_build_merge_alike(void **state)
{
	const char *left[SAMPLE_KINDS], *all = merge_of(logs, SAMPLE_KINDS);
	struct shelf s;

	(void)state;
	leave_logs(&s, left);
	for (unsigned set = 0; set < 1u << SAMPLE_KINDS; set++) {
		struct merge *m = merge_new();

		s.asked = 0;
		merge_rules_files(m, read_shelf, &s);
		for (unsigned i = 0; i < SAMPLE_KINDS; i++)
			add(m, set & 1u << i ? logs[i] : left[i]);
		assert_string_equal(finish(m), all);
		assert_int_equal(s.asked, set != (1u << SAMPLE_KINDS) - 1);
	}
	buffer_release(&s.text);
}

static void assert_not_taken(struct merge *m, const char *text, const char *expected)
{
	struct buffer why = BUFFER_INIT;

	assert_false(merge_add(m, "log", text, strlen(text), &why));
	assert_non_null(strstr(why.s, expected));
	buffer_release(&why);
}

/* Whatever is wrong with that file, nothing of the log is taken. */
static void a_log_needs_its_rules(void **state)
{
	const char *left[SAMPLE_KINDS], *nothing = merge_of(NULL, 0);
	struct merge *m = merge_new();
	struct shelf s;
	char *other;

	(void)state;
	leave_logs(&s, left);
	assert_not_taken(m, left[0], "cannot be read");
	merge_rules_files(m, read_shelf, &s);
	s.err = -EACCES;
	assert_not_taken(m, left[0], "rules-");
	s.err = 0;
	s.text.s[s.text.n / 2] ^= 1;
	assert_not_taken(m, left[0], "is damaged");
	s.text.s[s.text.n / 2] ^= 1;
	s.text.n--;
	assert_not_taken(m, left[0], "is damaged");
	other = arena_strdup(&sample.arena, left[0]);
	memcpy(strstr(other, s.name), "../../../etc/xyz", RULES_FILE_NAME - 1);
	assert_not_taken(m, other, "damaged name");
	assert_string_equal(finish(m), nothing);
	buffer_release(&s.text);
}

int test_merge(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_does_not_matter), cmocka_unit_test(merging_is_associative),
		cmocka_unit_test(twice_is_once), cmocka_unit_test(headers_give_one_result),
		cmocka_unit_test(indices_fit), cmocka_unit_test(the_worst_verdict_wins),
		cmocka_unit_test(fingerprints_are_counted_again),
		cmocka_unit_test(verdicts_of_the_run), cmocka_unit_test(vacuous_is_of_the_run),
		cmocka_unit_test(incomplete_does_not_hide_vacuous),
		cmocka_unit_test(missing_units_are_told),
		cmocka_unit_test(versions_and_files_that_differ),
		cmocka_unit_test(what_is_no_log_is_refused),
		cmocka_unit_test(half_a_log_is_refused), cmocka_unit_test(summary_golden),
		cmocka_unit_test(summary_of_a_proof), cmocka_unit_test(nothing_is_proved_of_a_part),
		cmocka_unit_test(summary_of_several_proofs),
		cmocka_unit_test(logs_of_a_build_merge_alike),
		cmocka_unit_test(a_log_needs_its_rules),
	};

	return cmocka_run_group_tests_name("merge", tests, setup, teardown);
}
