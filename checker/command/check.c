/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/yaml.h"
#include "command/call.h"
#include "command/commands.h"
#include "command/leave.h"
#include "command/output.h"
#include "command/paths.h"
#include "command/relevance.h"
#include "command/rulebook.h"
#include "command/unit.h"
#include "command/worker.h"
#include "report/descriptor.h"
#include "report/text.h"

/* One check: what was asked, what is said. */
struct check {
	struct call call;
	struct rule_set rules;
	struct report report;
	struct buffer complaint;	/* instead of a report's text, for a call by hand */
	struct buffer text;
	struct output_logs logs;
	bool told;			/* text and logs are those of the worker */
	int status;
};

/* The unit cannot be judged: the report of the parent stands in for the worker's. */
static void give_up(struct check *k, const char *id, const char *reason)
{
	bool any;
	const bool *concerned = relevance(&k->call.arena, &k->call.unit, &k->rules, RELEVANCE_EACH,
					  &any, NULL);

	report_notify(&k->report, NOTE_EXECUTION, SEVERITY_WARNING, id, NULL, "%s", reason);
	unit_incomplete(&k->report, concerned, reason);
	k->report.complete = false;
}

static const char *end_reason(struct check *k, const struct worker_result *w, const char **id)
{
	struct arena *a = &k->report.arena;
	const struct check_options *o = &k->call.options;

	*id = "PF-budget";
	switch (w->end) {
	case WORKER_SECONDS:
		return arena_printf(a, "the unit was given up after %g s; --max-seconds=N "
				    "gives it more", o->max_seconds);
	case WORKER_MEMORY:
		return arena_printf(a, "the unit was given up at %llu MiB; --max-memory=MB "
				    "gives it more", (unsigned long long)o->max_memory);
	case WORKER_DIED:
		*id = "PF-crash";
		return arena_printf(a, "protflow-unit died of signal %d (%s)", w->status,
				    strsignal(w->status));
	default:
		*id = "PF-crash";
		return arena_printf(a, "protflow-unit ended with status %d", w->status);
	}
}

static void run_worker(struct check *k, const char *dir)
{
	struct worker_result w;
	const char *id, *reason;

	worker_run(&k->call, dir, &w);
	if (w.end == WORKER_DONE) {
		buffer_add(&k->text, buffer_str(&w.text), w.text.n);
		buffer_add(&k->logs.sarif, buffer_str(&w.logs.sarif), w.logs.sarif.n);
		buffer_add(&k->logs.left, buffer_str(&w.logs.left), w.logs.left.n);
		k->status = w.status;
		k->told = true;
	} else {
		reason = end_reason(k, &w, &id);
		give_up(k, id, reason);
		if (!k->call.by_kbuild)
			buffer_add(&k->text, buffer_str(&w.noise), w.noise.n);
	}
	worker_result_release(&w);
}

/* Why the source cannot be read as one, or NULL. */
static const char *source_fault(struct check *k)
{
	const char *source = k->call.unit.source;
	struct arena *a = &k->report.arena;
	struct stat st;

	if (!source)
		return "no source file among the arguments";
	if (stat(source, &st))
		return arena_printf(a, "%s: %s", source, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return arena_printf(a, "%s: is a directory, not a source file", source);
	if (!S_ISREG(st.st_mode))
		return arena_printf(a, "%s: is no regular file", source);
	if (access(source, R_OK))
		return arena_printf(a, "%s: %s", source, strerror(errno));
	return NULL;
}

/* The faults of rule and model files, as messages and as notifications. True where there is none. */
static bool no_faults(struct check *k, struct yaml_faults *f)
{
	bool good = !f->v.n;

	yaml_faults_text(f, &k->complaint);
	for (uint32_t i = 0; i < f->v.n; i++) {
		const struct yaml_fault *v = &f->v.v[i];
		struct place p = { .file = arena_strdup(&k->report.arena, v->file),
				   .line = v->line, .col = v->col,
				   .end_line = v->line, .end_col = v->col + 1 };

		report_notify(&k->report, NOTE_CONFIGURATION, SEVERITY_ERROR,
			      strstr(v->file, "/models/") ? NOTE_MODEL : NOTE_RULE_FILE, &p,
			      "%s", v->text);
	}
	yaml_faults_release(f);
	if (good)
		return true;
	k->report.complete = false;
	k->status = STATUS_USAGE;
	return false;
}

static void refuse(struct check *k, const char *id, const char *text)
{
	report_notify(&k->report, NOTE_CONFIGURATION, SEVERITY_ERROR, id, NULL, "%s", text);
	buffer_printf(&k->complaint, "protflow: %s\n", text);
	k->report.complete = false;
	k->status = STATUS_USAGE;
}

/* Reads the rules; false where they cannot be used. */
static bool read_rules(struct check *k, const char *dir)
{
	const struct check_options *o = &k->call.options;
	struct yaml_faults faults = YAML_FAULTS_INIT;
	const char *unknown;

	if (!dir) {
		refuse(k, NOTE_RULES, "no rules were found: use --rules DIR or PROTFLOW_RULES");
		return false;
	}
	/* All faults at once, if there are any. */
	if (!rules_read_dir(&k->rules, dir, &faults))
		rulebook_check_models(dir, &faults);
	if (!no_faults(k, &faults))
		return false;
	if (rules_select(&k->rules, &k->call.unit, o->only, o->also, o->disable, &unknown))
		return true;
	refuse(k, "PF-option", arena_printf(&k->report.arena, "there is no rule '%s'", unknown));
	return false;
}

/* A unit that is skipped is not judged by the models, and has not to read them. */
static bool models_are_good(struct check *k, const char *dir)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;

	rulebook_check_models(dir, &faults);
	return no_faults(k, &faults);
}

