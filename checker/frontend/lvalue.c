/* SPDX-License-Identifier: MIT */
/* Lvalue expressions: which object, how far in, and what the source calls it. */
#include "frontend/internal.h"

uint32_t lw_local(struct lower *lw, str_id name, ctype t, bool is_param)
{
	array_push(&lw->locals, (struct ir_local){ .name = name, .type = t->t,
						   .is_param = is_param, .loc = lw_loc(lw) });
	return lw->locals.n - 1;
}

/* A variable-length array is a pointer to storage that nothing is known of. */
uint32_t lw_local_of(struct lower *lw, CXCursor decl)
{
	uint64_t *slot = map_put(&lw->local_of, fe_key(decl));
	ctype t;

	if (*slot)
		return (uint32_t)*slot - 1;
	t = lw_decl_type(lw, decl);
	if (t->is_bad)
		lw_fail(lw, IR_R_PARSE, "variable of an unknown type");
	*slot = (uint64_t)lw_local(lw, fe_name(lw->fe, decl), t->is_vla ? lw->fe->t_ptr : t,
				   false) + 1;
	return (uint32_t)*slot - 1;
}

static bool is_file_scope(CXCursor decl)
{
	enum CXCursorKind parent = clang_getCursorKind(clang_getCursorSemanticParent(decl));

	return parent != CXCursor_FunctionDecl ||
	       clang_Cursor_getStorageClass(decl) == CX_SC_Extern;
}

static struct place variable(struct lower *lw, CXCursor decl, ctype t)
{
	const uint64_t *slot = map_get(&lw->local_of, fe_key(decl));
	ir_glob g;

	if (!slot && clang_Cursor_hasVarDeclGlobalStorage(decl) == 1) {
		g = fe_global(lw->fe, decl, is_file_scope(decl) ? IR_NONE : lw->fn);
		return lw_deref(lw, lw_addr(lw, IR_ADDR_GLOBAL, g, lw_pointer_to(lw, t)), t);
	}
	if (t->is_vla)
		return lw_deref(lw, lw_load(lw, lw_local_place(lw, lw_local_of(lw, decl),
							       lw->fe->t_ptr)).v, t);
	return lw_local_place(lw, lw_local_of(lw, decl), t);
}

static struct place decl_ref(struct lower *lw, CXCursor c, ctype t)
{
	CXCursor decl = clang_getCursorReferenced(c);
	enum CXCursorKind kind = clang_getCursorKind(decl);
	struct ir_val f;
	ir_fn fn;

	lw_at(lw, c);
	if (kind == CXCursor_VarDecl || kind == CXCursor_ParmDecl)
		return variable(lw, decl, t);
	if (kind == CXCursor_FunctionDecl) {
		fn = fe_func(lw->fe, decl);
		lw->u->funcs.v[fn].flags |= IR_FN_ADDR_TAKEN;
		f = lw_addr(lw, IR_ADDR_FUNC, fn, lw_pointer_to(lw, t));
		return lw_deref(lw, f, t);
	}
	lw_unmodelled(lw, c, "name of no object");
	return lw_synthetic(lw, t);
}

/* The array lvalue behind a decayed pointer expression, if it is one. */
static bool decayed_array(struct lower *lw, CXCursor c, CXCursor *array)
{
	struct shape s;

	c = lw_strip_parens(lw, c);
	if (clang_getCursorKind(c) != CXCursor_UnexposedExpr)
		return false;
	s = lw_shape(lw, c);
	if (s.kind != SHAPE_CAST || !lw_type(lw, s.inner)->is_array)
		return false;
	*array = s.inner;
	return true;
}

static struct ir_val index64(struct lower *lw, CXCursor c)
{
	struct val v = lw_rvalue(lw, c);

	if (v.v.kind == IR_V_NONE || fe_is_agg(v.t))
		return lw_unknown(lw, lw_int_type(64, true), IR_R_CONSTRUCT,
				  "index of no integer type");
	return lw_resize(lw, lw_force(lw, v), 64, v.t->t.is_signed);
}

