/* SPDX-License-Identifier: MIT */
/*
 * frontend.h - from the arguments of a compiler to a unit of IR
 *
 * The only folder that knows libclang. One struct frontend holds one parsed
 * translation unit; bodies are lowered when ir_func_body() asks for them.
 */
#ifndef PF_FRONTEND_FRONTEND_H
#define PF_FRONTEND_FRONTEND_H

#include <stdbool.h>

#include "base/buffer.h"
#include "ir/ir.h"
#include "kbuild/bodies.h"
#include "model/model.h"

enum frontend_severity { FE_NOTE, FE_WARNING, FE_ERROR, FE_FATAL };

struct frontend_diag {
	uint8_t severity;	/* enum frontend_severity */
	bool in_snippet;	/* in the text that the caller appended */
	uint32_t line, col;	/* in the file; of the snippet when in_snippet */
	const char *file;
	const char *text;
	ir_fn fn;		/* the function whose body it lies in, or IR_NONE */
};

struct frontend_input {
	const char *directory;	/* the compiler's working directory */
	const char *source;	/* as named on the command line */
	const char *const *args;	/* libclang's flags, translated; no source */
	unsigned nargs;
	/*
	 * C text that is parsed behind the source, in its context, as if from a
	 * file "<protflow>": the expressions of the rules as functions. NULL: none.
	 */
	const char *snippet;
	const struct model *model;
	/*
	 * Headers without the bodies that nothing names, which must stay until
	 * frontend_missed() is asked. NULL: all are parsed.
	 */
	const struct bodies *bodies;
};

struct frontend;

/*
 * Parses. Always gives a frontend; frontend_unit() is NULL where nothing at
 * all could be parsed (no such file, libclang failed), and the diagnostics say
 * why. Diagnostics below FE_ERROR are not kept.
 */
struct frontend *frontend_parse(const struct frontend_input *in);
void frontend_free(struct frontend *f);

/*
 * Whether what was lowered refers to a body that was left out: what was made of the unit is
 * not the unit then, which is to be parsed again with all bodies. What is lowered after that
 * is not asked any more, and in.bodies need not be there.
 */
bool frontend_missed(struct frontend *f);

struct ir_unit *frontend_unit(struct frontend *f);
const struct frontend_diag *frontend_diags(const struct frontend *f, unsigned *n);

/* The record of that tag ("struct foo"), made known to the unit; IR_NONE if the source has none. */
ir_rec frontend_record(struct frontend *f, const char *tag);

/* The same of a variable at file scope. */
ir_glob frontend_variable(struct frontend *f, const char *name);

/* Counts for --stats. */
struct frontend_stats {
	unsigned bodies_lowered, constructs_unmodelled, asm_unmodelled;
	double parse_seconds, lower_seconds;
};
void frontend_stats(const struct frontend *f, struct frontend_stats *out);

/* libclang's version line. */
const char *frontend_version(void);

#endif
