/* SPDX-License-Identifier: MIT */
/* Which of the units of a database are to be checked. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/path.h"
#include "command/selection.h"
#include "kbuild/argv.h"

static bool names(const char *path, const char *real, const struct run_unit *u)
{
	if (*path != '/')
		return !*path || path_below(u->source, path) || path_below(u->name, path);
	return path_below(u->path, path) || path_below(u->file, path) ||
	       (real && (path_below(u->path, real) || path_below(u->file, real)));
}

/* "./a//b/" as "a/b". */
static const char *plain(struct arena *a, const char *path)
{
	return kbuild_absolute(a, "/", path) + (*path != '/');
}

static unsigned select_path(struct selection *s, const char *path, bool *hit)
{
	char buffer[PATH_MAX];
	const char *real = *path == '/' ? realpath(path, buffer) : NULL;
	unsigned n = 0;

	path = plain(&s->arena, path);
	for (uint32_t i = 0; i < s->units.n; i++) {
		bool named = names(path, real, &s->units.v[i]);

		hit[i] |= named;
		n += named;
	}
	return n;
}

static void recount(struct selection *s)
{
	s->nwanted = s->nmine = 0;
	for (uint32_t i = 0; i < s->units.n; i++) {
		struct run_unit *u = &s->units.v[i];

		u->mine &= u->wanted;
		s->nwanted += u->wanted;
		s->nmine += u->mine;
	}
}

bool selection_paths(struct selection *s, int n, const char *const *paths, struct buffer *faults)
{
	bool *hit = arena_new_array(&s->arena, bool, s->units.n), good = true;

	for (int i = 0; i < n; i++) {
		if (select_path(s, paths[i], hit))
			continue;
		buffer_printf(faults, "%s: no unit of %s has this name or is below it; names are "
			      "relative to the kernel's source\n", paths[i], s->database.path);
		good = false;
	}
	for (uint32_t i = 0; i < s->units.n && n; i++)
		s->units.v[i].wanted &= hit[i];
	recount(s);
	return good;
}

/* The lines of the text as names. */
static void read_names(struct arena *a, const char *text, struct intern *out)
{
	char *copy = arena_strdup(a, text), *rest = NULL;

	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t n;

		line += strspn(line, " \t\r");
		n = strcspn(line, "#\r");
		while (n && strchr(" \t", line[n - 1]))
			n--;
		if (n)
			intern_str(out, plain(a, arena_strndup(a, line, n)));
	}
}

static bool is_listed(const struct intern *list, const char *name, bool *seen)
{
	str_id id = intern_find(list, name);

	seen[id] = true;
	return id;
}

void selection_names(struct selection *s, const char *text)
{
	struct intern list = { .chain = { NULL, 0, 0 } };
	bool *seen;

	read_names(&s->arena, text, &list);
	seen = arena_new_array(&s->arena, bool, list.strings.n + 1);
	for (uint32_t i = 0; i < s->units.n; i++) {
		struct run_unit *u = &s->units.v[i];
		bool object = is_listed(&list, u->name, seen);
		bool source = is_listed(&list, u->source, seen);
		bool path = is_listed(&list, u->path, seen);

		u->wanted &= object || source || path;
	}
	for (str_id id = 1; id < list.strings.n; id++)
		if (!seen[id])
			array_push(&s->unknown.v, arena_strdup(&s->arena, intern_get(&list, id)));
	intern_release(&list);
	recount(s);
}

/* The folder of the n first bytes of a name; 0: the tree itself. */
static size_t folder_of(const char *name, size_t n)
{
	while (n && name[n - 1] != '/')
		n--;
	return n ? n - 1 : 0;
}

static bool is_covered(const struct intern *folders, struct arena *a, const char *name)
{
	size_t n = strlen(name);

	while ((n = folder_of(name, n)))
		if (intern_find(folders, arena_strndup(a, name, n)))
			return true;
	return false;
}

static void find_beside(struct selection *s)
{
	struct intern folders = { .chain = { NULL, 0, 0 } };
	struct arena a = ARENA_INIT;
	bool root = false;

	for (uint32_t i = 0; i < s->units.n; i++) {
		const char *name = s->units.v[i].name;
		size_t n = s->units.v[i].wanted ? folder_of(name, strlen(name)) : 0;

		root |= s->units.v[i].wanted && !n;
		if (n)
			intern_strn(&folders, name, n);
	}
	for (uint32_t i = 0; i < s->units.n; i++) {
		struct run_unit *u = &s->units.v[i];

		u->beside = !u->wanted && (root || is_covered(&folders, &a, u->name));
		s->nbeside += u->beside;
	}
	intern_release(&folders);
	arena_release(&a);
}

static bool has_result(const struct run_unit *u)
{
	return u->result && !access(u->result, F_OK);
}

void selection_checked(struct selection *s)
{
	bool any = false;

	for (uint32_t i = 0; i < s->units.n; i++)
		any |= has_result(&s->units.v[i]);
	for (uint32_t i = 0; i < s->units.n; i++)
		s->units.v[i].wanted = !any || has_result(&s->units.v[i]);
	find_beside(s);
	for (uint32_t i = 0; i < s->units.n; i++)
		s->units.v[i].wanted |= s->units.v[i].beside;
	recount(s);
}

void selection_shard(struct selection *s, unsigned index, unsigned count)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < s->units.n; i++)
		if (s->units.v[i].wanted)
			s->units.v[i].mine = n++ % count == index - 1;
	recount(s);
	find_beside(s);
}
