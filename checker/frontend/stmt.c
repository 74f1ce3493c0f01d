/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

void lw_resume(struct lower *lw, uint32_t block)
{
	if (lw->cur != IR_NONE || array_at(&lw->blocks, block).used)
		lw_start(lw, block);
}

/* A block that nothing jumps to was opened behind a jump inside an expression. */
static bool is_dead(const struct lower *lw)
{
	return lw->cur == IR_NONE || !lw->blocks.v[lw->cur].used;
}

void lw_scope_end(struct lower *lw, struct cleanup *outer)
{
	if (!is_dead(lw))
		lw_run_cleanups(lw, lw->cleanups, outer);
	lw->cleanups = outer;
}

static void compound(struct lower *lw, CXCursor c)
{
	struct cleanup *outer = lw->cleanups;
	struct kids k = lw_kids(lw, c);

	for (unsigned i = 0; i < k.n && !lw->failed; i++)
		lw_stmt(lw, k.v[i]);
	if (lw->cleanups != outer)
		lw_at_end(lw, c);
	lw_scope_end(lw, outer);
}

/* The expression at the end of a ({ }), below its labels. */
static bool last_expression(struct lower *lw, CXCursor c, CXCursor *last)
{
	struct kids k;

	for (;;) {
		enum CXCursorKind kind = clang_getCursorKind(c);

		if (clang_isExpression(kind)) {
			*last = c;
			return true;
		}
		if (kind != CXCursor_LabelStmt && kind != CXCursor_UnexposedStmt)
			return false;
		k = lw_kids(lw, c);
		if (!k.n)
			return false;
		if (kind == CXCursor_LabelStmt)
			lw_place_label(lw, c);
		c = k.v[k.n - 1];
	}
}

void lw_stmt_expr_end(struct lower *lw, struct scope outer)
{
	lw_scope_end(lw, outer.cleanups);
	lw->region = outer.region;
}

bool lw_stmt_expr(struct lower *lw, CXCursor c, CXCursor *last, struct scope *outer)
{
	struct kids k = lw_kids(lw, c);

	*outer = (struct scope){ lw->cleanups, lw->region };
	array_push(&lw->regions, lw->region);
	lw->region = lw->regions.n - 1;
	if (k.n == 1 && clang_getCursorKind(k.v[0]) == CXCursor_CompoundStmt)
		k = lw_kids(lw, k.v[0]);
	for (unsigned i = 0; i + 1 < k.n && !lw->failed; i++)
		lw_stmt(lw, k.v[i]);
	if (!k.n)
		return false;
	if (last_expression(lw, k.v[k.n - 1], last))
		return true;
	lw_stmt(lw, k.v[k.n - 1]);
	return false;
}

static void init_scalar(struct lower *lw, CXCursor decl, uint32_t local, ctype t, CXCursor init)
{
	struct val v = lw_convert(lw, lw_rvalue(lw, init), t);

	lw_at(lw, decl);
	lw_store(lw, lw_local_place(lw, local, t), v, IR_F_INIT);
}

static void variable(struct lower *lw, CXCursor decl)
{
	ctype t = lw_decl_type(lw, decl);
	CXCursor init = clang_Cursor_getVarDeclInitializer(decl);
	uint32_t local;

	if (clang_Cursor_hasVarDeclGlobalStorage(decl) == 1)
		return;
	lw_at(lw, decl);
	local = lw_local_of(lw, decl);
	if (t->is_vla) {
		struct val some = lw_unknown_val(lw, lw->fe->t_ptr, IR_R_CONSTRUCT,
						 "variable-length array");

		lw_store(lw, lw_local_place(lw, local, some.t), some, 0);
		return;
	}
	if (!clang_Cursor_isNull(init)) {
		if (fe_is_agg(t))
			lw_init_object(lw, lw_local_place(lw, local, t), init);
		else
			init_scalar(lw, decl, local, t, init);
	}
	if (clang_Cursor_hasAttrs(decl))
		lw_find_cleanup(lw, decl, local, t);
}

static void declarations(struct lower *lw, CXCursor c)
{
	struct kids k = lw_kids(lw, c);

	for (unsigned i = 0; i < k.n; i++)
		if (clang_getCursorKind(k.v[i]) == CXCursor_VarDecl)
			variable(lw, k.v[i]);
}

static void if_stmt(struct lower *lw, CXCursor c)
{
	uint32_t yes = lw_block(lw), no = lw_block(lw), join = lw_block(lw);
	struct kids k = lw_kids(lw, c);

	if (k.n < 2 || k.n > 3) {
		lw_fail(lw, IR_R_CONSTRUCT, "if of unknown shape");
		return;
	}
	lw_cond(lw, k.v[0], yes, no);
	lw_resume(lw, yes);
	lw_stmt(lw, k.v[1]);
	lw_jump(lw, join);
	lw_resume(lw, no);
	if (k.n == 3)
		lw_stmt(lw, k.v[2]);
	lw_resume(lw, join);
}

