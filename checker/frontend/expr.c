/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

struct naming {
	struct lower *lw;
	Array(CXCursor) vars;
	bool jumps;
};

static bool is_variable(enum CXCursorKind kind)
{
	return kind == CXCursor_VarDecl || kind == CXCursor_ParmDecl;
}

static enum CXChildVisitResult name_lvalue(CXCursor c, CXCursor parent, CXClientData data)
{
	struct naming *n = data;

	(void)parent;
	switch (clang_getCursorKind(c)) {
	case CXCursor_DeclRefExpr:
		if (is_variable(clang_getCursorKind(clang_getCursorReferenced(c))))
			array_push(&n->vars, c);
		break;
	case CXCursor_LabelStmt:
	case CXCursor_GotoStmt:
	case CXCursor_IndirectGotoStmt:
	case CXCursor_ReturnStmt:
	case CXCursor_BreakStmt:
	case CXCursor_ContinueStmt:
		n->jumps = true;
		break;
	default:
		break;
	}
	return CXChildVisit_Recurse;
}

bool lw_may_point(const struct lower *lw, struct ir_val v)
{
	const struct ir_type *t = v.kind == IR_V_TEMP ? &lw->temps.v[v.i].type : NULL;

	return t && t->width == lw->u->ptr_width && !t->is_func_ptr &&
	       (t->kind == IR_T_PTR || t->kind == IR_T_INT);
}

void lw_unknown_code(struct lower *lw, uint32_t reason, bool clobbers, const struct ir_val *args,
		     unsigned n)
{
	struct ir_insn *i = lw_emit(lw, IR_ASM);

	i->imm = reason;
	i->flags |= clobbers ? IR_F_CLOBBER : 0;
	i->args = lw->args.n;
	i->nargs = n;
	for (unsigned k = 0; k < n; k++)
		array_push(&lw->args, args[k]);
}

struct val lw_unmodelled(struct lower *lw, CXCursor c, const char *what)
{
	return lw_unmodelled_with(lw, c, what, NULL, 0);
}

/* Whatever the construct does, it may do to every variable named below it, and to memory. */
struct val lw_unmodelled_with(struct lower *lw, CXCursor c, const char *what,
			      const struct ir_val *args, unsigned nargs)
{
	struct naming n = { .lw = lw };

	clang_visitChildren(c, name_lvalue, &n);
	lw_at(lw, c);
	if (n.jumps)
		lw_fail(lw, IR_R_CONSTRUCT, what);
	lw_unknown_code(lw, ir_reason_add(lw->u, IR_R_CONSTRUCT, what, lw_loc(lw)), true, args,
			nargs);
	for (uint32_t k = 0; k < n.vars.n; k++) {
		ctype t = lw_type(lw, n.vars.v[k]);

		if (!t->is_void && !t->is_bad)
			lw_havoc(lw, lw_lvalue(lw, n.vars.v[k]), IR_R_CONSTRUCT, what);
	}
	array_release(&n.vars);
	return lw_unknown_val(lw, lw_type(lw, c), IR_R_CONSTRUCT, what);
}

static struct val constant(struct lower *lw, CXCursor c, const char *what)
{
	ctype t = lw_type(lw, c);
	uint64_t v;

	if (t->opaque || t->is_void)
		return lw_none(t);
	lw_at(lw, c);
	if (!fe_evaluate(c, &v) || fe_is_agg(t))
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, what);
	return lw_val(lw_const(lw, v, t->t.width), t);
}

static struct val enumerator(struct lower *lw, CXCursor decl, ctype t)
{
	uint64_t v = t->t.is_signed ? (uint64_t)clang_getEnumConstantDeclValue(decl) :
				      clang_getEnumConstantDeclUnsignedValue(decl);

	return lw_val(lw_const(lw, v, t->t.width), t);
}

/* The value of an object; an array or a function decays to a pointer. */
static struct val read_object(struct lower *lw, CXCursor c, ctype t)
{
	struct place p = lw_lvalue(lw, c);

	lw_at(lw, c);
	if (t->is_array || t->is_func)
		return lw_val(lw_address(lw, p), lw->fe->t_ptr);
	return lw_load(lw, p);
}

static struct val decl_ref(struct lower *lw, CXCursor c, ctype t)
{
	CXCursor decl = clang_getCursorReferenced(c);

	if (clang_getCursorKind(decl) == CXCursor_EnumConstantDecl)
		return enumerator(lw, decl, t);
	return read_object(lw, c, t);
}

