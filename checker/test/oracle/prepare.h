/* SPDX-License-Identifier: MIT */
/* prepare.h - from a scenario to a unit that can be run */
#ifndef PF_TEST_ORACLE_PREPARE_H
#define PF_TEST_ORACLE_PREPARE_H

#include "oracle.h"

struct prepared {
	struct arena arena;
	const struct scenario *sc;
	struct frontend *fe;
	struct ir_unit *u;
	ir_fn init, check, always, thread[THREADS_MAX];	/* IR_NONE: none */
	uint8_t **uses;
};

/* False with a message on stdout where the file or a function of it is no good. */
bool prepare(struct prepared *p, const struct scenario *sc, const struct model *model);
void prepared_release(struct prepared *p);

#endif
