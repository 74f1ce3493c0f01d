/* SPDX-License-Identifier: MIT */
#include "report/sarif_parts.h"

static void write_artifact_location(struct sarif_log *log, const char *key, const struct source *s)
{
	jw_flat(&log->w);
	jw_object(&log->w, key);
	jw_string(&log->w, "uri", s->uri.uri);
	jw_string(&log->w, "uriBaseId", s->uri.base);
	jw_int(&log->w, "index", s->index);
	jw_end(&log->w);
}

static void write_region(struct sarif_log *log, const char *key, const struct region *r,
			 bool whole_lines)
{
	struct json_writer *w = &log->w;

	jw_flat(w);
	jw_object(w, key);
	jw_int(w, "startLine", r->line);
	if (!whole_lines)
		jw_int(w, "startColumn", r->col);
	jw_int(w, "endLine", r->end_line);
	if (!whole_lines)
		jw_int(w, "endColumn", r->end_col);
	if (r->snippet) {
		jw_object(w, "snippet");
		jw_stringn(w, "text", r->snippet, r->nsnippet);
		jw_end(w);
	}
	jw_end(w);
}

static void write_physical(struct sarif_log *log, const struct sarif_place *p)
{
	const struct source *s = sources_get(&log->sources, p->place->file);
	struct region r, context;

	jw_object(&log->w, "physicalLocation");
	write_artifact_location(log, "artifactLocation", s);
	if (p->place->line) {
		r = source_region(s, p->place);
		write_region(log, "region", &r, false);
		if (p->context && source_context(s, &r, &context))
			write_region(log, "contextRegion", &context, true);
	}
	jw_end(&log->w);
}

/* C has no namespaces, and static functions share names: the file tells them apart. */
static void write_logical(struct sarif_log *log, const struct sarif_place *p)
{
	const struct source *s = sources_get(&log->sources, p->place->file);

	jw_flat(&log->w);
	jw_array(&log->w, "logicalLocations");
	jw_object(&log->w, NULL);
	jw_string(&log->w, "name", p->function);
	jw_printf(&log->w, "fullyQualifiedName", "%s::%s", s->uri.uri, p->function);
	jw_string(&log->w, "kind", "function");
	jw_end(&log->w);
	jw_end(&log->w);
}

void sarif_write_location(struct sarif_log *log, const char *key, const struct sarif_place *p)
{
	jw_object(&log->w, key);
	if (p->id)
		jw_int(&log->w, "id", p->id);
	write_physical(log, p);
	if (p->function)
		write_logical(log, p);
	if (p->text)
		sarif_text(&log->w, "message", p->text);
	jw_end(&log->w);
}