static struct val stmt_expr(struct lower *lw, CXCursor c, ctype t)
{
	struct val v = lw_none(t);
	struct scope outer;
	struct place copy;
	CXCursor last;

	if (lw_stmt_expr(lw, c, &last, &outer)) {
		if (t->is_void) {
			lw_effect(lw, last);
		} else if (fe_is_agg(t)) {
			copy = lw_synthetic(lw, t);
			lw_aggregate_into(lw, last, copy, 0);
			v = lw_val(lw_address(lw, copy), t);
		} else {
			v = lw_rvalue(lw, last);
		}
	}
	lw_stmt_expr_end(lw, outer);
	return v;
}

/* An address of code: nothing that C can use but to print it, or for a computed goto. */
struct val lw_code_address(struct lower *lw, ctype t)
{
	struct ir_global g = { .type = lw_int_type(8, false), .is_static = true, .is_const = true,
			       .owner = lw->fn, .is_local = true };

	return lw_val(lw_addr(lw, IR_ADDR_GLOBAL, fe_global_new(lw->fe, g), t->t), t);
}

static struct val label_address(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k = lw_kids(lw, c);

	lw_at(lw, c);
	if (!k.n || lw->fn == IR_NONE)
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, "address of a label");
	lw_label(lw, clang_getCursorReferenced(k.v[0]));
	return lw_code_address(lw, t);
}

/* GNU: (union u)x is a union with x in the member of its type. */
static struct place cast_to_union(struct lower *lw, CXCursor operand, ctype t)
{
	struct place p = lw_synthetic(lw, t);
	struct val v = lw_rvalue(lw, operand);

	if (v.t->is_record && v.t->t.rec == t->t.rec)
		lw_copy(lw, p, v.v, 0);
	else
		lw_store(lw, lw_at_offset(p, 0, v.t, 0), v, 0);
	return p;
}

const struct model_macro *lw_calling_macro(struct lower *lw, CXCursor c)
{
	const struct model_macro *m;
	str_id macro;
	ir_loc at;

	lw_at(lw, c);
	at = lw_loc(lw);	/* which may move locs */
	macro = lw->u->locs.v[at].macro;
	m = macro ? model_macro(lw->fe->model, fe_str(lw->fe, macro)) : NULL;
	return m && m->is_call ? m : NULL;
}

static void drop_value(struct lower *lw, CXCursor c, CXCursor operand)
{
	const struct model_macro *m = lw_calling_macro(lw, c);
	struct val v;

	if (!m || !fe_is_ptr(lw_type(lw, operand))) {
		lw_effect(lw, operand);
		return;
	}
	v = lw_rvalue(lw, operand);
	lw_at(lw, c);
	lw_call_named(lw, m->name, &v, 1, lw->fe->t_void);
}

static struct val cast(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k = lw_kids(lw, c);

	if (!k.n)
		return lw_unmodelled(lw, c, "cast without operand");
	if (t->is_void) {
		drop_value(lw, c, k.v[k.n - 1]);
		return lw_none(t);
	}
	if (fe_is_agg(t))
		return lw_val(lw_address(lw, cast_to_union(lw, k.v[k.n - 1], t)), t);
	return lw_convert(lw, lw_rvalue(lw, k.v[k.n - 1]), t);
}

static struct val next_va_arg(struct lower *lw, CXCursor c, ctype t)
{
	struct place p;

	lw_at(lw, c);
	if (!fe_is_agg(t))
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, "va_arg");
	p = lw_synthetic(lw, t);
	lw_havoc(lw, p, IR_R_CONSTRUCT, "va_arg");
	return lw_val(lw_address(lw, p), t);
}

/* offsetof(struct s, a[i].b): the children are the type, a, i, b. */
static struct val offset_of(struct lower *lw, CXCursor c, struct kids k, ctype t)
{
	struct ir_type word = lw_int_type(lw->u->ptr_width, false);
	ctype at = k.n ? fe_type(lw->fe, clang_getCursorType(k.v[0])) : NULL;
	struct ir_val off = lw_const(lw, 0, word.width), i;
	const struct fe_place_in *in;

	for (unsigned n = 1; n < k.n && at; n++) {
		if (clang_getCursorKind(k.v[n]) == CXCursor_MemberRef) {
			in = at->is_record ? fe_member(lw->fe, at->t.rec,
						       clang_getCursorReferenced(k.v[n])) : NULL;
			if (!in)
				return lw_unmodelled(lw, c, "offsetof of unknown shape");
			i = lw_const(lw, in->off / 8, word.width);
			at = fe_type(lw->fe, clang_getCursorType(k.v[n]));
		} else {
			at = at->is_array ? fe_sub(lw->fe, at) : NULL;
			if (!at)
				return lw_unmodelled(lw, c, "offsetof of unknown shape");
			i = lw_force(lw, lw_convert(lw, lw_rvalue(lw, k.v[n]), lw->fe->t_ulong));
			i = lw_op2(lw, IR_MUL, i, lw_const(lw, at->t.size / 8, word.width), word);
		}
		off = lw_op2(lw, IR_ADD, off, i, word);
	}
	return lw_convert(lw, lw_val(off, lw->fe->t_ulong), t);
}

