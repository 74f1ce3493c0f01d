/* SPDX-License-Identifier: MIT */
/* Prints the flags that libclang gets for what Kbuild hands to $(CHECK), one a line. */
#include <stdio.h>
#include <unistd.h>

#include "kbuild/argv.h"

int main(int argc, char **argv)
{
	struct arena a = ARENA_INIT;
	struct kbuild_unit u;
	char cwd[4096];

	if (!getcwd(cwd, sizeof(cwd)))
		return 1;
	kbuild_parse(&a, cwd, argc - 1, (const char *const *)argv + 1, &u);
	for (unsigned i = 0; i < u.nclang_args; i++)
		puts(u.clang_args[i]);
	arena_release(&a);
	return 0;
}
