/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include <string.h>

bool path_below(const char *path, const char *root)
{
	size_t n = strlen(root);

	while (n && root[n - 1] == '/')
		n--;
	return !strncmp(path, root, n) && (path[n] == '/' || !path[n]);
}
