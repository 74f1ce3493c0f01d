/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <string.h>
#include <time.h>

#include "ir/verify.h"

/*
 * Nested constructs that are followed before the function is given up. Real
 * code stays below 200; the stack would take some thousands.
 */
#define DEPTH_MAX 1000

void lw_init(struct lower *lw, struct frontend *fe, ir_fn fn)
{
	*lw = (struct lower){ .fe = fe, .u = &fe->unit, .fn = fn };
	lw->brk.block = lw->cont.block = IR_NONE;
	lw->cur = lw_block(lw);
	lw->blocks.v[lw->cur].used = true;
	lw->at = clang_getNullCursor();
	lw->loc_known = true;
	array_push(&lw->regions, 0);
}

void lw_release(struct lower *lw)
{
	for (uint32_t i = 0; i < lw->blocks.n; i++)
		array_release(&lw->blocks.v[i].b.insns);
	array_release(&lw->blocks);
	array_release(&lw->temps);
	array_release(&lw->locals);
	array_release(&lw->args);
	array_release(&lw->labels);
	array_release(&lw->jumps);
	array_release(&lw->due);
	array_release(&lw->regions);
	map_release(&lw->local_of);
	map_release(&lw->label_of);
	arena_release(&lw->arena);
}

void lw_fail(struct lower *lw, enum ir_reason_kind kind, const char *text)
{
	if (lw->failed)
		return;
	lw->failed = true;
	lw->reason = ir_reason_add(lw->u, kind, text, lw_loc(lw));
}

bool lw_enter(struct lower *lw)
{
	if (lw->depth >= DEPTH_MAX) {
		lw_fail(lw, IR_R_CONSTRUCT, "nested too deeply");
		return false;
	}
	lw->depth++;
	return true;
}

void lw_leave(struct lower *lw)
{
	lw->depth--;
}

struct kids lw_kids(struct lower *lw, CXCursor c)
{
	return fe_kids(lw->fe, &lw->arena, c);
}

/*
 * A local array without bounds, or with an initialiser that no array can have,
 * was declared by typeof(parameter).
 */
static bool is_decayed_variable(struct lower *lw, CXCursor decl, ctype t)
{
	CXCursor init;

	if (clang_getCursorKind(decl) == CXCursor_ParmDecl)
		return true;
	if (clang_getCursorKind(decl) != CXCursor_VarDecl ||
	    clang_Cursor_hasVarDeclGlobalStorage(decl) == 1)
		return false;
	if (t->is_func || t->c.kind == CXType_IncompleteArray)
		return true;
	init = clang_Cursor_getVarDeclInitializer(decl);
	if (clang_Cursor_isNull(init))
		return false;
	return fe_is_ptr(lw_type(lw, init));
}

/* Values are never arrays or functions; of the lvalues, only some names can be pointers. */
static bool is_decayed(struct lower *lw, CXCursor c, ctype t)
{
	enum CXCursorKind kind;
	struct kids k;

	switch (clang_getCursorKind(c)) {
	case CXCursor_DeclRefExpr:
		return is_decayed_variable(lw, clang_getCursorReferenced(c), t);
	case CXCursor_MemberRefExpr:
	case CXCursor_ArraySubscriptExpr:
	case CXCursor_StringLiteral:
	case CXCursor_CompoundLiteralExpr:
	case CXCursor_InitListExpr:
	case CXCursor_GenericSelectionExpr:
		return false;
	case CXCursor_UnaryOperator:
		if (clang_getCursorUnaryOperatorKind(c) == CXUnaryOperator_Deref)
			return false;
		if (clang_getCursorUnaryOperatorKind(c) != CXUnaryOperator_Extension)
			return true;
		break;
	case CXCursor_ParenExpr:
		break;
	case CXCursor_UnexposedExpr:
		/* __func__ is a string literal in a wrapper; so can be other array literals. */
		kind = clang_getCursorKind(lw_strip_conversions(lw, c));
		return kind != CXCursor_StringLiteral && kind != CXCursor_InitListExpr &&
		       kind != CXCursor_CompoundLiteralExpr;
	default:
		return true;
	}
	k = lw_kids(lw, c);
	return k.n && is_decayed(lw, k.v[0], t);
}

ctype lw_type(struct lower *lw, CXCursor c)
{
	ctype t = fe_type(lw->fe, clang_getCursorType(c));

	if (t->is_bad)
		lw_fail(lw, IR_R_PARSE, "expression without a type");
	if ((t->is_array || t->is_func) && is_decayed(lw, c, t))
		return fe_decayed(lw->fe, t);
	return t;
}

ctype lw_decl_type(struct lower *lw, CXCursor decl)
{
	ctype t = fe_type(lw->fe, clang_getCursorType(decl));

	if ((t->is_array || t->is_func) && is_decayed_variable(lw, decl, t))
		return fe_decayed(lw->fe, t);
	return t;
}

