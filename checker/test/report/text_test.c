/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <string.h>
#include <unistd.h>

#include "report/text.h"
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

/* What a report says, with the folder of the sample as "@". */
static char *text_of(const struct report *r, const struct text_options *o)
{
	struct buffer b = BUFFER_INIT, out = BUFFER_INIT;
	size_t n = strlen(sample.dir);
	char *text;

	text_report(r, o, &b);
	for (const char *s = buffer_str(&b); *s; ) {
		bool dir = !strncmp(s, sample.dir, n);

		buffer_putc(&out, dir ? '@' : *s);
		s += dir ? n : 1;
	}
	text = arena_strdup(&sample.arena, buffer_str(&out));
	buffer_release(&b);
	buffer_release(&out);
	return text;
}

static void text_golden(void **state)
{
	static const struct text_options passes = { .report_passes = true };
	struct report r = { 0 };

	(void)state;
	sample_report(&sample, SAMPLE_FULL, &r);
	assert_string_equal(text_of(&r, &passes),
"@/src/drivers/map one.c:11:13: warning: 'prot' may lack write permission in 'struct entry.val'. "
	"[PF2101]\n"
"@/src/drivers/map one.c:11:13: note: A guest can then change memory that is not its own.\n"
"@/src/drivers/map one.c:11:13: note: reached from 'map_all'\n"
"@/src/drivers/map one.c:11:13: note: with prot = 1 and nested = 1\n"
"@/src/drivers/map one.c:9:6: note: the guard [of v1] in 'map_one'\n"
"@/src/drivers/map one.c:16:5: note: 'map_all' is entered\n"
"@/src/drivers/map one.c:19:7: note: calls 'map_one' with prot = 1\n"
"@/src/drivers/map one.c:11:13: note: calls 'set_entry'\n"
"../src/include/table.h:6:2: note: the entry is stored\n"
"@/src/drivers/map one.c:11:13: note: reproduce with: cd @/obj && protflow check -- -c x.c\n"
"../src/include/table.h:6:2: warning: 'v' may lack write permission in 'struct entry.val'. "
	"[PF2101]\n"
"../src/include/table.h:6:2: note: A guest can then change memory that is not its own.\n"
"../src/include/table.h:6:2: note: with v = 1 and nested = 1\n"
"@/src/drivers/map one.c:16:5: note: 'map_all' is entered\n"
"@/src/drivers/map one.c:19:7: note: calls 'map_one' with prot = 1\n"
"@/src/drivers/map one.c:11:13: note: calls 'set_entry'\n"
"../src/include/table.h:6:2: note: the entry is stored\n"
"../src/include/table.h:6:2: note: reproduce with: cd @/obj && protflow check -- -c x.c\n"
"@/src/drivers/map one.c:12:2: warning: 'map_one' refuses without a message. [PF2102]\n"
"@/src/drivers/map one.c:12:2: note: An administrator sees only 'ops[i](x)' fail.\n"
"@/src/drivers/map one.c:5:25: note: in the definition of macro 'SET_ENTRY'\n"
"@/src/drivers/map one.c:12:2: note: reproduce with: cd @/obj && protflow check -- -c x.c\n"
"@/src/drivers/map one.c:19:7: note: incomplete: 'ReadOnlyNested' could not be decided here. "
	"[PF2101]\n"
"@/src/drivers/map one.c:19:7: note: not decided: 'ops->map' is not resolved\n"
"@/src/drivers/map one.c:19:7: note: not decided: inline assembly\n"
"@/src/drivers/map one.c: note: incomplete: 'SilentRefusal' could not be decided for this unit. "
	"[PF2102]\n"
"@/src/drivers/map one.c: note: not decided: the unit did not parse cleanly\n"
"@/src/drivers/map one.c:12:2: note: proved: 'prot' has write permission, or the domain is no "
	"nesting parent. [PF2101]\n"
"@/src/drivers/map one.c:12:2: note: assumed: 'struct dom.nested' is init-only\n"
"@/src/drivers/map one.c:9:6: note: the guard in 'map_one'\n"
"include/generated/conf.h:1:9: note: does not parse: expected ';' [PF-parse]\n"
"@/src/drivers/map one.c: note: something new [PF-unheard-of]\n");
	report_release(&r);
}

static void nothing_where_nothing_is_wrong(void **state)
{
	static const struct text_options o = { 0 };
	static const enum sample_kind quiet[] = { SAMPLE_SKIPPED, SAMPLE_VACUOUS, SAMPLE_CLEAN };

	(void)state;
	for (unsigned i = 0; i < sizeof(quiet) / sizeof(*quiet); i++) {
		struct report r = { 0 };

		sample_report(&sample, quiet[i], &r);
		assert_string_equal(text_of(&r, &o), "");
		report_release(&r);
	}
}

/* As NIPA and others count: lines that match "warn" or "error", whatever the case. */
static unsigned counted_lines(const char *text)
{
	unsigned n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = strndup(text, len);

		n += strcasestr(line, "warn") || strcasestr(line, "error");
		free(line);
		text += len + (text[len] == '\n');
	}
	return n;
}

