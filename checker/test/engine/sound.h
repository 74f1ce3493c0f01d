/* SPDX-License-Identifier: MIT */
/*
 * sound.h - a unit of subjects (test/diff), analysed and run
 *
 * Each subject runs on random inputs; at every instruction the concrete state
 * must be contained in the abstract one.
 */
#ifndef PF_TEST_ENGINE_SOUND_H
#define PF_TEST_ENGINE_SOUND_H

#include "frontend/frontend.h"
#include "machine.h"

struct sound_unit {
	struct frontend *fe;
	struct ir_unit *u;
	const struct model *model;
	size_t size;			/* of struct ctx */
	Array(ir_fn) subjects;
};

/* Lowers all of the source. False with a message on stdout. */
bool sound_parse(struct sound_unit *su, const char *source, const char *include,
		 const struct model *model);
/* The same for a random program, which goes through a file in the folder work; keep: it stays. */
bool sound_generate(struct sound_unit *su, uint64_t seed, unsigned functions, const char *work,
		    bool keep, const struct model *model);
void sound_release(struct sound_unit *su);

/* Which subjects are run, and what is printed of misses. */
struct sound_choice {
	const char *only;		/* NULL: all but */
	Array(const char *) skip;
	bool quiet, states;
	bool first;			/* stop at the first miss */
};

/* Analyses the unit and runs the subjects. Adds to *stats. */
void sound_run(const struct sound_unit *su, uint64_t seed, unsigned inputs,
	       const struct sound_choice *choice, struct sound_stats *stats);

#endif