CXCursor lw_strip_parens(struct lower *lw, CXCursor c)
{
	while (clang_getCursorKind(c) == CXCursor_ParenExpr) {
		struct kids k = lw_kids(lw, c);

		if (!k.n)
			break;
		c = k.v[0];
	}
	return c;
}

static struct ir_val parameter(struct lower *lw, struct ir_type t)
{
	struct ir_insn *i = lw_emit(lw, IR_PARAM);

	i->imm = lw->nparams++;
	return lw_dst(lw, i, lw_value_type(t));
}

/* Each parameter becomes a local like any other; an aggregate comes as the address of a copy. */
static void take_parameter(struct lower *lw, CXCursor decl)
{
	ctype t = lw_decl_type(lw, decl);
	uint32_t local;
	struct ir_val v;

	lw_at(lw, decl);
	if (t->is_bad)
		lw_fail(lw, IR_R_PARSE, "parameter of an unknown type");
	local = lw_local(lw, fe_name(lw->fe, decl), t, true);
	*map_put(&lw->local_of, fe_key(decl)) = (uint64_t)local + 1;
	v = parameter(lw, fe_is_agg(t) ? lw->fe->t_ptr->t : t->t);
	if (!t->opaque || t->is_vector)
		lw_store(lw, lw_local_place(lw, local, t), lw_val(v, t), 0);
}

static void take_parameters(struct lower *lw)
{
	int n = clang_Cursor_getNumArguments(lw->body);

	if (fe_is_agg(lw->ret)) {
		lw_local(lw, 0, lw->fe->t_ptr, true);
		lw->sret = parameter(lw, lw->fe->t_ptr->t);
	}
	for (int i = 0; i < n; i++)
		take_parameter(lw, clang_Cursor_getArgument(lw->body, (unsigned)i));
}

/* Control at the closing brace: what a caller would read there is open. */
static void fall_off(struct lower *lw)
{
	struct ir_term t = { .kind = IR_RET };

	if (lw->cur == IR_NONE || !lw->blocks.v[lw->cur].used)
		return;
	lw_at_end(lw, lw->body);
	if (!lw->ret->is_void && !fe_is_agg(lw->ret))
		t.cond = lw_unknown(lw, lw->ret->t, IR_R_UNINIT,
				    "end of a function without return");
	lw_contract_exit(lw);
	lw_term(lw, t);
}

bool lw_is_weak(struct lower *lw, CXCursor decl)
{
	struct kids k = lw_kids(lw, decl);

	for (unsigned i = 0; i < k.n; i++) {
		size_t left;
		const char *s;

		if (clang_getCursorKind(k.v[i]) != CXCursor_UnexposedAttr)
			continue;
		s = fe_spelt_at(lw->fe, clang_getCursorLocation(k.v[i]), &left);
		if (s && left > 8 && (!strncmp(s, "weak", 4) || !strncmp(s, "__weak__", 8)))
			return true;
	}
	return false;
}

static void lower_body(struct lower *lw)
{
	struct kids k = lw_kids(lw, lw->body);
	CXCursor body = clang_getNullCursor();

	for (unsigned i = 0; i < k.n; i++)
		if (clang_getCursorKind(k.v[i]) == CXCursor_CompoundStmt)
			body = k.v[i];
	if (lw_is_weak(lw, lw->body))
		lw->u->funcs.v[lw->fn].flags |= IR_FN_WEAK;
	lw_at(lw, lw->body);
	lw->ret = fe_type(lw->fe, clang_getCursorResultType(lw->body));
	if (clang_Cursor_isNull(body) || lw->ret->is_bad) {
		lw_fail(lw, IR_R_PARSE, "function without a body");
		return;
	}
	take_parameters(lw);
	lw_contract_entry(lw);
	lw_stmt(lw, body);
	if (lw->failed)
		return;
	fall_off(lw);
	lw_finish_jumps(lw);
}

static void set_failed(struct ir_func *f, uint32_t reason)
{
	f->state = IR_BODY_FAILED;
	f->reason = reason;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

void fe_lower(struct ir_unit *u, ir_fn fn)
{
	struct frontend *fe = u->lower_arg;
	double start = now();
	struct lower lw;

	if (u->funcs.v[fn].state != IR_BODY_NONE || !(u->funcs.v[fn].flags & IR_FN_HAS_BODY))
		return;
	fe_func_locate(fe, fn);
	lw_init(&lw, fe, fn);
	lw.body = ((const struct fe_decl *)u->funcs.v[fn].decl)->cursor;
	lower_body(&lw);
	if (!lw.failed)
		lw_finish(&lw);
	if (lw.failed)
		set_failed(&u->funcs.v[fn], lw.reason);
	ir_check(u, fn, "the lowering");
	lw_release(&lw);
	fe_drain_globals(fe);
	fe->stats.bodies_lowered++;
	fe->stats.lower_seconds += now() - start;
}
