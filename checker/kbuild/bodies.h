/* SPDX-License-Identifier: MIT */
/*
 * bodies.h - the public headers of a unit, without the bodies that nothing of it names
 *
 * Most of what a unit includes are inline functions that it does not use, and to parse their
 * bodies is a good part of its time. A body is left out (a ';' and blanks stand in its place,
 * so that all else keeps its line and column) where nothing that stays has the function's
 * name: not the source and its private headers, not what stands in public ones outside of
 * bodies, macros included, and not the bodies that stay. All text counts, also of a branch
 * that is off.
 *
 * A name that a macro pastes is not seen. So who parses the texts has to look whether
 * something refers to a function whose body was left out, and to parse again without them.
 *
 *	bodies_init(&b, &arena);
 *	bodies_find(&b, &unit, snippet);
 *	... b.files take the place of the files of these names
 *	if (bodies_left_out(&b, "name of a function without a body")) ...
 *	bodies_release(&b);
 */
#ifndef PF_KBUILD_BODIES_H
#define PF_KBUILD_BODIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "kbuild/argv.h"

struct bodies_file {
	const char *path;	/* absolute */
	char *text;		/* n bytes */
	size_t n;
	bool less;		/* a body was left out */
};

struct bodies_body {
	uint32_t file;
	size_t from, to;	/* from its '{' to behind its '}' */
	const char *name;	/* length bytes in the file's text */
	uint32_t length;
	uint32_t hash;		/* of the name */
	uint32_t words, nwords;	/* in words: hashes of those in it */
	bool stays;
};

struct bodies {
	struct arena *arena;
	Array(struct bodies_file) files;	/* after bodies_find() those with less only */
	Array(struct bodies_body) bodies;
	Array(uint32_t) words;
	uint64_t *named;		/* a bit for each hash of a word that stays */
	struct map left_out;		/* hashes of names */
	unsigned nleft_out;		/* bodies */
};

/* Finds nothing yet. The arena gets the texts. */
void bodies_init(struct bodies *b, struct arena *a);
void bodies_release(struct bodies *b);

/* In the headers of the unit. snippet: what is parsed behind the source, or NULL. */
void bodies_find(struct bodies *b, const struct kbuild_unit *u, const char *snippet);

/* Whether the body of a function of that name is not in the texts. */
bool bodies_left_out(const struct bodies *b, const char *name);

/*
 * The same of texts that are at hand: all that uses functions first, then the headers, which
 * are changed in place, then bodies_done().
 */
void bodies_use(struct bodies *b, const char *s, size_t n);
void bodies_header(struct bodies *b, const char *path, char *s, size_t n);
void bodies_done(struct bodies *b);

#endif
