/* SPDX-License-Identifier: MIT */
/*
 * cmd_files.h - the compilations that Kbuild has written down in an object tree
 *
 * Beside each object make leaves .NAME.o.cmd, whose first line is the command
 * that made it: "savedcmd_DIR/NAME.o := gcc ... -c -o DIR/NAME.o DIR/NAME.c". So a
 * tree that was built is a database of its own, and nothing has to be run in it
 * to have one.
 *
 * An external module that was built before Linux 6.13 has absolute names and
 * does not say which tree it was compiled in; such a file is left out and counted.
 */
#ifndef PF_KBUILD_CMD_FILES_H
#define PF_KBUILD_CMD_FILES_H

#include "base/arena.h"
#include "base/buffer.h"

struct cmd_files {
	unsigned read;		/* compilations of C sources of which the object is there */
	unsigned elsewhere;	/* left out: compiled in a tree that is not known */
};

/*
 * Appends them as the text of a compile_commands.json, in the order of their names. A line of
 * faults for each folder or command that cannot be read: its units are not among them.
 */
struct cmd_files cmd_files_read(struct arena *a, const char *tree, struct buffer *out,
				struct buffer *faults);

#endif
