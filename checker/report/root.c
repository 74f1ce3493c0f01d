/* SPDX-License-Identifier: MIT */
#include "report/root.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "kbuild/argv.h"

/* pchar of RFC 3986 without ':', which is a scheme's end in a relative uri. */
static bool is_path_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/!$&'()*+,;=@", c));
}

char *uri_encode(struct arena *a, const char *path)
{
	struct buffer b = BUFFER_INIT;
	char *s;

	for (; *path; path++) {
		if (is_path_char(*path))
			buffer_putc(&b, *path);
		else
			buffer_printf(&b, "%%%02X", (unsigned char)*path);
	}
	s = arena_strdup(a, buffer_str(&b));
	buffer_release(&b);
	return s;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *uri_path(struct arena *a, const char *uri)
{
	static const char scheme[] = "file://";
	struct buffer b = BUFFER_INIT;
	char *s;

	if (strncmp(uri, scheme, sizeof(scheme) - 1))
		return NULL;
	for (uri += sizeof(scheme) - 1; *uri; uri++) {
		if (*uri == '%' && hex(uri[1]) >= 0 && hex(uri[2]) >= 0) {
			buffer_putc(&b, (char)(hex(uri[1]) * 16 + hex(uri[2])));
			uri += 2;
		} else {
			buffer_putc(&b, *uri);
		}
	}
	while (b.n > 1 && b.s[b.n - 1] == '/')
		b.s[--b.n] = 0;
	s = *buffer_str(&b) == '/' ? arena_strdup(a, b.s) : NULL;
	buffer_release(&b);
	return s;
}

static const char *real_path(struct arena *a, const char *path)
{
	char buf[PATH_MAX];

	return realpath(path, buf) ? arena_strdup(a, buf) : path;
}

/* What follows dir in path: "" for dir itself, NULL where path is not below. */
static const char *below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n == 1)		/* "/" */
		return path + 1;
	if (strncmp(path, dir, n) || (path[n] && path[n] != '/'))
		return NULL;
	return path[n] ? path + n + 1 : path + n;
}

static bool is_below_any(const struct roots *r, const char *real)
{
	for (unsigned i = 0; i < r->n; i++)
		if (below(real, r->v[i].real))
			return true;
	return false;
}

static void add_root(struct roots *r, struct arena *a, const char *id, const char *path,
		     const char *description)
{
	struct root *root = &r->v[r->n++];

	root->id = id;
	root->description = description;
	root->path = kbuild_absolute(a, r->directory, path);
	root->real = real_path(a, root->path);
	root->uri = arena_printf(a, "file://%s%s", uri_encode(a, root->real),
				 root->real[1] ? "/" : "");
}

void roots_init(struct roots *r, struct arena *a, const char *directory, const char *srctree,
		const char *modtree)
{
	*r = (struct roots){ .directory = directory };
	if (!srctree && !modtree) {
		add_root(r, a, "SRCROOT", directory, "The working directory.");
		return;
	}
	if (srctree)
		add_root(r, a, "SRCROOT", srctree, "The root of the kernel's source.");
	if (modtree && !is_below_any(r, real_path(a, kbuild_absolute(a, directory, modtree))))
		add_root(r, a, "MODROOT", modtree, "The root of the external module.");
	for (unsigned i = 0; i < r->n; i++)
		if (!strcmp(r->v[i].real, real_path(a, directory)))
			return;
	add_root(r, a, "OBJROOT", directory, "The object tree, for generated files.");
}

static struct uri uri_below(const struct roots *r, struct arena *a, const char *path)
{
	struct uri best = { NULL, NULL };
	const char *rest = NULL;

	for (unsigned i = 0; i < r->n; i++) {
		const char *s = below(path, r->v[i].real);

		if (!s)
			s = below(path, r->v[i].path);
		/* The less is left of the name, the further inside is the root. */
		if (s && *s && (!rest || strlen(s) < strlen(rest))) {
			rest = s;
			best.base = r->v[i].id;
		}
	}
	if (rest)
		best.uri = uri_encode(a, rest);
	return best;
}

struct uri roots_uri(const struct roots *r, struct arena *a, const char *file)
{
	const char *path = kbuild_absolute(a, r->directory, file);
	const char *real = real_path(a, path);
	struct uri u = uri_below(r, a, real);

	if (!u.uri)
		u = uri_below(r, a, path);
	if (u.uri)
		return u;
	if (r->hide)
		u.uri = arena_printf(a, ROOT_HIDDEN "/%s", uri_encode(a, strrchr(real, '/') + 1));
	else
		u.uri = arena_printf(a, "file://%s", uri_encode(a, real));
	return u;
}

/* How long the absolute path is that begins there; 0 where none does. */
static size_t path_length(const char *text, const char *at)
{
	static const char ends[] = " \t\n'\":,;()<>";
	size_t n = strcspn(at, ends);

	return *at == '/' && n > 1 && (at == text || strchr(ends, at[-1])) ? n : 0;
}

const char *roots_text(const struct roots *r, struct arena *a, const char *text)
{
	struct buffer b = BUFFER_INIT;
	const char *out;

	if (!r->hide)
		return text;
	for (const char *s = text; *s; ) {
		size_t n = path_length(text, s);

		if (n) {
			buffer_puts(&b, roots_uri(r, a, arena_strndup(a, s, n)).uri);
			s += n;
		} else {
			buffer_putc(&b, *s++);
		}
	}
	out = arena_strdup(a, buffer_str(&b));
	buffer_release(&b);
	return out;
}
