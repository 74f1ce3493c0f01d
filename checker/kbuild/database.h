/* SPDX-License-Identifier: MIT */
/*
 * database.h - compile_commands.json
 *
 *	struct database d = { 0 };
 *
 *	if (!database_read(&d, "obj", &faults))	a file, or a folder
 *		...
 *	for (uint32_t i = 0; i < d.entries.n; i++)
 *		database_entry(&d, i, &arena, &entry);
 *	database_release(&d);
 *
 * The format is that of clang.llvm.org/docs/JSONCompilationDatabase.html, with
 * "arguments" or "command". A database of a whole kernel has 10 to 100 MB of
 * the same flags over and over, so only its text is kept; entries are read one
 * by one, for good when they are asked for. A folder holds such a file, or is an
 * object tree of which the same is made (cmd_files.h).
 */
#ifndef PF_KBUILD_DATABASE_H
#define PF_KBUILD_DATABASE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "kbuild/words.h"

#define DATABASE_NAME "compile_commands.json"

struct database_place {
	uint32_t at, line;	/* of the entry in the text: its offset, its line */
};

struct database {
	struct arena arena;
	const char *path;	/* of the file or the tree, absolute, without links */
	const char *folder;	/* that the file is in, or the tree */
	struct buffer text;
	Array(struct database_place) entries;
};

struct compile_entry {
	const char *directory;	/* absolute: relative ones are the database's folder's */
	const char *file;	/* absolute */
	const char *output;	/* as it stands, or NULL */
	struct word_list words;	/* the compiler's name first, response files expanded */
	const char *fault;	/* why there are no words, or NULL */
	uint32_t line;
};

/*
 * Reads the file. False where it cannot be read, is too large, is no JSON, or
 * has an entry of another shape: then faults has lines "path:line: text".
 */
bool database_read(struct database *d, const char *path, struct buffer *faults);

/* The same for a text that is there; takes it over. path and folder are set. */
bool database_parse(struct database *d, struct buffer *text, struct buffer *faults);

/* Entry number i, in the arena but for its list of words; compile_entry_release() frees that. */
void database_entry(const struct database *d, uint32_t i, struct arena *a,
		    struct compile_entry *out);
void compile_entry_release(struct compile_entry *e);

void database_release(struct database *d);

#endif
