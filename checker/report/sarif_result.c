/* SPDX-License-Identifier: MIT */
#include "report/sarif_parts.h"

static const char *kind_of(const struct finding *f)
{
	if (f->quiet)
		return "review";
	switch (f->verdict) {
	case VERDICT_INCOMPLETE:
		return "review";
	case VERDICT_PROVED:
		return "pass";
	default:
		return "fail";
	}
}

static const char *level_word(const struct finding *f)
{
	static const char *const words[] = {
		[SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning",
		[SEVERITY_ERROR] = "error",
	};

	return f->verdict <= VERDICT_VIOLATION_MAY && !f->quiet ? words[f->level] : "none";
}

/* Whether it is a result; the others are notifications or nothing. */
static bool is_result(const struct sarif_log *log, const struct finding *f)
{
	if (!f->place.line && !log->report->source)
		return false;
	if (f->verdict == VERDICT_PROVED)
		return log->options->report_passes;
	return f->verdict <= VERDICT_INCOMPLETE;
}

static void add_related(struct sarif_log *log, struct sarif_result *r)
{
	const struct finding *f = r->finding;

	r->related = arena_new_array(&log->arena, struct related, f->nrelated + 1);
	for (unsigned i = 0; i < f->nrelated && r->nrelated < SARIF_RELATED; i++)
		if (f->related[i].place.line && f->related[i].text)
			r->related[r->nrelated++] = f->related[i];
	if (f->place.macro && f->place.spell_file && f->place.spell_line) {
		struct related *m = &r->related[r->nrelated++];

		m->place = (struct place){ .file = f->place.spell_file,
					   .line = f->place.spell_line,
					   .col = f->place.spell_col };
		m->text = arena_printf(&log->arena, "in the definition of macro '%s'",
				       f->place.macro);
	}
}

/* Makes the files known that a result names. */
static void touch_files(struct sarif_log *log, const struct sarif_result *r)
{
	const struct finding *f = r->finding;

	for (unsigned i = 0; i < r->nrelated; i++)
		sources_get(&log->sources, r->related[i].place.file)->has_result = true;
	for (unsigned i = 0; i < f->nsteps; i++)
		if (f->steps[i].place.line && f->steps[i].place.file)
			sources_get(&log->sources, f->steps[i].place.file)->has_result = true;
}

/* A finding that passes or waits for review is another one than the violation there. */
static void fingerprint(struct sarif_result *r)
{
	const struct finding *f = r->finding;
	bool fails = f->verdict <= VERDICT_VIOLATION_MAY && !f->quiet;
	const char *const parts[] = {
		f->rule->id, r->source->uri.uri, f->function, f->subject, f->callee,
		fails ? "" : r->kind,
	};

	fingerprint_v1(r->hash, parts, sizeof(parts) / sizeof(*parts));
}

static void prepare(struct sarif_log *log, const struct finding *f)
{
	struct sarif_result *r = array_add(&log->results);

	r->finding = f;
	r->kind = kind_of(f);
	r->level = level_word(f);
	r->place = f->place;
	if (!r->place.line)	/* the unit as a whole: its first line stands for it */
		r->place = (struct place){ .file = log->report->source, .line = 1, .col = 1 };
	r->source = sources_get(&log->sources, r->place.file);
	r->source->has_result = true;
	r->region = source_region(r->source, &r->place);
	add_related(log, r);
	touch_files(log, r);
	fingerprint(r);
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_results(const void *pa, const void *pb)
{
	const struct sarif_result *a = pa, *b = pb;
	int c = strcmp(a->source->uri.uri, b->source->uri.uri);

	if (!c)
		c = compare_numbers(a->region.line, b->region.line);
	if (!c)
		c = compare_numbers(a->region.col, b->region.col);
	if (!c)
		c = strcmp(a->finding->rule->id, b->finding->rule->id);
	if (!c)
		c = compare_numbers(a->finding->verdict, b->finding->verdict);
	if (!c)
		c = strcmp(a->finding->message, b->finding->message);
	return c ? c : compare_numbers(a->finding->nsteps, b->finding->nsteps);
}

/* Results that have all in common but their place are told apart by their order. */
static void number_results(struct sarif_log *log)
{
	for (uint32_t i = 0; i < log->results.n; i++) {
		struct sarif_result *r = &log->results.v[i];

		r->ordinal = 1;
		for (uint32_t j = i; j-- > 0; ) {
			if (strcmp(log->results.v[j].hash, r->hash))
				continue;
			r->ordinal = log->results.v[j].ordinal + 1;
			break;
		}
	}
}

void sarif_prepare_results(struct sarif_log *log)
{
	const struct report *rep = log->report;

	for (uint32_t i = 0; i < rep->findings.n; i++)
		if (is_result(log, &rep->findings.v[i]))
			prepare(log, &rep->findings.v[i]);
	if (log->results.n)
		qsort(log->results.v, log->results.n, sizeof(*log->results.v), compare_results);
	number_results(log);
}

static void write_locations(struct sarif_log *log, const struct sarif_result *r)
{
	struct sarif_place p = { .place = &r->place, .function = r->finding->function,
				 .context = true };

	jw_array(&log->w, "locations");
	sarif_write_location(log, NULL, &p);
	jw_end(&log->w);
	if (!r->nrelated)
		return;
	jw_array(&log->w, "relatedLocations");
	for (unsigned i = 0; i < r->nrelated; i++) {
		struct sarif_place q = { .place = &r->related[i].place,
					 .text = r->related[i].text, .id = i + 1 };

		sarif_write_location(log, NULL, &q);
	}
	jw_end(&log->w);
}

static void write_fingerprints(struct sarif_log *log, const struct sarif_result *r)
{
	struct line_hash h = source_line_hash(r->source, r->region.line);

	jw_object(&log->w, "partialFingerprints");
	if (h.count)
		jw_printf(&log->w, "primaryLocationLineHash", "%llx:%u",
			  (unsigned long long)h.hash, h.count);
	jw_printf(&log->w, "protflow/v1", "%s:%u", r->hash, r->ordinal);
	jw_end(&log->w);
}

static void write_properties(struct sarif_log *log, const struct sarif_result *r)
{
	const struct finding *f = r->finding;
	struct json_writer *w = &log->w;

	jw_object(w, "properties");
	jw_string(w, "verdict", verdict_word((enum verdict)f->verdict));
	jw_string(w, "values", f->values);
	jw_string(w, "replay", f->replay);
	sarif_strings(w, "reasons", f->reasons, f->nreasons);
	sarif_strings(w, "assumptions", f->assumptions, f->nassumptions);
	if (f->verdict <= VERDICT_INCOMPLETE && !log->options->reproducible)
		jw_string(w, "reproduce", log->report->command);
	if (log->unit)
		sarif_strings(w, "units", &log->unit, 1);
	jw_end(w);
}

static void write_result(struct sarif_log *log, const struct sarif_result *r)
{
	struct json_writer *w = &log->w;

	jw_object(w, NULL);
	jw_string(w, "ruleId", r->finding->rule->id);
	jw_int(w, "ruleIndex", sarif_rule_index(log, r->finding->rule->id));
	jw_string(w, "kind", r->kind);
	jw_string(w, "level", r->level);
	sarif_write_message(log, r);
	write_locations(log, r);
	write_fingerprints(log, r);
	sarif_write_flow(log, r->finding);
	write_properties(log, r);
	jw_end(w);
}

void sarif_write_results(struct sarif_log *log)
{
	jw_array(&log->w, "results");
	for (uint32_t i = 0; i < log->results.n; i++)
		write_result(log, &log->results.v[i]);
	jw_end(&log->w);
}
