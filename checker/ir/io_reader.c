/* SPDX-License-Identifier: MIT */
#include "ir/io_reader.h"

#include "base/leb.h"

void io_fail(struct reader *r, const char *what)
{
	if (!r->why)
		r->why = what;
}

uint64_t io_get(struct reader *r, enum io_column c)
{
	struct column *from = &r->columns[c];
	uint64_t v;

	if (r->why)
		return 0;
	if (leb_get(&from->p, from->end, &v))
		return v;
	io_fail(r, from->p == from->end ? "the data ends early" : "a number is too long");
	return 0;
}

uint64_t io_get_below(struct reader *r, enum io_column c, uint64_t limit, const char *what)
{
	uint64_t v = io_get(r, c);

	if (!r->why && v >= limit)
		io_fail(r, what);
	return r->why ? 0 : v;
}

uint32_t io_get_index(struct reader *r, enum io_column c, uint64_t n, const char *what)
{
	return (uint32_t)io_get_below(r, c, n + 1, what) - 1;
}

uint32_t io_get_count(struct reader *r, enum io_column c, enum io_column rows)
{
	uint64_t left = (uint64_t)(r->columns[rows].end - r->columns[rows].p);

	return (uint32_t)io_get_below(r, c, left < IR_VAL_MAX ? left + 1 : IR_VAL_MAX,
				      "a count is larger than the data");
}

uint32_t io_get_fresh(struct reader *r, enum io_column c, uint64_t limit, const char *what)
{
	uint64_t i = r->s.next[c] - io_unzigzag(io_get(r, c));

	if (!r->why && i >= limit)
		io_fail(r, what);
	if (r->why)
		return 0;
	if (i >= r->s.next[c])
		r->s.next[c] = (uint32_t)i + 1;
	return (uint32_t)i;
}

uint64_t io_get_bits(struct reader *r, enum io_column c)
{
	return io_get_below(r, c, IO_BITS_MAX, "a size is too large");
}

uint64_t io_get_bits_diff(struct reader *r, enum io_column c, uint64_t expected)
{
	uint64_t v = io_get_diff(r, c, expected);

	if (!r->why && v >= IO_BITS_MAX)
		io_fail(r, "a size is too large");
	return r->why ? 0 : v;
}

str_id io_get_name(struct reader *r, enum io_column c)
{
	return io_get_fresh(r, c, (uint64_t)r->nstrings + 1, "no such string");
}

ir_loc io_get_loc(struct reader *r, enum io_column c)
{
	return io_get_fresh(r, c, r->nlocs, "no such location");
}

struct ir_type io_get_type(struct reader *r, enum io_column c)
{
	uint32_t i = (uint32_t)io_get_below(r, c, r->ntypes, "no such type");

	return r->why ? (struct ir_type){ .rec = IR_NONE } : r->types[i];
}

const uint8_t *io_get_bytes(struct reader *r, enum io_column c, uint64_t n, const char *what)
{
	struct column *from = &r->columns[c];
	const uint8_t *p = from->p;

	if (!r->why && n > (uint64_t)(from->end - from->p))
		io_fail(r, what);
	if (r->why)
		return NULL;
	from->p += n;
	return p;
}
