/* SPDX-License-Identifier: MIT */
/*
 * sound_test.c - the soundness test of the engine
 *
 *	engine_sound --work DIR --models DIR [--seed N]... [--programs N] [--functions N]
 *		     [--inputs N] [--program K] [--only NAME] [--skip NAME]... [--exact PERCENT]
 *		     [--keep] [--states] [--hunt] [--include DIR] [FILE...]
 *
 * A seed of 0 is replaced by a fresh one, which is printed. Programs and files
 * run in processes of their own, two at a time, so that a crash is a finding
 * like any other. With --hunt what is found is printed, and the exit status
 * says "skipped" in place of "failed".
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/yaml.h"
#include "gen.h"
#include "sound.h"

#define JOB_SECONDS 600

struct job {
	uint64_t seed;		/* of a random program, or 0 */
	unsigned program;
	const char *file;
	struct sound_stats *stats;	/* shared with the process */
	pid_t pid;
};

#define SKIPPED 77

static struct {
	bool hunts;
	const char *work, *models, *include, *self;
	unsigned programs, functions, inputs, jobs, percent;
	int program;
	bool keep;
	struct model model;
	struct sound_choice choice;
	Array(struct job) list;
} t = { .programs = 8, .functions = 20, .inputs = 6, .jobs = 2, .program = -1 };

static void work(const struct job *j)
{
	struct sound_unit su;
	uint64_t seed = j->seed + j->program;
	bool ok;

	alarm(JOB_SECONDS);
	seed = rng_next(&seed);
	ok = j->file ? sound_parse(&su, j->file, t.include, &t.model) :
		       sound_generate(&su, seed, t.functions, t.work, t.keep, &t.model);
	if (!ok) {
		fflush(stdout);
		_exit(1);
	}
	sound_run(&su, seed, t.inputs, &t.choice, j->stats);
	sound_release(&su);
	model_release(&t.model);
	fflush(stdout);
	_exit(j->stats->misses != 0);
}