/* base[k]: a constant index stays on the member path that the array is part of. */
static struct place fixed_element(struct lower *lw, const struct place *array, struct ir_val ptr,
				  uint64_t k, ctype t)
{
	struct place p = array ? *array : lw_deref(lw, ptr, t);
	bool on_path = array && array->rec != IR_NONE;

	p.off += (int64_t)(k * t->t.size);
	p.t = t;
	p.is_volatile |= t->is_volatile;
	if (on_path) {
		p.recoff += k * t->t.size;
	} else {
		p.rec = t->is_record ? t->t.rec : IR_NONE;
		p.recoff = 0;
	}
	return p;
}

/* base[index], base being an array or else the pointer ptr. */
static struct place element(struct lower *lw, const struct place *array, struct ir_val ptr,
			    struct ir_val index, ctype t)
{
	struct ir_insn *i;
	struct place p;
	uint64_t k;

	if (lw_const_of(lw, index, &k))
		return fixed_element(lw, array, ptr, k, t);
	if (array)
		ptr = lw_address(lw, *array);
	i = lw_emit(lw, IR_PTRADD);
	i->a = ptr;
	i->b = index;
	i->off = (int64_t)t->t.size;
	p = lw_deref(lw, lw_dst(lw, i, lw_pointer_to(lw, t)), t);
	if (array)
		p.segment |= array->segment;
	return p;
}

struct place lw_element(struct lower *lw, struct place p, struct ir_val index, ctype t)
{
	return element(lw, &p, IR_VAL_NONE, index, t);
}

/* An element of a vector lies in it as in an array, but in a vector of bits, which is packed. */
static struct place vector_element(struct lower *lw, CXCursor c, struct kids k, ctype t)
{
	ctype v = lw_type(lw, k.v[0]);
	struct place vector;
	struct ir_val index;

	if (fe_sub(lw->fe, v)->t.kind == IR_T_BOOL) {
		lw_unmodelled(lw, c, v->opaque);
		return lw_synthetic(lw, t);
	}
	if (lw_is_lvalue(lw, k.v[0])) {
		vector = lw_lvalue(lw, k.v[0]);
	} else {
		vector = lw_synthetic(lw, v);
		lw_store(lw, vector, lw_rvalue(lw, k.v[0]), 0);
	}
	index = index64(lw, k.v[1]);
	lw_at(lw, c);
	return element(lw, &vector, IR_VAL_NONE, index, t);
}

static void swap_kids(struct kids *k)
{
	CXCursor x = k->v[0];

	k->v[0] = k->v[1];
	k->v[1] = x;
}

static struct place subscript(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k = lw_kids(lw, c);
	struct place array;
	struct ir_val ptr = IR_VAL_NONE, index;
	CXCursor a;
	bool is_array;

	if (k.n != 2) {
		lw_unmodelled(lw, c, "subscript of unknown shape");
		return lw_synthetic(lw, t);
	}
	if (lw_type(lw, k.v[0])->is_vector)
		return vector_element(lw, c, k, t);
	if (!fe_is_ptr(lw_type(lw, k.v[0])))
		swap_kids(&k);
	if (!fe_is_ptr(lw_type(lw, k.v[0]))) {
		lw_unmodelled(lw, c, "subscript of no pointer");
		return lw_synthetic(lw, t);
	}
	is_array = decayed_array(lw, k.v[0], &a);
	if (is_array)
		array = lw_aggregate(lw, a);
	else
		ptr = lw_force(lw, lw_rvalue(lw, k.v[0]));
	index = index64(lw, k.v[1]);
	lw_at(lw, c);
	if (t->is_vla)
		lw_fail(lw, IR_R_CONSTRUCT, "element of unknown size");
	return element(lw, is_array ? &array : NULL, ptr, index, t);
}

static bool is_object(struct lower *lw, CXCursor c)
{
	return lw_is_lvalue(lw, c) && !lw_type(lw, c)->is_func;
}

