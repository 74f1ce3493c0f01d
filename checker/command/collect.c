/* SPDX-License-Identifier: MIT */
#include "command/collect.h"

#include <stdio.h>
#include <string.h>

#include "command/commands.h"
#include "command/options.h"
#include "command/results.h"
#include "report/rules_file.h"
#include "report/summary.h"
#include "report/vcs.h"

#define RULES_FILE_MAX ((size_t)16 << 20)

const char collect_usage[] =
"  -o FILE            write the log there\n"
"  --fail-on=LEVEL    exit 1 with a finding of LEVEL: note, warning, error\n"
"  --strict           exit 1 with any finding, also where something is undecided,\n"
"                     missing, or of another version of protflow or its rules\n"
"  --reproducible     no times and no absolute paths in the log\n"
"  --category=NAME    automationDetails.id of the log: one for each configuration\n"
"  --quiet            no summary\n";

static int read_rules_file(void *arg, const char *log, const char *name, struct buffer *text)
{
	struct collect *c = arg;
	const char *folder = results_folder(&c->arena, log);

	return buffer_read_file(text, arena_printf(&c->arena, "%s/" RULES_FILE_PATH, folder, name),
				RULES_FILE_MAX);
}

void collect_init(struct collect *c)
{
	*c = (struct collect) { .merge = merge_new() };
	merge_rules_files(c->merge, read_rules_file, c);
}

void collect_release(struct collect *c)
{
	merge_free(c->merge);
	arena_release(&c->arena);
}

const char *option_value(const char *name, int argc, char **argv, int *i)
{
	const char *arg = argv[*i];
	size_t n = strlen(name);

	if (strncmp(arg, name, n))
		return NULL;
	if (arg[n] == '=')
		return arg + n + 1;
	if (arg[n])
		return NULL;
	return ++*i < argc ? argv[*i] : "";
}

bool collect_option(struct collect *c, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *v;

	if (!strcmp(arg, "--strict"))
		return c->strict = true;
	if (!strcmp(arg, "--quiet"))
		return c->quiet = true;
	if (!strcmp(arg, "--reproducible"))
		return c->options.reproducible = true;
	if ((v = option_value("-o", argc, argv, i)))
		return *(c->output = v);
	if ((v = option_value("--category", argc, argv, i)))
		return *(c->options.automation_id = v);
	if ((v = option_value("--fail-on", argc, argv, i)))
		return fail_on_parse(v, &c->fail_on);
	return false;
}

void collect_missing(struct collect *c, const char *unit)
{
	merge_missing(c->merge, unit);
}

void collect_log(struct collect *c, const char *path, const char *unit)
{
	struct buffer text = BUFFER_INIT, why = BUFFER_INIT;
	int err = buffer_read_file(&text, path, 0);

	if (err)
		buffer_printf(&why, "%s: %s", path, strerror(-err));
	if (err || !merge_add(c->merge, path, buffer_str(&text), text.n, &why)) {
		fprintf(stderr, "protflow: %s\n", buffer_str(&why));
		if (unit)
			merge_missing(c->merge, unit);
		else
			c->unusable = true;
	}
	buffer_release(&text);
	buffer_release(&why);
}

/* Asks for the versions of the sources; a path of this machine is no reproducible address. */
static void add_versions(struct collect *c)
{
	unsigned n;
	const char *const *sources = merge_sources(c->merge, &n);

	for (unsigned i = 0; i < n; i++) {
		struct sarif_vcs vcs;

		if (vcs_read(&c->arena, sources[i], &vcs) &&
		    !(c->options.reproducible && !strncmp(vcs.uri, "file:", 5)))
			merge_version(c->merge, &vcs);
	}
}

static bool fails(const struct collect *c, const struct merge_run *run)
{
	static const int lowest[] = { 99, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

	for (unsigned i = 0; i < run->nfindings; i++)
		if (c->strict || run->findings[i].level >= lowest[c->fail_on])
			return true;
	return c->strict && (run->incomplete || run->reviews ||
			     run->nmissing > c->elsewhere || run->stale);
}

static int write_log(struct collect *c)
{
	struct buffer log = BUFFER_INIT;
	int err;

	merge_write(c->merge, &c->options, &log);
	err = file_replace(c->output, buffer_str(&log), log.n);
	if (err)
		fprintf(stderr, "protflow: %s: cannot be written: %s\n", c->output,
			strerror(-err));
	buffer_release(&log);
	return err ? STATUS_USAGE : STATUS_OK;
}

static void print_summary(const struct collect *c, const struct merge_run *run, bool written)
{
	struct buffer text = BUFFER_INIT;

	summary_write(run, written ? c->output : NULL, &text);
	fd_write_all(1, buffer_str(&text), text.n);
	buffer_release(&text);
}

int collect_finish(struct collect *c)
{
	const struct merge_run *run;
	int status = STATUS_OK;

	if (c->output)
		add_versions(c);
	run = merge_finish(c->merge);
	if (c->output)
		status = write_log(c);
	if (!c->quiet)
		print_summary(c, run, c->output && !status);
	if (status || c->unusable || run->no_rules)
		return STATUS_USAGE;
	if (run->vacuous)
		return STATUS_VACUOUS;
	return fails(c, run) ? STATUS_FAILS : STATUS_OK;
}
