/* SPDX-License-Identifier: MIT */
/*
 * Conditions become control flow: && || ! ?: never a value that is tested
 * again. A side that a constant rules out is not lowered at all.
 */
#include "frontend/internal.h"

/* Makes block the current one; false where nothing jumps to it. */
static bool enter_if_used(struct lower *lw, uint32_t block)
{
	if (!array_at(&lw->blocks, block).used)
		return false;
	lw_start(lw, block);
	return true;
}

/* Zero stays zero, and what is not zero stays so. */
static bool keeps_truth(ctype from, ctype to)
{
	if (from->opaque || to->opaque || !from->t.width || !to->t.width || fe_is_agg(from))
		return false;
	return to->t.kind == IR_T_BOOL || to->t.width >= from->t.width;
}

static void cond_value(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no)
{
	struct ir_val bit = lw_truth(lw, lw_rvalue(lw, c));

	lw_at(lw, c);
	lw_branch(lw, bit, yes, no);
}

static void cond_binary(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no)
{
	int op = (int)clang_getCursorBinaryOperatorKind(c);
	struct kids k = lw_kids(lw, c);
	uint32_t mid;

	if (op == CXBinaryOperator_Comma) {
		lw_effect(lw, k.v[0]);
		lw_cond(lw, k.v[1], yes, no);
		return;
	}
	if (op != CXBinaryOperator_LAnd && op != CXBinaryOperator_LOr) {
		cond_value(lw, c, yes, no);
		return;
	}
	mid = lw_block(lw);
	if (op == CXBinaryOperator_LAnd)
		lw_cond(lw, k.v[0], mid, no);
	else
		lw_cond(lw, k.v[0], yes, mid);
	if (enter_if_used(lw, mid))
		lw_cond(lw, k.v[1], yes, no);
}

static void cond_select(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no)
{
	uint32_t a = lw_block(lw), b = lw_block(lw);
	struct kids k = lw_kids(lw, c);

	lw_cond(lw, k.v[0], a, b);
	if (enter_if_used(lw, a))
		lw_cond(lw, k.v[1], yes, no);
	if (enter_if_used(lw, b))
		lw_cond(lw, k.v[2], yes, no);
}

static void cond_stmt_expr(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no)
{
	struct scope outer;
	struct ir_val bit;
	CXCursor last;

	if (!lw_stmt_expr(lw, c, &last, &outer)) {
		lw_stmt_expr_end(lw, outer);
		lw_unmodelled(lw, c, "condition without a value");
		lw_branch(lw, lw_unknown(lw, lw_int_type(1, false), IR_R_CONSTRUCT,
					 "condition without a value"), yes, no);
		return;
	}
	if (lw->cleanups == outer.cleanups) {
		lw_cond(lw, last, yes, no);
		lw_stmt_expr_end(lw, outer);
		return;
	}
	bit = lw_truth(lw, lw_rvalue(lw, last));
	lw_stmt_expr_end(lw, outer);
	lw_branch(lw, bit, yes, no);
}

static void cond_converted(struct lower *lw, CXCursor c, CXCursor inner, uint32_t yes, uint32_t no)
{
	ctype from = lw_type(lw, inner);

	if (keeps_truth(from, lw_type(lw, c)))
		lw_cond(lw, inner, yes, no);
	else
		cond_value(lw, c, yes, no);
}

static void cond(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no)
{
	struct shape s;
	struct kids k;

	switch (clang_getCursorKind(c)) {
	case CXCursor_BinaryOperator:
		cond_binary(lw, c, yes, no);
		return;
	case CXCursor_UnaryOperator:
		if (clang_getCursorUnaryOperatorKind(c) != CXUnaryOperator_LNot)
			break;
		k = lw_kids(lw, c);
		lw_cond(lw, k.v[0], no, yes);
		return;
	case CXCursor_ConditionalOperator:
		cond_select(lw, c, yes, no);
		return;
	case CXCursor_StmtExpr:
		cond_stmt_expr(lw, c, yes, no);
		return;
	case CXCursor_UnexposedExpr:
		s = lw_shape(lw, c);
		if (s.kind != SHAPE_CAST)
			break;
		cond_converted(lw, c, s.inner, yes, no);
		return;
	case CXCursor_CStyleCastExpr:
		k = lw_kids(lw, c);
		cond_converted(lw, c, k.v[k.n - 1], yes, no);
		return;
	case CXCursor_CallExpr:
		k = lw_kids(lw, c);
		if (!lw_is_expect(lw, k))
			break;
		lw_effect(lw, k.v[2]);
		lw_cond(lw, k.v[1], yes, no);
		return;
	default:
		break;
	}
	cond_value(lw, c, yes, no);
}

