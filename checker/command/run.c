/* SPDX-License-Identifier: MIT */
/*
 * protflow run: units of a compile_commands.json, each checked by the code of
 * "protflow check" in a process of its own, as if Kbuild had called it.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/path.h"
#include "base/yaml.h"
#include "command/commands.h"
#include "command/missing.h"
#include "command/paths.h"
#include "command/pool.h"
#include "command/progress.h"
#include "command/relevance.h"
#include "command/rulebook.h"
#include "command/run_options.h"
#include "command/selection.h"

/* The worker of a check is given up long before; this is for the rest of it. */
#define UNIT_SECONDS(o) ((o)->unit.max_seconds * 5 + 60)

#define LIST_MAX ((size_t)64 << 20)

struct job {
	const struct run_unit *unit;
	bool in_full;		/* whatever its text says */
	bool failed;		/* there is no result */
};

struct run {
	struct run_options options;
	struct collect collect;
	struct selection selection;
	uint64_t rules;			/* their digest */
	struct job *jobs;		/* in the order of their names */
	uint32_t njobs;
	struct job *settled;		/* --missing: units that have a result already */
	uint32_t nsettled;
	struct progress progress;
};

/* A build's variables would be taken for those of the unit's own. */
static void clear_environment(void)
{
	static const char *const names[] = {
		"KBUILD_CHECKSRC", "KBUILD_EXTMOD", "KBUILD_EXTMOD_OUTPUT", "srctree", "objtree",
		"MAKEFLAGS", "PROTFLOW_CHECK",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

static bool tell(const struct buffer *faults)
{
	for (const char *s = buffer_str(faults); *s; ) {
		size_t n = strcspn(s, "\n");

		fprintf(stderr, "protflow: %.*s\n", (int)n, s);
		s += n + !!s[n];
	}
	return !faults->n;
}

/* ----------------------------------------------------------------- rules */

/* Once for all units: they would each tell the same. */
static bool check_rules(struct run *r)
{
	const struct check_options *o = &r->options.unit;
	struct yaml_faults faults = YAML_FAULTS_INIT;
	const char *dir = rules_dir(&r->collect.arena, o->rules_dir), *unknown;
	struct kbuild_unit unit = { .directory = "/" };
	struct rule_set rules = { 0 };
	bool good = false;

	if (dir)
		rules_read_dir(&rules, dir, &faults);
	if (dir)
		rulebook_check_models(dir, &faults);
	if (!dir)
		fprintf(stderr, "protflow: no rules were found: use --rules DIR or "
			"PROTFLOW_RULES\n");
	else if (rulebook_good(&faults) &&
		 !(good = rules_select(&rules, &unit, o->only, o->also, o->disable, &unknown)))
		fprintf(stderr, "protflow: there is no rule '%s'\n", unknown);
	r->rules = rules.digest;
	yaml_faults_release(&faults);
	rules_release(&rules);
	return good;
}

/* ------------------------------------------------------------- selection */

static bool read_list(struct run *r)
{
	const char *path = r->options.units;
	struct buffer text = BUFFER_INIT;
	char chunk[65536];
	size_t n;
	int err = 0;

	if (!strcmp(path, "-"))
		while (text.n < LIST_MAX && (n = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
			buffer_add(&text, chunk, n);
	else
		err = buffer_read_file(&text, path, LIST_MAX);
	if (err)
		fprintf(stderr, "protflow: %s: %s\n", path, strerror(-err));
	else
		selection_names(&r->selection, buffer_str(&text));
	buffer_release(&text);
	return !err;
}

/* Those that are there are settled, the others are left. A unit with a fault has no result. */
static void leave_missing(struct run *r)
{
	struct missing_list missing;
	uint32_t kept = 0;

	missing_init(&missing, r->rules, r->options.unit.facts);
	r->settled = arena_new_array(&r->selection.arena, struct job, r->njobs + 1);
	for (uint32_t i = 0; i < r->njobs; i++) {
		struct job *j = &r->jobs[i];
		enum missing m = j->unit->fault ? MISSING_CHECK : missing_of(&missing, j->unit);

		j->in_full = m == MISSING_IN_FULL;
		if (m == MISSING_NOT)
			r->settled[r->nsettled++] = *j;
		else
			r->jobs[kept++] = *j;
	}
	r->njobs = kept;
	missing_release(&missing);
}

static bool choose(struct run *r)
{
	struct run_options *o = &r->options;
	struct selection *s = &r->selection;
	struct buffer faults = BUFFER_INIT;
	bool good = selection_read(s, o->database, &faults);

	if (good && !s->units.n)
		buffer_printf(&faults, "%s: no C source of the kernel is in it\n",
			      s->database.path);
	else if (good)
		selection_paths(s, o->npaths, (const char *const *)o->paths, &faults);
	good = tell(&faults);
	buffer_release(&faults);
	if (!good || (o->units && !read_list(r)))
		return false;
	if (o->missing && !o->npaths && !o->units)
		selection_checked(s);
	selection_shard(s, o->shard, o->shards);
	r->jobs = arena_new_array(&s->arena, struct job, s->nmine + 1);
	for (uint32_t i = 0; i < s->units.n; i++)
		if (s->units.v[i].mine)
			r->jobs[r->njobs++].unit = &s->units.v[i];
	if (o->missing)
		leave_missing(r);
	return true;
}

/* What of the database is no unit. Names are left out: they could be counted as messages. */
static void tell_left_out(const struct selection *s)
{
	const struct { unsigned n; const char *what; } left[] = {
		{ s->no_c, "no C source" },
		{ s->host, "programs for the host of the build" },
		{ s->modpost, "made by modpost" },
		{ s->repeated, "the same once more" },
		{ s->conflicts, "another command for an object, of which the last is taken" },
	};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i].n)
			fprintf(stderr, "protflow: left out, %s: %u\n", left[i].what, left[i].n);
}

static int list(const struct run *r)
{
	for (uint32_t i = 0; i < r->njobs; i++)
		puts(r->jobs[i].unit->name);
	for (uint32_t i = 0; i < r->selection.unknown.v.n; i++)
		fprintf(stderr, "protflow: %s: no unit has this name\n",
			r->selection.unknown.v.v[i]);
	return fflush(stdout) ? STATUS_USAGE : STATUS_OK;
}

/* ----------------------------------------------------------------- check */

static int cannot(const char *path)
{
	fprintf(stderr, "protflow: %s: %s\n", path, strerror(errno));
	return STATUS_USAGE;
}

/* In the child. Nothing is freed: the process ends. */
static int check_one(void *ctx, uint32_t i)
{
	const struct run *r = ctx;
	const struct run_unit *u = r->jobs[i].unit;
	struct arena a = ARENA_INIT;
	struct word_list argv = { { NULL, 0, 0 } };

	array_push(&argv.v, "check");
	array_push(&argv.v, "--kbuild");
	for (int k = 0; k < r->options.ncheck; k++)
		array_push(&argv.v, r->options.check[k]);
	if (r->jobs[i].in_full)
		array_push(&argv.v, "--no-filter");
	array_push(&argv.v, "--");
	selection_argv(&r->selection, u, &a, &argv);
	/* What is there afterwards is of this check. */
	if (unlink(u->result) && errno != ENOENT && errno != ENOTDIR)
		return cannot(u->result);
	if (chdir(u->directory))
		return cannot(u->directory);
	if (r->selection.modtree && path_below(u->result, r->selection.modtree))
		setenv("KBUILD_EXTMOD", r->selection.modtree, 1);
	if (r->selection.srctree)
		setenv("srctree", r->selection.srctree, 1);
	if (u->arch)
		setenv("ARCH", u->arch, 1);
	setenv("PROTFLOW_DATABASE", r->selection.database.path, 1);
	return command_check((int)argv.v.n, (char **)argv.v.v);
}

/* Why there is no result, or NULL. Under Kbuild a check ends with 0. */
static const char *failure(struct arena *a, const char *result, const struct pool_end *end)
{
	if (end->late)
		return "it did not end in its time";
	if (end->status == -1)
		return "no process could be started for it";
	if (WIFSIGNALED(end->status))
		return arena_printf(a, "the check died of signal %d (%s)", WTERMSIG(end->status),
				    strsignal(WTERMSIG(end->status)));
	if (WEXITSTATUS(end->status) == ARENA_EXIT_NOMEM)
		return "the check ran out of memory";
	if (WEXITSTATUS(end->status) || access(result, F_OK))
		return "it left no result";
	return NULL;
}

/* The result of a check that failed, or the one before, is not to be taken for its own. */
static void checked(void *ctx, uint32_t i, const struct pool_end *end)
{
	struct run *r = ctx;
	const struct run_unit *u = r->jobs[i].unit;
	const char *why = failure(&r->collect.arena, u->result, end);

	progress_text(&r->progress, end->text, end->n);
	if (why) {
		progress_printf(&r->progress, "protflow: %s: not checked: %s\n", u->name, why);
		r->jobs[i].failed = true;
		unlink(u->result);
	}
	progress_step(&r->progress);
}

/* Tells which units cannot be checked at all, and leaves the others. */
static void set_aside(struct run *r)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < r->njobs; i++) {
		const struct run_unit *u = r->jobs[i].unit;

		if (!u->fault) {
			r->jobs[kept++] = r->jobs[i];
			continue;
		}
		fprintf(stderr, "protflow: %s: not checked: %s\n", u->name, u->fault);
		collect_missing(&r->collect, u->name);
	}
	r->njobs = kept;
}

