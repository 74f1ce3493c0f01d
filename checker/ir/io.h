/* SPDX-License-Identifier: MIT */
/*
 * io.h - a unit as bytes, and back
 *
 * The format is versioned and made to be compressed, see io_parts.h; the reader
 * takes any bytes at all as hostile input and gives a message instead of a
 * fault. What it gives has passed ir_verify().
 */
#ifndef PF_IR_IO_H
#define PF_IR_IO_H

#include "base/array.h"
#include "base/buffer.h"
#include "ir/ir.h"

#define IR_IO_VERSION 5

/* Appends the unit with all lowered bodies. The same unit gives the same bytes. */
void ir_write(const struct ir_unit *u, struct buffer *out);

/* How long the parts of the bytes are, in order; each has a distribution of its own. */
struct ir_parts {
	Array(size_t) len;
};

void ir_write_parts(const struct ir_unit *u, struct buffer *out, struct ir_parts *parts);

/*
 * Reads n bytes into the empty unit u. False with a one-line reason in *why
 * (allocated in u->arena) where the bytes are not a unit of this version.
 */
bool ir_read(struct ir_unit *u, const void *p, size_t n, const char **why);

#endif
