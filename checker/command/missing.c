/* SPDX-License-Identifier: MIT */
#include "command/missing.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/results.h"
#include "program/catalog.h"

#define NAME "wanted"
#define LIST_MAX ((size_t)64 << 20)

/* A folder that has facts and nothing else is its own. */
static char *list_path(struct arena *a, const char *tree)
{
	char *folder = arena_printf(a, "%s/.protflow", tree);
	struct stat st;

	if (stat(folder, &st) || !S_ISDIR(st.st_mode))
		return arena_printf(a, "%s/" NAME, tree);
	return arena_printf(a, "%s/" NAME, folder);
}

int missing_write(const char *tree, const struct buffer *names)
{
	struct arena a = ARENA_INIT;
	char *path = list_path(&a, tree);
	int err = 0;

	if (names->n)
		err = file_replace(path, names->s, names->n);
	else if (unlink(path) && errno != ENOENT)
		err = -errno;
	arena_release(&a);
	return err;
}

void missing_init(struct missing_list *m, uint64_t rules, const char *facts)
{
	*m = (struct missing_list){ .rules = rules, .facts = facts };
}

void missing_release(struct missing_list *m)
{
	intern_release(&m->names);
	arena_release(&m->arena);
}

static void read_list(struct missing_list *m, const char *folder)
{
	struct buffer text = BUFFER_INIT;
	char *rest = NULL, *line;

	if (!buffer_read_file(&text, arena_printf(&m->arena, "%s/" NAME, folder), LIST_MAX)) {
		line = arena_strdup(&m->arena, buffer_str(&text));
		for (line = strtok_r(line, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			intern_str(&m->names, line);
	}
	buffer_release(&text);
}

/* Most runs have one tree. */
static bool is_wanted(struct missing_list *m, const struct run_unit *u)
{
	const char *folder = results_folder(&m->arena, u->result);

	if (!m->folder || strcmp(m->folder, folder)) {
		intern_release(&m->names);
		m->names = (struct intern){ .chain = { NULL, 0, 0 } };
		m->folder = folder;
		read_list(m, folder);
		if (m->facts)
			read_list(m, m->facts);
	}
	return intern_find(&m->names, u->name);
}

/* As the link will see it; *asked: it was read in full before. */
static enum unit_use use_of(struct missing_list *m, const struct run_unit *u, bool *asked)
{
	struct catalog c;
	enum unit_use use;

	catalog_init(&c, m->rules);
	catalog_add(&c, u->name, m->facts ? arena_printf(&m->arena, "%s/%s.facts", m->facts, u->name)
					  : results_facts_path(&m->arena, u->result));
	use = c.units.v[0].use;
	*asked = use == UNIT_KNOWN && c.units.v[0].facts.asked;
	catalog_release(&c);
	return use;
}

enum missing missing_of(struct missing_list *m, const struct run_unit *u)
{
	enum unit_use use;
	bool asked;

	if (access(u->result, F_OK) || results_older(u->result, u->path))
		return is_wanted(m, u) ? MISSING_IN_FULL : MISSING_CHECK;
	use = use_of(m, u, &asked);
	if (!asked && is_wanted(m, u))
		return MISSING_IN_FULL;
	return use == UNIT_SKIPPED || use == UNIT_KNOWN ? MISSING_NOT : MISSING_CHECK;
}