static void collect_jobs(struct run *r, const struct job *jobs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct run_unit *u = jobs[i].unit;

		if (jobs[i].failed)
			collect_missing(&r->collect, u->name);
		else
			collect_log(&r->collect, u->result, u->name);
	}
}

static void collect_units(struct run *r)
{
	const struct selection *s = &r->selection;

	collect_jobs(r, r->jobs, r->njobs);
	collect_jobs(r, r->settled, r->nsettled);
	for (uint32_t i = 0; i < s->units.n; i++)
		if (s->units.v[i].beside || (s->units.v[i].wanted && !s->units.v[i].mine))
			collect_missing(&r->collect, s->units.v[i].name);
	for (uint32_t i = 0; i < s->unknown.v.n; i++)
		collect_missing(&r->collect, s->unknown.v.v[i]);
	r->collect.elsewhere = s->nwanted - s->nmine + s->nbeside;
}

static int check_all(struct run *r)
{
	struct pool pool = { .jobs = r->options.jobs, .seconds = UNIT_SECONDS(&r->options),
			     .work = check_one, .done = checked, .ctx = r };

	if (!r->collect.quiet)
		tell_left_out(&r->selection);
	set_aside(r);
	if (r->options.missing && !r->collect.quiet)
		fprintf(stderr, "protflow: missing units: %u; the others, %u, are there\n", r->njobs,
			r->nsettled);
	progress_begin(&r->progress, r->njobs, r->collect.quiet);
	pool_run(&pool, r->njobs);
	progress_end(&r->progress);
	collect_units(r);
	return collect_finish(&r->collect);
}

int command_run(int argc, char **argv)
{
	struct run r = { .jobs = NULL };
	int status = STATUS_USAGE;

	clear_environment();
	collect_init(&r.collect);
	if (!run_options_parse(&r.options, &r.collect, argc, argv)) {
		fprintf(stderr, "Try 'protflow run --help'.\n");
	} else if (r.options.help) {
		run_usage();
		status = STATUS_OK;
	} else if (check_rules(&r) && choose(&r)) {
		status = r.options.list ? list(&r) : check_all(&r);
	}
	selection_release(&r.selection);
	collect_release(&r.collect);
	return status;
}
