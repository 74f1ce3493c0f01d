/* SPDX-License-Identifier: MIT */
/*
 * protflow: the front. It has no libclang in it; see worker.h.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/paths.h"

/* Hands the whole call to the program that holds libclang. */
static int in_worker(int argc, char **argv)
{
	struct arena a = ARENA_INIT;
	char *program = worker_path(&a);

	(void)argc;
	if (program)
		execv(program, argv - 1);
	fprintf(stderr, "protflow: the program protflow-unit is not beside protflow\n");
	arena_release(&a);
	return 2;
}

static bool has_argv(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			return true;
	return false;
}

/* "rules infer RECORD -- ARGV" is a check that prints something else. */
static int rules_infer(int argc, char **argv)
{
	struct arena a = ARENA_INIT;
	int n = 0, status;
	char **words;

	words = arena_new_array(&a, char *, argc + 1);
	words[n++] = "check";
	words[n++] = arena_printf(&a, "--infer=%s", argv[2]);
	for (int i = 3; i < argc; i++)
		words[n++] = argv[i];
	status = command_check(n, words);
	arena_release(&a);
	return status;
}

static int command_rules_front(int argc, char **argv)
{
	return argc > 3 && !strcmp(argv[1], "infer") && has_argv(argc, argv) ?
	       rules_infer(argc, argv) : in_worker(argc, argv);
}

static int command_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("protflow " PROTFLOW_VERSION);
	return 0;
}

static int command_help(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "check", command_check, "check one unit: what $(CHECK) is called for" },
	{ "run", command_run, "check the units of a tree that was built, without make" },
	{ "merge", command_merge, "collect the results of a build into one SARIF log" },
	{ "link", in_worker, "judge the units of a build as one program" },
	{ "explain", in_worker, "print the map that a rule's verdict goes by" },
	{ "rules", command_rules_front, "list, check, explain and test the rules, infer new ones" },
	{ "version", command_version, "print the version" },
	{ "help", command_help, "print this" },
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static int command_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("usage: protflow COMMAND ...\n");
	for (size_t i = 0; i < NCOMMANDS; i++)
		printf("  %-8s  %s\n", commands[i].name, commands[i].what);
	puts("\nprotflow COMMAND --help tells more.");
	return 0;
}

static const struct command *command_find(const char *name)
{
	while (*name == '-')
		name++;
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *c = argc > 1 ? command_find(argv[1]) : NULL;

	if (c)
		return c->run(argc - 1, argv + 1);
	if (argc > 1)
		fprintf(stderr, "protflow: there is no command '%s'\n", argv[1]);
	else
		fprintf(stderr, "protflow: no command\n");
	fprintf(stderr, "Try 'protflow help'.\n");
	return 2;
}