/* The x of &x below conversions between pointers: READ_ONCE() is *(volatile T *)&x. */
static bool address_of_what(struct lower *lw, CXCursor c, CXCursor *lvalue)
{
	struct shape s;
	struct kids k;

	for (;;) {
		c = lw_strip_parens(lw, c);
		if (!fe_is_ptr(lw_type(lw, c)))
			return false;
		switch (clang_getCursorKind(c)) {
		case CXCursor_UnexposedExpr:
			s = lw_shape(lw, c);
			if (s.kind != SHAPE_CAST)
				return false;
			c = s.inner;
			break;
		case CXCursor_CStyleCastExpr:
			k = lw_kids(lw, c);
			if (!k.n)
				return false;
			c = k.v[k.n - 1];
			break;
		case CXCursor_UnaryOperator:
			k = lw_kids(lw, c);
			if (clang_getCursorUnaryOperatorKind(c) != CXUnaryOperator_AddrOf)
				return false;
			*lvalue = k.v[0];
			return is_object(lw, *lvalue);
		default:
			return false;
		}
	}
}

/* *operand, of type t. An array and &x lead back to the object, its member path included. */
static struct place pointee(struct lower *lw, CXCursor operand, CXCursor c, ctype t)
{
	struct place p;
	struct val v;
	CXCursor x;

	if (decayed_array(lw, operand, &x)) {
		p = lw_aggregate(lw, x);
		return element(lw, &p, IR_VAL_NONE, lw_const(lw, 0, 64), t);
	}
	if (address_of_what(lw, operand, &x)) {
		p = lw_lvalue(lw, x);
		/* Seen as another record, the object is the base of a path of that one. */
		if (t->is_record && (p.rec == IR_NONE || p.t->t.rec != t->t.rec)) {
			p.rec = t->t.rec;
			p.recoff = 0;
		}
		p.t = t;
		p.is_volatile = t->is_volatile;
		p.segment |= t->segment;
		return p;
	}
	v = lw_rvalue(lw, operand);
	lw_at(lw, c);
	return lw_deref(lw, lw_force(lw, v), t);
}

/*
 * libclang drops some of the implicit references to anonymous members from
 * the chain, so the offset is that of the named member in the nearest record
 * that the source names.
 */
static struct place member(struct lower *lw, CXCursor c, ctype t)
{
	CXCursor field = clang_getCursorReferenced(c), base = c;
	const struct fe_place_in *in;
	struct place p;
	struct kids k;
	ctype bt;

	do {
		k = lw_kids(lw, base);
		if (!k.n)
			break;
		base = k.v[0];
	} while (clang_getCursorKind(base) == CXCursor_MemberRefExpr &&
		 fe_is_anonymous(lw->fe, clang_getCursorReferenced(base)));
	bt = lw_type(lw, base);
	if (fe_is_ptr(bt))
		p = pointee(lw, base, c, fe_sub(lw->fe, bt));
	else
		p = lw_aggregate(lw, base);
	lw_at(lw, c);
	in = p.t && p.t->is_record ? fe_member(lw->fe, p.t->t.rec, field) : NULL;
	if (!in) {
		lw_fail(lw, IR_R_CONSTRUCT, "member of a record without layout");
		return lw_synthetic(lw, t);
	}
	return lw_at_offset(p, in->off, t, in->bits);
}

bool lw_is_lvalue(struct lower *lw, CXCursor c)
{
	struct shape s;

	c = lw_strip_parens(lw, c);
	switch (clang_getCursorKind(c)) {
	case CXCursor_DeclRefExpr:
		c = clang_getCursorReferenced(c);
		return clang_getCursorKind(c) != CXCursor_EnumConstantDecl;
	case CXCursor_MemberRefExpr:
	case CXCursor_ArraySubscriptExpr:
	case CXCursor_StringLiteral:
	case CXCursor_CompoundLiteralExpr:
		return true;
	case CXCursor_UnaryOperator:
		return clang_getCursorUnaryOperatorKind(c) == CXUnaryOperator_Deref;
	case CXCursor_UnexposedExpr:
		s = lw_shape(lw, c);
		return s.kind == SHAPE_CHOSEN && lw_is_lvalue(lw, s.inner);
	default:
		return false;
	}
}

