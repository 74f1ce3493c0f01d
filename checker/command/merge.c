/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command/commands.h"
#include "command/options.h"
#include "command/results.h"
#include "report/merge.h"
#include "report/summary.h"
#include "report/vcs.h"

static const char usage[] =
"usage: protflow merge [OPTION...] OBJTREE|LOG...\n"
"\n"
"Collects what 'make C=1 CHECK=run-check.sh' has left in object trees (an\n"
"external module's is its own folder), and logs, into one SARIF log, prints each\n"
"rule's verdict, and names the units of the build that have no result.\n"
"\n"
"  -o FILE            write the log there\n"
"  --fail-on=LEVEL    exit 1 with a finding of LEVEL: note, warning, error\n"
"  --strict           exit 1 with any finding, also where something is undecided,\n"
"                     missing, or of another version of protflow or its rules\n"
"  --reproducible     no times and no absolute paths in the log\n"
"  --category=NAME    automationDetails.id of the log: one for each configuration\n"
"  --quiet            no summary\n"
"\n"
"Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 usage, 3 a rule is\n"
"vacuous: the kernel has its design, and no unit has what it looks at.\n";

struct merging {
	const char *output;
	struct merge_options options;
	bool strict, quiet, help;
	uint8_t fail_on;		/* enum fail_on */
	const char **inputs;
	int ninputs;
	struct results results;
	struct merge *merge;
	bool unusable;			/* what was named is no log */
};

/* The value of --name=VALUE or --name VALUE; NULL where arg is another option. */
static const char *value_of(const char *arg, const char *name, int argc, char **argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(arg, name, n))
		return NULL;
	if (arg[n] == '=')
		return arg + n + 1;
	if (arg[n])
		return NULL;
	return ++*i < argc ? argv[*i] : "";
}

static bool take_option(struct merging *m, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *v;

	if (!strcmp(arg, "--strict"))
		return m->strict = true;
	if (!strcmp(arg, "--quiet"))
		return m->quiet = true;
	if (!strcmp(arg, "--reproducible"))
		return m->options.reproducible = true;
	if (!strcmp(arg, "--help"))
		return m->help = true;
	if ((v = value_of(arg, "-o", argc, argv, i)))
		return *(m->output = v);
	if ((v = value_of(arg, "--category", argc, argv, i)))
		return *(m->options.automation_id = v);
	if ((v = value_of(arg, "--fail-on", argc, argv, i)))
		return fail_on_parse(v, &m->fail_on);
	return false;
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

/* The unit of TREE/.protflow/OBJECT.sarif. */
static char *unit_of(struct arena *a, const char *path)
{
	const char *s = strstr(path, "/.protflow/");

	if (!s)
		return NULL;
	s += strlen("/.protflow/");
	return arena_strndup(a, s, strlen(s) - strlen(".sarif"));
}

/* A result that is not whole counts as none. */
static void add_log(struct merging *m, const char *path)
{
	struct buffer text = BUFFER_INIT, why = BUFFER_INIT;
	int err = buffer_read_file(&text, path, 0);
	char *unit;

	if (err)
		buffer_printf(&why, "%s: %s", path, strerror(-err));
	if (err || !merge_add(m->merge, path, buffer_str(&text), text.n, &why)) {
		fprintf(stderr, "protflow: %s\n", buffer_str(&why));
		unit = unit_of(&m->results.arena, path);
		if (unit)
			merge_missing(m->merge, unit);
		else
			m->unusable = true;
	}
	buffer_release(&text);
	buffer_release(&why);
}

static bool fails(const struct merging *m, const struct merge_run *run)
{
	static const int lowest[] = { 99, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

	for (unsigned i = 0; i < run->nfindings; i++)
		if (m->strict || run->findings[i].level >= lowest[m->fail_on])
			return true;
	return m->strict && (run->incomplete || run->reviews || run->nmissing || run->stale);
}

static int write_log(struct merging *m, const struct merge_run *run)
{
	struct buffer log = BUFFER_INIT;
	struct sarif_vcs vcs;
	int err;

	if (run->source && vcs_read(&m->results.arena, run->source, &vcs) &&
	    !(m->options.reproducible && !strncmp(vcs.uri, "file:", 5)))
		m->options.vcs = &vcs;
	merge_write(m->merge, &m->options, &log);
	err = file_replace(m->output, buffer_str(&log), log.n);
	if (err)
		fprintf(stderr, "protflow: %s: cannot be written: %s\n", m->output, strerror(-err));
	buffer_release(&log);
	return err ? STATUS_USAGE : STATUS_OK;
}

static void print_summary(const struct merging *m, const struct merge_run *run, bool written)
{
	struct buffer text = BUFFER_INIT;

	summary_write(run, written ? m->output : NULL, &text);
	fd_write_all(1, buffer_str(&text), text.n);
	buffer_release(&text);
}

static int run_merge(struct merging *m)
{
	const struct merge_run *run;
	int status = STATUS_OK;

	for (uint32_t i = 0; i < m->results.files.n; i++)
		add_log(m, m->results.files.v[i]);
	for (uint32_t i = 0; i < m->results.missing.n; i++)
		merge_missing(m->merge, m->results.missing.v[i]);
	run = merge_finish(m->merge);
	if (m->output)
		status = write_log(m, run);
	if (!m->quiet)
		print_summary(m, run, m->output && !status);
	if (status || m->unusable)
		return STATUS_USAGE;
	if (run->vacuous)
		return STATUS_VACUOUS;
	return fails(m, run) ? STATUS_FAILS : STATUS_OK;
}

int command_merge(int argc, char **argv)
{
	struct merging m = { .merge = merge_new() };
	int status = STATUS_USAGE;

	if (!parse(&m, argc, argv)) {
		fprintf(stderr, "Try 'protflow merge --help'.\n");
	} else if (m.help) {
		fputs(usage, stdout);
		status = STATUS_OK;
	} else if (gather(&m)) {
		status = run_merge(&m);
	}
	merge_free(m.merge);
	results_release(&m.results);
	return status;
}
