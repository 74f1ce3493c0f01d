/* SPDX-License-Identifier: MIT */
/*
 * Initialisers (C11 6.7.9). libclang shows the list as it is written, so the
 * walk over the members, elided braces included, is made here:
 *
 *	struct { int a[2]; struct { int b, c; } d; } x = { 1, 2, .d.c = 3 };
 *
 * A frame is an aggregate that is being filled, next the number of its part
 * whose turn it is. frames[0] is the object of the braces.
 */
#include "frontend/internal.h"

#include <string.h>

#define RANGE_MAX 4096		/* of [a ... b] = x */

struct part {
	ctype t;
	uint64_t off;
	unsigned bits;
};

struct frame {
	ctype t;
	uint64_t off, next;
};

struct walk {
	struct init_target *to;
	Array(struct frame) frames;
};

static void init_part(struct init_target *to, struct part part, CXCursor c);

static bool is_braces(struct lower *lw, CXCursor c)
{
	return clang_getCursorKind(lw_strip_conversions(lw, c)) == CXCursor_InitListExpr;
}

static bool is_string(struct lower *lw, CXCursor c, CXCursor *literal)
{
	*literal = lw_strip_conversions(lw, c);
	return clang_getCursorKind(*literal) == CXCursor_StringLiteral;
}

/* True where the expression initialises the whole part and not the first thing in it. */
static bool takes_whole(struct lower *lw, ctype t, CXCursor c)
{
	CXCursor literal;
	ctype have;

	if (!fe_is_agg(t) || is_braces(lw, c))
		return true;
	have = lw_type(lw, c);
	if (t->is_record)
		return have->is_record && have->t.rec == t->t.rec;
	return have->is_array || (t->t.elem_size && is_string(lw, c, &literal) &&
				  !fe_is_agg(fe_sub(lw->fe, t)) && !fe_is_ptr(fe_sub(lw->fe, t)));
}

/* ----------------------------------------------------------------- frames */

static uint64_t part_count(struct frontend *fe, ctype t)
{
	long long n;

	if (t->is_record)
		return fe_record_filled(fe, t->t.rec)->members.n;
	n = clang_getArraySize(t->c);
	return n >= 0 ? (uint64_t)n : UINT64_MAX;
}

static bool is_union(struct frontend *fe, ctype t)
{
	return t->is_record && fe->unit.records.v[t->t.rec].is_union;
}

static struct part part_at(struct frontend *fe, const struct frame *f, uint64_t i)
{
	const struct fe_member *m;
	ctype e;

	if (f->t->is_record) {
		m = &fe_record_filled(fe, f->t->t.rec)->members.v[i];
		return (struct part){ m->type, f->off + m->off, m->bits };
	}
	e = fe_sub(fe, f->t);
	return (struct part){ e, f->off + i * e->t.size, 0 };
}

static void take(struct frontend *fe, struct frame *f, uint64_t i)
{
	f->next = is_union(fe, f->t) ? UINT64_MAX : i + 1;
}

static void push_frame(struct walk *w, struct part part)
{
	array_push(&w->frames, (struct frame){ part.t, part.off, 0 });
}

static bool is_padding(struct frontend *fe, const struct frame *f, uint64_t i)
{
	return f->t->is_record && fe_record_filled(fe, f->t->t.rec)->members.v[i].unnamed;
}

/* The part whose turn it is, in the innermost aggregate that is not yet full. */
static bool next_part(struct walk *w, struct part *part)
{
	struct frontend *fe = w->to->lw->fe;

	while (w->frames.n) {
		struct frame *f = &w->frames.v[w->frames.n - 1];
		uint64_t i = f->next;

		if (i < part_count(fe, f->t)) {
			if (is_padding(fe, f, i)) {
				f->next++;
				continue;
			}
			take(fe, f, i);
			*part = part_at(fe, f, i);
			return true;
		}
		if (w->frames.n == 1)
			return false;
		w->frames.n--;
	}
	return false;
}

static void place_item(struct walk *w, struct part part, CXCursor c)
{
	/* An aggregate without members is stepped over. */
	while (!takes_whole(w->to->lw, part.t, c)) {
		push_frame(w, part);
		if (!next_part(w, &part))
			return;
	}
	init_part(w->to, part, c);
}

/* ------------------------------------------------------------ designators */

