/* SPDX-License-Identifier: MIT */
/*
 * source.h - the files that a log points into
 *
 * Each file is read once, on first use. Clang counts columns in bytes, the log
 * in Unicode code points; a tab is one of them. A file that cannot be read, or
 * has become shorter than clang saw it, still gives valid regions, without
 * snippets.
 */
#ifndef PF_REPORT_SOURCE_H
#define PF_REPORT_SOURCE_H

#include "base/array.h"
#include "base/sha256.h"
#include "report/finding.h"
#include "report/fingerprint.h"
#include "report/root.h"

struct source {
	struct uri uri;
	const char *text;	/* NULL: not readable */
	size_t size;
	uint32_t *lines;	/* offsets of the lines, and size at [nlines] */
	uint32_t nlines;
	char sha256[SHA256_HEX];
	struct line_hashes hashes;
	bool has_hashes;
	bool is_target, has_result;	/* its roles in the run */
	unsigned index;		/* in the log, after sources_sort() */
};

struct source_name { const char *name; struct source *source; };

struct sources {
	struct arena *arena;
	const struct roots *roots;
	Array(struct source *) v;
	Array(struct source_name) names;
};

/* 1-based, end exclusive, columns in code points. snippet: NULL where not known. */
struct region {
	uint32_t line, col, end_line, end_col;
	const char *snippet;
	size_t nsnippet;
};

/* arena and roots must outlive it. */
void sources_init(struct sources *s, struct arena *arena, const struct roots *roots);
void sources_release(struct sources *s);

/* The file of that name; names that mean one file give one source. */
struct source *sources_get(struct sources *s, const char *name);

/* Orders the sources by base and uri and numbers them. No sources_get() of new names after it. */
void sources_sort(struct sources *s);

/* The region of a place. Where it has no end, it ends with its word or character. */
struct region source_region(const struct source *s, const struct place *p);

/*
 * The lines around a region, whole and with up to two more on either side.
 * False where they are not known or are no more than the region.
 */
bool source_context(const struct source *s, const struct region *r, struct region *out);

/* GitHub's fingerprint of a line; count 0: none. */
struct line_hash source_line_hash(struct source *s, uint32_t line);

#endif
