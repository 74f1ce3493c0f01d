/* SPDX-License-Identifier: MIT */
/*
 * vcs.h - which version of the source was checked
 *
 * Asks git, which takes some milliseconds: for the log of a run, not of a unit.
 */
#ifndef PF_REPORT_VCS_H
#define PF_REPORT_VCS_H

#include <stdbool.h>

#include "base/arena.h"
#include "report/sarif.h"

/*
 * False where srctree is not the top of a git repository with a commit and a
 * remote "origin", or there is no git. The strings are in the arena.
 */
bool vcs_read(struct arena *a, const char *srctree, struct sarif_vcs *out);

/*
 * A remote as git names it, as a uri: "git@host:x.git" becomes
 * "ssh://git@host/x.git", a path "file:///path". Passwords are left out, and
 * so are user names of http. NULL for what is none of these.
 */
char *vcs_uri(struct arena *a, const char *remote);

#endif