static struct place literal(struct lower *lw, CXCursor c, ctype t)
{
	ir_glob g = lw_string(lw, c, t);

	lw_at(lw, c);
	return lw_deref(lw, lw_addr(lw, IR_ADDR_GLOBAL, g, lw_pointer_to(lw, t)), t);
}

/* At file scope, and as a constant below it, the literal is an object of the unit. */
static struct place compound_literal(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k = lw_kids(lw, c);
	struct place p;

	lw_at(lw, c);
	if (lw->fn == IR_NONE) {
		struct ir_global g = { .type = t->t, .is_static = true, .has_init = true,
				       .owner = IR_NONE };
		struct fe_decl *d = arena_new(&lw->u->arena, struct fe_decl);
		ir_glob id;

		d->cursor = c;
		g.decl = d;
		id = fe_global_new(lw->fe, g);
		array_push(&lw->fe->pending, id);
		return lw_deref(lw, lw_addr(lw, IR_ADDR_GLOBAL, id, lw_pointer_to(lw, t)), t);
	}
	p = lw_synthetic(lw, t);
	if (k.n)
		lw_init_object(lw, p, k.v[k.n - 1]);
	return p;
}

static struct place unary_lvalue(struct lower *lw, CXCursor c, ctype t)
{
	struct kids k = lw_kids(lw, c);

	switch (clang_getCursorUnaryOperatorKind(c)) {
	case CXUnaryOperator_Deref:
		return pointee(lw, k.v[0], c, t);
	case CXUnaryOperator_Extension:
		return lw_lvalue(lw, k.v[0]);
	default:
		lw_unmodelled(lw, c, "operator that is no lvalue");
		return lw_synthetic(lw, t);
	}
}

static struct place unexposed_lvalue(struct lower *lw, CXCursor c, ctype t)
{
	struct shape s = lw_shape(lw, c);
	struct place p;

	if ((s.kind == SHAPE_CHOSEN || s.kind == SHAPE_CAST) &&
	    (t->is_vector || !lw_type(lw, s.inner)->is_vector)) {
		p = lw_lvalue(lw, s.inner);
		p.t = t;
		return p;
	}
	lw_unmodelled(lw, c, "lvalue of unknown shape");
	return lw_synthetic(lw, t);
}

static struct place lvalue(struct lower *lw, CXCursor c)
{
	ctype t = lw_type(lw, c);
	CXCursor chosen;

	switch (clang_getCursorKind(c)) {
	case CXCursor_DeclRefExpr:
		return decl_ref(lw, c, t);
	case CXCursor_MemberRefExpr:
		return member(lw, c, t);
	case CXCursor_ArraySubscriptExpr:
		return subscript(lw, c, t);
	case CXCursor_UnaryOperator:
		return unary_lvalue(lw, c, t);
	case CXCursor_StringLiteral:
		return literal(lw, c, t);
	case CXCursor_CompoundLiteralExpr:
		return compound_literal(lw, c, t);
	case CXCursor_UnexposedExpr:
		return unexposed_lvalue(lw, c, t);
	case CXCursor_GenericSelectionExpr:
		if (lw_generic(lw, c, &chosen))
			return lw_lvalue(lw, chosen);
		break;
	default:
		break;
	}
	lw_unmodelled(lw, c, "lvalue of unknown kind");
	return lw_synthetic(lw, t);
}

struct place lw_lvalue(struct lower *lw, CXCursor c)
{
	struct place p;

	c = lw_strip_parens(lw, c);
	if (!lw_enter(lw))
		return lw_synthetic(lw, lw_type(lw, c));
	p = lvalue(lw, c);
	lw_leave(lw);
	return p;
}

struct place lw_modified(struct lower *lw, CXCursor c)
{
	struct place p = lw_lvalue(lw, c);

	if (p.t->is_array || p.t->is_func)
		p.t = fe_decayed(lw->fe, p.t);
	return p;
}
