/* SPDX-License-Identifier: MIT */
#include "ir/span.h"

#define EMBEDDING_DEPTH 8

struct range { uint64_t lo, hi; };	/* bits of a record, hi exclusive */

/* The part of the range that is in the member, in bits of it, or of its elements. */
static struct range part_in(const struct ir_field *m, struct range r)
{
	uint64_t lo = r.lo > m->off ? r.lo - m->off : 0;
	uint64_t hi = r.hi < m->off + m->width ? r.hi - m->off : m->width;
	uint64_t elem = m->type.elem_size;

	if (!elem || elem >= m->width)
		return (struct range){ lo, hi };
	if (hi - lo >= elem || lo % elem + (hi - lo) > elem)
		return (struct range){ 0, UINT64_MAX };
	return (struct range){ lo % elem, lo % elem + (hi - lo) };
}

static bool has_span(const struct ir_unit *u, const struct ir_span *span, ir_rec rec,
		     struct range r, unsigned depth)
{
	const struct ir_record *k;

	if (rec == IR_NONE || span->rec == IR_NONE || depth > EMBEDDING_DEPTH)
		return depth > EMBEDDING_DEPTH;
	if (rec == span->rec)
		return span->width == UINT64_MAX ||
		       (r.lo < span->off + span->width && span->off < r.hi);
	k = &u->records.v[rec];
	if (!k->complete)
		return k->size >= u->records.v[span->rec].size && k->size;
	for (uint32_t i = 0; i < k->fields.n; i++) {
		const struct ir_field *m = &k->fields.v[i];

		if (m->type.kind == IR_T_AGG && r.lo < m->off + m->width && m->off < r.hi &&
		    has_span(u, span, m->type.rec, part_in(m, r), depth + 1))
			return true;
	}
	return false;
}

bool ir_span_in(const struct ir_unit *u, const struct ir_span *span, ir_rec rec, uint64_t off,
		uint64_t width)
{
	struct range r = { off, width > UINT64_MAX - off ? UINT64_MAX : off + width };

	return has_span(u, span, rec, r, 0);
}

bool ir_record_in(const struct ir_unit *u, ir_rec rec, ir_rec outer)
{
	const struct ir_span all = { rec, 0, UINT64_MAX };

	return rec != IR_NONE && outer != IR_NONE && rec != outer &&
	       has_span(u, &all, outer, (struct range){ 0, UINT64_MAX }, 0);
}

static bool begins_at(const struct ir_unit *u, ir_rec rec, ir_rec outer, uint64_t at,
		      unsigned depth)
{
	const struct ir_record *k = &u->records.v[outer];

	if (rec == outer && !at)
		return true;
	if (!k->complete || depth > EMBEDDING_DEPTH)
		return at + u->records.v[rec].size <= k->size;
	for (uint32_t i = 0; i < k->fields.n; i++) {
		const struct ir_field *m = &k->fields.v[i];
		uint64_t in = at - m->off, elem = m->type.elem_size;

		/* A lock may have no bits at all. */
		if (m->type.kind == IR_T_AGG && m->type.rec != IR_NONE && at >= m->off &&
		    (in < m->width || !in) &&
		    begins_at(u, rec, m->type.rec, elem ? in % elem : in, depth + 1))
			return true;
	}
	return false;
}

bool ir_record_at(const struct ir_unit *u, ir_rec rec, ir_rec outer, int64_t at)
{
	return at >= 0 && begins_at(u, rec, outer, (uint64_t)at, 0);
}