static bool find_member(struct frontend *fe, struct walk *w, uint64_t key, struct part *part)
{
	struct frame *f = &w->frames.v[w->frames.n - 1];
	const struct fe_record *r;

	if (!f->t->is_record)
		return false;
	r = fe_record_filled(fe, f->t->t.rec);
	for (uint32_t i = 0; i < r->members.n; i++)
		if (r->members.v[i].key == key) {
			take(fe, f, i);
			*part = part_at(fe, f, i);
			return true;
		}
	return false;
}

/* Enters the anonymous member that has the field; false where there is none. */
static bool enter_anonymous(struct frontend *fe, struct walk *w, CXCursor field)
{
	struct frame *f = &w->frames.v[w->frames.n - 1];
	const struct fe_record *r;

	if (!f->t->is_record)
		return false;
	r = fe_record_filled(fe, f->t->t.rec);
	for (uint32_t i = 0; i < r->members.n; i++) {
		const struct fe_member *m = &r->members.v[i];

		if (!m->anonymous || !m->type->is_record ||
		    !fe_member(fe, m->type->t.rec, field))
			continue;
		take(fe, f, i);
		push_frame(w, part_at(fe, f, i));
		return true;
	}
	return false;
}

static bool designate_field(struct walk *w, CXCursor ref, struct part *part)
{
	CXCursor field = clang_getCursorReferenced(ref);
	struct frontend *fe = w->to->lw->fe;

	while (!find_member(fe, w, fe_key(field), part))
		if (!enter_anonymous(fe, w, field))
			return false;
	return true;
}

/*
 * [1 ... 2] = x and [1][2] = x have the same children; the text between the
 * two numbers tells.
 */
static bool is_range(struct lower *lw, CXCursor lo, CXCursor hi)
{
	CXSourceLocation end = clang_getRangeEnd(clang_getCursorExtent(lo));
	CXSourceLocation begin = clang_getCursorLocation(hi);
	size_t left_a, left_b;
	const char *a = fe_spelt_at(lw->fe, end, &left_a);
	const char *b = fe_spelt_at(lw->fe, begin, &left_b);

	if (!a || !b || b < a || (size_t)(b - a) > left_a)
		return false;
	for (; a + 3 <= b; a++)
		if (!memcmp(a, "...", 3))
			return true;
	return false;
}

struct range {
	uint64_t lo, hi;
};

static bool designate_index(struct walk *w, struct range r, struct part *part)
{
	struct frontend *fe = w->to->lw->fe;
	struct frame *f = &w->frames.v[w->frames.n - 1];

	if (!f->t->is_array || r.hi >= part_count(fe, f->t))
		return false;
	f->next = r.hi + 1;
	*part = part_at(fe, f, r.lo);
	return true;
}

/* The same value for each element of the range. A scalar is evaluated once. */
static void place_range(struct walk *w, struct part first, struct range r, CXCursor c)
{
	struct lower *lw = w->to->lw;
	uint64_t step = first.t->t.size;
	uint32_t depth = w->frames.n;
	struct val v = { 0 };

	if (r.hi - r.lo >= RANGE_MAX) {
		fe_init_unknown(w->to);
		return;
	}
	if (!fe_is_agg(first.t))
		v = lw_convert(lw, lw_rvalue(lw, c), first.t);
	for (uint64_t i = r.lo; i <= r.hi; i++, first.off += step) {
		w->frames.n = depth;
		if (fe_is_agg(first.t))
			place_item(w, first, c);
		else
			fe_init_scalar(w->to, first.off, first.t, 0, v);
	}
	w->frames.n = depth;
}

static bool designate(struct walk *w, struct kids k, struct part *part, struct range *r)
{
	struct lower *lw = w->to->lw;

	w->frames.n = 1;
	for (unsigned i = 0; i + 1 < k.n; i++) {
		if (i)
			push_frame(w, *part);
		*r = (struct range){ 0, 0 };
		if (clang_getCursorKind(k.v[i]) == CXCursor_MemberRef) {
			if (!designate_field(w, k.v[i], part))
				return false;
			continue;
		}
		if (!fe_evaluate(k.v[i], &r->lo))
			return false;
		r->hi = r->lo;
		if (i + 2 < k.n && is_range(lw, k.v[i], k.v[i + 1])) {
			if (!fe_evaluate(k.v[++i], &r->hi) || r->hi < r->lo || i + 2 < k.n)
				return false;
		}
		if (!designate_index(w, *r, part))
			return false;
	}
	return true;
}

