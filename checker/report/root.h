/* SPDX-License-Identifier: MIT */
/*
 * root.h - file names as the uris of a log
 *
 * Clang names a file as Kbuild gave it: relative, with "../", absolute with
 * O=. A log names it relative to one of up to three roots, so that a viewer on
 * another machine finds it in its own checkout:
 *
 *	SRCROOT	the kernel's source, or the working directory where there is none
 *	MODROOT	an external module that lies outside of it
 *	OBJROOT	the object tree, for generated files
 *
 * The innermost root that holds the file counts. Symbolic links are resolved;
 * a link that leads out of all roots keeps its own name. What lies outside of
 * all roots keeps an absolute uri, or only its last part where absolute paths
 * are not wanted.
 */
#ifndef PF_REPORT_ROOT_H
#define PF_REPORT_ROOT_H

#include <stdbool.h>

#include "base/arena.h"

#define ROOTS_MAX 3
#define ROOT_HIDDEN "REDACTED"

struct root {
	const char *id;		/* "SRCROOT" */
	const char *path;	/* absolute, by text */
	const char *real;	/* links resolved */
	const char *uri;	/* "file:///usr/src/linux/" */
	const char *description;
};

struct roots {
	const char *directory;	/* relative names start here */
	bool hide;		/* no absolute paths */
	struct root v[ROOTS_MAX];
	unsigned n;
};

struct uri {
	const char *base;	/* id of a root; NULL: uri is absolute */
	const char *uri;	/* percent-encoded */
};

/* srctree and modtree may be NULL. */
void roots_init(struct roots *r, struct arena *a, const char *directory, const char *srctree,
		const char *modtree);

struct uri roots_uri(const struct roots *r, struct arena *a, const char *file);

/* A text that may name files; where paths are hidden, each is named as roots_uri() does. */
const char *roots_text(const struct roots *r, struct arena *a, const char *text);

/* The path of a "file:" uri without a last slash, or NULL. */
char *uri_path(struct arena *a, const char *uri);

/* A path with all but the characters of a uri's path percent-encoded. */
char *uri_encode(struct arena *a, const char *path);

#endif