/*
 * The decay of a real array is shown with a plain pointer type. A conversion
 * shown with an array type reads a pointer, by way of typeof(parameter).
 */
static bool reads_decayed(struct lower *lw, CXCursor c, CXCursor inner)
{
	ctype shown = fe_type(lw->fe, clang_getCursorType(c));

	return shown->is_array && lw_is_lvalue(lw, inner) && lw_type(lw, inner)->is_array &&
	       clang_getCursorKind(lw_strip_parens(lw, inner)) != CXCursor_StringLiteral;
}

/* __atomic_store_n() and the like: what its operands point to may be written. */
static struct val unnamed(struct lower *lw, CXCursor c, struct kids k)
{
	struct ir_val *args = arena_new_array(&lw->arena, struct ir_val, k.n + 1);
	unsigned n = 0;

	for (unsigned i = 0; i < k.n; i++)
		if (clang_isExpression(clang_getCursorKind(k.v[i])) &&
		    fe_is_ptr(lw_type(lw, k.v[i]))) {
			args[n] = lw_force(lw, lw_rvalue(lw, k.v[i]));
			n += lw_may_point(lw, args[n]);
		}
	return lw_unmodelled_with(lw, c, "expression that libclang does not name", args, n);
}

static struct val unexposed(struct lower *lw, CXCursor c, ctype t)
{
	struct shape s = lw_shape(lw, c);

	switch (s.kind) {
	case SHAPE_CAST:
		if (t->is_void) {
			lw_effect(lw, s.inner);
			return lw_none(t);
		}
		if (fe_is_ptr(t) && reads_decayed(lw, c, s.inner))
			return lw_load(lw, lw_modified(lw, s.inner));
		return lw_convert(lw, lw_rvalue(lw, s.inner), t);
	case SHAPE_CONST:
		if (t->opaque || fe_is_agg(t))
			break;
		return lw_val(lw_const(lw, s.value, t->t.width), t);
	case SHAPE_ELVIS:
		return lw_select(lw, c, s.inner, true, s.inner, s.k.v[3]);
	case SHAPE_CHOSEN:
		return lw_rvalue(lw, s.inner);
	case SHAPE_VA_ARG:
		return next_va_arg(lw, c, t);
	case SHAPE_OFFSETOF:
		return offset_of(lw, c, s.k, t);
	default:
		break;
	}
	return unnamed(lw, c, s.k);
}

static struct val generic(struct lower *lw, CXCursor c, ctype t)
{
	CXCursor chosen;
	uint64_t v;

	if (lw_generic(lw, c, &chosen))
		return t->is_func || t->is_array ? lw_rvalue(lw, chosen) :
						   lw_convert(lw, lw_rvalue(lw, chosen), t);
	if (!t->opaque && !fe_is_agg(t) && fe_evaluate(c, &v))
		return lw_val(lw_const(lw, v, t->t.width), t);
	return lw_unmodelled(lw, c, "_Generic with two associations of one type");
}

static struct val braced_scalar(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k = lw_kids(lw, c);

	if (fe_is_agg(t) || k.n > 1)
		return lw_unmodelled(lw, c, "braces outside of an initialiser");
	if (!k.n)
		return t->opaque ? lw_none(t) : lw_val(lw_const(lw, 0, t->t.width), t);
	return lw_convert(lw, lw_rvalue(lw, k.v[0]), t);
}