void lw_cond(struct lower *lw, CXCursor c, uint32_t yes, uint32_t no)
{
	c = lw_strip_parens(lw, c);
	if (!lw_enter(lw)) {
		lw_jump(lw, yes);
		return;
	}
	cond(lw, c, yes, no);
	lw_leave(lw);
}

static void store_truth(struct lower *lw, uint32_t local, unsigned v)
{
	struct place p = lw_local_place(lw, local, lw->fe->t_bool);

	lw_store(lw, p, lw_val(lw_const(lw, v, 8), p.t), 0);
}

struct val lw_logical(struct lower *lw, CXCursor c)
{
	uint32_t yes = lw_block(lw), no = lw_block(lw), join = lw_block(lw);
	uint32_t local = lw_local(lw, 0, lw->fe->t_bool, false);
	ctype t = lw_type(lw, c), b = lw->fe->t_bool;
	bool may_yes, may_no;

	lw_cond(lw, c, yes, no);
	may_yes = lw->blocks.v[yes].used;
	may_no = lw->blocks.v[no].used;
	if (may_yes != may_no) {
		lw_start(lw, may_yes ? yes : no);
		return lw_val(lw_const(lw, may_yes, t->t.width), t);
	}
	lw_at(lw, c);
	if (enter_if_used(lw, yes))
		store_truth(lw, local, 1);
	lw_jump(lw, join);
	if (enter_if_used(lw, no))
		store_truth(lw, local, 0);
	lw_start(lw, join);
	return lw_convert(lw, lw_load(lw, lw_local_place(lw, local, b)), t);
}

struct select {
	CXCursor c, yes, no;
	bool elvis;
	struct val first;	/* of a ?: b: the value of a */
	ctype t;
	uint32_t local;
};

static bool has_value(ctype t)
{
	return !t->is_void && !t->opaque;
}

/* One arm, its value into the local. */
static void select_arm(struct lower *lw, const struct select *s, bool yes)
{
	struct place p;
	struct val v;

	if (!has_value(s->t)) {
		if (!yes || !s->elvis)
			lw_effect(lw, yes ? s->yes : s->no);
		return;
	}
	if (fe_is_agg(s->t)) {
		lw_aggregate_into(lw, yes ? s->yes : s->no, lw_local_place(lw, s->local, s->t), 0);
		return;
	}
	v = yes && s->elvis ? s->first : lw_rvalue(lw, yes ? s->yes : s->no);
	v = lw_convert(lw, v, s->t);
	lw_at(lw, s->c);
	p = lw_local_place(lw, s->local, s->t);
	lw_store(lw, p, v, 0);
}

/* A constant condition: the value of the one arm. */
static struct val select_one(struct lower *lw, const struct select *s, bool yes)
{
	if (yes && s->elvis)
		return lw_convert(lw, s->first, s->t);
	return lw_convert(lw, lw_rvalue(lw, yes ? s->yes : s->no), s->t);
}

static void select_test(struct lower *lw, struct select *s, CXCursor test, uint32_t a, uint32_t b)
{
	if (!s->elvis) {
		lw_cond(lw, test, a, b);
		return;
	}
	s->first = lw_rvalue(lw, test);
	lw_at(lw, s->c);
	lw_branch(lw, lw_truth(lw, s->first), a, b);
}

struct val lw_select(struct lower *lw, CXCursor c, CXCursor test, bool elvis, CXCursor yes,
		     CXCursor no)
{
	struct select s = { .c = c, .yes = yes, .no = no, .elvis = elvis, .t = lw_type(lw, c) };
	uint32_t a = lw_block(lw), b = lw_block(lw), join = lw_block(lw);

	select_test(lw, &s, test, a, b);
	if (lw->blocks.v[a].used != lw->blocks.v[b].used) {
		bool is_yes = lw->blocks.v[a].used;

		lw_start(lw, is_yes ? a : b);
		return select_one(lw, &s, is_yes);
	}
	lw_at(lw, c);
	if (has_value(s.t))
		s.local = lw_local(lw, 0, s.t, false);
	if (enter_if_used(lw, a))
		select_arm(lw, &s, true);
	lw_jump(lw, join);
	if (enter_if_used(lw, b))
		select_arm(lw, &s, false);
	lw_start(lw, join);
	if (!has_value(s.t))
		return lw_none(s.t);
	lw_at(lw, c);
	return lw_load(lw, lw_local_place(lw, s.local, s.t));
}
