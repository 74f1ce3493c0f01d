/* SPDX-License-Identifier: MIT */
/*
 * libclang calls all implicit conversions and a handful of GNU expressions
 * CXCursor_UnexposedExpr and says nothing more. What is told apart here, by the
 * number and the kind of the children:
 *
 *	1 child			implicit conversion, unless the range says va_arg or
 *				__builtin_types_compatible_p
 *	0 children or MemberRef	offsetof, __builtin_types_compatible_p, __builtin_LINE
 *	2 children		va_arg or __builtin_types_compatible_p
 *	3 children		__builtin_choose_expr
 *	4 children		a ?: b, as a, a, a, b
 */
#include "frontend/internal.h"

#include <string.h>

static bool same_begin(CXCursor a, CXCursor b)
{
	return clang_getCursorExtent(a).begin_int_data == clang_getCursorExtent(b).begin_int_data;
}

static bool same_range(CXCursor a, CXCursor b)
{
	return clang_equalRanges(clang_getCursorExtent(a), clang_getCursorExtent(b));
}

static bool is_va_list(struct lower *lw, CXCursor c)
{
	ir_rec rec = fe_type(lw->fe, clang_getCursorType(c))->t.rec;

	return rec != IR_NONE && rec == lw->fe->va_list_tag;
}

/*
 * A conversion covers the very text of its operand; the two builtins begin
 * with their name. Ranges are costly, so they are looked at only where the
 * types leave the question open.
 */
static enum fe_shape shape_of_one(struct lower *lw, CXCursor c, CXCursor kid, struct shape *s)
{
	enum CXCursorKind kind = clang_getCursorKind(kid);

	s->inner = kid;
	if (kind == CXCursor_TypeRef || kind == CXCursor_MemberRef)
		return fe_evaluate(c, &s->value) ? SHAPE_CONST : SHAPE_OTHER;
	if (kind == CXCursor_ParenExpr && clang_getCursorType(c).kind == CXType_Int &&
	    !same_begin(c, kid))
		return fe_evaluate(c, &s->value) ? SHAPE_CONST : SHAPE_OTHER;
	if (is_va_list(lw, kid) && !is_va_list(lw, c) && !same_begin(c, kid))
		return SHAPE_VA_ARG;
	return SHAPE_CAST;
}

static bool has_member_ref(struct kids k)
{
	for (unsigned i = 0; i < k.n; i++)
		if (clang_getCursorKind(k.v[i]) == CXCursor_MemberRef)
			return true;
	return false;
}

static enum fe_shape shape_of_three(struct shape *s, struct kids k)
{
	uint64_t v;

	if (!clang_isExpression(clang_getCursorKind(k.v[0])) || !fe_evaluate(k.v[0], &v))
		return SHAPE_OTHER;
	s->inner = k.v[v ? 1 : 2];
	return SHAPE_CHOSEN;
}

static enum fe_shape shape_of_many(struct lower *lw, CXCursor c, struct shape *s)
{
	struct kids k = s->k;

	if (k.n == 4 && same_range(k.v[0], k.v[1]) && same_range(k.v[0], k.v[2])) {
		s->inner = k.v[0];
		return SHAPE_ELVIS;
	}
	if (has_member_ref(k) || !k.n || k.n == 2) {
		if (fe_evaluate(c, &s->value))
			return SHAPE_CONST;
		if (has_member_ref(k))
			return SHAPE_OFFSETOF;
		return k.n == 2 && (is_va_list(lw, k.v[0]) || is_va_list(lw, k.v[1])) ?
			       SHAPE_VA_ARG : SHAPE_OTHER;
	}
	return k.n == 3 ? shape_of_three(s, k) : SHAPE_OTHER;
}

struct shape lw_shape(struct lower *lw, CXCursor c)
{
	struct shape s = { .k = lw_kids(lw, c) };

	if (s.k.n == 1)
		s.kind = shape_of_one(lw, c, s.k.v[0], &s);
	else
		s.kind = shape_of_many(lw, c, &s);
	return s;
}

/* An initialiser with a call that returns a struct has a wrapper around it, braces too. */
CXCursor lw_strip_conversions(struct lower *lw, CXCursor c)
{
	struct shape s;

	c = lw_strip_parens(lw, c);
	while (clang_getCursorKind(c) == CXCursor_UnexposedExpr) {
		s = lw_shape(lw, c);
		if (s.kind != SHAPE_CAST && s.kind != SHAPE_CHOSEN)
			break;
		c = lw_strip_parens(lw, s.inner);
	}
	return c;
}

#define ASSOCIATIONS 64

struct associations {
	CXCursor v[ASSOCIATIONS];
	bool fits[ASSOCIATIONS];	/* has the type of the whole */
	unsigned n, nfit;
};

static bool same_type(CXCursor a, CXCursor b)
{
	return clang_equalTypes(clang_getCanonicalType(clang_getCursorType(a)),
				clang_getCanonicalType(clang_getCursorType(b)));
}

static bool same_decl(CXCursor a, CXCursor b)
{
	return clang_getCursorKind(a) == CXCursor_DeclRefExpr &&
	       clang_getCursorKind(b) == CXCursor_DeclRefExpr &&
	       clang_equalCursors(clang_getCursorReferenced(a), clang_getCursorReferenced(b));
}

static void find_associations(struct lower *lw, CXCursor c, struct associations *a)
{
	struct kids k = lw_kids(lw, c);

	for (unsigned i = 1; i < k.n && a->n < ASSOCIATIONS; i++) {
		if (!clang_isExpression(clang_getCursorKind(k.v[i])))
			continue;
		a->fits[a->n] = same_type(c, k.v[i]);
		a->nfit += a->fits[a->n];
		a->v[a->n++] = k.v[i];
	}
}

/* All that fit name the same function, or there is only one. */
static bool one_fits(const struct associations *a, CXCursor *chosen)
{
	bool any = false;

	for (unsigned i = 0; i < a->n; i++) {
		if (!a->fits[i])
			continue;
		if (any && !same_decl(*chosen, a->v[i]))
			return false;
		*chosen = a->v[i];
		any = true;
	}
	return any;
}

static bool spelt_as(CXType t, const char *text)
{
	CXString s = clang_getTypeSpelling(t);
	bool same = !strcmp(clang_getCString(s), text);

	clang_disposeString(s);
	return same;
}

/*
 * By the text of the types. A typedef can have another text and still be the
 * type, so "default" is never concluded from a text that does not match.
 */
static bool one_spelt(struct lower *lw, CXCursor c, const struct associations *a, CXCursor *chosen)
{
	struct kids k = lw_kids(lw, c);
	CXType t = clang_getUnqualifiedType(clang_getCursorType(k.v[0]));
	const char *types[ASSOCIATIONS];
	unsigned n = lw_generic_types(lw, c, types, ASSOCIATIONS);

	if (n != a->n)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (a->fits[i] && (spelt_as(t, types[i]) ||
				   spelt_as(clang_getCanonicalType(t), types[i]))) {
			*chosen = a->v[i];
			return true;
		}
	return false;
}

/*
 * The association is not marked. Its type is the type of the whole; where
 * several have that type, the text of the types tells.
 */
bool lw_generic(struct lower *lw, CXCursor c, CXCursor *chosen)
{
	struct associations a = { .n = 0 };

	find_associations(lw, c, &a);
	return one_fits(&a, chosen) || (a.nfit > 1 && one_spelt(lw, c, &a, chosen));
}
