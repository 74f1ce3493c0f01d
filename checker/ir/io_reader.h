/* SPDX-License-Identifier: MIT */
/*
 * io_reader.h - columns of numbers, read as hostile input
 *
 * The tables refer to each other forwards, so all their sizes are read first
 * and every index is checked against its table as it is read. After the first
 * fault nothing is read any more: get() gives 0 and loops end by more().
 */
#ifndef PF_IR_IO_READER_H
#define PF_IR_IO_READER_H

#include "ir/io_parts.h"

/* No size or offset of C comes near; sums of two cannot overflow. */
#define IO_BITS_MAX (1ull << 62)

struct column {
	const uint8_t *p, *end;
};

struct reader {
	struct column columns[IO_COLUMNS];
	struct ir_unit *u;
	const char *why;
	struct io_state s;
	uint32_t nstrings, nlocs, nconsts, ntypes, nshapes, nrecords, nreasons, nglobals, nfuncs;
	struct ir_type *types;
	uint64_t *shapes;
};

void io_fail(struct reader *r, const char *what);

static inline bool io_more(const struct reader *r, uint32_t i, uint32_t n)
{
	return i < n && !r->why;
}

uint64_t io_get(struct reader *r, enum io_column c);

/* A number below limit. */
uint64_t io_get_below(struct reader *r, enum io_column c, uint64_t limit, const char *what);

/* An index into a table of n entries, or IR_NONE. */
uint32_t io_get_index(struct reader *r, enum io_column c, uint64_t n, const char *what);

/* How many entries follow, of which each takes a byte or more in the column rows. */
uint32_t io_get_count(struct reader *r, enum io_column c, enum io_column rows);

/* What put_fresh() wrote: below limit. */
uint32_t io_get_fresh(struct reader *r, enum io_column c, uint64_t limit, const char *what);

/* What differs from what was expected. */
static inline uint64_t io_get_diff(struct reader *r, enum io_column c, uint64_t expected)
{
	return expected + io_unzigzag(io_get(r, c));
}

uint64_t io_get_bits(struct reader *r, enum io_column c);

/* The same, as a difference. */
uint64_t io_get_bits_diff(struct reader *r, enum io_column c, uint64_t expected);

str_id io_get_name(struct reader *r, enum io_column c);
ir_loc io_get_loc(struct reader *r, enum io_column c);
struct ir_type io_get_type(struct reader *r, enum io_column c);

/* The n bytes that the column has next, or NULL. */
const uint8_t *io_get_bytes(struct reader *r, enum io_column c, uint64_t n, const char *what);

/* --- io_read_body.c */
void io_get_func(struct reader *r, struct ir_func *f);

#endif
