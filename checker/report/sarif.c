/* SPDX-License-Identifier: MIT */
#include "report/sarif_parts.h"

static void write_roots(struct sarif_log *log)
{
	struct json_writer *w = &log->w;

	jw_object(w, "originalUriBaseIds");
	for (unsigned i = 0; i < log->roots.n; i++) {
		const struct root *r = &log->roots.v[i];

		jw_object(w, r->id);
		if (!log->roots.hide)
			jw_string(w, "uri", r->uri);
		sarif_text(&log->w, "description", r->description);
		jw_end(w);
	}
	jw_end(w);
	if (log->roots.hide) {
		jw_flat(w);
		jw_array(w, "redactionTokens");
		jw_string(w, NULL, ROOT_HIDDEN);
		jw_end(w);
	}
}

static void write_artifact(struct sarif_log *log, const struct source *s)
{
	struct json_writer *w = &log->w;

	jw_object(w, NULL);
	jw_flat(w);
	jw_object(w, "location");
	jw_string(w, "uri", s->uri.uri);
	jw_string(w, "uriBaseId", s->uri.base);
	jw_end(w);
	if (s->text)
		jw_int(w, "length", (int64_t)s->size);
	jw_flat(w);
	jw_array(w, "roles");
	if (s->is_target)
		jw_string(w, NULL, "analysisTarget");
	if (s->has_result)
		jw_string(w, NULL, "resultFile");
	jw_end(w);
	jw_string(w, "mimeType", "text/x-c");
	jw_string(w, "encoding", "UTF-8");
	jw_string(w, "sourceLanguage", "c");
	if (s->text) {
		jw_flat(w);
		jw_object(w, "hashes");
		jw_string(w, "sha-256", s->sha256);
		jw_end(w);
	}
	jw_end(w);
}

static void write_artifacts(struct sarif_log *log)
{
	jw_array(&log->w, "artifacts");
	for (uint32_t i = 0; i < log->sources.v.n; i++)
		write_artifact(log, log->sources.v.v[i]);
	jw_end(&log->w);
}

static void write_log(struct sarif_log *log)
{
	struct json_writer *w = &log->w;
	const char **numbers;
	unsigned n = sarif_weaknesses(log, &numbers);

	sarif_begin(w);
	sarif_begin_driver(w);
	sarif_write_rules(log);
	sarif_end_driver(w, log->notice_ids.v, log->notice_ids.n, n > 0);
	sarif_constants(w, log->options->automation_id);
	sarif_provenance(w, log->options->vcs, log->roots.v[0].id);
	write_roots(log);
	sarif_write_invocations(log);
	write_artifacts(log);
	sarif_taxonomies(w, numbers, n);
	sarif_write_results(log);
	sarif_write_properties(log);
	sarif_end(w);
	free(numbers);
}

/* The unit's name in a run: its object as Kbuild names it, below a root. */
static const char *unit_name(struct sarif_log *log)
{
	const struct report *r = log->report;
	const char *name = r->object ? r->object : r->source;

	if (r->program)
		return SARIF_PROGRAM;
	if (!name)
		return NULL;
	return roots_uri(&log->roots, &log->arena, name).uri;
}

static void prepare(struct sarif_log *log, const struct report *r, const struct sarif_options *o)
{
	*log = (struct sarif_log){ .report = r, .options = o };
	roots_init(&log->roots, &log->arena, r->directory, r->srctree, r->modtree);
	log->roots.hide = o->reproducible;
	sources_init(&log->sources, &log->arena, &log->roots);
	if (r->source)
		sources_get(&log->sources, r->source)->is_target = true;
	log->unit = r->source || r->program ? unit_name(log) : NULL;
	sarif_prepare_results(log);
	sarif_prepare_notices(log);
	sources_sort(&log->sources);
}

void sarif_write(const struct report *r, const struct sarif_options *o, struct buffer *out)
{
	struct sarif_log log;

	prepare(&log, r, o);
	jw_init(&log.w, out);
	write_log(&log);
	array_release(&log.results);
	array_release(&log.notices);
	array_release(&log.notice_ids);
	sources_release(&log.sources);
	arena_release(&log.arena);
}
