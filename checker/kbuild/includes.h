/* SPDX-License-Identifier: MIT */
/*
 * includes.h - which files do the #includes of a unit mean?
 *
 * A private file is one that is not below include/ or arch/X/include/ of the
 * kernel, a public one is. Of a name all the private files are found that it can
 * mean: which one the compiler takes makes no difference, more text is more
 * words. The public ones are looked for on request only, since there are hundreds
 * for each unit; then it is the one that the compiler finds first.
 */
#ifndef PF_KBUILD_INCLUDES_H
#define PF_KBUILD_INCLUDES_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "kbuild/argv.h"

struct include {
	const char *folder;	/* of the file that has the #include */
	const char *name;
	bool quoted, next;	/* "..." and not <...>; #include_next */
};

struct includes {
	struct arena *arena;
	Array(const char *) folders;	/* in the order of the search */
	Array(const char *) quoted;	/* of -iquote */
	Array(const char *) roots;	/* of the kernel's source and of its object tree */
	Array(const char *) files;	/* private ones, normal absolute paths */
	Array(const char *) headers;	/* public ones that were looked for */
	Array(struct include) seen;	/* what names public ones that were not */
	struct map known;		/* hashes of paths queued and of includes resolved */
	struct map inside;		/* folder and first part of a name -> 1: no, 2: yes */
};

/* The folders of the unit's flags. */
void includes_init(struct includes *in, struct arena *a, const struct kbuild_unit *u);
void includes_release(struct includes *in);

/* The private files that it means; it is noted for includes_public(). */
void includes_add(struct includes *in, struct include i);

/*
 * The name between quotes or angles at s is included by a file of that folder; next: by
 * #include_next. Gives where to go on; *odd where what stands there is no such name.
 */
const char *includes_name(struct includes *in, const char *folder, const char *s,
			  const char *end, bool next, bool *odd);

/* The public files that the includes mean which were noted since the last call. */
void includes_public(struct includes *in);

#endif
