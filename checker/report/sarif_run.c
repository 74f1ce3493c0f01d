/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <time.h>

#include "report/descriptor.h"
#include "report/sarif_parts.h"

static void add_notice(struct sarif_log *log, const struct notification *n)
{
	uint32_t i = 0;

	array_push(&log->notices, *n);
	if (n->place.file)
		sources_get(&log->sources, n->place.file);
	while (i < log->notice_ids.n && strcmp(log->notice_ids.v[i], n->id))
		i++;
	if (i == log->notice_ids.n)
		array_push(&log->notice_ids, n->id);
}

static const char *with_reasons(struct sarif_log *log, const struct finding *f)
{
	struct buffer b = BUFFER_INIT;
	char *text;

	buffer_puts(&b, f->message);
	for (unsigned i = 0; i < f->nreasons; i++)
		buffer_printf(&b, "%s%s", i ? "; " : " Not decided: ", f->reasons[i]);
	if (f->nreasons)
		buffer_putc(&b, '.');
	text = arena_strdup(&log->arena, b.s);
	buffer_release(&b);
	return text;
}

/* The notification that a finding is, or has beside its result. False where there is none. */
static bool notice_of(struct sarif_log *log, const struct finding *f, struct notification *out)
{
	*out = (struct notification){ .kind = NOTE_CONFIGURATION, .level = SEVERITY_NOTE,
				      .text = f->message, .place = f->place,
				      .rule_id = f->rule->id };
	switch (f->verdict) {
	case VERDICT_INCOMPLETE:
		out->kind = NOTE_EXECUTION;
		out->level = SEVERITY_WARNING;
		out->id = NOTE_INCOMPLETE;
		out->text = with_reasons(log, f);
		return true;
	case VERDICT_NOT_APPLICABLE:
		out->id = NOTE_NOT_APPLICABLE;
		return true;
	case VERDICT_VACUOUS:
		out->id = NOTE_VACUOUS;
		out->level = SEVERITY_ERROR;
		return true;
	default:
		return false;
	}
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void sarif_prepare_notices(struct sarif_log *log)
{
	const struct report *r = log->report;
	struct notification n;

	for (uint32_t i = 0; i < r->notifications.n; i++)
		add_notice(log, &r->notifications.v[i]);
	for (uint32_t i = 0; i < r->findings.n; i++)
		if (notice_of(log, &r->findings.v[i], &n))
			add_notice(log, &n);
	if (log->notice_ids.n)
		qsort(log->notice_ids.v, log->notice_ids.n, sizeof(*log->notice_ids.v),
		      compare_ids);
}

static void write_reference(struct json_writer *w, const char *key, const char *id, int index)
{
	jw_flat(w);
	jw_object(w, key);
	jw_string(w, "id", id);
	jw_int(w, "index", index);
	jw_end(w);
}

static int notice_index(const struct sarif_log *log, const char *id)
{
	uint32_t i = 0;

	while (strcmp(array_at(&log->notice_ids, i), id))
		i++;
	return (int)i;
}

static void write_notice(struct sarif_log *log, const struct notification *n)
{
	static const char *const levels[] = { "note", "warning", "error" };
	struct place unit = { .file = log->report->source };
	struct sarif_place p = { .place = n->place.file ? &n->place : &unit };
	struct json_writer *w = &log->w;

	jw_object(w, NULL);
	write_reference(w, "descriptor", n->id, notice_index(log, n->id));
	if (n->rule_id)
		write_reference(w, "associatedRule", n->rule_id,
				sarif_rule_index(log, n->rule_id));
	jw_string(w, "level", levels[n->level]);
	sarif_text(&log->w, "message", roots_text(&log->roots, &log->arena, n->text));
	if (p.place->file) {
		jw_array(w, "locations");
		sarif_write_location(log, NULL, &p);
		jw_end(w);
	}
	if (log->unit) {
		jw_flat(w);
		jw_object(w, "properties");
		jw_array(w, "units");
		jw_string(w, NULL, log->unit);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}

static void write_notices(struct sarif_log *log, const char *key, enum notification_kind kind)
{
	jw_array(&log->w, key);
	for (uint32_t i = 0; i < log->notices.n; i++)
		if (log->notices.v[i].kind == kind)
			write_notice(log, &log->notices.v[i]);
	jw_end(&log->w);
}

static void write_time(struct json_writer *w, const char *key, double seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[32];

	if (seconds <= 0 || !gmtime_r(&t, &tm))
		return;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	jw_string(w, key, text);
}

static void write_arguments(struct sarif_log *log)
{
	const struct report *r = log->report;

	if (!r->argc || log->options->rules_file)
		return;
	jw_flat(&log->w);
	jw_array(&log->w, "arguments");
	for (int i = 0; i < r->argc; i++)
		jw_string(&log->w, NULL, r->argv[i]);
	jw_end(&log->w);
}

void sarif_write_invocations(struct sarif_log *log)
{
	const struct report *r = log->report;
	const struct sarif_options *o = log->options;
	struct json_writer *w = &log->w;

	jw_array(w, "invocations");
	jw_object(w, NULL);
	jw_bool(w, "executionSuccessful", r->complete);
	jw_int(w, "exitCode", o->exit_code);
	if (!o->reproducible) {
		write_time(w, "startTimeUtc", r->start);
		write_time(w, "endTimeUtc", r->end);
		jw_object(w, "workingDirectory");
		jw_printf(w, "uri", "file://%s/", uri_encode(&log->arena, r->directory));
		jw_end(w);
		write_arguments(log);
	}
	write_notices(log, "toolExecutionNotifications", NOTE_EXECUTION);
	write_notices(log, "toolConfigurationNotifications", NOTE_CONFIGURATION);
	jw_end(w);
	jw_end(w);
}

/* What the engine said of the rule, and what the findings say, which counts more. */
static struct rule_outcome outcome_of(const struct report *r, const struct rule *rule, bool *any)
{
	struct rule_outcome out = { .rule = rule, .when = WHEN_UNKNOWN,
				    .verdict = VERDICT_NOT_APPLICABLE };

	*any = false;
	for (uint32_t i = 0; i < r->outcomes.n; i++) {
		if (r->outcomes.v[i].rule == rule) {
			out = r->outcomes.v[i];
			*any = true;
		}
	}
	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->rule == rule && f->verdict <= VERDICT_INCOMPLETE) {
			*any = true;
			if (f->verdict < out.verdict)
				out.verdict = f->verdict;
		}
	}
	return out;
}

