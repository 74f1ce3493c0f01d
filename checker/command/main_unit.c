/* SPDX-License-Identifier: MIT */
/*
 * protflow-unit: the commands that need libclang. Started by protflow only.
 */
#include <stdio.h>
#include <string.h>

#include "command/commands.h"

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "unit"))
		return command_unit(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "rules"))
		return command_rules(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "link"))
		return command_link(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "explain"))
		return command_explain(argc - 1, argv + 1);
	fprintf(stderr, "protflow-unit is started by protflow; try 'protflow help'.\n");
	return 2;
}
