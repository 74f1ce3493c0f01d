/* SPDX-License-Identifier: MIT */
/*
 * paths.h - where the program's own files stand
 */
#ifndef PF_COMMAND_PATHS_H
#define PF_COMMAND_PATHS_H

#include <stdbool.h>

#include "base/arena.h"

/* The folder of the running program. */
char *program_dir(struct arena *a);

/*
 * The rules: what the option says, else PROTFLOW_RULES, else "rules" beside the
 * program, else the installed ones. NULL: none of them is there.
 */
char *rules_dir(struct arena *a, const char *option);

/* The models that belong to those rules: models/ in that folder, or else the program's own. */
char *models_dir(struct arena *a, const char *rules);

/* The second program, that holds libclang. NULL: it is not there. */
char *worker_path(struct arena *a);

#endif
