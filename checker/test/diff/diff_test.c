/* SPDX-License-Identifier: MIT */
/*
 * diff_test.c - the differential test of the lowering
 *
 *	diff_test --work DIR --models DIR random [--seed N]... [--chunks N] [--functions N]
 *	          [--inputs N] [--chunk K] [--only fN]
 *	diff_test --work DIR --models DIR [--include DIR] [--inputs N] [--only NAME] [--plant]
 *	          FILE...
 *
 * A seed of 0 is replaced by a fresh one, which is printed. Chunks and files
 * run in processes of their own, two at a time, so that a crash is a finding
 * like any other.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/yaml.h"
#include "diff.h"
#include "gen.h"

#define JOB_SECONDS 900

struct job {
	uint64_t seed;		/* of a random program, or 0 */
	unsigned chunk;
	const char *file;
	struct progress *p;
	pid_t pid;
};

static struct {
	const char *work, *models, *include, *only, *self;
	unsigned chunks, functions, inputs, jobs;
	int chunk;
	bool plant;
	struct model model;
	Array(struct job) list;
} t = { .chunks = 4, .functions = 250, .jobs = 2, .chunk = -1 };

static void print_reproduce(const struct job *j, const char *function)
{
	printf("  reproduce: %s --work %s --models %s", t.self, t.work, t.models);
	if (t.include)
		printf(" --include %s", t.include);
	printf(" --inputs %u --only %s", t.inputs, function);
	if (j->file)
		printf(" %s\n", j->file);
	else
		printf(" --functions %u --chunk %u --seed 0x%llx random\n", t.functions, j->chunk,
		       (unsigned long long)j->seed);
}

/* The functions of a corpus file: lines that begin "u64 t_". */
static void find_names(const char *text, struct arena *a, struct subject *s)
{
	const char *p = text;

	for (p = strstr(p, "\nu64 t_"); p; p = strstr(p + 1, "\nu64 t_"))
		array_push(&s->names, arena_strndup(a, p + 5, strcspn(p + 5, "(")));
}

static void prepare_random(const struct job *j, struct arena *a, struct subject *s)
{
	struct buffer text = BUFFER_INIT;
	char *path = arena_printf(a, "%s/random-%llx-%u.c", t.work, (unsigned long long)j->seed,
				  j->chunk);
	uint64_t seed = j->seed + j->chunk;

	s->seed = rng_next(&seed);
	gen_program(s->seed, t.functions, &text);
	if (file_replace(path, text.s, text.n)) {
		perror(path);
		_exit(1);
	}
	s->source = path;
	for (unsigned i = 0; i < t.functions; i++)
		array_push(&s->names, arena_printf(a, "f%u", i));
	buffer_release(&text);
}

static void prepare_file(const struct job *j, struct arena *a, struct subject *s)
{
	struct buffer text = BUFFER_INIT;
	int err = buffer_read_file(&text, j->file, 0);

	if (err) {
		fprintf(stderr, "%s: %s\n", j->file, strerror(-err));
		_exit(1);
	}
	s->source = j->file;
	s->seed = hash_bytes(text.s, text.n, 1);
	find_names(text.s, a, s);
	buffer_release(&text);
	if (!s->names.n) {
		fprintf(stderr, "%s: no functions 'u64 t_...'\n", j->file);
		_exit(1);
	}
}

static void clean_up(const struct subject *s, bool random)
{
	for (unsigned v = 0; v < VARIANTS; v++)
		unlink(native_path(s, v));
	if (random)
		unlink(s->source);
}

static void work(const struct job *j)
{
	struct subject s = { .include = t.include, .work = t.work, .model = &t.model,
			     .only = t.only, .inputs = t.inputs, .plant = t.plant };
	struct arena a = ARENA_INIT;
	bool ok;

	alarm(JOB_SECONDS);
	if (j->file)
		prepare_file(j, &a, &s);
	else
		prepare_random(j, &a, &s);
	ok = native_compile(&s) && compare_subject(&s, j->p);
	if (ok)
		clean_up(&s, !j->file);
	array_release(&s.names);
	arena_release(&a);
	fflush(stdout);
	_exit(!ok);
}