static void jump_out(struct lower *lw, const struct jump_target *t)
{
	if (t->block == IR_NONE) {
		lw_fail(lw, IR_R_CONSTRUCT, "break or continue outside of a loop");
		return;
	}
	lw_run_cleanups(lw, lw->cleanups, t->cleanups);
	lw_jump(lw, t->block);
}

static void return_stmt(struct lower *lw, CXCursor c)
{
	struct ir_term t = { .kind = IR_RET };
	struct kids k = lw_kids(lw, c);

	if (k.n && lw->ret->is_void) {
		lw_effect(lw, k.v[0]);
	} else if (k.n && fe_is_agg(lw->ret)) {
		lw_aggregate_into(lw, k.v[0], lw_deref(lw, lw->sret, lw->ret), 0);
	} else if (k.n) {
		struct val v = lw_convert(lw, lw_rvalue(lw, k.v[0]), lw->ret);

		lw_at(lw, c);
		t.cond = lw_force(lw, v);
	}
	lw_at(lw, c);
	lw_run_cleanups(lw, lw->cleanups, NULL);
	lw_at(lw, c);
	lw_contract_exit(lw);
	lw_term(lw, t);
}

static void goto_stmt(struct lower *lw, CXCursor c)
{
	struct pending_jump j = { .fall = IR_NONE, .label = IR_NONE };
	struct kids k = lw_kids(lw, c);

	if (clang_getCursorKind(c) == CXCursor_IndirectGotoStmt) {
		if (k.n)
			lw_effect(lw, k.v[0]);
		j.all = true;
	} else if (k.n == 1 && clang_getCursorKind(k.v[0]) == CXCursor_LabelRef) {
		j.label = lw_label(lw, clang_getCursorReferenced(k.v[0]));
	} else {
		lw_fail(lw, IR_R_CONSTRUCT, "goto of unknown shape");
	}
	lw_at(lw, c);
	lw_pend(lw, j);
}

static void transparent(struct lower *lw, CXCursor c)
{
	struct kids k = lw_kids(lw, c);

	if (!k.n)
		lw_fail(lw, IR_R_CONSTRUCT, "statement that libclang does not name");
	for (unsigned i = 0; i < k.n; i++)
		lw_stmt(lw, k.v[i]);
}

static void labelled(struct lower *lw, CXCursor c)
{
	struct kids k = lw_kids(lw, c);

	lw_place_label(lw, c);
	if (k.n)
		lw_stmt(lw, k.v[k.n - 1]);
}

static void stmt(struct lower *lw, CXCursor c, enum CXCursorKind kind)
{
	switch (kind) {
	case CXCursor_CompoundStmt:
		compound(lw, c);
		break;
	case CXCursor_DeclStmt:
		declarations(lw, c);
		break;
	case CXCursor_IfStmt:
		if_stmt(lw, c);
		break;
	case CXCursor_WhileStmt:
		lw_while(lw, c);
		break;
	case CXCursor_DoStmt:
		lw_do(lw, c);
		break;
	case CXCursor_ForStmt:
		lw_for(lw, c);
		break;
	case CXCursor_SwitchStmt:
		lw_switch(lw, c);
		break;
	case CXCursor_CaseStmt:
	case CXCursor_DefaultStmt:
		lw_case(lw, c, kind == CXCursor_DefaultStmt);
		break;
	case CXCursor_BreakStmt:
	case CXCursor_ContinueStmt:
		lw_at(lw, c);
		jump_out(lw, kind == CXCursor_BreakStmt ? &lw->brk : &lw->cont);
		break;
	case CXCursor_ReturnStmt:
		return_stmt(lw, c);
		break;
	case CXCursor_GotoStmt:
	case CXCursor_IndirectGotoStmt:
		goto_stmt(lw, c);
		break;
	case CXCursor_LabelStmt:
		labelled(lw, c);
		break;
	case CXCursor_GCCAsmStmt:
		lw_asm(lw, c);
		break;
	case CXCursor_UnexposedStmt:
		transparent(lw, c);
		break;
	case CXCursor_NullStmt:
		break;
	default:
		if (clang_isExpression(kind))
			lw_effect(lw, c);
		else
			lw_fail(lw, IR_R_CONSTRUCT, "statement of unknown kind");
	}
}

static bool has_own_labels(enum CXCursorKind kind)
{
	return kind == CXCursor_CompoundStmt || kind == CXCursor_CaseStmt ||
	       kind == CXCursor_DefaultStmt || kind == CXCursor_LabelStmt ||
	       kind == CXCursor_UnexposedStmt;
}

/* A statement that cannot be reached is left out, unless a label leads into it. */
void lw_stmt(struct lower *lw, CXCursor c)
{
	enum CXCursorKind kind = clang_getCursorKind(c);

	if (lw->failed || !lw_enter(lw))
		return;
	if (is_dead(lw))
		lw->cur = IR_NONE;
	if (lw->cur != IR_NONE || has_own_labels(kind) || lw_has_label(lw, c))
		stmt(lw, c, kind);
	lw_leave(lw);
}