static void start(struct job *j)
{
	j->stats = mmap(NULL, sizeof(*j->stats), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(stdout);
	j->pid = fork();
	if (!j->pid)
		work(j);
}

static double percent(uint64_t part, uint64_t all)
{
	return all ? 100.0 * (double)part / (double)all : 0;
}

static bool finish(const struct job *j, int status)
{
	const struct sound_stats *s = j->stats;

	if (WIFSIGNALED(status))
		printf("killed: %s\n", strsignal(WTERMSIG(status)));
	if (j->file)
		printf("%s: ", j->file);
	else
		printf("seed 0x%llx program %u: ", (unsigned long long)j->seed, j->program);
	printf("%llu functions, %llu given up, %llu runs, %llu points, %llu misses, "
	       "%.1f %% exact\n",
	       (unsigned long long)s->functions, (unsigned long long)s->lost,
	       (unsigned long long)s->runs, (unsigned long long)s->points,
	       (unsigned long long)s->misses, percent(s->exact, s->bits));
	if (status && !j->file)
		printf("  reproduce: %s --work %s --models %s --functions %u --inputs %u "
		       "--program %u --seed 0x%llx --keep --states\n", t.self, t.work, t.models,
		       t.functions, t.inputs, j->program, (unsigned long long)j->seed);
	return !status;
}

static bool run_jobs(void)
{
	unsigned next = 0, running = 0;
	bool ok = true;

	while (next < t.list.n || running) {
		int status;
		pid_t pid;

		while (next < t.list.n && running < t.jobs) {
			start(&t.list.v[next++]);
			running++;
		}
		pid = wait(&status);
		for (uint32_t i = 0; i < t.list.n; i++)
			if (t.list.v[i].pid == pid) {
				ok &= finish(&t.list.v[i], status);
				t.list.v[i].pid = 0;
			}
		running--;
	}
	return ok;
}

static bool summarise(void)
{
	struct sound_stats sum = { 0 };

	for (uint32_t i = 0; i < t.list.n; i++) {
		const struct sound_stats *s = t.list.v[i].stats;

		sum.functions += s->functions;
		sum.lost += s->lost;
		sum.runs += s->runs;
		sum.points += s->points;
		sum.misses += s->misses;
		sum.bits += s->bits;
		sum.exact += s->exact;
	}
	printf("all: %llu functions, %llu given up, %llu runs, %llu points, %llu misses, "
	       "%.1f %% of the bits exact\n", (unsigned long long)sum.functions,
	       (unsigned long long)sum.lost, (unsigned long long)sum.runs,
	       (unsigned long long)sum.points, (unsigned long long)sum.misses,
	       percent(sum.exact, sum.bits));
	if (percent(sum.exact, sum.bits) >= t.percent)
		return true;
	printf("at least %u %% must be exact\n", t.percent);
	return false;
}

static void add_seed(uint64_t seed)
{
	if (!seed) {
		if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
			seed = (uint64_t)getpid() << 32;
		printf("fresh seed 0x%llx\n", (unsigned long long)seed);
	}
	for (unsigned k = 0; k < t.programs; k++)
		if (t.program < 0 || t.program == (int)k)
			array_push(&t.list, (struct job){ .seed = seed, .program = k });
}

static void read_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "work", 1, NULL, 'w' }, { "models", 1, NULL, 'm' }, { "include", 1, NULL, 'I' },
		{ "seed", 1, NULL, 's' }, { "programs", 1, NULL, 'c' },
		{ "functions", 1, NULL, 'f' }, { "inputs", 1, NULL, 'i' },
		{ "program", 1, NULL, 'k' }, { "only", 1, NULL, 'o' }, { "jobs", 1, NULL, 'j' },
		{ "exact", 1, NULL, 'e' }, { "skip", 1, NULL, 'x' },
		{ "keep", 0, NULL, 'K' }, { "states", 0, NULL, 'S' },
		{ "hunt", 0, NULL, 'H' }, { NULL, 0, NULL, 0 },
	};
	Array(uint64_t) seeds = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (c) {
		case 'w': t.work = optarg; break;
		case 'm': t.models = optarg; break;
		case 'I': t.include = optarg; break;
		case 's': array_push(&seeds, strtoull(optarg, NULL, 0)); break;
		case 'c': t.programs = (unsigned)atoi(optarg); break;
		case 'f': t.functions = (unsigned)atoi(optarg); break;
		case 'i': t.inputs = (unsigned)atoi(optarg); break;
		case 'k': t.program = atoi(optarg); break;
		case 'o': t.choice.only = optarg; break;
		case 'x': array_push(&t.choice.skip, optarg); break;
		case 'j': t.jobs = (unsigned)atoi(optarg); break;
		case 'K': t.keep = true; break;
		case 'H': t.hunts = true; break;
		case 'S': t.choice.states = true; break;
		case 'e': t.percent = (unsigned)atoi(optarg); break;
		default: exit(2);
		}
	if (!t.work || !t.models || (optind == argc && !seeds.n)) {
		fprintf(stderr, "usage: see sound_test.c\n");
		exit(2);
	}
	if (t.program >= (int)t.programs)
		t.programs = (unsigned)t.program + 1;
	for (; optind < argc; optind++)
		array_push(&t.list, (struct job){ .file = argv[optind] });
	for (uint32_t i = 0; i < seeds.n; i++)
		add_seed(seeds.v[i]);
	array_release(&seeds);
}

int main(int argc, char **argv)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	bool ok;
	int err;

	t.self = argv[0];
	read_options(argc, argv);
	if (!model_read_dir(&t.model, t.models, &faults)) {
		fprintf(stderr, "%s: %s\n", faults.v.v[0].file, faults.v.v[0].text);
		return 1;
	}
	err = file_mkdirs(t.work);
	if (err) {
		fprintf(stderr, "%s: %s\n", t.work, strerror(-err));
		return 1;
	}
	ok = run_jobs();
	ok &= summarise();
	model_release(&t.model);
	array_release(&t.list);
	array_release(&t.choice.skip);
	printf("%s\n", ok ? "passed" : "FAILED");
	return ok ? 0 : t.hunts ? SKIPPED : 1;
}
