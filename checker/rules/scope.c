/* SPDX-License-Identifier: MIT */
#include "rules/scope.h"

#include <fnmatch.h>
#include <string.h>

#include "base/path.h"
#include "kbuild/argv.h"

static bool matches(const struct rule *r, const char *path)
{
	for (unsigned i = 0; i < r->nscope; i++)
		if (path_below(path, r->scope[i]) || !fnmatch(r->scope[i], path, 0))
			return true;
	return false;
}

/*
 * The scope's names are relative to the kernel's source. Where that is not known
 * to hold the unit, the end of its path may be such a name.
 */
bool scope_has(struct arena *a, const struct rule *r, const char *directory, const char *source,
	       const char *srctree)
{
	const char *path;

	if (!r->nscope)
		return true;
	path = kbuild_absolute(a, directory, source);
	if (srctree && path_below(path, srctree))
		return matches(r, path + strlen(srctree) + 1);
	for (; path; path = strchr(path, '/')) {
		path += *path == '/';
		if (matches(r, path))
			return true;
	}
	return false;
}
