/* SPDX-License-Identifier: MIT */
#include "kbuild/cmd_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/json.h"

#define FILE_MAX ((size_t)16 << 20)
#define FOLDERS_MAX 64	/* inside each other */

struct walk {
	struct arena *arena;
	const char *tree;
	Array(const char *) objects;	/* relative to the tree */
	struct buffer *faults;
	struct cmd_files n;
};

static void unread(struct walk *w, const char *path, const char *why)
{
	buffer_printf(w->faults, "%s: %s\n", path, why);
}

static bool ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n > k && !strcmp(s + n - k, suffix);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

/* ".iommu.o.cmd" is of iommu.o. */
static void take_file(struct walk *w, const char *folder, const char *name)
{
	struct arena *a = w->arena;
	const char *object;

	if (name[0] != '.' || !ends(name, ".o.cmd"))
		return;
	object = arena_printf(a, "%s%.*s", folder, (int)(strlen(name) - strlen(".cmd") - 1),
			      name + 1);
	if (!access(arena_printf(a, "%s/%s", w->tree, object), F_OK))
		array_push(&w->objects, object);
}

/* folder is relative to the tree, "" or with a slash at its end. Links are not followed. */
static void walk_folder(struct walk *w, const char *folder, unsigned depth)
{
	struct arena *a = w->arena;
	const char *path = arena_printf(a, "%s/%s", w->tree, folder);
	DIR *d = depth < FOLDERS_MAX ? opendir(path) : NULL;
	struct dirent *e;

	if (!d) {
		unread(w, path, depth < FOLDERS_MAX ? strerror(errno) : "too many folders");
		return;
	}
	while ((e = readdir(d))) {
		if (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN)
			take_file(w, folder, e->d_name);
		else if (e->d_type == DT_UNKNOWN &&
			 !is_folder(arena_printf(a, "%s/%s%s", w->tree, folder, e->d_name)))
			take_file(w, folder, e->d_name);
		else if (e->d_name[0] != '.')
			walk_folder(w, arena_printf(a, "%s%s/", folder, e->d_name), depth + 1);
	}
	closedir(d);
}

/* What make has to have written in another way in a file of its own. */
static void unescape(char *s)
{
	char *to = s;

	while (*s) {
		if (!strncmp(s, "$(pound)", 8)) {
			*to++ = '#';
			s += 8;
		} else if (!strncmp(s, "\\#", 2) || !strncmp(s, "$$", 2)) {
			*to++ = s[1];
			s += 2;
		} else {
			*to++ = *s++;
		}
	}
	*to = 0;
}

/* Up to what make does with the object afterwards; its last word is the source. */
static void cut(char *command)
{
	char *end = strstr(command, " ; ");
	size_t n;

	if (end)
		*end = 0;
	n = strlen(command);
	while (n && strchr(" ;\r", command[n - 1]))
		command[--n] = 0;
}

/* The command that made the object, or NULL. */
static char *command_of(struct walk *w, const char *path, const char *object)
{
	struct arena *a = w->arena;
	struct buffer b = BUFFER_INIT;
	char *line = NULL, *equals;
	int err = buffer_read_file(&b, path, FILE_MAX);

	if (err)
		unread(w, path, strerror(-err));
	else
		line = arena_strndup(a, buffer_str(&b), strcspn(buffer_str(&b), "\n"));
	buffer_release(&b);
	equals = line ? strstr(line, " := ") : NULL;
	if (!equals)
		return NULL;
	*equals = 0;
	/* "cmd_" before Linux 6.3. */
	line += !strncmp(line, "saved", 5) ? 5 : 0;
	w->n.elsewhere += !strncmp(line, "cmd_/", 5);
	if (strncmp(line, "cmd_", 4) || strcmp(line + 4, object))
		return NULL;
	unescape(equals + 4);
	cut(equals + 4);
	return equals + 4;
}

static void add_object(struct walk *w, struct json_writer *jw, const char *object)
{
	const char *slash = strrchr(object, '/'), *name = slash ? slash + 1 : object;
	char *path = arena_printf(w->arena, "%s/%.*s.%s.cmd", w->tree, (int)(name - object),
				  object, name);
	char *command = command_of(w, path, object), *file;

	file = command ? strrchr(command, ' ') : NULL;
	if (!file || !ends(file, ".c"))
		return;
	w->n.read++;
	jw_flat(jw);
	jw_object(jw, NULL);
	jw_string(jw, "directory", w->tree);
	jw_string(jw, "file", file + 1);
	jw_string(jw, "output", object);
	jw_string(jw, "command", command);
	jw_end(jw);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct cmd_files cmd_files_read(struct arena *a, const char *tree, struct buffer *out,
				struct buffer *faults)
{
	struct walk w = { .arena = a, .tree = tree, .faults = faults };
	struct json_writer jw;

	walk_folder(&w, "", 0);
	if (w.objects.n)
		qsort(w.objects.v, w.objects.n, sizeof(*w.objects.v), compare);
	jw_init(&jw, out);
	jw_array(&jw, NULL);
	for (uint32_t i = 0; i < w.objects.n; i++)
		add_object(&w, &jw, w.objects.v[i]);
	jw_end(&jw);
	array_release(&w.objects);
	return w.n;
}
