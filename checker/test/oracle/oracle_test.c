/* SPDX-License-Identifier: MIT */
/*
 * oracle_test.c - runs the scenarios of files and compares their outcomes
 *
 *	oracle_test --models DIR [--rules DIR] [--only NAME] [--trace] [--plant]
 *	            [--unmerged] [--states N] [--steps N] FILE...
 *
 * A file without scenarios is passed over. With --rules the annotations of a file
 * are held against its scenarios (marks.h). --trace shows how each outcome comes
 * about, in as few preemptions as it can. --plant runs the scenarios with each
 * mistake of enum plant in the oracle, which some expectation must notice.
 * --unmerged also runs them without taking equal states for one, which must not
 * make a difference.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "marks.h"

#define SWITCHES_SHOWN 6	/* a trace with more is shown as it was found first */
#define UNMERGED_STATES 300000

static const char *const plant_names[PLANTS] = {
	[PLANT_UNIT] = "a bit-field is stored without its neighbours",
	[PLANT_NO_LOCK] = "an acquisition never waits",
	[PLANT_TRY] = "trylock always succeeds",
	[PLANT_ONE_LOCK] = "all locks are one",
	[PLANT_READERS] = "readers exclude readers",
	[PLANT_NO_ORDER] = "locks order nothing",
	[PLANT_NO_SWITCH] = "no preemption",
	[PLANT_NO_SHARE] = "what is on a heap stays the allocator's",
	[PLANT_NO_LEAK] = "a lock held at the end is released",
	[PLANT_NO_IRQ] = "an interrupt comes at any time",
	[PLANT_FORGET] = "where the threads are makes no state",
};

static struct {
	const char *models, *rules_dir, *only;
	struct limits limits;
	bool trace, plant, unmerged;
	struct arena arena;
	struct model model;
	struct rule_set rules;
	unsigned files, scenarios, failed, compared, unrun;
	uint64_t states;
	unsigned noticed[PLANTS];
} t = { .limits = { .states = 2000000, .steps = 20000, .switches = UINT32_MAX } };

/* ------------------------------------------------------------------ a run */

static void run(struct oracle *x, const struct prepared *p, enum plant plant)
{
	*x = (struct oracle){
		.u = p->u, .model = &t.model, .sc = p->sc, .limits = t.limits,
		.plant = plant, .init = p->init, .check = p->check, .always = p->always,
		.uses = p->uses, .code = (uint64_t)0x7f << 56,
		.ran = xcalloc(p->u->funcs.n, sizeof(bool)),
	};
	memcpy(x->thread, p->thread, sizeof(x->thread));
	if (p->sc->switches < x->limits.switches)
		x->limits.switches = p->sc->switches;
}

static void release(struct oracle *x)
{
	for (unsigned o = 0; o < OUTCOMES; o++) {
		buffer_release(&x->why[o]);
		buffer_release(&x->trace[o]);
	}
	array_release(&x->globals);
	array_release(&x->syncs);
	free(x->ran);
}

/* With as few preemptions as it takes. */
static void print_trace(const struct prepared *p, const struct oracle *found, enum outcome o)
{
	for (uint32_t n = 0; n <= SWITCHES_SHOWN && o != INCOMPLETE; n++) {
		struct oracle x;
		bool there;

		run(&x, p, PLANT_NONE);
		x.limits.switches = n;
		x.wanted = 1u << o;
		explore(&x);
		there = x.found >> o & 1;
		if (there)
			printf("  %s, with %u preemption%s:\n%s", outcome_name(o), n,
			       n == 1 ? "" : "s", buffer_str(&x.trace[o]));
		release(&x);
		if (there)
			return;
	}
	printf("  %s:\n%s", outcome_name(o), buffer_str(&found->trace[o]));
}

static void print_traces(const struct prepared *p, const struct oracle *x, unsigned set)
{
	for (unsigned o = 0; o < OUTCOMES; o++)
		if (x->found & set & 1u << o)
			print_trace(p, x, o);
}

/* False, with a message, where merging states has changed something. */
static bool run_unmerged(const struct prepared *p, unsigned found)
{
	struct oracle x;
	bool ok = true;

	run(&x, p, PLANT_NONE);
	x.unmerged = true;
	x.limits.states = UNMERGED_STATES;
	explore(&x);
	/* A loop that waits, and what has too many orders, do not come to an end. */
	if (p->sc->orders || !(x.found >> INCOMPLETE & 1)) {
		t.compared++;
		ok = x.found == found && (!p->sc->orders || x.orders == p->sc->orders);
	}
	if (!ok)
		printf("FAILED %s:%u: %s: unmerged: %s in %llu orders\n", p->sc->path,
		       p->sc->line, p->sc->name, outcomes_text(&t.arena, x.found),
		       (unsigned long long)x.orders);
	release(&x);
	return ok;
}

