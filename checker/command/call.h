/* SPDX-License-Identifier: MIT */
/*
 * call.h - one call of "protflow check": who called, for which unit, what goes where
 *
 * Kbuild is the caller where run-check.sh says so (--kbuild), or where ARGV has
 * the -Wp,-MMD that only Kbuild writes and KBUILD_CHECKSRC, which make C=1 and
 * C=2 export, is in the environment. A recorded ARGV run by hand has only the
 * first and is an ordinary call. The distinction decides about the exit status
 * and about the result file below .protflow/. "protflow run" calls like Kbuild;
 * PROTFLOW_DATABASE, the file that it reads, tells the two apart.
 */
#ifndef PF_COMMAND_CALL_H
#define PF_COMMAND_CALL_H

#include "base/buffer.h"
#include "command/options.h"
#include "kbuild/argv.h"
#include "report/finding.h"

struct call {
	struct arena arena;
	struct check_options options;
	struct kbuild_unit unit;
	struct buffer faults;	/* of the options, a line each */
	bool by_kbuild;
	const char *tree;	/* object tree of the unit: the kernel's, or an external module's */
	const char *object;	/* below it, the unit's name in a run; NULL without the tree */
	const char *result;	/* <tree>/.protflow/<object>.sarif, or NULL */
	const char *facts;	/* <tree>/.protflow/<object>.facts, or that below --facts; or NULL */
	int noptions;		/* words of argv that are options, for the reproducing command */
	const char *const *argv;
};

/* argv without the program's and the command's names. */
void call_init(struct call *c, int argc, const char *const *argv);
/* The same for a call in another directory, which is absolute and without links. */
void call_init_in(struct call *c, const char *directory, int argc, const char *const *argv);
void call_release(struct call *c);

/* Gives the report its unit, and the command that does it again. */
void call_describe(const struct call *c, struct report *r);

/* The exit status of the program: in a build nothing but --fail-on makes it other than 0. */
int call_status(const struct call *c, int status);

/* Tells the report what the caller should know of the call: its options' faults, no Sparse. */
void call_notify(const struct call *c, struct report *r);

#endif
