/* SPDX-License-Identifier: MIT */
#include "command/results.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

#define FOLDER ".protflow"
#define SUFFIX ".sarif"

typedef Array(const char *) names;

struct walk {
	struct results *r;
	const char *tree;
	names folders;		/* that have results, relative to the tree; "" is the tree itself */
};

static bool ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n > k && !strcmp(s + n - k, suffix);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

#define sort_names(a) \
	((a)->n ? qsort((a)->v, (a)->n, sizeof(*(a)->v), compare) : (void)0)

static char *join(struct arena *a, const char *folder, const char *name)
{
	return *folder ? arena_printf(a, "%s/%s", folder, name) : arena_strdup(a, name);
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

typedef void (*visitor)(struct walk *w, const char *folder, const char *name);

/* Calls visit for each file below base/folder; folder is relative to base. */
static void walk_folder(struct walk *w, const char *base, const char *folder, visitor visit)
{
	struct arena *a = &w->r->arena;
	DIR *d = opendir(arena_printf(a, "%s/%s", base, folder));
	struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    !strcmp(e->d_name, FOLDER))
			continue;
		if (e->d_type == DT_DIR ||
		    (e->d_type == DT_UNKNOWN &&
		     is_folder(arena_printf(a, "%s/%s/%s", base, folder, e->d_name))))
			walk_folder(w, base, join(a, folder, e->d_name), visit);
		else
			visit(w, folder, e->d_name);
	}
	closedir(d);
}

/*
 * The source of which folder/.NAME.cmd tells: of a C source of the kernel that
 * was compiled, else NULL. Host programs are compiled without -D__KERNEL__.
 */
static char *source_of(struct walk *w, const char *folder, const char *object)
{
	struct arena *a = &w->r->arena;
	struct buffer b = BUFFER_INIT;
	char *source = NULL;

	if (!buffer_read_file(&b, arena_printf(a, "%s/%s/.%s.cmd", w->tree, folder, object), 0) &&
	    strstr(buffer_str(&b), " -D__KERNEL__ ")) {
		const char *line = strstr(b.s, "\nsource_");
		const char *path = line ? strstr(line, ":= ") : NULL;

		if (path)
			source = arena_strndup(a, path + 3, strcspn(path + 3, "\n"));
	}
	buffer_release(&b);
	return source && ends(source, ".c") ? source : NULL;
}

bool results_older(const char *result, const char *source)
{
	struct stat s, r;

	if (stat(source, &s) || stat(result, &r))
		return false;
	return s.st_mtim.tv_sec > r.st_mtim.tv_sec ||
	       (s.st_mtim.tv_sec == r.st_mtim.tv_sec && s.st_mtim.tv_nsec > r.st_mtim.tv_nsec);
}

/* Whether the source, relative to the tree or absolute, was changed after that. */
static bool is_newer(struct walk *w, const char *source, const char *result)
{
	return results_older(result, *source == '/' ? source : arena_printf(&w->r->arena, "%s/%s",
									    w->tree, source));
}

/* A result that is not whole yet has another name. */
static void take_result(struct walk *w, const char *folder, const char *name)
{
	struct arena *a = &w->r->arena;
	const char *object, *path, *source;

	if (!ends(name, ".o" SUFFIX))
		return;
	name = arena_strndup(a, name, strlen(name) - strlen(SUFFIX));
	object = join(a, folder, name);
	path = arena_printf(a, "%s/" FOLDER "/%s" SUFFIX, w->tree, object);
	if (!exists(arena_printf(a, "%s/%s", w->tree, object)))
		return;
	source = source_of(w, folder, name);
	if (source && is_newer(w, source, path))
		array_push(&w->r->missing, object);
	else
		array_push(&w->r->files, path);
	if (!w->folders.n || strcmp(array_last(&w->folders), folder))
		array_push(&w->folders, folder);
}

/* ".iommu.o.cmd" is of iommu.o. What modpost made (*.mod.o) is never checked. */
static void take_object(struct walk *w, const char *folder, const char *name)
{
	struct arena *a = &w->r->arena;
	const char *object;

	if (name[0] != '.' || !ends(name, ".o.cmd") || ends(name, ".mod.o.cmd"))
		return;
	name = arena_strndup(a, name + 1, strlen(name) - 1 - strlen(".cmd"));
	object = join(a, folder, name);
	if (exists(arena_printf(a, "%s/%s", w->tree, object)) &&
	    !exists(arena_printf(a, "%s/" FOLDER "/%s" SUFFIX, w->tree, object)) &&
	    source_of(w, folder, name))
		array_push(&w->r->missing, object);
}

static bool is_below(const char *folder, const char *above)
{
	size_t n = strlen(above);

	return !n || (!strncmp(folder, above, n) && (!folder[n] || folder[n] == '/'));
}

/* Whether a folder before number i holds it. */
static bool is_covered(const struct walk *w, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (is_below(w->folders.v[i], w->folders.v[k]))
			return true;
	return false;
}

int results_add_tree(struct results *r, const char *tree)
{
	struct walk w = { .r = r, .tree = tree };
	char *folder = arena_printf(&r->arena, "%s/" FOLDER, tree);

	if (!is_folder(folder))
		return errno ? -errno : -ENOTDIR;
	walk_folder(&w, folder, "", take_result);
	/* A folder sorts before what it holds. */
	sort_names(&w.folders);
	for (uint32_t i = 0; i < w.folders.n; i++)
		if (!is_covered(&w, i))
			walk_folder(&w, tree, w.folders.v[i], take_object);
	sort_names(&r->files);
	sort_names(&r->missing);
	array_release(&w.folders);
	return 0;
}

static void take_facts(struct walk *w, const char *folder, const char *name)
{
	static const char suffix[] = ".facts";
	struct arena *a = &w->r->arena;
	const char *path = join(a, folder, name);

	if (!ends(name, suffix))
		return;
	array_push(&w->r->facts, (struct results_facts){
		arena_strndup(a, path, strlen(path) - strlen(suffix)),
		arena_printf(a, "%s/%s", w->tree, path) });
}

int results_add_facts(struct results *r, const char *folder)
{
	struct walk w = { .r = r, .tree = folder };
	uint32_t n = r->facts.n;

	walk_folder(&w, folder, "", take_facts);
	return r->facts.n > n ? 0 : -ENOENT;
}

void results_release(struct results *r)
{
	array_release(&r->facts);
	array_release(&r->files);
	array_release(&r->missing);
	arena_release(&r->arena);
}

char *results_facts_path(struct arena *a, const char *result)
{
	return arena_printf(a, "%.*s.facts", (int)(strlen(result) - strlen(SUFFIX)), result);
}

/* Behind the first ".protflow/" of a path, or NULL. */
static const char *behind_folder(const char *path)
{
	static const char folder[] = FOLDER "/";

	for (const char *s = path; (s = strstr(s, folder)); s++)
		if (s == path || s[-1] == '/')
			return s + strlen(folder);
	return NULL;
}

char *results_folder(struct arena *a, const char *path)
{
	const char *end = behind_folder(path);

	if (!end)
		end = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	return end == path ? arena_strdup(a, ".") : arena_strndup(a, path, (size_t)(end - path) - 1);
}

char *results_object(struct arena *a, const char *path)
{
	const char *s = behind_folder(path);
	size_t n;

	if (!s)
		return NULL;
	n = strlen(s);
	return ends(s, SUFFIX) ? arena_strndup(a, s, n - strlen(SUFFIX)) : NULL;
}
