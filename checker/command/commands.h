/* SPDX-License-Identifier: MIT */
/*
 * commands.h - the commands, one file each
 *
 * argv[0] is the command's own name. The result is the exit status.
 */
#ifndef PF_COMMAND_COMMANDS_H
#define PF_COMMAND_COMMANDS_H

enum {
	STATUS_OK,		/* it ran */
	STATUS_FAILS,		/* --fail-on or --strict was met */
	STATUS_USAGE,		/* usage or rule file; nothing to work with */
	STATUS_VACUOUS,		/* a rule of the run is */
};

int command_check(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_run(int argc, char **argv);

/* These need libclang, or what stands behind it, and are in protflow-unit. */
extern int command_rules(int argc, char **argv);
int command_unit(int argc, char **argv);
int command_link(int argc, char **argv);
int command_explain(int argc, char **argv);

#endif
