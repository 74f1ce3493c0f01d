/* SPDX-License-Identifier: MIT */
#include "command/selection.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "base/map.h"
#include "base/path.h"
#include "command/call.h"

/* What stays the same from entry to entry. */
struct reading {
	struct selection *s;
	const char *given, *real;	/* the last directory, and without links; NULL: none */
	struct kbuild_config config;	/* of it */
};

static bool ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && !strcmp(s + n - k, suffix);
}

/* Most databases have one directory. */
static void enter(struct reading *r, const char *directory)
{
	struct arena *a = &r->s->arena;
	char real[PATH_MAX];

	if (r->given && !strcmp(r->given, directory))
		return;
	r->given = arena_strdup(a, directory);
	r->real = realpath(directory, real) ? arena_strdup(a, real) : NULL;
	if (r->real)
		kbuild_config(a, r->real, &r->config);
}

static const char *below(const char *path, const char *root)
{
	return root && path_below(path, root) && strcmp(path, root) ? path + strlen(root) + 1
								     : NULL;
}

/* The call that checks the unit ("--" and argv), as far as it says where things are. */
static void locate(struct selection *s, struct run_unit *u, const struct word_list *argv)
{
	struct call c;
	const char *root;

	call_init_in(&c, u->directory, (int)argv->v.n, argv->v.v);
	u->path = kbuild_absolute(&s->arena, u->directory, c.unit.source);
	if (!c.object) {
		u->fault = "its command names no object";
		call_release(&c);
		return;
	}
	u->name = arena_strdup(&s->arena, c.object);
	u->result = arena_printf(&s->arena, "%s/.protflow/%s.sarif", c.tree, c.object);
	root = c.unit.srctree;
	u->source = below(u->path, root);
	if (root && !s->srctree)
		s->srctree = arena_strdup(&s->arena, root);
	call_release(&c);
}

static bool is_outside(const struct run_unit *u)
{
	return !path_below(u->result, u->directory);
}

/* The objects of an external module are in its own folder, and so is its database. */
static void locate_module(struct selection *s, struct run_unit *u, const struct word_list *argv)
{
	const char *folder = s->database.folder;

	if (u->fault || !is_outside(u) || !path_below(u->result, folder) ||
	    path_below(u->directory, folder))
		return;
	s->modtree = folder;
	setenv("KBUILD_EXTMOD", folder, 1);
	locate(s, u, argv);
	unsetenv("KBUILD_EXTMOD");
}

static uint64_t digest(const char *directory, const struct word_list *argv)
{
	uint64_t h = hash_bytes(directory, strlen(directory), 0);

	for (uint32_t i = 0; i < argv->v.n; i++)
		h = hash_bytes(argv->v.v[i], strlen(argv->v.v[i]), h);
	return h;
}

static void take(struct reading *r, uint32_t i, struct arena *a, struct compile_entry *e)
{
	struct selection *s = r->s;
	struct run_unit *u = array_add(&s->units);
	struct word_list argv = { { NULL, 0, 0 } };

	u->entry = i;
	u->file = arena_strdup(&s->arena, e->file);
	u->kernel = e->fault || compile_is_kernel(e);
	u->path = u->name = u->file;
	enter(r, e->directory);
	u->directory = r->real;
	if (!e->fault && !r->real)
		e->fault = arena_printf(a, "its directory %s: %s", e->directory, strerror(ENOENT));
	if (e->fault) {
		u->fault = arena_strdup(&s->arena, e->fault);
		return;
	}
	e->directory = r->real;
	u->arch = compile_arch(&s->arena, e);
	array_push(&argv.v, "--");
	kbuild_from_compile(a, e, &r->config, &argv);
	u->digest = digest(u->directory, &argv);
	locate(s, u, &argv);
	locate_module(s, u, &argv);
	words_release(&argv);
}

static void read_units(struct selection *s)
{
	struct reading r = { .s = s };

	for (uint32_t i = 0; i < s->database.entries.n; i++) {
		struct arena a = ARENA_INIT;
		struct compile_entry e;

		database_entry(&s->database, i, &a, &e);
		if (!ends(e.file, ".c"))
			s->no_c++;
		else if (ends(e.file, ".mod.c"))
			s->modpost++;
		else
			take(&r, i, &a, &e);
		compile_entry_release(&e);
		arena_release(&a);
	}
}

/* Where nothing is the kernel's, nothing is the host's. */
static void drop_host(struct selection *s)
{
	uint32_t kept = 0, i;

	for (i = 0; i < s->units.n && (!s->units.v[i].kernel || s->units.v[i].fault); i++)
		;
	if (i == s->units.n)
		return;
	for (i = 0; i < s->units.n; i++)
		if (s->units.v[i].kernel)
			s->units.v[kept++] = s->units.v[i];
	s->host = s->units.n - kept;
	s->units.n = kept;
}

static int compare(const void *pa, const void *pb)
{
	const struct run_unit *a = pa, *b = pb;
	int c = strcmp(a->name, b->name);

	if (!c && a->result && b->result)
		c = strcmp(a->result, b->result);
	return c ? c : a->entry < b->entry ? -1 : 1;
}

/* Of the entries of one object the last counts, as it does for who compiles them in turn. */
static void drop_repeated(struct selection *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->units.n; i++) {
		const struct run_unit *u = &s->units.v[i];
		struct run_unit *last = kept ? &s->units.v[kept - 1] : NULL;

		if (!last || !u->result || !last->result || strcmp(last->result, u->result)) {
			s->units.v[kept++] = *u;
			continue;
		}
		if (last->digest == u->digest)
			s->repeated++;
		else
			s->conflicts++;
		*last = *u;
	}
	s->units.n = kept;
}

/* A fault leaves no more than the source's path, and an entry may have no -include. */
static void name_sources(struct selection *s)
{
	for (uint32_t i = 0; i < s->units.n; i++) {
		struct run_unit *u = &s->units.v[i];

		if (!u->source)
			u->source = below(u->path, s->srctree);
		if (!u->source)
			u->source = below(u->path, u->directory);
		if (!u->source)
			u->source = u->path;
		if (u->fault)
			u->name = u->source;
		u->wanted = u->mine = true;
	}
}

bool selection_read(struct selection *s, const char *path, struct buffer *faults)
{
	if (!database_read(&s->database, path, faults))
		return false;
	read_units(s);
	drop_host(s);
	name_sources(s);
	if (s->units.n)
		qsort(s->units.v, s->units.n, sizeof(*s->units.v), compare);
	drop_repeated(s);
	s->nwanted = s->nmine = s->units.n;
	return true;
}

void selection_argv(const struct selection *s, const struct run_unit *u, struct arena *a,
		    struct word_list *out)
{
	struct kbuild_config config;
	struct compile_entry e;

	database_entry(&s->database, u->entry, a, &e);
	e.directory = u->directory;
	kbuild_config(a, u->directory, &config);
	kbuild_from_compile(a, &e, &config, out);
	compile_entry_release(&e);
}

void selection_release(struct selection *s)
{
	words_release(&s->unknown);
	array_release(&s->units);
	database_release(&s->database);
	arena_release(&s->arena);
}
