/* SPDX-License-Identifier: MIT */
/*
 * writer.h - which functions may write a field, or access it
 *
 * Told by the look of their code, before it is analysed: where a field of that many
 * records is taken for granted, few functions of a program need be.
 */
#ifndef PF_RULES_WRITER_H
#define PF_RULES_WRITER_H

#include "ir/span.h"
#include "model/model.h"

enum writer_asks {
	WRITER_WRITES,
	/* Reads too. A pointer that only passes through, without its type, is none of them. */
	WRITER_ACCESSES,
};

/* A field, and the field in the objects that are asked for: the same, or where they hold it. */
struct written {
	struct ir_span field, in;
	uint8_t asks;		/* enum writer_asks */
	const struct model *model;	/* ACCESSES: what functions without a body write */
};

/*
 * Whether code of the function stores to the field of an object, or to what holds it, or
 * gives a pointer to it away in which its type is lost. Errs only to yes, as long as memory
 * is accessed through pointers to its type.
 */
bool writer_may(const struct ir_unit *u, const struct ir_func *f, const struct written *w);

#endif
