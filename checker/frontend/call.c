/* SPDX-License-Identifier: MIT */
/*
 * Calls. An aggregate argument is passed as the address of a copy that the
 * caller makes; an aggregate result is written through a pointer that comes
 * before the other arguments.
 */
#include "frontend/internal.h"

struct callee {
	ir_fn fn;		/* direct, or IR_NONE */
	struct ir_val ptr;	/* indirect */
	ir_rec rec;		/* of the member that ptr was loaded from */
	uint64_t recoff;
	int64_t says;		/* IR_ARG_CONST() and so on, of its parameters */
};

static bool is_transparent(int op)
{
	return op == CXUnaryOperator_Deref || op == CXUnaryOperator_AddrOf ||
	       op == CXUnaryOperator_Extension;
}

/* Strips what does not change which function a designator names. */
static CXCursor strip_callee(struct lower *lw, CXCursor c)
{
	for (;;) {
		enum CXCursorKind kind;
		struct kids k;
		int op;

		c = lw_strip_parens(lw, c);
		kind = clang_getCursorKind(c);
		if (kind == CXCursor_GenericSelectionExpr && lw_generic(lw, c, &c))
			continue;
		if (kind != CXCursor_UnexposedExpr && kind != CXCursor_UnaryOperator)
			return c;
		k = lw_kids(lw, c);
		op = kind == CXCursor_UnaryOperator ? (int)clang_getCursorUnaryOperatorKind(c) : 0;
		if (k.n != 1 || (op && !is_transparent(op)))
			return c;
		/* *p names a function only where p is a pointer to one, not a pointer to that. */
		if (op == CXUnaryOperator_Deref && !lw_type(lw, c)->is_func)
			return c;
		if (op == CXUnaryOperator_AddrOf && !lw_type(lw, k.v[0])->is_func)
			return c;
		c = k.v[0];
	}
}

static bool direct_callee(struct lower *lw, CXCursor c, ir_fn *fn)
{
	CXCursor decl;

	if (clang_getCursorKind(c) != CXCursor_DeclRefExpr)
		return false;
	decl = clang_getCursorReferenced(c);
	if (clang_getCursorKind(decl) != CXCursor_FunctionDecl)
		return false;
	*fn = fe_func(lw->fe, decl);
	return true;
}

/* static_call(x)() takes the address of a function in a ({ }); seen through. */
static bool just_took_address(struct lower *lw, struct ir_val v, ir_fn *fn)
{
	const struct ir_insn *i;
	const struct lblock *b;

	if (lw->cur == IR_NONE || v.kind != IR_V_TEMP)
		return false;
	b = &lw->blocks.v[lw->cur];
	if (!b->b.insns.n)
		return false;
	i = &b->b.insns.v[b->b.insns.n - 1];
	if (i->op != IR_ADDR_FUNC || i->dst != v.i)
		return false;
	*fn = i->imm;
	return true;
}

static struct callee find_callee(struct lower *lw, CXCursor c)
{
	struct callee out = { .fn = IR_NONE, .rec = IR_NONE };
	CXCursor f = strip_callee(lw, c);
	struct place p;

	if (direct_callee(lw, f, &out.fn))
		return out;
	if (fe_is_ptr(lw_type(lw, f)) && lw_is_lvalue(lw, f)) {
		p = lw_lvalue(lw, f);
		lw_at(lw, f);
		out.ptr = lw_force(lw, lw_load(lw, p));
		out.rec = p.rec;
		out.recoff = p.rec == IR_NONE ? 0 : p.recoff;
		return out;
	}
	out.ptr = lw_force(lw, lw_rvalue(lw, f));
	just_took_address(lw, out.ptr, &out.fn);
	return out;
}

/*
 * What a parameter of that type says of argument k. What is handed over without its type may
 * be filled: its fields are wanted.
 */
