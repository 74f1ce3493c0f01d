/* SPDX-License-Identifier: MIT */
/*
 * plant_test.c - does the soundness test see a mistake in each transfer function?
 *
 *	engine_plant --work DIR --models DIR --include DIR FILE...
 *
 * Linked with a copy of the engine that has the mistakes in it (domain/plant.h).
 * The units are lowered once; each mistake is hunted for in processes of their
 * own, one for each unit, since it may well run into an assertion.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/yaml.h"
#include "domain/plant.h"
#include "sound.h"

#define PROGRAMS 24
#define FUNCTIONS 6
#define INPUTS 6
#define UNIT_SECONDS 20

int protflow_plant;

static struct {
	const char *work, *models, *include;
	int only;
	struct model model;
	Array(struct sound_unit) units;
} t;

/* 0: no miss, 1: a miss; else it ended otherwise. */
static int run_unit(const struct sound_unit *su, int plant)
{
	struct sound_choice choice = { .quiet = true, .first = true };
	struct sound_stats stats = { 0 };
	int status;
	pid_t pid = fork();

	if (!pid) {
		alarm(UNIT_SECONDS);
		fclose(stderr);
		protflow_plant = plant;
		sound_run(su, 1, INPUTS, &choice, &stats);
		_exit(stats.misses != 0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

/* The number of the unit with the first miss; 0: none has one. */
static unsigned hunt(int plant, unsigned *crashes)
{
	*crashes = 0;
	for (uint32_t i = 0; i < t.units.n; i++) {
		int found = run_unit(&t.units.v[i], plant);

		if (found == 1)
			return i + 1;
		*crashes += found != 0;
	}
	return 0;
}

static bool report(int plant)
{
	unsigned crashes, at = hunt(plant, &crashes);

	if (at)
		printf("planted bug %d: caught by unit %u\n", plant, at);
	else
		printf("planted bug %d: NOT caught, %u crashes\n", plant, crashes);
	fflush(stdout);
	return at;
}

static bool prepare(char **files)
{
	bool ok = true;

	for (; *files; files++)
		ok &= sound_parse(array_add(&t.units), *files, t.include, &t.model);
	for (unsigned i = 0; i < PROGRAMS; i++)
		ok &= sound_generate(array_add(&t.units), 1 + i, FUNCTIONS, t.work, false,
				     &t.model);
	return ok;
}

static void read_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "work", 1, NULL, 'w' }, { "models", 1, NULL, 'm' }, { "include", 1, NULL, 'I' },
		{ "plant", 1, NULL, 'p' }, { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (c) {
		case 'w': t.work = optarg; break;
		case 'm': t.models = optarg; break;
		case 'I': t.include = optarg; break;
		case 'p': t.only = atoi(optarg); break;
		default: exit(2);
		}
	if (!t.work || !t.models) {
		fprintf(stderr, "usage: see plant_test.c\n");
		exit(2);
	}
}

static unsigned hunt_all(void)
{
	unsigned crashes, missed = 0;

	/* The engine itself must be sound, else everything would be "caught". */
	if (hunt(0, &crashes) || crashes) {
		puts("unsound without a planted bug");
		return 1;
	}
	for (int n = ENGINE_PLANT; n < ENGINE_PLANT + ENGINE_PLANTS; n++)
		if (!t.only || t.only == n)
			missed += !report(n);
	return missed;
}

int main(int argc, char **argv)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	unsigned missed;

	read_options(argc, argv);
	if (!model_read_dir(&t.model, t.models, &faults)) {
		fprintf(stderr, "%s: %s\n", faults.v.v[0].file, faults.v.v[0].text);
		return 1;
	}
	if (file_mkdirs(t.work) || !prepare(argv + optind))
		return 1;
	missed = hunt_all();
	for (uint32_t i = 0; i < t.units.n; i++)
		sound_release(&t.units.v[i]);
	array_release(&t.units);
	model_release(&t.model);
	return missed != 0;
}