static void skip(struct check *k, const struct vocabulary *words)
{
	leave_facts(&k->call, &k->rules, FACTS_SKIPPED, words, NULL, &k->complaint);
	k->report.skipped = true;
	report_notify(&k->report, NOTE_EXECUTION, SEVERITY_NOTE, "PF-skipped", NULL,
		      "No enabled rule can concern this unit; its text does not name what they "
		      "are about.");
}

static void judge(struct check *k)
{
	struct arena *a = &k->call.arena;
	const char *dir = rules_dir(a, k->call.options.rules_dir);
	const char *fault = source_fault(k);
	struct vocabulary words = { 0 };
	bool parse;

	if (fault) {
		refuse(k, "PF-source", fault);
		return;
	}
	if (!read_rules(k, dir))
		return;
	parse = k->call.options.dump || k->call.options.infer || k->call.options.no_filter;
	if (!parse)
		relevance(a, &k->call.unit, &k->rules, RELEVANCE_ANY, &parse,
			  k->call.facts ? &words : NULL);
	if (!parse)
		skip(k, &words);
	else if (models_are_good(k, dir))
		run_worker(k, dir);
}

/* Option faults are fatal to a call by hand; in a build the unit is checked all the same. */
static bool accept_options(struct check *k)
{
	call_notify(&k->call, &k->report);
	if (!k->call.faults.n)
		return true;
	for (const char *s = k->call.faults.s; *s; ) {
		size_t n = strcspn(s, "\n");

		buffer_printf(&k->complaint, "protflow: %.*s\n", (int)n, s);
		s += n + !!s[n];
	}
	if (k->call.by_kbuild)
		return true;
	buffer_puts(&k->complaint, "Try 'protflow check --help'.\n");
	k->report.complete = false;
	k->status = STATUS_USAGE;
	return false;
}

/* A log that cannot be written is told, and nothing else is lost by it. */
static void write_log(struct check *k, const struct buffer *log, const char *path, bool make_dirs)
{
	int err = 0;

	if (make_dirs) {
		char *dir = arena_strdup(&k->call.arena, path);

		*strrchr(dir, '/') = 0;
		err = file_mkdirs(dir);
	}
	if (!err)
		err = file_replace(path, buffer_str(log), log->n);
	if (!err)
		return;
	buffer_printf(&k->text, "protflow: %s: cannot be written: %s\n", path, strerror(-err));
	if (!k->status)
		k->status = STATUS_USAGE;
}

static int finish(struct check *k)
{
	struct call *c = &k->call;

	if (!k->told) {
		if (!c->options.reproducible)
			k->report.end = (double)time(NULL);
		if (c->by_kbuild || k->status != STATUS_USAGE)
			output_text(&k->report, &c->options, &k->text);
		else
			buffer_add(&k->text, buffer_str(&k->complaint), k->complaint.n);
		if (!k->status)
			k->status = output_fails(&k->report, &c->options);
		output_logs(&k->report, c, call_status(c, k->status), &k->logs);
	}
	if (c->result)
		write_log(k, &k->logs.left, c->result, true);
	if (c->options.sarif)
		write_log(k, &k->logs.sarif, c->options.sarif, false);
	text_send(STDERR_FILENO, buffer_str(&k->text), k->text.n);
	return call_status(c, k->status);
}

static void release(struct check *k)
{
	report_release(&k->report);
	rules_release(&k->rules);
	buffer_release(&k->complaint);
	buffer_release(&k->text);
	output_logs_release(&k->logs);
	call_release(&k->call);
}

int command_check(int argc, char **argv)
{
	struct check k = { 0 };
	int status;

	call_init(&k.call, argc - 1, (const char *const *)argv + 1);
	if (k.call.options.help) {
		fputs(check_usage, stdout);
		call_release(&k.call);
		return STATUS_OK;
	}
	/* scripts/checker-valid.sh turns checking off where anything at all is wrong. */
	if (k.call.unit.is_probe) {
		call_release(&k.call);
		return STATUS_OK;
	}
	k.report.rules = &k.rules;
	k.report.complete = true;
	call_describe(&k.call, &k.report);
	if (!k.call.options.reproducible)
		k.report.start = (double)time(NULL);
	leave_nothing(&k.call);
	if (accept_options(&k))
		judge(&k);
	status = finish(&k);
	release(&k);
	return status;
}