static int64_t says_of_pointer(struct lower *lw, CXType pointee, struct ir_val arg, unsigned k,
			       bool is_direct)
{
	CXType p = clang_getCanonicalType(pointee), e = p;
	const struct ir_type *t = arg.kind == IR_V_TEMP ? &lw->temps.v[arg.i].type : NULL;
	ir_rec rec = t && t->kind == IR_T_PTR ? t->rec : IR_NONE;

	while (e.kind == CXType_ConstantArray || e.kind == CXType_IncompleteArray)
		e = clang_getCanonicalType(clang_getArrayElementType(e));
	if (clang_isConstQualifiedType(p) || clang_isConstQualifiedType(e))
		return IR_ARG_CONST(k);
	if (e.kind == CXType_Record)
		return rec == fe_type(lw->fe, e)->t.rec ? IR_ARG_RECORD(k) : IR_ARG_CONST(k);
	if (rec != IR_NONE)
		fe_record_filled(lw->fe, rec);
	return e.kind == CXType_Void && (is_direct || (t && rec == IR_NONE && !t->elem_size)) ?
	       IR_ARG_CONTEXT(k) : 0;
}

/* A pointer to a function that is given a void *. */
static bool takes_context(CXType p)
{
	CXType t = clang_getCanonicalType(clang_getPointeeType(p));
	int n = t.kind == CXType_FunctionProto ? clang_getNumArgTypes(t) : 0;

	for (int i = 0; i < n; i++) {
		CXType a = clang_getCanonicalType(clang_getArgType(t, (unsigned)i));

		if (a.kind == CXType_Pointer &&
		    clang_getCanonicalType(clang_getPointeeType(a)).kind == CXType_Void)
			return true;
	}
	return false;
}

/* What the parameters' types say of a callee that has no body here; first: its first argument. */
static int64_t says_of(struct lower *lw, const struct callee *callee, CXCursor c,
		       const struct ir_val *args, unsigned first)
{
	CXType t = clang_getCanonicalType(clang_getCursorType(c));
	int64_t says = 0;
	bool is_direct = callee->fn != IR_NONE, context = !is_direct;
	int n;

	if (is_direct && lw->u->funcs.v[callee->fn].flags & IR_FN_HAS_BODY)
		return 0;
	if (t.kind == CXType_Pointer)
		t = clang_getCanonicalType(clang_getPointeeType(t));
	n = t.kind == CXType_FunctionProto ? clang_getNumArgTypes(t) : 0;
	for (int i = 0; i < n; i++) {
		CXType p = clang_getCanonicalType(clang_getArgType(t, (unsigned)i));
		unsigned k = (unsigned)i + first;

		if (p.kind != CXType_Pointer)
			continue;
		says |= says_of_pointer(lw, clang_getPointeeType(p), args[k], k,
					is_direct);
		context |= takes_context(p);
	}
	for (unsigned k = 0; k < IR_ARGS_TOLD && !context; k++)
		says &= ~IR_ARG_CONTEXT(k);
	return says;
}

static struct ir_val argument(struct lower *lw, CXCursor c)
{
	ctype t = lw_type(lw, c);
	struct place copy;

	if (fe_is_agg(t) && !t->is_array) {
		copy = lw_synthetic(lw, t);
		lw_aggregate_into(lw, c, copy, 0);
		return lw_address(lw, copy);
	}
	return lw_force(lw, lw_rvalue(lw, c));
}

static bool returns_never(struct lower *lw, ir_fn fn)
{
	const struct model *model = lw->fe->model;
	const struct model_func *m;

	if (fn == IR_NONE)
		return false;
	m = model ? model_func(model, fe_str(lw->fe, lw->u->funcs.v[fn].name)) : NULL;
	if (m && (m->noreturn || m->effect == MODEL_EFFECT_NONE))
		return m->noreturn;
	return lw->u->funcs.v[fn].flags & IR_FN_NORETURN;
}

static struct val emit_call(struct lower *lw, const struct callee *callee,
			    const struct ir_val *args, unsigned n, ctype ret, unsigned flags)
{
	bool never = returns_never(lw, callee->fn);
	struct ir_insn *i = lw_emit(lw, IR_CALL);
	struct val v = lw_none(ret);

	i->imm = callee->fn;
	i->a = callee->fn == IR_NONE ? callee->ptr : IR_VAL_NONE;
	i->rec = callee->fn == IR_NONE ? callee->rec : IR_NONE;
	i->recoff = callee->fn == IR_NONE ? callee->recoff : 0;
	i->off = callee->says;
	i->flags = (uint8_t)(flags | (never ? IR_F_NORETURN : 0));
	i->args = lw->args.n;
	i->nargs = n;
	for (unsigned k = 0; k < n; k++)
		array_push(&lw->args, args[k]);
	if (!ret->is_void && !ret->opaque && !fe_is_agg(ret))
		v.v = lw_dst(lw, i, ret->t);
	if (never)
		lw_term(lw, (struct ir_term){ .kind = IR_UNREACH });
	return v;
}

