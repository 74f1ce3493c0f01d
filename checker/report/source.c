/* SPDX-License-Identifier: MIT */
#include "report/source.h"

#include <ctype.h>

#include "base/buffer.h"
#include "base/utf8.h"

/* Longer ones, and larger files, make no better report. */
#define SNIPPET_LIMIT 4096
#define FILE_LIMIT ((size_t)64 << 20)
#define CONTEXT_LINES 2

void sources_init(struct sources *s, struct arena *arena, const struct roots *roots)
{
	*s = (struct sources){ .arena = arena, .roots = roots };
}

void sources_release(struct sources *s)
{
	for (uint32_t i = 0; i < s->v.n; i++)
		line_hashes_release(&s->v.v[i]->hashes);
	array_release(&s->v);
	array_release(&s->names);
}

static void split_lines(struct source *s, struct arena *a)
{
	const char *p = s->text, *end = s->text + s->size;
	Array(uint32_t) starts = { NULL, 0, 0 };

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		array_push(&starts, (uint32_t)(p - s->text));
		p = nl ? nl + 1 : end;
	}
	s->nlines = starts.n;
	array_push(&starts, (uint32_t)s->size);
	s->lines = arena_memdup(a, starts.v, starts.n * sizeof(*starts.v));
	array_release(&starts);
}

static void read_source(struct source *s, struct arena *a, const char *path)
{
	struct buffer b = BUFFER_INIT;

	if (!buffer_read_file(&b, path, FILE_LIMIT)) {
		s->text = arena_strndup(a, buffer_str(&b), b.n);
		s->size = b.n;
		sha256_hex(s->text, s->size, s->sha256);
		split_lines(s, a);
	}
	buffer_release(&b);
}

static bool same_uri(const struct uri *a, const struct uri *b)
{
	return !strcmp(a->uri, b->uri) && !strcmp(a->base ? a->base : "", b->base ? b->base : "");
}

static struct source *find_uri(const struct sources *s, const struct uri *u)
{
	for (uint32_t i = 0; i < s->v.n; i++)
		if (same_uri(&s->v.v[i]->uri, u))
			return s->v.v[i];
	return NULL;
}

static const char *path_of(const struct sources *s, const char *name)
{
	if (*name == '/')
		return name;
	return arena_printf(s->arena, "%s/%s", s->roots->directory, name);
}

struct source *sources_get(struct sources *s, const char *name)
{
	struct source *src;
	struct uri u;

	for (uint32_t i = 0; i < s->names.n; i++)
		if (!strcmp(s->names.v[i].name, name))
			return s->names.v[i].source;
	u = roots_uri(s->roots, s->arena, name);
	src = find_uri(s, &u);
	if (!src) {
		src = arena_new(s->arena, struct source);
		src->uri = u;
		read_source(src, s->arena, path_of(s, name));
		array_push(&s->v, src);
	}
	array_push(&s->names, (struct source_name){ arena_strdup(s->arena, name), src });
	return src;
}

static int compare_sources(const void *a, const void *b)
{
	const struct uri *x = &(*(struct source *const *)a)->uri;
	const struct uri *y = &(*(struct source *const *)b)->uri;
	int c = strcmp(x->base ? x->base : "", y->base ? y->base : "");

	return c ? c : strcmp(x->uri, y->uri);
}

void sources_sort(struct sources *s)
{
	if (s->v.n)
		qsort(s->v.v, s->v.n, sizeof(*s->v.v), compare_sources);
	for (uint32_t i = 0; i < s->v.n; i++)
		s->v.v[i]->index = i;
}

/* The bytes of a line without its end. */
static const char *line_text(const struct source *s, uint32_t line, size_t *n)
{
	const char *p = s->text + s->lines[line - 1];

	*n = s->lines[line] - s->lines[line - 1];
	if (*n && p[*n - 1] == '\n')
		--*n;
	if (*n && p[*n - 1] == '\r')
		--*n;
	return p;
}

/* Bytes before a byte column, not more than the line has. */
static size_t clamp(size_t n, uint32_t col)
{
	return col && col - 1 < n ? col - 1 : col ? n : 0;
}

static size_t word_end(const char *s, size_t n, size_t at)
{
	const char *p = s + at;

	while (at < n && (isalnum((unsigned char)s[at]) || s[at] == '_'))
		at++;
	if (s + at == p && at < n) {
		utf8_next(&p, s + n);
		at = (size_t)(p - s);
	}
	return at;
}

static bool has_end(const struct place *p)
{
	return p->end_line > p->line || (p->end_line == p->line && p->end_col > p->col);
}

static struct region region_unread(const struct place *p)
{
	struct region r = { .line = p->line ? p->line : 1, .col = p->col ? p->col : 1 };

	r.end_line = has_end(p) ? p->end_line : r.line;
	r.end_col = has_end(p) && p->end_col ? p->end_col : r.col + 1;
	return r;
}

static void take_snippet(struct region *r, const char *from, const char *to)
{
	if (to > from && to - from <= SNIPPET_LIMIT) {
		r->snippet = from;
		r->nsnippet = (size_t)(to - from);
	}
}

struct region source_region(const struct source *s, const struct place *p)
{
	struct region r = { .line = p->line, .end_line = p->line };
	size_t n, start, end;
	const char *first, *last;

	if (!s->text || !p->line || p->line > s->nlines || p->end_line > s->nlines)
		return region_unread(p);
	first = last = line_text(s, p->line, &n);
	start = clamp(n, p->col);
	r.col = (uint32_t)utf8_count(first, start) + 1;
	if (has_end(p)) {
		r.end_line = p->end_line;
		last = line_text(s, p->end_line, &n);
		end = clamp(n, p->end_col);
	} else {
		end = word_end(first, n, start);
	}
	r.end_col = (uint32_t)utf8_count(last, end) + 1;
	/* A place at the very end of a line: a region must not be empty. */
	if (r.end_line == r.line && r.end_col <= r.col)
		r.end_col = r.col + 1;
	else
		take_snippet(&r, first + start, last + end);
	return r;
}

bool source_context(const struct source *s, const struct region *r, struct region *out)
{
	uint32_t from, to;
	const char *p, *last;
	size_t n;

	if (!s->text || !r->line || r->end_line > s->nlines)
		return false;
	from = r->line > CONTEXT_LINES ? r->line - CONTEXT_LINES : 1;
	to = s->nlines - r->end_line > CONTEXT_LINES ? r->end_line + CONTEXT_LINES : s->nlines;
	p = s->text + s->lines[from - 1];
	last = line_text(s, to, &n);
	*out = (struct region){ .line = from, .col = 1, .end_line = to };
	out->end_col = (uint32_t)utf8_count(last, n) + 1;
	take_snippet(out, p, last + n);
	return out->snippet && (from < r->line || to > r->end_line || r->col > 1 ||
				out->end_col > r->end_col);
}

struct line_hash source_line_hash(struct source *s, uint32_t line)
{
	struct line_hash none = { 0, 0 };

	if (!s->has_hashes) {
		line_hashes_init(&s->hashes, s->text ? s->text : "", s->size);
		s->has_hashes = true;
	}
	if (!s->text || !line || line > s->nlines || line > s->hashes.v.n)
		return none;
	return s->hashes.v.v[line - 1];
}
