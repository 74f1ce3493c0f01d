/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command/collect.h"
#include "command/commands.h"
#include "command/results.h"

static const char usage_head[] =
"usage: protflow merge [OPTION...] OBJTREE|LOG...\n"
"\n"
"Collects what 'make C=1 CHECK=run-check.sh' or 'protflow run' has left in object\n"
"trees (an external module's is its own folder), and logs, merged ones too, into\n"
"one SARIF log, prints each rule's verdict, and names the units of the build that\n"
"have no result. The order does not matter, and what comes twice counts once.\n"
"\n";

static const char usage_tail[] =
"\n"
"Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 usage, or units were not\n"
"judged because a rule or model file is wrong, 3 a rule is vacuous: the kernel has\n"
"its design, and no unit has what it looks at.\n";

struct merging {
	struct collect collect;
	bool help;
	const char **inputs;
	int ninputs;
	struct results results;
};

static bool take_option(struct merging *m, int argc, char **argv, int *i)
{
	if (!strcmp(argv[*i], "--help"))
		return m->help = true;
	return collect_option(&m->collect, argc, argv, i);
}

static bool parse(struct merging *m, int argc, char **argv)
{
	m->inputs = arena_new_array(&m->results.arena, const char *, argc);
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (arg[0] != '-') {
			m->inputs[m->ninputs++] = arg;
		} else if (!take_option(m, argc, argv, &i)) {
			fprintf(stderr, "protflow: merge does not understand '%s'\n", arg);
			return false;
		}
	}
	if (!m->ninputs && !m->help)
		fprintf(stderr, "protflow: merge needs an object tree\n");
	return m->ninputs || m->help;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static bool gather(struct merging *m)
{
	for (int i = 0; i < m->ninputs; i++) {
		const char *path = m->inputs[i];

		if (!is_folder(path)) {
			array_push(&m->results.files, path);
		} else if (results_add_tree(&m->results, path)) {
			fprintf(stderr, "protflow: %s: no results of a check are there (.protflow); "
				"run make C=1 CHECK=/path/to/run-check.sh in it first\n", path);
			return false;
		}
	}
	return true;
}

static int run_merge(struct merging *m)
{
	for (uint32_t i = 0; i < m->results.files.n; i++) {
		const char *path = m->results.files.v[i];

		collect_log(&m->collect, path, results_object(&m->results.arena, path));
	}
	for (uint32_t i = 0; i < m->results.missing.n; i++)
		collect_missing(&m->collect, m->results.missing.v[i]);
	return collect_finish(&m->collect);
}

int command_merge(int argc, char **argv)
{
	struct merging m = { .help = false };
	int status = STATUS_USAGE;

	collect_init(&m.collect);
	if (!parse(&m, argc, argv)) {
		fprintf(stderr, "Try 'protflow merge --help'.\n");
	} else if (m.help) {
		printf("%s%s%s", usage_head, collect_usage, usage_tail);
		status = STATUS_OK;
	} else if (gather(&m)) {
		status = run_merge(&m);
	}
	collect_release(&m.collect);
	results_release(&m.results);
	return status;
}