static void start(struct job *j)
{
	j->p = mmap(NULL, sizeof(*j->p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(stdout);
	j->pid = fork();
	if (!j->pid)
		work(j);
}

static bool finish(struct job *j, int status)
{
	const struct progress *p = j->p;

	if (WIFSIGNALED(status))
		printf("%s: %s: %s: %s at input %u\n", j->file ? j->file : "random", p->function,
		       p->runner, strsignal(WTERMSIG(status)), p->input);
	if (j->file)
		printf("%s: ", j->file);
	else
		printf("seed 0x%llx chunk %u: ", (unsigned long long)j->seed, j->chunk);
	printf("%u functions, %u runs, %u differences", p->functions, p->runs, p->differences);
	printf(p->optimisers ? ", %u of an optimiser\n" : "\n", p->optimisers);
	if (status)
		print_reproduce(j, p->function);
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

/* Many a mistake makes no difference where it stands; one in eight must be seen, and five. */
static bool report_plants(void)
{
	static const char *const names[PLANTS] = {
		"sext for zext", "zext for sext", "trunc for tobool", "unsigned comparison",
		"signed comparison", "bound of a comparison", "kind of right shift",
		"signedness of a division", "another operator", "bit of a bit-field",
		"offset of an access", "lost store", "lost cleanup",
	};
	bool ok = true;

	for (int kind = 0; kind < PLANTS; kind++) {
		unsigned planted = 0, caught = 0;

		for (uint32_t i = 0; i < t.list.n; i++) {
			planted += t.list.v[i].p->planted[kind];
			caught += t.list.v[i].p->caught[kind];
		}
		printf("planted %s: %u of %u caught\n", names[kind], caught, planted);
		ok &= caught >= 5 && caught * 8 >= planted;
	}
	return ok;
}

static void add_seed(uint64_t seed)
{
	if (!seed) {
		if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
			seed = (uint64_t)getpid() << 32;
		printf("fresh seed 0x%llx\n", (unsigned long long)seed);
	}
	for (unsigned k = 0; k < t.chunks; k++)
		if (t.chunk < 0 || t.chunk == (int)k)
			array_push(&t.list, (struct job){ .seed = seed, .chunk = k });
}

static void read_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "work", 1, NULL, 'w' }, { "models", 1, NULL, 'm' }, { "include", 1, NULL, 'I' },
		{ "seed", 1, NULL, 's' }, { "chunks", 1, NULL, 'c' }, { "functions", 1, NULL, 'f' },
		{ "inputs", 1, NULL, 'i' }, { "chunk", 1, NULL, 'k' }, { "only", 1, NULL, 'o' },
		{ "jobs", 1, NULL, 'j' }, { "plant", 0, NULL, 'p' }, { NULL, 0, NULL, 0 },
	};
	Array(uint64_t) seeds = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (c) {
		case 'w': t.work = optarg; break;
		case 'm': t.models = optarg; break;
		case 'I': t.include = optarg; break;
		case 's': array_push(&seeds, strtoull(optarg, NULL, 0)); break;
		case 'c': t.chunks = (unsigned)atoi(optarg); break;
		case 'f': t.functions = (unsigned)atoi(optarg); break;
		case 'i': t.inputs = (unsigned)atoi(optarg); break;
		case 'k': t.chunk = atoi(optarg); break;
		case 'o': t.only = optarg; break;
		case 'p': t.plant = true; break;
		case 'j': t.jobs = (unsigned)atoi(optarg); break;
		default: exit(2);
		}
	if (!t.work || !t.models || optind == argc) {
		fprintf(stderr, "usage: see diff_test.c\n");
		exit(2);
	}
	if (t.chunk >= (int)t.chunks)
		t.chunks = (unsigned)t.chunk + 1;
	if (strcmp(argv[optind], "random"))
		for (; optind < argc; optind++)
			array_push(&t.list, (struct job){ .file = argv[optind] });
	else
		for (uint32_t i = 0; i < seeds.n; i++)
			add_seed(seeds.v[i]);
	if (!t.inputs)
		t.inputs = t.list.n && t.list.v[0].file ? 400 : 6;
	array_release(&seeds);
}

static bool read_models(void)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	bool ok = model_read_dir(&t.model, t.models, &faults);

	for (uint32_t i = 0; i < faults.v.n; i++)
		fprintf(stderr, "%s:%u:%u: %s\n", faults.v.v[i].file, faults.v.v[i].line,
			faults.v.v[i].col, faults.v.v[i].text);
	yaml_faults_release(&faults);
	return ok;
}

int main(int argc, char **argv)
{
	int err;
	bool ok;

	t.self = argv[0];
	read_options(argc, argv);
	err = file_mkdirs(t.work);
	if (err || !read_models()) {
		fprintf(stderr, "%s: %s\n", t.work, strerror(-err));
		return 1;
	}
	ok = run_jobs();
	if (t.plant)
		ok &= report_plants();
	model_release(&t.model);
	array_release(&t.list);
	printf("%s\n", ok ? "passed" : "FAILED");
	return !ok;
}
