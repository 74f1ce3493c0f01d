/* SPDX-License-Identifier: MIT */
/*
 * argv.h - what Kbuild hands to $(CHECK)
 *
 * cmd_checksrc is "$(CHECK) $(CHECKFLAGS) $(c_flags) $<" (scripts/Makefile.build,
 * scripts/Makefile.lib of newer kernels), run in the object tree. The flags are
 * the compiler's, gcc's too; they are translated for libclang by a whitelist:
 * what is not known to matter to parsing is dropped. -Wp,-MMD never passes.
 */
#ifndef PF_KBUILD_ARGV_H
#define PF_KBUILD_ARGV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct kbuild_unit {
	const char *directory;	/* absolute: the working directory */
	const char *source;	/* as on the command line, or NULL */
	const char *object;	/* object path from -Wp,-MMD,X.d, relative to directory;
				 * NULL where it has none */
	const char *modname;	/* KBUILD_MODNAME, KBUILD_MODFILE, or NULL */
	const char *modfile;
	const char *srctree;	/* absolute root of the kernel's source, found by its
				 * -include .../include/linux/kconfig.h, or NULL */
	bool is_probe;		/* the call of scripts/checker-valid.sh */
	bool by_kbuild;		/* has the dependency file that only Kbuild asks for */
	const char **clang_args;	/* for libclang; NULL-terminated */
	unsigned nclang_args;
	const char **kept;	/* of argv, what clang_args was made from, the source not
				 * included; for a command line that does the same again */
	unsigned nkept;
	const char **options;	/* --protflow-x=y found among CF, as "x=y" */
	unsigned noptions;
	const char **dropped;	/* what was dropped although it is no -W, no CHECKFLAG */
	unsigned ndropped;
	uint64_t flags_digest;	/* of clang_args */
};

/*
 * Translates argv (without the program's own name). All in the arena. Never
 * fails: an argv without a source gives source NULL.
 */
void kbuild_parse(struct arena *a, const char *directory, int argc, const char *const *argv,
		  struct kbuild_unit *out);

/* "a/b/../c//./d" as "a/c/d", by text alone; relative paths are taken from directory. */
char *kbuild_absolute(struct arena *a, const char *directory, const char *path);

#endif
