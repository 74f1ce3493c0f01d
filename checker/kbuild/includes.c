/* SPDX-License-Identifier: MIT */
#include "kbuild/includes.h"

#include <string.h>
#include <sys/stat.h>

#include "kbuild/flags.h"

/* Below include/ or arch/X/include/ of the kernel: what every unit may include. */
static bool is_public(const struct includes *in, const char *path)
{
	for (uint32_t i = 0; i < in->roots.n; i++) {
		size_t n = strlen(in->roots.v[i]);
		const char *rest = path + n;

		if (strncmp(path, in->roots.v[i], n) || *rest++ != '/')
			continue;
		if (!strncmp(rest, "arch/", 5)) {
			rest += 5;
			rest += strcspn(rest, "/");
			rest += *rest == '/';
		}
		if (!strncmp(rest, "include", 7) && (rest[7] == '/' || !rest[7]))
			return true;
	}
	return false;
}

/* True for the first time that it is asked of a string. */
static bool is_new(struct includes *in, const char *s)
{
	uint64_t *seen = map_put(&in->known, hash_bytes(s, strlen(s), 1));

	return !(*seen)++;
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISDIR(st.st_mode);
}

/* Whether the folder has the first folder of the name: nearly always none but one has it. */
static bool can_hold(struct includes *in, const char *folder, const char *name)
{
	size_t n = strcspn(name, "/");
	uint64_t *known;
	struct stat st;

	if (!name[n] || !n || name[0] == '.')
		return true;
	known = map_put(&in->inside, hash_bytes(name, n, hash_bytes(folder, strlen(folder), 0)));
	if (!*known)
		*known = stat(arena_printf(in->arena, "%s/%.*s", folder, (int)n, name), &st) ? 1 : 2;
	return *known == 2;
}

/* Queues the file if it is one and is private. */
static void queue(struct includes *in, const char *folder, const char *name)
{
	char *path = kbuild_absolute(in->arena, folder, name);

	if (!is_public(in, path) && is_new(in, path) && is_file(path))
		array_push(&in->files, path);
}

/* Queues the file if it is one and is public. True where it is one, new or not. */
static bool queue_public(struct includes *in, const char *folder, const char *name)
{
	char *path;

	if (!can_hold(in, folder, name))
		return false;
	path = kbuild_absolute(in->arena, folder, name);
	if (!is_public(in, path) || !is_file(path))
		return false;
	if (is_new(in, path))
		array_push(&in->headers, path);
	return true;
}

void includes_add(struct includes *in, struct include i)
{
	const char *key = arena_printf(in->arena, "%s\n%c%s", i.quoted ? i.folder : "",
				       i.next ? '>' : i.quoted ? '"' : '<', i.name);

	if (!is_new(in, key))
		return;
	array_push(&in->seen, i);
	if (i.name[0] == '/') {
		queue(in, "/", i.name);
		return;
	}
	if (i.quoted)
		queue(in, i.folder, i.name);
	for (uint32_t k = 0; k < in->folders.n; k++)
		if (!is_public(in, in->folders.v[k]) && can_hold(in, in->folders.v[k], i.name))
			queue(in, in->folders.v[k], i.name);
	for (uint32_t k = 0; i.quoted && k < in->quoted.n; k++)
		queue(in, in->quoted.v[k], i.name);
}

const char *includes_name(struct includes *in, const char *folder, const char *s,
			  const char *end, bool next, bool *odd)
{
	bool quoted = *s == '"';
	char close = quoted ? '"' : '>';
	const char *e = s + 1;

	*odd = true;
	if (*s != '"' && *s != '<')
		return s;
	while (e < end && *e != close && *e != '\n')
		e++;
	if (e < end && *e == close) {
		*odd = false;
		includes_add(in, (struct include) { folder,
			     arena_strndup(in->arena, s + 1, (size_t)(e - s - 1)), quoted, next });
	}
	return e < end ? e + 1 : end;
}

static void find_public(struct includes *in, const struct include *i)
{
	bool found = false;

	if (i->name[0] == '/' || i->quoted)
		found = queue_public(in, i->folder, i->name);
	for (uint32_t k = 0; i->quoted && k < in->quoted.n && !found; k++)
		found = queue_public(in, in->quoted.v[k], i->name);
	for (uint32_t k = 0; k < in->folders.n && (!found || i->next); k++)
		found |= queue_public(in, in->folders.v[k], i->name);
}

void includes_public(struct includes *in)
{
	for (uint32_t i = 0; i < in->seen.n; i++) {
		struct include one = in->seen.v[i];

		find_public(in, &one);
	}
	array_clear(&in->seen);
}

/* --------------------------------------------------------------------- flags */

/* LINUXINCLUDE always has OBJTREE/include/generated/uapi. */
static void note_objtree(struct includes *in, const char *folder)
{
	static const char tail[] = "/include/generated/uapi";
	size_t n = strlen(folder), k = sizeof(tail) - 1;

	if (n > k && !strcmp(folder + n - k, tail))
		array_push(&in->roots, arena_strndup(in->arena, folder, n - k));
}

static void take_folders(struct includes *in, const struct kbuild_unit *u, const char *flag)
{
	struct flags f = flags_of(u);

	while (flags_next(&f)) {
		char *path;

		if (strcmp(f.flag, flag))
			continue;
		path = kbuild_absolute(in->arena, u->directory, f.value);
		if (!strcmp(flag, "-iquote"))
			array_push(&in->quoted, path);
		else
			array_push(&in->folders, path);
	}
}

static void take_roots(struct includes *in, const struct kbuild_unit *u)
{
	struct flags f = flags_of(u);

	if (u->srctree)
		array_push(&in->roots, u->srctree);
	while (flags_next(&f))
		if (!strcmp(f.flag, "-I"))
			note_objtree(in, kbuild_absolute(in->arena, u->directory, f.value));
}

static void take_forced(struct includes *in, const struct kbuild_unit *u)
{
	struct flags f = flags_of(u);

	while (flags_next(&f))
		if (!strcmp(f.flag, "-include") || !strcmp(f.flag, "-imacros"))
			includes_add(in, (struct include) { u->directory, f.value, true, false });
}

void includes_init(struct includes *in, struct arena *a, const struct kbuild_unit *u)
{
	*in = (struct includes) { .arena = a };
	take_roots(in, u);
	take_folders(in, u, "-iquote");
	take_folders(in, u, "-I");
	take_folders(in, u, "-isystem");
	take_folders(in, u, "-idirafter");
	take_forced(in, u);
	/* The source itself, wherever it is. */
	if (u->source)
		array_push(&in->files, kbuild_absolute(a, u->directory, u->source));
}

void includes_release(struct includes *in)
{
	array_release(&in->folders);
	array_release(&in->quoted);
	array_release(&in->roots);
	array_release(&in->files);
	array_release(&in->headers);
	array_release(&in->seen);
	map_release(&in->known);
	map_release(&in->inside);
}
