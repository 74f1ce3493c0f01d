/* SPDX-License-Identifier: MIT */
/*
 * path.h - names of files, by text alone
 */
#ifndef PF_BASE_PATH_H
#define PF_BASE_PATH_H

#include <stdbool.h>

/* Whether path is root or below it; both absolute, or both relative to one folder. */
bool path_below(const char *path, const char *root);

#endif
