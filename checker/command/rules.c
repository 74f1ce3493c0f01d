/* SPDX-License-Identifier: MIT */
/*
 * rules.c - "protflow rules": list, check, explain, test
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/yaml.h"
#include "command/commands.h"
#include "command/infer.h"
#include "command/paths.h"
#include "command/rulebook.h"
#include "command/rules_test.h"
#include "model/model.h"

static const char usage[] =
"usage: protflow rules list [--rules DIR]\n"
"       protflow rules check [DIR | FILE...]\n"
"       protflow rules explain ID [--rules DIR]\n"
"       protflow rules test [DIR] [--rules DIR]\n"
"       protflow rules infer RECORD [OPTION...] -- ARGV\n"
"       protflow rules infer RECORD [OPTION...] OBJTREE...\n"
"\n"
"  list     one line per rule\n"
"  check    read the rules and models of a folder, or rule files and models/ files,\n"
"           and tell all that is wrong with them, a line each\n"
"  explain  what a rule says, why, how to fix it, how to silence it\n"
"  test     run the annotated examples beside the rules\n"
"  infer    how one unit, or a build as one program, uses the fields of a record\n"
"           and which locks it holds then, and the rules that say so: a rule file.\n"
"           ARGV and its OPTION as for protflow check, OBJTREE as for protflow link\n"
"\n"
"Exit status: 0 fine, 1 an example is not as it says, 2 usage, rule or model file.\n";

struct call {
	struct arena arena;
	struct rule_set rules;
	struct model model;
	struct yaml_faults faults;
	const char *option;		/* --rules */
	const char **args;
	unsigned nargs;
	bool help;
};

static int usage_fault(const char *fmt, const char *word)
{
	fputs("protflow: ", stderr);
	fprintf(stderr, fmt, word);
	fputs("\nTry 'protflow rules --help'.\n", stderr);
	return 2;
}

static bool read_rules(struct call *c, const char *dir)
{
	if (!dir)
		dir = rules_dir(&c->arena, c->option);
	if (!dir) {
		fputs("protflow: no rules: neither --rules, nor PROTFLOW_RULES, nor a folder "
		      "'rules' beside the program\n", stderr);
		return false;
	}
	rulebook_read(dir, &c->rules, &c->model, &c->faults);
	return rulebook_good(&c->faults);
}

/* -------------------------------------------------------------- commands */

static const char *severity_name(const struct rule *r)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[r->severity];
}

static const char *confidence_name(const struct rule *r)
{
	static const char *const names[] = { "low", "medium", "high" };

	return names[r->confidence];
}

static int rules_list(struct call *c)
{
	if (!read_rules(c, NULL))
		return 2;
	for (uint32_t i = 0; i < c->rules.rules.n; i++) {
		const struct rule *r = &c->rules.rules.v[i];

		printf("%-8s %-8s %-7s %s%s\n", r->id, severity_name(r), confidence_name(r),
		       r->short_text, r->on_request ? " (on request)" : "");
	}
	return 0;
}

/* Whether the file stands directly in a folder of that name, as in a folder of rules. */
static bool is_model(const char *path)
{
	const char *base = strrchr(path, '/'), *dir = base ? base - strlen("models") : NULL;

	return base && dir >= path && !strncmp(dir, "models", strlen("models")) &&
	       (dir == path || dir[-1] == '/');
}

