/* SPDX-License-Identifier: MIT */
/*
 * selection.h - the units of a compile_commands.json, and which of them are to be checked
 *
 * A unit has the name of its object below the object tree, as in merged logs.
 * Entries that are no unit of the kernel are left out and counted: what is no C,
 * programs for the build's host, what modpost made, an object's second entry.
 * An entry of which no argv can be made is a unit with a fault: it counts as
 * missing, it is not left out.
 *
 * Wanted are the units that a path names and, where there is a list of names,
 * that are in it. Shard I of N has every Nth of those, in the order of their
 * names: neighbours, which cost alike, come into different shards, and who has
 * the same units makes the same shards, wherever the tree stands.
 *
 * As in a build of which a part is checked (results.h), a folder counts as
 * checked where it, or one above it, has a unit that is wanted. What else is in
 * it was not seen: one unit alone proves nothing, and makes no rule vacuous.
 */
#ifndef PF_COMMAND_SELECTION_H
#define PF_COMMAND_SELECTION_H

#include "kbuild/compile.h"

struct run_unit {
	const char *name;	/* object, relative to its tree */
	const char *source;	/* relative to the kernel's source, where it is below it */
	const char *path;	/* source, absolute */
	const char *file;	/* the same as the database has it */
	const char *directory;	/* without links */
	const char *arch;	/* or NULL */
	const char *result;	/* where the result goes; NULL with a fault */
	const char *fault;	/* why it cannot be checked, or NULL */
	uint32_t entry;
	uint64_t digest;	/* of the directory and argv */
	bool kernel;		/* has -D__KERNEL__ */
	bool wanted, mine;	/* of the paths; and of the shard */
	bool beside;		/* not wanted, but in a folder of one that is, or below */
};

struct selection {
	struct arena arena;
	struct database database;
	Array(struct run_unit) units;	/* in the order of their names */
	const char *srctree;	/* of the first unit that tells it, or NULL */
	const char *modtree;	/* of an external module, or NULL */
	unsigned no_c, host, modpost, repeated, conflicts;	/* entries left out */
	unsigned nwanted, nmine, nbeside;
	struct word_list unknown;	/* names of the list that no unit has */
};

/* Reads the database; false with faults, lines for people. */
bool selection_read(struct selection *s, const char *path, struct buffer *faults);

/*
 * Paths are files or folders: a source's below the kernel's source, an object's
 * below its tree, or absolute. False, with faults, where one names nothing.
 */
bool selection_paths(struct selection *s, int n, const char *const *paths, struct buffer *faults);

/* Names of objects or sources, a line each; "#" begins a comment. After the paths. */
void selection_names(struct selection *s, const char *text);

/*
 * In place of paths and names: what a merge of the tree looks at, which are the units
 * that have a result and those beside them. All, where none has one.
 */
void selection_checked(struct selection *s);

/* 1 <= index <= count. Last; tells which units are beside those that are wanted. */
void selection_shard(struct selection *s, unsigned index, unsigned count);

/* The argv of $(CHECK) for a unit without a fault, in the arena. */
void selection_argv(const struct selection *s, const struct run_unit *u, struct arena *a,
		    struct word_list *out);

void selection_release(struct selection *s);

#endif