static struct val rvalue(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k;

	switch (clang_getCursorKind(c)) {
	case CXCursor_IntegerLiteral:
	case CXCursor_CharacterLiteral:
	case CXCursor_CXXBoolLiteralExpr:
		return constant(lw, c, "constant");
	case CXCursor_UnaryExpr:
		return constant(lw, c, "size of a variable-length array");
	case CXCursor_FloatingLiteral:
	case CXCursor_ImaginaryLiteral:
	case CXCursor_FixedPointLiteral:
		return lw_none(t);
	case CXCursor_CXXNullPtrLiteralExpr:
		return lw_val(lw_const(lw, 0, lw->u->ptr_width), t);
	case CXCursor_DeclRefExpr:
		return decl_ref(lw, c, t);
	case CXCursor_MemberRefExpr:
	case CXCursor_ArraySubscriptExpr:
	case CXCursor_StringLiteral:
	case CXCursor_CompoundLiteralExpr:
		return read_object(lw, c, t);
	case CXCursor_UnexposedExpr:
		return unexposed(lw, c, t);
	case CXCursor_CStyleCastExpr:
		return cast(lw, c, t);
	case CXCursor_UnaryOperator:
		return lw_unary(lw, c);
	case CXCursor_BinaryOperator:
		return lw_binary(lw, c);
	case CXCursor_CompoundAssignOperator:
		return lw_compound_assign(lw, c);
	case CXCursor_ConditionalOperator:
		k = lw_kids(lw, c);
		return lw_select(lw, c, k.v[0], false, k.v[1], k.v[2]);
	case CXCursor_CallExpr:
		return lw_call(lw, c, NULL);
	case CXCursor_StmtExpr:
		return stmt_expr(lw, c, t);
	case CXCursor_AddrLabelExpr:
		return label_address(lw, c, t);
	case CXCursor_GenericSelectionExpr:
		return generic(lw, c, t);
	case CXCursor_InitListExpr:
		return braced_scalar(lw, c, t);
	default:
		return lw_unmodelled(lw, c, "expression of unknown kind");
	}
}

struct val lw_rvalue(struct lower *lw, CXCursor c)
{
	struct val v;
	ctype t;

	c = lw_strip_parens(lw, c);
	t = lw_type(lw, c);
	if (!lw_enter(lw))
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, "nesting");
	v = rvalue(lw, c, t);
	lw_leave(lw);
	return v;
}

/* ------------------------------------------------------------ aggregates */

struct place lw_aggregate(struct lower *lw, CXCursor c)
{
	struct place p;
	struct val v;

	if (lw_is_lvalue(lw, c))
		return lw_lvalue(lw, c);
	v = lw_rvalue(lw, c);
	if (v.v.kind != IR_V_NONE)
		return lw_deref(lw, v.v, v.t);
	p = lw_synthetic(lw, lw_type(lw, c));
	lw_havoc(lw, p, IR_R_CONSTRUCT, "struct that is not modelled");
	return p;
}

void lw_aggregate_into(struct lower *lw, CXCursor c, struct place to, unsigned flags)
{
	struct shape s;
	struct kids k;

	c = lw_strip_parens(lw, c);
	switch (clang_getCursorKind(c)) {
	case CXCursor_CallExpr:
		lw_call(lw, c, &to);
		return;
	case CXCursor_CompoundLiteralExpr:
		k = lw_kids(lw, c);
		if (k.n) {
			lw_init_object(lw, to, k.v[k.n - 1]);
			return;
		}
		break;
	case CXCursor_UnexposedExpr:
		s = lw_shape(lw, c);
		if (s.kind == SHAPE_CAST && lw_type(lw, s.inner)->is_record) {
			lw_aggregate_into(lw, s.inner, to, flags);
			return;
		}
		break;
	default:
		break;
	}
	lw_copy(lw, to, lw_address(lw, lw_aggregate(lw, c)), flags);
}

/* --------------------------------------------------------------- effects */

static void effect(struct lower *lw, CXCursor c)
{
	struct shape s;
	struct place p;

	switch (clang_getCursorKind(c)) {
	case CXCursor_UnexposedExpr:
		s = lw_shape(lw, c);
		if (s.kind == SHAPE_CAST || s.kind == SHAPE_CHOSEN)
			lw_effect(lw, s.inner);
		else if (s.kind != SHAPE_CONST)
			lw_rvalue(lw, c);
		return;
	case CXCursor_IntegerLiteral:
	case CXCursor_StringLiteral:
	case CXCursor_UnaryExpr:
		return;
	case CXCursor_DeclRefExpr:
	case CXCursor_MemberRefExpr:
	case CXCursor_ArraySubscriptExpr:
		if (clang_getCursorKind(clang_getCursorReferenced(c)) == CXCursor_EnumConstantDecl)
			return;
		p = lw_lvalue(lw, c);
		if (p.is_volatile)
			lw_load(lw, p);
		return;
	default:
		lw_rvalue(lw, c);
	}
}

/* The expression for what it does; its value is dropped. */
void lw_effect(struct lower *lw, CXCursor c)
{
	c = lw_strip_parens(lw, c);
	if (!lw_enter(lw))
		return;
	effect(lw, c);
	lw_leave(lw);
}
