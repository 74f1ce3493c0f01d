/* SPDX-License-Identifier: MIT */
/*
 * marks.h - the annotations of an example against what its scenarios show
 *
 * A function of an example (command/example.h) that has a line to be flagged,
 * and that a scenario runs, must be run by one with another outcome than
 * holds; one that has lines not to be flagged and no other, by one that holds.
 * A known miss counts as flagged, a known false alarm as not; what is for review
 * says nothing.
 */
#ifndef PF_TEST_ORACLE_MARKS_H
#define PF_TEST_ORACLE_MARKS_H

#include "command/example.h"
#include "prepare.h"

struct marked {
	const char *function;
	uint32_t line;		/* of the first mark */
	bool flagged;
	bool ran, held, failed;	/* by some scenario; in one that holds; in one that does not */
};

struct marks {
	struct example example;
	Array(struct marked) v;
};

void marks_read(struct marks *m, struct arena *a, const char *path, const struct rule_set *rules,
		struct yaml_faults *faults);
/* What one scenario has run, and whether it held. */
void marks_note(struct marks *m, struct arena *a, const struct prepared *p, const bool *ran,
		bool holds);
/* Prints what nothing bears out; false where there is something. *unrun: marked, never run. */
bool marks_judge(const struct marks *m, unsigned *unrun);
void marks_release(struct marks *m);

#endif