static void one_counted_line_for_a_violation(void **state)
{
	static const struct text_options o = { .report_passes = true, .for_build = true };
	struct step step = { .text = "calls 'pci_error_handler'", .importance = STEP_ESSENTIAL,
			     .place = { .file = "a.c", .line = 7, .col = 3 } };
	struct step hidden = step;
	struct report r = { .rules = &sample.rules, .source = "drivers/warnings.c",
			    .command = "protflow check --fail-on=ERROR" };
	struct finding *f = report_add(&r, &sample.rules.rules.v[0], VERDICT_VIOLATION_EXACT);
	struct step steps[2];
	char *text;

	(void)state;
	hidden.place.file = "errors.c";
	steps[0] = step;
	steps[1] = hidden;
	f->place = (struct place){ .file = "drivers/x.c", .line = 3, .col = 4 };
	f->message = "A device_error is lost.";
	f->values = "with warned = 1";
	f->reach = "reached from 'f'";
	f->steps = steps;
	f->nsteps = 2;
	f = report_add(&r, &sample.rules.rules.v[1], VERDICT_INCOMPLETE);
	f->message = "Not decided.";
	report_notify(&r, NOTE_EXECUTION, SEVERITY_ERROR, "PF-parse", NULL, "an error");
	text = text_of(&r, &o);
	assert_string_equal(text,
"drivers/x.c:3:4: warning: A device_error is lost. With warned = 1. Reproduce with: protflow check "
	"--fail-on=ERROR. [PF2101]\n"
"drivers/x.c:3:4: note: A guest can then change memory that is not its own.\n"
"drivers/x.c:3:4: note: reached from 'f'\n"
"a.c:7:3: note: the path goes through here\n"
"protflow: note: the log has a note on this unit, under [PF2102]\n"
"protflow: note: the log has a note on this unit, under [PF-parse]\n");
	assert_int_equal(counted_lines(text), 1);
	report_release(&r);
}

static void text_stays_on_its_lines(void **state)
{
	static const struct text_options o = { 0 };
	struct report r = { .rules = &sample.rules };
	struct finding *f = report_add(&r, &sample.rules.rules.v[1], VERDICT_VIOLATION_EXACT);

	(void)state;
	f->place = (struct place){ .file = "x.c", .line = 1, .col = 1 };
	f->message = "a\nb\x1b[31m";
	assert_string_equal(text_of(&r, &o), "x.c:1:1: warning: a b [31m [PF2102]\n");
	report_release(&r);
}

/* What is not sure says why; of many other places the text has a few. */
static void long_findings_are_cut(void **state)
{
	static const struct text_options o = { 0 };
	static const char *reasons[] = { "a value is not known" };
	struct report r = { .rules = &sample.rules };
	struct finding *f = report_add(&r, &sample.rules.rules.v[1], VERDICT_VIOLATION_MAY);
	struct related related[TEXT_RELATED + 2];

	(void)state;
	for (unsigned i = 0; i < TEXT_RELATED + 2; i++)
		related[i] = (struct related){ { .file = "r.c", .line = i + 1, .col = 1 }, "there" };
	f->place = (struct place){ .file = "x.c", .line = 1, .col = 1 };
	f->message = "Wrong.";
	f->reasons = reasons;
	f->nreasons = 1;
	f->related = related;
	f->nrelated = TEXT_RELATED + 2;
	assert_string_equal(text_of(&r, &o),
			    "x.c:1:1: warning: Wrong. [PF2102]\n"
			    "x.c:1:1: note: not certain: a value is not known\n"
			    "r.c:1:1: note: there\n"
			    "r.c:2:1: note: there\n"
			    "r.c:3:1: note: there\n"
			    "r.c:4:1: note: there\n"
			    "x.c:1:1: note: and 2 more such places; the log has them\n");
	report_release(&r);
}

/* A name of the source is another name with a capital. */
static void names_keep_their_letters(void **state)
{
	(void)state;
	assert_int_equal(text_capital("with prot = 1"), 'W');
	assert_int_equal(text_capital("'prot' is lost"), '\'');
	assert_int_equal(text_capital("set_nested stands for"), 's');
	assert_int_equal(text_capital("s1domain is"), 's');
	assert_int_equal(text_capital(""), 0);
}

/* Undecided places of one rule are one block with a count. */
static void incompletes_are_counted(void **state)
{
	static const struct text_options o = { 0 };
	struct report r = { .rules = &sample.rules };

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct finding *f = report_add(&r, &sample.rules.rules.v[i == 2], VERDICT_INCOMPLETE);

		f->place = (struct place){ .file = "x.c", .line = i + 1, .col = 1 };
		f->message = "Not decided.";
	}
	assert_string_equal(text_of(&r, &o),
			    "x.c:1:1: note: incomplete: Not decided. [PF2101]\n"
			    "x.c:1:1: note: and 3 more places of this unit\n"
			    "x.c:3:1: note: incomplete: Not decided. [PF2102]\n");
	report_release(&r);
}

/* A pipe in packet mode keeps the writes apart. */
static void blocks_are_single_writes(void **state)
{
	static const char text[] =
		"a.c:1:1: warning: x [PF1]\na.c:1:1: note: y\nb.c:2:2: note: z\n"
		"a.c:3:1: warning: x [PF1]\n"
		"a.c:4:1: note: incomplete: x [PF1]\na.c:4:1: note: y\n"
		"no line feed";
	static const size_t sizes[] = { 60, 26, 52, 12 };
	char got[4096];
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, 040000 /* O_DIRECT */), 0);
	assert_int_equal(text_send(fd[1], text, strlen(text)), 0);
	close(fd[1]);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(read(fd[0], got, sizeof(got)), sizes[i]);
	assert_int_equal(read(fd[0], got, sizeof(got)), 0);
	close(fd[0]);
	assert_true(text_send(-1, text, 1) < 0);
}

int test_text(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_golden), cmocka_unit_test(nothing_where_nothing_is_wrong),
		cmocka_unit_test(one_counted_line_for_a_violation),
		cmocka_unit_test(text_stays_on_its_lines),
		cmocka_unit_test(incompletes_are_counted),
		cmocka_unit_test(long_findings_are_cut),
		cmocka_unit_test(names_keep_their_letters),
		cmocka_unit_test(blocks_are_single_writes),
	};

	return cmocka_run_group_tests_name("text", tests, setup, teardown);
}
