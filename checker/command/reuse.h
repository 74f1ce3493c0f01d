/* SPDX-License-Identifier: MIT */
/*
 * reuse.h - what was said of a program, said again where nothing of it has changed
 *
 * A link judges a program for each group of rules. What it says of one rests on the facts
 * of the units in it, on the rules, on protflow itself, and on what it was told when it asked
 * about the units that are not in it. All of that is kept beside the results, with what was
 * said: a later link that finds it unchanged does not analyse the program again. What is
 * kept is named by the rules and the round, so that it takes the place of what was there.
 *
 *	struct reuse u;
 *
 *	reuse_init(&u, folder);
 *	recall = reuse_begin(&u, &about, &program, &report)
 *	if (!recall) {
 *		... links and judges, with the callbacks and u for their argument
 *		reuse_keep(&u, &report);
 *	}
 *	reuse_release(&u);
 */
#ifndef PF_COMMAND_REUSE_H
#define PF_COMMAND_REUSE_H

#include "program/program.h"
#include "report/keep.h"

struct reuse_question { uint8_t kind; const char *name; bool answer; };

struct reuse {
	const char *folder;	/* or NULL */
	struct arena arena;
	uint64_t self;		/* of the program that runs */
	struct program *program;
	Array(struct reuse_question) questions;	/* of this program, each once */
	struct map asked;
	struct buffer key;
	const char *path;	/* of what is kept of it */
	struct report_mark from;
	unsigned kept, recalled;	/* programs */
};

/* What a program is judged by. */
struct reuse_about {
	const struct rule_set *rules;
	const char *directory, *srctree;	/* or NULL */
	unsigned round;		/* how often these rules were judged before in this run */
	bool plain;		/* and by nothing else: else nothing is kept nor recalled */
};

/* Keeps below the folder, which need not be there. One that is all 0 keeps and recalls nothing. */
void reuse_init(struct reuse *u, const char *folder);
void reuse_release(struct reuse *u);

/*
 * The program, which is not linked yet, is the next. True where what was said of it has been
 * added to the report; what was asked of other units has been asked again.
 */
bool reuse_begin(struct reuse *u, const struct reuse_about *about, struct program *p,
		 struct report *r);

/* What the report says since reuse_begin() is all that is said of the program. */
void reuse_keep(struct reuse *u, const struct report *r);

/* Those of program.h, for a binder; arg is the struct reuse. */
bool reuse_elsewhere(void *arg, const char *name);
bool reuse_covers(void *arg, const struct rule *r, ir_fn fn);
bool reuse_wants(void *arg, const char *name);
void reuse_needs(void *arg, const char *name);

#endif
