/* SPDX-License-Identifier: MIT */
/*
 * ignored.h - a guard that is left out, to see what rests on it
 */
#ifndef PF_ENGINE_IGNORED_H
#define PF_ENGINE_IGNORED_H

#include <stdint.h>

#define IGNORED_GUARDS 64	/* at once */

/* "iommu.c" or "intel/iommu.c": the end of the file's path, from a folder on. */
struct ignored_guard {
	const char *file;
	uint32_t line;
};

#endif