static void run_plants(const struct prepared *p)
{
	for (enum plant k = PLANT_NONE + 1; k < PLANTS; k++) {
		struct oracle x;

		run(&x, p, k);
		explore(&x);
		t.noticed[k] += x.found != p->sc->expect;
		release(&x);
	}
}

/* False where the file cannot be run at all. */
static bool run_scenario(const struct scenario *sc, struct marks *marks)
{
	struct prepared p = { .arena = ARENA_INIT };
	struct oracle x;
	bool ok;

	t.scenarios++;
	if (!prepare(&p, sc, &t.model)) {
		t.failed++;
		prepared_release(&p);
		return false;
	}
	run(&x, &p, PLANT_NONE);
	explore(&x);
	ok = x.found == sc->expect;
	t.failed += !ok;
	t.states += x.states;
	printf("%s %s:%u: %s: %s", ok ? "ok" : "FAILED", sc->path, sc->line, sc->name,
	       outcomes_text(&t.arena, x.found));
	if (!ok)
		printf(", and not %s", outcomes_text(&t.arena, sc->expect));
	printf(" (%llu states)\n", (unsigned long long)x.states);
	marks_note(marks, &t.arena, &p, x.ran, !x.found);
	print_traces(&p, &x, t.trace ? ~0u : ok ? 0 : ~sc->expect);
	if ((t.unmerged || sc->orders) && !run_unmerged(&p, x.found))
		t.failed += ok;
	release(&x);
	if (t.plant)
		run_plants(&p);
	prepared_release(&p);
	return true;
}

static bool run_file(const char *path, struct yaml_faults *faults)
{
	struct scenarios l = { 0 };
	struct marks marks = { 0 };
	char *full = realpath(path, NULL);
	bool ok = scenarios_read(&l, &t.arena, full ? full : path, faults);

	t.files += ok && l.v.n;
	if (ok && l.v.n && t.rules_dir)
		marks_read(&marks, &t.arena, path, &t.rules, faults);
	free(full);
	for (uint32_t i = 0; ok && i < l.v.n; i++)
		if (!t.only || !strcmp(t.only, l.v.v[i].name))
			ok = run_scenario(&l.v.v[i], &marks);
	if (ok && !t.only && !marks_judge(&marks, &t.unrun))
		t.failed++;
	marks_release(&marks);
	scenarios_release(&l);
	return ok;
}

static bool report_plants(void)
{
	bool ok = true;

	for (enum plant k = PLANT_NONE + 1; k < PLANTS; k++) {
		printf("planted: %s: %u of %u scenarios notice\n", plant_names[k], t.noticed[k],
		       t.scenarios);
		ok &= t.noticed[k] > 0;
	}
	return ok;
}

/* ---------------------------------------------------------------- options */

static void read_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "models", 1, NULL, 'm' }, { "rules", 1, NULL, 'r' }, { "only", 1, NULL, 'o' },
		{ "states", 1, NULL, 'n' }, { "steps", 1, NULL, 's' }, { "trace", 0, NULL, 't' },
		{ "plant", 0, NULL, 'p' }, { "unmerged", 0, NULL, 'u' }, { NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (c) {
		case 'm': t.models = optarg; break;
		case 'r': t.rules_dir = optarg; break;
		case 'o': t.only = optarg; break;
		case 'n': t.limits.states = strtoull(optarg, NULL, 0); break;
		case 's': t.limits.steps = strtoull(optarg, NULL, 0); break;
		case 't': t.trace = true; break;
		case 'p': t.plant = true; break;
		case 'u': t.unmerged = true; break;
		default: exit(2);
		}
	if (!t.models) {
		fprintf(stderr, "usage: see oracle_test.c\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct buffer text = BUFFER_INIT;
	bool ok;

	read_options(argc, argv);
	ok = model_read_dir(&t.model, t.models, &faults) &&
	     (!t.rules_dir || rules_read_dir(&t.rules, t.rules_dir, &faults));
	for (int i = optind; ok && i < argc; i++)
		ok &= run_file(argv[i], &faults);
	yaml_faults_text(&faults, &text);
	fputs(buffer_str(&text), stdout);
	if (ok && t.plant)
		ok = report_plants();
	if (t.rules_dir)
		printf("%u annotated functions are in no scenario\n", t.unrun);
	if (t.unmerged)
		printf("%u scenarios are the same unmerged\n", t.compared);
	printf("%u files, %u scenarios, %u failed, %llu states, %.1f s\n", t.files, t.scenarios,
	       t.failed, (unsigned long long)t.states, (double)clock() / CLOCKS_PER_SEC);
	buffer_release(&text);
	yaml_faults_release(&faults);
	rules_release(&t.rules);
	model_release(&t.model);
	arena_release(&t.arena);
	return !ok || t.failed;
}
