/* SPDX-License-Identifier: MIT */
/*
 * infer.h - "protflow rules infer RECORD OBJTREE..."
 */
#ifndef PF_COMMAND_INFER_H
#define PF_COMMAND_INFER_H

/* argv[0] is "rules", argv[1] is "infer". The result is the exit status. */
int command_infer(int argc, char **argv);

#endif
