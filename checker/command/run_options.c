/* SPDX-License-Identifier: MIT */
#include "command/run_options.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kbuild/argv.h"

#define JOBS_MAX 1024
#define SHARDS_MAX 1000000

static const char usage_head[] =
"usage: protflow run [-p FILE] [OPTION...] [PATH...]\n"
"\n"
"Checks the units of a compile_commands.json, or of a tree that make has built, as\n"
"'make C=1' would have them checked: each leaves its result below .protflow/ of its\n"
"object tree. PATH is a file or folder of the kernel's source, or an object; without\n"
"one it is all.\n"
"\n"
"  -p FILE            the file, or the folder that holds it, or an object tree without\n"
"                     one, of which what make has left is read (default: here)\n"
"  --shard=I/N        part I of N, counted from 1\n"
"  --units=FILE       only units that FILE names, a line each; - for stdin\n"
"  --jobs=N           so many units at once (default: the processors)\n"
"  --missing          of the units only those of which a link or merge is without: no\n"
"                     result, one that is older than the source, of another version of\n"
"                     protflow or its rules; and those that the last link of the tree\n"
"                     wants, in full. Without PATH in the folders that were checked. The\n"
"                     log is of these and of those that are there; then link again\n"
"  --list             print the names of the units, check nothing\n"
"\n"
"and, of 'protflow check', for each unit: --rules --only --also --disable --facts\n"
"--report-passes --no-filter --max-seconds --max-memory --max-steps. At the end,\n"
"as 'protflow merge' does for the units of this run:\n"
"\n";

static const char usage_tail[] =
"\n"
"The log of a shard names the other shards' units as missing: merged with theirs\n"
"it is the log of the whole, and a lost shard is not overlooked.\n"
"\n"
"Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 usage, rule file or\n"
"compile_commands.json, 3 a rule is vacuous.\n";

void run_usage(void)
{
	printf("%s%s%s", usage_head, collect_usage, usage_tail);
}

static bool parse_number(const char *s, char end, unsigned max, unsigned *out, const char **rest)
{
	unsigned long n = 0;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9' && n <= max; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	*out = (unsigned)n;
	*rest = s + 1;
	return n >= 1 && n <= max && *s == end;
}

static bool parse_shard(const char *s, struct run_options *o)
{
	return parse_number(s, '/', SHARDS_MAX, &o->shard, &s) &&
	       parse_number(s, 0, SHARDS_MAX, &o->shards, &s) && o->shard <= o->shards;
}

static bool take_own(struct run_options *o, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *v;

	if (!strcmp(arg, "--list"))
		return o->list = true;
	if (!strcmp(arg, "--missing"))
		return o->missing = true;
	if (!strcmp(arg, "--help"))
		return o->help = true;
	if ((v = option_value("-p", argc, argv, i)))
		return *(o->database = v);
	if ((v = option_value("--units", argc, argv, i)))
		return *(o->units = v);
	if ((v = option_value("--shard", argc, argv, i)))
		return parse_shard(v, o);
	if ((v = option_value("--jobs", argc, argv, i)) || (v = option_value("-j", argc, argv, i)))
		return parse_number(v, 0, JOBS_MAX, &o->jobs, &v);
	return false;
}

/* A unit's check works in another directory. */
static const char *absolute(struct arena *a, const char *path)
{
	char *cwd = getcwd(NULL, 0);

	if (*path && cwd)
		path = kbuild_absolute(a, cwd, path);
	free(cwd);
	return path;
}

/* What a check of one unit needs to know; as "--name=value", so that it is one word. */
static bool take_check(struct run_options *o, struct arena *a, int argc, char **argv, int *i)
{
	static const char *const flags[] = { "--report-passes", "--no-filter" };
	static const char *const values[] = {
		"--rules", "--facts", "--only", "--also", "--disable", "--max-seconds", "--max-memory",
		"--max-steps",
	};
	enum { FOLDERS = 2 };	/* the first of the values */

	for (size_t k = 0; k < sizeof(flags) / sizeof(flags[0]); k++)
		if (!strcmp(argv[*i], flags[k]))
			return (o->check[o->ncheck++] = argv[*i]);
	for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
		const char *v = option_value(values[k], argc, argv, i);

		if (v && k < FOLDERS)
			v = absolute(a, v);
		if (v)
			return (o->check[o->ncheck++] = arena_printf(a, "%s=%s", values[k], v));
	}
	return false;
}

/* What both are told. */
static void share_options(struct run_options *o, struct collect *c)
{
	const char *rules = getenv("PROTFLOW_RULES");
	struct arena *a = &c->arena;

	if (rules && *rules)
		setenv("PROTFLOW_RULES", absolute(a, rules), 1);
	if (c->options.reproducible)
		o->check[o->ncheck++] = arena_strdup(a, "--reproducible");
	if (c->options.automation_id)
		o->check[o->ncheck++] = arena_printf(a, "--category=%s", c->options.automation_id);
}

static bool accept_check(struct run_options *o)
{
	struct buffer faults = BUFFER_INIT;
	bool good;

	check_options_parse(&o->unit, o->ncheck, (const char *const *)o->check, &faults);
	good = !faults.n;
	if (!good)
		fprintf(stderr, "protflow: %s", faults.s);
	buffer_release(&faults);
	return good;
}

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned)CPU_COUNT(&set);
}

bool run_options_parse(struct run_options *o, struct collect *c, int argc, char **argv)
{
	*o = (struct run_options) { .database = ".", .shard = 1, .shards = 1,
				    .jobs = processors() };
	o->paths = arena_new_array(&c->arena, char *, argc);
	o->check = arena_new_array(&c->arena, char *, argc + 2);
	for (int i = 1; i < argc; i++) {
		int at = i;

		if (argv[i][0] != '-') {
			o->paths[o->npaths++] = argv[i];
		} else if (!take_own(o, argc, argv, &i) &&
			   (i != at || !take_check(o, &c->arena, argc, argv, &i)) &&
			   (i != at || !collect_option(c, argc, argv, &i))) {
			fprintf(stderr, "protflow: run does not understand '%s'%s%s\n", argv[at],
				i != at && i < argc ? " with " : "",
				i != at && i < argc ? argv[i] : "");
			return false;
		}
	}
	share_options(o, c);
	return accept_check(o);
}
