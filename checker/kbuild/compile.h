/* SPDX-License-Identifier: MIT */
/*
 * compile.h - the compiler's command line as the one that $(CHECK) gets
 *
 * Kbuild hands "$(CHECKFLAGS) $(c_flags) $<" to its checker, and compiles with
 * "$(CC) $(c_flags) -c -o $@ $<". So of a recorded compilation the argv of the
 * checker can be made: the compiler's name goes, and of CHECKFLAGS comes what
 * says which machine the unit is for. From there on, kbuild_parse() sees the
 * same words, and gives libclang the same flags (argv.h has the whitelist).
 */
#ifndef PF_KBUILD_COMPILE_H
#define PF_KBUILD_COMPILE_H

#include <stdbool.h>

#include "kbuild/database.h"

/*
 * What include/config/auto.conf says of the machine. With the architecture it
 * makes what CHECKFLAGS have: "--arch=x86 -mlittle-endian -m64".
 */
struct kbuild_config {
	bool known;		/* there is such a file */
	bool is_64bit, big_endian;
};

/* Of an object tree. */
void kbuild_config(struct arena *a, const char *directory, struct kbuild_config *out);

/* The kernel's name of the architecture: of the first -I.../arch/NAME/include, or NULL. */
const char *compile_arch(struct arena *a, const struct compile_entry *e);

/*
 * Adds the words. The object's name is in them as -Wp,-MMD,DIR/.NAME.o.d: that of
 * the command, or made of -o, of the entry's output, or of the source's name.
 * Words that would be options of protflow are left out: a database is data.
 */
void kbuild_from_compile(struct arena *a, const struct compile_entry *e,
			 const struct kbuild_config *config, struct word_list *out);

/* Whether the command has -D__KERNEL__: programs of the build's host have not. */
bool compile_is_kernel(const struct compile_entry *e);

#endif
