/* SPDX-License-Identifier: MIT */
/*
 * The reader of rules against golden faults: data/NAME.yaml gives the lines of
 * data/NAME.expect. PROTFLOW_UPDATE=1 in the environment writes them anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/yaml.h"
#include "cmocka_all.h"
#include "rules/rule.h"

struct set {
	struct rule_set rules;
	struct yaml_faults faults;
	struct buffer text;	/* of the faults */
};

static struct set read_text(const char *file, const char *text, size_t n)
{
	struct set s = { .faults = YAML_FAULTS_INIT };

	rules_read_text(&s.rules, file, text, n, &s.faults);
	yaml_faults_text(&s.faults, &s.text);
	return s;
}

static void release(struct set *s)
{
	rules_release(&s->rules);
	yaml_faults_release(&s->faults);
	buffer_release(&s->text);
}

static struct set read_data(const char *name)
{
	struct buffer path = BUFFER_INIT, text = BUFFER_INIT;
	struct set s;

	buffer_printf(&path, "%s/%s.yaml", TEST_DATA, name);
	assert_int_equal(buffer_read_file(&text, path.s, 0), 0);
	buffer_clear(&path);
	buffer_printf(&path, "%s.yaml", name);
	s = read_text(path.s, buffer_str(&text), text.n);
	buffer_release(&path);
	buffer_release(&text);
	return s;
}

static void test_golden(void **state)
{
	static const char *const names[] = {
		"ten-faults", "expressions", "clauses", "ids", "types", "cyclic", "latin1",
		"surrogate", "deep", "tab", "unclosed", "empty", "comment", "laughs", "good",
		"locks", "locks-good",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct buffer path = BUFFER_INIT, want = BUFFER_INIT;
		struct set s = read_data(names[i]);

		buffer_printf(&path, "%s/%s.expect", TEST_DATA, names[i]);
		if (getenv("PROTFLOW_UPDATE"))
			file_replace(path.s, buffer_str(&s.text), s.text.n);
		assert_int_equal(buffer_read_file(&want, path.s, 0), 0);
		assert_string_equal(buffer_str(&s.text), buffer_str(&want));
		buffer_release(&path);
		buffer_release(&want);
		release(&s);
	}
}

static void test_ten_lines(void **state)
{
	struct set s = read_data("ten-faults");
	unsigned lines = 0;

	(void)state;
	for (size_t i = 0; i < s.text.n; i++)
		lines += s.text.s[i] == '\n';
	assert_int_equal(lines, 10);
	assert_int_equal(s.rules.rules.n, 0);
	release(&s);
}

static void test_flag_flow(void **state)
{
	struct set s = read_data("good");
	const struct rule *r = rules_find(&s.rules, "PF1");
	struct rule_pos pos;

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->template, RULE_FLAG_FLOW);
	assert_int_equal(r->severity, SEVERITY_ERROR);
	assert_int_equal(r->confidence, CONFIDENCE_HIGH);
	assert_string_equal(r->slug, "good");
	assert_string_equal(r->why, "Because.");
	assert_int_equal(r->nwhen, 4);
	assert_string_equal(r->when[0].record, "struct d");
	assert_string_equal(r->when[0].field, "np");
	assert_true(r->when[1].absent);
	assert_string_equal(r->when[1].record, "struct d");
	assert_null(r->when[2].field);
	assert_string_equal(r->when[3].record, "union f");
	assert_true(r->when[3].absent);
	assert_int_equal(r->nbind, 2);
	assert_string_equal(r->bind[0].type, "struct d *");
	assert_false(r->bind[0].param);
	assert_string_equal(r->bind[1].type, "unsigned long");
	assert_true(r->bind[1].param);
	assert_int_equal(r->bind[1].nvars, 2);
	assert_string_equal(r->bind[1].vars[1], "iommu_prot");
	assert_int_equal(r->nat, 2);
	assert_int_equal(r->at[0].kind, AT_STORE);
	assert_string_equal(r->at[0].record, "struct e");
	assert_string_equal(r->at[0].field, "val");
	assert_int_equal(r->at[1].kind, AT_CALL);
	assert_string_equal(r->at[1].function, "set");
	assert_int_equal(r->at[1].argument, 1);
	assert_int_equal(r->npolicy, 2);
	assert_int_equal(r->policy[1].kind, POLICY_MONOTONE);
	assert_true(r->policy[1].monotone_to);
	assert_string_equal(r->policy[1].lock, "a.b");
	pos = rule_expr_at(&r->require, (size_t)(strstr(r->require.text, "FIELD_GET") -
						 r->require.text));
	assert_int_equal(pos.line, 22);
	assert_int_equal(pos.col, 25);
	release(&s);
}