static void designated_item(struct walk *w, CXCursor c)
{
	struct kids k = lw_kids(w->to->lw, c);
	struct part part;
	struct range r = { 0, 0 };

	if (k.n < 2 || !designate(w, k, &part, &r)) {
		fe_init_unknown(w->to);
		return;
	}
	if (r.hi != r.lo)
		place_range(w, part, r, k.v[k.n - 1]);
	else
		place_item(w, part, k.v[k.n - 1]);
}

/* ------------------------------------------------------------------ lists */

static void init_list(struct init_target *to, struct part part, CXCursor c)
{
	struct lower *lw = to->lw;
	struct kids k = lw_kids(lw, c);
	struct walk w = { .to = to };

	push_frame(&w, part);
	for (unsigned i = 0; i < k.n; i++) {
		if (!clang_isExpression(clang_getCursorKind(k.v[i])))
			continue;
		if (lw_type(lw, k.v[i])->is_void)
			designated_item(&w, k.v[i]);
		else if (next_part(&w, &part))
			place_item(&w, part, k.v[i]);
		else
			lw_effect(lw, k.v[i]);
	}
	array_release(&w.frames);
}

static void init_string(struct init_target *to, struct part part, CXCursor literal)
{
	struct lower *lw = to->lw;
	ctype t = lw_type(lw, literal);
	uint64_t n = t->t.size < part.t->t.size || !part.t->t.size ? t->t.size : part.t->t.size;
	const char *bytes;

	if (to->glob != IR_NONE) {
		bytes = lw_string_bytes(lw, literal, n / 8, (unsigned)t->t.elem_size / 8);
		fe_init_bytes(to, part.off, bytes, n / 8);
		return;
	}
	t = t->t.size > n ? part.t : t;
	lw_copy(lw, lw_at_offset(to->p, part.off, t, 0),
		lw_address(lw, lw_lvalue(lw, literal)), IR_F_INIT);
}

/* What an earlier initialiser gave to the part is void, members not named again too. */
static void restart(struct init_target *to, struct part part)
{
	if (part.off >= to->end)
		return;
	if (to->glob != IR_NONE)
		fe_init_drop(to, part.off, part.t->t.size);
	else
		lw_zero(to->lw, lw_at_offset(to->p, part.off, part.t, 0));
}

static void reached(struct init_target *to, uint64_t end)
{
	if (to->end < end)
		to->end = end;
}

static void init_aggregate(struct init_target *to, struct part part, CXCursor c)
{
	struct lower *lw = to->lw;
	CXCursor inner = lw_strip_conversions(lw, c), literal;
	enum CXCursorKind kind = clang_getCursorKind(inner);
	struct kids k;

	if (kind == CXCursor_InitListExpr) {
		restart(to, part);
		k = lw_kids(lw, inner);
		if (part.t->is_array && k.n == 1 && is_string(lw, k.v[0], &literal) &&
		    takes_whole(lw, part.t, k.v[0]))
			init_string(to, part, literal);
		else
			init_list(to, part, inner);
	} else if (kind == CXCursor_StringLiteral && part.t->is_array) {
		init_string(to, part, inner);
	} else if (kind == CXCursor_CompoundLiteralExpr && to->glob != IR_NONE) {
		k = lw_kids(lw, inner);
		if (k.n)
			init_aggregate(to, part, k.v[k.n - 1]);
	} else if (to->glob != IR_NONE) {
		fe_init_unknown(to);
	} else {
		lw_aggregate_into(lw, c, lw_at_offset(to->p, part.off, part.t, 0), IR_F_INIT);
	}
}

static void init_part(struct init_target *to, struct part part, CXCursor c)
{
	struct lower *lw = to->lw;
	struct val v;

	if (!lw_enter(lw))
		return;
	if (fe_is_agg(part.t)) {
		init_aggregate(to, part, c);
		reached(to, part.off + part.t->t.size);
	} else {
		v = lw_convert(lw, lw_rvalue(lw, c), part.t);
		lw_at(lw, c);
		fe_init_scalar(to, part.off, part.t, part.bits, v);
	}
	lw_leave(lw);
}

void lw_init_target(struct init_target *to, ctype t, CXCursor init)
{
	init_part(to, (struct part){ t, 0, 0 }, init);
}

/* A local object. What a list does not name is zero. */
void lw_init_object(struct lower *lw, struct place p, CXCursor init)
{
	struct init_target to = { .lw = lw, .p = p, .glob = IR_NONE };

	if (fe_is_agg(p.t) && is_braces(lw, init)) {
		lw_at(lw, init);
		lw_zero(lw, p);
	}
	lw_init_target(&to, p.t, init);
}
