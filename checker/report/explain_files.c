/* SPDX-License-Identifier: MIT */
#include "report/explain.h"

#include <string.h>

void explain_files_init(struct explain_files *f, struct report *r)
{
	roots_init(&f->roots, &r->arena, r->directory, r->srctree, r->modtree);
	sources_init(&f->sources, &r->arena, &f->roots);
}

void explain_files_release(struct explain_files *f)
{
	sources_release(&f->sources);
}

const char *explain_file(struct explain_files *f, const struct place *p)
{
	const struct source *s;

	if (!p->file || !*p->file)
		return "(nowhere)";
	s = sources_get(&f->sources, p->file);
	return s->uri.base ? s->uri.uri : p->file;
}

const char *explain_line(struct explain_files *f, const struct place *p)
{
	const struct source *s = p->file && *p->file ? sources_get(&f->sources, p->file) : NULL;
	const char *at, *end;

	if (!s || !s->text || !p->line || p->line > s->nlines)
		return "";
	at = s->text + s->lines[p->line - 1];
	end = s->text + s->lines[p->line];
	while (at < end && strchr(" \t", *at))
		at++;
	while (end > at && strchr(" \t\r\n", end[-1]))
		end--;
	return arena_strndup(f->sources.arena, at, (size_t)(end - at));
}