static uint8_t builtin_of(struct lower *lw, ir_fn fn)
{
	return fn == IR_NONE ? 0 : ((const struct fe_decl *)lw->u->funcs.v[fn].decl)->builtin;
}

bool lw_is_expect(struct lower *lw, struct kids k)
{
	ir_fn fn;

	return k.n == 3 && direct_callee(lw, strip_callee(lw, k.v[0]), &fn) &&
	       builtin_of(lw, fn) == FE_EXPECT;
}

const char *lw_callee_name(struct lower *lw, CXCursor callee)
{
	ir_fn fn;

	if (!direct_callee(lw, strip_callee(lw, callee), &fn))
		return "";
	return fe_str(lw->fe, lw->u->funcs.v[fn].name);
}

/* Where a macro asserts what a function would tell, it is so. */
static bool is_asserted_test(struct lower *lw, CXCursor c, ir_fn fn, struct ir_val arg,
			     const struct model_macro **macro)
{
	const struct model_func *m;

	if (fn == IR_NONE || !lw->fe->model)
		return false;
	m = model_func(lw->fe->model, fe_str(lw->fe, lw->u->funcs.v[fn].name));
	if (!m || m->lock.op != MODEL_LOCK_TEST || arg.kind == IR_V_NONE)
		return false;
	*macro = lw_calling_macro(lw, c);
	return *macro != NULL;
}

struct val lw_call(struct lower *lw, CXCursor c, const struct place *into)
{
	struct kids k = lw_kids(lw, c);
	ctype ret = lw_type(lw, c);
	struct callee callee;
	const struct model_macro *macro;
	struct called called;
	struct ir_val *args;
	struct place result;
	unsigned n = 0;
	struct val v;

	if (!k.n)
		return lw_unmodelled(lw, c, "call of nothing");
	lw_at(lw, c);
	callee = find_callee(lw, k.v[0]);
	if (builtin_of(lw, callee.fn))
		return lw_builtin(lw, builtin_of(lw, callee.fn), c, k);
	args = arena_new_array(&lw->arena, struct ir_val, k.n + 1);
	if (fe_is_agg(ret)) {
		result = into ? *into : lw_synthetic(lw, ret);
		args[n++] = lw_address(lw, result);
	}
	for (unsigned i = 1; i < k.n; i++)
		args[n++] = argument(lw, k.v[i]);
	callee.says = says_of(lw, &callee, k.v[0], args, fe_is_agg(ret));
	lw_at(lw, c);
	if (n && is_asserted_test(lw, c, callee.fn, args[0], &macro)) {
		v = lw_val(args[0], lw->fe->t_ptr);
		lw_call_named(lw, macro->name, &v, 1, lw->fe->t_void);
		return lw_val(lw_const(lw, 1, ret->t.width), ret);
	}
	called = (struct called){ .fn = callee.fn, .args = args + fe_is_agg(ret),
				  .nargs = n - fe_is_agg(ret) };
	lw_contract_before(lw, &called);
	v = emit_call(lw, &callee, args, n, ret, 0);
	called.ret = v.v;
	lw_contract_after(lw, &called);
	if (fe_is_agg(ret))
		v.v = args[0];
	return v;
}

struct val lw_call_named(struct lower *lw, const char *name, const struct val *args, unsigned n,
			 ctype ret)
{
	struct callee callee = { .fn = fe_func_library(lw->fe, name, ret), .rec = IR_NONE };
	struct ir_val v[8];

	for (unsigned i = 0; i < n && i < 8; i++)
		v[i] = lw_force(lw, args[i]);
	return emit_call(lw, &callee, v, n, ret, 0);
}

void lw_call_cleanup(struct lower *lw, const struct cleanup *cl)
{
	struct callee callee = { .fn = cl->fn, .rec = IR_NONE };
	struct ir_val arg;

	if (cl->fn == IR_NONE) {
		lw_fail(lw, IR_R_CONSTRUCT, "cleanup by an unknown function");
		return;
	}
	arg = lw_address(lw, lw_local_place(lw, cl->local, cl->t));
	emit_call(lw, &callee, &arg, 1, lw->fe->t_void, IR_F_CLEANUP);
}