static void test_refuse_warn(void **state)
{
	struct set s = read_data("good");
	const struct rule *r = rules_find(&s.rules, "PF2");
	struct rule_pos pos;

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->template, RULE_REFUSE_WARN);
	assert_string_equal(r->message, "'{function}' refuses '{domain}'.");
	assert_int_equal(r->returns, RETURN_ERRNO | RETURN_ERRPTR | RETURN_NULL | RETURN_FALSE);
	assert_int_equal(r->report_flavours, 7);
	assert_string_equal(r->bind[1].type, "integer");
	pos = rule_expr_at(&r->guard, (size_t)(strstr(r->guard.text, "domain") - r->guard.text));
	assert_int_equal(pos.line, r->guard.pos.line + 1);
	assert_int_equal(pos.col, 3);
	release(&s);
}

static void test_guarded_by(void **state)
{
	struct set s = read_data("locks-good");
	const struct rule *r = rules_find(&s.rules, "PF1");

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->template, RULE_GUARDED_BY);
	assert_int_equal(r->locking.nfields, 2);
	assert_string_equal(r->locking.fields[1].record, "struct d");
	assert_string_equal(r->locking.fields[1].field, "b");
	assert_int_equal(r->locking.fields[1].pos.line, 9);
	assert_int_equal(r->locking.fields[1].pos.col, 25);
	assert_false(r->locking.lock.is_global);
	assert_int_equal(r->locking.lock.nmembers, 2);
	assert_string_equal(r->locking.lock.members[0], "s2_domain");
	assert_string_equal(r->locking.lock.members[1], "inner.s1_lock");
	assert_int_equal(r->locking.write, NEED_EXCLUSIVE);
	assert_int_equal(r->locking.read, NEED_SHARED);
	r = rules_find(&s.rules, "PF2");
	assert_true(r->locking.lock.is_global);
	assert_int_equal(r->locking.lock.nmembers, 1);
	assert_string_equal(r->locking.lock.members[0], "table.lock");
	assert_int_equal(r->locking.write, NEED_SHARED);
	assert_int_equal(r->locking.read, NEED_NONE);
	release(&s);
}

static void test_stable_field(void **state)
{
	struct set s = read_data("locks-good");
	const struct rule *r = rules_find(&s.rules, "PF3");

	(void)state;
	assert_int_equal(r->template, RULE_STABLE_FIELD);
	assert_int_equal(r->locking.stable, STABLE_STICKY);
	assert_true(r->locking.stable_to);
	assert_int_equal(r->locking.nfields, 1);
	assert_string_equal(r->locking.fields[0].field, "np");
	r = rules_find(&s.rules, "PF4");
	assert_int_equal(r->locking.stable, STABLE_CLOSED);
	assert_int_equal(r->locking.nwriters, 2);
	assert_string_equal(r->locking.writers[1], "g");
	release(&s);
}

/* It is read as the sinks and policies that it stands for. */
static void test_two_sided(void **state)
{
	struct set s = read_data("locks-good");
	const struct rule *r = rules_find(&s.rules, "PF5");

	(void)state;
	assert_int_equal(r->template, RULE_TWO_SIDED);
	assert_int_equal(r->nat, 2);
	assert_int_equal(r->npolicy, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(r->at[i].kind, AT_STORE);
		assert_string_equal(r->at[i].field, i ? "users" : "ro");
		assert_int_equal(r->policy[i].kind, POLICY_GUARDED);
		assert_string_equal(r->policy[i].record, "struct d");
		assert_string_equal(r->policy[i].field, i ? "users" : "ro");
		assert_string_equal(r->policy[i].lock, "lock");
		assert_string_equal(r->locking.sides[i].unless.text,
				    i ? "domain->ro" : "domain->users");
		assert_int_equal(r->locking.sides[i].unless.pos.line, r->at[i].pos.line + 1);
	}
	release(&s);
}

static void test_other_locking(void **state)
{
	struct set s = read_data("locks-good");
	const struct rule *r = rules_find(&s.rules, "PF6");

	(void)state;
	assert_int_equal(r->template, RULE_LOCK_BALANCE);
	assert_int_equal(r->locking.nlocks, 1);
	assert_string_equal(r->locking.locks[0].field, "lock");
	r = rules_find(&s.rules, "PF7");
	assert_int_equal(r->template, RULE_STORAGE_UNIT);
	assert_string_equal(r->locking.record, "struct d");
	r = rules_find(&s.rules, "PF8");
	assert_int_equal(r->template, RULE_PUBLISH_THEN_READ);
	assert_string_equal(r->locking.list.field, "devices");
	assert_string_equal(r->locking.flag.field, "dirty");
	assert_int_equal(r->locking.ninstall, 2);
	assert_string_equal(r->locking.entry, "struct e");
	assert_int_equal(r->locking.napply, 1);
	assert_string_equal(r->locking.apply[0], "update");
	r = rules_find(&s.rules, "PF10");
	assert_int_equal(r->template, RULE_LOST_BIT);
	assert_null(r->locking.record);
	assert_string_equal(r->locking.fields[1].record, "union e");
	r = rules_find(&s.rules, "PF11");
	assert_int_equal(r->template, RULE_PAIRING);
	assert_string_equal(r->locking.act, "attach");
	assert_int_equal(rules_find(&s.rules, "PF90")->template, RULE_CONSISTENT_LOCK);
	assert_int_equal(rules_find(&s.rules, "PF90")->locking.least, 6);
	assert_string_equal(r->locking.undo, "detach");
	release(&s);
}

