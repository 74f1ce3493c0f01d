/* SPDX-License-Identifier: MIT */
#include "command/paths.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *program_dir(struct arena *a)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	path[n < 0 ? 0 : n] = 0;
	slash = strrchr(path, '/');
	if (slash)
		*slash = 0;
	return arena_strdup(a, path);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* Beside the program in a build folder; below the prefix from bin/ or from libexec/protflow/. */
static char *own_rules(struct arena *a)
{
	static const char *const places[] = {
		"rules", "../share/protflow/rules", "../../share/protflow/rules",
	};
	char *dir = program_dir(a);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *path = arena_printf(a, "%s/%s", dir, places[i]);

		if (is_dir(path))
			return path;
	}
	return NULL;
}

char *rules_dir(struct arena *a, const char *option)
{
	const char *env = getenv("PROTFLOW_RULES");

	if (option)
		return arena_strdup(a, option);
	if (env && *env)
		return arena_strdup(a, env);
	return own_rules(a);
}

char *models_dir(struct arena *a, const char *rules)
{
	char *path = arena_printf(a, "%s/models", rules);
	char *own;

	if (is_dir(path))
		return path;
	own = own_rules(a);
	return own ? arena_printf(a, "%s/models", own) : path;
}

char *worker_path(struct arena *a)
{
	static const char *const places[] = { "protflow-unit", "../libexec/protflow/protflow-unit" };
	char *dir = program_dir(a);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *path = arena_printf(a, "%s/%s", dir, places[i]);

		if (!access(path, X_OK))
			return path;
	}
	return NULL;
}