static void write_outcome(struct json_writer *w, const struct rule_outcome *o)
{
	static const char *const when[] = { "false", "true", "unknown" };

	jw_flat(w);
	jw_object(w, o->rule->id);
	jw_string(w, "when", when[o->when]);
	jw_int(w, "sinks", o->sinks);
	jw_string(w, "verdict", verdict_word((enum verdict)o->verdict));
	sarif_strings(w, "guards", o->guards, o->nguards);
	sarif_strings(w, "assumptions", o->assumptions, o->nassumptions);
	jw_end(w);
}

static void write_outcomes(struct sarif_log *log)
{
	const struct report *r = log->report;

	jw_object(&log->w, "rules");
	for (uint32_t i = 0; r->rules && i < r->rules->rules.n; i++) {
		bool any;
		struct rule_outcome o = outcome_of(r, &r->rules->rules.v[i], &any);

		if (any)
			write_outcome(&log->w, &o);
	}
	jw_end(&log->w);
}

static void write_unit(struct sarif_log *log)
{
	const struct report *r = log->report;
	struct json_writer *w = &log->w;

	jw_object(w, NULL);
	jw_string(w, "unit", log->unit);
	if (r->source)
		jw_string(w, "source", sources_get(&log->sources, r->source)->uri.uri);
	jw_string(w, "status", r->program ? "linked" : r->skipped ? "skipped" : r->complete ? "checked" : "incomplete");
	jw_string(w, "version", PROTFLOW_VERSION);
	/* A unit that was refused before the rules were read is of no version of them. */
	if (r->rules && r->rules->digest)
		jw_printf(w, "rulesDigest", "%016" PRIx64, r->rules->digest);
	write_outcomes(log);
	jw_end(w);
}

void sarif_write_properties(struct sarif_log *log)
{
	jw_object(&log->w, "properties");
	jw_object(&log->w, "protflow");
	jw_string(&log->w, "rules", log->options->rules_file);
	jw_array(&log->w, "units");
	if (log->unit)
		write_unit(log);
	jw_end(&log->w);
	jw_end(&log->w);
	jw_end(&log->w);
}