static const char *value_of(void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "sink") ? "struct e.val" : NULL;
}

static void test_format(void **state)
{
	struct set s = read_data("good");
	const struct rule *r = rules_find(&s.rules, "PF1");

	(void)state;
	assert_string_equal(rule_format(&s.rules.arena, r, value_of, NULL),
			    "'struct e.val' of 'domain' gets 'val'.");
	assert_string_equal(rule_format(&s.rules.arena, r, NULL, NULL),
			    "'sink' of 'domain' gets 'val'.");
	release(&s);
}

static void test_limits(void **state)
{
	size_t n = 10u << 20;
	char *text = malloc(n);
	struct set s;

	(void)state;
	memset(text, '#', n);
	s = read_text("big.yaml", text, n);
	assert_string_equal(s.text.s, "big.yaml:1:1: 10485760 bytes are too many, "
				      "1048576 is the limit\n");
	free(text);
	release(&s);
}

static void write_file(const char *path, const char *text)
{
	assert_int_equal(file_replace(path, text, strlen(text)), 0);
}

static void test_folder(void **state)
{
	char dir[] = "/tmp/protflow-rules-XXXXXX", path[128];
	struct set s = { .faults = YAML_FAULTS_INIT };
	struct buffer good = BUFFER_INIT;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_false(rules_read_dir(&s.rules, dir, &s.faults));
	assert_string_equal(s.faults.v.v[0].text, "there is no rule file (*.yaml) in this folder");
	yaml_faults_release(&s.faults);

	snprintf(path, sizeof(path), "%s/%s", TEST_DATA, "good.yaml");
	assert_int_equal(buffer_read_file(&good, path, 0), 0);
	snprintf(path, sizeof(path), "%s/sub", dir);
	assert_int_equal(file_mkdirs(path), 0);
	snprintf(path, sizeof(path), "%s/sub/good.yaml", dir);
	write_file(path, good.s);
	snprintf(path, sizeof(path), "%s/notes.txt", dir);
	write_file(path, "no rule");
	assert_true(rules_read_dir(&s.rules, dir, &s.faults));
	assert_int_equal(s.rules.rules.n, 2);
	assert_string_equal(s.rules.rules.v[0].id, "PF1");
	assert_int_not_equal(s.rules.digest, 0);

	/* A second time the same ids. */
	assert_false(rules_read_dir(&s.rules, dir, &s.faults));
	assert_int_equal(s.faults.v.n, 2);
	yaml_faults_release(&s.faults);
	snprintf(path, sizeof(path), "%s/other.yml", dir);
	write_file(path, "a: b");
	rules_release(&s.rules);
	memset(&s.rules, 0, sizeof(s.rules));
	assert_false(rules_read_dir(&s.rules, dir, &s.faults));
	assert_string_equal(s.faults.v.v[0].text,
			    "not read: the name of a rule file ends in .yaml");

	unlink(path);
	snprintf(path, sizeof(path), "%s/sub/good.yaml", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/sub", dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/notes.txt", dir);
	unlink(path);
	rmdir(dir);
	yaml_faults_release(&s.faults);
	assert_false(rules_read_dir(&s.rules, dir, &s.faults));
	buffer_release(&good);
	release(&s);
}

/* The digest is of contents and of names below the folder, not of where it lies. */
static void test_digest(void **state)
{
	struct set a = { .faults = YAML_FAULTS_INIT }, b = { .faults = YAML_FAULTS_INIT };
	char cwd[4096];

	(void)state;
	assert_true(rules_read_dir(&a.rules, TEST_RULES "/", &a.faults));
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(chdir(TEST_RULES), 0);
	assert_true(rules_read_dir(&b.rules, ".", &b.faults));
	assert_int_equal(chdir(cwd), 0);
	assert_true(a.rules.digest == b.rules.digest);
	assert_true(a.rules.rules.n >= 6);
	release(&a);
	release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden), cmocka_unit_test(test_ten_lines),
		cmocka_unit_test(test_flag_flow), cmocka_unit_test(test_refuse_warn),
		cmocka_unit_test(test_guarded_by), cmocka_unit_test(test_stable_field),
		cmocka_unit_test(test_two_sided), cmocka_unit_test(test_other_locking),
		cmocka_unit_test(test_format), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_folder), cmocka_unit_test(test_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