static void read_file(struct call *c, const char *path)
{
	struct buffer text = BUFFER_INIT;
	int err = buffer_read_file(&text, path, YAML_LIMIT);

	if (err == -EFBIG)
		yaml_fault(&c->faults, path, 1, 1, "more than %zu bytes", YAML_LIMIT);
	else if (err)
		yaml_fault(&c->faults, path, 0, 0, "%s", strerror(-err));
	else
		rules_read_text(&c->rules, path, buffer_str(&text), text.n, &c->faults);
	buffer_release(&text);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int rules_check(struct call *c)
{
	if (!c->nargs || (c->nargs == 1 && is_dir(c->args[0]))) {
		if (!read_rules(c, c->nargs ? c->args[0] : NULL))
			return 2;
	} else {
		for (unsigned i = 0; i < c->nargs; i++)
			if (is_model(c->args[i]))
				model_check_file(c->args[i], &c->faults);
			else
				read_file(c, c->args[i]);
		if (!rulebook_good(&c->faults))
			return 2;
	}
	printf("%u rule%s, nothing wrong\n", c->rules.rules.n, c->rules.rules.n == 1 ? "" : "s");
	return 0;
}

static void print_list(const char *head, const char *const *list, unsigned n)
{
	if (n)
		printf("%-11s", head);
	for (unsigned i = 0; i < n; i++)
		printf("%s%s", list[i], i + 1 < n ? ", " : "\n");
}

static void print_when(const struct rule *r)
{
	if (r->nwhen)
		printf("%-11s", "applies if");
	for (unsigned i = 0; i < r->nwhen; i++) {
		const struct rule_when *w = &r->when[i];

		if (w->field)
			printf("%s has %s%s", w->record, w->absent ? "not " : "", w->field);
		else
			printf("%s %s", w->record, w->absent ? "does not exist" : "exists");
		fputs(i + 1 < r->nwhen ? ", " : "\n", stdout);
	}
}

static const char *need_text(unsigned need)
{
	static const char *const names[] = { "none", "shared", "exclusive" };

	return names[need];
}

/* What a rule about locks and shared fields is about. */
static void print_locking(const struct rule *r)
{
	static const char *const stables[] = { "init-only", "monotone", "sticky", "closed" };
	const struct rule_locking *l = &r->locking;

	for (unsigned i = 0; i < l->nfields; i++)
		printf("%-11s%s.%s\n", i ? "" : "fields", l->fields[i].record, l->fields[i].field);
	if (l->record)
		printf("%-11s%s\n", "record", l->record);
	if (r->template == RULE_STABLE_FIELD)
		printf("%-11s%s\n", "is", stables[l->stable]);
	print_list("writers", l->writers, l->nwriters);
	if (l->declared)
		printf("%-11s%s\n", "declared", l->declared);
	if (l->lock.text)
		printf("%-11s%s\n", "lock", l->lock.text);
	if (r->template == RULE_GUARDED_BY)
		printf("%-11s%s\n%-11s%s\n", "write", need_text(l->write), "read",
		       need_text(l->read));
	for (unsigned i = 0; r->template == RULE_TWO_SIDED && i < RULE_SIDES; i++)
		printf("%-11s%s.%s unless %s\n", i ? "" : "sides", l->sides[i].set.record,
		       l->sides[i].set.field, l->sides[i].unless.text);
	for (unsigned i = 0; i < l->nlocks; i++)
		printf("%-11s%s.%s\n", i ? "" : "locks", l->locks[i].record, l->locks[i].field);
	if (l->list.field)
		printf("%-11s%s.%s\n%-11s%s.%s\n", "list", l->list.record, l->list.field, "flag",
		       l->flag.record, l->flag.field);
	print_list("install", l->install, l->ninstall);
	if (l->inner.field)
		printf("%-11s%s.%s\n", "inner", l->inner.record, l->inner.field);
	if (l->entry)
		printf("%-11s%s\n", "entry", l->entry);
	print_list("apply", l->apply, l->napply);
	if (l->act)
		printf("%-11s%s\n%-11s%s\n", "act", l->act, "undo", l->undo);
}

static int rules_explain(struct call *c)
{
	const struct rule *r;

	if (c->nargs != 1)
		return usage_fault("'%s' wants the id of one rule", "rules explain");
	if (!read_rules(c, NULL))
		return 2;
	r = rules_find(&c->rules, c->args[0]);
	if (!r) {
		const char **ids = arena_new_array(&c->arena, const char *, c->rules.rules.n + 1);
		const char *near;

		for (uint32_t i = 0; i < c->rules.rules.n; i++)
			ids[i] = c->rules.rules.v[i].id;
		near = yaml_suggest(c->args[0], ids);
		fprintf(stderr, "protflow: there is no rule '%s'%s%s%s\n", c->args[0],
			near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
		return 2;
	}
	printf("%s %s\n%s\n\n", r->id, r->name, r->short_text);
	printf("%-11s%s\n%-11s%s\n", "severity", severity_name(r), "confidence",
	       confidence_name(r));
	print_list("CWE", r->cwe, r->ncwe);
	print_list("tags", r->tags, r->ntags);
	print_list("scope", r->scope, r->nscope);
	print_when(r);
	print_locking(r);
	printf("%-11s%s:%u\n\n", "file", r->path, r->pos.line);
	if (r->require.text)
		printf("requires   %s\n\n", r->require.text);
	if (r->guard.text)
		printf("guard      %s\n\n", r->guard.text);
	fputs(r->help, stdout);
	return 0;
}

static int rules_run_test(struct call *c)
{
	struct buffer out = BUFFER_INIT, faults = BUFFER_INIT;
	bool ok;

	if (c->nargs > 1)
		return usage_fault("'%s' wants one folder", "rules test");
	if (!read_rules(c, c->nargs ? c->args[0] : NULL))
		return 2;
	ok = rules_test(&c->rules, &c->model, &out, &faults);
	fd_write_all(1, buffer_str(&out), out.n);
	fd_write_all(2, buffer_str(&faults), faults.n);
	buffer_release(&out);
	buffer_release(&faults);
	return ok ? 0 : 1;
}

static const struct {
	const char *name;
	int (*run)(struct call *c);
} subcommands[] = {
	{ "list", rules_list },
	{ "check", rules_check },
	{ "explain", rules_explain },
	{ "test", rules_run_test },
};

#define NSUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

/* ------------------------------------------------------------------ words */

static bool read_words(struct call *c, int argc, char **argv)
{
	c->args = arena_new_array(&c->arena, const char *, argc + 1);
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			c->help = true;
		} else if (!strncmp(argv[i], "--rules=", 8)) {
			c->option = argv[i] + 8;
		} else if (!strcmp(argv[i], "--rules")) {
			if (++i == argc) {
				usage_fault("'%s' wants a folder", "--rules");
				return false;
			}
			c->option = argv[i];
		} else if (argv[i][0] == '-') {
			usage_fault("unknown option '%s'", argv[i]);
			return false;
		} else {
			c->args[c->nargs++] = argv[i];
		}
	}
	return true;
}

static int dispatch(struct call *c)
{
	if (c->help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!c->nargs)
		return usage_fault("'%s' wants one of list, check, explain, test and infer", "rules");
	for (size_t i = 0; i < NSUBCOMMANDS; i++) {
		if (strcmp(subcommands[i].name, c->args[0]))
			continue;
		c->args++;
		c->nargs--;
		return subcommands[i].run(c);
	}
	return usage_fault("there is no 'rules %s'", c->args[0]);
}

int command_rules(int argc, char **argv)
{
	struct call c = { .faults = YAML_FAULTS_INIT };
	int status;

	if (argc > 1 && !strcmp(argv[1], "infer"))
		return command_infer(argc, argv);
	status = read_words(&c, argc, argv) ? dispatch(&c) : 2;
	rules_release(&c.rules);
	model_release(&c.model);
	yaml_faults_release(&c.faults);
	arena_release(&c.arena);
	return status;
}
