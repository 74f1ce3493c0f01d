/* SPDX-License-Identifier: MIT */
/*
 * results.h - what a build has left in its object tree
 *
 * Each checked unit left TREE/.protflow/OBJECT.sarif, which has the texts of its
 * rules in a file that is there once (rules_file.h). The units of the build
 * are known by Kbuild's own files .NAME.o.cmd: C sources compiled with
 * -D__KERNEL__. A folder counts as checked where it, or a folder above it, has
 * a result; what was compiled there and has none is missing, and so is what has
 * one that is older than its source. A result whose object is gone is left out:
 * it is of a build that was cleaned.
 */
#ifndef PF_COMMAND_RESULTS_H
#define PF_COMMAND_RESULTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/array.h"

struct results_facts {
	const char *object, *path;
};

struct results {
	struct arena arena;
	Array(const char *) files;	/* results, sorted */
	Array(const char *) missing;	/* objects relative to their tree, sorted */
	Array(struct results_facts) facts;	/* of folders that hold nothing else */
};

/* Adds those of one tree. 0 or -errno, where there is no such folder. */
int results_add_tree(struct results *r, const char *tree);

/*
 * Adds the facts below a folder that "protflow check --facts" wrote to. 0, or
 * -ENOENT where there are none.
 */
int results_add_facts(struct results *r, const char *folder);
void results_release(struct results *r);

/* OBJECT of TREE/.protflow/OBJECT.sarif; NULL for another path. */
char *results_object(struct arena *a, const char *path);

/* TREE/.protflow/OBJECT.facts, that stands beside it. */
char *results_facts_path(struct arena *a, const char *result);

/* Whether the source was changed after the result was written. */
bool results_older(const char *result, const char *source);

/* The folder of what is left once for all units: .protflow of the result's tree, or its own. */
char *results_folder(struct arena *a, const char *path);

#endif
