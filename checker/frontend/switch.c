/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

struct search {
	const struct sw *sw;	/* whose cases count; NULL: none */
	bool found;
	/* find_chosen() */
	uint64_t value;
	uint64_t key, dflt;
	uint8_t width;
	bool is_signed;
};

static bool is_case(enum CXCursorKind kind)
{
	return kind == CXCursor_CaseStmt || kind == CXCursor_DefaultStmt;
}

static enum CXChildVisitResult find_label(CXCursor c, CXCursor parent, CXClientData data)
{
	struct search *s = data, inner = { .sw = NULL };
	enum CXCursorKind kind = clang_getCursorKind(c);

	(void)parent;
	if (kind == CXCursor_SwitchStmt && s->sw) {
		clang_visitChildren(c, find_label, &inner);
		s->found |= inner.found;
		return s->found ? CXChildVisit_Break : CXChildVisit_Continue;
	}
	s->found = kind == CXCursor_LabelStmt;
	if (s->sw && is_case(kind))
		s->found = !s->sw->constant || s->sw->chosen == fe_stmt_key(c);
	return s->found ? CXChildVisit_Break : CXChildVisit_Recurse;
}

bool lw_has_label(struct lower *lw, CXCursor c)
{
	struct search s = { .sw = lw->sw };

	if (clang_getCursorKind(c) == CXCursor_SwitchStmt)
		s.sw = NULL;
	clang_visitChildren(c, find_label, &s);
	return s.found;
}

static uint64_t cut(uint64_t v, unsigned width)
{
	return width < 64 ? v & ((1ull << width) - 1) : v;
}

static int64_t extend(uint64_t v, unsigned width)
{
	return (int64_t)(v << (64 - width)) >> (64 - width);
}

static bool below(uint64_t a, uint64_t b, unsigned width, bool is_signed)
{
	return is_signed ? extend(a, width) <= extend(b, width) : a <= b;
}

/* The values of a case in the type of the switch. False where they are no constants. */
static bool case_values(struct kids k, unsigned width, struct ir_case *out)
{
	if (k.n < 2 || k.n > 3 || !fe_evaluate(k.v[0], &out->lo))
		return false;
	out->hi = out->lo;
	if (k.n == 3 && !fe_evaluate(k.v[1], &out->hi))
		return false;
	out->lo = cut(out->lo, width);
	out->hi = cut(out->hi, width);
	return true;
}

struct case_kids {
	CXCursor v[4];
	unsigned n;
};

static enum CXChildVisitResult push_case_kid(CXCursor c, CXCursor parent, CXClientData data)
{
	struct case_kids *k = data;

	(void)parent;
	if (k->n < 4)
		k->v[k->n++] = c;
	return CXChildVisit_Continue;
}

static enum CXChildVisitResult find_chosen(CXCursor c, CXCursor parent, CXClientData data)
{
	struct case_kids k = { .n = 0 };
	struct search *s = data;
	enum CXCursorKind kind = clang_getCursorKind(c);
	struct ir_case x;

	(void)parent;
	if (kind == CXCursor_SwitchStmt)
		return CXChildVisit_Continue;
	if (kind == CXCursor_DefaultStmt)
		s->dflt = fe_stmt_key(c);
	if (kind != CXCursor_CaseStmt)
		return CXChildVisit_Recurse;
	clang_visitChildren(c, push_case_kid, &k);
	if (!case_values((struct kids){ k.v, k.n }, s->width, &x) ||
	    !below(x.lo, s->value, s->width, s->is_signed) ||
	    !below(s->value, x.hi, s->width, s->is_signed))
		return CXChildVisit_Recurse;
	s->key = fe_stmt_key(c);
	return CXChildVisit_Break;
}

/* The case that a constant selects: the others are not lowered. */
static uint64_t chosen_case(CXCursor body, uint64_t value, const struct sw *sw)
{
	struct search s = { .value = value, .width = sw->width, .is_signed = sw->t->t.is_signed };

	clang_visitChildren(body, find_chosen, &s);
	return s.key ? s.key : s.dflt;
}

static void emit_switch(struct lower *lw, struct sw *sw, struct ir_val v, uint32_t exit)
{
	struct ir_term t = { .kind = IR_SWITCH, .is_signed = sw->t->t.is_signed, .cond = v };
	uint32_t dflt = sw->dflt == IR_NONE ? exit : sw->dflt;

	if (sw->constant) {
		lw_jump(lw, sw->cases.n ? sw->cases.v[0].block : dflt);
		return;
	}
	t.nsucc = 1;
	t.succ = lw_succs(lw, dflt, 0, 1);
	t.ncases = sw->cases.n;
	t.cases = arena_memdup(&lw->u->arena, sw->cases.v, sw->cases.n * sizeof(*t.cases));
	lw_term(lw, t);
}

void lw_switch(struct lower *lw, CXCursor c)
{
	struct sw sw = { .up = lw->sw, .dflt = IR_NONE };
	struct jump_target brk = lw->brk;
	struct kids k = lw_kids(lw, c);
	uint32_t head, exit = lw_block(lw);
	uint64_t value;
	struct ir_val v;
	struct val cond;

	if (k.n != 2) {
		lw_fail(lw, IR_R_CONSTRUCT, "switch of unknown shape");
		return;
	}
	cond = lw_rvalue(lw, k.v[0]);
	lw_at(lw, k.v[0]);
	sw.t = cond.t;
	v = cond.t->opaque ? lw_unknown(lw, lw_int_type(64, false), IR_R_CONSTRUCT,
					"switch on a 128-bit integer") : lw_force(lw, cond);
	sw.width = (uint8_t)lw_width(lw, v);
	sw.constant = lw_const_of(lw, v, &value);
	if (sw.constant)
		sw.chosen = chosen_case(k.v[1], value, &sw);
	if (lw->cur == IR_NONE)
		lw->cur = lw_block(lw);
	head = lw->cur;
	lw->cur = IR_NONE;
	lw->sw = &sw;
	lw->brk = (struct jump_target){ exit, lw->cleanups };
	lw_stmt(lw, k.v[1]);
	lw->brk = brk;
	lw->sw = sw.up;
	lw_jump(lw, exit);
	lw->cur = head;
	lw_at(lw, k.v[0]);
	emit_switch(lw, &sw, v, exit);
	lw_resume(lw, exit);
	array_release(&sw.cases);
}

void lw_case(struct lower *lw, CXCursor c, bool is_default)
{
	struct kids k = lw_kids(lw, c);
	struct sw *sw = lw->sw;
	struct ir_case x = { 0 };

	if (!sw || !k.n) {
		lw_fail(lw, IR_R_CONSTRUCT, "case outside of a switch");
		return;
	}
	if (sw->constant && sw->chosen != fe_stmt_key(c)) {
		lw_stmt(lw, k.v[k.n - 1]);
		return;
	}
	if (!is_default && !case_values(k, sw->width, &x)) {
		lw_fail(lw, IR_R_CONSTRUCT, "case that is no constant");
		return;
	}
	x.block = lw_block(lw);
	lw_start(lw, x.block);
	lw->blocks.v[x.block].used = true;
	if (is_default)
		sw->dflt = x.block;
	else if (below(x.lo, x.hi, sw->width, sw->t->t.is_signed))
		array_push(&sw->cases, x);
	lw_stmt(lw, k.v[k.n - 1]);
}
